"""What a job costs: CPU time and memory, as the module ``cost`` of its stage estimates it."""

from typing import NamedTuple

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
