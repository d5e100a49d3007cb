r"""How alike two states in equilibrium are: the law of their overlap, from lists of all states.

The density $P(q)$ of the overlap $q=\frac{1}{N}\sum_i s_i s'_i$ of two states $s$ and $s'$ of $N$
spins, which are drawn independently from the equilibrium of one disorder sample at the temperature
$T$, averaged over samples. It follows exactly from all $2^N$ energies of each sample; points are
means over samples. Each possible overlap has a bin of the width $2/N$. Thin lines join the points
of one size to guide the eye.
"""

from math import comb
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.figures.barriers.barrier_statistics import INDEPENDENT, size
from glasscore.figures.drawing.curves import Curve, in_few_digits, landscape_of
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples
from glasscore.figures.drawing.symbols import Symbols
from glasscore.theory.participation import participation_ratio

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

BESIDE = ("theory",)
SOLVES = ("parisi_function",)
EXACT = "exact mean"
PARISI = r"Parisi, $N=\infty$"
GAUSSIAN = r"Gaussian, many spins"
EXPLAINED = {
    EXACT: (
        "Independent energies: two different states are any pair with the same probability, so "
        "that the mean law is exact at each $N$, $P=(1-Y_2)P_0$ with the law $P_0$ of the overlap "
        "of two different random states, and the same state twice ($q=1$) has the weight $Y_2$, "
        "the mean sum of the squared Boltzmann weights. Above $T_c$ this mean is dominated by rare "
        "samples with one very deep state: if none is among those computed, points at $q=1$ lie "
        "below the line by more than their bars suggest. So do points of overlaps of few pairs of "
        "states. The axis of densities is logarithmic in these panels, from half the smallest "
        "density of the line on; points below it, and those of zero, are not shown."
    ),
    GAUSSIAN: (
        "For the SK model above $T_c=J$ without a field the overlap of many spins is Gaussian with "
        r"the variance $1/[N(1-\beta^2)]$, where $\beta=J/T$ (dashed, in the colour of each $N$). "
        r"This is the limit $N \to \infty$ at a fixed $\sqrt{N} q$, so that the lines end at two "
        "standard deviations; at finite $N$ the law differs by terms that vanish as $N$ grows."
    ),
    PARISI: (
        "For the SK model the line is the continuous part of Parisi's solution for many spins, "
        "half the slope of the inverse of his function $q(x)$, which ends in peaks at the largest "
        r"overlaps $\pm q(1)$ (vertical lines). Between its last step below them and the peaks the "
        "function is not known, so that the line ends there. Finite systems have broad peaks, and "
        "overlaps beyond them."
    ),
}
# Standard deviations of the Gaussian law up to which it is drawn, and the points of its line.
WIDTH, LINE_POINTS = 2.0, 61
# Fewer steps say nothing of a continuous part.
FEWEST_STEPS = 4
NOTHING = "No temperature of the overlap was asked for (key ``overlap_temperatures``)."


def curves(
    results: dict[str, list[xr.Dataset]], solutions: dict[str, list[xr.Dataset]]
) -> list[Curve]:
    """A panel for each study and temperature."""
    solved = [one for some in solutions.values() for one in some]
    found: list[Curve] = []
    for study, surveys in results.items():
        known = sorted((one for one in surveys if "overlap_density" in one), key=size)
        if not known:
            empty = np.empty(0)
            found.append(Curve(study, "data", "", empty, empty, note=NOTHING))
            continue
        texts = in_few_digits(float(T) for one in known for T in one.overlap_temperature.values)
        for T, text in texts.items():
            panel = f"{study}, $T={text}$"
            found += [curve for survey in known for curve in _of_size(panel, survey, T)]
            shown = [survey for survey in known if T in survey.overlap_temperature.values]
            if any("samples" in survey for survey in shown):
                found += on_samples([panel], shown)
            found += _gaussian(panel, shown, T)
            tops = [curve.y.max() for curve in found if curve.panel == panel and curve.x.size]
            if tops:
                found += _parisi(panel, known[0], T, solved, max(tops))
    return found


def _of_size(panel: str, survey: xr.Dataset, T: float) -> list[Curve]:
    if T not in survey.overlap_temperature.values:
        return []
    N, one = size(survey), survey.sel(overlap_temperature=T)
    q, label = one.overlap_value.values, f"$N={N}$"
    y, error = one.overlap_density.values, one.overlap_density_error.values
    found = [Curve(panel, "data", label, q, y, error, N, N, "", label)]
    law = landscape_of(survey)["energies"]
    if law in INDEPENDENT:
        same = float(participation_ratio(np.array([T]), N, law)[0])
        ways = np.array([comb(N, d) for d in range(N, -1, -1)], dtype=float) / (2.0**N - 1.0)
        exact = (1.0 - same) * ways
        exact[-1] = same
        found.append(Curve(panel, "theory", EXACT, q, exact * N / 2, None, N, N, exact=True))
    return found


