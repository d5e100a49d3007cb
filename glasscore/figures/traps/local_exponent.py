r"""Aging of the Gaussian random energy model beside the trap law with a local exponent.

Energies $E$ of variance $N$ have no single exponential tail, and so trapping times have no single
exponent $x$. The slope of the logarithm of their density at the mean energy that has
been reached by the waiting time $t_w$, divided by $\beta=1/T$, takes its place:
$x(t_w)=|\langle E(t_w)\rangle|/(N\beta)$, which is zero while the mean energy is positive. Points
are averages over independent samples of the disorder, and times are counted in attempted moves.
The aging function $\Pi$ is the probability of the same configuration at $t_w$ and at
$t_w(1+\omega)$. In the first panel of a study the window $\omega$ is the one that is nearest to
$1/2$; the second panel shows how slowly the exponent moves towards its value in equilibrium.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    results_by_panel,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import is_glassy
from glasscore.theory import trap_model
from glasscore.theory.random_energy import local_exponent, log_equilibration_time

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

RECORDERS = ("configurations",)
ONLY = {"energies": ["gaussian"], "graph": ["hypercube"]}
WINDOW = 0.5
# Before this time the first local minima are still being found.
FIRST_TRAP_TIME = 1e4
AGING, EXPONENT, DIFFERENCE = ": aging", ": exponent", ": difference"
LAW = r"$H_x(\omega)$ with $x=x(t_w)$"
EQUILIBRIUM = r"$\min(1, T/T_c)$"
EXPLAINED = {
    LAW: (
        "The line is the law of the trap model, "
        "$H_x(\\omega)=\\frac{\\sin\\pi x}{\\pi}\\int_\\omega^\\infty\\frac{du}{(1+u)u^x}$, at the "
        "measured exponent $x(t_w)$. It is an approximation without fitted parameters, expected "
        "for many spins below $T_c$ after the first traps have been found and before equilibrium. "
        "It is therefore drawn from $t_w=10^4$ on and up to the time "
        "$t_w(1+\\omega)=e^{(|E_{\\rm min}|-|E_{\\rm th}|)/T}$, an estimate of the end of aging "
        "from the mean lowest energy $E_{\\rm min}$ of $2^N$ states and the threshold "
        "$E_{\\rm th}$, the typical lowest energy of $N$ neighbours."
    ),
    EQUILIBRIUM: (
        "Horizontal lines $\\min(1,T/T_c)$ are the exponent in equilibrium for many spins, where "
        "$T_c$ is the critical temperature."
    ),
    DIFFERENCE: (
        "The last panel of a study shows the difference $\\Pi-H_x$ from this law against the "
        "window, after the last waiting time that is a power of ten and at which the law is "
        "expected to hold for most of the points. Other waiting times are left out of this panel, "
        "and errors of $x(t_w)$ are not counted. If the law held, the points would lie on the "
        "line at zero within their errors."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each study: aging functions, local exponents, and differences from H."""
    found = []
    for study, points in results_by_panel(results).items():
        for part in (_aging, _exponents):
            found += [curve for point in points for curve in part(study, point)]
        found += _differences(study, points)
    return found


def _deviations(differences: list[Curve]) -> str:
    """How far points lie from the law, in units of their errors, and by themselves."""
    errors = np.concatenate([np.asarray(curve.error) for curve in differences])
    values = np.concatenate([curve.y for curve in differences])
    sizes = np.concatenate([np.full(curve.y.size, curve.marker) for curve in differences])
    z = values[errors > 0] / errors[errors > 0]
    typical = [
        f"{np.sqrt(np.mean(values[sizes == N] ** 2)):.2g} for $N={N:g}$" for N in np.unique(sizes)
    ]
    said = f"The root mean square of the differences is {listed_in_words(typical, 'and')}"
    if z.size == 0:
        return f"{said}."
    return (
        f"{said}. In units of their standard errors the mean square is "
        f"$\\chi^2/n={np.mean(z**2):.3g}$ over $n={z.size}$ points, which share samples; it would "
        "be near 1 if the law were exact."
    )


