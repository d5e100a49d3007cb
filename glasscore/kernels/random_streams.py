"""Random streams that depend on what a sample is, never on which job computes it."""

import hashlib

import numpy as np


def seed_sequence(
    seed: int, study: str, N: float, sample: int, role: str
) -> np.random.SeedSequence:
    """The one source of randomness of a sample in one role.

    Parameters
    ----------
    seed
        The campaign's seed.
    study, N, sample
        Which disorder sample. ``N`` may be infinite.
    role
        What the numbers are for, for instance ``"disorder"`` or ``"trajectory T=0.5"``.

    Notes
    -----
    The temperature is no part of the disorder's role, so that all temperatures of a study see the
    same landscapes.
    """
    text = f"{study}\n{float(N)!r}\n{int(sample)}\n{role}"
    words = np.frombuffer(hashlib.sha256(text.encode()).digest(), dtype="<u4")
    return np.random.SeedSequence(seed, spawn_key=tuple(words.tolist()))


def generator(seed: int, study: str, N: float, sample: int, role: str) -> np.random.Generator:
    """A generator for one sample in one role."""
    return np.random.Generator(np.random.PCG64(seed_sequence(seed, study, N, sample, role)))


def sample_key(seed: int, study: str, N: float, sample: int) -> np.ndarray:
    """Two 64-bit words that name the landscape of a disorder sample."""
    return seed_sequence(seed, study, N, sample, "disorder").generate_state(2, np.uint64)
