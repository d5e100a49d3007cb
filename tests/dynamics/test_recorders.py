"""Test recorders against a trajectory written out by hand."""

import numpy as np
import pytest

from glasscore.common import discovery
from glasscore.dynamics.interface import (
    JoinedRecorders,
    next_observation,
    observe,
    record_visit,
)
from glasscore.dynamics.observation_times import NOT_OBSERVED
from glasscore.dynamics.recorders import (
    configurations,
    energy,
    inherent_structures,
    maximum_energy,
    memory,
    moves,
    trapping_times,
)
from glasscore.landscapes.interface import energies_at, position
from glasscore.landscapes.sample import disorder_sample
from glasscore.models.schedule import schedule

LANDSCAPE = disorder_sample(1, "recorders", 4, 0, {"graph": "hypercube", "energies": "gaussian"})
PLAN = schedule(100.0, 1, 1, [0.5])
# Each visit is (arrival, departure, state, energy); 0b0011 is left at 5 and visited again at 12.
VISITS = [
    (0.0, 5.0, 0b0011, -1.0),
    (5.0, 12.0, 0b0111, -2.0),
    (12.0, 40.0, 0b0011, -1.0),
    (40.0, 1000.0, 0b1000, -3.0),
]


def record(recorder, arrival, departure, state, level=0.0):
    """Report the visits to a recorder, as a clock does."""
    where = position(LANDSCAPE)
    where.words[0] = state
    where.energy[0] = level
    record_visit(recorder, 0, arrival, departure, where)
    if next_observation(recorder, 0) < departure:
        observe(recorder, 0, departure, where)


def filled(module):
    recorder = module.create(LANDSCAPE, PLAN, 1)
    for visit in VISITS:
        record(recorder, *visit)
    return module.variables(recorder, LANDSCAPE, PLAN)


@pytest.mark.uncompiled
def test_energy():
    variables = filled(energy)
    assert np.array_equal(variables["time"], [1.0, 10.0, 100.0])
    assert np.array_equal(variables["energy"], [[-1.0, -2.0, -3.0]])


@pytest.mark.uncompiled
def test_configurations():
    variables = filled(configurations)
    windows = list(variables["window"].values)
    distances = variables["distance"].values[0]
    assert np.array_equal(variables["waiting_time"], [1.0, 10.0])
    assert np.array_equal(variables["configuration"], [[0b0011, 0b0111]])
    assert np.array_equal(variables["departure"], [[5.0, 12.0]])
    assert np.array_equal(variables["waiting_energy"], [[-1.0, -2.0]])
    # After t_w = 1 the trajectory is still there at 1.5, one flip away at 6, back at 21, and three
    # flips away at 51.
    at = {omega: distances[:, windows.index(omega)] for omega in (0.5, 5.0, 20.0, 50.0, 100.0)}
    assert [at[omega][0] for omega in (0.5, 5.0, 20.0, 50.0)] == [0, 1, 0, 3]
    # After t_w = 10 it is back at the first configuration at 15; 210 lies beyond the end of the
    # run.
    assert [at[omega][1] for omega in (0.5, 5.0, 20.0)] == [1, 4, NOT_OBSERVED]
    assert at[100.0][0] == NOT_OBSERVED


@pytest.mark.uncompiled
def test_energies_of_the_first_samples():
    recorder = configurations.create(LANDSCAPE, PLAN, 2, trajectories=1)
    for visit in VISITS:
        record(recorder, *visit)
    variables = configurations.variables(recorder, LANDSCAPE, PLAN)
    times = variables["trajectory_time"].values
    assert times.tolist() == PLAN.pair_times.tolist()
    expected = [next(level for _, end, _, level in VISITS if t < end) for t in times]
    assert variables["trajectory_energy"].values.tolist() == [expected]
    assert not [name for name in filled(configurations) if name.startswith("trajectory")]


@pytest.mark.uncompiled
def test_memory():
    """At t = 1 the first configuration is still there, at 10 one spin differs, at 100 three do."""
    variables = filled(memory)
    assert np.array_equal(variables["time"], [1.0, 10.0, 100.0])
    assert np.array_equal(variables["start_distance"], [[0, 1, 3]])


@pytest.mark.uncompiled
def test_memory_of_a_start_that_is_left_before_the_first_observation():
    recorder = memory.create(LANDSCAPE, PLAN, 2)
    for visit in [(0.0, 0.5, 0b0000, 0.0), (0.5, 50.0, 0b0001, 0.0), (50.0, 200.0, 0b0000, 0.0)]:
        record(recorder, *visit)
    found = memory.variables(recorder, LANDSCAPE, PLAN)["start_distance"].values
    assert found[0].tolist() == [1, 1, 0]


@pytest.mark.uncompiled
def test_moves():
    """Test three moves: down from -1 by 1, up from -2 by 1, down from -1 by 2."""
    variables = filled(moves)
    energies = variables["move_energy"].values
    width = np.diff(energies)[0]

    def at(name, level):
        return variables[name].values[0, np.abs(energies - level - 0.5 * width) < 0.1 * width]

    assert at("moves_down", -1.0).tolist() == [2.0]
    assert at("moves_up", -2.0).tolist() == [1.0]
    assert at("energy_change", -1.0).tolist() == [-3.0]
    assert at("energy_change", -2.0).tolist() == [1.0]
    assert sum(variables[name].values.sum() for name in ("moves_up", "moves_down")) == 3.0
    assert variables["energy_change"].values.sum() == -2.0


