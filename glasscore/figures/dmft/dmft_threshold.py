r"""Limit of the energy after a quench to T = 0: whether it depends on the initial temperature.

$E(\infty)$ is the energy per spin to which the solution of the mean-field equations tends, which is
an average over disorder and noise for infinitely many spins. The quench starts from equilibrium at
the temperature $T_0$, or from a random configuration ($1/T_0 = 0$), and ends at $T = 0$.
$E_{\rm th}$ is the energy of the marginally stable states that dominate at $T = 0$. Panels are
titled by $f(q)$, where $N f(q)$ is the covariance of the energies of two configurations with the
overlap $q$. Pure models, where $f$ has one term, must end at $E_{\rm th}$. Mixed models would end
below it if they remembered where they started, which was concluded from times up to about $10^3$
(Folena, Franz and Ricci-Tersenghi 2020).

The limit is extrapolated from the energies $E_1$, $E_2$, $E_3$ at three times up to $t$, each ten
times as long as the one before: they obey $E(\infty) + A t^{-a}$ with
$E(\infty) = E_3 - (E_2 - E_3) r/(1 - r)$, where $r = (E_2 - E_3)/(E_1 - E_2) = 10^{-a}$. This is
exact only if one power law describes both decades. The panels of extrapolations show how they
change with $t$, the last time used: a limit is to be trusted as far as its line has ceased to
change. A limit is drawn at the longest time of a run, unless the run ends before $t = 10^4$, the
exponent $a$ is not above 0.25, or the limit still changed within the last decade by more than it
differs from $E_3$; the caption names the runs without a limit. Limits have a panel where two starts
of a model have one.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline

from glasscore.figures.dmft.dmft_energy import (
    SIGNED_AXIS,
    UNITS,
    covariance_text,
    in_all_panels,
    is_driven,
    model_of,
    set_signed_logarithmic_axis,
    temperatures_of,
    tex,
)
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.symbols import DOTTED
from glasscore.models.covariance import Covariance, Values
from glasscore.theory import spherical_pspin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
LIMIT, EXTRAPOLATION = ": limit", ": extrapolation"
MARGINAL, TRANSITION = r"$E_{\rm th}$", "$1/T_d$"
DECADE, SHORTEST_RUN, LEAST_EXPONENT = 10.0, 1e4, 0.25
# Extrapolations are shown for times from here on.
FIRST_SHOWN, POINTS_PER_DECADE = 1e3, 12
# Extrapolations are followed up to where they are this small beside their largest value.
SHARE = 1e-3
EXPLAINED = {
    EXTRAPOLATION: f"The axis of extrapolations {SIGNED_AXIS}.",
    MARGINAL: r"The horizontal dotted line is $E_{\rm th}$.",
    TRANSITION: r"""The vertical line is at $1/T_d$, the inverse temperature of the dynamical
transition, beyond which equilibrium does not relax.""",
    "bars": r"""Bars are no standard errors: they are the change of the limit within the last decade
of $t$, plus what the estimated errors of the energies may change. The bar covers the true limit if
the extrapolated limit approaches it from one side and its error at least halves in each decade of
$t$.""",
}


class Limit(NamedTuple):
    """An extrapolated energy, its error, and the reason why it is not to be trusted or ``""``."""

    energy: float
    error: float
    refusal: str


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Panels of extrapolations for each covariance with quenches to T = 0, and of their limits."""
    quenches: dict[str, list[xr.Dataset]] = {}
    for point in (point for points in results.values() for point in points):
        if temperatures_of(point)[0] == 0 and not is_driven(point):
            quenches.setdefault(formula(model_of(point)), []).append(point)
    found = [
        curve
        for part in (_extrapolations, _limits)
        for text, points in quenches.items()
        for curve in part(text, sorted(points, key=_inverse_start))
    ]
    # Notes on extrapolations come with the limits; the caption follows the order of panels.
    order = list(dict.fromkeys(curve.panel for curve in found))
    found.sort(key=lambda curve: order.index(curve.panel))
    return [*found, *in_all_panels(UNITS, found)]


def formula(model: Covariance) -> str:
    """The covariance as a formula."""
    return f"${covariance_text(model)}$"


def _inverse_start(point: xr.Dataset) -> float:
    return 1 / temperatures_of(point)[1]


def _start_text(point: xr.Dataset) -> str:
    start = temperatures_of(point)[1]
    return r"$T_0=\infty$" if start == np.inf else f"$T_0={start:.4g}$"


