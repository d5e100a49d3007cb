"""Simulated time per CPU-second of the superbasin clock, as a ratio to the rejection-free clock.

    python -m tests.benchmarks.superbasin

Both clocks run the same landscapes to the same time with the same recorders, in one process, one
after the other. The table also gives the shares of jumps that lead back to the configuration
before the last jump, and to one of the last 64 configurations, in runs that make every jump.
"""

import time
from typing import Any, NamedTuple

import numba
import numpy as np

from glasscore.dynamics.clocks import rejection_free
from glasscore.dynamics.interface import record_visit
from glasscore.dynamics.rules import metropolis
from glasscore.dynamics.stage import run, start_randomly
from glasscore.kernels.random_streams import generator
from glasscore.landscapes.interface import position
from glasscore.landscapes.sample import disorder_sample
from tests.campaigns import SEED, dynamics_parameters

GAUSSIAN_T_C = 0.849322
# (energies, N, T, t_max, samples); the first three are cold, the others near T_c or short.
CASES = [
    ("exponential", 20, 0.5, 1e8, 400),
    ("gaussian", 32, GAUSSIAN_T_C / 1.5, 1e8, 100),
    ("gaussian", 48, GAUSSIAN_T_C / 2.5, 1e8, 100),
    ("gaussian", 64, GAUSSIAN_T_C / 2.5, 1e8, 100),
    ("exponential", 16, 0.75, 1e6, 400),
    ("exponential", 20, 0.75, 1e6, 400),
    ("exponential", 20, 0.5, 1e6, 2000),
    ("gaussian", 20, 0.95 * GAUSSIAN_T_C, 1e6, 1000),
]
LAST = 64


class Returns(NamedTuple):
    """The last configurations, and numbers of jumps: all, back to the last but one, and to any."""

    last: np.ndarray
    counts: np.ndarray


@record_visit.register
def _(recorder: Returns, sample, arrival, departure, position):
    visits = recorder.counts[0]
    word = position.words[0]
    if visits > 1 and recorder.last[(visits - 2) % LAST] == word:
        recorder.counts[1] += 1
    for index in range(min(visits, LAST)):
        if recorder.last[index] == word:
            recorder.counts[2] += 1
            break
    recorder.last[visits % LAST] = word
    recorder.counts[0] += 1


# The kernel is not cached, since other processes cannot use a cache that names this module.
every_jump = numba.njit(error_model="numpy")(rejection_free.trajectory.py_func)


def shares_of_returns(energies: str, N: int, T: float, t_max: float, samples: int) -> np.ndarray:
    """Shares of immediate returns, and of returns to one of the last configurations."""
    counts = np.zeros(3)
    for sample in range(samples):
        model = {"graph": "hypercube", "energies": energies}
        landscape = disorder_sample(SEED, "test", N, sample, model)
        rng = generator(SEED, "test", N, sample, f"trajectory T={float(T)!r}")
        rule, where = metropolis.create(T), position(landscape)
        recorder = Returns(np.zeros(LAST, np.uint64), np.zeros(3, np.int64))
        start_randomly(landscape, where, rng)
        clock = rejection_free.create(landscape, rule, True)
        arguments = (landscape, rule, recorder, 0, where, np.zeros(3), t_max, rng)
        every_jump(clock, *arguments)
        counts += recorder.counts
    return counts[1:] / counts[0]


def seconds(parameters: dict[str, Any]) -> float:
    """CPU time per sample."""
    run({**parameters, "samples": 1}, [])
    begin = time.process_time()
    run(parameters, [])
    return (time.process_time() - begin) / parameters["samples"]


def main() -> None:
    print("energies     N       T    t_max   returns  of 64   us/sample by jumps  by leaps   ratio")
    for energies, N, T, t_max, samples in CASES:
        case = dynamics_parameters("hypercube", energies, "metropolis", N, T, samples, t_max)
        jumps, leaps = (
            1e6 * seconds({**case, "clock": clock}) for clock in ("rejection_free", "superbasin")
        )
        back, near = shares_of_returns(energies, N, T, t_max, min(samples, 100))
        print(
            f"{energies:11s} {N:2d} {T:7.4f} {t_max:8.0e} {back:8.1%} {near:6.1%}"
            f" {jumps:19.1f} {leaps:9.1f} {jumps / leaps:7.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
