"""The hash behaves as independent uniform numbers, also for states one spin apart."""

import math
from fractions import Fraction

import numpy as np
import pytest

from glasscore.kernels import hashing
from glasscore.kernels.compilation import kernel
from glasscore.kernels.hashing import hashed, hashed_words, uniform
from glasscore.theory.participation import participation_ratio
from tests.statistical import assert_same_distribution, assert_within, z_scores

KEY = (np.uint64(0x0123456789ABCDEF), np.uint64(0xFEDCBA9876543210))
COUNT = 2_000_000
BINS = 256
FLIPS = np.uint64(1) << np.arange(64, dtype=np.uint64)


@kernel
def fill(first_key, second_key, states, words, finer):
    for index in range(states.size):
        words[index], finer[index] = hashed_words(first_key, second_key, states[index])


def both_hashes(states: np.ndarray, key=KEY) -> tuple[np.ndarray, np.ndarray]:
    words, finer = np.empty((2, states.size), np.uint64)
    fill(*key, states, words, finer)
    return words, finer


def hashes(states: np.ndarray, key=KEY) -> np.ndarray:
    return both_hashes(states, key)[0]


STATES = np.arange(COUNT, dtype=np.uint64)


@pytest.mark.parametrize("shift", [0, 8, 16, 24, 32, 40, 48, 56])
def test_every_byte_is_uniform_over_consecutive_states(shift):
    for words in both_hashes(STATES):
        byte = (words >> np.uint64(shift)) & np.uint64(BINS - 1)
        counts = np.bincount(byte.astype(int), minlength=BINS)
        assert_same_distribution(counts, np.full(BINS, COUNT / BINS), 1e-6 / 16)


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
    """Words of two samples are independent for the same state and for neighbouring states."""
    u = hashes(STATES) * 2.0**-64 - 0.5
    z = [
        (u * (hashes(states, key) * 2.0**-64 - 0.5)).mean() * 12 * np.sqrt(COUNT)
        for states in (STATES, STATES + np.uint64(1), STATES ^ np.uint64(1))
    ]
    assert_within(z, comparisons=6)
    assert np.intersect1d(hashes(STATES, key), hashes(STATES)).size == 0


def test_the_two_words_of_a_state_are_independent():
    """A chi-square test of 256 joint cells is done for the leading and for the last bits."""
    for shift in (60, 0):
        word, finer = (
            ((words >> np.uint64(shift)) & np.uint64(15)).astype(int)
            for words in both_hashes(STATES)
        )
        counts = np.bincount(16 * word + finer, minlength=256)
        assert_same_distribution(counts, np.full(256, COUNT / 256), 1e-6 / 2)


@pytest.mark.uncompiled
def test_uniform_resolves_the_deepest_levels():
    zero, one, last = np.uint64(0), np.uint64(1 << 12), np.uint64(2**64 - 1)
    assert uniform(zero, zero) == 2.0**-105
    assert uniform(zero, one) == 3 * 2.0**-105
    assert uniform(zero, last) == 2.0**-52 - 2.0**-105
    assert uniform(last, last) == 1.0
    assert uniform(one) == 1.5 * 2.0**-52


