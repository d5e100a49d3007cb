r"""Markov-state models of basins: implied times against the lag, and a test of the Markov property.

A Markov-state model knows only in which basin of attraction the spins are, and describes their
dynamics by the probabilities $P_{AB}(t)$ of transitions from basin $A$ to basin $B$ within a lag
$t$ in equilibrium. Points are the times $-t/\ln\lambda_m(t)$ that the largest eigenvalues
$\lambda_m$ of $P(t)$ below 1 imply, in one disorder sample, the first: those of different samples
differ by decades. All numbers follow exactly from the master equation; one attempted move of one
spin is the unit of time. Times are left out at lags at which $\lambda_m$ or $1 - \lambda_m$ is
below $10^{-8}$, so that they would be lost in rounding. The last panel of a study is a test of the
Markov property, averaged over samples: $\max_A |P_{AA}(2t) - (P(t)^2)_{AA}|$, the largest
difference between the probability of the same basin after $2t$ and what two steps of the model
predict for it. It would be 0 in an exact model. From the first difference on that is below
$10^{-12}$, where rounding sets in, or below twice its standard error, points are left out.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    above_noise,
    data_of_point,
    in_few_digits,
    temperature_and_size,
)
from glasscore.figures.drawing.page import draw_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OBSERVABLES = ("markov_states",)
TIMES, TEST = ": times", ": test"
# The times of one sample are shown, since those of different samples differ by decades.
SAMPLE = 0
EXACT = r"exact $\tau_m$"
# Differences of probabilities below this are lost in rounding.
ROUNDING = 1e-12
FEWEST_ERRORS = 2.0
# More than any mode.
MANY_MODES = 100
EXPLAINED = {
    EXACT: (
        r"Lines are the exact relaxation times $\tau_m$ of the same sample, where $m = 1$ is the "
        "slowest mode. Implied times lie below them, and reach them once transitions no longer "
        "depend on how the spins entered the basin."
    ),
    "$m=": (
        "A mode has no points if it relaxes inside basins, so that transitions between them do "
        "not show it, or where there are fewer basins than modes."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Implied times of one sample at each size and temperature, then one panel for the test."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for point in points:
            T, N = temperature_and_size(point)
            found += _times(f"{study}, $N={N:g}$, $T={texts[T]}${TIMES}", point)
        for rank, point in enumerate(points):
            mean, error = point.markov_deviation.values, point.markov_deviation_error.values
            seen = above_noise(np.where(mean > ROUNDING, mean, 0.0), error, FEWEST_ERRORS)
            shown = point.lag_time.values[seen], mean[seen], error[seen]
            data = data_of_point(study + TEST, point, *shown)
            # Colours stand for modes.
            found.append(
                data._replace(
                    colour=np.nan,
                    marker=float(MANY_MODES + rank),
                    colour_label="",
                    marker_label="",
                )
            )
    return found


def _times(panel: str, point: xr.Dataset) -> list[Curve]:
    one = point.isel(sample=SAMPLE)
    lag, found = point.lag_time.values, []
    for mode in point.slow_mode.values:
        times = one.implied_time.sel(slow_mode=mode).values
        exact = float(one.slowest_time.sel(slow_mode=mode))
        known = np.isfinite(times)
        label = f"$m={mode}$"
        found.append(Curve(panel, "data", label, lag[known], times[known], None, mode, mode))
        if np.isfinite(exact):
            law = np.full(2, exact)
            found.append(Curve(panel, "theory", EXACT, lag[[0, -1]], law, None, mode))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each size and temperature, and one for the test."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        one.set(xscale="log", yscale="log", xlabel="lag $t$ (attempts)")
        if name.endswith(TEST):
            one.set_ylabel(r"$\max_A\,|P_{AA}(2t) - (P(t)^2)_{AA}|$")
        else:
            one.set_ylabel("implied time (attempts)")
    return figure
