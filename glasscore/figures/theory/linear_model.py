r"""Dyson's equation of the linear model: numerical solutions beside closed forms.

In the linear model each of many spins has the energy $r_0 S^2 / 2$ and random couplings of variance
$J^2/N$ to all others; it is critical at $r_0 = 2 J$. $G$ is the response of a spin to a field, and
$C$ its correlation, against the frequency $\omega$ and the time $t$ of the Langevin equation $\dot
S_i = -r_0 S_i + \sum_j J_{ij} S_j + \xi_i$ with noise of variance $2 T$; $r_0$, $J$, $\omega$ and
$1/t$ have the same unit. Lines are closed forms: with $s = r_0 - i \omega$ and the Bessel function
$I_1$, $G(\omega) = 2 / (s + \sqrt{s^2 - 4 J^2})$ and $C(\omega) = 2 T\, \mathrm{Im}\, G(\omega) /
\omega$; $G(t) = e^{-r_0 t} I_1(2 J t) / (J t)$ and $C(t) = T \int_t^\infty G(t')\, dt'$.

Points are numerical solutions of Dyson's equation, $G = 1 / (r_0 - i \omega - J^2 G)$, which use
nothing of these closed forms. In frequency, $G_{n+1} = 1 / (r_0 - i \omega - J^2 G_n)$ is iterated;
one panel shows $J \Delta G_n$, by how much iteration $n$ still changes $J G$ at most at all
frequencies. The smaller $\omega$ is, the more iterations it takes at $r_0 = 2 J$, about
$\omega^{-1/2}$. In time the equation is solved step by step (convolution quadrature of order 4);
one panel shows $|\Delta G| / G$, the relative error of this solution. Only the first steps after
the jump of $G$ at $t = 0$ stay inaccurate for smaller steps, too. Errors are small where they
change sign.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline

from glasscore.dyson.linear_model import critical_coefficient
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points, titled
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("linear_model",)
RESPONSE, SPECTRUM, CHANGE = ": response", ": spectrum", ": change"
TIME, DECAY, DIFFERENCE = ": time", ": decay", ": difference"
TITLES = {
    RESPONSE: "response, iterated",
    SPECTRUM: "correlation, iterated",
    CHANGE: "convergence",
    TIME: "response, in steps",
    DECAY: "correlation",
    DIFFERENCE: "error of steps",
}
OF_SPECTRUM = r"$2T (2/J^3 \omega)^{1/2}$"
OF_RESPONSE = r"$2 (4 \pi)^{-1/2} (Jt)^{-3/2}$"
OF_CORRELATION = r"$2T J^{-1} (\pi J t)^{-1/2}$"
# Limits are drawn higher than they are, since they would not be seen on the lines.
RAISED = 2
AT_CRITICALITY = (
    "Dotted lines are the exact limits of low frequencies and of long times at $r_0 = 2 J$, drawn "
    "twice as high to be seen beside the lines."
)
EXPLAINED = dict.fromkeys((OF_SPECTRUM, OF_RESPONSE, OF_CORRELATION), AT_CRITICALITY) | {
    "$r_0=": (
        r"Colours tell $r_0$. Changes and errors below $2 \cdot 10^{-16}$, the accuracy of "
        r"numbers, are not drawn. Curves against time end where $G$ or $C$ falls below $10^{-7}$."
    ),
    DECAY: (
        "Points of $C(t)$ are the closed form at the last time and $T$ times the integral of the "
        "numerical $G$ from $t$ to this time."
    ),
}
# Entries of the legend, which have no curves of their own.
PARTS = {
    r"$\mathrm{Re}\,G$": r"Solid lines and circles are the real part, $\mathrm{Re}\,G$.",
    r"$\mathrm{Im}\,G$": r"Dashed lines and squares are the imaginary part, $\mathrm{Im}\,G$.",
}
EVERY = 5
# The smallest response and correlation that are drawn.
LEAST = 1e-7
# Below this, differences are rounding errors.
ROUNDING = 2e-16
# What halving the step changes is compared for relative errors above this, after so many steps.
LARGE, LATER = 1e-9, 60


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Six panels for each study: three by frequency or iteration, then three by time."""
    alone = len(results) == 1
    return [
        curve._replace(panel=titled(curve.panel, TITLES, alone))
        for study, solved in results.items()
        for one in solved
        for part in (_response, _spectrum, _change, _time, _decay, _difference)
        for curve in part(study, one)
    ]


