r"""Energy of spherical p-spin models after a quench: how fast it approaches its limit.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise without statistical errors. $E(t)$ is the energy per spin at the time $t$ after
the quench to the temperature $T$, from a random configuration, or from equilibrium at the
temperature $T_0$ where a label names it. Differences of energies are drawn where they exceed three
times the estimated numerical error.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.dmft.protocol import Protocol
from glasscore.figures.drawing.curves import SOLUTION, Curve, in_few_digits, without_mark
from glasscore.figures.drawing.page import draw_panels, share_limits
from glasscore.figures.drawing.symbols import DASH_DOTTED, DOTTED, LONG_DASHES, SHORT_DASHES
from glasscore.files.store import parameters_of
from glasscore.models.covariance import Covariance, Values, covariance
from glasscore.models.ramps import Ramp
from glasscore.theory import spherical_pspin
from glasscore.theory.continuous_aging import ContinuousAging, continuous_aging

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
POINTS_PER_DECADE = 24
RELAXATION, EXPONENT, THRESHOLD = ": relaxation", ": exponent", ": threshold"
LIMIT, MARGINAL, TWO_SPIN = r"$E(\infty)$", r"$E_{\rm th}$", "exact, $p=2$"
FORGETFUL = f"{LIMIT} if it forgets"
EQUILIBRIUM = "$E$ in equilibrium"
GUIDES = "exponent 1", "exponent $2/3$"
# For each power p of a pure model the exponent of E - E(infinity) ~ t^-a, its label, and whether it
# holds at all temperatures below the transition or only at T = 0.
EXPONENTS = {2.0: (1.0, GUIDES[0], True), 3.0: (2 / 3, GUIDES[1], False)}
# They are late exponents: they are drawn over the later half of the decades of runs as long as
# this, in units of the time 1 / sqrt(f''(1)).
LONG = 100.0
# Exponents are slopes between times of this ratio, and are shown where the estimated errors of the
# energies change them by less than this.
RATIO, LARGEST_ERROR = np.sqrt(10.0), 0.01
# Excess energies are shown where they exceed this number of their estimated errors.
FEWEST_ERRORS = 3.0
# Differences from the threshold are shown from this time on; before it the energy is far away.
FIRST_BESIDE_THRESHOLD = 1.0
# Signed logarithmic axes are linear below this share of their largest value, and not below the
# last number. If values have both signs, the share is larger, to leave room for the numbers.
LINEAR_SHARE, TWO_SIDED_SHARE, LEAST_LINEAR = 1e-4, 0.1, 1e-7
# What signed logarithmic axes are.
SIGNED_AXIS = "is linear between 0 and the number next to it, and logarithmic beyond"
STYLES: dict[str, Any] = {
    **dict.fromkeys((LIMIT, EQUILIBRIUM), SHORT_DASHES),
    **dict.fromkeys(GUIDES, LONG_DASHES),
    FORGETFUL: DASH_DOTTED,
    MARGINAL: DOTTED,
}
EXPLAINED = {
    LIMIT: r"""$E(\infty)$ is the limit for $t \to \infty$, which follows from marginal stability
(Cugliandolo and Kurchan 1993).""",
    EQUILIBRIUM: r"""In equilibrium, at temperatures above the dynamical transition, and for $p = 2$
in a constant field, the limit is the energy of equilibrium.""",
    FORGETFUL: r"""Models with a term $p = 2$ whose replica symmetry breaks continuously would age
towards it if they forget each configuration, however slowly: relaxation is then marginal at each
correlation up to some $q_0$, and the effective temperature is constant from $q_0$ to the plateau
(Cugliandolo and Kurchan 1994, Crisanti and Leuzzi 2006). An exponent that keeps falling means that
the energy approaches this limit more slowly than any power law, or that it has another limit.""",
    EXPONENT: r"""The exponent $a = -d \ln[E(t) - E(\infty)] / d \ln t$ is measured between two
times of the ratio $\sqrt{10}$, with $t$ in their geometric middle, where the estimated errors of
the energies change it by less than 0.01. It is a constant if the energy relaxes by a power law.""",
    GUIDES[0]: r"""The exponent 1 is exact for $p = 2$ at long times, at any temperature below
the transition; at $T = 0$ and with $f(q) = q^2/2$, $E(t) - E(\infty) \simeq 3/(8t)$.""",
    GUIDES[1]: r"""The exponent $2/3$ for $p = 3$ at $T = 0$ is a guide; it has not been derived.
""",
    MARGINAL: r"""$E_{\rm th}$ is the energy of the marginally stable states that dominate at
$T = 0$. It is a reference: nothing says that the energy of a mixed model tends to it.""",
    THRESHOLD: rf"The axis of $E(t) - E_{{\rm th}}$ {SIGNED_AXIS}.",
    TWO_SPIN: r"""The closed form of $p = 2$ after a quench from a random configuration is exact at
