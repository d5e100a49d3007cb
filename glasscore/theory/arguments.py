"""Checks of arguments that several exact laws share."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def not_negative(values: ArrayLike, name: str, finite: bool = True) -> Array:
    """Values as an array, if none of them is negative and, unless allowed, none infinite.

    Parameters
    ----------
    values
        Numbers of any shape.
    name
        The name of the argument, for the sentence of the error.
    finite
        Whether infinity is refused, too.

    Raises
    ------
    ValueError
        If a value is negative, infinite though that is not allowed, or NaN.
    """
    array = np.asarray(values, dtype=np.float64)
    allowed = (array >= 0) & (np.isfinite(array) if finite else True)
    if not np.all(allowed):
        raise ValueError(f"{name} must be {'finite and ' if finite else ''}not negative")
    return array


def positive(values: ArrayLike, name: str) -> Array:
    """Values as an array, if all of them are above zero; infinity is allowed.

    Parameters
    ----------
    values
        Numbers of any shape.
    name
        The name of the argument, for the sentence of the error.

    Raises
    ------
    ValueError
        If a value is not above zero.
    """
    array = np.asarray(values, dtype=np.float64)
    if not np.all(array > 0):
        raise ValueError(f"{name} must be positive")
    return array
