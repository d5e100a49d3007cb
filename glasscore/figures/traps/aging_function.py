r"""How far aging functions follow the exact laws of the trap model, and when aging ends.

The aging function $\Pi$ is a probability that a state is kept from the waiting time $t_w$ to the
time $t_w(1+\omega)$, so that the window is $\omega=t/t_w$ for a further time $t$. Points are
averages over independent samples of the disorder, with the quench from infinite temperature at time
0; times are counted in attempted moves. One panel of a study shows all windows after the last
waiting time for which every window ends within the run, another shows all waiting times at the
window that is nearest to $1/2$. If the system ages for ever, $\Pi$ tends to a function of $\omega$
alone, which depends on the ratio $x=T/T_c$ of the temperature $T$ to the critical temperature $T_c$
of the model. Where the states are finitely many, aging ends once the deepest of them have been
found, and $\Pi$ then tends to its value in equilibrium.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    results_by_panel,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.residuals import (
    EXPLANATION,
    RESIDUALS,
    residuals,
    set_residual_axis,
)
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    is_glassy,
    is_independent_gaussian,
    is_locally_random,
    is_random_energy_model,
    is_step_model,
    is_trap_model,
    size_is_infinite,
)
from glasscore.theory import step_model, trap_model
from glasscore.theory.mean_trap_model import mean_no_jump
from glasscore.theory.random_energy import log_equilibration_time

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

RECORDERS = ("configurations",)
WINDOW = 0.5
# A line has this number of points beside those of its data.
LINE_POINTS = 40
AGAINST_WINDOW, AGAINST_WAITING_TIME = "window", "waiting time"
DIFFERENCE = "difference from the limit"
# A third panel of a study ends with one of these.
THIRD = (DIFFERENCE, RESIDUALS)
NO_JUMP, SAME = "no_jump", "same_configuration"
WORDS = {NO_JUMP: "no jump", SAME: "same configuration"}
EXACT, OF_ALL_TRAPS = r"exact at finite $t_w$", "exact mean over traps"
LIMIT, LOCALLY = r"limit $H_x(\omega)$", r"local REM, $H_x(\omega)$"
OF_LATE_TIMES, OF_MANY_STATES = r"$H_x(\omega)$, $t_w\to\infty$", r"law of $N=\infty$"
UNTIL_EQUILIBRIUM = (
    "It is drawn from a sweep, $t_w=N$, to the time $t_w(1+\\omega)=e^{(|E_{\\rm min}|-|E_{\\rm "
    "th}|)/T}$ that it takes to climb from the mean lowest energy $E_{\\rm min}$ of $2^N$ states "
    "to the threshold $E_{\\rm th}$, the typical lowest energy of $N$ neighbours: an estimate of "
    "the end of aging."
)
EXPLAINED = {
    NO_JUMP: (
        "On the complete graph every jump forgets the state, and $\\Pi$ is the probability of no "
        "jump."
    ),
    SAME: (
        "For spins, $\\Pi$ is the probability of the same configuration at both times, whether or "
        "not it was left in between."
    ),
    EXACT: (
        "Lines that are called exact at finite $t_w$ are the laws of infinitely many traps or "
        "steps at each waiting time, with nothing fitted."
    ),
    OF_ALL_TRAPS: (
        "The exact mean over traps is the law of $M=2^N$ traps at each waiting time, averaged over "
        "their energies."
    ),
    "H_x": (
        "The law $H_x(\\omega)=\\frac{\\sin\\pi x}{\\pi}\\int_\\omega^\\infty\\frac{du}{(1+u)u^x}$ "
        "is the limit $t_w\\to\\infty$ of infinitely many traps for $x<1$."
    ),
    LIMIT: (
        "A random energy model has this limit where many traps have been visited, but not yet the "
        f"deepest. {UNTIL_EQUILIBRIUM}"
    ),
    OF_LATE_TIMES: (
        "Where it is drawn beside an exact law, it shows how late the limit is reached: "
        "corrections fall as $t_w^{-(1-x)}$."
    ),
    LOCALLY: (
        "Number partitioning is locally a random energy model with $T_c=1$: its deep states follow "
        "the same limit."
    ),
    OF_MANY_STATES: (
        "The law of $N=\\infty$ is that of infinitely many states of the step model, exact at each "
        "waiting time. It is drawn up to $t_w(1+\\omega)=2^N$, the number of states, and points "
        "leave it before."
    ),
    DIFFERENCE: (
        "The panel of $\\Pi-H_x$ shows the points of the first panel of the study as differences "
        "from the limit $H_x$, which is the line at zero, and the exact law, where one is known, "
        "as its difference from the same limit."
    ),
    RESIDUALS: EXPLANATION,
}
OF_GAUSSIAN = (
    "Gaussian energies have no law of a single exponent, so that no line is drawn; the figure "
    "``local_exponent`` compares them with a law of a local exponent."
)
UNKNOWN = "No law of aging is known for some or all of these points, so that they have no line."


class Law(NamedTuple):
    """A law at some waiting times and windows.

    Attributes
    ----------
    label
        Its entry in the legend.
    y
        Values of the law, NaN where it does not hold.
    exact
        Whether points obey it up to their errors.
    black
        Whether it is a black line, because it is drawn beside another law.
    """

    label: str
    y: Array
    exact: bool = False
    black: bool = False


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Panels of all windows and of all times for each study, and one of differences from its law.

    Studies without such a law come last, so that the panels of the others stand below each other.
    """
    rows = []
    for study, points in results_by_panel(results).items():
        shown = [
            curve
            for part in (_against_window, _against_waiting_time)
            for point in points
            for curve in part(study, point)
        ]
        # Panels appear in the order of their first curve.
        rows.append(sorted(shown, key=_is_third))
    rows.sort(key=lambda row: not any(map(_is_third, row)))
    return [curve for row in rows for curve in row]


