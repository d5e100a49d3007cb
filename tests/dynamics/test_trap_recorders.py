"""Test basins and metabasins against their definitions, applied to whole lists of visits."""

from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
import pytest

from glasscore.dynamics.interface import record_excursion, record_return, record_visit
from glasscore.dynamics.recorders import basins, metabasins
from glasscore.dynamics.recorders.metabasins import MOST_HELD
from glasscore.dynamics.stage import run
from glasscore.dynamics.trap_record import DEPTHS, FIRST, KEPT
from glasscore.landscapes.interface import position
from glasscore.landscapes.sample import disorder_sample
from glasscore.models.schedule import schedule
from tests.campaigns import bits, dynamics_parameters
from tests.statistical import assert_within

LANDSCAPE = disorder_sample(1, "traps", 4, 0, {"graph": "hypercube", "energies": "gaussian"})
# The last observation time is the end of the run, so that every ridge counts.
PLAN = schedule(10**2.5, 2, 4, [0.5])
THRESHOLD, T = -1.0, 0.4


class Trap(NamedTuple):
    """A configuration, stay, basin or metabasin.

    ``lowest`` is (energy, state). ``ends`` are the indices of the first and the last configuration
    or stay that the trap consists of.
    """

    name: int
    arrival: float
    departure: float
    lowest: tuple[float, int]
    ends: tuple[int, int]


def joined(first, last, *between):
    """Everything from the first arrival to the last departure, under the first name."""
    lowest = min(each.lowest for each in (first, *between, last))
    return Trap(first.name, first.arrival, last.departure, lowest, (first.ends[0], last.ends[1]))


def ridges(traps, energies):
    """The highest of ``energies`` between each trap and the one before it."""
    return [max(energies[before.ends[1] : trap.ends[0] + 1]) for before, trap in pairwise(traps)]


def returns_merged(sequence):
    """Merge A B A into A, and equal neighbours into one, from the beginning of the list on."""
    merged = []
    current, excursion = None, None
    for item in sequence:
        if current is None:
            current = item
        elif item.name == current.name:
            between = [] if excursion is None else [excursion]
            current, excursion = joined(current, item, *between), None
        elif excursion is None:
            excursion = item
        elif item.name == excursion.name:
            excursion = joined(excursion, item)
        else:
            merged.append(current)
            current, excursion = excursion, item
    return merged, [each for each in (current, excursion) if each is not None]


def shallower_loops_removed(sequence):
    """Merge everything between a departure and a return, if all of it is shallower."""
    merged = []
    for item in sequence:
        for index in reversed(range(len(merged))):
            if merged[index].name == item.name:
                merged[index:] = [joined(merged[index], item, *merged[index + 1 :])]
                break
            if merged[index].lowest[0] <= item.lowest[0]:
                merged.append(item)
                break
        else:
            merged.append(item)
    return merged


def metabasins_of(visits):
    """All metabasins in the order of time, and the ridges before them."""
    over, left_open = returns_merged(visits)
    anchors = [visits[stay.ends[0]].lowest[0] for stay in over + left_open]
    low = [
        stay._replace(name=stay.lowest[1], ends=(number, number))
        for number, stay in enumerate(over + left_open)
        if stay.lowest[0] <= THRESHOLD
    ]
    every = shallower_loops_removed(low)
    return every, ridges(every, anchors)


def basins_of(visits):
    groups = groupby(visits, key=lambda visit: visit.lowest[0] <= THRESHOLD)
    low = [list(group) for below, group in groups if below]
    every = [joined(group[0], group[-1], *group) for group in low]
    return every, ridges(every, [visit.lowest[0] for visit in visits])


def random_visits(seed):
    """A random walk among sixteen states, which often returns to deep states."""
    rng = np.random.default_rng(seed)
    energies = {state: float(-rng.exponential(1.2)) for state in range(16)} | {15: THRESHOLD}
    visits, state, time = [], 0, 0.0
    while time < PLAN.end:
        departure = time + rng.exponential(1.0)
        ends = (len(visits), len(visits))
        visits.append(Trap(state, time, departure, (energies[state], state), ends))
        others = [other for other in energies if other != state]
        back = len(visits) > 1 and rng.random() < 0.5
        state, time = (visits[-2].name if back else int(rng.choice(others))), departure
    return visits


