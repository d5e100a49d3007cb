"""A recorder of one piece of a run whose temperature or field changes.

To a clock, each piece is a run of its own that begins at time 0. Recorders know one run: this
recorder tells them the times since the beginning of the whole run, and that the visit in which a
piece ends lasts no longer than the piece. The visit goes on in the next piece, as another visit to
the same state.
"""

from typing import Any, NamedTuple

from glasscore.dynamics.interface import (
    leap_changes_nothing,
    next_observation,
    observe,
    record_excursion,
    record_return,
    record_skipped_visits,
    record_visit,
)
from glasscore.kernels.compilation import inlined_kernel

# The product of a number and this factor is the next larger number.
FIRST_BEYOND = 1.0 + 2.0**-52


class OfPiece(NamedTuple):
    """The recorder of the whole run, and the times at which the piece begins and ends in it."""

    recorder: Any
    begin: float
    end: float


@inlined_kernel
def _in_run(piece, time):
    """A time of the whole run, from a time since the beginning of the piece."""
    return min(piece.begin + time, piece.end)


@next_observation.register
def _(piece: OfPiece, sample):
    return next_observation(piece.recorder, sample) - piece.begin


@observe.register
def _(piece: OfPiece, sample, departure, position):
    time = next_observation(piece.recorder, sample)
    until = piece.begin + departure
    # Where the next observation lies before the departure, it must do so when both are rounded.
    if time - piece.begin < departure:
        until = max(until, time * FIRST_BEYOND)
    observe(piece.recorder, sample, min(until, piece.end), position)


@record_visit.register
def _(piece: OfPiece, sample, arrival, departure, position):
    begin, end = _in_run(piece, arrival), _in_run(piece, departure)
    record_visit(piece.recorder, sample, begin, end, position)


@record_return.register
def _(piece: OfPiece, sample, departure):
    record_return(piece.recorder, sample, _in_run(piece, departure))


@record_excursion.register
def _(piece: OfPiece, sample, time, departure, position):
    begin, end = _in_run(piece, time), _in_run(piece, departure)
    record_excursion(piece.recorder, sample, begin, end, position)


@record_skipped_visits.register
def _(piece: OfPiece, sample, exit_rate, visits):
    record_skipped_visits(piece.recorder, sample, exit_rate, visits)


@leap_changes_nothing.register
def _(piece: OfPiece, sample, lowest_energy):
    return leap_changes_nothing(piece.recorder, sample, lowest_energy)
