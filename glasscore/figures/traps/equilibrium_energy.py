r"""Do trajectories that begin in equilibrium stay there? Their energy, beside exact laws.

Trajectories begin in equilibrium at the temperature $T$ of their run: in landscapes that were drawn
around their first state (planted), or in a state drawn from a list of all. Points are the mean and
the variance of the energy $E$ over independent samples, one trajectory each, at a few of the
observation times $t$, in attempted moves. The mean is shown as its distance from the exact mean
$E_0$, in units of the exact standard deviation $\sigma_0$ of $E$ over samples and states; the
variance $\sigma^2$ in units of $\sigma_0^2$. In equilibrium points lie on the lines at all times.
Points of one size and temperature share samples, so that neighbouring points are correlated. Points
at the same time are moved sideways, so that none hides another. Of a study with more than six
results the coldest temperature is shown.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    dynamics_parameters,
    landscape_of,
    temperature_and_size,
    theory_of_point,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples, on_unit, remark
from glasscore.figures.drawing.sideways import moved_sideways
from glasscore.theory.equilibrium_energy import (
    Law,
    independent_levels,
    planted_exponential,
    planted_gaussian,
    planted_partition,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("energy",)
MEAN, VARIANCE = ": mean", ": variance"
EXACT = "exact in equilibrium"
MOST_TIMES = 9
MOST_RESULTS = 6
EXPLAINED = {
    EXACT: (
        "The law is exact at any number of spins. The energy of a planted state has the density of "
        r"one energy over samples times $e^{-E/T}$, which is a Gaussian with $E_0=-\sigma_0^2/T$ "
        "for Gaussian energies; that of a state drawn from a list is known for independent "
        "energies, where it is an integral over one energy."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study with trajectories in equilibrium whose energy has a known law."""
    found: list[Curve] = []
    for study, points in results.items():
        known = [point for point in points if "energy_variance" in point]
        laws = [_law(point) for point in known]
        if not known or None in laws:
            why = (
                "No law of the energy in equilibrium is known for these landscapes and this start."
                if known
                else "No trajectory begins in equilibrium at the temperature of its run."
            )
            found.append(remark(study + MEAN, why))
            continue
        pairs = _few(list(zip(known, laws, strict=True)))
        panels = study + MEAN, study + VARIANCE
        for panel in panels:
            for point, law in pairs:
                found += _compared(panel, point, law) if law else []
        found += on_samples(panels, [point for point, _ in pairs])
        found += on_unit(panels, known[0])
    return found


def _few(pairs: list[tuple[xr.Dataset, Law | None]]) -> list[tuple[xr.Dataset, Law | None]]:
    """All results and their laws, or those at the coldest temperature if there are many."""
    if len(pairs) <= MOST_RESULTS:
        return pairs
    coldest = min(temperature_and_size(point)[0] for point, _ in pairs)
    return [pair for pair in pairs if temperature_and_size(pair[0])[0] == coldest]


def _compared(panel: str, point: xr.Dataset, law: Law) -> Iterator[Curve]:
    """Points and line of one size and temperature in one of the two panels."""
    times = point.time.values
    few = np.unique(np.linspace(0, times.size - 1, min(MOST_TIMES, times.size)).round().astype(int))
    part = point.isel(time=few)
    if panel.endswith(MEAN):
        scale, height = np.sqrt(law.variance), 0.0
        y, error = part.energy.values - law.mean, part.energy_error.values
    else:
        scale, height = law.variance, 1.0
        y, error = part.energy_variance.values, part.energy_variance_error.values
    yield data_of_point(panel, point, times[few], y / scale, error / scale)
    ends = times[[0, -1]]
    yield theory_of_point(panel, point, ends, np.full(2, height), EXACT, exact=True)


def _law(point: xr.Dataset) -> Law | None:
    """Mean and variance of the energy in equilibrium; ``None`` where no law is known."""
    (T, N), model = temperature_and_size(point), landscape_of(point)
    energies, planted = model["energies"], dynamics_parameters(point)["start"]["name"] == "planted"
    if np.isinf(N):
        return planted_exponential(T)
    if energies in ("exponential", "gaussian") and not planted:
        return independent_levels(T, int(N), energies)
    if not planted:
        return None
    if energies == "exponential":
        return planted_exponential(T)
    if energies == "gaussian":
        return planted_gaussian(N, T)
    if energies in ("sk", "pspin"):
        p = model.get("p", 2)
        return planted_gaussian(N / 2 * float(np.prod(1 - np.arange(p) / N)), T)
    if energies == "number_partitioning" and np.isinf(model["bits"]):
        return planted_partition(int(N), T)
    return None


def draw(curves: list[Curve]) -> "Figure":
    """Mean and variance of each study beside each other."""
    apart = moved_sideways(curves, lambda _: True, True, lambda curve: (curve.colour, curve.marker))
    figure, axes = draw_panels(apart)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (attempts)")
        of_mean = name.endswith(MEAN)
        label = r"(\langle E\rangle-E_0)/\sigma_0" if of_mean else r"\sigma^2/\sigma_0^2"
        one.set_ylabel(f"${label}$")
    return figure
