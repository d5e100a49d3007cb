r"""What a field does to a spin glass: magnetisation after it is switched on, or off.

Points are means of the magnetisation per spin $m=\frac{1}{N}\sum_i s_i$ over independent samples of
the disorder, one trajectory each, in units of the field $h$, with standard errors. The spins $s_i$
are quenched from infinite temperature at the time 0; the energy contains $-h\sum_i s_i$ while the
field is on. In a field that is on from the quench on the system is field-cooled; if the field is
switched on at the time $t_1$ it is zero-field-cooled; if it is switched off at $t_1$, the
magnetisation is thermoremanent. They are shown against the time $t-t_1$ since then, in attempted
moves. To first order in $h$, the first is the sum of the two others; the second panel of each row
shows the difference $z$ between the first (the data) and this sum (the law) in units of its
standard error, where all three were simulated. Points of one run share samples and are correlated.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    in_few_digits,
    temperature_and_size,
    times_apart,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples, on_unit, remark
from glasscore.figures.drawing.residuals import set_residual_axis
from glasscore.figures.drawing.solved_models import is_quench
from glasscore.files.provenance import canonical_json
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("magnetisation",)
PROTOCOLS = True
DIFFERENCE = ": residuals"
COOLED, SWITCHED_ON, SWITCHED_OFF = "field-cooled", "zero-field-cooled", "thermoremanent"
EXPLAINED = {
    DIFFERENCE: (
        "Where magnetisations are linear in the field, about one in twenty independent points lies "
        "outside of the grey band of two standard errors."
    ),
}
APART = 1.25


class Run(NamedTuple):
    """A run in a field.

    Attributes
    ----------
    kind
        Field-cooled, zero-field-cooled or thermoremanent.
    field
        The strength h while the field is on.
    change
        The time t_1 at which it is switched; infinite if it is not.
    point
        The result.
    """

    kind: str
    field: float
    change: float
    point: xr.Dataset

    def is_followed(self) -> bool:
        """Whether there are observation times after the change."""
        return not np.isfinite(self.change) or self.change < float(self.point.time[-1])


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each model, temperature, field and time of its change."""
    models: dict[str, list[tuple[str, Run]]] = {}
    for study, points in results.items():
        for point in points:
            run = run_of(point)
            if run is not None and is_quench(point) and run.is_followed():
                models.setdefault(_model(point), []).append((study, run))
    found: list[Curve] = []
    for runs in models.values():
        switched = {(run.field, run.change) for _, run in runs if np.isfinite(run.change)}
        for field, change in sorted(switched):
            alike = [(study, run) for study, run in runs if run.field == field
                     and run.change in (change, np.inf)]  # fmt: skip
            found += _of_field(alike, field, change)
    return found or [remark("field changes", "No study switches a field on or off once.")]


def run_of(point: xr.Dataset) -> Run | None:
    """What a result says of a field that is constant, or is switched on or off once."""
    chosen = parameters_of(point)
    first, ramps = float(chosen.get("field", 0.0)), chosen.get("ramps", [])
    if all(ramp.keys() == {"begin", "field"} and ramp["field"] == first for ramp in ramps):
        return Run(COOLED, first, np.inf, point) if first else None
    alone = ramps[0].keys() == {"begin", "field"}
    if len(ramps) > 1 or not alone or (first == 0) == (ramps[0]["field"] == 0):
        return None
    begin, last = float(ramps[0]["begin"]), float(ramps[0]["field"])
    return Run(SWITCHED_OFF, first, begin, point) if first else Run(SWITCHED_ON, last, begin, point)


def _model(point: xr.Dataset) -> str:
    """What runs must share to be compared."""
    chosen = parameters_of(point)
    return canonical_json([chosen[key] for key in ("landscape", "rule", "N", "T")])


def _of_field(runs: list[tuple[str, Run]], field: float, change: float) -> list[Curve]:
    """The magnetisations of one field that changes at one time, and how they add up."""
    switched = next(study for study, run in runs if np.isfinite(run.change))
    T, N = temperature_and_size(runs[0][1].point)
    texts = in_few_digits([T])
    title = f"{switched}, $N={N:g}$, $T={texts[T]}$, $h={field:.3g}$, $t_1={change:g}$"
    # In this order the legend begins with the sum.
    order = {COOLED: 2.0, SWITCHED_ON: 0.0, SWITCHED_OFF: 1.0}
    first: dict[str, Run] = {}
    for _, run in runs:
        first.setdefault(run.kind, run)
    found = []
    for kind in sorted(first, key=lambda kind: -order[kind]):
        time, m, error = _magnetisation(first[kind], change)
        shown = times_apart(time, APART)
        found.append(
            Curve(title, "data", kind, time[shown], m[shown], error[shown], order[kind],
                  order[kind])
        )  # fmt: skip
    points = [run.point for run in first.values()]
    found += [*on_samples([title], points), *on_unit([title], points[0])]
    missing = sorted(set(order) - set(first))
    if missing:
        told = " and ".join(missing)
        return [*found, remark(title, f"Nothing can be added up without a {told} run.")]
    return [*found, _difference(title + DIFFERENCE, first, change)]


def _magnetisation(run: Run, change: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times since the change, and magnetisations in units of the field with their errors."""
    late = run.point.isel(time=run.point.time.values > change)
    scale = 1.0 / run.field
    m, error = late.magnetisation.values, late.magnetisation_error.values
    return late.time.values - change, m * scale, error * abs(scale)


def _difference(panel: str, runs: dict[str, Run], change: float) -> Curve:
    """Field-cooled less the two others, in standard errors, at the times that all have."""
    found: dict[str, Any] = {kind: _magnetisation(run, change) for kind, run in runs.items()}
    common = found[COOLED][0]
    for time, *_ in found.values():
        common = common[np.isin(np.round(common, 6), np.round(time, 6))]
    common = common[times_apart(common, APART)]
    total, variance = np.zeros(common.size), np.zeros(common.size)
    for kind, (time, m, error) in found.items():
        at = np.searchsorted(np.round(time, 6), np.round(common, 6))
        total += (1.0 if kind == COOLED else -1.0) * m[at]
        variance += error[at] ** 2
    z = total / np.sqrt(variance)
    return Curve(panel, "data", "field-cooled less the two others", common, z, None, 3.0, 3.0)


def draw(curves: list[Curve]) -> "Figure":
    """The magnetisations and how they add up, beside each other."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t-t_1$ (attempts)")
        if name.endswith(DIFFERENCE):
            set_residual_axis(one)
        else:
            one.set_ylabel("magnetisation $m/h$ ($1/J$)")
    return figure
