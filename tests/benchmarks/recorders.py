"""Cost of recorders per visit: rejection-free clock, exponential energies, N = 20.

    python -m tests.benchmarks.recorders

The reference, measured in the same run, has the default recorders; each other recorder is measured
together with these. Every visit is recorded. At T = 0.75 a twelfth of the visits leave a basin.
"""

import time
from typing import Any

from glasscore.common import discovery
from glasscore.dynamics.stage import run
from tests.campaigns import dynamics_parameters

DEFAULT = ["configurations", "energy", "trapping_times"]
THRESHOLD = -3.0
SAMPLES, T_MAX = 20, 1.6e6
REPETITIONS = 3


def nanoseconds_of_a_visit(recorders: list[str]) -> float:
    """CPU time per visit, the minimum of several runs."""
    options: dict[str, Any] = {"recorders": recorders, "threshold": THRESHOLD, "lags": [10.0]}
    model = ("hypercube", "exponential", "metropolis", 20, 0.75)
    run(dynamics_parameters(*model, 1, 1e3, **options), [])
    parameters = dynamics_parameters(*model, SAMPLES, T_MAX, **options)
    times = []
    for _ in range(REPETITIONS):
        begin = time.process_time()
        found = run(parameters, [])
        times.append((time.process_time() - begin) / float(found.visits.sum()))
    return 1e9 * min(times)


def main() -> None:
    reference = nanoseconds_of_a_visit(DEFAULT)
    print(f"{'default recorders':24s}{reference:8.0f} ns a visit")
    for name in discovery.names("dynamics/recorders"):
        if name not in DEFAULT:
            more = nanoseconds_of_a_visit([*DEFAULT, name])
            print(f"{'and ' + name:24s}{more:8.0f} ns a visit, {more / reference:.2f} times that")


if __name__ == "__main__":
    main()
