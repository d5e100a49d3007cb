"""Simulated first passages from one state to another, to compare with their exact mean.

Every jump is drawn as by the rejection-free clock: A. B. Bortz, M. H. Kalos, J. L. Lebowitz,
J. Comput. Phys. 17, 10 (1975).
"""

from typing import Any

import numpy as np

# This import registers how states of the hypercube are left.
import glasscore.dynamics.graphs.hypercube  # noqa: F401
from glasscore.dynamics.interface import compute_rates, draw_duration, jump, workspace
from glasscore.kernels.compilation import kernel, kernels_running
from glasscore.landscapes.interface import position, update_energy


def simulated_passages(
    landscape: Any, rule: Any, start: int, target: int, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Times of ``count`` independent first passages from one state to another, in attempts.

    Parameters
    ----------
    landscape, rule
        A landscape on the hypercube of at most 64 spins, and a rule at its temperature.
    start, target
        States, each as a word.
    count, rng
        How many passages to draw, and from which generator.
    """
    times = np.zeros(count)
    # Hashes overflow on purpose; NumPy warns of it when kernels run uncompiled.
    with kernels_running(), np.errstate(over="ignore"):
        room = workspace(landscape, rule)
        _simulate_passages(landscape, rule, position(landscape), room, (start, target), times, rng)
    return times


@kernel
def _simulate_passages(landscape, rule, where, room, ends, times, rng):
    target = np.uint64(ends[1])
    for passage in range(times.size):
        where.words[0] = np.uint64(ends[0])
        update_energy(landscape, where)
        time = 0.0
        while where.words[0] != target:
            compute_rates(room, landscape, rule, where)
            time += draw_duration(room, landscape, rule, where, rng)
            jump(room, landscape, rule, where, rng)
        times[passage] = time
