r"""Do trajectories that begin in equilibrium stay there? Their energy, beside exact laws.

Trajectories begin in equilibrium at the temperature $T$ of their run: in landscapes that were drawn
around their first state (planted), or in a state drawn from a list of all. Points are the mean and
the variance of the energy $E$ over independent samples, one trajectory each, at a few of the
observation times $t$, in attempted moves. The mean is shown as its distance from the exact mean
$E_0$, in units of the exact standard deviation $\sigma_0$ of $E$ over samples and states; the
variance $\sigma^2$ in units of $\sigma_0^2$. In equilibrium points lie on the lines at all times.
Points of one size and temperature share samples, so that neighbouring points are correlated. $z$ is
the distance of a point from its line in units of its standard error. Points at the same time are
moved sideways, so that none hides another. Of a study with more than six results the coldest
temperature is shown.
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
from glasscore.figures.drawing.residuals import chance_of_largest
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
MEAN, VARIANCE, DRIFT = ": mean", ": variance", ": drift"
EXACT = "exact in equilibrium"
LABELS = {
    MEAN: r"$(\langle E\rangle-E_0)/\sigma_0$",
    VARIANCE: r"$\sigma^2/\sigma_0^2$",
    DRIFT: r"$\langle E(t)-E(t_1)\rangle/\sigma_0$",
}
# So many times are shown, and fewer where many results lie beside each other.
MOST_TIMES, FEW_TIMES = 9, 5
MANY_RESULTS = 3
MOST_RESULTS = 6
# A law is rejected if chance takes points so far off with a smaller probability.
LEAST_CHANCE = 0.01
EXPLAINED = {
    DRIFT: (
        "Panels of $E(t)-E(t_1)$ show the mean change since the first observation, at $t_1$. It is "
        "taken within each trajectory, so that what trajectories differ by from the beginning "
        "drops out, and its bars are those of the differences: a start out of equilibrium, or a "
        "false rule, would let it drift away from 0. Trajectories that have not moved yet do not "
        "contribute, so that bars are small at early times."
    ),
    EXACT: (
        "The law is exact at any number of spins. The energy of a planted state has the density of "
        r"one energy over samples times $e^{-E/T}$, which is a Gaussian with $E_0=-\sigma_0^2/T$ "
        "for Gaussian energies; that of a state drawn from a list is known for independent "
        "energies, where it is an integral over one energy."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each study with trajectories in equilibrium whose energy has a known law."""
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
        panels = [study + MEAN, study + VARIANCE]
        if all("energy_change" in point for point, _ in pairs):
            panels.append(study + DRIFT)
        few = FEW_TIMES if len(pairs) > MANY_RESULTS else MOST_TIMES
        for panel in panels:
            shown = [
                curve for point, law in pairs if law for curve in _compared(panel, point, law, few)
            ]
            found += [*shown, *_verdict(panel, shown)]
        found += on_samples(panels, [point for point, _ in pairs])
        found += on_unit(panels, known[0])
    return found


def _few(pairs: list[tuple[xr.Dataset, Law | None]]) -> list[tuple[xr.Dataset, Law | None]]:
    """All results and their laws, or those at the coldest temperature if there are many."""
    if len(pairs) <= MOST_RESULTS:
        return pairs
    coldest = min(temperature_and_size(point)[0] for point, _ in pairs)
    return [pair for pair in pairs if temperature_and_size(pair[0])[0] == coldest]


def _compared(panel: str, point: xr.Dataset, law: Law, most: int) -> Iterator[Curve]:
    """Points and line of one size and temperature in one of the panels."""
    times = point.time.values
    few = np.unique(np.linspace(0, times.size - 1, min(most, times.size)).round().astype(int))
    if panel.endswith(DRIFT):
        # It is 0 by definition at the first time.
        few = few[1:]
    part = point.isel(time=few)
    if panel.endswith(VARIANCE):
        scale, height = law.variance, 1.0
        y, error = part.energy_variance.values, part.energy_variance_error.values
    else:
        scale, height = np.sqrt(law.variance), 0.0
        name, mean = ("energy_change", 0.0) if panel.endswith(DRIFT) else ("energy", law.mean)
        y, error = part[name].values - mean, part[f"{name}_error"].values
    yield data_of_point(panel, point, times[few], y / scale, error / scale)
    ends = times[[0, -1]]
    yield theory_of_point(panel, point, ends, np.full(2, height), EXACT, exact=True)


def _verdict(panel: str, shown: list[Curve]) -> list[Curve]:
    """Whether all points of a panel lie on their lines."""
    found = []
    for data, line in zip(shown[::2], shown[1::2], strict=True):
        error = np.asarray(data.error)
        known = np.isfinite(error) & (error > 0)
        found.append((data.y[known] - line.y[0]) / error[known])
    z = np.concatenate([np.empty(0), *found])
    if z.size == 0:
        return []
    p = chance_of_largest(z)
    said = "The law is rejected" if p < LEAST_CHANCE else "The law is met"
    return [
        remark(
            panel,
            f"{said}: the largest $|z|$ of {z.size} points is {np.abs(z).max():.1f}, and chance "
            f"takes any of them so far with a probability of at most {p:.2g}, even if they are "
            "correlated.",
        )
    ]


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
    """Mean, variance and drift of each study beside each other."""
    apart = moved_sideways(curves, lambda _: True, True, lambda curve: (curve.colour, curve.marker))
    figure, axes = draw_panels(apart, columns=3, row_of=lambda name: name.rpartition(": ")[0])
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (attempts)")
        one.set_ylabel(LABELS["".join(name.rpartition(": ")[1:])])
    return figure
