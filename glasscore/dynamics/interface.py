"""The verbs of rules and recorders, and how recorders are joined.

A recorder that looks at chosen times registers ``next_observation`` and ``observe``; one that
counts what happens registers ``visited``, ``flickered``,
``lingered`` and ``strayed``; one that looks at every
visit also ``wants_every_visit``, one that looks at the lowest state of a stay says when a
``leap_changes_nothing``.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from glasscore.kernels.compilation import generic, generic_with_default, of_each

# A visit going on, as a clock leaves it for its next call: when it ends, and what the clock needs.
DEPARTURE, VISIT_SIZE = 0, 3


@generic
def rate(rule, energy, energy_after):
    """Rate of a move once it is attempted, from the energies before and after it."""


@generic_with_default
def wants_every_visit(recorder):
    """Whether the recorder must be told of every single visit, so that no clock may leap."""
    return False


@generic_with_default
def leap_changes_nothing(recorder, sample, lowest_energy):
    """Whether a clock may leap over returns through states of this energy or higher, untold."""
    return True


@generic_with_default
def finished(recorder, sample, landscape, position):
    """Complete the record of a sample whose run is over; ``position`` is room for any use."""


@generic_with_default
def next_observation(recorder, sample):
    """The next time at which the recorder must be told where the trajectory is."""
    return np.inf


@generic_with_default
def observe(recorder, sample, departure, position):
    """Take note that ``sample`` is at ``position`` at all observation times before ``departure``.

    Called when the next observation lies before the departure, in the order of time.
    """


@generic_with_default
def visited(recorder, sample, arrival, departure, position):
    """Take note of one visit: ``sample`` was at ``position`` during arrival <= t < departure."""


@generic_with_default
def flickered(recorder, sample, exit_rate, visits):
    """Take note of visits to one state that a clock leapt over; ``visits`` is their mean number.

    Each of them lasts an exponential time with the rate ``exit_rate``.
    """


@generic_with_default
def strayed(recorder, sample, time, departure, position):
    """Take note that the sample is at ``position`` at ``time`` and until ``departure``.

    It has come there on an excursion from where its stay began, and will go back; when it came
    there is not told, and the visit is none that ``visited`` is told of.
    """


@generic_with_default
def lingered(recorder, sample, departure):
    """Take note that the sample has come back to where its stay began, until ``departure``."""


class Joined(NamedTuple):
    """Several recorders as one."""

    each: tuple[Any, ...]


def joined(recorders: Sequence[Any]) -> Any:
    """Any number of recorders as one."""
    return recorders[0] if len(recorders) == 1 else Joined(tuple(recorders))


of_each(wants_every_visit, Joined, max)  # of True and False: any
of_each(leap_changes_nothing, Joined, min)  # of True and False: all
of_each(next_observation, Joined, min)
for verb in (finished, observe, visited, flickered, strayed, lingered):
    of_each(verb, Joined)


# Verbs of graphs ---------------------------------------------------------------------------------


@generic
def workspace(landscape, rule):
    """Room for the moves out of a state, for one sample (not for kernels)."""


@generic
def prepare(landscape, rule, position, work):
    """Fill ``work`` with what ``duration`` and ``leave`` need to know of ``position``."""


@generic
def duration(landscape, rule, position, work, rng):
    """Draw how long a visit to ``position`` lasts."""


@generic
def leave(landscape, rule, position, work, rng):
    """Draw where the trajectory goes, and go."""


@generic
def attempt(landscape, rule, position, work, rng):
    """Attempt one move; return whether it is accepted. ``work`` keeps where it leads."""


@generic
def follow(landscape, position, work, rng):
    """Go where the accepted attempt leads."""


@generic
def choose(landscape, rule, position, work, rng):
    """Draw where a visit ends whose state ``work`` was prepared for, as if it were an attempt."""


@generic
def write_down(landscape, work, destination):
    """Write where the accepted attempt leads into ``destination``, shape (2,)."""


@generic
def read_back(landscape, work, destination):
    """Take over what ``write_down`` wrote."""
