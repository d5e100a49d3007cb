"""The Sherrington-Kirkpatrick model with broken replica symmetry, in a field or without one.

The panels show the overlap q(x), which is Parisi's order parameter; the energy and the entropy per
spin, beside the replica-symmetric solution; and how the free energy f_k with k steps of
replica-symmetry breaking converges to its limit. The latter is compared with a power k^-4. Without
a field, a line marks the energy e_0 of the ground state.
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
OVERLAP, ENERGY, ENTROPY, STEPS = ": overlap", ": energy", ": entropy", ": steps"
# Energy of the ground state per spin, from Crisanti and Rizzo (2002).
GROUND_STATE = -0.7631667
CURVES = 6
LINE = 150


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Four panels for each study and field."""
    return [
        curve
        for study, solved in results.items()
        for one in solved
        for h in one.h.values
        for curve in _of_field(study if h == 0 else f"{study}, $h={h:g}$", one.sel(h=h))
    ]


def _of_field(title: str, one: xr.Dataset) -> list[Curve]:
    T, h = one["T"].values, float(one.h)
    broken = [t for t in T if one.overlap.sel(T=t).values.max() > one.overlap.sel(T=t).values.min()]
    last_one = len(broken) - 1
    picked = np.unique(np.linspace(0, last_one, CURVES).astype(int)) if broken else ()
    chosen = [broken[i] for i in picked]
    found = [
        line(title + OVERLAP, f"$T={t:.3g}$", one.x, one.overlap.sel(T=t), t)
        for t in (chosen if broken else T[:1])
    ]
    warm = np.linspace(0.0, T.max(), LINE)
    symmetric = [replica_symmetric(t, h) for t in warm]
    last = one.isel(steps=-1)
    k = int(last.steps)
    for panel, name, error in (
        (ENERGY, "energy", one.energy_error_estimate.values),
        (ENTROPY, "entropy", None),
    ):
        law = [getattr(state, name) for state in symmetric]
        found.append(line(title + panel, "replica symmetric", warm, law, style=1))
        label = f"{k} steps of breaking"
        found.append(points(title + panel, label, T, last[name], error, 0.0))
    ends = [0.0, float(T.max())]
    if h == 0:
        found.append(line(title + ENERGY, r"$e_0=-0.76317$", ends, [GROUND_STATE] * 2, style=2))
    found.append(line(title + ENTROPY, "", ends, [0.0, 0.0], style=2))
    steps = one.steps.values
    for t in chosen[:: max(1, len(chosen) // 3)]:
        f = one.free_energy.sel(T=t).values
        limit = f[-1] + float(one.free_energy_error_estimate.sel(T=t))
        found.append(points(title + STEPS, f"$T={t:.3g}$", steps, limit - f, None, t))
    if chosen:
        f = one.free_energy.sel(T=chosen[0]).values
        start = 0.5 * (f[-1] - f[0] + float(one.free_energy_error_estimate.sel(T=chosen[0])))
        found.append(line(title + STEPS, "$k^{-4}$", steps, start * steps**-4.0, style=1))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
    for name, one in axes.items():
        if name.endswith(OVERLAP):
            one.set(xlabel="$x$", ylabel="overlap $q(x)$", xlim=(0, 1), ylim=(0, 1.02))
        elif name.endswith(STEPS):
            one.set(xscale="log", yscale="log", xlabel="steps $k$", ylabel=r"$f_\infty - f_k$")
            one.set_xticks([1, 2, 4, 8], ["1", "2", "4", "8"])
            one.minorticks_off()
        else:
            quantity = "energy" if name.endswith(ENERGY) else "entropy"
            one.set(xlabel="temperature $T/J$", ylabel=f"{quantity} per spin", xlim=(0, None))
    return figure