def extrapolate(time: Values, energy: Values, error: Values) -> Limit:
    """The limit of an energy that is known up to the last of some times, as the caption says.

    Parameters
    ----------
    time, energy, error
        Times above 0, energies at them, and their estimated errors.
    """
    at = CubicSpline(np.log(time), energy)
    end, numerical = float(time[-1]), float(error[-1])
    if end < SHORTEST_RUN:
        return Limit(np.nan, np.nan, f"the run ends before $t = 10^{{{np.log10(SHORTEST_RUN):g}}}$")
    last, before = (limit_at(at, one) for one in (end, end / DECADE))
    first, middle, final = (float(at(np.log(end / DECADE**k))) for k in (2, 1, 0))
    if abs(final - middle) <= 2 * numerical:
        return Limit(final, abs(final - middle) + numerical, "")
    ratio = (middle - final) / (first - middle)
    if not 0 < ratio <= DECADE**-LEAST_EXPONENT:
        return Limit(np.nan, np.nan, f"the exponent $a$ is not above {LEAST_EXPONENT:g}")
    # The sum of the absolute derivatives of the limit by the three energies.
    gain = ratio / (1 - ratio)
    derivatives = gain**2 + 2 * gain * (1 + gain) + (1 + gain) ** 2
    change = abs(last - before)
    if not change < abs(final - last):
        return Limit(np.nan, np.nan, "the limit changes too much within the last decade")
    return Limit(last, change + derivatives * numerical, "")


def limit_at(energy: CubicSpline, time: float) -> float:
    """The limit from three times, the last of which is ``time``; NaN where there is none."""
    return accelerated(*(float(energy(np.log(time / DECADE**k))) for k in (2, 1, 0)))


def accelerated(first: float, middle: float, final: float) -> float:
    """The limit of a sequence whose steps shrink by a constant factor; NaN if they do not."""
    fall, before = middle - final, first - middle
    ratio = fall / before if before != 0 else np.nan
    return final - fall * ratio / (1 - ratio) if 0 < ratio < 1 else np.nan


def _limits(text: str, points: list[xr.Dataset]) -> list[Curve]:
    """A panel of limits if there are two, and else a note at the panel of extrapolations."""
    limits = [_limit(point) for point in points]
    known = [not limit.refusal for limit in limits]
    panel = text + (LIMIT if sum(known) > 1 else EXTRAPOLATION)
    found = []
    for point, limit in zip(points, limits, strict=True):
        x = _inverse_start(point)
        excess = limit.energy - float(point.attrs["threshold_energy"])
        if limit.refusal:
            note = f"There is no limit for {_start_text(point)}: {limit.refusal}."
        elif sum(known) == 1:
            value = rf"{tex(excess)} \pm {tex(limit.error)}"
            note = rf"For {_start_text(point)}, $E(\infty) - E_{{\rm th}} = {value}$."
        else:
            at = np.array([x]), np.array([excess]), np.array([limit.error])
            found.append(Curve(panel, "data", "", *at, x))
            continue
        found.append(Curve(panel, "theory", "", np.empty(0), np.empty(0), None, np.nan, note=note))
    drawn = [curve for curve in found if curve.error is not None]
    if not drawn:
        return found
    transition = 1 / spherical_pspin.dynamical_transition(model_of(points[0])).temperature
    ends = [0.0, *(one.y[0] + sign * one.error[0] for one in drawn for sign in (-1, 1))]  # type: ignore[index]
    level = _line(panel, MARGINAL, [0.0, max(transition, drawn[-1].x[0])], [0.0, 0.0])
    found.append(level._replace(note=_verdict(points, known, drawn)))
    return [*found, _line(panel, TRANSITION, [transition] * 2, [min(ends), max(ends)])]


def _limit(point: xr.Dataset) -> Limit:
    time, energy = point.time.values[1:], point.energy.values[1:]
    return extrapolate(time, energy, point.energy_error_estimate.values[1:])


def _verdict(points: list[xr.Dataset], known: list[bool], drawn: list[Curve]) -> str:
    """Whether the limits agree with E_th, and what runs that end early would have said."""
    coldest = _start_text(
        [point for point, is_known in zip(points, known, strict=True) if is_known][-1]
    )
    apart = [abs(one.y[0]) / one.error[0] for one in drawn]  # type: ignore[index]
    allowed = max(abs(one.y[0]) + one.error[0] for one in drawn)  # type: ignore[index]
    said = (
        r"All limits agree with $E_{\rm th}$ within their bars, down to "
        rf"{coldest}. The bars allow a difference from $E_{{\rm th}}$ of ${tex(allowed)}$ at most; "
        "a smaller dependence on the start is not excluded."
        if max(apart) <= 1
        else rf"Limits differ from $E_{{\rm th}}$ by up to {max(apart):.1f} bars."
    )
    early = [one for one in (_early(point) for point in points) if np.isfinite(one)]
    again = [
        f"${tex(limit)}$ ({_start_text(point)})"
        for point, limit in ((point, _extrapolated_again(point)) for point in points)
        if np.isfinite(limit)
    ]
    if again:
        said += (
            " Extrapolations at $t$, $t/10$ and $t/100$, extrapolated once more in the same way, "
            rf"have $E(\infty) - E_{{\rm th}}$ at {', '.join(again)}."
        )
    if not early:
        return said
    first = f"${tex(min(early))}$ to ${tex(max(early))}$"
    return (
        rf"{said} Extrapolated from times up to $t = {tex(FIRST_SHOWN)}$, "
        rf"$E(\infty) - E_{{\rm th}}$ would be {first}, which looks like memory."
    )


