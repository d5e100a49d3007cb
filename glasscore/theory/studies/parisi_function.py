"""The Sherrington-Kirkpatrick model with any number of steps of replica-symmetry breaking."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import quantity
from glasscore.theory.parisi import breakings
from glasscore.theory.tables import FIELD, TEMPERATURE, tabulate

OPTIONS = {
    "T": {
        "description": "a list of temperatures from 0.03 to 1e6",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a temperature from 0.03 to 1e6",
            "type": "number",
            "minimum": 0.03,
            "maximum": 1e6,
        },
    },
    "h": {
        "description": "a list of fields from 0 to 5",
        "type": "array",
        "minItems": 1,
        "default": [0.0],
        "items": {
            "description": "a field from 0 to 5",
            "type": "number",
            "minimum": 0,
            "maximum": 5,
        },
    },
    "steps": {
        "description": "a whole number of steps from 2 to 12",
        "type": "integer",
        "default": 8,
        "minimum": 2,
        "maximum": 12,
    },
}
RESULTS = (
    "`T`, `h`, `steps`, `x`",
    "`energy`, `free_energy`, `entropy`, `susceptibility`, `replicon` and `residual(T, h,"
    " steps)`; `energy_error_estimate` and `free_energy_error_estimate(T, h)`; "
    "`overlap(T, h, x)` with the most steps",
)
POINTS = 500
COLUMNS = {
    "energy:steps": ("energy per spin with k steps", "e"),
    "free_energy:steps": ("free energy per spin with k steps, a lower bound", "f"),
    "entropy:steps": ("entropy per spin with k steps", "s"),
    "susceptibility:steps": ("susceptibility with k steps", r"\chi"),
    "replicon:steps": ("stability of k steps, zero for infinitely many", r"\lambda_R"),
    "residual:steps": ("largest deviation of an overlap from its average", r"\delta q"),
    "energy_error_estimate": ("estimated error of the energy with the most steps", r"\delta e"),
    "free_energy_error_estimate": (
        "estimated error of the free energy with the most steps", r"\delta f",
    ),
    "overlap:x": ("overlap of two states, with the most steps", "q(x)"),
}  # fmt: skip


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """Energies for every number of steps, and q(x) for the largest number."""
    steps = parameters["steps"]
    x = (np.arange(POINTS) + 0.5) / POINTS

    def point(T: float, h: float) -> dict[str, Any]:
        found = breakings(T, h, steps)
        names = ("energy", "free_energy", "entropy", "susceptibility", "replicon", "residual")
        values = {name: np.array([getattr(one, name) for one in found]) for name in names}
        for name in ("energy", "free_energy"):
            # Both converge as the fourth power of the number of steps. Without a field there is
            # half a step more, from q = 0 to q_0.
            last = values[name][-1] - values[name][-2]
            widths = steps if h > 0 else steps + 0.5
            values[f"{name}_error_estimate"] = abs(last) / ((widths / (widths - 1)) ** 4 - 1)
        return {**values, "overlap": found[-1].overlap(x)}

    axes = {"T": (parameters["T"], TEMPERATURE), "h": (parameters["h"], FIELD)}
    found = tabulate(point, axes, COLUMNS)
    found["steps"] = quantity("steps", np.arange(1, steps + 1), "steps of breaking", "k")
    found["x"] = quantity("x", x, "share of pairs of states with at most this overlap", "x")
    return xr.Dataset(found)
