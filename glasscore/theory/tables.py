"""Tables of a function at all combinations of parameters, as variables of a result file."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import quantity

Text = tuple[str, str]
"""The attributes ``long_name`` and ``symbol`` of a variable."""

TEMPERATURE: Text = ("temperature", "T")
FIELD: Text = ("field", "h")
POWER: Text = ("number of spins that interact", "p")


def tabulate(
    function: Callable[..., Any],
    axes: Mapping[str, tuple[Any, Text]],
    columns: Mapping[str, Text],
) -> dict[str, xr.Variable]:
    """Evaluate a function at all combinations of values.

    Parameters
    ----------
    function
        It takes one value of each axis, in the order of the axes, and returns the results by name:
        in a mapping, or as attributes of an object; if there is one column, it may return its
        value alone. Results may be arrays, if their shape is the same for all combinations.
    axes
        By name of a dimension: its values, and their long name and symbol.
    columns
        By name of a result: its long name and symbol. The dimensions of an array follow after a
        colon, as in ``"overlap:x"``.

    Returns
    -------
    dict
        The variables of axes and columns by name.
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
