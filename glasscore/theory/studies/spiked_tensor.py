"""How many minima the spiked tensor has, by energy and overlap with the signal."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import quantity
from glasscore.theory import complexity, spiked_tensor
from glasscore.theory.tables import Text, tabulate

OPTIONS = {
    "p": {
        "description": "a whole number from 3 to 20",
        "type": "integer",
        "default": 3,
        "minimum": 3,
        "maximum": 20,
    },
    "r": {
        "description": "a list of strengths of the signal from 0 to 1e3",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a strength of the signal from 0 to 1e3",
            "type": "number",
            "minimum": 0,
            "maximum": 1e3,
        },
    },
    "overlaps": {
        "description": "a whole number of overlaps from 10 to 1000",
        "type": "integer",
        "default": 200,
        "minimum": 10,
        "maximum": 1000,
    },
}
RESULTS = (
    "`r`, `energy`, `overlap`",
    "`total_complexity`, `minima_complexity(r, energy, overlap)`; `best_complexity`, "
    "`best_energy`, `best_total_complexity(r, overlap)`; `band_edge`, `total_band_edge`, "
    "and of the signal's minimum `informed_energy`, `informed_overlap`, "
    "`informed_eigenvalue(r)`; the attributes `appearance` and `recovery`",
)
SIGNAL: Text = ("strength of the signal", "r")
OVERLAP: Text = ("overlap with the signal", "m")
LARGEST_OVERLAP = 0.999
# The map of energies extends below and above the band of minima by these multiples of its width.
# The band reaches from the ground state without a signal to the threshold.
BELOW, ABOVE = 0.5, 20.0
MAP = {
    "total_complexity:energy overlap": ("complexity of all stationary points", r"\Sigma"),
    "minima_complexity:energy overlap": (
        "complexity of minima, minus infinity where the Hessian's bulk is unstable",
        r"\Sigma_0",
    ),
    "best_complexity:overlap": ("largest complexity of minima at an overlap", r"\max_e \Sigma_0"),
    "best_energy:overlap": ("energy per spin at which it is reached", "e"),
    "best_total_complexity:overlap": (
        "largest complexity of all stationary points at an overlap", r"\max_e \Sigma",
    ),
    "band_edge": ("largest overlap of the band of minima around zero", r"m_{max}"),
    "total_band_edge": ("largest overlap of the band of all stationary points", r"m_{max}"),
    "informed_energy": ("energy of the signal's minimum, NaN if there is none", "e"),
    "informed_overlap": ("overlap of the signal's minimum, NaN if there is none", "m"),
    "informed_eigenvalue": (
        "smallest eigenvalue of the Hessian there, NaN if there is none", r"\lambda_{min}",
    ),
}  # fmt: skip


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """Complexity maps, and the minimum of the signal, for every strength."""
    p = parameters["p"]
    ground, threshold = complexity.lowest_energy(p), complexity.threshold_energy(p)
    e = _energies(ground, threshold, max(parameters["r"]), parameters["overlaps"])
    m = np.linspace(0.0, LARGEST_OVERLAP, parameters["overlaps"])
    transitions = spiked_tensor.transitions(p)

    def of_signal(r: float) -> dict[str, Any]:
        best, energy = spiked_tensor.best_complexity(m, p, r)
        found = {
            "total_complexity": spiked_tensor.total_complexity(e[:, None], m, p, r),
            "minima_complexity": spiked_tensor.complexity_of_minima(e[:, None], m, p, r),
            "best_complexity": best,
            "best_energy": energy,
            "best_total_complexity": spiked_tensor.best_complexity(m, p, r, minima=False)[0],
            "band_edge": spiked_tensor.band_edge(p, r),
            "total_band_edge": spiked_tensor.band_edge(p, r, minima=False),
        }
        informed = (np.nan, np.nan, np.nan)
        if r >= transitions.appearance:
            informed = spiked_tensor.informed_minimum(p, r)
        names = ("informed_energy", "informed_overlap", "informed_eigenvalue")
        return {**found, **dict(zip(names, informed, strict=True))}

    found = tabulate(of_signal, {"r": (parameters["r"], SIGNAL)}, MAP)
    found["energy"] = quantity("energy", e, "energy per spin", "e")
    found["overlap"] = quantity("overlap", m, *OVERLAP)
    return xr.Dataset(
        found,
        attrs={
            "appearance": transitions.appearance,
            "recovery": transitions.recovery,
            "ground_state_energy": ground,
            "threshold_energy": threshold,
        },
    )


def _energies(ground: float, threshold: float, strongest: float, count: int) -> Any:
    """Energies of the map, half of them in the narrow band of minima."""
    band = threshold - ground
    # The band ends just below the threshold, so that rounding cannot make the Hessian unstable.
    top, bottom = threshold * (1 + 1e-12), ground - BELOW * band
    lowest = bottom - 1.2 * strongest
    part = count // 4
    return np.concatenate(
        [
            np.linspace(lowest, bottom, part + 1)[:-1],
            np.linspace(bottom, top, count - 2 * part),
            np.linspace(top, top + ABOVE * band, part + 1)[1:],
        ]
    )
