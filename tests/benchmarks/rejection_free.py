"""Speed of the rejection-free clock: jumps per CPU-second, and the cost of the energies alone.

    python -m tests.benchmarks.rejection_free

The reference, measured in the same run, is the time of computing the energies of all neighbours and
nothing else.
"""

import time
from collections.abc import Callable

import numpy as np

from glasscore.dynamics.stage import run
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.interface import destination_energies, position
from glasscore.landscapes.sample import disorder_sample
from tests.campaigns import dynamics_parameters

# (energies, N, T, samples, t_max)
CASES = [
    ("exponential", 20, 0.5, 400, 1e7),
    ("exponential", 64, 0.5, 400, 1e7),
    ("gaussian", 20, 0.5662, 400, 1e7),
    ("gaussian", 32, 0.3397, 400, 1e7),
    ("gaussian", 64, 0.3397, 400, 1e7),
]
REPETITIONS = 5
STATES = 100_000


@kernel
def neighbour_energies_only(landscape, where, energies, states):
    total = 0.0
    for state in range(states):
        where.words[0] = np.uint64(state * 7919)
        destination_energies(landscape, where, energies)
        total += energies[0]
    return total


def seconds(work: Callable[..., object], *arguments: object) -> float:
    """The minimum CPU time of several runs."""
    times = []
    for _ in range(REPETITIONS):
        start = time.process_time()
        work(*arguments)
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    print("energies     N       T   jumps/s   ns/jump   ns/neighbour   jump / neighbours alone")
    for energies, N, T, samples, t_max in CASES:
        model = {"graph": "hypercube", "energies": energies}
        landscape = disorder_sample(1, "benchmark", N, 0, model)
        arguments = landscape, position(landscape), np.zeros(N + 8 - N % 8)
        neighbour_energies_only(*arguments, 1)
        alone = seconds(neighbour_energies_only, *arguments, STATES) / STATES

        parameters = dynamics_parameters("hypercube", energies, "metropolis", N, T, samples, t_max)
        run({**parameters, "samples": 1}, [])
        jumps = int(run(parameters, []).visits.sum())
        jump = seconds(run, parameters, []) / jumps
        print(
            f"{energies:11s} {N:2d} {T:7.4f} {1 / jump:9.3g} {jump * 1e9:9.1f} "
            f"{alone / N * 1e9:14.2f} {jump / alone:12.2f}"
        )


if __name__ == "__main__":
    main()
