"""Difference between the highest and the lowest energy of a sample."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import quantity
from glasscore.master.sample import Sample

LARGEST_N = 14


def of_sample(sample: Sample, parameters: dict[str, Any]) -> dict[str, float]:
    """The range of all energies."""
    return {"energy_range": float(np.ptp(sample.energies))}


def variables(rows: dict[str, list[Any]], parameters: dict[str, Any]) -> dict[str, xr.Variable]:
    """``energy_range(sample)``."""
    return {
        "energy_range": quantity(
            "sample", np.array(rows["energy_range"]), "range of the energies", "R", "J"
        )
    }