@pytest.mark.uncompiled
@pytest.mark.parametrize(
    ("module", "trap", "definition"),
    [(basins, "basin", basins_of), (metabasins, "metabasin", metabasins_of)],
)
def test_walks_follow_the_definition(module, trap, definition):
    most = open_ended = 0
    for seed in range(20):
        recorder = module.create(LANDSCAPE, PLAN, 1, THRESHOLD, T, trajectories=1)
        visits = random_visits(seed)
        for visit in visits:
            where = position(LANDSCAPE)
            where.energy[0], where.words[0] = visit.lowest
            record_visit(recorder, 0, visit.arrival, visit.departure, where)
            if visit.ends[0] % 50 == 0:
                # Computing the variables must not change the record.
                module.variables(recorder, LANDSCAPE, PLAN)
        variables = module.variables(recorder, LANDSCAPE, PLAN)
        every, heights = definition(visits)
        over = [each for each in every if each.departure <= PLAN.end]

        assert variables[f"{trap}_count"].values.sum() == len(over)
        most = max(most, len(over))
        kept = over[-KEPT:]
        for name, values in {
            "energy": [each.lowest[0] for each in kept],
            "configuration": [each.lowest[1] for each in kept],
            "duration": [each.departure - each.arrival for each in kept],
        }.items():
            assert np.array_equal(variables[f"{trap}_{name}"].values[0, : len(kept)], values)

        depths = [int((THRESHOLD - each.lowest[0]) / T) for each in over]
        first = variables[f"{trap}_first_duration"].values[0]
        for depth in range(DEPTHS):
            of_depth = [each for each, bin in zip(over, depths, strict=True) if bin == depth]
            kept = [each.departure - each.arrival for each in of_depth[:FIRST]]
            assert np.array_equal(first[depth, : len(kept)], kept)
            assert np.isnan(first[depth, len(kept) :]).all()
        occupied_at_end = every[-1:] if every[-1:] != over[-1:] else []
        ages = [(PLAN.end - each.arrival, each.lowest[0]) for each in occupied_at_end]
        age = tuple(variables[f"{trap}_{name}"].values[0] for name in ("age", "age_energy"))
        assert age == ages[0] if ages else np.isnan(age).all()
        open_ended += len(ages)

        since = np.searchsorted(PLAN.times, [each.arrival for each in every[1:]])
        for name, weights in (("count", None), ("sum", heights)):
            expected = np.bincount(since, weights, PLAN.times.size)[: PLAN.times.size]
            found = variables[f"{trap}_ridge_{name}"].values[0]
            assert found == pytest.approx(expected, rel=1e-13)

        def occupied(time, every=every):
            found = [n for n, each in enumerate(every) if each.arrival <= time < each.departure]
            return found[0] if found else None

        seen = sorted({occupied(time) for time in PLAN.pair_times} - {None})
        for name, values in {
            "arrival": [every[n].arrival for n in seen],
            "departure": [every[n].departure for n in seen],
            "energy": [every[n].lowest[0] for n in seen],
        }.items():
            found = variables[f"trajectory_{trap}_{name}"].values[0]
            assert np.array_equal(found[: len(seen)], values)
            assert np.isnan(found[len(seen) :]).all()

        for i, t_w in enumerate(PLAN.waiting_times):
            at_t_w = occupied(t_w)
            assert variables[f"in_{trap}"].values[0, i] == (at_t_w is not None)
            for j, later in enumerate(PLAN.later()[i]):
                same = at_t_w is not None and at_t_w == occupied(later)
                expected = same if np.isfinite(later) else -1
                assert variables[f"same_{trap}"].values[0, i, j] == expected
    assert most > 3
    assert 0 < open_ended < 20


def after(sequence):
    """A recorder after visits to configurations, each of one unit of time, from time 0 on."""
    recorder = metabasins.create(LANDSCAPE, schedule(1e4, 1, 1, []), 1, threshold=THRESHOLD)
    for time, (state, energy) in enumerate(sequence):
        where = position(LANDSCAPE)
        where.words[0], where.energy[0] = state, energy
        record_visit(recorder, 0, float(time), time + 1.0, where)
    return recorder


def recorded(sequence):
    return after(sequence).record


def walk(*traps):
    """Visits to traps, with a new configuration above the threshold between any two."""
    passages = iter(range(1000, 10**6))
    sequence = []
    for trap in traps:
        sequence += [trap, (next(passages), 0.0), (next(passages), 0.0)]
    return sequence


@pytest.mark.uncompiled
def test_a_loop_through_an_equally_deep_trap_is_none():
    """Test that A B A is one visit only if A lies below B."""
    last = (9, -9.0)
    for energy, expected in ((-4.9, 1), (-5.0, 3), (-5.1, 3)):
        traps = walk((1, -5.0), (2, energy), (1, -5.0), last, last)
        assert recorded(traps).trapping_times.sum() == expected


