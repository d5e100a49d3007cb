"""The linear model of many spins in equilibrium: simulation, closed forms and Dyson's equation.

Points are averages over disorder samples. Solid lines are closed forms, which are Bessel functions
in time. The dashed line is the response from Dyson's equation, solved step by step in time by
convolution quadrature. The legend says how far the points lie from the closed form at most, as a
difference and, from ten samples on, in standard errors (s.e.).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dyson import linear_model
from glasscore.figures.drawing.curves import Curve, in_few_digits
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"name": ["linear"], "field": [0.0]}
RESPONSE, SPECTRUM, TIME = ": response", ": spectrum", ": time"
LINE_POINTS = 200
# The cost of solving Dyson's equation is quadratic in this number of steps.
MARCH_STEPS = 1000
LATEST = 16.0
# It is drawn from this step on: just after the jump of the response, the error is of the order of
# the step.
FIRST_STEP = 20
REAL, IMAGINARY = 0.0, 1.0
# With fewer samples, standard errors are too uncertain to measure deviations by.
FEWEST_SAMPLES = 10


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Up to three panels for each result that starts in equilibrium and has couplings."""
    return [
        curve
        for study, points in results.items()
        for point in points
        if parameters_of(point)["start"] == "equilibrium" and _constants(point)[1] > 0
        for part in (_time, _response, _spectrum)
        for curve in part(_panel(study, point, points), point)
    ]


def _panel(study: str, point: xr.Dataset, points: list[xr.Dataset]) -> str:
    chosen = parameters_of(point)
    texts = in_few_digits(float(parameters_of(each)["T"]) for each in points)
    temperature = f", $T={texts[float(chosen['T'])]}$" if len(texts) > 1 else ""
    return f"{study}, $N={chosen['N']:g}$, $r_0={chosen['model']['r0']:g}${temperature}"


def _time(panel: str, point: xr.Dataset) -> Iterator[Curve]:
    r0, J, T = _constants(point)
    t_max = float(point.time[-1])
    line = np.geomspace(float(point.time[1]), t_max, LINE_POINTS)
    panel += TIME
    later = point.isel(time=slice(1, None))
    time = later.time.values

    def one(name: str, symbol: str, factor: float, colour: float) -> Iterator[Curve]:
        def law(at: np.ndarray) -> np.ndarray:
            if name == "response":
                return factor * linear_model.response(at, r0, J)
            return linear_model.correlation(at, r0, T, J)

        y, error = factor * later[name].values, factor * later[f"{name}_error"].values
        text = _note(symbol, y, law(time), error, point)
        yield Curve(panel, "data", text, time, y, error, colour, colour)
        along = np.union1d(time, line)
        yield Curve(panel, "theory", "closed form", along, law(along), None, colour)

    yield from one("correlation", "$C(t)$", 1.0, REAL)
    if "response" not in point:
        return
    yield from one("response", "$T G(t)$", T, IMAGINARY)
    step = min(t_max, LATEST) / MARCH_STEPS
    marched = linear_model.convolution_response(step, MARCH_STEPS, r0, J)
    grid = step * np.arange(1, MARCH_STEPS + 1)
    shown = np.unique(np.searchsorted(grid, line).clip(FIRST_STEP, MARCH_STEPS - 1))
    label = "Dyson's equation, marched"
    yield Curve(panel, "theory", label, grid[shown], T * marched[shown], None, np.nan)


def _response(panel: str, point: xr.Dataset) -> Iterator[Curve]:
    if "response_spectrum_real" not in point:
        return
    r0, J, _ = _constants(point)
    omega, line = point.frequency.values, _frequencies(point)
    panel += RESPONSE
    response = linear_model.response_spectrum(omega, r0, J)
    law = linear_model.response_spectrum(line, r0, J)
    for part, symbol, exact, shape, colour in (
        ("real", "Re", response.real, law.real, REAL),
        ("imaginary", "Im", response.imag, law.imag, IMAGINARY),
    ):
        y = point[f"response_spectrum_{part}"].values
        error = point[f"response_spectrum_{part}_error"].values
        text = _note(rf"$\mathrm{{{symbol}}}\,G(\omega)$", y, exact, error, point)
        yield Curve(panel, "data", text, omega, y, error, colour, colour)
        yield Curve(panel, "theory", "closed form", line, shape, None, colour)


def _spectrum(panel: str, point: xr.Dataset) -> Iterator[Curve]:
    if "correlation_spectrum" not in point:
        return
    r0, J, T = _constants(point)
    omega, line = point.frequency.values, _frequencies(point)
    panel += SPECTRUM
    y, error = point.correlation_spectrum.values, point.correlation_spectrum_error.values
    exact = linear_model.correlation_spectrum(omega, r0, T, J)
    text = _note(r"$C(\omega)$", y, exact, error, point)
    yield Curve(panel, "data", text, omega, y, error, REAL)
    shape = linear_model.correlation_spectrum(line, r0, T, J)
    yield Curve(panel, "theory", "closed form", line, shape, None, REAL)


def _constants(point: xr.Dataset) -> tuple[float, float, float]:
    chosen = parameters_of(point)
    return float(chosen["model"]["r0"]), float(chosen["model"]["J"]), float(chosen["T"])


def _frequencies(point: xr.Dataset) -> np.ndarray:
    """Frequencies at which a line is computed; those of the points are among them."""
    own = point.frequency.values
    return np.union1d(own, np.linspace(own.min(), own.max(), LINE_POINTS))


def _note(
    symbol: str, y: np.ndarray, exact: np.ndarray, error: np.ndarray, point: xr.Dataset
) -> str:
    """Label of points: their symbol, and their largest deviation, also in standard errors."""
    deviation = np.abs(y - exact)
    text = f"{symbol}, to {deviation.max():.1g}"
    known = error > 0
    if int(point.samples) < FEWEST_SAMPLES or not known.any():
        return text
    return f"{text} ({(deviation[known] / error[known]).max():.1f} s.e.)"


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        if name.endswith(TIME):
            one.set(xscale="log", xlabel="time $t$ (Langevin)", ylabel="correlation and response")
        else:
            one.set(xlabel=r"frequency $\omega$")
            one.set(ylabel=r"$G(\omega)$" if name.endswith(RESPONSE) else r"$C(\omega)$")
    return figure
