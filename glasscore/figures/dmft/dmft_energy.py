"""Energy of spherical p-spin models after a quench, and its approach to the long-time limit.

Energies are per spin. A pure model that is quenched across T_d approaches a known limit; the second
panel shows the distance from it. At T = 0 a dashed power law is drawn below these points: t^-1 is
exact for p = 2, and t^-2/3 has been measured for p = 3. Where the limit is not known, as in mixed
models, the energy at T = 0 is compared with E_th over the later half of the run's decades. E_th is
the energy of the marginal states that dominate at T = 0; nothing says that the energy tends to it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.protocol import Protocol, Ramp
from glasscore.figures.drawing.curves import Curve, in_few_digits
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of
from glasscore.models.covariance import Covariance, Values, covariance
from glasscore.theory import spherical_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
POINTS_PER_DECADE = 8
RELAXATION = ": relaxation"
THRESHOLD = ": threshold"
# For each power p of a pure model the exponent a of E - E_th ~ t^-a at T = 0, and its label. It is
# exact for p = 2, and has been measured for p = 3.
EXPONENTS = {2.0: (1.0, "t^{-1}"), 3.0: (2 / 3, "t^{-2/3}")}
# A guide covers this share of a run's decades, at this height relative to the points.
GUIDE_SHARE = 0.3
GUIDE_OFFSET = 0.4
# The energy axis is at least this long, so that an energy that stays constant looks constant.
SMALLEST_SPAN = 0.1
# They are small against differences of T, and order the runs of one T by start and by field.
COLOURS_OF_STARTS, COLOURS_OF_FIELDS = 1e-6, 1e-9


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study: the energy, and its distance from its limit or the threshold."""
    return [
        curve
        for study, points in results.items()
        for part in (_energy, _relaxation, _beside_threshold)
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


def protocol_of(point: xr.Dataset) -> Protocol:
    """Temperature and field as functions of time, from the parameters."""
    chosen = parameters_of(point)
    ramps = tuple(Ramp(**ramp) for ramp in chosen.get("ramps", []))
    return Protocol(float(chosen["T"]), float(chosen.get("field", 0.0)), ramps)


def is_driven(point: xr.Dataset) -> bool:
    """Whether there is a field, or temperature or field change after the quench."""
    protocol = protocol_of(point)
    return protocol.has_field() or bool(protocol.ramps)


def ages(point: xr.Dataset) -> bool:
    """Whether the run ages for ever towards known limits: a pure model quenched across T_d does."""
    if is_driven(point):
        return False
    model, (T, T_initial) = model_of(point), temperatures_of(point)
    transition = spherical_pspin.dynamical_transition(model).temperature
    return model.exponents.size == 1 and T < transition < T_initial


def follows_two_spin_law(point: xr.Dataset) -> bool:
    """Whether the closed forms of p = 2, quenched from a random state to T = 0, hold."""
    model = model_of(point)
    quenched = temperatures_of(point) == (0.0, np.inf) and not is_driven(point)
    return model.exponents.tolist() == [2.0] and quenched


def limit_energy(point: xr.Dataset) -> float | None:
    """The limit of the energy at long times, where it is known."""
    if is_driven(point):
        state = state_in_field(point)
        return None if state is None else state.energy
    model, (T, T_initial) = model_of(point), temperatures_of(point)
    transition = spherical_pspin.dynamical_transition(model).temperature
    if ages(point):
        return spherical_pspin.aging(model, T).energy
    # States prepared below the transition are left out: they may survive above it.
    if T_initial == T or transition < min(T, T_initial):
        return spherical_pspin.equilibrium_energy(model, T)
    return None


def state_in_field(point: xr.Dataset) -> spherical_pspin.FieldState | None:
    """The equilibrium that a constant field leads to. It is known to do so only for p = 2."""
    protocol, model = protocol_of(point), model_of(point)
    if protocol.ramps or protocol.field == 0 or model.exponents.tolist() != [2.0]:
        return None
    return spherical_pspin.equilibrium_in_field(model, protocol.T, protocol.field)


def quench_text(point: xr.Dataset, among: Sequence[xr.Dataset] = ()) -> str:
    """Label of a run: its temperature, and its start unless that is random or in equilibrium.

    Temperatures have the fewest digits (but at least three) that distinguish the runs ``among``
    which it is.
    """
    T, T_initial = temperatures_of(point)
    texts = in_few_digits(one for each in (point, *among) for one in temperatures_of(each))
    start = "" if T_initial in (T, np.inf) else f"$T_0={texts[T_initial]}$, "
    field = protocol_of(point).strongest_field()
    return f"{start}$T={texts[T]}$" + (f", $h={field:.3g}$" if field else "")


def quench_colour(point: xr.Dataset) -> float:
    """A number for the colour of a run: grows with T, and at one T with 1 / T_0 and the field."""
    T, T_initial = temperatures_of(point)
    start = 0.0 if T_initial == T else COLOURS_OF_STARTS / T_initial
    return T + start + COLOURS_OF_FIELDS * abs(protocol_of(point).strongest_field())


def indices_even_in_log_time(time: Values) -> Values:
    """Indices of positive times that are evenly spaced on a logarithmic axis, the last included."""
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
        shown = point.isel(time=indices_even_in_log_time(point.time.values))
        time = shown.time.values
        found.append(
            Curve(
                study,
                "data",
                quench_text(point, points),
                time,
                shown.energy.values,
                shown.energy_error_estimate.values,
                quench_colour(point),
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
        shown = point.isel(time=indices_even_in_log_time(point.time.values))
        time, excess = shown.time.values, shown.energy.values - limit
        error = shown.energy_error_estimate.values
        found.append(
            Curve(
                panel,
                "data",
                quench_text(point, points),
                time,
                excess,
                error,
                quench_colour(point),
            )
        )
        if follows_two_spin_law(point):
            found.append(_two_spin(panel, point, time, limit))
        power = float(model_of(point).exponents[0])
        if temperatures_of(point)[0] == 0 and power in EXPONENTS:
            exponent, text = EXPONENTS[power]
            guide = np.array([(time[-1] / time[0]) ** -GUIDE_SHARE, 1.0]) * time[-1]
            height = GUIDE_OFFSET * excess[-1] * (guide / time[-1]) ** -exponent
            found.append(Curve(panel, "theory", f"${text}$", guide, height, None, np.nan))
    return found


def _beside_threshold(study: str, points: list[xr.Dataset]) -> list[Curve]:
    """Late energies at T = 0 of models whose limit need not be the threshold energy."""
    panel, found = study + THRESHOLD, []
    for point in points:
        if limit_energy(point) is not None or is_driven(point) or temperatures_of(point)[0] > 0:
            continue
        shown = point.isel(time=indices_even_in_log_time(point.time.values))
        late = shown.time.values >= np.sqrt(shown.time.values[-1])
        time, error = shown.time.values[late], shown.energy_error_estimate.values[late]
        excess = shown.energy.values[late] - point.attrs["threshold_energy"]
        found.append(
            Curve(
                panel, "data", quench_text(point, points), time, excess, error, quench_colour(point)
            )
        )
    if found:
        ends = found[0].x[[0, -1]]
        found.append(Curve(panel, "theory", r"$E_{\rm th}$", ends, np.zeros(2), None, np.nan))
    return found


def _two_spin(panel: str, point: xr.Dataset, time: Values, origin: float) -> Curve:
    line = np.union1d(time, np.geomspace(time[0], time[-1], 200))
    coefficient = float(model_of(point).coefficients[0])
    energy = spherical_pspin.two_spin_energy(line, coefficient) - origin
    return Curve(panel, "theory", "exact", line, energy, None, quench_colour(point), exact=True)


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (Langevin)")
        if name.endswith(RELAXATION):
            one.set(yscale="log", ylabel=r"$E(t) - E(\infty)$")
        elif name.endswith(THRESHOLD):
            one.set(ylabel=r"$E(t) - E_{\rm th}$")
        else:
            low, high = one.get_ylim()
            room = max(0.0, SMALLEST_SPAN - (high - low)) / 2
            one.set(ylabel="energy $E(t)$", ylim=(low - room, high + room))
    return figure
