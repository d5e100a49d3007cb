r"""Aging of a trap model with one trap for each minimum, whose depth is the barrier of the minimum.

A trap of barrier Delta E is left towards each of the M traps, itself included, at the rate
exp(-beta Delta E) / M, and at the start all traps are equally likely. For the deepest minimum the
barrier is that to the second deepest. The trap model is solved exactly
(:mod:`glasscore.theory.finite_trap_model`), so that it can be compared with the exact aging
functions of the same samples; but to be in the same trap is a weaker condition than to be in the
same configuration. B. Li and Y. Jin, arXiv:2501.00338 (2025), attribute aging of random energy
models at finite N to their distribution of barriers.
"""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured
from glasscore.master.powers_of_two import time_coordinates, waiting_times, windows
from glasscore.master.sample import Sample
from glasscore.theory.finite_trap_model import FiniteTrapModel

# The solver has room for the minima of 14 spins.
LARGEST_N = 14
# Keys of the study that the numbers depend on.
PARAMETERS = ("t_max",)


def of_sample(sample: Sample, parameters: dict[str, Any]) -> dict[str, np.ndarray]:
    """Aging functions by waiting time and window; NaN where the later time is beyond the end."""
    times = waiting_times(parameters)
    pairs = times[:, np.newaxis], windows()
    within = pairs[0] * pairs[1] <= times[-1]
    if sample.tree.states.size < 2:
        return dict.fromkeys(
            DESCRIBED, np.where(within, 1.0, np.nan)
        )  # a single trap is never left
    barriers = sample.tree.barriers.copy()
    barriers[0] = sample.tree.saddle_energies[1] - sample.tree.energies[0]
    model = FiniteTrapModel.solve(-barriers, 1.0 / parameters["T"])
    return {
        "trap_same_configuration": np.where(within, model.same_configuration(*pairs), np.nan),
        "trap_no_jump": np.where(within, model.no_jump(*pairs), np.nan),
    }


DESCRIBED = {
    "trap_same_configuration": ("probability of the same trap at t_w and t_w (1 + omega)", "C_b"),
    "trap_no_jump": ("probability of no jump of the trap model in between", r"\Pi_b"),
}


def variables(rows: dict[str, list[Any]], parameters: dict[str, Any]) -> dict[str, xr.Variable]:
    """Means over samples."""
    found = time_coordinates(parameters)
    for name, described in DESCRIBED.items():
        means = mean_and_error(rows[name])
        found |= measured(name, ("waiting_time", "window"), *means, *described)
    return found
