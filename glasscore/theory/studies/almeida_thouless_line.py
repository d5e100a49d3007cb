"""The line of de Almeida and Thouless in the plane of temperature and field, and slowing on it."""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dyson.critical_decay import decay_exponent
from glasscore.theory import parisi
from glasscore.theory.sk import almeida_thouless_field, exponent_parameter, replica_symmetric
from glasscore.theory.tables import TEMPERATURE, tabulate

OPTIONS = {
    "T": {
        "description": "a list of temperatures from 1e-100 to 1",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a temperature from 1e-100 to 1",
            "type": "number",
            "minimum": 1e-100,
            "maximum": 1,
        },
    },
}
RESULTS = (
    "`T`",
    "`field`, `overlap`, `residual`, `parameter` (lambda), `exponent` (nu), "
    "`breaking_point` (lambda from Parisi's functional) and its `_error`",
)
COLUMNS = {
    "field": ("field below which replica symmetry is broken", "h_{AT}"),
    "overlap": ("overlap of two replicas", "q"),
    "residual": ("what is left of the replicon, which the line makes zero", r"\delta"),
    "parameter": ("exponent parameter", r"\lambda"),
    "exponent": ("exponent of the critical decay C(t) - q ~ t^-nu", r"\nu"),
    "breaking_point": (
        "place where q(x) breaks, of Parisi's functional below the line, extrapolated to it: "
        "another way to the exponent parameter; NaN outside T = 0.15 to 0.9", "x",
    ),
    "breaking_point_error": ("what the last extrapolation changed", r"\delta x"),
}  # fmt: skip
# Relative distances in T below the line, each of which is half of the one before.
DISTANCES = (0.04, 0.02, 0.01)
# At lower T, and closer to T = 1, the minima have too few accurate digits for differences.
COLDEST, HOTTEST = 0.15, 0.9


class _Point(NamedTuple):
    field: float
    overlap: float
    residual: float
    parameter: float
    exponent: float
    breaking_point: float
    breaking_point_error: float


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """The field, and the exponents on the line, at all temperatures."""
    return xr.Dataset(tabulate(_point, {"T": (parameters["T"], TEMPERATURE)}, COLUMNS))


def _point(T: float) -> _Point:
    h = almeida_thouless_field(T)
    state, parameter = replica_symmetric(T, h), exponent_parameter(T, h)
    decay = decay_exponent(parameter)
    breaking_point = _breaking_point(T, h) if COLDEST <= T <= HOTTEST else (np.nan, np.nan)
    return _Point(h, state.overlap, abs(state.replicon), parameter, decay, *breaking_point)


def _breaking_point(T: float, h: float) -> tuple[float, float]:
    """The breaking point extrapolated to the line, and what the last extrapolation changed."""
    below = [float(parisi.breaking((1 - d) * T, h, 1).breaking_points[0]) for d in DISTANCES]
    once = [2 * below[i + 1] - below[i] for i in range(2)]
    twice = (4 * once[1] - once[0]) / 3
    return twice, abs(twice - once[1])