@pytest.mark.uncompiled
def test_uniform_has_the_digits_of_both_words():
    rng = np.random.default_rng(4)
    for shift in range(0, 64, 3):
        word = int(rng.integers(2**63, 2**64, dtype=np.uint64)) >> shift
        finer = int(rng.integers(2**64, dtype=np.uint64))
        exact = Fraction(2 * ((word >> 12 << 52) + (finer >> 12)) + 1, 2**105)
        error = abs(Fraction(float(uniform(np.uint64(word), np.uint64(finer)))) - exact)
        assert error <= exact * Fraction(1, 2**52)


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
    """A chi-square test of 256 joint cells, over 1e8 pairs, has the false-positive rate 1e-6.

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


def key_of(state: int, word: int, finer: int) -> tuple[np.uint64, np.uint64]:
    """The key of the landscape in which a state has these two words."""
    first = unmixed(finer) - state & MASK
    second = unmixed(word - state - first & MASK) - finer & MASK
    return np.uint64(first), np.uint64(second)


def test_around_the_deepest_states_the_landscape_is_as_anywhere():
    """The neighbours of states with u from 2^-105 to 1e-16 are uniform like all others."""
    rng = np.random.default_rng(5)
    count = 6000
    finer = rng.integers(2**64, size=count, dtype=np.uint64)
    states = rng.integers(2**64, size=count, dtype=np.uint64)
    around = np.empty((64, count), np.uint64)
    for deep in range(count):
        key = key_of(int(states[deep]), deep, int(finer[deep]))
        here = both_hashes(states[deep : deep + 1], key)
        assert (int(here[0][0]), here[1][0]) == (deep, finer[deep])
        around[:, deep] = hashes(states[deep] ^ FLIPS, key)
    for shift in (56, 28, 0):
        byte = (around.ravel() >> np.uint64(shift)) & np.uint64(BINS - 1)
        counts = np.bincount(byte.astype(int), minlength=BINS)
        assert_same_distribution(counts, np.full(BINS, around.size / BINS), 1e-6 / 3)
    # The neighbours of one deep state are compared with each other.
    z = np.corrcoef(around * 2.0**-64 - 0.5)[np.triu_indices(64, 1)] * np.sqrt(count)
    assert_within(z)


class ShortWords:
    """Words of fewer than 64 bits, for the arithmetic of a hash; shifts shrink with the length."""

    def __init__(self, values: np.ndarray, bits: int) -> None:
        self.bits = bits
        self.values = np.asarray(values, np.uint64) & np.uint64(2**bits - 1)

    def __add__(self, other):
        return self.after(np.add, other)

    def __mul__(self, other):
        return self.after(np.multiply, other)

    def __xor__(self, other):
        return self.after(np.bitwise_xor, other)

    def __rshift__(self, shift):
        return ShortWords(self.values >> np.uint64(int(shift) * self.bits // 64), self.bits)

    def after(self, operation, other):
        operand = other.values if isinstance(other, ShortWords) else other
        return ShortWords(operation(self.values, operand), self.bits)


@pytest.fixture
def short_hashes(monkeypatch):
    """``hashed_words`` of all states, by its own code, with words as short as a state."""
    plain = {name: getattr(hashing, name) for name in ("mixed", "hashed_words")}
    plain = {name: getattr(kernel, "py_func", kernel) for name, kernel in plain.items()}
    monkeypatch.setattr(hashing, "mixed", plain["mixed"])

    def hashes_of(bits: int, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = plain["hashed_words"](*key, ShortWords(np.arange(2**bits), bits))
        return found[0].values, found[1].values

    return hashes_of


@pytest.mark.parametrize("bits", [12, 16, 20])
def test_among_all_states_a_word_occurs_as_often_as_by_chance(bits, short_hashes):
    """If there are as many states as words, as for N = 64, words occur by Poisson's law.

    Words that occur k times: their number has the variance n p [1 - p - p (k - 1)^2], with
    p = 1 / (e k!) for n states thrown into n words.
    """
    z = []
    n, k = 2**bits, np.arange(5)
    p = np.exp(-1.0) / np.array([math.factorial(each) for each in k])
    for key in np.random.default_rng(6).integers(2**64, size=(4, 2), dtype=np.uint64):
        occurrences = np.bincount(short_hashes(bits, key)[0].astype(int), minlength=n)
        counted = np.bincount(occurrences, minlength=k.size)[: k.size]
        z.append((counted - n * p) / np.sqrt(n * p * (1 - p - p * (k - 1) ** 2)))
    assert_within(np.array(z), comparisons=3 * 4 * k.size)


def test_the_deepest_levels_fluctuate_where_states_are_as_many_as_words(short_hashes):
    """The mean participation ratio of the exponential law agrees with its exact value."""
    bits, samples = 14, 800
    T = np.array([0.3, 0.5, 0.7])
    ratios = np.empty((samples, T.size))
    keys = np.random.default_rng(7).integers(2**64, size=(samples, 2), dtype=np.uint64)
    for sample, key in enumerate(keys):
        word, finer = short_hashes(bits, key)
        u = (word + (finer + 0.5) * 2.0**-bits) * 2.0**-bits
        weights = (u.min() / u) ** (1 / T[:, np.newaxis])
        ratios[sample] = (weights**2).sum(axis=1) / weights.sum(axis=1) ** 2
    error = ratios.std(axis=0, ddof=1) / np.sqrt(samples)
    assert_within(z_scores(ratios.mean(axis=0), participation_ratio(T, bits, "exponential"), error))
