r"""Energy of spherical p-spin models after a quench: how fast it approaches its limit.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise. They have no statistical errors; their estimated numerical errors are in the
result files, and are smaller than the width of a line unless the caption says otherwise. $E(t)$ is
the energy per spin at the time $t$ after the quench to the temperature $T$; the quench starts from
a random configuration, or from equilibrium at the temperature $T_0$ where a label names it. $h$ is
the strength of a field.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.protocol import Protocol, Ramp
from glasscore.figures.drawing.curves import SOLUTION, Curve, in_few_digits
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of
from glasscore.models.covariance import Covariance, Values, covariance
from glasscore.theory import spherical_pspin
from glasscore.theory.continuous_aging import ContinuousAging, continuous_aging

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
POINTS_PER_DECADE = 24
RELAXATION, EXPONENT, THRESHOLD = ": relaxation", ": exponent", ": threshold"
LIMIT, MARGINAL, TWO_SPIN = r"$E(\infty)$", r"$E_{\rm th}$", "exact, $p=2$"
# For each power p of a pure model the exponent of E - E(infinity) ~ t^-a, its label, and whether it
# holds at all temperatures below the transition or only at T = 0.
EXPONENTS = {2.0: (1.0, "exponent 1", True), 3.0: (2 / 3, "exponent $2/3$", False)}
# They are late exponents: they are drawn over the later half of the decades of runs as long as
# this, in units of the time 1 / sqrt(f''(1)).
LONG = 100.0
# Exponents are slopes between times of this ratio, and are shown where the estimated errors of the
# energies change them by less than this.
RATIO, LARGEST_ERROR = np.sqrt(10.0), 0.01
# Excess energies are shown where they exceed this number of their estimated errors.
FEWEST_ERRORS = 3.0
EXPLAINED = {
    LIMIT: r"""The lines $E(\infty)$ are limits for $t \to \infty$. In equilibrium, and above the
dynamical transition, $E(\infty)$ is the energy of equilibrium. Below the transition, after a quench
from a random configuration or from above the transition, pure models age towards states that are
marginally stable (Cugliandolo and Kurchan 1993), and models with a term $p = 2$ whose replica
symmetry breaks continuously age, from a random configuration, towards the energy for which
relaxation is marginal at each correlation. In a constant field the limit is known for $p = 2$,
which the field brings to equilibrium.""",
    RELAXATION: r"""The distance from the limit is shown while it exceeds three times the estimated
error of the energy.""",
    EXPONENT: r"""The exponent $a = -d \ln[E(t) - E(\infty)] / d \ln t$ is measured between two
times of the ratio $\sqrt{10}$, with $t$ in their geometric middle, where the estimated errors of
the energies change it by less than 0.01. It is a constant if the energy relaxes by a power law.""",
    "exponent 1": r"""The exponent 1 is exact for $p = 2$ at long times, at any temperature below
the transition: $E(t) - E(\infty) = 3/(8t)$.""",
    "exponent $2/3$": r"""The exponent $2/3$ is that which has been measured for $p = 3$ at $T = 0$
and long times; it has not been derived. No law is known for $p = 3$ at $T > 0$, and none is drawn
there.""",
    TWO_SPIN: r"""The closed form of $p = 2$ after a quench from a random configuration is exact at
all times (Cugliandolo and Dean 1995); its exponents are measured as those of the solution are.""",
    MARGINAL: r"""$E_{\rm th}$ is the energy of the marginally stable states that dominate at
