"""The course of temperature and field in the result file of a run.

A run is a sequence of pieces with a constant temperature and a constant field. At the end of a
piece the state is kept, the move that was to end the present visit is dropped, and everything is
drawn anew at the new rates. Since the process has no memory, this is exact for any clock.
"""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import quantity
from glasscore.models.pieces import pieces_of


def course_in_file(parameters: dict[str, Any], times: np.ndarray) -> dict[str, xr.Variable]:
    """Temperature and field at the observation times, as variables of the result file.

    At the time of a change at once they have their new values. They are left out if they are
    constant, the field also if it is 0.
    """
    pieces = pieces_of(parameters)
    at = np.searchsorted([piece.begin for piece in pieces], times, side="right") - 1
    T, field = (np.array([getattr(piece, name) for piece in pieces])[at] for name in ("T", "field"))
    found = {}
    if parameters.get("ramps"):
        found["temperature"] = quantity("time", T, "temperature", "T", "J")
    if np.any(field):
        found["field"] = quantity("time", field, "field on all spins", "h", "J")
    return found
