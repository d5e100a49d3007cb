r"""The Sherrington-Kirkpatrick model with broken replica symmetry, and how it converges.

Results with $k$ steps of replica-symmetry breaking tend to the exact ones for infinitely many spins
as $k \to \infty$; $k = 0$ is the replica-symmetric solution. Parisi's order parameter $q(x)$ is the
overlap that a share $x$ of the pairs of configurations does not exceed. The other panels show how
the energy $e_k$, the entropy and the free energy $f_k$ per spin converge in $k$ (each step adds
$f_k - f_{k-1}$), and how far the solution is from marginal stability, where the replicon $\lambda_R
= 1 - (J/T)^2 \langle \cosh^{-4}(y/T) \rangle$ would vanish; the mean is over the local field $y$ of
a spin. Nothing is random. The energy of a configuration of $N$ spins has the variance $N J^2/2$.
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
CONVERGENCE = (GAIN, REPLICON, SUSCEPTIBILITY)
SYMMETRIC = "replica symmetric, $k=0$"
NEAR_TRANSITION = "law near $T_c$"
EXPLAINED = {
    SYMMETRIC: (
        "Dashed lines are the replica-symmetric solution, which is exact where replica symmetry "
        "is not broken."
    ),
    "entropy": (
        r"As $T \to 0$ the entropy becomes negative at each finite $k$, by less the larger $k$ is; "
        "in the limit it never is. The replica-symmetric line leaves the panel."
    ),
    NEAR_TRANSITION: (
        r"The line of dashes and dots is the exact law near the transition at $T_c = J$, "
        r"$f_k = f_\infty - \frac{2}{45} J (1-T/J)^5 (2k+1)^{-4}$, without a free parameter. At "
        r"any temperature errors of free energies fall as $k^{-4}$ for large $k$; at low "
        "temperatures they do not yet."
    ),
    "susceptibility": (
        r"Without a field the exact susceptibility is $\chi = 1/J$ at all temperatures below the "
        "transition."
    ),
}
# The energy of the ground state without a field, from Crisanti and Rizzo (2002).
GROUND_STATE = -0.7632
# The law near the transition is drawn at the highest temperature, if that is this close to T_c = 1.
NEAR = 0.2
CURVES = 5
LINE = 150
# The entropy is shown up to this temperature.
COLD = 0.3
# Room above and below the entropies, as a share of their range.
MARGIN = 0.15
# Differences of energies below this are lost in rounding.
ROUNDING = 1e-10


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
    drawn = chosen[len(chosen) // 2] if chosen else float(one["T"][0])
    panel = title + OVERLAP
    stairs = line(panel, "" if chosen else _named(drawn), one.x, one.overlap.sel(T=drawn), drawn)
    found = [stairs._replace(note=_on_steps(one, drawn, bool(chosen)))]
    found += [curve for t in chosen for curve in _overlap(panel, one.sel(T=t), t)]
    return found + _energy(title, one) + _entropy(title, one) + _convergence(title, one, chosen)


def _named(T: float) -> str:
    return rf"$T={T:.3g}\,J$"


def _on_steps(one: xr.Dataset, drawn: float, broken: bool) -> str:
    """The field, and what stands for the steps."""
    h = float(one.h)
    field = "There is no field, $h = 0$." if h == 0 else rf"The field is $h = {h:g}\,J$."
    if not broken:
        return f"{field} Replica symmetry is not broken."
    return (
        f"{field} With $k = {int(one.steps[-1])}$ steps $q(x)$ is a staircase, which is drawn at "
        rf"$T = {drawn:.3g}\,J$; a point marks the middle of each step. Horizontal lines begin "
        "where $q(x)$ reaches its largest value, $q(1)$. With infinitely many steps they begin at "
        "a larger $x$, by the more, the lower the temperature is."
    )


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
        points(panel, _named(T), middle[:-1], q[starts[:-1]], None, T),
        line(panel, "", last, [q[-1]] * 2, T),
    ]


def _shown_steps(one: xr.Dataset) -> list[int]:
    """A few numbers of steps: 1, 2 and the largest."""
    most = int(one.steps[-1])
    return [k for k in (1, 2) if k < most] + [most]


def _energy(title: str, one: xr.Dataset) -> list[Curve]:
    """How far energies with few steps are below the one with the most steps."""
    T, h, panel = one["T"].values, float(one.h), title + ENERGY
    *few, most = _shown_steps(one)
    best = one.energy.sel(steps=most).values
    off = best - [replica_symmetric(float(t), h).energy for t in T]
    seen = off > ROUNDING
    found = [line(panel, SYMMETRIC, T[seen], off[seen], style=1)]
    for marker, k in enumerate(few, start=1):
        off = best - one.energy.sel(steps=k).values
        seen = off > ROUNDING
        found.append(points(panel, f"$k={k}$", T[seen], off[seen], marker=marker))
    largest = in_formula(float(one.energy_error_estimate.max()))
    coldest = int(np.argmin(T))
    note = (
        rf"Here $K = {most}$ is the largest number of steps. $e_K$ is off its limit by about "
        rf"${largest}\,J$ at most, if it converges as the last two numbers of steps suggest. At "
        rf"$T = {T[coldest]:.3g}\,J$ it is ${best[coldest]:.4f}\,J$"
    )
    if h == 0:
        note += (
            rf"; the ground state has ${GROUND_STATE}\,J$ (A. Crisanti and T. Rizzo, Phys. Rev. E "
            "65, 046137 (2002))"
        )
    return [found[0]._replace(note=f"{note}."), *found[1:]]


def in_formula(value: float) -> str:
    """A number with one digit, as a factor and a power of ten."""
    digit, _, power = f"{value:.0e}".partition("e")
    return rf"{digit}\cdot10^{{{int(power)}}}"


def _entropy(title: str, one: xr.Dataset) -> list[Curve]:
    T, panel = one["T"].values, title + ENTROPY
    cold = max(COLD, T.min()) >= T
    warm = np.linspace(0.0, T[cold].max(), LINE)
    law = [replica_symmetric(float(t), float(one.h)).entropy for t in warm]
    found = [line(panel, SYMMETRIC, warm, law, style=1)]
    for marker, k in enumerate(_shown_steps(one), start=1):
        values = one.entropy.sel(steps=k).values[cold]
        found.append(points(panel, f"$k={k}$", T[cold], values, marker=marker))
    return found


def _convergence(title: str, one: xr.Dataset, chosen: list[float]) -> list[Curve]:
    """What each step adds to the free energy, and how far the solution is from a marginal one."""
    found, k, h = [], one.steps.values, float(one.h)
    for t in chosen:
        at, label = one.sel(T=t), _named(t)
        free_energies = np.append(_symmetric_free_energy(t, h), at.free_energy.values)
        gain = np.diff(free_energies)
        found.append(points(title + GAIN, label, k, gain, None, t))
        found.append(points(title + REPLICON, label, k, -at.replicon.values, None, t))
        if h == 0:
            lacking = np.abs(1.0 - at.susceptibility.values)
            found.append(points(title + SUSCEPTIBILITY, label, k, lacking, None, t))
    if h == 0 and chosen and chosen[-1] >= 1.0 - NEAR:
        law = 2 / 45 * (1.0 - chosen[-1]) ** 5 * ((2.0 * k - 1.0) ** -4 - (2.0 * k + 1.0) ** -4)
        guide = line(title + GAIN, NEAR_TRANSITION, k, law, chosen[-1], style=3)
        ratio = gain / law
        note = (
            rf"At $T = {chosen[-1]:.3g}\,J$ the points are {ratio.min():.2f} to {ratio.max():.2f} "
            "times the law."
        )
        found.append(guide._replace(note=note))
    return sorted(found, key=lambda curve: curve.panel)


def _symmetric_free_energy(T: float, h: float) -> float:
    symmetric = replica_symmetric(T, h)
    return symmetric.energy - T * symmetric.entropy


LABELS = {
    OVERLAP: ("share $x$", "overlap $q(x)$"),
    ENERGY: ("temperature $T/J$", "$(e_K - e_k)/J$"),
    ENTROPY: ("temperature $T/J$", "entropy per spin"),
    GAIN: ("steps $k$", r"$(f_k - f_{k-1})/J$"),
    REPLICON: ("steps $k$", r"replicon $-\lambda_R$"),
    SUSCEPTIBILITY: ("steps $k$", r"$|1 - J\chi|$"),
}


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
    steps = [c.x.max() for c in curves if c.panel.endswith(CONVERGENCE) and c.x.size]
    for name, one in axes.items():
        kind = ":" + name.rpartition(":")[2]
        x, y = LABELS[kind]
        one.set(xlabel=x, ylabel=y)
        if kind == OVERLAP:
            one.set(xlim=(0, 1), ylim=(0, 1.02))
        elif kind in (ENERGY, ENTROPY):
            one.set_xlim(0, None)
        else:
            one.set(xscale="log", yscale="log", xlim=(0.9, 1.1 * max(steps)))
        if kind == ENERGY:
            one.set_yscale("log")
        if kind == ENTROPY:
            one.axhline(0.0, color="0.4", linewidth=0.6, zorder=0)
            shown = [c.y for c in curves if c.panel == name and c.role == "data" and c.y.size]
            if shown:
                low, high = np.min(shown), np.max(shown)
                one.set_ylim(min(low, 0.0) - MARGIN * (high - low), high + MARGIN * (high - low))
    return figure
