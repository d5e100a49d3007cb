r"""Local minima and the barriers between them: their number, their heights, and their distribution.

A local minimum is a configuration of $N$ spins whose energy no flip of one spin lowers. Its barrier
$\Delta E$ is the energy that a path to a deeper minimum has to climb at least; the barrier of the
deepest minimum is the one on the way to the second deepest. Points are means over independent
disorder samples: of the number of minima; of the barrier from the deepest minimum, and of the
largest and the mean barrier of all others; and, for the smallest and the largest size, of the
density $\rho(\Delta E)$ of the barriers of all minima, the deepest included. Samples with a single
minimum have no barrier, and are left out of the means of barriers. On both sides of its maximum, a
density is drawn as far as it is larger than twice its standard error; the points end before the
first one that is not.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve, above_noise, landscape_of
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples, on_unit, remark
from glasscore.figures.drawing.symbols import Symbols
from glasscore.files.store import parameters_of
from glasscore.theory import independent_energies, random_energy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INDEPENDENT = ("exponential", "gaussian")
POINTS = 200
# A density counts as larger than zero if it exceeds this number of standard errors.
FEWEST_ERRORS = 2.0
# Bins are joined in pairs until the points hold this share of all barriers, but not more often.
SHARE_SHOWN, MOST_DOUBLINGS = 0.9, 4
MOST_TICKS = 8
NUMBER, DEPTH, AT_THRESHOLD = "$2^N/(N+1)$", r"$E_{\rm th}-E_0$", r"saddles at $E_{\rm th}$"
EXPLAINED = {
    NUMBER: "Independent energies have exactly $2^N/(N+1)$ minima on average.",
    DEPTH: (
        r"The dashed line $E_{\rm th} - E_0$ and the lines of the density assume, for independent "
        r"energies, that all saddles have the same energy $E_{\rm th}$. This is the energy below "
        "which a share $1/N$ of all states lies: if states are flooded in the order of their "
        "energies, the flooded ones begin to hang together there. The deepest minimum, of the mean "
        r"energy $E_0$, would have the barrier $E_{\rm th} - E_0$. This is an approximation, and "
        "nothing is fitted. With so few spins, the saddles of deep minima lie above "
        r"$E_{\rm th}$ on average, and spread: so the barriers from the deepest minimum are higher "
        "than the dashed line, and the tails of the densities are higher than their lines."
    ),
    AT_THRESHOLD: (
        r"A minimum of energy $E < E_{\rm th}$ would have the barrier $E_{\rm th} - E$; this gives "
        r"the lines of the density. The area below them is the exact share $1 - (1 - 1/N)^{N + 1}$ "
        r"of minima that lie below $E_{\rm th}$, about two thirds. To the other minima the "
        "argument gives no barrier, but they have one, and are among the points. B. Li and Y. Jin "
        "(arXiv 2501.00338) attribute the deviations of finite random energy models from the trap "
        "model's aging to the spread of the barriers shown here."
    ),
}
KINDS = {
    "ground_barrier": "from the deepest",
    "largest_barrier": "largest other",
    "mean_barrier": "mean of others",
}
MIRRORED = (
    "Each state has the energy of its mirror image, so that the second deepest minimum is the "
    "mirror image of the deepest. The barrier between them is that of turning over all spins."
)
ALSO_LARGEST = (
    "In all of these samples it is the largest barrier, too, which is not drawn again. It counts "
    "in the mean of the others."
)
TWICE = (
    "The barrier between mirror images counts twice in each sample, and makes the hump of the "
    "largest barriers."
)
AXES = {
    "minima": ("spins $N$", "number of local minima"),
    "barriers": ("spins $N$", r"barrier $\Delta E/J$"),
    "density": (r"barrier $\Delta E/J$", r"density $\rho(\Delta E)$ (1/$J$)"),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A row of panels for each study."""
    found = []
    for study, surveys in results.items():
        surveys = sorted(surveys, key=size)
        rows = [*_minima(study, surveys), *_barriers(study, surveys), *_density(study, surveys)]
        panels = list(dict.fromkeys(curve.panel for curve in rows))
        if any(curve.note == MIRRORED for curve in rows):
            rows.append(remark(panels[-1], TWICE))
        found += [*rows, *on_unit(panels[1:], surveys[0]), *on_samples(panels, surveys)]
    return found


def size(survey: xr.Dataset) -> int:
    """The number of spins of a result."""
    return int(parameters_of(survey)["N"])


def _law(survey: xr.Dataset) -> Any:
    name = landscape_of(survey)["energies"]
    return name if name in INDEPENDENT else None


