"""The verbs that clocks call on rules, recorders and workspaces, in compiled code.

A verb is a generic function: the type of its first argument selects its body (``generic`` of
``glasscore.kernels.compilation``).

- Rules register ``rate``, and rules with a response to fields ``log_rate_slope``.
- A recorder that observes the state at chosen times registers ``next_observation`` and ``observe``.
  A recorder that counts events registers ``record_visit``, ``record_skipped_visits``,
  ``record_return`` and ``record_excursion``. A recorder that depends on the lowest state of a stay
  registers ``leap_changes_nothing``. A recorder of responses registers ``record_rates``, too.
- A workspace holds the moves out of a state and their rates. A graph registers ``workspace``, which
  creates a workspace, and the verbs of workspaces for its type.

A visit is the time that a trajectory spends in one state, from its arrival to its departure. A stay
merges visits: it lasts as long as the trajectory returns to one state, the anchor of the stay,
right after each move away from it (``glasscore.dynamics.stays``). Some clocks leap: they draw at
once how and when a long sequence of visits within a stay ends.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from glasscore.kernels.compilation import generic, generic_with_default, of_each

# A clock leaves an unfinished visit to its next call as an array of VISIT_SIZE numbers. The number
# at DEPARTURE is the time at which the visit ends; the clock may use the others as it likes.
DEPARTURE, VISIT_SIZE = 0, 3


@generic
def rate(rule, energy, energy_after):
    """Rate of an attempted move, from the energies before and after the move."""


@generic
def log_rate_slope(rule, energy, energy_after, its_rate):
    """How fast the logarithm of a rate falls with the energy after the move, in 1/J.

    This is -d ln(rate) / dE' at fixed E; ``its_rate`` is the rate. If the derivative has a jump at
    E' = E, it is the mean of both sides there. A rule that registers this verb has rates that
    depend on the energies through E' - E alone.
    """


# Verbs of recorders ------------------------------------------------------------------------------


@generic_with_default
def leap_changes_nothing(recorder, sample, lowest_energy):
    """Whether a leap through states of this energy or above leaves the record unchanged."""
    return True


@generic_with_default
def next_observation(recorder, sample):
    """The next time at which the recorder must observe the position of the trajectory."""
    return np.inf


@generic_with_default
def observe(recorder, sample, departure, position):
    """Record that ``sample`` is at ``position`` at all observation times before ``departure``.

    Clocks call this verb in the order of time, if the next observation lies before the departure.
    """


@generic_with_default
def record_visit(recorder, sample, arrival, departure, position):
    """Record one visit: ``sample`` is at ``position`` for arrival <= t < departure."""


@generic_with_default
def record_rates(recorder, sample, arrival, position, work):
    """Record the rates of all moves out of ``position``, where ``sample`` arrived at ``arrival``.

    ``work`` is the workspace after ``compute_rates``. Only clocks with the constant ``GIVES_RATES``
    call this verb, after each ``record_visit`` and before the next ``observe``.
    """


@generic_with_default
def record_skipped_visits(recorder, sample, exit_rate, visits):
    """Record visits to one state that a clock leapt over; ``visits`` is their mean number.

    The duration of each visit is exponentially distributed with the rate ``exit_rate``.
    """


@generic_with_default
def record_excursion(recorder, sample, time, departure, position):
    """Record that the sample is on an excursion to ``position`` from ``time`` to ``departure``.

    The excursion has led away from the anchor of the stay and will lead back to it. The time at
    which the sample arrived at ``position`` is unknown, and ``record_visit`` is not called for this
    visit.
    """


@generic_with_default
def record_return(recorder, sample, departure):
    """Record that the sample has returned to the anchor of its stay and stays to ``departure``."""


class JoinedRecorders(NamedTuple):
    """Several recorders that are called as one."""

    each: tuple[Any, ...]


def join_recorders(recorders: Sequence[Any]) -> Any:
    """Join any number of recorders into one."""
    return recorders[0] if len(recorders) == 1 else JoinedRecorders(tuple(recorders))


# The minimum of truth values is True if all of them are.
of_each(leap_changes_nothing, JoinedRecorders, min)
of_each(next_observation, JoinedRecorders, min)
for verb in (
    observe,
    record_visit,
    record_rates,
    record_skipped_visits,
    record_excursion,
    record_return,
):
    of_each(verb, JoinedRecorders)


# Verbs of workspaces -----------------------------------------------------------------------------


@generic
def workspace(landscape, rule):
    """Create the workspace of one sample, a named tuple (not for kernels).

    The first argument of all verbs below is a workspace. Each graph must use types of its own,
    since the type selects the bodies of the verbs.
    """


@generic
def compute_rates(work, landscape, rule, position):
    """Compute the rates at ``position`` that ``draw_duration`` and ``draw_move`` need."""


@generic
def draw_duration(work, landscape, rule, position, rng):
    """Draw the duration of a visit to ``position``, after ``compute_rates``."""


@generic
def draw_move(work, landscape, rule, position, rng):
    """Draw the move that ends a visit to ``position``, after ``compute_rates``.

    ``work`` keeps the destination of the move, as it does after an accepted attempt.
    """


@generic
def attempt_move(work, landscape, rule, position, rng):
    """Attempt one move; return whether it is accepted. ``work`` keeps its destination."""


@generic
def make_drawn_move(work, landscape, position, rng):
    """Make the move that was drawn, or that was attempted and accepted."""


@generic_with_default
def jump(work, landscape, rule, position, rng):
    """Draw the move that ends a visit, and make it."""
    draw_move(work, landscape, rule, position, rng)
    make_drawn_move(work, landscape, position, rng)


@generic
def save_drawn_move(work, destination):
    """Write the move that was drawn or accepted into ``destination``, shape (2,)."""


@generic
def restore_drawn_move(work, destination):
    """Restore the move that ``save_drawn_move`` wrote."""
