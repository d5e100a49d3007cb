"""Random numbers that depend on the sample and their purpose, never on the job that uses them."""

import hashlib

import numpy as np


def seed_sequence(
    seed: int, study: str, N: float, sample: int, role: str
) -> np.random.SeedSequence:
    """The seed of all random numbers of a sample in one role.

    Parameters
    ----------
    seed
        The campaign's seed.
    study, N, sample
        The study, the size and the number of the disorder sample. ``N`` may be infinite.
    role
        The purpose of the numbers, for instance ``"disorder"`` or ``"trajectory T=0.5"``.

    Notes
    -----
    The role of the disorder does not contain the temperature, so that all temperatures of a study
    have the same landscapes.
    """
    text = f"{study}\n{float(N)!r}\n{int(sample)}\n{role}"
    words = np.frombuffer(hashlib.sha256(text.encode()).digest(), dtype="<u4")
    return np.random.SeedSequence(seed, spawn_key=tuple(words.tolist()))


def generator(seed: int, study: str, N: float, sample: int, role: str) -> np.random.Generator:
    """A random-number generator for one sample in one role."""
    return np.random.Generator(np.random.PCG64(seed_sequence(seed, study, N, sample, role)))


def sample_key(seed: int, study: str, N: float, sample: int) -> np.ndarray:
    """Two 64-bit words that name the landscape of a disorder sample."""
    return seed_sequence(seed, study, N, sample, "disorder").generate_state(2, np.uint64)