def _gaussian(panel: str, surveys: list[xr.Dataset], T: float) -> list[Curve]:
    """The law of many spins of the SK model without a field above T_c, for each size."""
    found: list[Curve] = []
    for survey in surveys:
        if not _is_sk(survey) or T <= 1.0:
            continue
        N, one = size(survey), survey.sel(overlap_temperature=T)
        variance = 1.0 / (N * (1.0 - T**-2))
        end = min(1.0, WIDTH * np.sqrt(variance))
        q = np.linspace(-end, end, LINE_POINTS)
        law = np.exp(-(q**2) / (2.0 * variance)) / np.sqrt(2.0 * np.pi * variance)
        note = second_moment_text(N, one.overlap_value.values, one.overlap_density.values, T)
        found.append(Curve(panel, "theory", GAUSSIAN, q, law, None, N, N, note=note))
    return found


def second_moment_text(N: int, q: Array, density: Array, T: float) -> str:
    """A sentence on the variance of the overlap times N, beside that of the Gaussian law."""
    found = N * float(np.sum(q**2 * density) / np.sum(density))
    return (
        f"At $N={N}$ the points have $N \\langle q^2 \\rangle = {found:.2f}$; the Gaussian law has "
        f"{1.0 / (1.0 - T**-2):.2f}."
    )


def _is_sk(survey: xr.Dataset) -> bool:
    """Whether these are spins of the SK model without a field."""
    model = landscape_of(survey)
    return bool(model["energies"] == "sk" and model.get("field", 0.0) == 0.0)


def _parisi(
    panel: str, survey: xr.Dataset, T: float, solved: list[xr.Dataset], top: float
) -> list[Curve]:
    """Parisi's law at this temperature without a field, if the campaign has solved for it."""
    if not _is_sk(survey):
        return []
    for one in solved:
        if T in one["T"].values and 0.0 in one.h.values:
            at = one.sel(T=T, h=0.0)
            q, density, largest, weight = law_of(at)
            if q.size:
                steps = np.unique(at.overlap.values).size - 1
                note = (
                    f"Parisi's function is approximated by {steps} steps of replica-symmetry "
                    "breaking, which makes the line wavy. The peaks at "
                    f"$\\pm q(1)=\\pm {largest:.3f}$ together hold the share {weight:.2f} of "
                    "Parisi's law."
                )
                height = np.array([0.0, top])
                peaks = [
                    Curve(panel, "theory", PARISI, np.full(2, end), height, None, np.nan)
                    for end in (-largest, largest)
                ]
                line = Curve(panel, "theory", PARISI, q, density, None, np.nan, note=note)
                return [line, *peaks]
    return []


def law_of(at: xr.Dataset) -> tuple[Array, Array, float, float]:
    """Overlaps and densities of the continuous part, the largest overlap, and its weight.

    Steps of the solution stand for a continuous function through their middles, where the share of
    pairs below an overlap is therefore known; the step of the overlap 0 stands for those of both
    signs, and its middle is at 0. Between the last of these and the peak the function is unknown.
    """
    x, q = at.x.values, at.overlap.values
    starts = np.flatnonzero(np.diff(q, prepend=-1.0) > 0)
    largest, weight = float(q[-1]), float(1.0 - x[starts[-1]])
    if starts.size < FEWEST_STEPS:
        return np.empty(0), np.empty(0), largest, weight
    share, level = 0.5 * (x[starts[:-1]] + x[starts[1:] - 1]), q[starts[:-1]]
    share[level == 0.0] = 0.0
    middle, density = 0.5 * (level[1:] + level[:-1]), 0.5 * np.diff(share) / np.diff(level)
    both = np.concatenate([-middle[::-1], middle]), np.concatenate([density[::-1], density])
    return *both, largest, weight


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study and temperature."""
    figure, axes = draw_panels(curves, styles={GAUSSIAN: "--"})
    inks = Symbols(curves)
    for curve in curves:
        if curve.role == "data":
            axes[curve.panel].plot(curve.x, curve.y, color=inks.ink(curve), linewidth=0.5, zorder=2)
    for name, one in axes.items():
        one.set(xlim=(-1.05, 1.05), xlabel="overlap $q$", ylabel="density $P(q)$")
        exact = [c.y.min() for c in curves if c.panel == name and c.label == EXACT and c.x.size]
        if exact:
            one.set_yscale("log", nonpositive="mask")
            one.set_ylim(0.5 * min(exact))
        else:
            one.set_ylim(bottom=0.0)
    return figure
