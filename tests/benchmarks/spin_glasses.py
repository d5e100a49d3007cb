"""Speed of the rejection clock on spin glasses against two public single-core programs.

    python -m tests.benchmarks.spin_glasses

All programs have the same couplings, one constant temperature, Metropolis's rule and one core, and
are measured in one run. The two programs are needed only here; if one is missing, the script says
so. One update is one attempted flip. The time of a short run is subtracted from that of a long run,
so that neither set-up nor output counts. The two programs sweep through the spins in order; the
clock draws spins at random, in continuous time, and records the energy.

- dwave-samplers: simulated annealing of models with pairs, with local fields kept up to date.
- openjij: simulated annealing of models with any products of spins (``sample_hubo``).
"""

import math
import time
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from glasscore.dynamics.clocks import rejection
from glasscore.dynamics.recorders import energy
from glasscore.dynamics.rules import metropolis
from glasscore.dynamics.stage import start_randomly
from glasscore.landscapes.interface import position
from glasscore.landscapes.sample import disorder_sample
from glasscore.models.schedule import schedule

# (p, N, updates of a long run at T_c)
CASES = [
    (2, 64, 2e7),
    (2, 256, 1e7),
    (2, 1024, 4e6),
    (3, 20, 2e7),
    (3, 40, 1e7),
    (3, 64, 4e6),
]
CRITICAL = {2: 1.0, 3: 0.65139}
REPETITIONS = 5
# A short run has fewer updates than a long one by this factor.
SHORT = 10


def landscape_of(p: int, N: int) -> Any:
    """One disorder sample, the same for all programs."""
    with np.errstate(over="ignore"):
        model = {"graph": "hypercube", "energies": "pspin", "p": p}
        return disorder_sample(1, "benchmark", N, 0, model)


def products(landscape: Any, p: int) -> dict[tuple[int, ...], float]:
    """The coefficient -J of each product of spins in the energy."""
    energies = landscape.energies if p == 2 else landscape.energies.tuples
    return {
        spins: -float(energies.couplings[spins]) * energies.unit
        for spins in combinations(range(landscape.N), p)
    }


def seconds_per_update(run: Callable[[int], object], updates: float, N: int) -> float:
    """Seconds per update: the minimum CPU time of long runs, minus that of short runs."""
    times = []
    sweeps = [max(1, int(updates / N / SHORT)), int(updates / N)]
    run(sweeps[0])
    for number in sweeps:
        measured = []
        for _ in range(REPETITIONS):
            begin = time.process_time()
            run(number)
            measured.append(time.process_time() - begin)
        times.append(min(measured))
    return (times[1] - times[0]) / (sweeps[1] - sweeps[0]) / N


def ours(p: int, N: int, T: float, updates: float) -> tuple[float, float]:
    """Seconds per attempt, and the share of attempts that are accepted."""
    landscape, rule = landscape_of(p, N), metropolis.create(T)
    made = np.zeros(2)

    def run(sweeps: int) -> None:
        recorder = energy.create(landscape, schedule(float(N * sweeps), 8, 4, []), 1)
        where, visit, rng = position(landscape), np.zeros(3), np.random.default_rng(1)
        start_randomly(landscape, where, rng)
        # With so large a bound, every visit ends with an accepted attempt.
        clock = rejection.create(landscape, rule, True)._replace(most=1 << 40)
        visits = rejection.trajectory(
            clock, landscape, rule, recorder, 0, where, visit, float(N * sweeps), rng
        )
        made[:] = clock.attempts[0], visits

    seconds = seconds_per_update(run, updates, N)
    # Attempts come at rate 1, so that there are as many as there were units of time.
    return seconds, made[1] / made[0]


def pairs_by_dwave(p: int, N: int, T: float, updates: float) -> float:
    """Seconds per update of dwave-samplers."""
    import dimod
    from dwave.samplers import SimulatedAnnealingSampler

    model = dimod.BinaryQuadraticModel.from_ising({}, products(landscape_of(p, N), p))
    sampler = SimulatedAnnealingSampler()

    def run(sweeps: int) -> None:
        sampler.sample(
            model,
            num_reads=1,
            num_sweeps=sweeps,
            beta_range=[1 / T, 1 / T],
            beta_schedule_type="linear",
            seed=1,
        )

    return seconds_per_update(run, updates, N)


def products_by_openjij(p: int, N: int, T: float, updates: float) -> float:
    """Seconds per update of openjij."""
    import openjij

    interactions = products(landscape_of(p, N), p)
    sampler = openjij.SASampler()

    def run(sweeps: int) -> None:
        sampler.sample_hubo(
            interactions,
            "SPIN",
            num_sweeps=sweeps,
            num_reads=1,
            beta_min=1 / T,
            beta_max=1 / T,
            updater="METROPOLIS",
            seed=1,
        )

    return seconds_per_update(run, updates, N)


def main() -> None:
    print(" p     N  T / T_c  accepted   ns/update   other program         ns/update   ratio")
    for p, N, updates in CASES:
        name, other = {
            2: ("dwave-samplers", pairs_by_dwave),
            3: ("openjij", products_by_openjij),
        }[p]
        for share in (1.0, 0.5):
            T = share * CRITICAL[p]
            here, accepted = ours(p, N, T, updates)
            print(f"{p:2d} {N:5d} {share:8.2f} {accepted:9.3f} {here * 1e9:11.2f}", end="   ")
            try:
                there = other(p, N, T, updates)
            except ImportError:
                there = math.nan
            shown = f"{there * 1e9:11.2f} {there / here:7.2f}"
            print(f"{name:20s} {'not installed' if math.isnan(there) else shown}", flush=True)


if __name__ == "__main__":
    main()
