r"""How fast relaxation slows down with age: the subaging exponent $\mu$ and what it scales.

The relaxation time after a waiting time $t_w$ grows as $t_w^\mu$ if the correlation $C$ between
$t_w$ and $t_w+t$ depends on $h(t_w+t)/h(t_w)$ alone, with $h(t)=\exp[t^{1-\mu}/(1-\mu)]$. The
correlation is the overlap of spins, or the probability of the same configuration if their energies
are independent, or that of no jump among states that are no spins. Points are averages over
independent samples of the disorder. Times are in sweeps of $N$ attempted moves for $N$ spins, in
attempted moves for other states. Shown are the coldest temperature and the largest size of each
study of simulations, and the hottest mean-field solution that ages. Of simulations, exponents are
fitted to all recorded waiting times from 10 and all times $t$ from 1 on that end within the run;
shorter ones are those of fast relaxation. The figure shows those of the last five waiting times
(fewer if there are fewer) that are nearest to powers of ten from 10 on and after which at least
half of the windows $t/t_w$ end within the run.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.estimates.subaging import SubagingExponent
from glasscore.figures.dmft import dmft_subaging
from glasscore.figures.drawing import scaled_aging
from glasscore.figures.drawing.curves import Curve, in_few_digits, temperature_and_size
from glasscore.figures.drawing.remarks import on_samples, remark
from glasscore.figures.drawing.scaled_aging import (
    EXPONENTS,
    RAW,
    SCALED,
    bar,
    on_exponent,
    scaled,
    simple_aging,
)
from glasscore.figures.drawing.solved_models import has_independent_energies, start_in_words
from glasscore.figures.traps.aging_function import observable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
BESIDE = ("dmft",)
MOST_SHOWN = 5
# Shorter times are those of fast relaxation and not in the fit.
FIRST_WAITING_TIME, SHORTEST_LAG = 10.0, 1.0
EXPLAINED = {
    **scaled_aging.EXPLAINED,
    dmft_subaging.MEAN_FIELD: dmft_subaging.EXPLAINED[dmft_subaging.MEAN_FIELD]
    + " Their bars are systematic errors alone.",
}


def curves(
    results: dict[str, list[xr.Dataset]], solutions: dict[str, list[xr.Dataset]]
) -> list[Curve]:
    """A row for each study."""
    found: list[Curve] = []
    for study, points in results.items():
        T = [temperature_and_size(point)[0] for point in points]
        coldest = [point for point in points if temperature_and_size(point)[0] == min(T)]
        largest = max(coldest, key=lambda point: temperature_and_size(point)[1])
        panels = _panels(study, largest, points)
        found += _scaled(panels, largest)
        several = len(set(T)) > 1
        for N in sorted({temperature_and_size(point)[1] for point in points}):
            exponents = _exponents(panels[EXPONENTS], points, N)
            if several:
                found.append(exponents)
            else:
                found.append(remark(panels[SCALED], exponents.note))
        if several:
            found.append(simple_aging(panels[EXPONENTS], T))
    return found + dmft_subaging.curves(two_time_solutions(solutions))


def two_time_solutions(solutions: dict[str, list[xr.Dataset]]) -> dict[str, list[xr.Dataset]]:
    """Results of the stage dmft without those of single sites."""
    found = {
        study: [one for one in points if "fraction" in one.dims]
        for study, points in solutions.items()
    }
    return {study: some for study, some in found.items() if some}


def correlation_of(point: xr.Dataset) -> str:
    """The name of the correlation that ages: an overlap, or a probability."""
    if point.attrs["states_are_spins"] and not has_independent_energies(point):
        return "overlap"
    return observable(point)


def sweep_of(point: xr.Dataset) -> float:
    """The unit of times in attempts: a sweep of all spins, or one attempt."""
    return temperature_and_size(point)[1] if point.attrs["states_are_spins"] else 1.0


def exponent_of(point: xr.Dataset) -> SubagingExponent:
    """What the file says of the exponent."""
    name = f"{correlation_of(point)}_subaging"
    ends = ("exponent", "exponent_error", "exponent_systematic", "residual")
    return SubagingExponent(*(float(point[f"{name}_{end}"]) for end in ends))


def size_text(point: xr.Dataset) -> str:
    """The number of spins, or its binary logarithm for other states, as a label."""
    return _size(temperature_and_size(point)[1])


def _size(N: float) -> str:
    return r"$N=\infty$" if np.isinf(N) else f"$N={N:g}$"


def _panels(study: str, point: xr.Dataset, among: list[xr.Dataset]) -> dict[str, str]:
    """The names of the panels of a study whose correlations are those of a result."""
    T, _ = temperature_and_size(point)
    texts = in_few_digits(temperature_and_size(one)[0] for one in among)
    return scaled_aging.names(study, f"{size_text(point)}, $T={texts[T]}$", exponent_of(point))


def _exponents(panel: str, points: list[xr.Dataset], N: float) -> Curve:
    """Exponents of one size against temperature."""
    alike = [point for point in points if temperature_and_size(point)[1] == N]
    alike.sort(key=temperature_and_size)
    fits = [exponent_of(point) for point in alike]
    T = np.array([temperature_and_size(point)[0] for point in alike])
    mu = np.array([fit.exponent for fit in fits])
    texts = in_few_digits(T.tolist())
    note = " ".join(
        on_exponent(fit, f"at {_size(N)}, $T={texts[one]}$")
        for one, fit in zip(T.tolist(), fits, strict=True)
    )
    known = np.isfinite(mu)
    error = np.array([bar(fit) for fit in fits])[known]
    label = _size(N)
    return Curve(panel, "data", label, T[known], mu[known], error, np.nan, N, "", label, note=note)


def _scaled(panels: dict[str, str], point: xr.Dataset) -> list[Curve]:
    """Correlations of a few waiting times of one result against time and effective time."""
    N = temperature_and_size(point)[1]
    name, fit, sweep = correlation_of(point), exponent_of(point), sweep_of(point)
    found = []
    for power, place in _waiting_times(point, name, sweep):
        one = point.isel(waiting_time=place)
        one = one.isel(window=one[name].notnull().values)
        waited = float(one.waiting_time) / sweep
        lag = one.window.values * waited
        kept = lag >= SHORTEST_LAG
        label = f"$t_w=10^{{{power}}}$"
        data = Curve(
            panels[RAW], "data", f"{_size(N)}, {label}", lag[kept], one[name].values[kept],
            one[f"{name}_error"].values[kept], 10.0**power, N, label, _size(N),
        )  # fmt: skip
        found.append((data, waited))
    shown = [*(curve for curve, _ in found), remark(panels[RAW], start_in_words(point))]
    if "samples" in point:
        shown += on_samples([panels[RAW]], [point])
    if np.isnan(fit.exponent):
        note = on_exponent(fit, "for the correlations on the left")
        empty = np.empty(0)
        return [*shown, Curve(panels[SCALED], "data", "", empty, empty, note=note)]
    for curve, waited in found:
        times = np.full(curve.x.size, waited)
        shown.append(scaled(panels[SCALED], fit.exponent, times, curve.x, curve))
    return shown


def _waiting_times(point: xr.Dataset, name: str, sweep: float) -> list[tuple[int, int]]:
    """The last powers of ten, in sweeps, and the places of the recorded times nearest to them.

    At least half of the windows after these times end within the run.
    """
    fitting = point[name].notnull().sum("window").values
    places = np.flatnonzero(2 * fitting >= fitting.max())
    times = point.waiting_time.values[places] / sweep
    powers = np.arange(
        int(np.log10(FIRST_WAITING_TIME)), int(np.floor(np.log10(times[-1]) + 0.13)) + 1
    )
    nearest = [int(places[np.argmin(np.abs(np.log10(times) - power))]) for power in powers]
    return list(zip(powers.tolist(), nearest, strict=True))[-MOST_SHOWN:]


def draw(curves: list[Curve]) -> "Figure":
    """A row for each study."""
    return scaled_aging.draw(curves)
