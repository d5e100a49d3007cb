"""The pieces of a run whose temperature and field change: each has a constant one of both.

A change that takes time is divided into steps, each at the temperature and the field in its middle.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from glasscore.models.ramps import LINEAR, Ramp, in_course_of_time, ramp_of
from glasscore.models.schedule import to_12_digits

STEPS = 20


class Piece(NamedTuple):
    """A part of a run with a constant temperature and a constant field.

    Attributes
    ----------
    begin, end
        Times between which it lasts, in attempts.
    T, field
        Temperature and field, in units of J.
    """

    begin: float
    end: float
    T: float
    field: float


def pieces_of(parameters: dict[str, Any]) -> list[Piece]:
    """The pieces of a run, in the order of time; the last one has no end.

    Parameters
    ----------
    parameters
        Those of a job: ``T``, and perhaps ``field`` and ``ramps``.
    """
    T, field = float(parameters["T"]), float(parameters.get("field", 0.0))
    found, begin = [], 0.0
    for given in parameters.get("ramps", []):
        ramp = ramp_of(given)
        found.append(Piece(begin, ramp.begin, T, field))
        found += _steps(ramp, given.get("steps", STEPS), T, field)
        T = T if ramp.T is None else ramp.T
        field = field if ramp.field is None else ramp.field
        begin = ramp.end
    found.append(Piece(begin, np.inf, T, field))
    return [piece for piece in found if piece.begin < piece.end]


def _steps(ramp: Ramp, count: int, T: float, field: float) -> Iterator[Piece]:
    """The steps of a change that takes time, of the same length in t or in ln t."""
    if ramp.end == ramp.begin:
        return
    spaced = np.linspace if ramp.course == LINEAR else np.geomspace
    times = to_12_digits(spaced(ramp.begin, ramp.end, 2 * count + 1))
    # Times of more digits must leave no gap between this change and the pieces beside it.
    times = np.clip(times, ramp.begin, ramp.end)
    times[0], times[-1] = ramp.begin, ramp.end
    for begin, middle, end in zip(times[:-1:2], times[1::2], times[2::2], strict=True):
        yield Piece(
            float(begin),
            float(end),
            float(in_course_of_time(T, [(ramp, ramp.T)], middle)),
            float(in_course_of_time(field, [(ramp, ramp.field)], middle)),
        )


def times_of_changes(parameters: dict[str, Any]) -> list[float]:
    """The times at which changes begin or are complete, in their order."""
    ramps = [ramp_of(given) for given in parameters.get("ramps", [])]
    return sorted({time for ramp in ramps for time in (ramp.begin, ramp.end)})
