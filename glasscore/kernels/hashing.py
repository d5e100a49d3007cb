"""Quenched random numbers without storage, from a hash of the sample and the state.

The energy of a state is a function of this hash. So a landscape of 2^64 states takes no memory, and
a state that is visited again has the same energy as before.
"""

import numpy as np

from glasscore.kernels.compilation import inlined_kernel, kernel

# The two odd multipliers and three shifts of a 64-bit finaliser, David Stafford's "Mix13" (Better
# Bit Mixing, 2011).
FIRST_MULTIPLIER = np.uint64(0xBF58476D1CE4E5B9)
SECOND_MULTIPLIER = np.uint64(0x94D049BB133111EB)
FIRST_SHIFT = np.uint64(30)
SECOND_SHIFT = np.uint64(27)
THIRD_SHIFT = np.uint64(31)
# The mantissa of a double has 52 bits.
TWELVE = np.uint64(12)
UNIT = 2.0**-52
BITS_OF_1 = np.uint64(0x3FF0000000000000)
BITS_OF_UNIT = np.uint64(0x3CB0000000000000)
MIDDLE = np.uint64(1 << 63)
# The number of 64-bit words.
WORDS = 1 << 64


@inlined_kernel
def mixed(word):
    """A permutation of the 64-bit words in which each bit of the result depends on all bits."""
    word = (word ^ (word >> FIRST_SHIFT)) * FIRST_MULTIPLIER
    word = (word ^ (word >> SECOND_SHIFT)) * SECOND_MULTIPLIER
    return word ^ (word >> THIRD_SHIFT)


@inlined_kernel
def hashed_words(first_key, second_key, state):
    """Two uniform 64-bit words of a state in the landscape that the two key words name.

    Each key word is added before a full mix, so that no two landscapes are translations of each
    other. The result of the second mix alone would be a permutation of the states: among 2^64
    states each word would occur once in every sample, and the deepest levels would not fluctuate.
    Adding the input of the first mix makes the first word like a function drawn at random, in which
    the number of states with a given word has a Poisson law. The second word is the result of the
    first mix and a permutation of the states; it gives the finer digits of a number whose leading
    digits are those of the first word.

    For any one state, :func:`keys_of` finds the keys that give it two wanted words.
    """
    named = state + first_key
    finer = mixed(named)
    return mixed(finer + second_key) + named, finer


def unmixed(word: int) -> int:
    """The inverse of ``mixed``, for whole numbers from 0 to 2^64 - 1 (not for kernels)."""
    word ^= word >> 31 ^ word >> 62
    word = word * pow(int(SECOND_MULTIPLIER), -1, WORDS) % WORDS
    word ^= word >> 27 ^ word >> 54
    word = word * pow(int(FIRST_MULTIPLIER), -1, WORDS) % WORDS
    return word ^ word >> 30 ^ word >> 60


def keys_of(state: int, word: int, finer: int) -> np.ndarray:
    """The two keys with which ``hashed_words`` of a state are a given word and finer word.

    The state plus the first key is the inverse of the finer word under ``mixed``, and the second
    key follows in the same way from the first word.
    """
    named = unmixed(finer)
    second = unmixed((word - named) % WORDS) - finer
    return np.array([(named - state) % WORDS, second % WORDS], np.uint64)


@inlined_kernel
def hashed(first_key, second_key, state):
    """The first of the ``hashed_words`` of a state."""
    return hashed_words(first_key, second_key, state)[0]


@inlined_kernel
def uniform(word, finer=MIDDLE):
    """A number u in (0, 1] that has as many digits near zero as two words have.

    The first 52 bits of u are the leading bits of the word, the next 52 those of the finer word,
    and half a unit of the last bit is added. The least value is 2^-105, so that the deepest of 2^64
    levels can be told apart. Without a finer word, u is the middle of an interval of length 2^-52.
    """
    # All doubles from 1 to 2 have the same leading 12 bits, and so have those from 2^-52 to 2^-51.
    coarse = np.uint64((word >> TWELVE) | BITS_OF_1).view(np.float64) - 1.0
    fine = np.uint64((finer >> TWELVE) | BITS_OF_UNIT).view(np.float64) - (UNIT - 2.0**-105)
    return coarse + fine


@inlined_kernel
def name_of(words):
    """One word for a state: its own word if it has one, and else its fingerprint."""
    return words[0] if words.size == 1 else fingerprint(words)


@kernel
def fingerprint(words):
    """One word for a state of many words; two states have the same one with probability 2^-64."""
    print_so_far = np.uint64(0)
    for index in range(words.size):
        print_so_far = mixed(print_so_far ^ words[index]) + np.uint64(index)
    return print_so_far


def words_of_uniform(u: float, rng: np.random.Generator) -> tuple[int, int]:
    """Two random words whose ``uniform`` number is u, to all digits that the words can hold.

    Digits of the words that do not count are random.
    """
    digits = 1 << 52
    coarse, rest = divmod(u * digits, 1.0)
    low = rng.integers(0, 1 << 12, size=2)
    first = min(int(coarse), digits - 1)
    return (first << 12) + int(low[0]), (int(rest * digits) << 12) + int(low[1])
