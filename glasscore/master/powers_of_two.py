"""Waiting times and windows of exact aging functions.

All are powers of two, the times that repeated squaring of transition probabilities reaches.
"""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import quantity

# The windows are 2^FIRST, ..., 2^LAST.
FIRST, LAST = -3, 3


def waiting_times(parameters: dict[str, Any]) -> np.ndarray:
    """The waiting times 1, 2, 4, ... up to ``t_max``, in attempts."""
    return 2.0 ** np.arange(int(np.floor(np.log2(parameters["t_max"]))) + 1)


def windows() -> np.ndarray:
    """The windows omega."""
    return 2.0 ** np.arange(FIRST, LAST + 1)


def time_coordinates(parameters: dict[str, Any]) -> dict[str, xr.Variable]:
    """The coordinates ``waiting_time`` and ``window``."""
    times = waiting_times(parameters)
    return {
        "waiting_time": quantity("waiting_time", times, "waiting time", "t_w", "attempts"),
        "window": quantity("window", windows(), "t / t_w", r"\omega"),
    }
