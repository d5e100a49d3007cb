r"""Is equilibrium reached? Correlations over fixed lags, against the waiting time.

Points are averages over independent samples of the disorder of what the configurations at the
waiting time $t_w$ and at the time lag $\tau$ later have in common, with standard errors. In
equilibrium it depends on $\tau$ alone: points of one $\tau$ lie on a horizontal line from the time
on at which the system has reached equilibrium for this $\tau$, and from $t_w=0$ on if the
trajectories start there. Before, they rise, because deep states are left late. The axis of $t_w$ is
linear below 1 attempt and logarithmic above. Points of one $N$ and $T$ share samples and are
correlated. Of several temperatures of a model the coldest and the hottest are shown.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    coldest_and_hottest,
    dynamics_parameters,
    in_few_digits,
    landscape_of,
    temperature_and_size,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.figures.drawing.solved_models import is_quench, start_in_words
from glasscore.figures.drawing.symbols import DOTTED
from glasscore.figures.traps.spin_correlation import ONLY as OVERLAPPING
from glasscore.theory.trap_model import equilibrium_no_jump, no_jump

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("fixed_lags",)
NO_JUMP, SAME, OVERLAP = ": no jump", ": same configuration", ": overlap"
LABELS = {
    NO_JUMP: r"no jump, $\Pi(t_w, t_w+\tau)$",
    SAME: r"same configuration, $\Pi$",
    OVERLAP: r"overlap $q(t_w, t_w+\tau)$",
}
VARIABLES = {NO_JUMP: "lag_no_jump", SAME: "lag_same_configuration", OVERLAP: "lag_overlap"}
EXACT, EQUILIBRIUM = r"exact, $N=\infty$", "equilibrium"
EXPLAINED = {
    NO_JUMP: r"On the complete graph $\Pi$ is the probability of no jump in the lag.",
    SAME: r"For spins $\Pi$ is the probability of the same configuration at both times.",
    OVERLAP: (
        r"The overlap is $q=\frac{1}{N}\sum_i s_i(t_w)s_i(t_w+\tau)$ for $N$ spins $s_i=\pm1$. In "
        "equilibrium it ends, for long lags, at the overlap of two independent configurations of "
        "one sample, which vanishes only for many spins above the transition, and where all spins "
        "may be flipped without a change of the energy."
    ),
    EXACT: (
        "Solid lines are the law of the trap model with infinitely many traps at each $t_w$ and "
        r"$\tau$, after a quench from infinite temperature."
    ),
    EQUILIBRIUM: (
        r"Dotted lines are its law in equilibrium, which exists above $T_c$: "
        r"$\Pi(\tau)=(x-1)\int_0^1 u^{x-2}e^{-u\tau}du$ with $x=T/T_c$. It is approached slowly, "
        "as $t_w^{1-x}$."
    ),
}
LINE_POINTS_PER_DECADE = 6


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A panel for the coldest and the hottest temperature of each size and study."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for point in sorted(coldest_and_hottest(points), key=temperature_and_size):
            T, N = temperature_and_size(point)
            size = r"\infty" if np.isinf(N) else f"{N:g}"
            found += _of_point(f"{study}, $N={size}$, $T={texts[T]}$", point)
    return found


def observable(point: xr.Dataset) -> str:
    """What two configurations have in common: spins have an overlap where energies vary smoothly.

    Independent energies of spins let only the same configuration count.
    """
    model = landscape_of(point)
    if model["graph"] != "hypercube":
        return NO_JUMP
    return OVERLAP if model["energies"] in OVERLAPPING["energies"] else SAME


def _of_point(title: str, point: xr.Dataset) -> list[Curve]:
    kind = observable(point)
    panel, name = title + kind, VARIABLES[kind]
    found = []
    for lag in point.fixed_lag.values:
        one = point.sel(fixed_lag=lag)
        one = one.isel(fixed_waiting_time=one[name].notnull().values)
        time = one.fixed_waiting_time.values
        mean, error = one[name].values, one[f"{name}_error"].values
        label = rf"$\tau={lag:g}$"
        found.append(Curve(panel, "data", label, time, mean, error, lag))
        if is_infinite_trap_model(point):
            found += _laws(panel, time, lag, point)
    start = _start(point)
    return [found[0]._replace(note=start), *found[1:]]


def is_infinite_trap_model(point: xr.Dataset) -> bool:
    """Whether the laws of infinitely many traps hold, after a quench or from equilibrium."""
    model, chosen = landscape_of(point), dynamics_parameters(point)
    own = is_quench(point) or chosen["start"]["T"] == chosen["T"]
    traps = (model["graph"], model["energies"], chosen["rule"])
    return traps == ("complete", "exponential", "arrhenius") and np.isinf(chosen["N"]) and own


def _laws(panel: str, time: np.ndarray, lag: float, point: xr.Dataset) -> list[Curve]:
    """The law at each waiting time after a quench, and that of equilibrium."""
    x, quenched = trap_exponent(point), is_quench(point)
    found = []
    if x > 1:
        level = np.full(time.size, equilibrium_no_jump(lag, x))
        found.append(
            Curve(panel, "theory", EQUILIBRIUM, time, level, None, lag, exact=not quenched)
        )
    if not quenched:
        return found
    first, last = time[time > 0][0], time[-1]
    count = int(np.log10(last / first) * LINE_POINTS_PER_DECADE) + 2
    line = np.union1d(time, np.geomspace(first, last, count))
    law = np.array([trap_law(t, lag, x) for t in line])
    return [*found, Curve(panel, "theory", EXACT, line, law, None, lag, exact=True)]


def trap_law(waiting_time: float, lag: float, x: float) -> float:
    """Probability of no jump between t_w and t_w + lag in the trap model, also for t_w = 0.

    The trap that is drawn at the start has the density of equilibrium at the temperature x + 1, in
    units of T_c.
    """
    if waiting_time == 0:
        return float(equilibrium_no_jump(lag, x + 1.0))
    return float(no_jump(waiting_time, lag / waiting_time, x))


def _start(point: xr.Dataset) -> str:
    """Where trajectories begin, unless this is a quench."""
    return "" if is_quench(point) else start_in_words(point)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves, styles={EQUILIBRIUM: DOTTED})
    for name, one in axes.items():
        kind = next((kind for kind in LABELS if name.endswith(kind)), NO_JUMP)
        last = max(curve.x.max(initial=1.0) for curve in curves if curve.panel == name)
        one.set_xscale("symlog", linthresh=1.0, linscale=0.4)
        decades = int(np.floor(np.log10(last)))
        apart = max(1, -(-decades // 4))
        one.set_xticks([0.0, *(10.0**power for power in range(0, decades + 1, apart))])
        one.set(xlabel="waiting time $t_w$ (attempts)", ylabel=LABELS[kind])
        set_probability_limits(one, min(0.0, one.get_ylim()[0]))
    return figure
