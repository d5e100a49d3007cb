"""Correlations over fixed lags: of a trajectory written out by hand, and against exact laws."""

import numpy as np
import pytest

from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.dynamics import stage
from glasscore.dynamics.interface import next_observation, observe
from glasscore.dynamics.observation_times import NOT_OBSERVED
from glasscore.dynamics.recorders import fixed_lags as recorder_of
from glasscore.figures.traps import fixed_lags as figure
from glasscore.landscapes.interface import position
from glasscore.landscapes.sample import disorder_sample
from glasscore.models.schedule import schedule
from glasscore.theory.trap_model import equilibrium_no_jump, no_jump
from glasscore.traps.aging_functions import aging_functions
from glasscore.traps.fixed_lags import fixed_lags
from tests.campaigns import dynamics_parameters
from tests.statistical import assert_within, z_scores

# From the waiting times 0, 10^0, 10^1, ... on.
LAGS = [5.0, 10.0, 50.0]
# Each visit is (departure, state, energy).
VISITS = [(5.0, 0b0011, -1.0), (12.0, 0b0111, -2.0), (40.0, 0b0011, -1.0), (1000.0, 0b1000, -3.0)]


@pytest.mark.uncompiled
def test_a_trajectory_by_hand():
    looks = {"graph": "hypercube", "energies": "gaussian"}
    landscape, plan = disorder_sample(1, "lags", 4, 0, looks), schedule(50.0, 1, 1, [0.5])
    recorder = recorder_of.create(landscape, plan, 1, lags=LAGS)
    assert recorder.times.tolist() == [0.0, 1.0, 5.0, 6.0, 10.0, 11.0, 15.0, 20.0, 50.0]
    for departure, state, energy in VISITS:
        where = position(landscape)
        where.words[0], where.energy[0] = state, energy
        if next_observation(recorder, 0) < departure:
            observe(recorder, 0, departure, where)
    found = recorder_of.variables(recorder, landscape, plan)
    assert found["fixed_waiting_time"].values.tolist() == [0.0, 1.0, 10.0]
    assert found["fixed_lag"].values.tolist() == LAGS
    # From 0 to 5, 10 and 50; from 1 to 6 and 11; from 10 to 15 and 20. A state is left at its
    # departure, so that the second one is there at time 5.
    beyond = NOT_OBSERVED
    assert found["lag_distance"].values.tolist() == [[[1, 1, 3], [1, 1, beyond], [1, 1, beyond]]]
    assert found["lag_departure"].values.tolist() == [[5.0, 5.0, 12.0]]


@pytest.fixture(scope="module")
def spins():
    """Spins with the recorder of windows and that of lags, in one run."""
    given = dynamics_parameters(
        "hypercube", "gaussian", "metropolis", 6, 0.8, 200, 1e3,
        recorders=["configurations", "fixed_lags"], lags=[1.0, 10.0, 100.0],
    )  # fmt: skip
    return stage.run(given, [])


def test_lags_agree_with_windows_of_the_same_length(spins):
    averages = fixed_lags(spins, 6)
    windows = aging_functions(spins, spins.window.values, 6)
    at = {lag: place for place, lag in enumerate(spins.fixed_lag.values)}
    times = averages["fixed_waiting_time"].values
    compared = 0
    for row, waiting_time in enumerate(windows["waiting_time"].values):
        for column, window in enumerate(windows["window"].values):
            lag = float(f"{waiting_time * window:.9g}")
            if lag not in at:
                continue
            compared += 1
            place = np.searchsorted(times, waiting_time), at[lag]
            for name in ("same_configuration", "no_jump", "overlap"):
                for variable in (name, f"{name}_error"):
                    expected = windows[variable].values[row, column]
                    assert averages[f"lag_{variable}"].values[place] == expected
    assert compared >= 6


