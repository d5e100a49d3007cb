r"""Correlations of all waiting times on one curve, and the exponents mu that bring them there."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glasscore.estimates.subaging import SubagingExponent, effective_time
from glasscore.figures.drawing.caption import OWN_BARS
from glasscore.figures.drawing.curves import Curve, with_error
from glasscore.figures.drawing.page import draw_panels, set_probability_limits

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
SCALED, EXPONENTS = ": scaled", ": exponents"
LOWEST, HIGHEST = -0.1, 1.1
SIMPLE = r"$\mu=1$, simple aging"
EXPLAINED = {
    SCALED: (
        r"Left: correlations of all waiting times against the effective time "
        r"$L=[(t_w+t)^{1-\mu}-t_w^{1-\mu}]/(1-\mu)$, for $\mu=1$ equal to $\ln(1+t/t_w)$. With "
        r"the right $\mu$ they lie on one curve where the correlation is slow."
    ),
    EXPONENTS: (
        r"Right: the exponent $\mu$ with which one polynomial of degree 7 in $\ln L$ misses the "
        "correlations of all waiting times and windows least. In equilibrium the waiting time does "
        r"not matter, and $\mu=0$."
    ),
    SIMPLE: r"With $\mu=1$ the waiting time is the only time scale (simple aging).",
    OWN_BARS: (
        "Bars on the left are standard errors. Bars on the right are the statistical error, from a "
        "bootstrap over blocks of samples, and the systematic error, added in quadrature; the "
        "latter is the largest change if only the earlier or later waiting times, or only the "
        "shorter or longer windows, are fitted."
    ),
}


def scaled(panel: str, mu: float, waiting_time: Array, lag: Array, curve: Curve) -> Curve:
    """A correlation against the effective time instead of the lag.

    Parameters
    ----------
    panel
        The panel without its ending.
    mu
        The exponent.
    waiting_time, lag
        The times of the points of the curve, in one unit.
    curve
        The curve, whose abscissa is replaced.
    """
    return curve._replace(panel=panel + SCALED, x=effective_time(waiting_time, lag, mu))


def on_exponent(found: SubagingExponent, where: str) -> str:
    """A sentence on an exponent and its errors, or on why there is none."""
    if np.isnan(found.exponent):
        return f"No exponent was found {where}."
    known = f"$\\mu={with_error(found.exponent, found.error)}$" + (
        " (statistical)" if np.isfinite(found.error) else ""
    )
    if not np.isfinite(found.systematic):
        return f"{where[0].upper()}{where[1:]}, {known}; parts of the points have no exponent."
    return (
        f"{where[0].upper()}{where[1:]}, {known}, with a systematic error of "
        f"{found.systematic:.2g}."
    )


def bar(found: SubagingExponent) -> float:
    """Half the length of the error bar of an exponent; NaN if parts of the points have none."""
    both = [each for each in (found.error, found.systematic) if not np.isnan(each)]
    length = float(np.hypot.reduce(both)) if both else np.nan
    return length if np.isfinite(length) else np.nan


def simple_aging(panel: str, temperatures: list[float]) -> Curve:
    """The line of mu = 1 across a panel of exponents."""
    ends = np.array([min(temperatures), max(temperatures)])
    if ends[0] == ends[1]:
        ends = ends * [0.9, 1.1]
    return Curve(panel + EXPONENTS, "theory", SIMPLE, ends, np.ones(2), None, np.nan)


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        if name.endswith(SCALED):
            one.set(xscale="log", xlabel="effective time $L$", ylabel="correlation $C$")
            set_probability_limits(one, min(-0.02, one.get_ylim()[0]))
        else:
            one.set(xlabel="temperature $T$", ylabel=r"exponent $\mu$")
            # All panels show equilibrium and simple aging, so that they can be compared.
            low, high = one.get_ylim()
            one.set_ylim(min(low, LOWEST), max(high, HIGHEST))
    return figure
