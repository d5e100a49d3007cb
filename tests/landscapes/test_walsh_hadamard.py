"""Test the fast transform against matrix and textbook, and sums over spheres against counting."""

from operator import mul

import numpy as np
import pytest
from scipy.linalg import hadamard

from glasscore.landscapes.walsh_hadamard import krawtchouk, transform


def textbook(values):
    """The transform of textbooks: one level after the other, each over all values."""
    half = 1
    while half < values.size:
        pairs = values.reshape(-1, 2, half)
        values = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], 1).ravel()
        half *= 2
    return values


def transformed(values):
    result = values.copy()
    transform(result)
    return result


@pytest.mark.uncompiled
@pytest.mark.parametrize("N", range(9))
def test_it_is_the_product_with_the_hadamard_matrix(N):
    # The values are small whole numbers, so that all sums are exact.
    values = np.random.default_rng(N).integers(-1000, 1000, 2**N).astype(float)
    assert np.array_equal(transformed(values), hadamard(2**N) @ values)


@pytest.mark.parametrize("N", [3, 11, 12, 13, 17, 18, 19, 21])
def test_blocks_change_no_bit(N):
    """Test one block, and blocks that are joined by one to six levels, once and twice."""
    values = np.random.default_rng(N).normal(size=2**N)
    assert np.array_equal(transformed(values), textbook(values))


def test_sums_over_spheres():
    N = 6
    weight = np.bitwise_count(np.arange(2**N))
    characters = hadamard(2**N)
    for k, row in enumerate(krawtchouk(N)):
        of_weight_k = characters[int(np.flatnonzero(weight == k)[-1])]
        assert row == [int(of_weight_k[weight == d].sum()) for d in range(N + 1)]


def test_sums_over_spheres_are_their_own_inverse():
    """Test that K K = 2^N holds exactly at the largest size."""
    N = 24
    rows = krawtchouk(N)
    columns = list(zip(*rows, strict=True))
    for k, row in enumerate(rows):
        products = [sum(map(mul, row, column)) for column in columns]
        assert products == [2**N if d == k else 0 for d in range(N + 1)]