@pytest.mark.uncompiled
def test_moves_from_beyond_the_bins_are_counted_in_the_outermost():
    recorder = moves.create(LANDSCAPE, PLAN, 1)
    for step, level in enumerate((-1e9, 1e9, 1e9, -1e9)):
        record(recorder, float(step), step + 1.0, step, level)
    assert (recorder.up[0, 0], recorder.down[0, -1]) == (1.0, 1.0)
    assert recorder.up.sum() + recorder.down.sum() == 2.0


@pytest.mark.uncompiled
def test_trapping_times():
    variables = filled(trapping_times)
    lower, upper = (variables[f"trapping_time_{side}"].values for side in ("lower", "upper"))
    counts = variables["trapping_time_count"].values[0]
    assert np.array_equal(upper[:-1], lower[1:])
    for arrival, departure, _, _ in VISITS:
        length = departure - arrival
        assert counts[(lower <= length) & (length < upper)] == 1
    assert counts.sum() == len(VISITS)


@pytest.mark.uncompiled
def test_stays():
    """Test that A B A is one stay, which is over when an excursion leads on to C."""
    variables = filled(trapping_times)
    lower, upper = (variables[f"trapping_time_{side}"].values for side in ("lower", "upper"))
    assert variables["stay_count"].values.sum() == 0
    recorder = trapping_times.create(LANDSCAPE, PLAN, 1)
    sequence = "ABABACDCED"
    for step, name in enumerate(sequence):
        state = np.uint64("ABCDE".index(name))
        record(recorder, 10.0 * step, 10.0 * (step + 1), state)
    # The stay in A lasts from 0 to 50 and that in C from 50 to 80; those in E and D are not over.
    for length in (50.0, 30.0):
        assert recorder.stays[0, (lower <= length) & (length < upper)] == 1
    assert recorder.stays.sum() == 2


@pytest.mark.uncompiled
@pytest.mark.parametrize("length", [1e-300, 2.0**-8, 0.75, 1.0, 1.5, 2.0, 3.0, 1e30, 1e300])
def test_every_length_has_its_bin(length):
    recorder = trapping_times.create(LANDSCAPE, PLAN, 1)
    record(recorder, 0.0, length, 0)
    edges = trapping_times.edges()
    assert recorder.visits[0, np.searchsorted(edges, length, side="right") - 1] == 1


@pytest.mark.uncompiled
def test_joined_recorders_both_see_everything():
    first, second = (trapping_times.create(LANDSCAPE, PLAN, 1) for _ in range(2))
    record(JoinedRecorders((first, second)), 0.0, 3.0, 0)
    assert first.visits.sum() == second.visits.sum() == 1


@pytest.mark.uncompiled
def test_maximum_energy():
    """Test maxima over [1/2, 1], [5, 10] and [50, 100]; a visit that ends at 5 precedes [5, 10]."""
    variables = filled(maximum_energy)
    assert np.array_equal(variables["maximum_energy"], [[-1.0, -2.0, -3.0]])


@pytest.mark.uncompiled
def test_maximum_energy_sees_a_short_excursion():
    recorder = maximum_energy.create(LANDSCAPE, PLAN, 1)
    for visit in [(0.0, 6.0, 1, -1.0), (6.0, 6.5, 2, 4.0), (6.5, 2000.0, 1, -1.0)]:
        record(recorder, *visit)
    maxima = maximum_energy.variables(recorder, LANDSCAPE, PLAN)["maximum_energy"]
    assert np.array_equal(maxima, [[-1.0, 4.0, -1.0]])


@pytest.mark.uncompiled
def test_inherent_structures():
    """Compare with descents in a table of all energies."""
    with np.errstate(over="ignore"):
        energies = energies_at(LANDSCAPE, np.arange(16, dtype=np.uint64))
        recorder = inherent_structures.create(LANDSCAPE, PLAN, 1)
        for visit in VISITS:
            record(recorder, *visit)
        inherent_structures.complete(recorder, 0, LANDSCAPE, position(LANDSCAPE))

    def minimum(state):
        lowest = min((state ^ (1 << spin) for spin in range(4)), key=energies.__getitem__)
        return state if energies[lowest] >= energies[state] else minimum(lowest)

    def at(time):
        return minimum(next(state for _, departure, state, _ in VISITS if time < departure))

    found = inherent_structures.variables(recorder, LANDSCAPE, PLAN)
    assert np.array_equal(found["inherent_energy"], [[energies[at(t)] for t in PLAN.times]])
    expected = [
        [(at(t_w) ^ at(later)).bit_count() if np.isfinite(later) else NOT_OBSERVED for later in row]
        for t_w, row in zip(PLAN.waiting_times, PLAN.later(), strict=True)
    ]
    assert np.array_equal(found["inherent_distance"], [expected])
    assert len(np.unique(expected)) > 2


def test_recorders_of_extremes_and_moves_need_every_visit():
    need = {
        name
        for name in discovery.names("dynamics/recorders")
        if discovery.constant("dynamics/recorders", name, "NEEDS_EVERY_VISIT", False)
    }
    assert need == {"basins", "maximum_energy", "moves", "responses"}
