"""Stays: a trajectory's visits with immediate returns merged.

In the sequence of configurations A B A B' A C the trajectory stays in A from its first visit to A
to its last. A stay has an anchor, the configuration to which it returns; each of its excursions
lasts one visit. When an excursion does not lead back, the stay is over, and the configuration of
the excursion is the anchor of the next stay: stays follow one another without gaps.
"""

import numpy as np

from glasscore.kernels.compilation import inlined_kernel, records

NOWHERE, AT_THE_ANCHOR, ON_AN_EXCURSION = 0, 1, 2
STAY = np.dtype(
    [
        ("phase", np.int64),
        ("anchor", np.uint64),
        ("anchor_energy", np.float64),
        ("arrival", np.float64),
        ("departure", np.float64),
        ("lowest", np.uint64),
        ("lowest_energy", np.float64),
        ("excursion", np.uint64),
        ("excursion_arrival", np.float64),
        ("excursion_departure", np.float64),
        ("excursion_energy", np.float64),
    ]
)
"""One stay. ``phase``: whether the trajectory is at its anchor or one jump away. Then the anchor,
its energy, its first arrival and its last departure; the lowest configuration of the stay,
excursions that led back included; the present excursion. Configurations of several words are
represented by their fingerprints."""


def empty_stays(samples: int) -> np.ndarray:
    """An array for the present stay of each sample."""
    return records(samples, STAY)


@inlined_kernel
def visit_ends_stay(stay, state):
    """Whether a visit to ``state`` shows that the stay was over before the last excursion."""
    return stay.phase == ON_AN_EXCURSION and state != stay.anchor


@inlined_kernel
def stay_duration(stay):
    """Duration of the stay up to the last departure from its anchor."""
    return stay.departure - stay.arrival


@inlined_kernel
def lowest_energy_so_far(stay):
    """The lowest energy of the stay, on the assumption that the present excursion leads back."""
    energy = stay.lowest_energy
    return min(energy, stay.excursion_energy) if stay.phase == ON_AN_EXCURSION else energy


@inlined_kernel
def begin_next_stay(stay):
    """Let the present excursion begin the next stay; without an excursion, no stay is left."""
    if stay.phase == ON_AN_EXCURSION:
        stay.anchor = stay.excursion
        stay.anchor_energy = stay.excursion_energy
        stay.arrival = stay.excursion_arrival
        stay.departure = stay.excursion_departure
        stay.lowest = stay.excursion
        stay.lowest_energy = stay.excursion_energy
        stay.phase = AT_THE_ANCHOR
    else:
        stay.phase = NOWHERE


@inlined_kernel
def return_to_anchor(stay, departure):
    """Record that the trajectory has returned to its anchor and leaves it at ``departure``."""
    if stay.phase == ON_AN_EXCURSION and stay.excursion_energy < stay.lowest_energy:
        stay.lowest_energy = stay.excursion_energy
        stay.lowest = stay.excursion
    stay.departure = departure
    stay.phase = AT_THE_ANCHOR


@inlined_kernel
def add_visit(stay, arrival, departure, state, energy):
    """Record a visit; if it ends the stay, the next stay begins with the present excursion."""
    if stay.phase == ON_AN_EXCURSION and state == stay.anchor:
        return_to_anchor(stay, departure)
    elif stay.phase == NOWHERE:
        stay.anchor = state
        stay.anchor_energy = energy
        stay.arrival = arrival
        stay.departure = departure
        stay.lowest = state
        stay.lowest_energy = energy
        stay.phase = AT_THE_ANCHOR
    else:
        if stay.phase == ON_AN_EXCURSION:
            begin_next_stay(stay)
        stay.excursion = state
        stay.excursion_arrival = arrival
        stay.excursion_departure = departure
        stay.excursion_energy = energy
        stay.phase = ON_AN_EXCURSION


@inlined_kernel
def leave_for_excursion(stay, time, departure, state, energy):
    """Record an excursion that is seen at ``time`` and began after the last recorded event.

    The time at which the excursion began is unknown, and has no effect if the excursion leads back.
    The record has the anchor left and the excursion begun at ``time``.
    """
    if stay.phase == ON_AN_EXCURSION:
        return_to_anchor(stay, time)
    stay.departure = time
    stay.excursion = state
    stay.excursion_arrival = time
    stay.excursion_departure = departure
    stay.excursion_energy = energy
    stay.phase = ON_AN_EXCURSION
