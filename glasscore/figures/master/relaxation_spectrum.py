r"""Relaxation times of few spins: the slowest mode against temperature, and all modes beside it.

The relaxation times $\tau_1 \geq \tau_2 \geq \ldots$ of the master equation are exact for each
disorder sample. The first panel of a study shows the mean decimal logarithm
$\langle\log_{10}\tau_1\rangle$ of the longest one over samples, against the inverse temperature.
The second panel shows the slope $d\langle\ln\tau_1\rangle/d(J/T)$ between neighbouring
temperatures, the apparent energy barrier of the slowest mode in units of $J$, which is a barrier of
the landscape only as $T \to 0$. All temperatures of a size have the same samples. Points are means
over samples; both panels have one marker for each $N$, in its colour. The third panel shows which
share of the modes $m$ has a relaxation time $\tau_m$ above the time on the axis: for each $N$ at
the lowest temperature, and for the largest $N$ also at others. This share is a mean over samples,
too; lines end where it is no longer larger than twice its standard error. One attempted move of one
spin is the unit of time.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.estimates.samples import mean_and_error
from glasscore.figures.drawing.curves import (
    SOLUTION,
    Curve,
    above_noise,
    in_few_digits,
    temperature_and_size,
    with_shared_samples,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples, on_unit, remark
from glasscore.figures.drawing.solved_models import goes_down_freely, has_independent_energies
from glasscore.figures.drawing.symbols import Symbols
from glasscore.theory.independent_energies import mean_number_of_minima

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OBSERVABLES = ("relaxation_times",)
MOST_TEMPERATURES = 3
POINTS_PER_DECADE = 20
FEWEST_ERRORS = 2.0
DECADE = np.log(10.0)
LONGEST, SLOPE, SHARE = ": longest", ": slope", ": share"
BARRIER, MINIMA = r"$\langle\Delta E_{\max}\rangle/J$", "share of minima"
EXPLAINED = {
    BARRIER: (
        r"Horizontal lines in the second panel are the mean of $\Delta E_{\max}$, the largest "
        "barrier from a minimum to a deeper one in the landscape of a sample, over the same "
        r"samples. The slope tends to it as $T \to 0$ (R. A. Holley and D. W. Stroock, 1988); "
        "nothing is fitted. At higher temperatures points may lie above it. The errors of both are "
        "correlated, so that their difference is known better than the bars suggest. Where each "
        "state has the energy of its mirror image, the barrier between the two ground states "
        "counts, too."
    ),
    MINIMA: (
        "Thin dotted lines in the third panel show how many modes become infinitely slow as "
        r"$T \to 0$: one for each minimum but the deepest. Shares of modes have a plateau there "
        "only at temperatures so low that these times are far from all others. It is the share "
        "$(n - 1)/(2^N - 1)$ of the modes, where $n = 2^N/(N + 1)$ is the exact mean number of "
        "minima of independent energies."
    ),
}
INVERSE = "inverse temperature $J/T$"
SYMBOLS = {
    LONGEST: (INVERSE, r"longest time $\langle\log_{10}\tau_1\rangle$"),
    SLOPE: (INVERSE, r"slope $d\langle\ln\tau_1\rangle/d(J/T)$"),
    SHARE: ("time (attempts)", r"share of modes with longer $\tau_m$"),
}
OTHER_RULE = (
    "With this rule the rates do not depend on saddles alone, so that no barrier of the landscape "
    "is drawn."
)
NO_MINIMA = (
    "The share of minima is not drawn, since no law gives it for these energies, and the files "
    "hold no number of minima."
)
ONE_TEMPERATURE = "There is only one temperature, and a slope needs two."


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A row of three panels for each study."""
    found = []
    for study, points in results.items():
        groups = with_shared_samples(points)
        found += [_longest(study + LONGEST, group) for group in groups]
        found += [curve for group in groups for curve in _slopes(study + SLOPE, group)]
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        panels, largest = [study + LONGEST, study + SLOPE, study + SHARE], groups[-1]
        for group in groups:
            some = _few(group) if group is largest else group[-1:]
            found += [_share(study + SHARE, point, texts) for point in some]
            found += _minima(study + SHARE, group[-1], last=found[-1].x[-1])
        found += [*on_unit(panels, points[0]), *on_samples(panels, points)]
        if not has_independent_energies(points[0]):
            found.append(remark(study + SHARE, NO_MINIMA))
    return found


def _few(points: list[xr.Dataset]) -> list[xr.Dataset]:
    """A few results at temperatures from the highest to the lowest, both included."""
    ranks = np.linspace(0, len(points) - 1, min(len(points), MOST_TEMPERATURES))
    return [points[rank] for rank in np.unique(np.round(ranks).astype(int))]