def _exponent(point: xr.Dataset) -> Array:
    """The exponent x(t_w), of the shape (waiting_time,); zero while the mean energy is positive."""
    T, N = temperature_and_size(point)
    if T == 0:
        return np.zeros(point.sizes["waiting_time"])
    return local_exponent(np.minimum(point.waiting_energy.values, 0.0), N, T)


def _law(point: xr.Dataset) -> Array:
    """H_x(t_w)(omega) of the shape (waiting_time, window); NaN where it is not expected to hold."""
    omega, time, exponents = point.window.values, point.waiting_time.values, _exponent(point)
    law = np.full((exponents.size, omega.size), np.nan)
    if not is_glassy(point):
        return law
    T, N = temperature_and_size(point)
    for row, x in zip(law, exponents, strict=True):
        if 0 < x < 1:
            row[:] = trap_model.aging_function(omega, x)
    later = np.log(time[:, np.newaxis] * (1 + omega))
    law[later > log_equilibration_time(N, T, "gaussian")] = np.nan
    law[time < FIRST_TRAP_TIME] = np.nan
    return law


def _aging(study: str, point: xr.Dataset) -> list[Curve]:
    window = int(np.argmin(np.abs(point.window.values - WINDOW)))
    one = point.isel(window=window)
    panel = rf"{study}, $\omega={float(one.window):g}${AGING}"
    kept = one.same_configuration.notnull().values
    time = one.waiting_time.values
    law = _law(point)[:, window]
    known = kept & np.isfinite(law)
    return [
        data_of_point(
            panel,
            point,
            time[kept],
            one.same_configuration.values[kept],
            one.same_configuration_error.values[kept],
        ),
        theory_of_point(panel, point, time[known], law[known], LAW),
    ]


def _exponents(study: str, point: xr.Dataset) -> list[Curve]:
    T, N = temperature_and_size(point)
    time, error = point.waiting_time.values, point.waiting_energy_error.values * T / N
    # In equilibrium above T_c the energy is -N beta.
    limit = np.full(2, min(1.0, trap_exponent(point)))
    return [
        data_of_point(study + EXPONENT, point, time, _exponent(point), error),
        theory_of_point(study + EXPONENT, point, time[[0, -1]], limit, EQUILIBRIUM),
    ]


def _differences(study: str, points: list[xr.Dataset]) -> list[Curve]:
    """The differences from the law after one waiting time, against the window."""
    known = [np.isfinite(_law(point)) & point.same_configuration.notnull() for point in points]
    numbers: dict[float, int] = {}
    for one in known:
        for time, number in zip(one.waiting_time.values, one.sum("window").values, strict=True):
            if np.log10(time) == np.round(np.log10(time)):
                numbers[time] = numbers.get(time, 0) + int(number)
    most = max(numbers.values(), default=0)
    if most == 0:
        return []
    time = max(time for time, number in numbers.items() if number == most)
    panel = f"{study}, $t_w=10^{{{np.log10(time):g}}}${DIFFERENCE}"
    found = []
    for point, shown in zip(points, known, strict=True):
        if time in point.waiting_time and shown.sel(waiting_time=time).any():
            at = point.waiting_time.values == time
            one = point.isel(waiting_time=at, window=shown.values[at][0])
            omega, law = one.window.values, _law(one)[0]
            y, error = one.same_configuration.values[0], one.same_configuration_error.values[0]
            found.append(data_of_point(panel, point, omega, y - law, error))
    ends = np.array([min(c.x.min() for c in found), max(c.x.max() for c in found)])
    note = _deviations(found)
    return [*found, Curve(panel, "theory", "", ends, np.zeros(2), None, np.nan, note=note)]


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each study."""
    figure, axes = draw_panels(curves, columns=3)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="waiting time $t_w$ (attempts)")
        if name.endswith(DIFFERENCE):
            one.set(xlabel=r"window $\omega$", ylabel=r"difference $\Pi-H_x$")
        elif name.endswith(AGING):
            one.set(ylim=(0, 1.02), ylabel=r"same configuration, $\Pi$")
        else:
            one.set(ylabel=r"local exponent $x(t_w)$")
    return figure