def _response(study: str, one: xr.Dataset) -> list[Curve]:
    panel, found = study + RESPONSE, []
    few = one.isel(frequency=slice(None, None, EVERY))
    for r0 in one.r0.values:
        at = {"r0": r0}
        for part, style in (("real", 0), ("imaginary", 1)):
            label = _force(r0) if style == 0 else ""  # the legend has one entry for each r_0
            shape = one[f"response_{part}"].sel(at)
            found.append(line(panel, label, one.frequency, shape, r0, style))
            values = few[f"iterated_response_{part}"].sel(at)
            found.append(points(panel, "", few.frequency, values, None, r0, style))
    apart = np.hypot(
        one.iterated_response_real - one.response_real,
        one.iterated_response_imaginary - one.response_imaginary,
    )
    note = (
        f"After {one.sizes['iteration']} iterations, $G$ differs from its closed form by "
        f"{_in_tex(float(apart.max()))} at most."
    )
    parts = [
        line(panel, name, [], [], style=style)._replace(note=text)
        for style, (name, text) in enumerate(PARTS.items())
    ]
    return [found[0]._replace(note=note), *found[1:], *parts]


def _force(r0: float) -> str:
    return f"$r_0={r0:g}$"


def _in_tex(value: float) -> str:
    """A small number with one digit, as a formula."""
    digit, exponent = f"{value:.0e}".split("e")
    return rf"${digit} \cdot 10^{{{int(exponent)}}}$"


def _spectrum(study: str, one: xr.Dataset) -> list[Curve]:
    T = float(one["T"].max())
    if T == 0:
        return []
    panel, found = study + SPECTRUM, []
    few = one.isel(frequency=slice(None, None, EVERY))
    for r0 in one.r0.values:
        at = {"r0": r0, "T": T}
        shape = one.correlation_spectrum.sel(at)
        found.append(line(panel, _force(r0), one.frequency, shape, r0))
        values = few.iterated_correlation_spectrum.sel(at)
        found.append(points(panel, "", few.frequency, values, None, r0))
    J, omega = float(parameters_of(one)["J"]), one.frequency.values
    low = omega[omega <= J]
    found[0] = found[0]._replace(note=f"$C$ is drawn at $T={T:g}$.")
    return found + _limit(one, panel, OF_SPECTRUM, low, T * np.sqrt(2 / (J**3 * low)))


def _change(study: str, one: xr.Dataset) -> list[Curve]:
    """How iterations converge; changes by less than rounding errors are left out."""
    found = []
    for r0 in one.r0.values:
        change = one.change.sel(r0=r0).values
        seen = change > ROUNDING
        number = one.iteration.values[seen]
        found.append(line(study + CHANGE, _force(r0), number, change[seen], r0))
    return found


def _time(study: str, one: xr.Dataset) -> list[Curve]:
    panel, found = study + TIME, []
    few = one.isel(time=slice(None, None, 2))
    for r0 in one.r0.values:
        at = {"r0": r0}
        found.append(_until_least(line(panel, _force(r0), one.time, one.response.sel(at), r0)))
        # Where the error of the solution exceeds half of it, nothing is to be seen.
        known = few.marched_response > 2 * few.marched_response_error_estimate
        values = few.marched_response.where(known).sel(at)
        found.append(_until_least(points(panel, "", few.time, values, None, r0)))
    J = float(parameters_of(one)["J"])
    late = one.time.values[one.time.values >= 1 / J]
    return found + _limit(one, panel, OF_RESPONSE, late, (J * late) ** -1.5 / np.sqrt(4 * np.pi))


