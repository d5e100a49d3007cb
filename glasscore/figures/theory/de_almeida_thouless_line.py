"""The de Almeida-Thouless line, and the exponent of critical slowing down along it.

At the transition without a field, correlations decay as t^(-1/2). On the line they decay more
slowly, as t^(-nu). The exponent nu follows from a ratio of averages on the line. Points show the
same ratio as it is found below the line, from the place at which the minimum of Parisi's functional
breaks symmetry. They exist for temperatures from 0.15 to 0.9; outside this range the minimum is not
found with enough digits.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("almeida_thouless_line",)
PHASES, SLOWING = ": phases", ": slowing"
CLOSE, COLD = 0.6, 0.25
# At T = 0 lambda = 1 / 2, and the exponent solves Gamma(1 - nu)^2 = Gamma(1 - 2 nu) / 2.
COLDEST_EXPONENT = 0.3952630630807412
# The guide for low temperatures is drawn at least up to this field.
GUIDE_HEIGHT = 3.0


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study: the field against temperature, the exponent against field."""
    found = []
    for study, lines in results.items():
        for one in lines:
            T, h = one["T"].values, one.field.values
            found.append(line(study + PHASES, r"$h_{\rm AT}(T)$", T, h, 0.0))
            close = np.linspace(CLOSE, 1, 100)
            near = np.sqrt(4 / 3 * (1 - close) ** 3)
            found.append(line(study + PHASES, r"$h=(4/3)^{1/2}(1-T)^{3/2}$", close, near, style=1))
            cold = np.geomspace(min(1e-3, T.min()), COLD, 100)
            far = np.sqrt(2 * np.log(4 / (3 * np.sqrt(2 * np.pi) * cold)))
            kept = far <= max(GUIDE_HEIGHT, h.max())
            guide = r"$T=(8/9\pi)^{1/2}\exp(-h^2/2)$"
            found.append(line(study + PHASES, guide, cold[kept], far[kept], style=2))
            found += _slowing(study + SLOWING, one, h)
    return found


def _slowing(panel: str, one: xr.Dataset, h: np.ndarray) -> list[Curve]:
    nu = one.exponent.values
    # The derivative of nu by lambda is taken along the line itself.
    slope = np.abs(np.gradient(nu, one.parameter.values)) if nu.size > 2 else np.full(nu.shape, 0.4)
    measured = nu + (one.breaking_point.values - one.parameter.values) * -slope
    error = slope * one.breaking_point_error.values
    ends = [0.0, float(h.max())]
    return [
        line(panel, r"$\nu(h)$ from averages on the line", h, nu, 0.0),
        points(panel, "from where symmetry breaks", h, measured, error, 0.0),
        line(panel, r"$\nu(0)=1/2$", ends, [0.5, 0.5], style=1),
        line(panel, r"$\nu=0.395$ at $T=0$", ends, [COLDEST_EXPONENT] * 2, style=2),
    ]


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
    for name, one in axes.items():
        if name.endswith(PHASES):
            one.set(xlabel="temperature $T/J$", ylabel="field $h/J$", xlim=(0, 1.1), ylim=(0, None))
            one.text(0.06, 0.35, "replica symmetry\nbroken")
            one.text(0.6, 1.2, "replica symmetric")
        else:
            one.set(
                xlabel=r"field $h/J$ on the line",
                ylabel=r"exponent $\nu$ of $C(t)-q \sim t^{-\nu}$",
            )
            one.set_xlim(0, None)
    return figure
