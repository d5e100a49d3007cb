"""What a job costs: CPU time and memory, as the module ``cost`` of its stage estimates it."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any, NamedTuple

MIB = float(1 << 20)
HOUR = 3600.0
NANOSECOND = 1e-9
# Of a job that does nothing: Python, numba, xarray and netCDF.
START = 1.1
EMPTY = 220.0 * MIB


class Cost(NamedTuple):
    """CPU seconds, start of the process included, and the largest memory in bytes."""

    seconds: float
    memory: float


@cache
def cost_of_part(folder: str, name: str) -> Any:
    """What a part says of its cost, and for the rest what the parts of its folder have in common.

    Parameters
    ----------
    folder, name
        Which part, for instance ``"landscapes/energies"`` and ``"gaussian"``.
    """
    stage, kind = folder.split("/")
    said = dict(vars(import_module(f"glasscore.{stage}.{kind}.cost")))
    if find_spec(f"glasscore.{stage}.{kind}.cost.{name}"):
        said |= vars(import_module(f"glasscore.{stage}.{kind}.cost.{name}"))
    return SimpleNamespace(**said)
