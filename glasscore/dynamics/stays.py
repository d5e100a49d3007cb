"""Stays: a trajectory's visits with immediate returns merged.

In the sequence of configurations A B A B' A C the trajectory stays in A from its first visit to
its last. A stay has an anchor, the configuration that it returns to; its excursions last one visit
each. When an excursion does not lead back, the stay is over, and the excursion's configuration is
the anchor of the next: stays follow one another without gaps.
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
"""Whether the trajectory is at its anchor or one jump away; the anchor, its energy, first arrival
and last departure; the lowest configuration of the stay, excursions that led back included; the
excursion going on. Configurations of many words are known by their fingerprints."""


def empty_stays(samples: int) -> np.ndarray:
    """Room for the stay going on in each sample."""
    return records(samples, STAY)


@inlined_kernel
def visit_ends_stay(stay, state):
    """Whether a visit to ``state`` shows that the stay was over before the last excursion."""
    return stay.phase == ON_AN_EXCURSION and state != stay.anchor


@inlined_kernel
def stay_duration(stay):
    """How long the stay has lasted up to the last departure from its anchor."""
    return stay.departure - stay.arrival


@inlined_kernel
def lowest_energy_so_far(stay):
    """The lowest energy of the stay, if the excursion going on leads back."""
    energy = stay.lowest_energy
    return min(energy, stay.excursion_energy) if stay.phase == ON_AN_EXCURSION else energy


@inlined_kernel
def begin_next_stay(stay):
    """Let the excursion begin a stay of its own; without one, nothing is going on."""
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
    """Take note that the trajectory is at its anchor, until ``departure``."""
    if stay.phase == ON_AN_EXCURSION and stay.excursion_energy < stay.lowest_energy:
        stay.lowest_energy = stay.excursion_energy
        stay.lowest = stay.excursion
    stay.departure = departure
    stay.phase = AT_THE_ANCHOR


@inlined_kernel
def add_visit(stay, arrival, departure, state, energy):
    """Take note of a visit; if it ends the stay, the next one begins with the excursion."""
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
    """Take note that an excursion was going on at ``time``, begun since the last that was told.

    When it began is not known, and makes no difference if it leads back. The stay is taken to have
    left its anchor just then.
    """
    if stay.phase == ON_AN_EXCURSION:
        return_to_anchor(stay, time)
    stay.departure = time
    stay.excursion = state
    stay.excursion_arrival = time
    stay.excursion_departure = departure
    stay.excursion_energy = energy
    stay.phase = ON_AN_EXCURSION
