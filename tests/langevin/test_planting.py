"""Planted states are in equilibrium with their couplings, at any N."""

import numpy as np
import pytest

from glasscore.dmft.single_site.interface import glass_temperature
from glasscore.dmft.single_site.models import soft as single_site
from glasscore.langevin import disorder_sample, planting
from glasscore.langevin.models import soft, spherical
from glasscore.langevin.split_steps import SplitDynamics
from glasscore.models.quartic_well import above_transition
from tests.langevin.models import job
from tests.statistical import assert_within, z_scores

OPTIONS = {"r": 0.5, "u": 2.0, "J": 1.1, "field": 0.0}


@pytest.mark.parametrize("N", [2, 3])
def test_moments_of_few_spins_are_those_of_the_joint_law(N):
    """The moments <S_1^2>, <S_1^4>, <S_1^2 S_2^2>, <S_1> and <S_1 S_2>, from sums over a grid."""
    T, count = 1.3, 2_000
    r, u, J = (OPTIONS[key] for key in "ruJ")
    random = np.random.default_rng(7)
    states = np.array([planting.draw_state(N, r, u, J, T, random) for _ in range(count)])
    S = np.linspace(-4.5, 4.5, 61)
    grid = np.array(np.meshgrid(*[S] * N, indexing="ij")).reshape(N, -1)
    squares, g = grid**2, J**2 / ((N - 1) * T**2)
    exponent = (r / 2 * squares - u / 4 * squares**2).sum(axis=0) / T
    exponent += g / 4 * (squares.sum(axis=0) ** 2 - (squares**2).sum(axis=0))
    weight = np.exp(exponent)
    weight /= weight.sum()

    def moments(S):
        return np.array([S[0] ** 2, S[0] ** 4, S[0] ** 2 * S[1] ** 2, S[0], S[0] * S[1]])

    found = moments(states.T)
    error = found.std(axis=1) / np.sqrt(count)
    assert_within(z_scores(found.mean(axis=1), moments(grid) @ weight, error))


def test_couplings_lean_towards_the_state_by_their_mean():
    N, T = 300, 1.4
    random, again = np.random.default_rng(1), np.random.default_rng(1)
    model, state = soft.planted(N, OPTIONS, T, random, np.random.default_rng(2))
    free = soft.draw(N, OPTIONS, again)
    mean = OPTIONS["J"] ** 2 / ((N - 1) * T) * np.outer(state, state)
    np.fill_diagonal(mean, 0.0)
    np.testing.assert_allclose(model.couplings, free.couplings + mean, rtol=0, atol=1e-15)
    assert np.array_equal(model.couplings, model.couplings.T)


def test_planted_spins_stay_as_they_are():
    """Energy, <S^2> and J_ij S_i S_j of a few spins do not drift."""
    N, T, samples, step = 5, 1.3, 500, 0.02
    random, changes = np.random.default_rng(9), []

    def noise():
        return random.standard_normal((N, 1, 1))

    for _ in range(samples):
        model, state = soft.planted(N, OPTIONS, T, random, random)
        dynamics = SplitDynamics(model, T, step, noise)
        start = state[:, np.newaxis, np.newaxis]
        end = dynamics.advance(start, noise, 50)
        changes.append([one(model, end[:, 0]) - one(model, start[:, 0]) for one in SHOWN])
    error = np.std(changes, axis=0) / np.sqrt(samples)
    # Steps change averages by the share (4 J step)^2 / 12, less than a tenth of the error.
    assert_within(z_scores(np.mean(changes, axis=0), 0.0, 1.1 * error))


SHOWN = (
    lambda model, S: float(model.energy(S)[0]),
    lambda model, S: float((S**2).mean()),
    lambda model, S: float((S * (model.couplings @ S)).mean()),
)


def test_the_transition_is_where_single_sites_have_it():
    for r, u, J in ((0.0, 1.0, 1.0), (1.0, 2.0, 0.7), (-1.0, 0.4, 1.3)):
        at = glass_temperature(single_site.create({"r": r, "u": u, "J": J}))
        assert above_transition(r, u, J, at)
        assert above_transition(r, u, J, 1.001 * at)
        assert not above_transition(r, u, J, 0.999 * at)


MIXED = {"covariance": {2: 0.3, 3: 0.5, 4: 0.2}}


def test_a_planted_state_lowers_each_energy_by_its_covariance():
    """The energy of any state is that of free couplings, less f(S.S*/N) / T_0; so is its force."""
    N, T = 6, 1.9
    model, state = spherical.planted(
        N, MIXED, T, np.random.default_rng(1), np.random.default_rng(2)
    )
    free = spherical.draw(N, MIXED, np.random.default_rng(1))
    others = np.random.default_rng(3).standard_normal((N, 5))
    others /= np.sqrt((others**2).mean(axis=0))
    states = np.column_stack([state, others])
    q = state @ states / N
    lower = (0.3 * q**2 + 0.5 * q**3 + 0.2 * q**4) / T
    np.testing.assert_allclose(
        model.energy(states), free.energy(states) - lower, rtol=0, atol=1e-13
    )
    slope = (0.6 * q + 1.5 * q**2 + 0.8 * q**3) / T
    force = free.force(states) + np.outer(state, slope)
    np.testing.assert_allclose(model.force(states), force, rtol=0, atol=1e-13)


