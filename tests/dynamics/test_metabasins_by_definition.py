"""Test metabasins against their definition, applied by brute force to whole lists of visits.

The definition applies to the finished list of stays. Two stays with the same lowest configuration
belong to one metabasin if each stay between them is shallower or has the same lowest configuration.
Such pairs span intervals of the list; the outermost intervals are the metabasins. The definition
does not go through the list step by step, as a recorder must.
"""

import itertools
from typing import NamedTuple

import numpy as np
import pytest

from glasscore.dynamics.interface import record_visit
from glasscore.dynamics.recorders import metabasins
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.interface import position
from glasscore.landscapes.sample import disorder_sample
from glasscore.models.schedule import schedule

LANDSCAPE = disorder_sample(1, "traps", 4, 0, {"graph": "hypercube", "energies": "gaussian"})
THRESHOLD = -1.0


class Stay(NamedTuple):
    """First and last visit, lowest energy and configuration, and the energy of the anchor."""

    first: int
    last: int
    energy: float
    lowest: int
    anchor_energy: float


class Metabasin(NamedTuple):
    """Times, depth and lowest configuration, and the ridge before it (NaN for the first)."""

    arrival: float
    departure: float
    energy: float
    lowest: int
    ridge: float


def stays_of(states, energies):
    """A stay lasts as long as every second visit is to its anchor; then the next stay begins."""
    found, first = [], 0
    while first < len(states):
        away = [n for n in range(first, len(states), 2) if states[n] != states[first]]
        last = (away[0] if away else len(states) + (len(states) - first) % 2) - 2
        # If several configurations are equally low, the earliest counts.
        energy, n = min((energies[states[n]], n) for n in range(first, last + 1))
        found.append(Stay(first, last, energy, states[n], energies[states[first]]))
        first = last + 1
    return found


def metabasins_of(states, energies, times):
    """All metabasins of a list of visits; visit n lasts from times[n] to times[n + 1]."""
    stays = stays_of(states, energies)
    low = [stay for stay in stays if stay.energy <= THRESHOLD]
    intervals = [(n, n) for n in range(len(low))] + [
        (i, j)
        for i, j in itertools.combinations(range(len(low)), 2)
        if low[i].lowest == low[j].lowest
        and all(
            each.energy > low[i].energy or each.lowest == low[i].lowest for each in low[i + 1 : j]
        )
    ]
    outermost = [
        (i, j)
        for i, j in intervals
        if not any(a <= i and j <= b and (a, b) != (i, j) for a, b in intervals)
    ]
    found, before = [], None
    for i, j in sorted(outermost):
        ridge = np.nan
        if before is not None:
            way = [stay for stay in stays if low[before].first <= stay.first <= low[i].first]
            ridge = max(stay.anchor_energy for stay in way)
        arrival, departure = times[low[i].first], times[low[j].last + 1]
        found.append(Metabasin(arrival, departure, low[i].energy, low[i].lowest, ridge))
        before = j
    return found


@kernel
def tell(recorder, where, states, energies, times):
    """Report walks to a recorder, one in each row of ``states``."""
    for sample in range(states.shape[0]):
        for visit in range(states.shape[1]):
            where.words[0] = states[sample, visit]
            where.energy[0] = energies[states[sample, visit]]
            record_visit(recorder, sample, times[sample, visit], times[sample, visit + 1], where)