all times (Cugliandolo and Dean 1995); its exponents are measured as those of the solution are.""",
}
UNITS = (
    r"Time is in units in which $ds/dt = -\mu s - \partial H/\partial s + \xi$, where $\mu(t)$ "
    r"keeps the length of the configuration and $\xi$ is white noise, "
    r"$\langle \xi(t) \xi(t') \rangle = 2T \delta(t-t')$."
)
# The letter of the force that keeps the length of the configuration.
MULTIPLIER = r"\mu"
OF_FIELD = r"A field of the strength $h$ adds $-h \sum_i s_i$ to the energy $H$."
# The energy axis is at least this long, so that an energy that stays constant looks constant.
SMALLEST_SPAN = 0.1
# They are small against differences of T, and order the runs of one T by start and by field.
COLOURS_OF_STARTS, COLOURS_OF_FIELDS = 1e-6, 1e-9


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Panels of the energies of all studies, then of what is left to relax, and of its exponents.

    Where the limit is not known, the distance from the threshold is shown.
    """
    found = [
        curve
        for part in (_energy, _relaxation, _exponent, _beside_threshold)
        for study, points in results.items()
        for curve in part(study, points)
    ]
    return [*found, *model_notes(results, found)]


def model_notes(
    results: dict[str, list[xr.Dataset]], drawn: list[Curve], multiplier: str = MULTIPLIER
) -> list[Curve]:
    """For each panel an empty curve whose note gives units, each model's f(q), and errors.

    Figures in which mu is something else name another letter for the force on the length.
    """
    titles: dict[str, dict[str, None]] = {}
    for study, points in results.items():
        for point in points:
            model = model_of(point)
            transition = spherical_pspin.dynamical_transition(model).temperature
            text = rf"{covariance_text(model)}$, $T_d = {transition:.3g}"
            titles.setdefault(text, {})[without_mark(study)] = None
    models = "; ".join(f"{', '.join(some)}: ${text}$" for text, some in titles.items())
    errors = [
        point.attrs["correlation_error_estimate"] for some in results.values() for point in some
    ]
    field = any(protocol_of(point).has_field() for some in results.values() for point in some)
    note = (
        "The energies of two configurations with the overlap $q$ per spin have the covariance "
        rf"$N f(q)$; $T_d$ is the temperature of the dynamical transition. {models}. "
        f"{UNITS.replace(MULTIPLIER, multiplier)}"
        f" The estimated numerical errors of $C$ are at most ${tex(max(errors, default=0.0), 1)}$."
    ) + (f" {OF_FIELD}" if field else "")
    return in_all_panels(note, drawn)


def in_all_panels(note: str, drawn: list[Curve]) -> list[Curve]:
    """An empty curve with a note for each panel."""
    return [
        Curve(panel, "theory", "", np.empty(0), np.empty(0), None, np.nan, note=note)
        for panel in dict.fromkeys(curve.panel for curve in drawn)
    ]


def covariance_text(model: Covariance) -> str:
    """The covariance as a formula without its dollar signs, with fractions where they are short."""
    terms = zip(model.coefficients, model.exponents, strict=True)
    return "f(q) = " + " + ".join(_term(weight, f"q^{{{power:g}}}") for weight, power in terms)


def tex(value: float, digits: int = 2) -> str:
    """A number with few digits, as a formula without its dollar signs."""
    number, _, power = f"{value:.{digits - 1}e}".partition("e")
    if -3 < int(power) < 3:
        return f"{value:.{digits}g}"
    return ("" if float(number) == 1 else rf"{number} \times ") + f"10^{{{int(power)}}}"


def _term(weight: float, power: str) -> str:
    if weight == 1:
        return power
    inverse = round(1 / weight)
    return f"{power}/{inverse}" if inverse * weight == 1 else f"{weight:.4g} {power}"


def why_limit_is_unknown(point: xr.Dataset) -> str:
    """Why nothing is predicted for a mixed model that ages, as a sentence, or ``""``."""
    model, (T, T_initial) = model_of(point), temperatures_of(point)
    transition = spherical_pspin.dynamical_transition(model)
    aging = not is_driven(point) and transition.temperature > T < T_initial
    if not aging or aging_law(point) is not None:
        return ""
    if transition.overlap > 0:
        return (
            "Nothing is predicted here: the transition of this mixed model is discontinuous, and "
            "its aging may depend on the start (Folena, Franz and Ricci-Tersenghi 2020)."
        )
    if T_initial != np.inf:
        return "Nothing is predicted here, since the system may remember its start."
    return (
        f"Nothing is predicted at $T = {T:g}$: with marginal stability at each correlation, $T/X$ "
        "would rise with the correlation."
    )


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
            label, note = _limit_in_words(aging_law(point))
            colour = quench_colour(point)
            found.append(Curve(study, "theory", label, ends, level, None, colour, note=note))
        elif temperatures_of(point)[0] == 0 and not is_driven(point):
            level = np.full(2, point.attrs["threshold_energy"])
            found.append(Curve(study, "theory", MARGINAL, ends, level, None, np.nan))
    return found