$T = 0$. It is a reference: nothing says that the energy of a mixed model tends to it. The
difference from $E_{\rm th}$ is shown for the later half of the decades.""",
}
# The energy axis is at least this long, so that an energy that stays constant looks constant.
SMALLEST_SPAN = 0.1
# They are small against differences of T, and order the runs of one T by start and by field.
COLOURS_OF_STARTS, COLOURS_OF_FIELDS = 1e-6, 1e-9


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Panels of the energies of all studies, then of what is left to relax, and of its exponents.

    Where the limit is not known, the distance from the threshold is shown.
    """
    return [
        curve
        for part in (_energy, _relaxation, _exponent, _beside_threshold)
        for study, points in results.items()
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


def aging_law(point: xr.Dataset) -> spherical_pspin.Aging | ContinuousAging | None:
    """The limits of a run that ages for ever, where they are known.

    They are known for pure models quenched across the dynamical transition, and for models whose
    replica symmetry breaks continuously that start from a random configuration.
    """
    if is_driven(point):
        return None
    model, (T, T_initial) = model_of(point), temperatures_of(point)
    transition = spherical_pspin.dynamical_transition(model).temperature
    if not T < transition < T_initial:
        return None
    if model.exponents.size == 1:
        return spherical_pspin.aging(model, T)
    return continuous_aging(model, T) if T_initial == np.inf else None


def ages(point: xr.Dataset) -> bool:
    """Whether the run ages for ever towards known limits."""
    return aging_law(point) is not None


def follows_two_spin_law(point: xr.Dataset) -> bool:
    """Whether the closed forms of p = 2, quenched from a random state to T = 0, hold."""
    return has_two_spin_energy(point) and temperatures_of(point)[0] == 0


def has_two_spin_energy(point: xr.Dataset) -> bool:
    """Whether the closed form of the energy holds: p = 2, quenched from a random state."""
    model, (T, T_initial) = model_of(point), temperatures_of(point)
    if model.exponents.tolist() != [2.0] or T_initial != np.inf or is_driven(point):
        return False
    return spherical_pspin.dynamical_transition(model).temperature > T


def limit_energy(point: xr.Dataset) -> float | None:
    """The limit of the energy at long times, where it is known."""
    if is_driven(point):
        state = state_in_field(point)
        return None if state is None else state.energy
    model, (T, T_initial) = model_of(point), temperatures_of(point)
    transition = spherical_pspin.dynamical_transition(model).temperature
    law = aging_law(point)
    if law is not None:
        return law.energy
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
    for point in points:
        time, energy = _late_enough(point)
        found.append(_solution(study, point, points, time, energy))
        if has_two_spin_energy(point):
            found.append(_two_spin(study, point, time, _two_spin_energy(point, time)))
        limit = limit_energy(point)
        ends = time[[0, -1]]
        if limit is not None:
            level = np.full(2, limit)
            found.append(Curve(study, "theory", LIMIT, ends, level, None, quench_colour(point)))
        elif temperatures_of(point)[0] == 0 and not is_driven(point):
            level = np.full(2, point.attrs["threshold_energy"])
            found.append(Curve(study, "theory", MARGINAL, ends, level, None, np.nan))
    return found


def _relaxation(study: str, points: list[xr.Dataset]) -> list[Curve]:
    panel, found = study + RELAXATION, []
    for point in _aging(points):
        time, energy = _late_enough(point)
        excess = energy - _limit_of_aging(point)
        kept = excess > FEWEST_ERRORS * point.energy_error_estimate.sel(time=time).values
        found.append(_solution(panel, point, points, time[kept], excess[kept]))
        if has_two_spin_energy(point):
            law = _two_spin_energy(point, time[kept]) - _limit_of_aging(point)
            found.append(_two_spin(panel, point, time[kept], law))
    return found


def _exponent(study: str, points: list[xr.Dataset]) -> list[Curve]:
    """The local exponents of the distance from the limit, and the late ones that are known."""
    panel, found = study + EXPONENT, []
    for point in _aging(points):
        all_times, energy = _late_enough(point)
        limit = _limit_of_aging(point)
        time, exponent = local_exponent(all_times, energy - limit)
        error = point.energy_error_estimate.sel(time=all_times[-time.size :]).values
        left = np.interp(np.log(time * RATIO**0.5), np.log(all_times), energy - limit)
        kept = np.sqrt(2) * error < LARGEST_ERROR * np.log(RATIO) * left
        found.append(_solution(panel, point, points, time[kept], exponent[kept]))
        if has_two_spin_energy(point):
            law = local_exponent(all_times, _two_spin_energy(point, all_times) - limit)[1]
            found.append(_two_spin(panel, point, time[kept], law[kept]))
        found += _late_exponent(panel, point)
    return found


def local_exponent(time: Values, excess: Values) -> tuple[Values, Values]:
    """Times, and -d ln(excess) / d ln t between times that are half a decade apart.

    The times are evenly spaced on a logarithmic axis.
    """
    apart = round(np.log(RATIO) / np.log(time[1] / time[0])) if time.size > 1 else 1
    half = max(1, apart // 2)
    if time.size <= 2 * half:
        return np.empty(0), np.empty(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        fall = np.log(excess[2 * half :] / excess[: -2 * half])
    return time[half:-half], -fall / np.log(time[2 * half :] / time[: -2 * half])


def _late_exponent(panel: str, point: xr.Dataset) -> list[Curve]:
    model, time = model_of(point), point.time.values[1:]
    power = float(model.exponents[0])
    if model.exponents.size > 1 or power not in EXPONENTS:
        return []
    exponent, text, at_all_temperatures = EXPONENTS[power]
    is_long = time[-1] * float(np.sqrt(model.second_derivative(1.0))) >= LONG
    if not is_long or (temperatures_of(point)[0] > 0 and not at_all_temperatures):
        return []
    late = np.array([np.sqrt(time[0] * time[-1]), time[-1]])
    return [Curve(panel, "theory", text, late, np.full(2, exponent), None, np.nan)]


def _beside_threshold(study: str, points: list[xr.Dataset]) -> list[Curve]:
    """Late energies at T = 0 of models whose limit need not be the threshold energy."""
    panel, found = study + THRESHOLD, []
    for point in points:
        if limit_energy(point) is not None or is_driven(point) or temperatures_of(point)[0] > 0:
            continue
        time, energy = _late_enough(point)
        late = time >= np.sqrt(time[0] * time[-1])
        excess = energy[late] - point.attrs["threshold_energy"]
        found.append(_solution(panel, point, points, time[late], excess))
    if found:
        ends = found[0].x[[0, -1]]
        found.append(Curve(panel, "theory", MARGINAL, ends, np.zeros(2), None, np.nan))
    return found


def _aging(points: list[xr.Dataset]) -> list[xr.Dataset]:
    return [point for point in points if ages(point)]


def _limit_of_aging(point: xr.Dataset) -> float:
    law = aging_law(point)
    return np.nan if law is None else law.energy


def _late_enough(point: xr.Dataset) -> tuple[Values, Values]:
    """Times above 0, and the energies at them."""
    return point.time.values[1:], point.energy.values[1:]


def _solution(
    panel: str, point: xr.Dataset, among: list[xr.Dataset], time: Values, values: Values
) -> Curve:
    label = quench_text(point, among)
    return Curve(panel, SOLUTION, label, time, values, None, quench_colour(point))


def _two_spin_energy(point: xr.Dataset, time: Values) -> Values:
    T, coefficient = temperatures_of(point)[0], float(model_of(point).coefficients[0])
    return spherical_pspin.two_spin_energy(time, coefficient, T)


def _two_spin(panel: str, point: xr.Dataset, time: Values, law: Values) -> Curve:
    colour = quench_colour(point)
    return Curve(panel, "theory", TWO_SPIN, time, law, None, colour, exact=True)


def draw(curves: list[Curve]) -> "Figure":
    """Three panels beside each other: energies, then distances from limits, then exponents."""
    figure, axes = draw_panels(curves, columns=3)
    exponents = [curve.y for curve in curves if curve.panel.endswith(EXPONENT) and curve.y.size]
    highest = 1.05 * max((float(one.max()) for one in exponents), default=1.0)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (Langevin)")
        if name.endswith(RELAXATION):
            one.set(yscale="log", ylabel=r"$E(t) - E(\infty)$")
        elif name.endswith(EXPONENT):
            one.set(ylabel="exponent $a$", ylim=(0.0, highest))
        elif name.endswith(THRESHOLD):
            one.set(ylabel=r"$E(t) - E_{\rm th}$")
        else:
            low, high = one.get_ylim()
            room = max(0.0, SMALLEST_SPAN - (high - low)) / 2
            one.set(ylabel="energy $E(t)$", ylim=(low - room, high + room))
    return figure
