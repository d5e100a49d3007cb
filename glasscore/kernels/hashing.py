"""Quenched random numbers without storage: a hash of (sample, state).

The energy of a state is a function of the hash, so that a landscape of 2^64 states costs no memory
and a state met again has the energy it had before.
"""

import numpy as np

from glasscore.kernels.compilation import inlined_kernel, kernel

# Two odd multipliers and three shifts of a 64-bit finaliser: David Stafford's "Mix13"
# (Better Bit Mixing, 2011).
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


@inlined_kernel
def mixed(word):
    """A permutation of the 64-bit words in which each bit depends on all."""
    word = (word ^ (word >> FIRST_SHIFT)) * FIRST_MULTIPLIER
    word = (word ^ (word >> SECOND_SHIFT)) * SECOND_MULTIPLIER
    return word ^ (word >> THIRD_SHIFT)


@inlined_kernel
def hashed_words(first_key, second_key, state):
    """Two uniform 64-bit words of a state in the landscape that the two key words name.

    Each key word is added before a full mix, so that no two landscapes are translations of one
    another. Were the last mix all, the first word would be a permutation of the states: among 2^64
    states each word would occur once in every sample, and the deepest levels would not fluctuate.
    The sum with what went in makes the first word a function like any drawn at random: one that is
    expected once may occur never, once, or several times, by Poisson's law. The second word, on the
    way to the first, is a permutation; it gives the finer digits of a number whose leading ones are
    in the first.

    A wanted state can be given any two words by choice of the key, which is otherwise random:
    ``first_key`` is what ``mixed`` turns, with the state added, into the second word, and
    ``second_key`` follows likewise from the first; ``mixed`` is easily inverted.
    """
    named = state + first_key
    finer = mixed(named)
    return mixed(finer + second_key) + named, finer


@inlined_kernel
def hashed(first_key, second_key, state):
    """The first of the ``hashed_words`` of a state."""
    return hashed_words(first_key, second_key, state)[0]


@inlined_kernel
def uniform(word, finer=MIDDLE):
    """Number in (0, 1], with as many digits near zero as two words have.

    The word's 52 leading bits are the first of u, the 52 leading bits of the finer word the next,
    and half a unit follows. The least value is 2^-105, so that the deepest of 2^64 levels are
    resolved one by one. Without a finer word, u is the middle of an interval of length 2^-52.
    """
    # A double from 1 to 2, or from 2^-52 to 2^-51, is its 52 bits behind a constant.
    coarse = np.uint64((word >> TWELVE) | BITS_OF_1).view(np.float64) - 1.0
    fine = np.uint64((finer >> TWELVE) | BITS_OF_UNIT).view(np.float64) - (UNIT - 2.0**-105)
    return coarse + fine


@inlined_kernel
def name_of(words):
    """A state of one word as it is, one of many by its fingerprint."""
    return words[0] if words.size == 1 else fingerprint(words)


@kernel
def fingerprint(words):
    """One word for many: two states share it once in 2^64 comparisons."""
    print_so_far = np.uint64(0)
    for index in range(words.size):
        print_so_far = mixed(print_so_far ^ words[index]) + np.uint64(index)
    return print_so_far
