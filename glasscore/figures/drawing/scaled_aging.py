r"""Correlations of all waiting times on one curve, and the exponents mu that bring them there."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glasscore.estimates.subaging import SubagingExponent, effective_time
from glasscore.figures.drawing.caption import OWN_BARS
from glasscore.figures.drawing.curves import Curve, with_error
from glasscore.figures.drawing.legend import Entries
from glasscore.figures.drawing.page import draw_panels, set_probability_limits, share_limits
from glasscore.figures.drawing.symbols import DOTTED, Symbols

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
RAW, SCALED, EXPONENTS = ": unscaled", ": scaled", ": exponents"
KINDS = (RAW, SCALED, EXPONENTS)
LOWEST, HIGHEST = -0.1, 1.1
# Most decimals of an exponent in a title.
DECIMALS = 3
# Panels whose correlations all lie below this have an axis that ends near the highest of them.
LOW = 0.5
SIMPLE = r"$\mu=1$, simple aging"
PLATEAU = r"$q_{\rm EA}$"
NO_EXPONENT = "no exponent"
VARIABLES = ("$t_w=", "$N=")
EXPLAINED = {
    RAW: (
        r"Left: correlations of several waiting times against the time $t$, which is their "
        r"effective time for $\mu=0$."
    ),
    SCALED: (
        r"Middle: the same correlations against the effective time "
        r"$L=[(t_w+t)^{1-\mu}-t_w^{1-\mu}]/(1-\mu)$, for $\mu=1$ equal to $\ln(1+t/t_w)$, with the "
        r"$\mu$ that the title gives with its statistical and, behind it, its systematic error "
        "(mean-field solutions have the latter alone). Where relaxation slows down with age, "
        r"the right $\mu$ brings them onto one curve where the correlation is slow; how far they "
        "are apart on the left and in the middle shows what it achieves."
    ),
    NO_EXPONENT: "Without an exponent there is no effective time.",
    EXPONENTS: (
        r"Right, where there are several temperatures: the exponent $\mu$ against temperature."
    ),
    "$t_w=": (
        r"Of all $\mu$ from -0.5 to 2, the exponent is that with which one polynomial of degree 7 "
        r"in $\ln L$ misses the correlations of all waiting times least (mean square). In "
        r"equilibrium the waiting time does not matter, and $\mu=0$."
    ),
    SIMPLE: r"With $\mu=1$ the waiting time is the only time scale (simple aging).",
    PLATEAU: (
        r"The dotted line is the plateau $q_{\rm EA}$, at which fast relaxation ends and slow "
        "relaxation begins. It is known for mean-field solutions alone."
    ),
    OWN_BARS: (
        "Bars of correlations are standard errors. Bars of exponents are the statistical error, "
        "from a bootstrap over blocks of samples, and the systematic error, added in quadrature; "
        "the latter is the largest change if only the earlier or later waiting times, or only the "
        "shorter or longer windows, are fitted."
    ),
}


def names(study: str, where: str, found: SubagingExponent) -> dict[str, str]:
    """The names of the panels of a study, by what they show.

    Parameters
    ----------
    study
        The title of the study.
    where
        The temperature, and what else tells the correlations that are shown.
    found
        The exponent of these correlations.
    """
    title = f"{study}, {where}"
    mu = NO_EXPONENT if np.isnan(found.exponent) else f"${exponent_text(found)}$"
    return {
        RAW: title + RAW,
        SCALED: f"{mu}: {title}{SCALED}",
        EXPONENTS: f"exponents: {title}{EXPONENTS}",
    }


def exponent_text(found: SubagingExponent) -> str:
    """The exponent and its errors, first the statistical one, as a formula without dollar signs."""
    if np.isfinite(found.error):
        # More digits are in the caption.
        places = DECIMALS if found.error < 10.0 ** (1 - DECIMALS) else 2
        known = rf"{found.exponent:.{places}f} \pm {found.error:.{places}f}"
    elif np.isfinite(found.systematic):
        return f"\\mu={with_error(found.exponent, found.systematic)}"
    else:
        known = f"{found.exponent:.2f}"
    parts = f" \\pm {found.systematic:.2g}" if np.isfinite(found.systematic) else ""
    return f"\\mu={known}{parts}"


def scaled(panel: str, mu: float, waiting_time: Array, lag: Array, curve: Curve) -> Curve:
    """A correlation against the effective time instead of the lag.

    Parameters
    ----------
    panel
        The panel.
    mu
        The exponent.
    waiting_time, lag
        The times of the points of the curve, in one unit.
    curve
        The curve, whose abscissa is replaced.
    """
    return curve._replace(panel=panel, x=effective_time(waiting_time, lag, mu))


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
    return Curve(panel, "theory", SIMPLE, ends, np.ones(2), None, np.nan)


class _Looks(Symbols):
    """Exponents are black; values of waiting times and sizes need no letters of panels."""

    def __init__(self, curves: list[Curve], styles: dict[str, Any] | None = None) -> None:
        super().__init__(curves, styles)
        self.has_points = any(c.role == "data" and np.isfinite(c.colour) for c in curves)

    def _of_colour(self, curve: Curve) -> dict[str, Any]:
        """A point for each waiting time where there are points, and else a line."""
        if not self.has_points:
            return super()._of_colour(curve)
        return self._point("o", self.ink(curve), "")

    def entries(self, curves: list[Curve]) -> list[Entries]:
        """Entries whose letters are left out for what is seen in the panels."""
        groups = super().entries(curves)
        for one in (one for group in groups for one in group):
            label = one.get_label()
            if any(variable in label for variable in VARIABLES):
                one.set_label(label[min(map(label.index, [v for v in VARIABLES if v in label])) :])
        return groups


def _row_of(panel: str) -> str:
    """What the panels of one row have in common: their study and temperature."""
    titles = panel.split(":")[:-1]
    return titles[-1].strip()


def draw(curves: list[Curve]) -> "Figure":
    """A row for each study: correlations, the same scaled, and exponents."""
    figure, axes = draw_panels(curves, 3, _row_of, {PLATEAU: DOTTED}, _Looks)
    for name, one in axes.items():
        if name.endswith(EXPONENTS):
            one.set(xlabel="temperature $T$", ylabel=r"exponent $\mu$")
            # All panels show equilibrium and simple aging, so that they can be compared.
            low, high = one.get_ylim()
            one.set_ylim(min(low, LOWEST), max(high, HIGHEST))
            continue
        label = "effective time $L$" if name.endswith(SCALED) else "time $t$"
        one.set(xscale="log", xlabel=label, ylabel="$C$")
        lowest, highest = min(-0.02, one.get_ylim()[0]), one.dataLim.ymax
        if highest < LOW:
            one.set_ylim(lowest, 1.1 * highest)
        else:
            set_probability_limits(one, lowest)
    share_limits([one for name, one in axes.items() if name.endswith(EXPONENTS)], "y")
    return figure
