"""Planted states are in equilibrium with their couplings, at any N."""

import numpy as np
import pytest

from glasscore.dmft.single_site.interface import glass_temperature
from glasscore.dmft.single_site.models import soft as single_site
from glasscore.langevin import planting
from glasscore.langevin.models import soft
from glasscore.langevin.split_steps import SplitDynamics
from glasscore.models.quartic_well import above_transition
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
