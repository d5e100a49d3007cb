r"""The threshold energy, inferred from energy maxima and from the ridges between traps.

Panels against time show two energies $E$ for each size $N$ at the temperature $T$, in units of $J$.
One is the mean of the maximum energy in $[t/2,t]$, over independent disorder samples. The other is
the mean energy of the ridges, which are the highest energies between two successive metabasins;
immediate returns to a metabasin are left out. The time $t$ is counted in sweeps, which are $N$
attempted flips.

The maximum falls while the system relaxes, and rises later, because longer windows contain rarer
heights. Its least value is one estimate of the threshold $E_{\rm th}$. This estimate is too low if
most samples leave no trap in $[t/2,t]$, since the maximum is then the energy of the trap. Ridges
need no window: if traps are left over a fixed energy level, ridges stay at this level while the
traps deepen. Their mean in the last decade is the other estimate. It counts every ridge alike, and
so depends mostly on the samples that move most.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy import stats

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import (
    Curve,
    has_typical_threshold,
    in_few_digits,
    landscape_of,
    temperature_and_size,
    with_error,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.symbols import DOTTED, SHORT_DASHES
from glasscore.theory import ising_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("maximum_energy", "metabasins")
ONLY = {
    "graph": ["hypercube"],
    "energies": ["exponential", "gaussian", "pspin"],
}
TIMES, SIZES = ": times", ": sizes"
EXTENSIVE, LOGARITHMIC = ", per spin", ", in all"
# Name of a variable, the number of its marker, and its label.
MAXIMUM = "maximum_energy", 0.0, "maximum in $[t/2, t]$"
RIDGE = "metabasin_ridge_energy", 1.0, "ridges"
CANDIDATES = r"$E_{\rm th}$, "
STATES = r"$E_{\rm th}$, most numerous, $N=\infty$"
MARGINAL = r"$E_{\rm th}$, marginal, $N=\infty$"
TYPICAL = r"typical $E_{\rm th}$"
LOWEST = "lowest neighbour"
# A least maximum is an estimate if a later one is larger by so many errors of the difference.
RISE = 2.0
# Half the length of the lines at single sizes, as a share of the axis.
HALF_LENGTH = 0.05
EXPLAINED = {
    SIZES: "Panels against size show the least maximum over all times and the mean of the ridges "
    "in the last decade of time. A least maximum counts only if a later maximum exceeds it by two "
    "standard errors of their difference, and if it does not lie below the late ridges by as much: "
    "so low a maximum is that of samples which leave no trap in $[t/2,t]$. No limit is "
    "extrapolated, since the power of $N$ in the "
    "approach to it is not known.",
    EXTENSIVE + SIZES: "Energies that grow in proportion to $N$ are drawn per spin, and against "
    "$N^{-1/2}$, since thermal fluctuations of the energy per spin are of this order.",
    LOGARITHMIC: "Exponential energies are not divided by $N$, because the threshold of the random "
    r"energy model (REM) grows with the logarithm of $N$: $E_{\rm th}=-T_c\ln N$, where "
    "$T_c=1$ is the critical temperature in units of $J$.",
    CANDIDATES: "Horizontal lines are candidates for the threshold energy $E_{\\rm th}$ of "
    "mean-field "
    "dynamics in the infinite Ising $p$-spin model, in the approximation of one step of "
    "replica-symmetry breaking: the energy of the most numerous states at this temperature "
    "(dashed), and that of the marginal states (dotted), which is known only above Gardner's "
    "temperature. Both include the thermal energy within a state, and are to be compared "
    "with the energy at time $t$ of large systems. Maxima and ridges lie above the energy by "
    "fluctuations, which vanish per spin for $N\\to\\infty$. Systems of the sizes shown are far "
    "from this limit.",
    TYPICAL: r"The typical threshold $E_{\rm th}$ of independent energies, in the colour of its "
    "size, is the one below which one of the $N$ neighbours is expected: "
    r"$NP(E<E_{\rm th})=1$ with the probability $P$ of a lower energy. It is an order of magnitude "
    "and no exact law of ridges, since the lowest of $N$ energies fluctuates.",
    LOWEST: "Dashed short lines are the mean energy of the lowest of the $N$ neighbours of a "
    "state, by which it is left most easily. A ridge is the highest of all states between two "
    "traps, and "
    "lies above this for that reason; but traps that happen to have lower neighbours are left more "
    "often. Ridges of independent energies are therefore expected between the lines, or above.",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study and temperature, or one panel if there is only one size."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for T in sorted(texts):
            alike = [point for point in points if temperature_and_size(point)[0] == T]
            alike.sort(key=lambda point: temperature_and_size(point)[1])
            kind = EXTENSIVE if all(map(_is_extensive, alike)) else LOGARITHMIC
            panel = f"{study}, $T={texts[T]}$:"
            found += _times(panel + kind + TIMES, alike, T)
            if len({temperature_and_size(point)[1] for point in alike}) > 1:
                found += _sizes(panel + kind + SIZES, alike, T)
    return found


def _is_extensive(point: xr.Dataset) -> bool:
    """Whether the energy grows in proportion to N."""
    return bool(landscape_of(point)["energies"] != "exponential")


def _unit(point: xr.Dataset, panel: str) -> float:
    """What energies are divided by."""
    return temperature_and_size(point)[1] if EXTENSIVE in panel else 1.0


def _times(panel: str, points: list[xr.Dataset], T: float) -> list[Curve]:
    found = [
        _against_time(panel, name, point)
        for name in (MAXIMUM, RIDGE)
        for point in points
        if name[0] in point
    ]
    times = np.concatenate([curve.x for curve in found])
    if times.size:
        ends = np.array([times.min(), times.max()])
        found += _states(panel, points, T, ends)
        found += [_typical(panel, point, ends) for point in points if has_typical_threshold(point)]
    return found


def _against_time(panel: str, quantity: tuple[str, float, str], point: xr.Dataset) -> Curve:
    name, mark, label = quantity
    N = temperature_and_size(point)[1]
    y, error = (point[each].values / _unit(point, panel) for each in (name, f"{name}_error"))
    known = np.isfinite(error)
    return Curve(panel, "data", f"$N={N:g}$, {label}", point.time.values[known] / N, y[known],
                 error[known], N, mark, f"$N={N:g}$", label)  # fmt: skip


def _sizes(panel: str, points: list[xr.Dataset], T: float) -> list[Curve]:
    """The estimates against size, one point for each size, with the threshold of theory."""
    found = []
    for (name, mark, label), estimate in ((MAXIMUM, _least), (RIDGE, _late)):
        for point in points:
            energy, error = estimate(point) if name in point else (np.nan, np.nan)
            if np.isfinite(error) and not (mark == MAXIMUM[1] and _is_too_low(point)):
                N, unit = temperature_and_size(point)[1], _unit(point, panel)
                x, y, bar = (np.array([one]) for one in (_place(panel, N), energy, error))
                text = f"$N={N:g}$"
                found.append(Curve(panel, "data", f"{text}, {label}", x, y / unit, bar / unit, N,
                                   mark, text, label))  # fmt: skip
    if not found:
        return []
    x = np.array([_place(panel, temperature_and_size(point)[1]) for point in points])
    if all(map(has_typical_threshold, points)):
        half = HALF_LENGTH * np.ptp([0.0, *x] if EXTENSIVE in panel else x)
        found += [
            _typical(panel, point, place + half * np.array([-1.0, 1.0]))
            for place, point in zip(x, points, strict=True)
        ]
        found += [
            line._replace(
                label=LOWEST, y=np.full(2, _lowest_neighbour(point) / _unit(point, panel))
            )
            for line, point in zip(found[-len(points) :], points, strict=True)
        ]
    notes = [_falling(points), _too_low(points), _above_typical(found, panel)]
    said = " ".join(filter(None, notes))
    if said:
        nothing = np.empty(0)
        found.append(Curve(panel, "data", "", nothing, nothing, note=said))
    return [*found, *_states(panel, points, T, np.array([0.0, x.max()]))]


def _above_typical(shown: list[Curve], panel: str) -> str:
    """How far late ridges lie from the typical threshold."""
    levels = {curve.colour: curve.y[0] for curve in shown if curve.label == TYPICAL}
    late = [
        curve
        for curve in shown
        if curve.role == "data" and curve.marker == RIDGE[1] and curve.colour in levels
    ]
    apart = [
        f"${with_error(curve.y[0] - levels[curve.colour], float(np.asarray(curve.error)[0]))}$ at "
        f"{curve.colour_label}"
        for curve in late
    ]
    if not apart:
        return ""
    unit = "NJ" if EXTENSIVE in panel else "J"
    said = (
        f"Late ridges minus the typical threshold are, in units of ${unit}$, "
        f"{listed_in_words(apart, 'and')}."
    )
    if all(curve.y[0] > levels[curve.colour] for curve in late):
        said += (
            " A ridge is the highest of all states between two traps, which may be several, and "
            "lies above the threshold for that reason."
        )
    return said


def _falling(points: list[xr.Dataset]) -> str:
    """A sentence on the sizes whose maximum has no least value yet."""
    sizes = [
        f"$N={temperature_and_size(point)[1]:g}$"
        for point in points
        if MAXIMUM[0] in point
        and np.isfinite(point[f"{MAXIMUM[0]}_error"]).any()
        and not np.isfinite(_least(point)[0])
    ]
    if not sizes:
        return ""
    return f"The maximum has not risen again at {', '.join(sizes)}, so that it gives no estimate."


def _is_too_low(point: xr.Dataset) -> bool:
    """Whether the least maximum lies below the late ridges, so that it is no threshold."""
    if RIDGE[0] not in point:
        return False
    (least, noise), (ridge, error) = _least(point), _late(point)
    return bool(ridge - least > RISE * np.hypot(noise, error))


def _too_low(points: list[xr.Dataset]) -> str:
    """A sentence on the sizes whose least maximum lies below the ridges."""
    sizes = [
        f"$N={temperature_and_size(point)[1]:g}$ (${_least(point)[0] / _scale(point):.3f}$)"
        for point in points
        if MAXIMUM[0] in point and _is_too_low(point)
    ]
    if not sizes:
        return ""
    return (
        "The least maximum lies below the late ridges and is not drawn at "
        f"{listed_in_words(sizes, 'and')}."
    )


def _scale(point: xr.Dataset) -> float:
    """What energies of this model are divided by."""
    return temperature_and_size(point)[1] if _is_extensive(point) else 1.0


def _lowest_neighbour(point: xr.Dataset) -> float:
    """The mean of the lowest of N independent energies."""
    N = int(temperature_and_size(point)[1])
    if not _is_extensive(point):
        # The mean largest of N exponential depths is the harmonic number of N.
        return -float(point.attrs.get("critical_temperature", 1.0)) * float(
            np.sum(1.0 / np.arange(1, N + 1))
        )
    z = np.linspace(-12.0, 12.0, 4001)
    # The mean of the lowest is the integral of z with the density N phi(z) (1 - Phi(z))^(N - 1).
    density = N * stats.norm.pdf(z) * stats.norm.sf(z) ** (N - 1)
    return float(np.sqrt(N) * np.trapezoid(z * density, z))


def _place(panel: str, N: float) -> float:
    """The abscissa of a size."""
    return N**-0.5 if EXTENSIVE in panel else float(np.log(N))


def _least(point: xr.Dataset) -> tuple[float, float]:
    """The least maximum and its error; NaN if no later one is larger by more than the noise."""
    maximum, error = (point[f"maximum_energy{end}"].values for end in ("", "_error"))
    least = int(np.argmin(maximum))
    rise = maximum[least + 1 :] - maximum[least]
    noise = np.hypot(error[least + 1 :], error[least])
    if not np.any(rise > RISE * noise):
        return np.nan, np.nan
    return float(maximum[least]), float(error[least])


def _late(point: xr.Dataset) -> tuple[float, float]:
    name = "metabasin_late_ridge_energy"
    return float(point[name]), float(point[f"{name}_error"])


def _typical(panel: str, point: xr.Dataset, ends: np.ndarray) -> Curve:
    N = temperature_and_size(point)[1]
    level = np.full(2, point.attrs["threshold_energy"] / _unit(point, panel))
    return Curve(panel, "theory", TYPICAL, ends, level, None, N)


def _states(panel: str, points: list[xr.Dataset], T: float, ends: np.ndarray) -> list[Curve]:
    """Horizontal lines at the energies of states at the threshold, where these are known."""
    models = [landscape_of(point) for point in points]
    # Studies with the same title may be of different models.
    if models[0]["energies"] != "pspin" or any(model != models[0] for model in models):
        return []
    return lines_of_states(panel, int(models[0]["p"]), T, ends)


def lines_of_states(panel: str, p: int, T: float, ends: np.ndarray) -> list[Curve]:
    """Horizontal lines at the energies of both kinds of states, with a note on their values."""
    levels = states_at_the_threshold(p, T)
    if not levels:
        return []
    kinds = dict(zip((STATES, MARGINAL), levels, strict=False))
    named = zip(("most numerous", "marginal"), levels, strict=False)
    said = [f"${energy:.4f}$ ({which} states)" for which, energy in named]
    note = f"The candidates for $E_{{\\rm th}}/(NJ)$ are {listed_in_words(said, 'and')}."
    if T > 0.0:
        cold = states_at_the_threshold(p, 0.0)[0]
        note += (
            f" They depend on the temperature: at $T=0$, for which the figure ``cold_states`` is "
            f"made, the most numerous states have ${cold:.4f}$."
        )
    lines = [
        Curve(panel, "theory", label, ends, np.full(2, energy), None, np.nan)
        for label, energy in kinds.items()
    ]
    return [lines[0]._replace(note=note), *lines[1:]]


def states_at_the_threshold(p: int, T: float) -> list[float]:
    """Energies per spin of the most numerous and the marginal states, where 1RSB gives them."""
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
    figure, axes = draw_panels(curves, styles={MARGINAL: DOTTED, LOWEST: SHORT_DASHES})
    for name, one in axes.items():
        energy = "energy per spin $E/(NJ)$" if EXTENSIVE in name else "energy $E/J$"
        one.set_ylabel(energy)
        if name.endswith(TIMES):
            one.set(xscale="log", xlabel="time $t$ (sweeps)")
        elif EXTENSIVE in name:
            one.set_xlabel("$N^{-1/2}$")
            one.set_xlim(left=0.0)
        else:
            one.set_xlabel(r"$\ln N$")
    return figure