def _decay(study: str, one: xr.Dataset) -> list[Curve]:
    T = float(one["T"].max())
    if T == 0:
        return []
    panel = study + DECAY
    found = []
    for r0 in one.r0.values:
        exact = one.correlation.sel(r0=r0, T=T)
        found.append(_until_least(line(panel, _force(r0), one.time, exact, r0)))
        computed = float(exact[-1]) + T * _integral_to_the_end(one.marched_response.sel(r0=r0))
        few = slice(None, None, 2)
        solved = points(panel, "", one.time.values[few], computed[few], None, r0)
        found.append(_until_least(solved))
    J = float(parameters_of(one)["J"])
    found[0] = found[0]._replace(note=f"$C$ is drawn at $T={T:g}$ and $J={J:g}$.")
    late = one.time.values[one.time.values >= 1 / J]
    return found + _limit(one, panel, OF_CORRELATION, late, T / J / np.sqrt(np.pi * J * late))


def _integral_to_the_end(values: xr.DataArray) -> np.ndarray:
    """The integral of a function from each of its times to the last, by splines in log t."""
    logarithm = np.log(values.time.values)
    whole = CubicSpline(logarithm, values.time.values * values.values).antiderivative()
    return np.asarray(whole(logarithm[-1]) - whole(logarithm))


def _difference(study: str, one: xr.Dataset) -> list[Curve]:
    """How far the solution in time is from the closed form, where that is not too small."""
    apart = abs(one.marched_response / one.response - 1).where(one.response >= LEAST)
    found = [
        points(study + DIFFERENCE, "", one.time, apart.where(apart > ROUNDING).sel(r0=r0), None, r0)
        for r0 in one.r0.values
    ]
    return [found[0]._replace(note=_on_step(one, apart)), *found[1:]]


def _on_step(one: xr.Dataset, apart: xr.DataArray) -> str:
    """The step, and by how much halving it made the errors smaller."""
    J, step = float(parameters_of(one)["J"]), float(one.attrs["time_step"])
    text = rf"The step is ${J * step:g}/J$."
    # The error of the double step is that of the step, and what halving it changed.
    changed = one.marched_response_error_estimate / one.response
    seen = (apart > LARGE) & (one.time > LATER * step)
    factors = (1 + changed / apart).where(seen).values
    factors = factors[np.isfinite(factors)]
    if not factors.size:
        return text
    return (
        rf"{text} Relative errors above $10^{{{np.log10(LARGE):.0f}}}$ after $t = "
        rf"{J * LATER * step:g}/J$ are {factors.min():.1f} to {factors.max():.1f} times smaller "
        "than those of the double step; a method of order 4 gives 16 for small steps. Errors near "
        "$10^{-12}$ are of rounding."
    )


def _until_least(curve: Curve) -> Curve:
    seen = curve.y >= LEAST
    return curve._replace(x=curve.x[seen], y=curve.y[seen])


def _limit(one: xr.Dataset, panel: str, label: str, x: np.ndarray, law: np.ndarray) -> list[Curve]:
    """A law at criticality, if the study has the critical coefficient."""
    critical = critical_coefficient(parameters_of(one)["J"])
    if not np.isclose(one.r0.values, critical).any():
        return []
    return [line(panel, label, x, RAISED * law, style=2)]


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels of a study in two rows."""
    columns = 3 if any(curve.panel.endswith(SPECTRUM) for curve in curves) else 2
    figure, axes = draw_line_panels(curves, columns)
    labels = {
        RESPONSE: (r"frequency $\omega$", r"response $G(\omega)$"),
        SPECTRUM: (r"frequency $\omega$", r"$C(\omega)$"),
        CHANGE: ("iteration $n$", r"$J \Delta G_n$"),
        TIME: ("time $t$ (Langevin)", "response $G(t)$"),
        DECAY: ("time $t$ (Langevin)", "correlation $C(t)$"),
        DIFFERENCE: ("time $t$ (Langevin)", r"$|\Delta G|/G$"),
    }
    for name, one in axes.items():
        x, y = labels[":" + name.rpartition(":")[2]]
        one.set(xscale="log", yscale="log", xlabel=x, ylabel=y)
        if name.endswith((CHANGE, DIFFERENCE)):
            one.set_ylim(bottom=ROUNDING / 2)
    return figure
