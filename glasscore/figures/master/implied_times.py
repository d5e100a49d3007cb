"""Markov-state models of basins: implied times against the lag, and a test of the Markov property.

A Markov-state model knows only in which basin of attraction the spins are, and describes their
dynamics by the probabilities P(t) of transitions between basins within a lag t. Points are the
times -t / ln lambda(t) that the largest eigenvalues lambda of P(t) imply, in one sample. Lines are
the exact relaxation times of the same sample. Implied times lie below them, and reach them once the
transitions no longer depend on how the spins entered the basin. The last panel shows the test,
averaged over samples: the largest difference between the probability of the same basin after 2t and
what two steps of the model predict for it. It is 0 if the model is exact.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
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


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Implied times of one sample at each size and temperature, then one panel for the test."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for point in points:
            T, N = temperature_and_size(point)
            found += _times(f"{study}, $N={N:g}$, $T={texts[T]}${TIMES}", point)
        for point in points:
            mean, error = point.markov_deviation.values, point.markov_deviation_error.values
            # A logarithmic axis cannot show the deviation 0 of an exactly Markovian model.
            seen, lag = mean > 0, point.lag_time.values
            found.append(data_of_point(study + TEST, point, lag[seen], mean[seen], error[seen]))
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
