"""What a job costs: CPU time and memory, as the module ``cost`` of its stage estimates it."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any, NamedTuple

MIB = float(1 << 20)
HOUR = 3600.0
NANOSECOND = 1e-9
# CPU time and memory of a job that only loads Python, numba, xarray and netCDF.
START = 1.1
EMPTY = 220.0 * MIB


class Cost(NamedTuple):
    """CPU seconds, start of the process included, and the largest memory in bytes."""

    seconds: float
    memory: float


@cache
def cost_of_part(folder: str, name: str) -> Any:
    """The module ``cost`` of a part; names that it lacks are those of the folder's common module.

    Parameters
    ----------
    folder, name
        The folder and the name of the part, such as ``"landscapes/energies"`` and ``"gaussian"``.
    """
    stage, kind = folder.split("/")
    said = dict(vars(import_module(f"glasscore.{stage}.{kind}.cost")))
    if find_spec(f"glasscore.{stage}.{kind}.cost.{name}"):
        said |= vars(import_module(f"glasscore.{stage}.{kind}.cost.{name}"))
    return SimpleNamespace(**said)
