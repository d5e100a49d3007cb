"""The Sherrington-Kirkpatrick model with replica symmetry, by temperature and field."""

from typing import Any

import xarray as xr

from glasscore.theory.sk import replica_symmetric
from glasscore.theory.tables import FIELD, TEMPERATURE, tabulate

OPTIONS = {
    "T": {
        "description": "a list of temperatures from 0 to 1e6",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a temperature from 0 to 1e6",
            "type": "number",
            "minimum": 0,
            "maximum": 1e6,
        },
    },
    "h": {
        "description": "a list of fields from 0 to 1e6",
        "type": "array",
        "minItems": 1,
        "default": [0.0],
        "items": {
            "description": "a field from 0 to 1e6",
            "type": "number",
            "minimum": 0,
            "maximum": 1e6,
        },
    },
}
RESULTS = (
    "`T`, `h`",
    "`overlap`, `susceptibility`, `magnetisation`, `energy`, `entropy`, `replicon`",
)
COLUMNS = {
    "overlap": ("overlap of two replicas", "q"),
    "susceptibility": ("response of a spin to a field on it alone", r"\chi"),
    "magnetisation": ("magnetisation per spin", "m"),
    "energy": ("energy per spin", "e"),
    "entropy": ("entropy per spin", "s"),
    "replicon": ("stability of replica symmetry, broken below zero (minus infinity at T = 0)",
                 r"1 - \beta^2 \langle {\rm sech}^4 \rangle"),
}  # fmt: skip


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """Overlap, energy and entropy at all temperatures and fields."""
    axes = {"T": (parameters["T"], TEMPERATURE), "h": (parameters["h"], FIELD)}
    return xr.Dataset(tabulate(replica_symmetric, axes, COLUMNS))
