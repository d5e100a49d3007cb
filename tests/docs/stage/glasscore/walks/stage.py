"""The mean square distance of random walkers from their start."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import measured, quantity
from glasscore.kernels.random_streams import generator


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Mean of x^2 over walkers of N steps; its expectation is N."""
    seed, study, N = (parameters[key] for key in ("seed", "study", "N"))
    samples = parameters["samples"]
    square = np.empty(samples)
    for sample in range(samples):
        steps = generator(seed, study, N, sample, "walk").integers(0, 2, N)
        square[sample] = float(2 * steps.sum() - N) ** 2
    error = square.std(ddof=1) / np.sqrt(samples)
    variables = {
        **measured(
            "mean_square_distance", (), square.mean(), error, "mean square distance",
            r"\langle x^2 \rangle",
        ),
        "samples": quantity((), samples, "walkers", "n"),
    }  # fmt: skip
    units = {"time_unit": "1 step", "energy_unit": "1 (walkers have no energy)"}
    return xr.Dataset(variables, attrs=units)