def test_what_lies_beyond_the_end_is_unknown(spins):
    averages = fixed_lags(spins, 6)
    later = np.add.outer(spins.fixed_waiting_time.values, spins.fixed_lag.values)
    for name in ("lag_same_configuration", "lag_no_jump", "lag_overlap"):
        assert np.array_equal(np.isnan(averages[name].values), later > 1e3)
        assert np.array_equal(np.isnan(averages[f"{name}_error"].values), later > 1e3)


def test_landscapes_without_spins_have_no_overlap(spins):
    assert "lag_overlap" not in fixed_lags(spins, None)


def trap_model(start=None):
    """Infinitely many traps above their T_c = 1, where they reach equilibrium."""
    given = dynamics_parameters(
        "complete", "exponential", "arrhenius", np.inf, 1.4, 4000, 1e3,
        recorders=["fixed_lags"], lags=[5.0, 50.0], waiting_times_per_decade=1,
    )  # fmt: skip
    given = given | ({"start": {"name": start, "T": 1.4}} if start else {})
    return stage.run(given, [])


def test_traps_approach_equilibrium_by_their_exact_law():
    """The reference is the law at finite times; its values at a lag of 50 are known."""
    law = no_jump([10.0, 100.0, 1000.0], 50.0 / np.array([10.0, 100.0, 1000.0]), 1.4)
    assert law == pytest.approx([0.0244512, 0.0809948, 0.1395912], abs=5e-8)
    averages = fixed_lags(trap_model(), None)
    times, lags = averages["fixed_waiting_time"].values, averages["fixed_lag"].values
    seen = np.isfinite(averages["lag_no_jump"].values)
    exact = np.array([[figure.trap_law(t, lag, 1.4) for lag in lags] for t in times])
    found, error = (averages[f"lag_no_jump{end}"].values[seen] for end in ("", "_error"))
    assert_within(z_scores(found, exact[seen], error))


def test_traps_that_start_in_equilibrium_stay_there():
    averages = fixed_lags(trap_model("equilibrium"), None)
    seen = np.isfinite(averages["lag_no_jump"].values)
    exact = np.broadcast_to(equilibrium_no_jump([5.0, 50.0], 1.4), seen.shape)
    assert seen[0].all()
    found, error = (averages[f"lag_no_jump{end}"].values[seen] for end in ("", "_error"))
    assert_within(z_scores(found, exact[seen], error))


def test_the_law_at_the_start_is_that_of_a_trap_drawn_at_random():
    """It is the mean of exp(-u tau) over traps of the density exp(-v), u = exp(-v / x)."""
    v = np.linspace(0.0, 60.0, 600_001)
    for x, lag in ((0.6, 3.0), (1.4, 50.0)):
        values = np.exp(-v - lag * np.exp(-v / x))
        exact = (values[:-1] + values[1:]).sum() / 2 * (v[1] - v[0])
        # The trapezoidal rule errs by about h^2 times the slope at v = 0.
        assert figure.trap_law(0.0, lag, x) == pytest.approx(exact, rel=1e-7)


STUDY = {
    "landscape": {"graph": "hypercube", "energies": "gaussian"},
    "rule": "metropolis",
    **{"N": [6], "T": [0.8], "samples": 1, "t_max": 1e3, "recorders": ["fixed_lags"]},
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lags": [2e3]}, "a.lags has 2000, but must have no lag longer than t_max, 1000."),
        ({"lags": [1, 1.0]}, "a.lags has 1 2 times, but its values must differ"),
        ({"lags": [0]}, "a.lags is 0, but must be a number above 0"),
        ({"lags": list(range(1, 14))}, "a list of at most 12 numbers of attempts above 0"),
        ({"lags": [1], "recorders": ["energy"]}, "a.lags is "),
    ],
)
def test_refused_lags(changes, sentence):
    with pytest.raises(CampaignError) as refused:
        validated({"campaign": "c", "seed": 1, "activated": {"a": {**STUDY, **changes}}})
    assert sentence in str(refused.value)
