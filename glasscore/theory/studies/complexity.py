"""How many minima and saddles the spherical p-spin model has, by energy."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import quantity
from glasscore.theory import complexity
from glasscore.theory.tables import POWER, tabulate

OPTIONS = {
    "p": {
        "description": "a list of whole numbers from 3 to 100",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a whole number from 3 to 100",
            "type": "integer",
            "minimum": 3,
            "maximum": 100,
        },
    },
    "index": {
        "description": "a list of whole numbers from 0 to 1000",
        "type": "array",
        "minItems": 1,
        "default": [0, 1, 2],
        "items": {
            "description": "a whole number of unstable directions from 0 to 1000",
            "type": "integer",
            "minimum": 0,
            "maximum": 1000,
        },
    },
}
RESULTS = (
    "`p`, `index`, `level`",
    "`energy`, `total_complexity`, `unstable_fraction(p, level)`, `complexity(p, index, "
    "level)`, `lowest_energy(p, index)`, `threshold_energy(p)`",
)
COLUMNS = {
    "energy:level": ("energy per spin", "e"),
    "total_complexity:level": ("complexity of all stationary points", r"\Sigma"),
    "complexity:index level": (
        "complexity of stationary points of an index, minus infinity above the threshold",
        r"\Sigma_k",
    ),
    "unstable_fraction:level": ("fraction of unstable directions", r"\alpha"),
    "lowest_energy:index": ("energy at which the complexity of an index vanishes", "e_k"),
    "threshold_energy": ("energy per spin of marginal minima", "e_{th}"),
}
LEVELS = 401


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """Complexities for every p from just below the ground state to energy 0."""
    index = parameters["index"]
    # There are as many levels below the threshold, where the minima are, as above it.
    level = np.concatenate(
        [np.linspace(0.0, 1.0, LEVELS)[:-1], np.linspace(1.0, 2.0, (LEVELS + 1) // 2)]
    )

    def of_power(p: int) -> dict[str, Any]:
        threshold, ground = complexity.threshold_energy(p), complexity.lowest_energy(p)
        low = ground - 0.1 * (threshold - ground)
        e = np.where(level < 1, low + (threshold - low) * level, threshold * (2 - level))
        return {
            "energy": e,
            "total_complexity": complexity.total_complexity(e, p),
            "complexity": np.array([complexity.complexity(e, p, k) for k in index]),
            "unstable_fraction": complexity.unstable_fraction(e, p),
            "lowest_energy": np.array([complexity.lowest_energy(p, k) for k in index]),
            "threshold_energy": threshold,
        }

    found = tabulate(of_power, {"p": (parameters["p"], POWER)}, COLUMNS)
    found["index"] = quantity("index", np.array(index), "unstable directions", "k")
    found["level"] = quantity(
        "level", level, "place between the ground state, the threshold (1) and zero (2)", "l"
    )
    return xr.Dataset(found)
