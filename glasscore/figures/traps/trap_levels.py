r"""Aging functions at every level of the trap picture, against the waiting time.

$\Pi$ is the probability that the system is at $t_w$ and at $t_w(1+\omega)$ in the same
configuration, inherent structure (the local minimum reached by steepest descent), basin below the
threshold energy, or metabasin, in which returns are merged; "no jump" also demands that it never
moved in between. A sample that is in no basin or metabasin counts as not the same. Points are means
over independent disorder samples of $N$ spins at the temperature $T$; all levels and times of a
panel share the samples. Colours and markers both stand for the level. Levels are drawn a little to
the left or right of their time, to be seen beside each other. The largest size is shown at each
temperature.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import (
    Curve,
    has_typical_threshold,
    in_few_digits,
    temperature_and_size,
    trap_exponent,
    with_error,
)
from glasscore.figures.drawing.equilibration import log_equilibration_time
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    is_glassy,
    is_independent_gaussian,
    is_random_energy_model,
    is_step_model,
    is_trap_model,
    size_is_infinite,
)
from glasscore.figures.drawing.symbols import SmallSymbols
from glasscore.theory import step_model, trap_model
from glasscore.theory.random_energy import local_exponent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("basins", "inherent_structures", "metabasins")
WINDOW = 0.5
LEVELS = {
    "same_configuration": "configuration",
    "no_jump": "no jump",
    "same_inherent_structure": "inherent structure",
    "same_basin": "basin",
    "same_metabasin": "metabasin",
}
OMEGA = ": omega "
LAW = r"$H_x(\omega)$"
LIMIT, LOCAL = rf"{LAW}, $t_w\to\infty$", rf"{LAW}, $x=x(t_w)$"
EXACT = "exact, no jump"
# Panels of spins have this after the colon.
END = ", spins"
EXPLAINED = {
    LAW: "The law of the trap model with infinitely many traps at late times is "
    r"$H_x(\omega)=\frac{\sin \pi x}{\pi}\int_\omega^\infty \frac{\mathrm{d}u}{(1+u)u^x}$. It is "
    "drawn from $t_w=10^3$ attempts on. Levels of the trap picture approach it at late times, with "
    r"corrections of the order $t_w^{-(1-x)}$, which fall slowly where $x$ is close to 1; a level "
    "that keeps away from it is not described by the trap model.",
    LIMIT: "For exponential energies $x=T/T_c$, where $T_c=1$ is the critical temperature in units "
    "of $J$; for basins of the step model below its effective threshold $x=2-T_c/T$.",
    LOCAL: "For Gaussian energies $x$ is the local exponent $x(t_w)=|E(t_w)|T/N$ at the mean "
    "energy $E(t_w)$ that was measured, whose standard error gives the band. This law is an "
    "approximation.",
    END: r"Laws of a finite system end at $t_\mathrm{eq}/10$, where "
    r"$t_\mathrm{eq}=e^{(|E_{\min}|-|E_{\rm th}|)/T}$ attempts is the time in which the lowest "
    r"state, of energy $E_{\min}$, is left over the typical threshold $E_{\rm th}$.",
    EXACT: "Solid lines are the exact probabilities of no jump at every $t_w$, for infinitely many "
    "states.",
}
# The law is known for exponents between 0 and 1.
LARGEST_EXPONENT = 1.0 - 1e-6
# Levels lie so far beside each other, in decades.
ASIDE = 0.07
# Before this time the first traps are being found.
FIRST_TRAP_TIME = 1e3
# Systems age as large ones do up to this share of the estimated time to equilibrium.
SHARE_OF_EQUILIBRATION = 0.1


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study, size and temperature; one set of points for each level."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for point in _largest(points):
            T, N = temperature_and_size(point)
            size = r"\infty" if np.isinf(N) else f"{N:g}"
            omega = _omega(point)
            kind = "" if is_trap_model(point) or is_step_model(point) else END
            panel = f"{study}\n$N={size}$, $T={texts[T]}${OMEGA}{omega:g}{kind}"
            levels, law = _levels(panel, point), _law(panel, point)
            found += [*levels, *(one._replace(note=_result(levels, one, point)) for one in law)]
    return found


def _result(levels: list[Curve], law: Curve, point: xr.Dataset) -> str:
    """The differences of the levels from the law at its last time, with standard errors."""
    time, said = law.x[-1], []
    for level in levels:
        at = np.flatnonzero(level.x == time)
        if level.role == "data" and level.error is not None and at.size:
            error = level.error[at[0]]
            if law.error is not None:
                error = np.hypot(error, law.error[-1])
            said.append(f"${with_error(level.y[at[0]] - law.y[-1], error)}$ ({level.label})")
    if not said:
        return ""
    text = (
        f"At $t_w={_power(time)}$, the last time of the law, $\\Pi-H_x$ is "
        f"{listed_in_words(said, 'and')}."
    )
    x = _exponent(point)
    if np.isfinite(x):
        text += f" Corrections fall as $t_w^{{-{1 - x:.3g}}}$."
    return text


def _power(time: float) -> str:
    """A time as a power of ten."""
    return f"10^{{{np.log10(time):.3g}}}"


def _exponent(point: xr.Dataset) -> float:
    """The exponent x of the law, where it is the same at all times; else NaN."""
    ratio = trap_exponent(point)
    if is_step_model(point):
        return 2.0 - 1.0 / ratio
    return np.nan if is_independent_gaussian(point) else ratio


def _largest(points: list[xr.Dataset]) -> list[xr.Dataset]:
    """The result of the largest size at each temperature."""
    found: dict[float, xr.Dataset] = {}
    for point in points:
        T, N = temperature_and_size(point)
        if T not in found or temperature_and_size(found[T])[1] < N:
            found[T] = point
    return list(found.values())


def _levels(panel: str, point: xr.Dataset) -> list[Curve]:
    one = point.sel(window=WINDOW, method="nearest")
    found = []
    for rank, (name, label) in enumerate(LEVELS.items()):
        # Where each jump leads to a random state, the same configuration means no jump.
        if name in one and not (name == "same_configuration" and point.attrs["every_jump_forgets"]):
            known = one[name].notnull().values
            time, mean, error = (
                values[known]
                for values in (
                    one.waiting_time.values,
                    one[name].values,
                    one[f"{name}_error"].values,
                )
            )
            found.append(Curve(panel, "data", label, time, mean, error, rank, rank))
            if name == "no_jump":
                found += _no_jump(panel, point, time, rank)
    return found


def _no_jump(panel: str, point: xr.Dataset, time: np.ndarray, rank: int) -> list[Curve]:
    """The exact probability of no jump, where it is known."""
    if not size_is_infinite(point):
        return []
    omega, x = _omega(point), trap_exponent(point)
    if has_exact_step_model_law(point):
        law = step_model.no_jump(time, np.full(time.size, omega), x)
    elif is_trap_model(point):
        law = trap_model.no_jump(time, omega, x)
    else:
        return []
    return [Curve(panel, "theory", EXACT, time, law, None, rank, rank, exact=True)]


def _law(panel: str, point: xr.Dataset) -> list[Curve]:
    """H_x, where the trap picture is known to hold, and with which x."""
    T, N = temperature_and_size(point)
    time = point.waiting_time.values
    omega, ratio = _omega(point), trap_exponent(point)
    end = SHARE_OF_EQUILIBRATION * np.exp(min(log_equilibration_time(point), 600.0))
    known, label = (time >= FIRST_TRAP_TIME) & (time * (1.0 + omega) <= end), LIMIT
    uncertain = np.zeros(time.size)
    if is_step_model(point) and 0.5 < ratio < 1.0 and has_typical_threshold(point):
        x = np.full(time.size, 2.0 - 1.0 / ratio)
    elif is_independent_gaussian(point) and T > 0 and "waiting_energy" in point:
        x, label = local_exponent(np.minimum(point.waiting_energy.values, 0.0), N, T), LOCAL
        if "waiting_energy_error" in point:
            uncertain = point.waiting_energy_error.values * T / N
    elif is_glassy(point) and (is_random_energy_model(point) or is_trap_model(point)):
        x = np.full(time.size, ratio)
    else:
        return []
    known &= (x > 0) & (x < 1)
    if not known.any():
        return []
    law, above, below = (
        np.array([float(trap_model.aging_function(omega, each)) for each in values[known]])
        for values in (
            x,
            np.minimum(x + uncertain, LARGEST_EXPONENT),
            np.maximum(x - uncertain, 1.0 - LARGEST_EXPONENT),
        )
    )
    error = 0.5 * np.abs(above - below) if uncertain.any() else None
    return [Curve(panel, "theory", label, time[known], law, error, np.nan)]


def _omega(point: xr.Dataset) -> float:
    """The window that is shown."""
    return float(point.window.sel(window=WINDOW, method="nearest"))


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study, size and temperature."""
    aside = [
        curve._replace(x=curve.x * 10.0 ** (ASIDE * (curve.colour - 0.5 * (len(LEVELS) - 1))))
        if curve.role == "data"
        else curve
        for curve in curves
    ]
    figure, axes = draw_panels(aside, columns=3, looks=SmallSymbols)
    for name, one in axes.items():
        _, _, omega = name.rpartition(OMEGA)
        omega = omega.removesuffix(END)
        set_probability_limits(one)
        one.set(
            xscale="log",
            xlabel="waiting time $t_w$ (attempts)",
            ylabel=rf"$\Pi$, $\omega={omega}$",
        )
    return figure
