r"""Gaussian energies on the sphere: homogeneous polynomials with independent coefficients.

.. math:: H(S) = \sqrt{a N^{1 - p}} \sum_{i_1, \dots, i_p} g_{i_1 \dots i_p} S_{i_1} \dots S_{i_p}

with independent standard normal g has, at any N, the covariance <H(S) H(S')> = N a q^p at the
overlap q = S.S'/N. Equal products are added up: the coefficient of each monomial has the variance
a N^(1-p) times the number of different orders of its factors.

Sets of k indices i_1 <= ... <= i_k, in which an index may occur more than once, have the rank
sum_m C(i_m + m - 1, m) with m = 1..k (the combinatorial number system, in which the last index
counts most).
"""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


class Polynomial(NamedTuple):
    """The gradient of a homogeneous polynomial H.

    Attributes
    ----------
    power
        The degree p.
    factors
        Indices of the factors of each monomial of degree p - 1, shape (p - 1, monomials).
    coefficients
        Coefficient of each of these monomials in dH/dS_i, shape (N, monomials).
    """

    power: int
    factors: Indices
    coefficients: Array

    def gradient(self, states: Array) -> Array:
        """dH/dS at states of shape (N, n), of the same shape."""
        monomials = states[self.factors[0]] if self.power > 2 else states
        for factor in self.factors[1:]:
            monomials *= states[factor]
        return self.coefficients @ monomials


def draw_polynomial(
    N: int, power: int, weight: float, generator: np.random.Generator
) -> Polynomial:
    """Draw an energy H of covariance N a q^p.

    Parameters
    ----------
    N
        Number of spins.
    power, weight
        The power p, a whole number from 2, and the weight a.
    generator
        It gives one number for each set of p indices, in the order of their ranks.
    """
    sets = index_sets(N, power)
    deviation = np.sqrt(weight * float(N) ** (1 - power) * number_of_orders(sets))
    of_energy = deviation * generator.standard_normal(sets.shape[1])
    factors = index_sets(N, power - 1)
    of_gradient = np.empty((N, factors.shape[1]))
    for i in range(N):
        with_i = np.sort(np.vstack([np.full(factors.shape[1], i), factors]), axis=0)
        of_gradient[i] = ((factors == i).sum(axis=0) + 1) * of_energy[rank(with_i, N)]
    return Polynomial(power, factors, of_gradient)


def number_of_coefficients(N: int, power: int) -> int:
    """How many coefficients the gradient of a polynomial has."""
    return N * math.comb(N + power - 2, power - 1)


def index_sets(N: int, count: int) -> Indices:
    """All sets of ``count`` > 0 of N indices, each ascending, in the order of their ranks."""
    found = np.arange(N)[np.newaxis]
    for k in range(2, count + 1):
        sizes = [math.comb(last + k - 1, k - 1) for last in range(N)]
        before = np.hstack([found[:, :each] for each in sizes])
        found = np.vstack([before, np.repeat(np.arange(N), sizes)])
    return found


def rank(sets: Indices, N: int) -> Indices:
    """The place of each set in ``index_sets``."""
    return sum(
        (np.array([math.comb(i + m, m + 1) for i in range(N)])[sets[m]] for m in range(len(sets))),
        start=np.zeros(sets.shape[1], np.intp),
    )


def number_of_orders(sets: Indices) -> Array:
    """In how many different orders the indices of each set can be written.

    The number is k! over the product of the factorials of how often each index occurs.
    """
    repeated = np.ones(sets.shape[1])
    found = np.full(sets.shape[1], float(math.factorial(len(sets))))
    for before, after in pairwise(sets):
        repeated = np.where(before == after, repeated + 1, 1)
        found /= repeated
    return found
