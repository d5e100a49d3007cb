"""A function's named results at all combinations of values, as variables of a file."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import quantity

Text = tuple[str, str]
"""``long_name`` and ``symbol``."""

TEMPERATURE: Text = ("temperature", "T")
FIELD: Text = ("field", "h")
POWER: Text = ("number of spins that interact", "p")


def table(
    function: Callable[..., Any],
    axes: Mapping[str, tuple[Any, Text]],
    columns: Mapping[str, Text],
) -> dict[str, xr.Variable]:
    """Variables over the product of some axes.

    Parameters
    ----------
    function
        Takes one value of each axis, in their order; returns something with attributes named as
        the columns, or a mapping, or, with one column, its value. Values may be arrays of one
        shape: name their dimensions after a colon, ``"overlap: x"``.
    axes
        Values of each dimension and what they are.
    columns
        What each result is.
    """
    dimensions = tuple(axes)
    found = {
        name: quantity(name, np.asarray(values), *text) for name, (values, text) in axes.items()
    }
    shape = tuple(len(values) for values, _ in axes.values())
    rows = [function(*point) for point in product(*(values for values, _ in axes.values()))]
    for column, text in columns.items():
        name, _, inner = column.partition(":")
        values = np.array([_entry(row, name, len(columns)) for row in rows])
        values = values.reshape(*shape, *values.shape[1:])
        found[name] = quantity((*dimensions, *inner.split()), values, *text)
    return found


def _entry(row: Any, name: str, columns: int) -> Any:
    if isinstance(row, Mapping):
        return row[name]
    return getattr(row, name) if hasattr(row, name) or columns > 1 else row
