"""The hash behaves as independent uniform numbers, also for states one spin apart."""

import numpy as np
import pytest

from glasscore.compilation import kernel
from glasscore.landscapes import hashing
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


@kernel
def joint_counts(first_key, second_key, draws, spins, counts):
    """Leading four bits of a state and of a neighbour, over consecutive states."""
    for index in range(draws):
        state = np.uint64(index)
        here = hashed(first_key, second_key, state) >> np.uint64(60)
        flipped = state ^ (np.uint64(1) << np.uint64(spins[index % spins.size]))
        there = hashed(first_key, second_key, flipped) >> np.uint64(60)
        counts[here, there] += 1


def test_neighbours_are_independent_over_many_draws():
    """Chi-square of 256 joint cells over 1e8 pairs of neighbours, false-positive rate 1e-6.

    Flips of spins from 27 on lead out of the 1e8 < 2^27 states: no pair occurs twice.
    """
    draws = 100_000_000
    counts = np.zeros((16, 16))
    joint_counts(*KEY, draws, np.arange(27, 64), counts)
    assert_same_distribution(counts.ravel(), np.full(256, draws / 256))


MASK = 2**64 - 1


def unmixed(word: int) -> int:
    """The word that ``mixed`` turns into this one."""
    multipliers = [int(m) for m in (hashing.SECOND_MULTIPLIER, hashing.FIRST_MULTIPLIER)]
    shifts = [int(s) for s in (hashing.THIRD_SHIFT, hashing.SECOND_SHIFT, hashing.FIRST_SHIFT)]
    for shift, multiplier in zip(shifts, [*multipliers, None], strict=True):
        unshifted = word
        for _ in range(64 // shift + 1):
            unshifted = word ^ (unshifted >> shift)
        word = unshifted
        if multiplier is not None:
            word = word * pow(multiplier, -1, 2**64) & MASK
    return word


def test_around_the_deepest_states_the_landscape_is_as_anywhere():
    """States of u = 2^-65 ... 3e-16, found by inverting the hash: their neighbours are uniform.

    Tails are no worse than the bulk down to 2.7e-20: every word occurs once among 2^64 states.
    """
    deep = np.arange(6000, dtype=np.uint64)
    states = np.array(
        [
            (unmixed((unmixed(int(word)) - int(KEY[1])) & MASK) - int(KEY[0])) & MASK
            for word in deep
        ],
        np.uint64,
    )
    assert np.array_equal(hashes(states), deep)
    around = np.concatenate([hashes(states ^ (np.uint64(1) << np.uint64(k))) for k in range(64)])
    for shift in (56, 28, 0):
        byte = (around >> np.uint64(shift)) & np.uint64(BINS - 1)
        counts = np.bincount(byte.astype(int), minlength=BINS)
        assert_same_distribution(counts, np.full(BINS, around.size / BINS), 1e-6 / 3)
    # Neighbours of one deep state with each other.
    u = around.reshape(64, -1) * 2.0**-64 - 0.5
    z = np.corrcoef(u)[np.triu_indices(64, 1)] * np.sqrt(deep.size)
    assert_within(z)
