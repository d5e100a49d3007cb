r"""Single trajectories: the energy of a few disorder samples against the logarithm of time.

The largest size $N$ is shown at its lowest and its highest temperature $T$. Lines are the energies
$E$, in units of $J$, of the first samples, which were not chosen, at the observation times $t$,
which are counted in attempted moves: three samples at the lowest temperature, and one at a higher
one, where several could not be told apart. Observations are joined by steps, although nothing is
recorded in between; short excursions between two of them are not seen. Where states are traps, a
trajectory stays at one low energy for times as long as the time that has passed, leaves it for a
short excursion, and ends in another low state. The mean can then fall with the logarithm of time
although single trajectories jump.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing import legend
from glasscore.figures.drawing.curves import (
    Curve,
    has_typical_threshold,
    panels_with_trajectories,
    temperature_and_size,
    trap_exponent,
)
from glasscore.figures.drawing.page import panels
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    is_random_energy_model,
    is_step_model,
)
from glasscore.figures.drawing.style import colours
from glasscore.theory import step_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
MOST_SAMPLES = 3
MEAN, THRESHOLD = "mean of all samples", r"threshold $E_{\rm th}$"
OF_MEAN: dict[str, Any] = {"color": "black", "linestyle": "--", "linewidth": 1.1}
OF_THRESHOLD: dict[str, Any] = {"color": "0.35", "linestyle": ":", "linewidth": 1.1}
EXPLAINED = {
    MEAN: "The dashed line is the mean over all disorder samples.",
    THRESHOLD: r"The dotted line is the energy $E_{\rm th}$ below which states are traps. In "
    "random energy models (REM) one of the $N$ neighbours of a state is expected below it: it is "
    r"$E_{\rm th}=-T_c\ln N$ for exponential energies, with $T_c=1$ in units of $J$. In the step "
    "model moves up and down are equally frequent at it: "
    r"$E_{\rm th}=T_c\ln(2-T_c/T)/(T_c/T-1)$, which exists for $T_c/2<T<T_c$ only. A trajectory "
    "that leaves a trap rises to about this energy, and often higher, before it falls into the "
    "next trap.",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A panel for the coldest and the hottest temperature of each study at its largest size."""
    found: list[Curve] = []
    for study, points in results.items():
        largest = max(temperature_and_size(point)[1] for point in points)
        shown = [point for point in points if temperature_and_size(point)[1] == largest]
        for rank, (panel, point) in enumerate(panels_with_trajectories({study: shown})):
            found += _of_point(f"{panel}: {study}", point, 1 if rank else MOST_SAMPLES)
    return found


def _of_point(panel: str, point: xr.Dataset, most: int) -> list[Curve]:
    time, samples = point.trajectory_time.values, point.trajectory.values[:most]
    found = [
        Curve(panel, "data", f"sample {int(sample) + 1}", time, energy, None, float(sample))
        for sample, energy in zip(samples, point.trajectory_energy.values, strict=False)
    ]
    if "energy" in point:
        mean = point.energy.values
        note = _said(point)
        found.append(Curve(panel, "theory", MEAN, point.time.values, mean, None, np.nan, note=note))
    threshold = _threshold(point)
    if np.isfinite(threshold):
        ends = time[[0, -1]]
        found.append(Curve(panel, "theory", THRESHOLD, ends, np.full(2, threshold), None, np.nan))
    return found


def _said(point: xr.Dataset) -> str:
    """How many samples the mean is over, and what traps are at T = 0."""
    said = f"The mean is over {int(point['samples'])} samples." if "samples" in point else ""
    if is_step_model(point) and temperature_and_size(point)[0] == 0.0:
        said += (
            " At $T=0$ the step model has no traps and no barriers: every lower state can be "
            "reached in one move, and a trajectory waits the longer the fewer states are lower."
        )
    return said.strip()


def _threshold(point: xr.Dataset) -> float:
    """The typical threshold, if it is recorded or known exactly; else NaN."""
    x, critical = trap_exponent(point), float(point.attrs["critical_temperature"])
    if is_step_model(point):
        known = has_exact_step_model_law(point) and 0.5 < x < 1.0
        return critical * step_model.balance_energy(x) if known else np.nan
    if is_random_energy_model(point):
        N = temperature_and_size(point)[1]
        return -critical * float(np.log(N))
    recorded = "threshold_energy" in point.attrs and has_typical_threshold(point)
    return float(point.attrs["threshold_energy"]) if recorded else np.nan


def draw(curves: list[Curve]) -> "Figure":
    """Draw steps in one colour for each sample, the mean as a dashed line, the threshold dotted."""
    figure, axes = panels(curves, row_of=_study)
    ink = colours([curve.colour for curve in curves])
    drawn = []
    for curve in curves:
        look = {MEAN: OF_MEAN, THRESHOLD: OF_THRESHOLD}.get(curve.label)
        if look is None:
            look = {"color": ink[curve.colour], "linewidth": 0.7}
            axes[curve.panel].step(curve.x, curve.y, where="post", **look)
        else:
            axes[curve.panel].plot(curve.x, curve.y, **look)
        drawn.append((curve, look))
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (attempts)", ylabel="energy $E/J$")
        # Panels of one study are compared.
        alike = [each.get_ylim() for other, each in axes.items() if _study(other) == _study(name)]
        one.set_ylim(min(low for low, _ in alike), max(high for _, high in alike))
    legend.put_above(figure, [legend.entries_of(drawn)])
    return figure


def _study(panel: str) -> str:
    """The study that a panel shows."""
    return panel.rpartition(": ")[2]
