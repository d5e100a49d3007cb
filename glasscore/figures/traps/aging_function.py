r"""How far aging functions follow the exact laws of the trap model, and when aging ends.

The aging function $\Pi$ is a probability that a state is kept from the waiting time $t_w$ to the
time $t_w(1+\omega)$, so that the window is $\omega=t/t_w$ for a further time $t$. Points are
averages over independent samples of the disorder, with the quench from infinite temperature at time
0; times are counted in attempted moves. Points of one $N$ and $T$ share samples, so that their
errors are correlated. Left: $\Pi$ against $\omega$ at one late waiting time, given in the title.
Next to it: $\Pi$ against $t_w$ at the window $\omega$ of the title. If the system ages for ever,
$\Pi$ tends to a function of $\omega$ alone; where the states are finitely many, aging ends once the
deepest of them have been found.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    results_by_panel,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.drawing.equilibration import (
    ages,
    log_end_of_aging,
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
from glasscore.figures.drawing.symbols import SmallSymbols
from glasscore.theory import step_model, trap_model
from glasscore.theory.mean_trap_model import mean_no_jump

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
LIMIT, LOCALLY = r"$H_x(\omega)$", r"local REM, $H_x(\omega)$"
OF_MANY_STATES = r"law of $N=\infty$"
EXPLAINED = {
    NO_JUMP: (
        "On the complete graph every jump forgets the state, and $\\Pi$ is the probability of no "
        "jump."
    ),
    SAME: (
        "For spins, $\\Pi$ is the probability of the same configuration at both times, whether or "
        "not it was left in between. Points of several sizes lie on each other while they age."
    ),
    EXACT: (
        "Lines that are called exact at finite $t_w$ are the laws of infinitely many states at "
        "each waiting time, with nothing fitted."
    ),
    OF_ALL_TRAPS: (
        "The exact mean over traps is the law of $M=2^N$ traps at each waiting time, averaged over "
        "their energies. At fixed $\\omega$ it falls to zero after $t_w=M^{1/x}$, since the time "
        "$t=\\omega t_w$ then exceeds the trapping time of the deepest trap."
    ),
    "H_x": (
        "The law $H_x(\\omega)=\\frac{\\sin\\pi x}{\\pi}\\int_\\omega^\\infty\\frac{du}{(1+u)u^x}$ "
        "with $x=T/T_c$, where $T_c=J$ for exponential energies in units of $J$, is the limit "
        "$t_w\\to\\infty$ of infinitely many traps for $x<1$; each temperature has its own line. "
        "For finitely many traps and spins it is drawn up to $t_w(1+\\omega)=t_{\\rm eq}/10$, an "
        "estimate of the end of aging. For traps $t_{\\rm eq}=M^{1/x}$. Traps approach "
        "the limit with corrections of the order $t_w^{-(1-x)}$."
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
        "Right: the points on the left minus $H_x(\\omega)$, which is the line at zero, and the "
        "exact law, where one is known, minus $H_x(\\omega)$."
    ),
    RESIDUALS: EXPLANATION,
}
OF_SPINS = (
    "For spins $H_x$ is drawn from $t_w=10^3$ on, when first traps have been found. There "
    "$t_{\\rm eq}=(e^\\gamma 2^N/N)^{1/x}$, with Euler's constant $\\gamma$, is the time to climb "
    "from the mean lowest of $2^N$ energies to the lowest of $N$ neighbours, $-T_c\\ln N$."
)
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
        Whether it is a black dashed line, as the limit of late times is in all panels.
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
        shown[0] = shown[0]._replace(note=_note(points) or shown[0].note)
        # Panels appear in the order of their first curve.
        rows.append(_with_agreement(sorted(shown, key=_is_third)))
    rows.sort(key=lambda row: not any(map(_is_third, row)))
    return [curve for row in rows for curve in row]


def _with_agreement(row: list[Curve]) -> list[Curve]:
    """The curves of a study, with a sentence on how far differences lie from their exact law."""
    last = row[-1].panel
    shown = [curve for curve in row if curve.panel == last and last.endswith(DIFFERENCE)]
    found = []
    for line in (curve for curve in shown if curve.exact):
        for data in shown:
            alike = (data.colour, data.marker) == (line.colour, line.marker)
            if alike and data.role == "data" and data.error is not None:
                found.append(residuals("", data, np.interp(data.x, line.x, line.y)).y)
    z = np.concatenate([np.empty(0), *found])
    if z.size == 0:
        return row
    note = (
        f"Points lie off the exact law by at most {np.abs(z).max():.1f} standard errors, with the "
        f"mean square $\\chi^2/n={np.mean(z**2):.2f}$ over $n={z.size}$ points. Those of one size "
        "and temperature share samples, so that they are off together."
    )
    first = next(curve for curve in shown if curve.role == "data")
    return [curve._replace(note=note) if curve is first else curve for curve in row]


def _note(points: list[xr.Dataset]) -> str:
    """Where the limit is drawn for spins, and which points lie after the end of aging."""
    spins = [point for point in points if _is_like_traps(point)]
    if not spins:
        return ""
    ended = []
    for point in spins:
        T, N = temperature_and_size(point)
        end = log_end_of_aging(point)
        last = _last(point)
        if np.log(float(last.waiting_time) * (1 + float(last.window[-1]))) > end:
            ended.append(f"$10^{{{end / np.log(10):.1f}}}$ for $N={N:g}$, $T={T:.4g}$")
    if not ended:
        return OF_SPINS
    return (
        f"{OF_SPINS} The end $t_{{\\rm eq}}/10$ is {listed_in_words(ended, 'and')}; later points "
        "lie above $H_x$ at large $\\omega$, since the system returns to its deepest states, and "
        "below it at small $\\omega$."
    )


def _is_like_traps(point: xr.Dataset) -> bool:
    """Whether these are spins that age as traps do."""
    return is_glassy(point) and (is_random_energy_model(point) or is_locally_random(point))


def _is_third(curve: Curve) -> bool:
    return curve.panel.endswith(THIRD)


def observable(point: xr.Dataset) -> str:
    """Name of the aging function that follows H_x; returns count where there are any."""
    return NO_JUMP if point.attrs["every_jump_forgets"] else SAME


def _last(point: xr.Dataset) -> xr.Dataset:
    """The last waiting time after which every window fits into the run, or the most of them do."""
    values = point[observable(point)]
    fitting = values.notnull().sum("window").values
    last = int(np.flatnonzero(fitting == fitting.max())[-1])
    return point.isel(waiting_time=last, window=values[last].notnull().values)


def _against_window(study: str, point: xr.Dataset) -> list[Curve]:
    name = observable(point)
    last = _last(point)
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
        ended = np.log(time * (1 + omega)) > log_end_of_aging(point)
        laws.append(Law(LIMIT, np.where(ended, np.nan, limit), black=True))
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
        label = LOCALLY if is_locally_random(point) else LIMIT
        yield Curve(panel, "theory", label, line[[0, -1]], np.zeros(2), None, np.nan)
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
    elif _is_like_traps(point):
        held = ages(point, time, time * (1 + omega))
        law = np.where(held, trap_model.aging_function(omega, x), np.nan)
        yield Law(LOCALLY if is_locally_random(point) else LIMIT, law, black=True)


def draw(curves: list[Curve]) -> "Figure":
    """A row for each study, of two panels or, where some have laws, of three."""
    columns = 3 if any(map(_is_third, curves)) else 2
    figure, axes = draw_panels(curves, columns, looks=SmallSymbols)
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
