"""The threshold energy, inferred from energy maxima in [t/2, t] and from ridges between traps.

The first panel shows, for each size, two energies against time. One is the mean of the maximum
energy in [t/2, t]. The other is the mean energy of the ridges, which are the highest energies
between two successive metabasins; immediate returns to a metabasin are left out.

While the system relaxes, the maximum falls. Once the system sits in traps that it leaves over
barriers, the maximum rises again, because longer windows contain rarer heights. Its least value is
therefore one estimate of the threshold. In large systems it lies above the threshold, but it lies
far below where most samples leave no trap in [t/2, t]. Ridges need no window: if traps are left
over a fixed energy level, ridges stay at this level while the traps deepen. Their mean in the last
decade is the other estimate. It counts every ridge alike, and so depends mostly on the samples that
move most. It also depends on what the recorder's threshold accepts as a trap: a threshold below the
ridges excludes the traps that do not last, and lowers the estimate. While nothing traps the system,
as at early times in large systems, ridges lie little above its energy.

The second panel, where there are several sizes, shows both estimates against N^(-1/2) with the
threshold that theory predicts. For independent energies this is the lowest of the N energies of the
neighbours, which the recorder calls typical; ridges lie within about two temperatures of it. For
Ising p-spin models it is known only for N = infinity and one step of replica-symmetry breaking
(``glasscore.theory.ising_pspin``): lines mark the energies of the marginal and of the most numerous
states at this temperature. No limit is extrapolated, since the power of N in the approach to it is
not known: maxima lie above the threshold by thermal fluctuations of the order N^(-1/2), and both
estimates lie above it by as much as the system has yet to relax.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    has_typical_threshold,
    in_few_digits,
    landscape_of,
    temperature_and_size,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.theory import ising_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("maximum_energy", "metabasins")
ONLY = {
    "graph": ["hypercube"],
    "energies": ["exponential", "gaussian", "pspin"],
}
TIMES, SIZES = ": times", ": sizes"
# Name of a variable, the number of its marker, and its labels against time and as an estimate.
MAXIMUM = "maximum_energy", 0.0, r"maximum in $[t/2, t]$", "least maximum"
RIDGE = "metabasin_ridge_energy", 1.0, "ridges", "ridges, last decade"
BOTH, NUMEROUS = "1RSB: marginal, most numerous states", "1RSB: most numerous states"
TYPICAL = r"typical, $E_{\rm th}/(NJ)$"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study and temperature, or one panel if there is only one size."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for T in sorted(texts):
            alike = [point for point in points if temperature_and_size(point)[0] == T]
            alike.sort(key=lambda point: temperature_and_size(point)[1])
            panel = f"{study}, $T={texts[T]}$"
            found += [_against_time(panel + TIMES, name, point) for name in (MAXIMUM, RIDGE)
                      for point in alike if name[0] in point]  # fmt: skip
            if len({temperature_and_size(point)[1] for point in alike}) > 1:
                estimates = _estimates(panel + SIZES, alike)
                found += estimates
                found += _theory(panel + SIZES, alike, T) if estimates else []
    return found


def _against_time(panel: str, quantity: tuple[str, float, str, str], point: xr.Dataset) -> Curve:
    name, mark, label, _ = quantity
    N = temperature_and_size(point)[1]
    y, error = (point[each].values / N for each in (name, f"{name}_error"))
    known = np.isfinite(error)
    return Curve(panel, "data", f"$N={N:g}$, {label}", point.time.values[known], y[known],
                 error[known], N, mark, f"$N={N:g}$", label)  # fmt: skip


def _estimates(panel: str, points: list[xr.Dataset]) -> list[Curve]:
    found = []
    for (name, mark, _, label), estimate in ((MAXIMUM, _least), (RIDGE, _late)):
        known = [point for point in points if name in point]
        values = np.array([[temperature_and_size(point)[1], *estimate(point)] for point in known])
        values = values[np.isfinite(values).all(axis=1)] if known else values
        if len(values):
            N, energy, error = values.T
            found.append(Curve(panel, "data", label, N**-0.5, energy / N, error / N, mark, mark))
    return found


def _least(point: xr.Dataset) -> tuple[float, float]:
    time = int(point.maximum_energy.argmin("time"))
    one = point.isel(time=time)
    return float(one.maximum_energy), float(one.maximum_energy_error)


def _late(point: xr.Dataset) -> tuple[float, float]:
    name = "metabasin_late_ridge_energy"
    return float(point[name]), float(point[f"{name}_error"])


def _theory(panel: str, points: list[xr.Dataset], T: float) -> list[Curve]:
    sizes = np.array([temperature_and_size(point)[1] for point in points])
    x = np.append(sizes**-0.5, 0.0)
    models = [landscape_of(point) for point in points]
    found = []
    # Studies with the same title may be of different models.
    if models[0]["energies"] == "pspin" and all(model == models[0] for model in models):
        energies = _states(int(models[0]["p"]), T)
        label = BOTH if len(energies) > 1 else NUMEROUS
        for energy in energies:
            found.append(Curve(panel, "theory", label, x, np.full(x.size, energy), None, np.nan))
    if all(map(has_typical_threshold, points)):
        y = np.array([point.attrs["threshold_energy"] for point in points]) / sizes
        found.append(Curve(panel, "theory", TYPICAL, x[:-1], y, None, np.nan))
    return found


def _states(p: int, T: float) -> list[float]:
    """Energies per spin of the states at the threshold, where one step of breaking gives them."""
    if p < 3 or ising_pspin.dynamical_transition(p).temperature <= T:
        return []
    if 0.0 < T < ising_pspin.LOWEST_TEMPERATURE:
        return []
    found = [ising_pspin.most_numerous_states(p, T).energy]
    if ising_pspin.gardner_temperature(p) < T:
        found.append(ising_pspin.marginal_states(p, T).energy)
    return found


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels; times and sizes of a study stand side by side if it has several sizes."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        if name.endswith(TIMES):
            one.set(xscale="log", xlabel="time $t$ (attempts)", ylabel="energy per spin, $E/(NJ)$")
        else:
            one.set(xlabel=r"$N^{-1/2}$", ylabel=r"inferred threshold, $E/(NJ)$")
            one.set_xlim(left=0.0)
    return figure