def _limit_in_words(law: spherical_pspin.Aging | ContinuousAging | None) -> tuple[str, str]:
    """The label of a limit, and what is special about it."""
    if law is None:
        return EQUILIBRIUM, ""
    if not isinstance(law, ContinuousAging):
        return LIMIT, ""
    if law.end > 0:
        return FORGETFUL, ""
    return FORGETFUL, (
        "At $T = 0$ this limit has $q_0 = 0$, one effective temperature, and the energy "
        r"$E_{\rm th}$ of the marginally stable states that dominate."
    )


def _relaxation(study: str, points: list[xr.Dataset]) -> list[Curve]:
    panel, found = study + RELAXATION, []
    for point in _aging(points):
        time, energy = _late_enough(point)
        excess = energy - _limit_of_aging(point)
        kept = excess > _least_difference(point)
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
    ends = [
        f"${curve.y[-1]:.3f}$ ({curve.label})"
        for curve in found
        if curve.role == SOLUTION and curve.y.size
    ]
    if ends:
        found[0] = found[0]._replace(note=f"At the ends of the lines, $a$ is {', '.join(ends)}.")
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
        excess = energy - point.attrs["threshold_energy"]
        kept = (np.abs(excess) > _least_difference(point)) & (time >= FIRST_BESIDE_THRESHOLD)
        curve = _solution(panel, point, points, time[kept], excess[kept])
        found.append(curve._replace(note=why_limit_is_unknown(point)))
    if found and any(curve.x.size for curve in found):
        ends = np.array(
            [end(curve.x[k] for curve in found if curve.x.size) for end, k in ((min, 0), (max, -1))]
        )
        found.append(Curve(panel, "theory", MARGINAL, ends, np.zeros(2), None, np.nan))
    return found


def _least_difference(point: xr.Dataset) -> Values:
    """Smaller differences of energies may be numerical errors."""
    return np.asarray(FEWEST_ERRORS * point.energy_error_estimate.values[1:])


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
    """Rows of energies, of distances from limits, of exponents, and of distances from E_th."""
    kinds = [_kind(panel) for panel in dict.fromkeys(curve.panel for curve in curves)]
    most = max((kinds.count(kind) for kind in kinds), default=1)
    columns = 4 if most > 3 else 3
    figure, axes = draw_panels(curves, columns, _kind, STYLES)
    exponents = [curve.y for curve in curves if curve.panel.endswith(EXPONENT) and curve.y.size]
    highest = 1.05 * max((float(one.max()) for one in exponents), default=1.0)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$")
        if name.endswith(RELAXATION):
            one.set(yscale="log", ylabel=r"$E(t) - E(\infty)$")
        elif name.endswith(EXPONENT):
            one.set(ylabel="exponent $a$", ylim=(0.0, highest))
        elif name.endswith(THRESHOLD):
            one.set(ylabel=r"$E(t) - E_{\rm th}$")
            set_signed_logarithmic_axis(one, [c.y for c in curves if c.panel == name])
        else:
            low, high = one.get_ylim()
            room = max(0.0, SMALLEST_SPAN - (high - low)) / 2
            one.set(ylabel="energy $E(t)$", ylim=(low - room, high + room))
    for kind in dict.fromkeys(kinds):
        share_limits([one for name, one in axes.items() if _kind(name) == kind], "x")
    share_limits([one for name, one in axes.items() if name.endswith(RELAXATION)], "y")
    return figure


def _kind(panel: str) -> str:
    """What a panel shows, which follows the title of its study."""
    return panel.partition(":")[2]


def set_signed_logarithmic_axis(
    axes: "Axes", values: list[Values], share: float | None = None
) -> None:
    """A logarithmic vertical axis for values of both signs; it is linear close to 0.

    The linear part begins below the smallest value, or at a small share of the largest one, which
    may be given.
    """
    from matplotlib.ticker import NullLocator

    known = np.abs(np.concatenate([np.empty(0), *values]))
    known = known[known > 0]
    if not known.size:
        return
    lowest = min(float(one.min(initial=0.0)) for one in values)
    if share is None:
        share = TWO_SIDED_SHARE if -lowest > LINEAR_SHARE * known.max() else LINEAR_SHARE
    least = max(known.min(), share * known.max(), LEAST_LINEAR)
    linear = 10.0 ** np.floor(np.log10(least))
    decades = range(int(np.log10(linear)), int(np.ceil(np.log10(known.max()))) + 1)
    sizes = [10.0**decade for decade in decades if 10.0**decade <= 2 * known.max()]
    ticks = [*(-one for one in reversed(sizes) if lowest <= -one), 0.0, *sizes]
    bottom = min(1.5 * lowest, -0.3 * linear)
    axes.set_yscale("symlog", linthresh=linear, linscale=0.5)
    axes.set(ylim=(bottom, 1.5 * known.max()), yticks=ticks)
    axes.yaxis.set_minor_locator(NullLocator())
