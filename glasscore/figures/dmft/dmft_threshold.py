r"""Limit of the energy after a quench to T = 0: whether it depends on the initial temperature.

$E(\infty)$ is the energy per spin to which the solution of the mean-field equations tends, which is
an average over disorder and noise for infinitely many spins. The quench starts from equilibrium at
the temperature $T_0$, or from a random configuration ($1/T_0 = 0$), and ends at $T = 0$.
$E_{\rm th}$ is the energy of the marginally stable states that dominate at $T = 0$; panels are
titled by the covariance $f(q) = \sum_p a_p q^p$ of energies at an overlap $q$. Pure models, where
$f$ has one term, must end at $E_{\rm th}$; mixed models may end elsewhere, and below $E_{\rm th}$
if they remember where they started (Folena, Franz and Ricci-Tersenghi 2020).

The limit is extrapolated from the energies $E_1$, $E_2$, $E_3$ at three times up to $t$, each ten
times as long as the one before: they obey $E(\infty) + A t^{-a}$ with
$E(\infty) = E_3 - (E_2 - E_3) r/(1 - r)$, where $r = (E_2 - E_3)/(E_1 - E_2) = 10^{-a}$. This is
exact only if one power law describes both decades. The panels of extrapolations show how they
change with $t$: a limit is to be trusted as far as its line has become horizontal. A limit is drawn
at the longest time of a run, unless the run ends before $t = 10^4$, the exponent $a$ is below 0.25,
or the limit still changed within the last decade by more than it differs from $E_3$; the caption
names the runs without a limit.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline

from glasscore.figures.dmft.dmft_energy import is_driven, model_of, temperatures_of
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.models.covariance import Covariance, Values
from glasscore.theory import spherical_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
LIMIT, EXTRAPOLATION = ": limit", ": extrapolation"
MARGINAL, TRANSITION = r"$E_{\rm th}$", "$T_d$"
DECADE, SHORTEST_RUN, LEAST_EXPONENT = 10.0, 1e4, 0.25
# Extrapolations are shown for times from here on.
FIRST_SHOWN, POINTS_PER_DECADE = 1e3, 12
EXPLAINED = {
    MARGINAL: r"The horizontal line is $E_{\rm th}$.",
    TRANSITION: r"""The vertical line is at the dynamical transition $T_d$, below which equilibrium
does not relax.""",
    "bars": r"""Bars are no standard errors: they are the change of the limit within the last decade
of $t$, plus what the estimated errors of the energies may change. A bar covers the true limit if
corrections to the power law decay at least as fast as $t^{-0.3}$.""",
}


class Limit(NamedTuple):
    """An extrapolated energy, its error, and the reason why it is not to be trusted or ``""``."""

    energy: float
    error: float
    refusal: str


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each covariance with quenches to T = 0: limits, and their extrapolation."""
    quenches: dict[str, list[xr.Dataset]] = {}
    for point in (point for points in results.values() for point in points):
        if temperatures_of(point)[0] == 0 and not is_driven(point):
            quenches.setdefault(formula(model_of(point)), []).append(point)
    return [
        curve
        for text, points in quenches.items()
        for part in (_limits, _extrapolations)
        for curve in part(text, sorted(points, key=_inverse_start))
    ]


def formula(model: Covariance) -> str:
    """The covariance as a formula."""
    terms = zip(model.coefficients, model.exponents, strict=True)
    return "$f(q)=" + "+".join(f"{a:.4g}q^{{{p:g}}}" for a, p in terms) + "$"


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
    first, middle, final = (float(energy(np.log(time / DECADE**k))) for k in (2, 1, 0))
    fall, before = middle - final, first - middle
    ratio = fall / before if before != 0 else np.nan
    return final - fall * ratio / (1 - ratio) if 0 < ratio < 1 else np.nan


def _limits(text: str, points: list[xr.Dataset]) -> list[Curve]:
    panel, found = text + LIMIT, []
    for point in points:
        threshold, x = float(point.attrs["threshold_energy"]), _inverse_start(point)
        time, energy = point.time.values[1:], point.energy.values[1:]
        limit = extrapolate(time, energy, point.energy_error_estimate.values[1:])
        shown = slice(0, 0 if limit.refusal else 1)
        note = f"No limit is drawn for {_start_text(point)}: {limit.refusal}."
        found.append(
            Curve(
                panel,
                "data",
                "",
                np.array([x])[shown],
                np.array([limit.energy - threshold])[shown],
                np.array([limit.error])[shown],
                x,
                note=note if limit.refusal else "",
            )
        )
    drawn = [curve for curve in found if curve.x.size and curve.error is not None]
    if not drawn:
        return found
    transition = 1 / spherical_pspin.dynamical_transition(model_of(points[0])).temperature
    ends = [0.0, *(one.y[0] + sign * one.error[0] for one in drawn for sign in (-1, 1))]  # type: ignore[index]
    found.append(_line(panel, MARGINAL, [0.0, max(transition, drawn[-1].x[0])], [0.0, 0.0]))
    return [*found, _line(panel, TRANSITION, [transition] * 2, [min(ends), max(ends)])]


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
    if any(curve.x.size for curve in found):
        end = max(float(curve.x[-1]) for curve in found if curve.x.size)
        found.append(_line(panel, MARGINAL, [FIRST_SHOWN, end], [0.0, 0.0]))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each covariance."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        one.ticklabel_format(axis="y", style="sci", scilimits=(-2, 3), useMathText=True)
        one.set_ylabel(r"$E(\infty) - E_{\rm th}$")
        if name.endswith(LIMIT):
            one.set_xlabel("inverse initial temperature $1/T_0$")
        else:
            one.set(xscale="log", xlabel="longest time $t$ (Langevin)")
    return figure
