r"""Aging of the Gaussian random energy model beside the trap law with a local exponent.

Energies $E$ have the variance $N$, and $T_c=0.849\,J$. At the mean energy
$\langle E(t_w)\rangle$ that has been reached by the waiting time $t_w$, the density of energies,
which is proportional to $e^{-E^2/2N}$, is locally an exponential of slope
$|\langle E\rangle|/N$. A trap model with this slope has the exponent
$x(t_w)=|\langle E(t_w)\rangle|T/N$, which replaces $x=T/T_c$; it is set to zero while the mean
energy is positive. Points are averages over independent samples of the disorder, which are the same
at all times of one $N$ and $T$; times are counted in attempted moves. The aging function $\Pi$ is
the probability of the same configuration at $t_w$ and at $t_w(1+\omega)$, after a further time
$t=\omega t_w$.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    in_few_digits,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.drawing.equilibration import ages, log_end_of_aging
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import is_glassy
from glasscore.figures.drawing.symbols import SmallSymbols
from glasscore.theory import trap_model
from glasscore.theory.random_energy import local_exponent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

RECORDERS = ("configurations",)
ONLY = {"energies": ["gaussian"], "graph": ["hypercube"]}
WINDOW = 0.5
# The axis of aging functions begins this far below the lowest point.
BELOW = 0.05
AGING, EXPONENT, DIFFERENCE = ": aging", ": exponent", ": difference"
LAW = r"$H_x(\omega)$ with $x=x(t_w)$"
OF_EQUILIBRIUM = "$T/T_c$"
# The window that is shown flatters the law if the difference is zero within this factor of it.
NEAR = 4.0
EXPLAINED = {
    LAW: (
        "Solid lines, in the colour of their size, are the law of the trap model, "
        "$H_x(\\omega)=\\frac{\\sin\\pi x}{\\pi}\\int_\\omega^\\infty\\frac{du}{(1+u)u^x}$, at the "
        "measured exponent $x(t_w)$, an approximation without fitted parameters for "
        "$T<T_c$. It is drawn from $t_w=10^3$, when first traps have been found, to "
        "$t_w(1+\\omega)=t_{\\rm eq}/10$. Here $t_{\\rm eq}=e^{(|E_{\\rm min}|-|E_{\\rm th}|)/T}$ "
        "is the time to climb from the mean lowest energy $E_{\\rm min}$ of $2^N$ states to "
        "$E_{\\rm th}=-\\sqrt{2N\\ln N}$, which is, to leading order for many spins, the lowest "
        "energy of $N$ neighbours. At the sizes of a simulation it lies too low, so that lines "
        "end early rather than late."
    ),
    OF_EQUILIBRIUM: (
        "The exponent moves slowly towards its value in equilibrium, which is for many spins "
        "$T/T_c$ (dashed)."
    ),
    DIFFERENCE: (
        "The last panel of a temperature shows the difference $\\Pi-H_x$ from this law after one "
        "power of ten, the last of those with the largest number of points beside the law; errors "
        "of $x(t_w)$ are not counted. We conjecture that points lie below the law after short "
        "times because excursions from a trap are counted as leaving it, and above after long "
        "times because the dynamics returns to the same trap; the trap model has neither. "
        "The law need not become better as $N$ grows at fixed $t_w$: the theorem of "
        "G. Ben Arous, A. Bovier, J. Cerny (2008) holds at times $t_w=e^{\\gamma N}$ with fixed "
        "$\\gamma>0$, and at fixed $t_w$ more spins are farther from such times."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each study and temperature; colours and markers stand for the size."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for T in sorted(texts):
            some = [point for point in points if temperature_and_size(point)[0] == T]
            panel = f"{study}\n$T={texts[T]}$"
            for part in (_aging, _exponents):
                found += [curve for point in some for curve in part(panel, point)]
            found += _equilibrium(panel, some)
            found += _differences(panel, some)
    return [_by_size(curve) for curve in found]


def _by_size(curve: Curve) -> Curve:
    """A curve whose colour stands for its size."""
    if np.isnan(curve.colour):
        return curve
    label = curve.marker_label or curve.label
    return curve._replace(label=label, colour=curve.marker, colour_label="", marker_label="")


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
        f"$\\chi^2/n={np.mean(z**2):.3g}$ over $n={z.size}$ points, which are correlated; it would "
        "be near 1 if the law were exact."
    )


def _shape(differences: list[Curve]) -> str:
    """How the difference changes with the window, at each size, and where it is zero."""
    said, zeros = [], []
    for curve in differences:
        first, last = int(np.argmin(curve.y)), int(np.argmax(curve.y))
        if not (curve.y[first] < 0 < curve.y[last] and first < last):
            return ""
        said.append(
            f"from ${curve.y[first]:.3f}$ at $\\omega={curve.x[first]:g}$ to "
            f"${curve.y[last]:.3f}$ at $\\omega={curve.x[last]:g}$ for {curve.marker_label}"
        )
        before = last - 1 - int(np.argmax(curve.y[first:last][::-1] < 0))
        around = slice(before, before + 2)
        zeros.append(float(np.exp(np.interp(0.0, curve.y[around], np.log(curve.x[around])))))
    if not said:
        return ""
    text = (
        "All sizes have the same shape: the difference rises "
        f"{listed_in_words(said, 'and')}. It is zero between "
        f"$\\omega={min(zeros):.2g}$ and ${max(zeros):.2g}$"
    )
    if max(min(zeros) / WINDOW, WINDOW / max(zeros)) < NEAR:
        text += ", close to the window of the first panel, which flatters the law there"
    return f"{text}."


def _ends(points: list[xr.Dataset]) -> str:
    """Until when the law is drawn, where this is before the end of the run."""
    ended = []
    for point in points:
        T, N = temperature_and_size(point)
        end = log_end_of_aging(point) / np.log(10)
        if is_glassy(point) and end < np.log10(point.waiting_time.values[-1]):
            ended.append(f"$10^{{{end:.1f}}}$ for $N={N:g}$, $T={T:.4g}$")
    if not ended:
        return ""
    return f"The time $t_{{\\rm eq}}/10$ lies within the run at {listed_in_words(ended, 'and')}."


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
    for row, x in zip(law, exponents, strict=True):
        if 0 < x < 1:
            row[:] = trap_model.aging_function(omega, x)
    start = np.broadcast_to(time[:, np.newaxis], law.shape)
    return np.where(ages(point, start, start * (1 + omega)), law, np.nan)


def _aging(study: str, point: xr.Dataset) -> list[Curve]:
    window = int(np.argmin(np.abs(point.window.values - WINDOW)))
    one = point.isel(window=window)
    panel = f"{study}, $\\omega={float(one.window):g}${AGING}"
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
    return [data_of_point(study + EXPONENT, point, time, _exponent(point), error)]


def _equilibrium(study: str, points: list[xr.Dataset]) -> list[Curve]:
    """The exponent of equilibrium, where it is below 1."""
    x = trap_exponent(points[0])
    if not is_glassy(points[0]):
        return []
    times = [point.waiting_time.values for point in points]
    ends = np.array([min(time[0] for time in times), max(time[-1] for time in times)])
    level = np.full(2, x)
    return [Curve(study + EXPONENT, "theory", OF_EQUILIBRIUM, ends, level, None, np.nan)]


def _differences(study: str, points: list[xr.Dataset]) -> list[Curve]:
    """The differences from the law after one waiting time, against the window."""
    known = [np.isfinite(_law(point)) & point.same_configuration.notnull() for point in points]
    numbers: dict[float, int] = {}
    for one in known:
        for time, number in zip(one.waiting_time.values, one.sum("window").values, strict=True):
            # The last bit of a logarithm may depend on the machine.
            if np.isclose(time, 10.0 ** np.round(np.log10(time)), rtol=1e-9):
                numbers[time] = numbers.get(time, 0) + int(number)
    most = max(numbers.values(), default=0)
    if most == 0:
        return []
    time = max(time for time, number in numbers.items() if number == most)
    panel = f"{study}, $t_w=10^{{{np.log10(time):.0f}}}${DIFFERENCE}"
    found = []
    for point, shown in zip(points, known, strict=True):
        if time in point.waiting_time and shown.sel(waiting_time=time).any():
            at = point.waiting_time.values == time
            one = point.isel(waiting_time=at, window=shown.values[at][0])
            omega, law = one.window.values, _law(one)[0]
            y, error = one.same_configuration.values[0], one.same_configuration_error.values[0]
            found.append(data_of_point(panel, point, omega, y - law, error))
    ends = np.array([min(c.x.min() for c in found), max(c.x.max() for c in found)])
    note = " ".join(filter(None, [_shape(found), _deviations(found), _ends(points)]))
    return [*found, Curve(panel, "theory", "", ends, np.zeros(2), None, np.nan, note=note)]


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each study and temperature."""
    figure, axes = draw_panels(curves, columns=3, looks=SmallSymbols)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="waiting time $t_w$ (attempts)")
        if name.endswith(DIFFERENCE):
            one.set(xlabel=r"window $\omega$", ylabel=r"difference $\Pi-H_x$")
        elif name.endswith(AGING):
            lowest = max(0.0, one.dataLim.intervaly[0] - BELOW)
            one.set(ylim=(lowest, 1.02), ylabel=r"same configuration, $\Pi$")
        else:
            one.set(ylabel=r"local exponent $x(t_w)$")
    return figure
