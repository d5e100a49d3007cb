"""Basins and metabasins averaged over samples; the memory of sequences of traps."""

from itertools import permutations

import numpy as np
import pytest
import xarray as xr

from glasscore.dynamics.stage import run
from glasscore.dynamics.trap_record import KEPT
from glasscore.files.provenance import canonical_json
from glasscore.traps.levels import (
    FEWEST_TRAPS,
    LARGEST_LAG,
    correlations,
    in_random_order,
    levels,
)
from tests.campaigns import dynamics_parameters
from tests.statistical import assert_within, threshold


def blocks(sequences) -> xr.Dataset:
    """Four samples, one waiting time, two windows; the second beyond the end of the run."""
    pair = ("sample", "waiting_time", "window")
    return xr.Dataset(
        {
            "in_basin": (pair[:2], np.array([[1], [1], [0], [1]], np.int8)),
            "same_basin": (pair, np.array([[[1, -1]], [[0, -1]], [[0, -1]], [[1, -1]]], np.int8)),
            "basin_count": (("sample", "trapping_time"), np.array([[1.0, 2.0, 1.0]] * 4)),
            "trapping_time_lower": ("trapping_time", [0.0, 1.0, 2.0]),
            "trapping_time_upper": ("trapping_time", [1.0, 2.0, np.inf]),
            "basin_energy": (("sample", "basin"), -sequences),
            "basin_duration": (("sample", "basin"), np.exp(sequences)),
            "basin_first_duration": (("sample", "depth", "rank"), np.full((4, 2, 1), np.nan)),
            "basin_age": ("sample", np.full(4, np.nan)),
            "basin_age_energy": ("sample", np.full(4, np.nan)),
            "basin_ridge_count": (("sample", "time"), np.array([[0.0, 2.0]] * 4)),
            "basin_ridge_sum": (("sample", "time"), np.array([[0.0, -3.0]] * 4)),
        },
        coords={
            "waiting_time": [1.0],
            "window": [0.5, 10.0],
            "time": [1.0, 10.0],
            "depth": [0.25, np.inf],
        },
        attrs={
            "parameters": canonical_json({"T": 0.5, "N": 8, "t_max": 1e9}),
            "threshold_energy": 0.0,
            "states_are_spins": 1,
        },
    )


def random_sequences(length, rows=4):
    values = np.random.default_rng(1).random((rows, 64))
    values[:, length:] = np.nan
    return values


def test_shares_of_all_samples_and_of_those_inside():
    result = levels(blocks(random_sequences(40)), ["basins", "energy"], [0.5, 10.0])
    assert np.array_equal(result["same_basin"], [[0.5, np.nan]], True)
    assert np.array_equal(result["same_basin_if_inside"], [[2 / 3, np.nan]], True)
    assert np.array_equal(result["in_basin"], [0.75])
    # Two of four basins in a bin of width one.
    assert np.array_equal(result["basin_trapping_time_density"], [0.5])
    assert np.array_equal(result["basin_ridge_energy"], [np.nan, -1.5], True)
    assert not any("metabasin" in name for name in result)


def test_energies_and_logarithms_of_times_with_one_memory():
    """-E = ln tau here, so that both correlations are one; order matters only unshuffled."""
    result = levels(blocks(np.sort(random_sequences(40))), ["basins"], [0.5])
    energy, duration = (
        result[f"basin_{name}_correlation"].values for name in ("energy", "duration")
    )
    assert energy == pytest.approx(duration, rel=1e-12)
    assert np.all(energy[:3] > 0.7)
    assert np.all(np.abs(result["basin_energy_correlation_shuffled"].values) < 0.3)


def test_short_sequences_do_not_count():
    result = levels(blocks(random_sequences(FEWEST_TRAPS - 1)), ["basins"], [0.5])
    assert np.all(np.isnan(result["basin_energy_correlation"]))
    result = levels(blocks(random_sequences(FEWEST_TRAPS)), ["basins"], [0.5])
    assert np.all(np.isfinite(result["basin_energy_correlation"]))