def _extrapolated_again(point: xr.Dataset) -> float:
    """The limit, beside E_th, of the extrapolations of the last three decades; NaN without one."""
    time, energy = point.time.values[1:], point.energy.values[1:]
    if time[-1] < DECADE**2 * FIRST_SHOWN:
        return np.nan
    at = CubicSpline(np.log(time), energy)
    first, middle, final = (limit_at(at, float(time[-1]) / DECADE**k) for k in (2, 1, 0))
    return accelerated(first, middle, final) - float(point.attrs["threshold_energy"])


def _early(point: xr.Dataset) -> float:
    """The limit from the first times that are shown, beside E_th; NaN where there is none."""
    time, energy = point.time.values[1:], point.energy.values[1:]
    if time[-1] <= FIRST_SHOWN:
        return np.nan
    limit = limit_at(CubicSpline(np.log(time), energy), FIRST_SHOWN)
    return limit - float(point.attrs["threshold_energy"])


def _line(panel: str, label: str, x: list[float], y: list[float]) -> Curve:
    return Curve(panel, "theory", label, np.array(x), np.array(y), None, np.nan)


def _extrapolations(text: str, points: list[xr.Dataset]) -> list[Curve]:
    panel, found = text + EXTRAPOLATION, []
    for point in points:
        time, energy = point.time.values[1:], point.energy.values[1:]
        if time[-1] <= FIRST_SHOWN:
            continue
        at = CubicSpline(np.log(time), energy)
        count = int(POINTS_PER_DECADE * np.log10(time[-1] / FIRST_SHOWN)) + 2
        shown = np.geomspace(FIRST_SHOWN, time[-1], count)
        limits = np.array([limit_at(at, one) for one in shown])
        known = np.isfinite(limits)
        excess = limits[known] - float(point.attrs["threshold_energy"])
        found.append(
            Curve(panel, SOLUTION, _start_text(point), shown[known], excess, None,
                  _inverse_start(point))
        )  # fmt: skip
    if len(found) > 1:
        found[0] = found[0]._replace(note=_course(found))
    if any(curve.x.size for curve in found):
        end = max(float(curve.x[-1]) for curve in found if curve.x.size)
        found.append(_line(panel, MARGINAL, [FIRST_SHOWN, end], [0.0, 0.0]))
    return found


def _course(extrapolations: list[Curve]) -> str:
    """Which extrapolations cross E_th, how far, and from when on they do not turn any more."""
    crossing = [one for one in extrapolations if np.any(one.y[1:] * one.y[:-1] < 0)]
    said = []
    if crossing:
        farthest = max(
            float(np.abs(one.y[np.flatnonzero(one.y * one.y[0] < 0)]).max()) for one in crossing
        )
        names = ", ".join(one.label for one in crossing)
        said.append(
            rf"Extrapolations from {names} cross $E_{{\rm th}}$, and lie up to "
            f"${tex(farthest)}$ on its other side before they return."
        )
    since = max(_one_way_since(one) for one in extrapolations)
    ends = [float(one.x[-1]) for one in extrapolations if one.x.size]
    if np.isfinite(since) and since < max(ends):
        said.append(
            f"From $t = {tex(since)}$ on, each of them changes in one direction, as the bars "
            "assume."
        )
    return " ".join(said)


def _one_way_since(extrapolation: Curve) -> float:
    """The time from which on an extrapolation rises, or falls, without turning."""
    steps = np.diff(extrapolation.y)
    turns = np.flatnonzero(steps[1:] * steps[:-1] < 0)
    return float(extrapolation.x[turns[-1] + 1 if turns.size else 0])


def draw(curves: list[Curve]) -> "Figure":
    """The panels of extrapolations, and then those of limits, in rows of two."""
    figure, axes = draw_panels(curves, styles={MARGINAL: DOTTED})
    for name, one in axes.items():
        if name.endswith(LIMIT):
            _write_power_in_label(one)
            one.set_xlabel("inverse initial temperature $1/T_0$")
            continue
        one.set(xscale="log", xlabel="last time used, $t$")
        one.set_ylabel(r"$E(\infty) - E_{\rm th}$")
        shown = [c.y for c in curves if (c.panel, c.role) == (name, SOLUTION)]
        set_signed_logarithmic_axis(one, shown, SHARE)
    return figure


def _write_power_in_label(axes: "Axes") -> None:
    """Number the vertical axis in a power of ten that its label names."""
    largest = max(abs(end) for end in axes.get_ylim())
    power = int(np.floor(np.log10(largest))) if largest > 0 else 0
    axes.yaxis.set_major_formatter(
        lambda value, _: f"{value / 10.0**power:.3g}".replace("-", "\N{MINUS SIGN}")
    )
    axes.set_ylabel(rf"$[E(\infty) - E_{{\rm th}}] / 10^{{{power}}}$")
