"""Trapping times of the Gaussian random energy model: drawn landscapes, simulations, limits."""

import numpy as np
import pytest
from scipy import stats

from glasscore.dynamics.stage import run
from glasscore.landscapes.interface import energies_at
from glasscore.landscapes.sample import disorder_sample
from glasscore.theory import random_energy_stays
from glasscore.theory.random_energy_stays import longer_stay, longer_visit, stay_exponent
from tests.campaigns import SEED, dynamics_parameters
from tests.statistical import assert_same_distribution, assert_within, z_scores

GAUSSIAN = {"graph": "hypercube", "energies": "gaussian"}


def flipped(states, N):
    """The neighbours of states, a new last axis."""
    return states[..., np.newaxis] ^ (np.uint64(1) << np.arange(N, dtype=np.uint64))


@pytest.mark.parametrize(("N", "T"), [(8, 0.5), (20, 1.5)])
def test_first_visits_of_simulations(N, T):
    """Runs are so short that hardly any has a second visit; the first one counts in full."""
    samples = 10_000  # they detect another share of visits in a bin of a tenth by 0.015
    parameters = dynamics_parameters(
        "hypercube", "gaussian", "metropolis", N, T, samples, 1e-4, recorders=["trapping_times"]
    )
    result = run(parameters, [])
    counts = result.trapping_time_count.values.sum(axis=0)
    edges = np.append(result.trapping_time_lower.values, 1e300)
    law = longer_visit(edges[:-1], N, T) - longer_visit(edges[1:], N, T)
    # A second visit begins within the run with a probability below 1e-4.
    assert counts.sum() - samples < 10
    assert_same_distribution(counts * samples / counts.sum(), samples * law / law.sum(), 1e-6 / 2)


@pytest.mark.parametrize(("N", "T"), [(6, 0.6), (20, 0.5662)])
def test_stays_in_the_minima_of_drawn_landscapes(N, T):
    """The rate of final departures from local minima, by its definition, with hashed energies.

    Each of many samples gives the energies of one state and of its neighbours.
    """
    times = np.array([3.0, 30.0, 1e3, 1e5])
    # A state far from any end of the words, whose neighbours are all spins' flips.
    state = np.array(0b101100, np.uint64)
    neighbours = flipped(state, N)
    beyond = flipped(neighbours, N)
    kept = []
    sample = 0
    while len(kept) < 200:
        landscape = disorder_sample(SEED, "stays", N, sample, GAUSSIAN)
        sample += 1
        here, *first = energies_at(landscape, np.append(state, neighbours))
        first = np.array(first)
        if first.min() < here:
            continue
        second = energies_at(landscape, beyond.ravel()).reshape(N, N)
        onward = np.minimum(1.0, np.exp(-(second - first[:, np.newaxis]) / T))
        np.fill_diagonal(onward, 0.0)
        ways = onward.sum(axis=1)
        rate = (np.exp(-(first - here) / T) * ways / (1.0 + ways)).sum() / N
        kept.append(np.exp(-rate * times))
    kept = np.array(kept)
    error = kept.std(axis=0, ddof=1) / np.sqrt(len(kept))
    z = z_scores(kept.mean(axis=0), longer_stay(times, N, T), error)
    assert_within(z, comparisons=2 * times.size)


def test_short_times_and_normalisation():
    N, T = 12, 0.7
    assert longer_visit(0.0, N, T) == pytest.approx(1.0, abs=1e-14)
    assert longer_stay(0.0, N, T) == 1.0
    assert longer_stay(1e-6, N, T) == pytest.approx(1.0, abs=2e-6)
    # A neighbour is lower than a state drawn at random in half of all cases, and those above are
    # as likely to be reached from it as they lie below another: <a> = 2 <exp(-x / T)> over x > 0.
    difference = np.sqrt(2 * N)
    acceptance = 0.5 + np.exp(0.5 * (difference / T) ** 2) * stats.norm.sf(difference / T)
    time = 1e-5
    assert (1 - longer_visit(time, N, T)) / time == pytest.approx(acceptance, rel=2e-5)


def test_infinite_temperature():
    """All moves are made: visits are exponential, and one departure in N leads back at once."""
    times, N, T = np.array([0.5, 3.0, 10.0]), 16, 1e6
    # Energies are felt to relative order sqrt(N) / T.
    np.testing.assert_allclose(longer_visit(times, N, T), np.exp(-times), rtol=1e-4)
    np.testing.assert_allclose(longer_stay(times, N, T), np.exp(-times * (1 - 1 / N)), rtol=1e-4)


def test_points_are_dense_enough(monkeypatch):
    """Twice as many points change the result by less than the stated error."""
    times, N, T = np.array([10.0, 1e4, 1e7]), 10, 0.6
    found = longer_stay(times, N, T)
    for name in ("STEP", "LOG_STEP", "SIGMA_PANEL", "WIDTH"):
        with monkeypatch.context() as finer:
            finer.setattr(random_energy_stays, name, getattr(random_energy_stays, name) / 2)
            np.testing.assert_allclose(longer_stay(times, N, T), found, rtol=0, atol=1e-6)
            if name == "WIDTH":
                visits = longer_visit(times, N, T)
    np.testing.assert_allclose(longer_visit(times, N, T), visits, rtol=0, atol=1e-12)


def test_the_exponent_grows_with_the_logarithm_of_time():
    N, T = 20, 0.5662
    times = np.geomspace(1e3, 1e8, 6)
    exponents = stay_exponent(times, N, T)
    assert np.all(np.diff(exponents) > 0)
    # Far below T / T_c = 2/3, which a power would have.
    assert np.all((exponents > 0.2) & (exponents < 0.55))
    # A decade of time is T ln 10 in energy, over which the slope for Gaussian energies changes by T
    # / N for each unit of energy.
    slopes = np.diff(exponents) / (T**2 * np.log(10) / N)
    assert np.all((slopes > 0.8) & (slopes < 1.3))
    # The law between two times from its slope, by Simpson's rule over steps of ln 10 / 8.
    fine = np.geomspace(1e4, 1e5, 9)
    weights = np.array([1, 4, 2, 4, 2, 4, 2, 4, 1]) * np.log(10) / 8 / 3
    fall = np.log(longer_stay(1e4, N, T) / longer_stay(1e5, N, T))
    assert weights @ stay_exponent(fine, N, T) == pytest.approx(fall, rel=1e-4)


@pytest.mark.parametrize("law", [longer_visit, longer_stay, stay_exponent])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1.0, 8, 0.5), "time must be"),
        ((np.inf, 8, 0.5), "time must be finite"),
        ((1.0, 1, 0.5), "N must be at least 2"),
        ((1.0, 8, 0.0), "T must be positive"),
    ],
)
def test_bad_input_is_refused(law, arguments, message):
    with pytest.raises(ValueError, match=message):
        law(*arguments)
