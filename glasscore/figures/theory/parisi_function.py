r"""The Sherrington-Kirkpatrick model with broken replica symmetry, and how it converges.

The panels belong to one field $h$, and show results with $k$ steps of replica-symmetry breaking,
which tend to the exact ones as $k \to \infty$. The first panel shows Parisi's order parameter
$q(x)$, the overlap that a share $x$ of the pairs of configurations does not exceed; with $k$ steps
it is a staircase, of which a point marks the middle of each step. Energy and entropy per spin
follow beside the replica-symmetric solution. The panels after them show the convergence in $k$: the
difference $f_k - f_{k-1}$ that each step adds to the free energy $f_k$ per spin, and how far the
solution is from marginal stability, where the replicon $\lambda_R$ would vanish. There are no
statistical errors; $J$ is the unit of energy, and the energy of a configuration of $N$ spins has
the variance $N J^2/2$.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points
from glasscore.theory.sk import replica_symmetric

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("parisi_function",)
OVERLAP, ENERGY, ENTROPY = ": overlap", ": energy", ": entropy"
GAIN, REPLICON, SUSCEPTIBILITY = ": gain", ": replicon", ": susceptibility"
# Energy of the ground state per spin, from Crisanti and Rizzo (2002).
GROUND_STATE = -0.7631667
SYMMETRIC, LOWEST = "replica symmetric", "ground state $e_0$"
POWER = r"$\propto (k-1)^{-4}-k^{-4}$"
EXPLAINED = {
    SYMMETRIC: (
        "Dashed lines are the replica-symmetric solution, which is exact where replica symmetry "
        "is not broken. Its entropy becomes negative at low temperatures."
    ),
    LOWEST: (
        "The dotted line is the exact energy of the ground state without a field, "
        "$e_0 = -0.76317\\,J$ (A. Crisanti and T. Rizzo, 2002)."
    ),
    POWER: (
        r"The dash-dotted line is a guide for the convergence of $f_k$ as $k^{-4}$. It goes "
        "through the last point of the lowest temperature by construction; only its slope is to be "
        "compared."
    ),
    "susceptibility": (
        r"Without a field the susceptibility $\chi$ of the exact solution is $1/J$ at all "
        r"temperatures below the transition; the last panel shows what is missing at $k$ steps."
    ),
}
CURVES = 5
LINE = 150


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Five or six panels for each study and field."""
    return [
        curve
        for study, solved in results.items()
        for one in solved
        for h in one.h.values
        for curve in _of_field(study if h == 0 else f"{study}, $h={h:g}$", one.sel(h=h))
    ]


def _of_field(title: str, one: xr.Dataset) -> list[Curve]:
    chosen = _some_broken(one)
    found = [curve for t in chosen for curve in _overlap(title + OVERLAP, one.sel(T=t), t)]
    if not chosen:
        t = float(one["T"][0])
        found.append(line(title + OVERLAP, f"$T={t:.3g}$", one.x, one.overlap.sel(T=t), t))
    found += _thermodynamics(title, one)
    return found + _convergence(title, one, chosen)


def _some_broken(one: xr.Dataset) -> list[float]:
    """A few of the temperatures with broken replica symmetry."""
    broken = [float(t) for t in one["T"].values if np.ptp(one.overlap.sel(T=t).values) > 0]
    picked = np.unique(np.linspace(0, len(broken) - 1, CURVES).astype(int)) if broken else ()
    return [broken[rank] for rank in picked]


def _overlap(panel: str, at: xr.Dataset, T: float) -> list[Curve]:
    """The middle of each step, and the plateau beyond the last breaking point."""
    x, q = at.x.values, at.overlap.values
    starts = np.flatnonzero(np.diff(q, prepend=-1.0) > 0)
    ends = np.append(starts[1:], x.size) - 1
    middle = 0.5 * (x[starts] + x[ends])
    last = [x[starts[-1]], 1.0]
    return [
        points(panel, f"$T={T:.3g}$", middle[:-1], q[starts[:-1]], None, T),
        line(panel, "", last, [q[-1]] * 2, T),
    ]


def _thermodynamics(title: str, one: xr.Dataset) -> list[Curve]:
    """Energy and entropy with the fewest and with the most steps, and without any."""
    T, h = one["T"].values, float(one.h)
    warm = np.linspace(0.0, T.max(), LINE)
    symmetric = [replica_symmetric(t, h) for t in warm]
    found = []
    for panel, name in ((ENERGY, "energy"), (ENTROPY, "entropy")):
        law = [getattr(state, name) for state in symmetric]
        found.append(line(title + panel, SYMMETRIC, warm, law, style=1))
        for marker, k in enumerate((int(one.steps[0]), int(one.steps[-1])), start=1):
            values = one[name].sel(steps=k)
            found.append(points(title + panel, f"$k={k}$", T, values, marker=marker))
    largest, k = float(one.energy_error_estimate.max()), int(one.steps[-1])
    note = (
        f"With $k={k}$ steps the energy per spin is {largest:.1g} J off its limit at most, if it "
        "converges as the last two numbers of steps suggest."
    )
    found[2] = found[2]._replace(note=note)
    if h == 0:
        ends = [0.0, float(T.max())]
        found.append(line(title + ENERGY, LOWEST, ends, [GROUND_STATE] * 2, style=2))
    return found


def _convergence(title: str, one: xr.Dataset, chosen: list[float]) -> list[Curve]:
    """What each step adds to the free energy, and how far the solution is from a marginal one."""
    found, k = [], one.steps.values
    for t in chosen:
        at, label = one.sel(T=t), f"$T={t:.3g}$"
        gain, after = np.diff(at.free_energy.values), k[1:]
        found.append(points(title + GAIN, label, after, gain, None, t))
        found.append(points(title + REPLICON, label, k, -at.replicon.values, None, t))
        if float(one.h) == 0:
            lacking = np.abs(1.0 - at.susceptibility.values)
            found.append(points(title + SUSCEPTIBILITY, label, k, lacking, None, t))
        if t == chosen[0] and gain.size > 1:
            power = (after - 1.0) ** -4 - after**-4.0
            found.append(line(title + GAIN, POWER, after, power * gain[-1] / power[-1], style=3))
    return sorted(found, key=lambda curve: curve.panel)


LABELS = {
    OVERLAP: ("share $x$", "overlap $q(x)$"),
    ENERGY: ("temperature $T/J$", "energy per spin $e/J$"),
    ENTROPY: ("temperature $T/J$", "entropy per spin"),
    GAIN: ("steps $k$", r"$(f_k - f_{k-1})/J$"),
    REPLICON: ("steps $k$", r"replicon $-\lambda_R$"),
    SUSCEPTIBILITY: ("steps $k$", r"$|1 - J\chi|$"),
}


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of three."""
    figure, axes = draw_line_panels(curves, columns=3)
    for name, one in axes.items():
        kind = ":" + name.rpartition(":")[2]
        x, y = LABELS[kind]
        one.set(xlabel=x, ylabel=y)
        if kind == OVERLAP:
            one.set(xlim=(0, 1), ylim=(0, 1.02))
        elif kind in (ENERGY, ENTROPY):
            one.set_xlim(0, None)
        else:
            one.set(xscale="log", yscale="log")
        if kind == ENTROPY:
            one.axhline(0.0, color="0.4", linewidth=0.6, zorder=0)
    return figure
