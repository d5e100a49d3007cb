"""Logarithm and exponential agree with the mathematics library to a few units in the last place."""

import math

import numpy as np
import pytest

from glasscore.kernels.arithmetic import exponential, logarithm

EPSILON = np.finfo(float).eps
rng = np.random.default_rng(1)
ACROSS_BINADES = np.concatenate(
    [np.exp(rng.uniform(-700, 700, 2000)), 2.0 ** np.arange(-64, 65), rng.uniform(0.5, 2, 2000)]
)


@pytest.mark.uncompiled
def test_logarithm():
    computed = np.array([logarithm(x) for x in ACROSS_BINADES])
    exact = np.array([math.log(x) for x in ACROSS_BINADES])
    assert np.max(np.abs(computed - exact) / np.maximum(1.0, np.abs(exact))) <= 2 * EPSILON


@pytest.mark.uncompiled
def test_logarithm_keeps_relative_accuracy_next_to_one():
    x = 1.0 + rng.uniform(-1e-6, 1e-6, 200)
    computed = np.array([logarithm(each) for each in x])
    assert np.allclose(computed, np.log1p(x - 1.0), rtol=4 * EPSILON, atol=0)
    assert logarithm(1.0) == 0.0


@pytest.mark.uncompiled
def test_exponential():
    x = np.concatenate([rng.uniform(-690, 690, 4000), [0.0, -0.0]])
    computed = np.array([exponential(each) for each in x])
    assert np.max(np.abs(computed / np.exp(x) - 1.0)) <= 2 * EPSILON
    assert exponential(0.0) == 1.0


@pytest.mark.uncompiled
def test_exponential_neither_vanishes_nor_overflows():
    assert exponential(-1e9) == exponential(-np.inf) == exponential(-700.0) > 0.0
    assert exponential(701.0) == exponential(1e5) == exponential(np.inf) == exponential(700.0)
    assert np.isfinite(64 * exponential(700.0))
