"""The hash behaves as independent uniform numbers, also for states one spin apart."""

import numpy as np
import pytest

from glasscore.compilation import kernel
from glasscore.landscapes.hashing import hashed, uniform
from tests.statistical import assert_same_distribution, assert_within

KEY = (np.uint64(0x0123456789ABCDEF), np.uint64(0xFEDCBA9876543210))
COUNT = 2_000_000
BINS = 256


@kernel
def words(first_key, second_key, states, out):
    for index in range(states.size):
        out[index] = hashed(first_key, second_key, states[index])


def hashes(states: np.ndarray, key=KEY) -> np.ndarray:
    out = np.empty(states.size, np.uint64)
    words(*key, states, out)
    return out


STATES = np.arange(COUNT, dtype=np.uint64)


@pytest.mark.parametrize("shift", [0, 8, 16, 24, 32, 40, 48, 56])
def test_every_byte_is_uniform_over_consecutive_states(shift):
    byte = (hashes(STATES) >> np.uint64(shift)) & np.uint64(BINS - 1)
    counts = np.bincount(byte.astype(int), minlength=BINS)
    assert_same_distribution(counts, np.full(BINS, COUNT / BINS), 1e-6 / 8)


@pytest.mark.parametrize("scattered", [False, True])
def test_each_flipped_spin_changes_each_bit_half_the_time(scattered):
    states = STATES[:100_000]
    if scattered:
        states = hashes(states, (np.uint64(5), np.uint64(7)))
    before = hashes(states)
    flips = np.empty((64, 64))
    for spin in range(64):
        change = before ^ hashes(states ^ (np.uint64(1) << np.uint64(spin)))
        for bit in range(64):
            flips[spin, bit] = ((change >> np.uint64(bit)) & np.uint64(1)).sum()
    z = (flips - states.size / 2) / np.sqrt(states.size / 4)
    assert_within(z, comparisons=2 * 64 * 64)


def test_neighbours_are_uncorrelated():
    u = hashes(STATES) * 2.0**-64 - 0.5
    z = []
    for spin in (0, 1, 5, 20, 40, 63):
        v = hashes(STATES ^ (np.uint64(1) << np.uint64(spin))) * 2.0**-64 - 0.5
        # Pairs (s, s') and (s', s) both occur below 2^21, hence half as many independent ones.
        independent = COUNT / 2 if spin < 20 else COUNT
        z.append((u * v).mean() / (1 / 12) * np.sqrt(independent))
    assert_within(z)


@pytest.mark.parametrize(
    "key",
    [(KEY[0], np.uint64(int(KEY[1]) ^ 1)), (np.uint64(int(KEY[0]) + 1), np.uint64(1))],
    ids=["second word differs by a bit", "first word differs by one"],
)
def test_samples_are_independent(key):
    """Neither state by state nor shifted by one, as a sum or as a flip."""
    u = hashes(STATES) * 2.0**-64 - 0.5
    z = [
        (u * (hashes(states, key) * 2.0**-64 - 0.5)).mean() * 12 * np.sqrt(COUNT)
        for states in (STATES, STATES + np.uint64(1), STATES ^ np.uint64(1))
    ]
    assert_within(z, comparisons=6)
    assert np.intersect1d(hashes(STATES, key), hashes(STATES)).size == 0


@pytest.mark.uncompiled
def test_uniform_resolves_the_deepest_levels():
    assert uniform(np.uint64(0)) == 2.0**-65
    assert uniform(np.uint64(1)) == 3 * 2.0**-65
    assert uniform(np.uint64(2**64 - 1)) == 1.0