@pytest.mark.parametrize("N", [2, 12])
def test_planted_energies_on_the_sphere_have_their_normal_law(N):
    """E(S*) has the mean -f(1) / T_0 and the variance f(1) / N per spin, at any N."""
    T, count = 1.5, 600
    random = np.random.default_rng(N)
    energies = np.array([
        model.energy(state[:, np.newaxis])[0]
        for model, state in (spherical.planted(N, MIXED, T, random, random) for _ in range(count))
    ])  # fmt: skip
    z = (energies + 1.0 / T) * np.sqrt(N)
    assert_within(z_scores(z.mean(), 0.0, 1 / np.sqrt(count)), comparisons=4)
    assert_within(z_scores((z**2).mean(), 1.0, np.sqrt(2 / count)), comparisons=4)


def test_planted_spins_on_the_sphere_are_stationary():
    """The correlation over a lag does not depend on the waiting time; the energy does not drift."""
    samples = 150
    parameters = job(
        "spherical", start="planted", T_initial=0.9, T=0.9, N=6, trajectories=4, t_max=3.0,
        time_step=0.05, waiting_times=[0.0, 2.0], **MIXED,
    )  # fmt: skip
    moved = {**parameters, "T": 0.9 * (1 + 1e-15)}  # not stationary by its parameters
    assert disorder_sample.is_stationary(parameters)
    assert not disorder_sample.is_stationary(moved)
    found = [disorder_sample.simulate_sample(moved, sample) for sample in range(samples)]
    when, unit = disorder_sample.schedule_of_job(moved), 2 * moved["time_step"]
    lags = np.searchsorted(when.lags * unit, [0.5, 1.0])
    times = np.searchsorted(when.times * unit, [0.0, 0.5, 3.0])

    def changes(ending=""):
        """C(2, 2 + lag) - C(0, lag), and changes of the energy, of each sample."""
        correlation = [np.diff(one["correlation" + ending][:, lags], axis=0)[0] for one in found]
        energy = [np.diff(one["energy" + ending][times]) for one in found]
        return np.hstack([correlation, energy])

    found_changes, of_steps = changes(), np.nanmean(changes("_step_error"), axis=0)
    error = found_changes.std(axis=0) / np.sqrt(samples)
    assert_within(z_scores(found_changes.mean(axis=0), of_steps, error))


def test_a_start_at_the_temperature_of_the_run_needs_no_name():
    parameters = job("spherical", start="planted", T=1.5, N=6, covariance={3: 0.5})
    named = {**parameters, "T_initial": 1.5}
    for one, other in zip(
        *(disorder_sample.simulate_sample(each, 1).items() for each in (parameters, named)),
        strict=True,
    ):
        assert one[0] == other[0]
        assert np.array_equal(one[1], other[1], equal_nan=True)


def test_runs_from_one_start_share_it_at_all_temperatures():
    energies = [
        disorder_sample.simulate_sample(
            job("spherical", start="planted", T_initial=0.8, T=T, N=6, covariance={3: 0.5}), 0
        )["energy"]
        for T in (0.0, 0.3, 1.0)
    ]
    assert len({one[0] for one in energies}) == 1
    assert len({one[-1] for one in energies}) == len(energies)


def test_the_correlation_with_a_planted_state_ends_at_its_exact_overlap():
    """At long times S is in equilibrium: given S*, its overlap q has an exact law.

    The weight of couplings is Gaussian, so that averaging over them leaves the density
    (1 - q^2)^((N - 3) / 2) exp(N f(q) / T^2) of the overlap of two states.
    """
    N, T, samples = 5, 1.3, 150
    parameters = job(
        "spherical", start="planted", T_initial=T, T=T * (1 + 1e-15), N=N, trajectories=4,
        t_max=10.0, time_step=0.1, **MIXED,
    )  # fmt: skip
    found = [disorder_sample.simulate_sample(parameters, sample) for sample in range(samples)]
    lags = disorder_sample.schedule_of_job(parameters).lags * 2 * parameters["time_step"]
    late = [one["correlation"][0, lags >= 5.0].mean() for one in found]
    q = np.linspace(-1.0, 1.0, 100_001)
    weight = (1 - q**2) ** ((N - 3) / 2) * np.exp(N / T**2 * (0.3 * q**2 + 0.5 * q**3 + 0.2 * q**4))
    exact = (q * weight).sum() / weight.sum()
    error = np.std(late) / np.sqrt(samples)
    assert exact > 5 * error
    # Steps change the law of the states by less than a tenth of the error.
    assert_within(z_scores(np.mean(late), exact, 1.1 * error))
