"""Gaussian energies on the sphere: sets of indices, covariance, gradient."""

import itertools
import math

import numpy as np
import pytest

from glasscore.langevin.polynomial import (
    draw_polynomial,
    index_sets,
    number_of_coefficients,
    number_of_orders,
    rank,
)


class Unit:
    """A generator that returns the k-th unit vector in place of normal numbers."""

    def __init__(self, k):
        self.k = k

    def standard_normal(self, count):
        return np.eye(count)[self.k]


@pytest.mark.parametrize(("N", "count"), [(5, 1), (4, 2), (4, 3), (3, 5)])
def test_every_set_occurs_once_in_the_order_of_ranks(N, count):
    sets = index_sets(N, count)
    expected = itertools.combinations_with_replacement(range(N), count)
    assert sorted(map(tuple, sets.T.tolist())) == sorted(expected)
    assert rank(sets, N).tolist() == list(range(sets.shape[1]))
    ways = [len(set(itertools.permutations(each))) for each in sets.T.tolist()]
    assert number_of_orders(sets).tolist() == ways
    assert number_of_coefficients(N, count + 1) == N * sets.shape[1]


@pytest.mark.parametrize(("N", "power"), [(4, 2), (3, 3), (2, 5)])
def test_covariance_is_exact_at_any_size(N, power):
    """H is linear in its random numbers g, so that the sum over unit vectors g is the average."""
    rng = np.random.default_rng(1)
    states = rng.standard_normal((N, 2))
    states *= np.sqrt(N) / np.linalg.norm(states, axis=0)
    total = 0.0
    for k in range(math.comb(N + power - 1, power)):
        drawn = draw_polynomial(N, power, 0.7, Unit(k))
        energies = (states * drawn.gradient(states)).sum(0) / power
        total += energies[0] * energies[1]
    overlap = states[:, 0] @ states[:, 1] / N
    assert total == pytest.approx(N * 0.7 * overlap**power, rel=1e-12)