def _is_third(curve: Curve) -> bool:
    return curve.panel.endswith(THIRD)


def observable(point: xr.Dataset) -> str:
    """Name of the aging function that follows H_x; returns count where there are any."""
    return NO_JUMP if point.attrs["every_jump_forgets"] else SAME


def _against_window(study: str, point: xr.Dataset) -> list[Curve]:
    name = observable(point)
    # The last waiting time after which every window fits into the run, or the most of them do.
    fitting = point[name].notnull().sum("window").values
    last = point.isel(waiting_time=int(np.flatnonzero(fitting == fitting.max())[-1]))
    last = last.isel(window=last[name].notnull().values)
    time, omega = float(last.waiting_time), last.window.values
    title = f"{study}, $t_w=10^{{{round(np.log10(time), 2):g}}}$"
    panel = f"{title}: {name} {AGAINST_WINDOW}"
    data = data_of_point(panel, point, omega, last[name].values, last[f"{name}_error"].values)
    line = np.union1d(omega, np.geomspace(omega.min() / 2, omega.max() * 2, LINE_POINTS))
    laws = list(_laws(point, np.full(line.size, time), line))
    return [*_with_lines(point, data, line, laws), *_differences(title, point, data, line, laws)]


def _against_waiting_time(study: str, point: xr.Dataset) -> list[Curve]:
    name = observable(point)
    one = point.sel(window=WINDOW, method="nearest")
    omega = float(one.window)
    panel = rf"{study}, $\omega={omega:g}$: {name} {AGAINST_WAITING_TIME}"
    one = one.isel(waiting_time=one[name].notnull().values)
    time = one.waiting_time.values
    data = data_of_point(panel, point, time, one[name].values, one[f"{name}_error"].values)
    windows = np.full(time.size, omega)
    laws = list(_laws(point, time, windows))
    if is_trap_model(point) and is_glassy(point):
        limit = trap_model.aging_function(windows, trap_exponent(point))
        laws.append(Law(OF_LATE_TIMES, limit, black=True))
    return list(_with_lines(point, data, time, laws))


def _with_lines(point: xr.Dataset, data: Curve, along: Array, laws: list[Law]) -> Iterator[Curve]:
    """The points and the lines of their laws, whose values are those at the abscissae ``along``."""
    missing = OF_GAUSSIAN if is_independent_gaussian(point) else UNKNOWN
    yield data if laws else data._replace(note=missing)
    for law in laws:
        held = np.isfinite(law.y)
        line = theory_of_point(data.panel, point, along[held], law.y[held], law.label, law.exact)
        if held.any():
            yield line._replace(colour=np.nan) if law.black else line


def _differences(
    title: str, point: xr.Dataset, data: Curve, line: Array, laws: list[Law]
) -> Iterator[Curve]:
    """The points of all windows as differences from H_x, or else from their exact law."""
    at_points = np.isin(line, data.x)
    if is_glassy(point) and not is_step_model(point) and laws:
        limit = trap_model.aging_function(line, trap_exponent(point))
        panel = f"{title}: {DIFFERENCE}"
        yield data._replace(panel=panel, y=data.y - limit[at_points])
        for law in laws:
            if law.exact:
                y = law.y - limit
                yield theory_of_point(panel, point, line, y, law.label, exact=True)
        yield Curve(panel, "theory", "", line[[0, -1]], np.zeros(2), None, np.nan)
        return
    for law in laws:
        if law.exact:
            yield residuals(f"{title}: {RESIDUALS}", data, law.y[at_points])


def _laws(point: xr.Dataset, time: Array, omega: Array) -> Iterator[Law]:
    """The laws of a result at these waiting times and windows."""
    x, N = trap_exponent(point), temperature_and_size(point)[1]
    if has_exact_step_model_law(point):
        # Here x = T / T_c holds above T_c, too.
        law = step_model.no_jump(time, omega, x)
        if size_is_infinite(point):
            yield Law(EXACT, law, exact=True)
        else:
            yield Law(OF_MANY_STATES, np.where(time * (1 + omega) <= 2.0**N, law, np.nan))
    elif is_trap_model(point):
        if size_is_infinite(point):
            yield Law(EXACT, trap_model.no_jump(time, omega, x), exact=True)
        else:
            yield Law(OF_ALL_TRAPS, mean_no_jump(time, omega, 2.0**N, x), exact=True)
    elif is_glassy(point) and (is_random_energy_model(point) or is_locally_random(point)):
        end = log_equilibration_time(N, x, "exponential")
        ages = (time >= N) & (np.log(time * (1 + omega)) <= end)
        law = np.where(ages, trap_model.aging_function(omega, x), np.nan)
        local = is_locally_random(point)
        yield Law(LOCALLY if local else LIMIT, law, black=local)


def draw(curves: list[Curve]) -> "Figure":
    """A row for each study, of two panels or, where some have laws, of three."""
    figure, axes = draw_panels(curves, columns=3 if any(map(_is_third, curves)) else 2)
    for name, one in axes.items():
        kind = name.rpartition(": ")[2]
        one.set(xscale="log", xlabel=r"window $\omega=t/t_w$")
        if kind == RESIDUALS:
            set_residual_axis(one)
        elif kind == DIFFERENCE:
            one.set_ylabel(r"difference $\Pi-H_x$")
        else:
            one.set(ylim=(0, 1.02), ylabel=rf"{WORDS[kind.split()[0]]}, $\Pi$")
        if kind.endswith(AGAINST_WAITING_TIME):
            one.set_xlabel("waiting time $t_w$ (attempts)")
    return figure
