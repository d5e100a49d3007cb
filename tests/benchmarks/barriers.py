"""Time and memory of the barrier tree, up to 2^24 states.

    python -m tests.benchmarks.barriers [N ...]

Times are CPU seconds of one core for drawing all energies, and for finding all minima, basins and
saddles. The last column is the largest memory that the process has held so far, in GiB.
"""

import resource
import sys
import time
from typing import Any

import numpy as np

from glasscore.barriers.flooding import barrier_tree
from glasscore.landscapes.all_states import energies_of_all_states
from glasscore.landscapes.sample import disorder_sample

MODELS: list[dict[str, Any]] = [
    {"energies": "gaussian"},
    {"energies": "sk", "field": 0.0},
    {"energies": "pspin", "p": 3},
    {"energies": "number_partitioning", "logarithm": True, "bits": np.inf},
]


def seconds(work: Any, *arguments: Any) -> tuple[float, Any]:
    """The CPU time of a call, and its return value."""
    begin = time.process_time()
    result = work(*arguments)
    return time.process_time() - begin, result


def main(*sizes: str) -> None:
    print("energies              N   minima      energies/s    tree/s    GiB")
    for model in MODELS:
        for N in [4, *map(int, sizes or ("16", "20", "24"))]:
            landscape = disorder_sample(1, "benchmark", N, 0, {"graph": "hypercube", **model})
            drawing, energies = seconds(energies_of_all_states, landscape)
            flooding, tree = seconds(barrier_tree, energies)
            gibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            if N > 4:  # The first call compiles.
                print(
                    f"{model['energies']:20s} {N:2d} {tree.states.size:8d} {drawing:14.2f} "
                    f"{flooding:9.2f} {gibibytes:6.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main(*sys.argv[1:])