def test_correlations_follow_their_definition():
    sequences = random_sequences(30, rows=3)
    found = correlations(sequences)
    for row, values in zip(found, sequences[:, :30], strict=True):
        deviation = values - values.mean()
        for lag in range(1, LARGEST_LAG + 1):
            product = np.mean(deviation[lag:] * deviation[:-lag])
            assert row[lag - 1] == pytest.approx(product / np.mean(deviation**2), rel=1e-12)
    assert np.all(correlations(np.ones((1, 20))) == 0.0)
    assert correlations(np.empty((0, 20))).shape == (0, LARGEST_LAG)


def test_random_order_leaves_a_known_correlation():
    """Over all orders of n numbers the mean is -1 / (n - 1) at every lag, exactly.

    Each pair of distinct numbers is equally likely, and sum_(i != j) d_i d_j = -sum_i d_i^2.
    """
    numbers = np.random.default_rng(2).random(LARGEST_LAG + 1)
    mean = correlations(np.array(list(permutations(numbers)))).mean(axis=0)
    assert mean == pytest.approx(-1 / LARGEST_LAG, rel=1e-9)


def test_random_order_keeps_the_numbers_and_the_blanks():
    sequences = random_sequences(30)
    shuffled = in_random_order(sequences, np.random.default_rng(3))
    assert np.array_equal(np.sort(shuffled, axis=1), np.sort(sequences, axis=1), True)
    assert np.array_equal(np.isnan(shuffled), np.isnan(sequences))
    assert not np.array_equal(shuffled, sequences, True)


def test_a_renewed_trajectory_has_the_correlations_of_random_order():
    """Infinitely many traps, stopped while most samples are in the deepest trap so far.

    Given the traps that are left by the end, all their orders are equally likely: the correlation
    of a sequence of n has the mean -1 / (n - 1), whatever the law of the trapping times.
    """
    parameters = dynamics_parameters(
        "complete", "exponential", "arrhenius", np.inf, 0.5, 1500, 4e3,
        recorders=["metabasins"], threshold=0.0,
    )  # fmt: skip
    one = run(parameters, [])
    number = one.metabasin_count.values.sum(axis=1)
    # Of samples with fewer all traps are kept, of the others the last ones.
    assert np.mean(number > KEPT) > 0.1
    assert np.mean(number < KEPT) > 0.1
    for values in (one.metabasin_energy.values, np.log(one.metabasin_duration.values)):
        kept = np.isfinite(values).sum(axis=1)
        long = kept >= FEWEST_TRAPS
        excess = correlations(values[long]) + 1.0 / (kept[long, np.newaxis] - 1.0)
        error = excess.std(axis=0, ddof=1) / np.sqrt(long.sum())
        assert_within(excess.mean(axis=0) / error, comparisons=2 * LARGEST_LAG)


def test_close_metabasins_of_random_energies_last_by_turns():
    """Successive trapping times are anticorrelated, for traps up to two flips apart.

    At lag 1 by about 0.12; beyond, where every second one is like the first, they are correlated by
    a third of that at most.
    """
    parameters = dynamics_parameters(
        "hypercube", "gaussian", "metropolis", 16, 0.5662, 600, 1e6,
        clock="superbasin", recorders=["metabasins"], threshold="typical",
    )  # fmt: skip
    one = run(parameters, [])
    logarithm, state = np.log(one.metabasin_duration.values), one.metabasin_configuration.values
    kept = np.isfinite(logarithm).sum(axis=1)
    long = kept >= FEWEST_TRAPS
    excess = correlations(logarithm[long]) + 1.0 / (kept[long, np.newaxis] - 1.0)
    mean, error = excess.mean(axis=0), excess.std(axis=0, ddof=1) / np.sqrt(long.sum())
    assert mean[0] < -6.0 * error[0]
    room = threshold(LARGEST_LAG - 1) * error[1:]
    assert np.all(-room < mean[1:])
    assert np.all(mean[1:] < -mean[0] / 3 + room)
    deviation = logarithm[long] - np.nanmean(logarithm[long], axis=1, keepdims=True)
    product = deviation[:, 1:] * deviation[:, :-1]
    distance = np.bitwise_count(state[:, 1:] ^ state[:, :-1])[long]
    close, far = (np.nansum(product * pairs, axis=1) for pairs in (distance <= 2, distance > 2))
    # The first is 13 standard errors below zero.
    assert close.sum() < -6.0 * np.sqrt(np.sum(close**2))
    assert far.sum() > -threshold(1) * np.sqrt(np.sum(far**2))
