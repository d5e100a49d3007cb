"""Ising spins without couplings in a field."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.common.errors import Refusal
from glasscore.theory.tables import FIELD, TEMPERATURE, tabulate

OPTIONS = {
    "T": {
        "description": "a list of temperatures above 0",
        "type": "array",
        "items": {"description": "a temperature above 0", "type": "number", "exclusiveMinimum": 0},
    },
    "h": {
        "description": "a list of fields",
        "type": "array",
        "items": {"description": "a field", "type": "number"},
    },
}
RESULTS = ("`T`, `h`", "`magnetisation(T, h)`")


def refusal(options: dict[str, Any]) -> Refusal | None:
    """Fields so strong that the magnetisation is 1 up to rounding are refused."""
    strongest = max(options["h"], key=abs)
    if abs(strongest) > 100 * min(options["T"]):
        return "h", strongest, "be at most 100 times the lowest temperature"
    return None


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """Magnetisation by temperature and field."""
    axes = {"T": (parameters["T"], TEMPERATURE), "h": (parameters["h"], FIELD)}
    columns = {"magnetisation": ("magnetisation", "m")}
    return xr.Dataset(tabulate(lambda T, h: np.tanh(h / T), axes, columns))
