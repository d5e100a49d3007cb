"""Quenched random numbers without storage: a hash of (sample, state).

The energy of a state is a function of the hash, so that a landscape of 2^64 states costs no memory
and a state met again has the energy it had before.
"""

import numpy as np

from glasscore.compilation import inlined_kernel, kernel

# Two odd multipliers and three shifts of a 64-bit finaliser: David Stafford's "Mix13"
# (Better Bit Mixing, 2011).
FIRST_MULTIPLIER = np.uint64(0xBF58476D1CE4E5B9)
SECOND_MULTIPLIER = np.uint64(0x94D049BB133111EB)
FIRST_SHIFT = np.uint64(30)
SECOND_SHIFT = np.uint64(27)
THIRD_SHIFT = np.uint64(31)


@inlined_kernel
def mixed(word):
    """A permutation of the 64-bit words in which each bit depends on all."""
    word = (word ^ (word >> FIRST_SHIFT)) * FIRST_MULTIPLIER
    word = (word ^ (word >> SECOND_SHIFT)) * SECOND_MULTIPLIER
    return word ^ (word >> THIRD_SHIFT)


@inlined_kernel
def hashed(first_key, second_key, state):
    """Uniform 64-bit word of a state in the landscape that the two key words name.

    Each key word is added before a full mix, so that no two landscapes are translations of one
    another.
    """
    return mixed(mixed(state + first_key) + second_key)


@inlined_kernel
def uniform(word):
    """Number in (0, 1] with all 64 bits near zero: u = (word + 1/2) / 2^64.

    The least value is 2^-65, so that levels down to -65 ln 2 = -45 temperatures of an exponential
    landscape are resolved one by one.
    """
    return (np.float64(word) + 0.5) * 2.0**-64


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
