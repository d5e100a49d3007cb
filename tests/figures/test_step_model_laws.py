"""Exact laws of binned numbers, compared with trajectories of the step model simulated here.

Nothing of the package but its averages and its laws is used, so that no clock is compiled.
"""

import numpy as np
import pytest
import xarray as xr

from glasscore.dynamics.recorders.trapping_times import edges as edges_of_times
from glasscore.figures.traps import move_balance, trap_exponents
from glasscore.files.provenance import canonical_json
from glasscore.report.agreement import agreements
from glasscore.theory import step_model
from glasscore.traps.moves import moves
from glasscore.traps.tails import tails
from tests.statistical import assert_within, threshold, z_scores

T, T_MAX = 0.8, 1e4
SAMPLES, WALKERS_A_SAMPLE = 400, 20
WIDTH = 0.25
ENERGIES = np.arange(-24.0, 0.0, WIDTH) + WIDTH / 2


def trajectories(rng):
    """Counts of the shape (sample, bin): moves up and down, their changes of energy, and basins."""
    beta, border = 1 / T, np.exp(step_model.balance_energy(T))
    sample = np.repeat(np.arange(SAMPLES), WALKERS_A_SAMPLE)
    u, time = rng.random(sample.size), np.zeros(sample.size)
    begun = np.where(u <= border, 0.0, np.nan)
    up, down, change = (np.zeros((SAMPLES, ENERGIES.size)) for _ in range(3))
    times = edges_of_times()
    basins = np.zeros((SAMPLES, times.size - 1))
    while u.size:
        upwards = (u - u**beta) / (beta - 1)
        time = time + rng.exponential(size=u.size) / (u + upwards)
        u, time, begun, sample, upwards = (
            values[time < T_MAX] for values in (u, time, begun, sample, upwards)
        )
        is_up = rng.random(u.size) * (u + upwards) < upwards
        share = rng.random(u.size)
        # Above u the density of targets is v^-beta.
        higher = (1 + share * (u ** (1 - beta) - 1)) ** (1 / (1 - beta))
        after = np.where(is_up, higher, share * u)
        bins = np.clip(((np.log(u) + 24.0) / WIDTH).astype(int), 0, ENERGIES.size - 1)
        np.add.at(up, (sample, bins), is_up)
        np.add.at(down, (sample, bins), ~is_up)
        np.add.at(change, (sample, bins), np.log(after / u))
        left = (u <= border) & (after > border)
        lengths = np.searchsorted(times, (time - begun)[left], side="right") - 1
        np.add.at(basins, (sample[left], lengths), 1.0)
        begun = np.where((u > border) & (after <= border), time, begun)
        u = after
    return up, down, change, basins


@pytest.fixture(scope="module")
def point():
    up, down, change, basins = trajectories(np.random.default_rng(20190129))
    by_energy, by_time = ("sample", "move_energy"), ("sample", "trapping_time")
    times = edges_of_times()
    blocks = xr.Dataset(
        {
            "moves_up": (by_energy, up),
            "moves_down": (by_energy, down),
            "energy_change": (by_energy, change),
            "basin_count": (by_time, basins),
            "trapping_time_lower": ("trapping_time", times[:-1]),
            "trapping_time_upper": ("trapping_time", times[1:]),
        },
        {"move_energy": ENERGIES},
    )
    closed = slice(1, -1)
    parameters = {
        "landscape": {"graph": "complete", "energies": "exponential"},
        "rule": "metropolis", "N": np.inf, "T": T,
    }  # fmt: skip
    return xr.Dataset(
        {
            **moves(blocks),
            **tails(blocks, T_MAX),
            "trapping_time_lower": ("trapping_time", times[:-1][closed]),
            "trapping_time_upper": ("trapping_time", times[1:][closed]),
        },
        attrs={
            "parameters": canonical_json(parameters),
            "dynamics_parameters": canonical_json({"t_max": T_MAX}),
            "critical_temperature": 1.0,
            "threshold_energy": step_model.balance_energy(T),
        },
    )


def test_moves_obey_the_law_of_their_bins(point):
    found = list(agreements(move_balance.curves({"step model": [point]})))
    assert [one.exact for one in found] == [True, True]
    compared = sum(one.compared for one in found)
    for one in found:
        assert one.compared > 30
        # Bins with fewer than about ten moves have no meaningful errors.
        assert one.largest < threshold(compared)


def test_moves_do_not_obey_the_law_at_the_centres_of_bins(point):
    """Small errors reveal the difference, which is why laws are averaged over bins."""
    energy = point.move_energy.values
    law = 2 * step_model.up_probability(energy, T) - 1
    z = z_scores(point.move_asymmetry, law, point.move_asymmetry_error)
    assert abs(z[-1]) > threshold(energy.size)
    averaged = step_model.mean_over_moves(
        lambda e: 2 * step_model.up_probability(e, T) - 1, [-WIDTH, 0.0], T_MAX, T
    )
    assert_within(z_scores(point.move_asymmetry[-1], averaged, point.move_asymmetry_error[-1]))


def test_basins_have_the_exponent_of_their_exact_numbers(point):
    (one,) = agreements(trap_exponents.curves({"step model": [point]}))
    assert one.exact
    assert one.compared == 1
    assert one.largest < threshold(1)
    # The fit differs from the limit of long times by far more than its error.
    limit = step_model.basin_exponent(T)
    x, error = (float(point[f"basin_trapping_time_exponent{end}"]) for end in ("", "_error"))
    assert abs(x - limit) > threshold(1) * error


def test_a_threshold_above_all_states_has_no_law(point):
    above = point.assign_attrs(threshold_energy=0.0)
    assert not list(agreements(trap_exponents.curves({"step model": [above]})))