def _series(surveys: list[xr.Dataset], name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = [(size(one), float(one[name]), float(one[f"{name}_error"])) for one in surveys]
    N, values, errors = np.reshape([row for row in rows if np.isfinite(row[1])], (-1, 3)).T
    return N, values, errors


def _sizes(surveys: list[xr.Dataset]) -> np.ndarray:
    """Sizes at which a line is computed; those of the points are among them."""
    own = [float(size(survey)) for survey in surveys]
    return np.union1d(own, np.linspace(own[0], own[-1], POINTS))


def _minima(study: str, surveys: list[xr.Dataset]) -> list[Curve]:
    panel = f"{study}: minima"
    found = [Curve(panel, "data", "", *_series(surveys, "minima"))]
    if _law(surveys[0]):
        N = _sizes(surveys)
        exact = independent_energies.mean_number_of_minima(N)
        found.append(Curve(panel, "theory", NUMBER, N, exact, None, exact=True))
    return found


def _barriers(study: str, surveys: list[xr.Dataset]) -> list[Curve]:
    panel = f"{study}: barriers"
    found = [
        Curve(panel, "data", label, *_series(surveys, name), np.nan, float(rank))
        for rank, (name, label) in enumerate(KINDS.items())
    ]
    if len(found[0].y) > 0 and np.array_equal(found[0].y, found[1].y):
        # States and their mirror images have one energy: the second deepest minimum is as deep as
        # the deepest, and the barrier between them is nearly always the largest.
        found[1:2] = [remark(panel, MIRRORED), remark(panel, ALSO_LARGEST)]
    law = _law(surveys[0])
    if law:
        N = _sizes(surveys)
        ground = random_energy.ground_state_energy(N, law)
        depth = independent_energies.percolation_energy(N, law) - ground
        found.append(Curve(panel, "theory", DEPTH, N, depth, None, np.nan))
    return found


def _density(study: str, surveys: list[xr.Dataset]) -> list[Curve]:
    panel, law = f"{study}: density", _law(surveys[0])
    points, shares, joined = [], [], []
    for one in surveys if len(surveys) < 2 else (surveys[0], surveys[-1]):
        N, label = size(one), f"$N={size(one)}$"
        barrier, density, error, share, width = in_wide_bins(one)
        points.append(Curve(panel, "data", label, barrier, density, error, N, N, "", label))
        shares.append(rf"{share * 100:.0f}\,\%")
        joined += [f"At {label} a bin is {width} of the file's."] * (width > 1)
    sizes = ", ".join(f"{curve.colour:g}" for curve in points)
    note = f"Points hold ${', '.join(shares)}$ of all barriers at $N = {sizes}$."
    note = " ".join([note, *joined]) if points[0].x.size else ""
    found = [points[0]._replace(note=note), *points[1:]]
    last = max((curve.x[-1] for curve in points if curve.x.size), default=0.0)
    for curve in points if law and last > 0 else ():
        N = int(curve.colour)
        depth = np.union1d(curve.x, np.linspace(0.0, last, POINTS))
        below = 1.0 - (1.0 - 1.0 / N) ** (N + 1)
        at_threshold = below * independent_energies.barrier_density_at_threshold(depth, N, law)
        found.append(Curve(panel, "theory", AT_THRESHOLD, depth, at_threshold, None, N))
    return found


def in_wide_bins(
    survey: xr.Dataset,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, int]:
    """The density of barriers in bins that are wide enough for points to hold most barriers.

    A density of two humps has few barriers between them: in narrow bins it is lost in noise there,
    and the points would end before the second hump.

    Parameters
    ----------
    survey
        A result with the density of barriers in bins of one width.

    Returns
    -------
    tuple
        Centres of bins, densities and errors of the points that are drawn; the share of barriers
        that these hold; and how many bins of the file are one of these. The errors of joined bins
        are those of independent ones.
    """
    barrier = survey.barrier.values
    density, error = survey.barrier_density.values, survey.barrier_density_error.values
    for doublings in range(MOST_DOUBLINGS + 1):
        seen = above_noise(density, error, FEWEST_ERRORS)
        share = float(density[seen].sum() / density.sum()) if seen.any() else 0.0
        if share >= SHARE_SHOWN or doublings == MOST_DOUBLINGS or barrier.size < 2:
            break
        barrier = barrier[::2] + 0.5 * (barrier[1] - barrier[0])
        density = _in_pairs(density).mean(axis=1)
        error = np.sqrt((_in_pairs(error) ** 2).sum(axis=1)) / 2.0
    return barrier[seen], density[seen], error[seen], share, 2**doublings


def _in_pairs(values: np.ndarray) -> np.ndarray:
    """Pairs of neighbouring values; the last bin is empty if their number is odd."""
    return np.append(values, np.zeros(values.size % 2)).reshape(-1, 2)


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each study; colours tell sizes, and are left to densities."""
    curves = [
        curve if _kind(curve.panel) == "density" else curve._replace(colour=np.nan)
        for curve in curves
    ]
    figure, axes = draw_panels(curves, columns=3, looks=_Looks)
    for name, one in axes.items():
        kind = _kind(name)
        abscissa, ordinate = AXES[kind]
        one.set(xlabel=abscissa, ylabel=ordinate)
        data = [curve for curve in curves if curve.panel == name and curve.role == "data"]
        if not data:
            continue
        drawn_at = np.unique(np.concatenate([curve.x for curve in data]))
        if kind == "minima":
            # The same in all studies, so that these can be compared.
            one.set(yscale="log", ylim=_decades(curves, kind))
        if kind != "density" and drawn_at.size <= MOST_TICKS:
            one.set_xticks(drawn_at)
        if kind == "barriers":
            one.set_ylim(bottom=0.0)
        if kind == "density":
            one.set(yscale="log", ylim=_decades(data, kind), xlim=(0.0, one.get_xlim()[1]))
    return figure


class _Looks(Symbols):
    """Only the threshold's line of barriers is dashed."""

    def line(self, curve: Curve) -> dict[str, Any]:
        """How a line is drawn."""
        look = super().line(curve)
        return look if curve.label == DEPTH else {**look, "linestyle": "-"}


def _kind(panel: str) -> str:
    return panel.rpartition(": ")[2]


def _decades(curves: list[Curve], kind: str) -> tuple[float, float]:
    """The smallest range of whole decades that contains all points of such panels."""
    drawn = [curve.y for curve in curves if _kind(curve.panel) == kind and curve.role == "data"]
    y = np.concatenate(drawn)
    return 10.0 ** np.floor(np.log10(y.min())), 10.0 ** (np.floor(np.log10(y.max())) + 1.0)
