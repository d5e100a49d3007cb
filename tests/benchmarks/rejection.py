"""Speed of the rejection clock: attempts and visits per CPU-second, all observables recorded.

    python -m tests.benchmarks.rejection

Only attempts that are really made count; a visit whose end is drawn after ``MOST_ATTEMPTS`` adds
time, but no further attempts. ``ns/visit`` is the cost of a visit beyond its attempts: the flip,
the update of fields or rates, the duration, and the record.
"""

import time
from typing import Any

import numpy as np

from glasscore.dynamics.clocks import rejection
from glasscore.dynamics.interface import join_recorders
from glasscore.dynamics.recorders import configurations, energy, trapping_times
from glasscore.dynamics.rules import metropolis
from glasscore.dynamics.stage import start_randomly
from glasscore.landscapes.interface import position
from glasscore.landscapes.sample import disorder_sample
from glasscore.models.schedule import schedule

# (landscape, N, T, t_max)
CASES: list[tuple[dict[str, Any], int, float, float]] = [
    ({"energies": "exponential"}, 20, 0.5, 1e7),
    ({"energies": "exponential"}, 20, 0.75, 1e7),
    ({"energies": "exponential"}, 64, 0.5, 1e7),
    ({"energies": "gaussian"}, 20, 0.5662, 1e7),
    ({"energies": "gaussian"}, 20, 0.8493, 1e7),
    ({"energies": "gaussian"}, 64, 0.3397, 1e7),
    ({"energies": "sk", "field": 0.0}, 64, 1.0, 1e7),
    ({"energies": "sk", "field": 0.0}, 64, 0.5, 1e7),
    ({"energies": "sk", "field": 0.0}, 1024, 1.0, 2e6),
    ({"energies": "sk", "field": 0.0}, 1024, 0.5, 2e6),
    ({"energies": "pspin", "p": 3}, 64, 0.65139, 1e7),
    ({"energies": "pspin", "p": 3}, 64, 0.32570, 1e7),
    ({"energies": "pspin", "p": 3}, 256, 0.65139, 1e6),
    ({"energies": "pspin", "p": 4}, 64, 0.61688, 1e6),
    ({"energies": "pspin", "p": 4}, 64, 0.30844, 1e6),
]
REPETITIONS = 5


def one_run(landscape: Any, rule: Any, plan: Any, t_max: float) -> tuple[float, int, int]:
    """The CPU time, the attempts and the visits of a run."""
    modules = (configurations, energy, trapping_times)
    recorder = join_recorders([module.create(landscape, plan, 1) for module in modules])
    where, visit, rng = position(landscape), np.zeros(3), np.random.default_rng(1)
    start_randomly(landscape, where, rng)
    clock = rejection.create(landscape, rule, True)
    begin = time.process_time()
    visits = rejection.trajectory(clock, landscape, rule, recorder, 0, where, visit, t_max, rng)
    return time.process_time() - begin, int(clock.attempts[0]), visits


def main() -> None:
    print("energies        N       T  ms/sample  attempts/s  ns/attempt  attempts/visit  ns/visit")
    for model, N, T, t_max in CASES:
        rule, plan = metropolis.create(T), schedule(t_max, 8, 4, [])
        with np.errstate(over="ignore"):
            disorder_sample(1, "benchmark", N, 0, {"graph": "hypercube", **model})
            begin = time.process_time()
            landscape = disorder_sample(1, "benchmark", N, 0, {"graph": "hypercube", **model})
            drawn = time.process_time() - begin
            one_run(landscape, rule, plan, 10.0)
            runs = [one_run(landscape, rule, plan, t_max) for _ in range(REPETITIONS)]
        seconds, attempts, visits = min(runs)
        name = model["energies"] + (f" p = {model['p']}" if "p" in model else "")
        print(
            f"{name:12s} {N:4d} {T:7.4f} {drawn * 1e3:10.2f} {attempts / seconds:11.3g} "
            f"{seconds / attempts * 1e9:11.2f} {attempts / visits:15.1f} "
            f"{seconds / visits * 1e9:9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
