r"""Markov-state models of basins: implied times against the lag, and a test of the Markov property.

A Markov-state model knows only in which basin of attraction the spins are, which is the local
minimum that the steepest descent leads to. In equilibrium $P_{AB}(t)$ is the probability to be in
basin $B$ a lag $t$ after being in basin $A$, whatever happened in between. Points are the times
$-t/\ln\lambda_m(t)$ that the largest eigenvalues $\lambda_m$ of $P(t)$ below 1 imply, $m = 1$ to
$4$, in the first sample. All numbers follow exactly from the master equation; the unit of time is
one attempted move of one spin. Times are left out where $\lambda_m$ or $1 - \lambda_m$ is below
$10^{-8}$ and would be lost in rounding.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    above_noise,
    in_few_digits,
    temperature_and_size,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples, on_unit

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
EXPLAINED = {
    EXACT: (
        r"Lines are the exact relaxation times $\tau_m$ of the same sample. In equilibrium with "
        "detailed balance implied times never exceed them (J.-H. Prinz et al., J. Chem. Phys. 134, "
        "174105 (2011)). They reach them once transitions no longer depend on how the spins "
        "entered the basin. A mode that relaxes inside basins has no points."
    ),
    "test": (
        r"The Chapman-Kolmogorov test is $\max_A |P_{AA}(2t) - (P(t)^2)_{AA}|$, the largest error "
        "of what two steps of the model predict for the probability of the same basin after $2t$, "
        "averaged over samples. Points are left out from the first one on that is below $10^{-12}$ "
        "or below twice its standard error."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Implied times of one sample at each size and temperature, then one panel for the test."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        panels = []
        for point in points:
            T, N = temperature_and_size(point)
            panels.append(rf"{study}, $N={N:g}$, $T={texts[T]}\,J${TIMES}")
            found += _times(panels[-1], point)
        for rank, point in enumerate(points, start=1):
            T, N = temperature_and_size(point)
            mean, error = point.markov_deviation.values, point.markov_deviation_error.values
            seen = above_noise(np.where(mean > ROUNDING, mean, 0.0), error, FEWEST_ERRORS)
            shown = point.lag_time.values[seen], mean[seen], error[seen]
            # Modes have colours, and positive numbers for markers; results have negative ones.
            label = rf"$N={N:g}$, $T={texts[T]}\,J$"
            found.append(Curve(study + TEST, "data", label, *shown, np.nan, -1.0 / rank))
        found += [
            *on_unit([*panels, study + TEST], points[0]),
            *on_samples([study + TEST], points),
        ]
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
