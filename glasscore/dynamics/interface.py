"""What clocks ask of rules, recorders and workspaces, in compiled code: their verbs.

The body of a verb is chosen by the type of its first argument (``generic`` of
``glasscore.kernels.compilation``).

- Rules register ``rate``.
- A recorder that looks at chosen times registers ``next_observation`` and ``observe``; one that
  counts what happens registers ``record_visit``, ``record_skipped_visits``, ``record_return`` and
  ``record_excursion``; one that looks at the lowest state of a stay says when a
  ``leap_changes_nothing``.
- The workspace is where the moves out of a state are kept, with their rates. A graph registers
  ``workspace``, which makes one, and the verbs of workspaces for its type.
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


# Verbs of recorders ------------------------------------------------------------------------------


@generic_with_default
def leap_changes_nothing(recorder, sample, lowest_energy):
    """Whether a clock may leap over returns through states of this energy or higher, untold."""
    return True


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
def record_visit(recorder, sample, arrival, departure, position):
    """Take note of one visit: ``sample`` was at ``position`` during arrival <= t < departure."""


@generic_with_default
def record_skipped_visits(recorder, sample, exit_rate, visits):
    """Take note of visits to one state that a clock leapt over; ``visits`` is their mean number.

    Each of them lasts an exponential time with the rate ``exit_rate``.
    """


@generic_with_default
def record_excursion(recorder, sample, time, departure, position):
    """Take note that the sample is at ``position`` at ``time`` and until ``departure``.

    It has come there on an excursion from where its stay began, and will go back; when it came
    there is not told, and ``record_visit`` is not called for this visit.
    """


@generic_with_default
def record_return(recorder, sample, departure):
    """Take note that the sample has come back to where its stay began, until ``departure``."""


class JoinedRecorders(NamedTuple):
    """Several recorders as one."""

    each: tuple[Any, ...]


def join_recorders(recorders: Sequence[Any]) -> Any:
    """Any number of recorders as one."""
    return recorders[0] if len(recorders) == 1 else JoinedRecorders(tuple(recorders))


of_each(leap_changes_nothing, JoinedRecorders, min)  # of True and False: all
of_each(next_observation, JoinedRecorders, min)
for verb in (observe, record_visit, record_skipped_visits, record_excursion, record_return):
    of_each(verb, JoinedRecorders)


# Verbs of workspaces -----------------------------------------------------------------------------


@generic
def workspace(landscape, rule):
    """Room for the moves out of a state, for one sample (not for kernels).

    All other verbs below have what this returns, a named tuple, for their first argument. Its type
    must be that of this graph alone.
    """


@generic
def compute_rates(work, landscape, rule, position):
    """Compute what ``draw_duration`` and ``draw_move`` need to know of ``position``."""


@generic
def draw_duration(work, landscape, rule, position, rng):
    """Draw how long a visit to ``position`` lasts, after ``compute_rates``."""


@generic
def draw_move(work, landscape, rule, position, rng):
    """Draw the move in which a visit to ``position`` ends, after ``compute_rates``.

    ``work`` keeps where the move leads, as it does after an accepted attempt.
    """


@generic
def attempt_move(work, landscape, rule, position, rng):
    """Attempt one move; return whether it is accepted. ``work`` keeps where it leads."""


@generic
def make_drawn_move(work, landscape, position, rng):
    """Make the move that was drawn, or accepted when attempted."""


@generic_with_default
def jump(work, landscape, rule, position, rng):
    """Draw the move in which a visit ends, and make it."""
    draw_move(work, landscape, rule, position, rng)
    make_drawn_move(work, landscape, position, rng)


@generic
def save_drawn_move(work, destination):
    """Write the move that was drawn, or accepted, into ``destination``, shape (2,)."""


@generic
def restore_drawn_move(work, destination):
    """Take over the move that ``save_drawn_move`` wrote."""