def _inverse_temperatures(group: list[xr.Dataset]) -> np.ndarray:
    return np.array([1.0 / temperature_and_size(point)[0] for point in group])


def _known(error: np.ndarray) -> np.ndarray | None:
    """Errors, or ``None`` if they are not known because there is one sample."""
    return error if np.isfinite(error).all() else None


def _marker(N: float) -> float:
    """The number for the marker of a size: unlike those of temperatures, which choose dashes."""
    return -1.0 / N


def _longest(panel: str, group: list[xr.Dataset]) -> Curve:
    N = temperature_and_size(group[0])[1]
    logarithm = np.array([float(point.log_relaxation_time) for point in group])
    error = np.array([float(point.log_relaxation_time_error) for point in group])
    size = f"$N={N:g}$"
    beta = _inverse_temperatures(group)
    return Curve(
        panel, "data", size, beta, logarithm / DECADE, _known(error / DECADE), N, _marker(N), size
    )


def _slopes(panel: str, group: list[xr.Dataset]) -> list[Curve]:
    """Slopes between neighbouring temperatures, and the barrier that they tend to."""
    N, beta = temperature_and_size(group[0])[1], _inverse_temperatures(group)
    size, steps = f"$N={N:g}$", np.diff(beta)
    if steps.size == 0:
        empty = np.array([])
        return [
            Curve(
                panel, "data", size, empty, empty, None, N, _marker(N), size, note=ONE_TEMPERATURE
            )
        ]
    # All temperatures of a group have the same samples, so that differences have small errors.
    logarithms = -np.log([point.relaxation_rate.values[:, 0] for point in group])
    mean, error = mean_and_error(np.diff(logarithms, axis=0) / steps[:, np.newaxis], axis=1)
    middle = 0.5 * (beta[1:] + beta[:-1])
    free = goes_down_freely(group[0])
    note = "" if free else OTHER_RULE
    slopes = Curve(panel, "data", size, middle, mean, _known(error), N, _marker(N), size, note=note)
    if not free:
        return [slopes]
    # A sample with a single minimum has no barrier, and no time that grows without bound.
    barrier = np.full(2, np.nan_to_num(group[-1].largest_barrier.values).mean())
    return [slopes, Curve(panel, "theory", BARRIER, beta[[0, -1]], barrier, None, N, N)]


def _share(panel: str, point: xr.Dataset, texts: dict[float, str]) -> Curve:
    """The mean share of slower modes; dashes stand for the temperature."""
    T, N = temperature_and_size(point)
    logarithms = -np.log10(point.relaxation_rate.values)
    first, last = logarithms.min() - 0.1, logarithms.max()
    time = np.linspace(first, last, int((last - first) * POINTS_PER_DECADE) + 2)
    modes = np.sort(logarithms, axis=1)
    slower = [1.0 - np.searchsorted(sample, time, "right") / sample.size for sample in modes]
    mean, error = mean_and_error(slower)
    seen = above_noise(mean, error, FEWEST_ERRORS)
    size, temperature = f"$N={N:g}$", f"$T={texts[T]}$"
    label = f"{size}, {temperature}"
    # Sizes and temperatures are told apart by two lists, which begin with the lowest temperature.
    return Curve(panel, SOLUTION, label, 10.0 ** time[seen], mean[seen], _known(error[seen]), N, T,
                 size, temperature)  # fmt: skip


def _minima(panel: str, point: xr.Dataset, last: float) -> list[Curve]:
    """The share of modes that become slow, up to the end of the line of the coldest result."""
    if not (goes_down_freely(point) and has_independent_energies(point)):
        return []
    N = temperature_and_size(point)[1]
    share = (float(mean_number_of_minima(N)) - 1.0) / (2.0**N - 1.0)
    # A mode is slow if its time exceeds that of moves down, which is of the order of N.
    ends = np.array([N, max(N, last)])
    return [Curve(panel, "theory", MINIMA, ends, np.full(2, share), None, N, N)]


class _Looks(Symbols):
    """Dashes stand for temperatures, so that laws have solid and dotted lines."""

    def line(self, curve: Curve) -> dict[str, Any]:
        """How a line is drawn."""
        if curve.label == BARRIER:
            # It is in the colour of the points, and behind them.
            return {"color": self.ink(curve), "linestyle": "-", "zorder": 2}
        return {**super().line(curve), "linestyle": ":", "linewidth": 0.7}


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each study."""
    figure, axes = draw_panels(curves, columns=3, looks=_Looks)
    for name, one in axes.items():
        kind = ":" + name.rpartition(":")[2]
        abscissa, ordinate = SYMBOLS[kind]
        one.set(xlabel=abscissa, ylabel=ordinate)
        if kind == SHARE:
            one.set(xscale="log", yscale="log")
        if kind == SLOPE:
            one.set_ylim(bottom=0.0)
    return figure
