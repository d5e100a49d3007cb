"""Energy of spherical p-spin models after a quench, and its approach to the long-time limit."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.curves import Curve
from glasscore.figures.style import drawn
from glasscore.store import parameters_of
from glasscore.theory import spherical_pspin
from glasscore.theory.covariance import Covariance, Values, covariance

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEEDS = "dmft"
POINTS_PER_DECADE = 8
RELAXATION = ": relaxation"
# E - E_th ~ t^-a at T = 0 for the pure model of power p: exact for p = 2, measured for p = 3.
EXPONENTS = {2.0: (1.0, "t^{-1}"), 3.0: (2 / 3, "t^{-2/3}")}
GUIDE_DECADES = 0.8
GUIDE_OFFSET = 1.6
# An energy that stays constant shall look constant.
SMALLEST_SPAN = 0.1


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels a study: the energy, and what it lies above its limit where that is known."""
    return [
        curve
        for study, points in results.items()
        for part in (_energy, _relaxation)
        for curve in part(study, points)
    ]


def model_of(point: xr.Dataset) -> Covariance:
    """The covariance that a result was computed with."""
    return covariance(parameters_of(point)["model"]["covariance"])


def temperatures_of(point: xr.Dataset) -> tuple[float, float]:
    """Final and initial temperature of a result."""
    chosen = parameters_of(point)
    T = float(chosen["T"])
    start = chosen["T_initial"]
    return T, T if start == "equilibrium" else float(start)


def ages(point: xr.Dataset) -> bool:
    """Whether the run ages for ever towards known limits: a pure model quenched across T_d."""
    model, (T, T_initial) = model_of(point), temperatures_of(point)
    transition = spherical_pspin.dynamical_transition(model).temperature
    return model.exponents.size == 1 and T < transition < T_initial


def follows_two_spin_law(point: xr.Dataset) -> bool:
    """Whether the closed forms of p = 2, quenched from a random state to T = 0, hold."""
    model = model_of(point)
    return model.exponents.tolist() == [2.0] and temperatures_of(point) == (0.0, np.inf)


def limit_energy(point: xr.Dataset) -> float | None:
    """The energy for t to infinity, where it is known."""
    model, (T, T_initial) = model_of(point), temperatures_of(point)
    transition = spherical_pspin.dynamical_transition(model).temperature
    if ages(point):
        return spherical_pspin.aging(model, T).energy
    # A state prepared below the transition may survive above it.
    if T_initial == T or transition < min(T, T_initial):
        return spherical_pspin.equilibrium_energy(model, T)
    return None


def temperature_text(point: xr.Dataset) -> str:
    """Temperature as it reads in a legend."""
    return f"$T={temperatures_of(point)[0]:.3g}$"


def thinned(time: Values) -> Values:
    """Indices of positive times, even on a logarithmic axis, the last included."""
    positive = np.flatnonzero(time > 0)
    decades = np.log10(time[-1] / time[positive[0]])
    wanted = np.geomspace(time[positive[0]], time[-1], int(POINTS_PER_DECADE * decades) + 2)
    nearest = np.argmin(np.abs(np.log(time[positive][:, None] / wanted)), axis=0)
    return positive[np.unique(nearest)]


def _energy(study: str, points: list[xr.Dataset]) -> list[Curve]:
    found = []
    limit_label, threshold_label = r"$t \to \infty$", r"$E_{\rm th}$"
    for point in points:
        T = temperatures_of(point)[0]
        shown = point.isel(time=thinned(point.time.values))
        time = shown.time.values
        found.append(
            Curve(
                study,
                "data",
                temperature_text(point),
                time,
                shown.energy.values,
                shown.energy_error_estimate.values,
                T,
            )
        )
        if follows_two_spin_law(point):
            found.append(_two_spin(study, point, time, 0.0))
        limit = limit_energy(point)
        if limit is not None:
            ends = time[[0, -1]]
            found.append(Curve(study, "theory", limit_label, ends, np.full(2, limit), None, np.nan))
            limit_label = ""
        elif T == 0:
            ends = time[[0, -1]]
            threshold = np.full(2, point.attrs["threshold_energy"])
            found.append(Curve(study, "theory", threshold_label, ends, threshold, None, np.nan))
            threshold_label = ""
    return found


def _relaxation(study: str, points: list[xr.Dataset]) -> list[Curve]:
    panel, found = study + RELAXATION, []
    for point in points:
        limit = limit_energy(point)
        if limit is None or not ages(point):
            continue
        shown = point.isel(time=thinned(point.time.values))
        time, excess = shown.time.values, shown.energy.values - limit
        error = shown.energy_error_estimate.values
        found.append(
            Curve(
                panel,
                "data",
                temperature_text(point),
                time,
                excess,
                error,
                temperatures_of(point)[0],
            )
        )
        if follows_two_spin_law(point):
            found.append(_two_spin(panel, point, time, limit))
        power = float(model_of(point).exponents[0])
        if temperatures_of(point)[0] == 0 and power in EXPONENTS:
            exponent, text = EXPONENTS[power]
            guide = np.geomspace(time[-1] / 10**GUIDE_DECADES, time[-1], 2)
            height = GUIDE_OFFSET * excess[-1] * (guide / time[-1]) ** -exponent
            found.append(Curve(panel, "theory", f"${text}$", guide, height, None, np.nan))
    return found


def _two_spin(panel: str, point: xr.Dataset, time: Values, origin: float) -> Curve:
    line = np.geomspace(time[0], time[-1], 200)
    coefficient = float(model_of(point).coefficients[0])
    energy = spherical_pspin.two_spin_energy(line, coefficient) - origin
    return Curve(panel, "theory", "exact", line, energy, None, temperatures_of(point)[0])


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = drawn(curves)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (Langevin)")
        if name.endswith(RELAXATION):
            one.set(yscale="log", ylabel=r"$E(t) - E(\infty)$")
        else:
            low, high = one.get_ylim()
            room = max(0.0, SMALLEST_SPAN - (high - low)) / 2
            one.set(ylabel="energy $E(t)$", ylim=(low - room, high + room))
    return figure
