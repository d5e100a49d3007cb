"""The line of de Almeida and Thouless in the plane of temperature and field, and slowing on it."""

from typing import Any, NamedTuple

import xarray as xr

from glasscore.dyson.critical_decay import decay_exponent
from glasscore.theory.sk import almeida_thouless_field, exponent_parameter, replica_symmetric
from glasscore.theory.studies._table import TEMPERATURE, table

OPTIONS = {
    "T": {
        "description": "a list of temperatures above 0 and at most 1",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a temperature above 0 and at most 1",
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
        },
    },
}
COLUMNS = {
    "field": ("field below which replica symmetry is broken", "h_{AT}"),
    "overlap": ("overlap of two replicas", "q"),
    "residual": ("what is left of the replicon, which the line makes zero", r"\delta"),
    "parameter": ("exponent parameter", r"\lambda"),
    "exponent": ("exponent of the critical decay C(t) - q ~ t^-nu", r"\nu"),
}


class _Point(NamedTuple):
    field: float
    overlap: float
    residual: float
    parameter: float
    exponent: float


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """The field, and the exponents on the line, at all temperatures."""
    return xr.Dataset(table(_point, {"T": (parameters["T"], TEMPERATURE)}, COLUMNS))


def _point(T: float) -> _Point:
    h = almeida_thouless_field(T)
    state, parameter = replica_symmetric(T, h), exponent_parameter(T, h)
    return _Point(h, state.overlap, abs(state.replicon), parameter, decay_exponent(parameter))
