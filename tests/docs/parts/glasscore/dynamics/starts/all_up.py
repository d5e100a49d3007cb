"""The state with all spins up, as after a strong field."""

from typing import Any

import numpy as np

from glasscore.common.errors import Refusal
from glasscore.landscapes.sample import sample_of_job


def begin(parameters: dict[str, Any], sample: int) -> tuple[Any, np.ndarray]:
    """The landscape of a sample, and the word of N spins up."""
    return sample_of_job(parameters, sample), np.array([2 ** parameters["N"] - 1], np.uint64)


def refusal(options: dict[str, Any], *, landscape: dict[str, Any], N: float) -> Refusal | None:
    """The complaint about states of more than one word, or None."""
    return None if N < 64 else ("N", N, "be below 64 with start: all_up")