@pytest.mark.uncompiled
def test_long_loops_are_recognised_up_to_a_length():
    others = [(k, -2.0 - k / 1000) for k in range(2, MOST_HELD + 2)]
    last = (9999, -9.0)
    for between, expected in ((MOST_HELD - 2, 1), (MOST_HELD - 1, MOST_HELD + 1)):
        traps = walk((1, -5.0), *others[:between], (1, -5.0), last, last)
        assert recorded(traps).trapping_times.sum() == expected


@pytest.mark.uncompiled
def test_a_run_may_end_behind_a_ridge():
    """Test a run that ends in a trap, while the passage before it is still a stay."""
    recorder = after([(1, -5.0), (2, 3.0), (3, -4.0)])
    variables = metabasins.variables(recorder, LANDSCAPE, schedule(1e4, 1, 1, []))
    assert np.array_equal(variables["metabasin_ridge_count"], [[0, 1, 0, 0, 0]])
    assert np.array_equal(variables["metabasin_ridge_sum"], [[0, 3.0, 0, 0, 0]])


@pytest.mark.uncompiled
def test_a_run_may_end_where_a_leap_has_left_its_anchor():
    """Test that the stay lasts until the excursion was seen, not only until the last report."""
    recorder = metabasins.create(LANDSCAPE, PLAN, 1, threshold=THRESHOLD)
    deep, high = position(LANDSCAPE), position(LANDSCAPE)
    deep.words[0], deep.energy[0], high.words[0], high.energy[0] = 1, -5.0, 2, 0.0
    record_visit(recorder, 0, 0.0, 2.0, deep)
    record_visit(recorder, 0, 2.0, 3.0, high)
    record_return(recorder, 0, 10.0)
    record_excursion(recorder, 0, 80.0, 400.0, high)
    variables = metabasins.variables(recorder, LANDSCAPE, PLAN)
    times = variables["waiting_time"].values
    assert np.array_equal(variables["in_metabasin"].values[0], times < 80.0)
    # If the run goes on and the excursion leads back, the excursion leaves no trace.
    record_visit(recorder, 0, 400.0, 500.0, deep)
    assert np.all(metabasins.variables(recorder, LANDSCAPE, PLAN)["in_metabasin"].values == 1)


@pytest.mark.parametrize(("N", "T"), [(10, 0.5), (8, 0.4)])
def test_leaps_change_no_metabasin(N, T):
    """Compare aging functions, numbers and depths with and without leaps, with equal landscapes."""
    samples = 1500
    jumped, leapt = (
        run(
            dynamics_parameters(
                "hypercube", "gaussian", "metropolis", N, T, samples, 1e5,
                clock=clock, recorders=["metabasins"], threshold=-1.0,
            ),
            [],
        )
        for clock in ("rejection_free", "superbasin")
    )  # fmt: skip
    assert (leapt.visits.values % 1.0 != 0.0).mean() > 0.2

    def observables(one):
        yield one.same_metabasin.values == 1
        yield one.in_metabasin.values == 1
        # A few samples have very many metabasins, which would dominate the mean.
        yield one.metabasin_count.values.sum(axis=1)[:, None].clip(max=1000)
        yield np.nan_to_num(one.metabasin_energy.values).min(axis=1)[:, None]
        count = one.metabasin_ridge_count.values
        yield count > 0
        yield one.metabasin_ridge_sum.values / np.maximum(count, 1.0)

    checked = 0
    for first, second in zip(observables(jumped), observables(leapt), strict=True):
        difference = (first.astype(float) - second).reshape(samples, -1)
        # If fewer samples differ, the normal approximation does not hold.
        told = (difference != 0).sum(axis=0) > 50
        if not told.any():
            continue
        checked += told.sum()
        scatter = difference.std(axis=0, ddof=1)[told]
        z = difference.mean(axis=0)[told] * np.sqrt(samples) / scatter
        assert_within(z, comparisons=4 * (jumped.same_metabasin[0].size + 30))
    assert checked > 10


def test_traps_of_a_block_do_not_depend_on_the_others():
    for clock, recorders in (
        ("rejection_free", ["basins", "metabasins"]),
        ("superbasin", ["metabasins"]),
    ):
        parameters = dynamics_parameters(
            "hypercube", "gaussian", "metropolis", 10, 0.5, 6, 1e4,
            clock=clock, recorders=recorders, threshold=-4.0,
        )  # fmt: skip
        whole = run(parameters, [])
        part = run({**parameters, "first_sample": 2, "samples": 3}, [])
        assert bits(part) == bits(whole.isel(sample=slice(2, 5)))
        assert whole.attrs["threshold_energy"] == -4.0
