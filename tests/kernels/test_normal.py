"""Normal variables made from words agree with SciPy's quantile, in the centre and both tails."""

import numpy as np
import pytest
from scipy.special import ndtri

from glasscore.kernels.hashing import uniform
from glasscore.kernels.normal import normal, normal_quantile

rng = np.random.default_rng(2)
# These are words of the lower half, down to the smallest ones.
WORDS = np.array(
    [int(rng.integers(2**62, 2**63)) >> int(shift) for shift in rng.integers(0, 63, 3000)],
    dtype=np.uint64,
)


@pytest.mark.uncompiled
def test_lower_half():
    exact = ndtri((WORDS.astype(float) + 0.5) * 2.0**-64)
    computed = np.array([normal_quantile(word) for word in WORDS])
    # Next to u = 1/2 the quantile is a difference, so that only its absolute error is small.
    assert np.all(np.abs(computed - exact) <= 1e-15 * np.maximum(np.abs(exact), 1.0))


@pytest.mark.uncompiled
def test_upper_half_mirrors_the_lower():
    for word in WORDS[:200]:
        assert normal_quantile(~word) == -normal_quantile(word)
    assert normal_quantile(np.uint64(2**64 - 1)) == pytest.approx(-ndtri(2.0**-65), rel=1e-15)


@pytest.mark.uncompiled
def test_it_increases_across_the_borders_of_its_regions():
    borders = [int((0.5 - 0.425) * 2**64), int(np.exp(-25.0) * 2**64), 2**63]
    for border in borders:
        step = max(border >> 30, 1)
        words = [np.uint64(border + offset * step) for offset in range(-20, 21)]
        assert np.all(np.diff([normal_quantile(word) for word in words]) > 0)


@pytest.mark.uncompiled
def test_two_words_give_a_sign_and_a_size():
    for word in WORDS:
        finer = np.uint64(rng.integers(2**64, dtype=np.uint64))
        tail = 0.5 * uniform(word, finer)
        size = -ndtri(tail)
        sign = -1.0 if int(word) % 2 else 1.0
        error = abs(normal(word, finer) - sign * size)
        # The quantile near 0 is as accurate as the tail near 1/2.
        assert error <= 1e-15 * max(size, 1.0)


@pytest.mark.uncompiled
def test_the_smallest_tail_of_two_words():
    zero = np.uint64(0)
    assert normal(zero, zero) == pytest.approx(-ndtri(2.0**-106), rel=1e-15)
