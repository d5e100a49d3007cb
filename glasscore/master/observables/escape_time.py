r"""Escape time: mean first-passage time from the deepest minimum to the second deepest.

Both minima are single states; a plateau is represented by its state of lowest number. Towards T = 0
the time grows as exp(beta Delta E) for the rules ``metropolis`` and ``heat_bath``, where Delta E is
the energy of the lowest saddle between the two minima above that of the deepest one. This law is
exact, since no deeper minimum can trap the walk on its way (A. Bovier, M. Eckhoff, V. Gayrard,
M. Klein, Commun. Math. Phys. 228, 219 (2002)). The time to leave the first state would be shortened
by jumps that lead back at once, and the time to reach any other minimum by shallow minima beside
the deepest one; the passage to another deep minimum is meant here.
"""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured, quantity
from glasscore.kernels import random_streams
from glasscore.master.first_passage import first_passage
from glasscore.master.passages import simulated_passages
from glasscore.master.sample import Sample

LARGEST_N = 14
# Keys of the study that the numbers depend on.
PARAMETERS = ("passages",)
# Passages of a sample are not simulated if they would take more jumps on average.
MOST_JUMPS = 2e7


def of_sample(sample: Sample, parameters: dict[str, Any]) -> dict[str, float]:
    """The exact and, if asked for, the simulated escape time; NaN if there is one minimum only."""
    if sample.tree.states.size < 2:
        return dict.fromkeys(NAMES, np.nan)
    start, target = (int(state) for state in sample.tree.states[:2])
    exact = first_passage(sample.network, np.arange(sample.energies.size) == target)
    found = {
        "escape_time": exact.mean[start],
        "escape_time_deviation": exact.deviation[start],
        "escape_jumps": exact.jumps[start],
        "escape_barrier": sample.tree.saddle_energies[1] - sample.tree.energies[0],
        "simulated_escape_time": np.nan,
    }
    count = parameters["passages"]
    if 0 < count * exact.jumps[start] <= MOST_JUMPS:
        rng = random_streams.generator(
            parameters["seed"],
            parameters["study"],
            parameters["N"],
            sample.number,
            f"passages T={float(parameters['T'])!r}",
        )
        times = simulated_passages(sample.landscape, sample.rule, start, target, count, rng)
        found["simulated_escape_time"] = times.mean()
    return {name: float(value) for name, value in found.items()}


NAMES = {
    "escape_time": (
        "mean first-passage time from the deepest minimum to the second deepest",
        r"\tau",
        "attempts",
    ),
    "escape_time_deviation": (
        "standard deviation of this first-passage time",
        r"\sigma_\tau",
        "attempts",
    ),
    "escape_jumps": ("mean number of jumps of this first passage", "n", "1"),
    "escape_barrier": (
        "lowest saddle between the two minima less the energy of the deepest",
        r"\Delta E",
        "J",
    ),
    "simulated_escape_time": (
        "mean of the simulated first-passage times",
        r"\hat\tau",
        "attempts",
    ),
}


def variables(rows: dict[str, list[Any]], parameters: dict[str, Any]) -> dict[str, xr.Variable]:
    """All numbers by sample, and the mean logarithm of the escape time."""
    found = {
        name: quantity("sample", np.array(rows[name]), *described)
        for name, described in NAMES.items()
    }
    times, deviations = (np.array(rows[name]) for name in ("escape_time", "escape_time_deviation"))
    found["simulated_escape_time_error"] = quantity(
        "sample",
        np.where(
            np.isfinite(rows["simulated_escape_time"]),
            deviations / np.sqrt(max(parameters["passages"], 1)),
            np.nan,
        ),
        "exact standard error of the mean of the simulated first-passage times",
        r"\Delta\hat\tau",
        "attempts",
    )
    times = times[np.isfinite(times)]
    mean, error = mean_and_error(np.log(times)) if times.size else (np.nan, np.nan)
    return found | measured(
        "log_escape_time",
        (),
        mean,
        error,
        "mean natural logarithm of the escape time in attempts",
        r"\overline{\ln\tau}",
    )
