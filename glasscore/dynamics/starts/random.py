"""A random state, each with the same probability: a quench from infinite temperature."""

from typing import Any

from glasscore.common.errors import Refusal
from glasscore.landscapes.sample import sample_of_job


def begin(parameters: dict[str, Any], sample: int) -> tuple[Any, None]:
    """The landscape of a sample; the trajectory begins anywhere in it."""
    return sample_of_job(parameters, sample), None


def refusal(options: dict[str, Any], *, landscape: dict[str, Any], N: float) -> Refusal | None:
    """No complaint: each landscape has random states."""
    return None