def assert_defined(walks, energies, times, plan):
    """Assert that recorder and definition agree about many walks of one length."""
    walks, energies = np.asarray(walks, np.uint64), np.asarray(energies)
    recorder = metabasins.create(LANDSCAPE, plan, len(walks), threshold=THRESHOLD)
    tell(recorder, position(LANDSCAPE), walks, energies, times)
    told = metabasins.variables(recorder, LANDSCAPE, plan)
    number, most = told["metabasin_count"].values.sum(axis=1), 0
    later = plan.later()
    for sample, walk in enumerate(walks.tolist()):
        found = metabasins_of(walk, energies, times[sample])
        over = [each for each in found if each.departure <= plan.end]
        most = max(most, len(over))
        assert number[sample] == len(over), walk
        for name, values in {
            "energy": [each.energy for each in over],
            "configuration": [each.lowest for each in over],
            "duration": [each.departure - each.arrival for each in over],
        }.items():
            kept = told[f"metabasin_{name}"].values[sample, : len(over)]
            assert np.array_equal(kept, values[-kept.size :]), walk

        at = np.array([[each.arrival, each.departure] for each in found]).reshape(-1, 2)

        def occupied(time, at=at):
            inside = (at[:, :1] <= np.ravel(time)) & (np.ravel(time) < at[:, 1:])
            number = np.where(inside.any(axis=0), inside.argmax(axis=0), -1) if len(at) else -1
            return np.broadcast_to(number, np.size(time)).reshape(np.shape(time))

        here, there = occupied(plan.waiting_times), occupied(later)
        assert np.array_equal(told["in_metabasin"].values[sample], here >= 0), walk
        same = (here[:, np.newaxis] >= 0) & (here[:, np.newaxis] == there)
        expected = np.where(np.isfinite(later), same, -1)
        assert np.array_equal(told["same_metabasin"].values[sample], expected), walk

        since = np.searchsorted(plan.times, [each.arrival for each in found[1:]])
        for name, weights in (("count", None), ("sum", [each.ridge for each in found[1:]])):
            expected = np.bincount(since, weights, plan.times.size + 1)[: plan.times.size]
            found_here = told[f"metabasin_ridge_{name}"].values[sample]
            np.testing.assert_allclose(found_here, expected, rtol=1e-13, atol=1e-13)
    return most


# The cases: distinct depths; equal depths; energies at the threshold and just above it; passages
# alone.
DEPTHS = [
    (-4.0, -3.0, -2.0, 0.0),
    (-3.0, -3.0, -2.0, 0.5),
    (-2.0, -2.0, -2.0, -2.0),
    (-1.0, np.nextafter(-1.0, 0.0), -2.0, 3.0),
    (0.0, 1.0, 2.0, 3.0),
]


@pytest.mark.parametrize("energies", DEPTHS, ids=str)
def test_every_short_walk(energies):
    """Test all walks of up to eight visits among four configurations."""
    plan = schedule(10.0, 8, 8, [0.5, 3.0])
    for length in range(1, 9):
        walks = [
            walk
            for walk in itertools.product(range(4), repeat=length)
            if walk[0] == 0 and all(a != b for a, b in itertools.pairwise(walk))
        ]
        if length == 8:
            # This selection still contains every beginning of six visits.
            walks = walks[::7]
        visits = 10.0 * (np.arange(length + 1) + 0.25 * np.sin(np.arange(length + 1))) / length
        times = np.tile(visits - visits[0], (len(walks), 1))
        assert_defined(walks, energies, times, plan)


@pytest.mark.parametrize(
    ("states", "steps", "at_least"),
    [(3, (1, 2), 0), (6, (1, 2, 3, 4, 5), 1), (60, (-1, 1, 2), 5)],
    ids=["among three", "among six", "along a ring"],
)
def test_many_random_walks(states, steps, at_least):
    """Test long walks, among them walks that mostly return, so that loops are deeply nested."""
    plan = schedule(1e3, 4, 4, [0.5, 3.0])
    most = 0
    for seed in range(8):
        rng = np.random.default_rng([states, seed])
        # Energies that are rounded to one decimal make some configurations equally deep.
        energies = np.round(1.0 - rng.exponential(2.0, states), 1 if seed % 2 else 8)
        walks = np.empty((40, 80), np.int64)
        for walk in walks:
            walk[0] = rng.integers(states)
            for visit in range(1, walk.size):
                back = visit > 1 and rng.random() < 0.15 * (seed % 4)
                step = (walk[visit - 1] + rng.choice(steps)) % states
                walk[visit] = walk[visit - 2] if back else step
        times = np.cumsum(rng.exponential(size=(40, 81)), axis=1)
        times *= 1e3 / times[:, -1:]
        times[:, 0] = 0.0
        most = max(most, assert_defined(walks, energies, times, plan))
    assert most >= at_least
