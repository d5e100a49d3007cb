"""Test the rejection-free clock against exact laws and against itself."""

import numpy as np
import pytest

from glasscore.dynamics.clocks.rejection_free import trajectory
from glasscore.dynamics.graphs.hypercube import select_move
from glasscore.dynamics.interface import workspace
from glasscore.dynamics.rules import metropolis
from glasscore.dynamics.stage import run
from glasscore.landscapes.sample import disorder_sample
from glasscore.theory import trap_model
from tests.campaigns import SEED, dynamics_parameters
from tests.statistical import assert_within


@pytest.mark.parametrize("T", [0.3, 0.5])
def test_infinite_trap_model(T):
    """Compare every recorded trapping time and energy with the laws at finite time."""
    samples = 20_000
    result = run(
        dynamics_parameters("complete", "exponential", "arrhenius", np.inf, T, samples, 1e4), []
    )
    times = result.time.values[::4]
    values = result.energy.values[:, ::4]
    error = values.std(axis=0, ddof=1) / np.sqrt(samples)
    assert_within((values.mean(axis=0) - trap_model.energy(times, T)) / error, comparisons=100)

    t_w, omega = result.waiting_time.values[::3], 0.5
    never = (result.departure.values[:, ::3] > t_w * (1 + omega)).mean(axis=0)
    law = trap_model.no_jump(t_w, omega, T)
    assert_within((never - law) / np.sqrt(law * (1 - law) / samples), comparisons=100)

    counts = result.trapping_time_count.values.sum(axis=0)
    law = trap_model.trapping_time_probability(
        result.trapping_time_lower.values, result.trapping_time_upper.values, T
    )
    # The visits of one sample are independent draws, and their number is a stopping time (Wald),
    # which fluctuates. The variance of count - law * visits is that of independent draws.
    total = counts.sum()
    # Only bins with enough counts for a normal tail are tested; sparser bins would fail too often.
    frequent = law * total > 5000
    z = (counts - law * total) / np.sqrt(total * law * (1 - law))
    assert_within(z[frequent], comparisons=100)


@pytest.mark.parametrize("T", [1e-6, 1e-3, 1e6])
@pytest.mark.parametrize("rule", ["metropolis", "arrhenius"])
def test_extreme_temperatures_end(rule, T):
    result = run(dynamics_parameters("hypercube", "gaussian", rule, 64, T, 4, 1e4), [])
    assert np.isfinite(result.energy).all()
    assert (result.visits > 0).all()


def test_temperatures_share_their_disorder_but_not_their_noise():
    cold, hot = (
        disorder_sample(SEED, "test", 20, 5, {"graph": "hypercube", "energies": "exponential"})
        for _ in range(2)
    )
    assert cold == hot
    model = ("hypercube", "exponential", "metropolis", 20)
    first, second = (run(dynamics_parameters(*model, T, 4, 100.0), []) for T in (0.5, 0.5000001))
    assert not np.array_equal(first.departure, second.departure)


def test_one_compiled_version_per_model():
    before = len(trajectory.signatures)
    for T in (1.0, 0.25, 2):
        run(dynamics_parameters("hypercube", "gaussian", "metropolis", 11, T, 2, 10), [])
    assert len(trajectory.signatures) <= before + 1


@pytest.mark.uncompiled
def test_every_move_is_chosen_in_proportion_to_its_rate():
    model = {"graph": "hypercube", "energies": "gaussian"}
    work = workspace(disorder_sample(1, "test", 11, 0, model), metropolis.create(1.0))
    work.rates[:11] = np.arange(11)
    work.group_rates[:] = work.rates.reshape(-1, 8).sum(axis=1)
    targets = np.arange(0.5, 55.0)
    chosen = [select_move(work, target, 11) for target in targets]
    assert np.array_equal(np.bincount(chosen, minlength=11), np.arange(11))
    # Rounding may raise the target to the sum of all rates; the last move is chosen then.
    assert select_move(work, 55.0, 11) == 10
