r"""Gaussian energies on the sphere: homogeneous polynomials with independent coefficients.

.. math:: H(S) = \sqrt{a N^{1 - p}} \sum_{i_1, \dots, i_p} g_{i_1 \dots i_p} S_{i_1} \dots S_{i_p}

with independent standard normal g has, at any N, the covariance <H(S) H(S')> = N a q^p at the
overlap q = S.S'/N. Products that are equal are added up: a monomial of different or equal factors
has a coefficient of variance a N^(1-p) times the number of orders of its factors.

Sets of k indices i_1 <= ... <= i_k, equal ones allowed, are numbered by sum_m C(i_m + m - 1, m),
m = 1..k (the combinatorial number system: the last index counts most).
"""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


class Polynomial(NamedTuple):
    """The gradient of a homogeneous polynomial.

    Attributes
    ----------
    power
        The degree p.
    factors
        Indices of the factors of each monomial of degree p - 1, shape (p - 1, monomials).
    gradient
        Coefficients of these monomials in dH/dS_i, shape (N, monomials).
    """

    power: int
    factors: Indices
    gradient: Array

    def slope(self, states: Array) -> Array:
        """dH/dS of states of shape (N, n)."""
        monomials = states[self.factors[0]] if self.power > 2 else states
        for factor in self.factors[1:]:
            monomials *= states[factor]
        return self.gradient @ monomials


def polynomial(N: int, power: int, weight: float, generator: np.random.Generator) -> Polynomial:
    """Draw H of covariance N a q^p.

    Parameters
    ----------
    N
        Number of spins.
    power, weight
        p, a whole number from 2, and a.
    generator
        Gives one number for each set of p indices, in the order of the sets.
    """
    whole = index_sets(N, power)
    deviation = np.sqrt(weight * float(N) ** (1 - power) * orders(whole))
    coefficients = deviation * generator.standard_normal(whole.shape[1])
    factors = index_sets(N, power - 1)
    gradient = np.empty((N, factors.shape[1]))
    for i in range(N):
        joined = np.sort(np.vstack([np.full(factors.shape[1], i), factors]), axis=0)
        gradient[i] = ((factors == i).sum(axis=0) + 1) * coefficients[number_of(joined, N)]
    return Polynomial(power, factors, gradient)


def size(N: int, power: int) -> int:
    """Numbers that the gradient of a polynomial takes."""
    return N * math.comb(N + power - 2, power - 1)


def index_sets(N: int, count: int) -> Indices:
    """All sets of ``count`` > 0 of N indices, ascending, in the order of their numbers."""
    found = np.arange(N)[np.newaxis]
    for k in range(2, count + 1):
        sizes = [math.comb(last + k - 1, k - 1) for last in range(N)]
        before = np.hstack([found[:, :each] for each in sizes])
        found = np.vstack([before, np.repeat(np.arange(N), sizes)])
    return found


def number_of(sets: Indices, N: int) -> Indices:
    """The number of each set in ``index_sets``."""
    return sum(
        (np.array([math.comb(i + m, m + 1) for i in range(N)])[sets[m]] for m in range(len(sets))),
        start=np.zeros(sets.shape[1], np.intp),
    )


def orders(sets: Indices) -> Array:
    """Number of orders of each set's indices, k! over the factorials of how often each occurs."""
    place = np.ones(sets.shape[1])
    found = np.full(sets.shape[1], float(math.factorial(len(sets))))
    for before, after in pairwise(sets):
        place = np.where(before == after, place + 1, 1)
        found /= place
    return found
