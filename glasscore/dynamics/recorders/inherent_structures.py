"""Inherent structures: the local minimum that steepest descent reaches from the configuration.

At each step the spin is flipped that lowers the energy most, until no flip lowers it: the basin of
attraction is a function of the configuration alone. Descent also ends on a plateau of equal
energies that it could cross to a lower state; the stage ``barriers`` crosses it
(``glasscore.barriers.descent``). Real energies have no plateaus.

Sources: F. H. Stillinger, T. A. Weber, Phys. Rev. A 25, 978 (1982); on spin glasses A. Crisanti, F.
Ritort, Europhys. Lett. 52, 640 (2000).
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import finished, next_observation, observe
from glasscore.dynamics.observation_times import following, passed
from glasscore.landscapes.interface import (
    VECTOR,
    arrive,
    copy_words,
    destination_energies,
    move,
    move_count,
    position,
)
from glasscore.schedule import Schedule
from glasscore.store import quantity

GRAPHS = ("hypercube",)


class InherentStructureRecorder(NamedTuple):
    """Observation times, the next of them for each sample, configurations, and their minima.

    ``states``: (sample, time, word). ``energies``: of the inherent structures, (sample, time).
    ``after``: room for the energies behind all moves.
    """

    times: np.ndarray
    next_time: np.ndarray
    states: np.ndarray
    energies: np.ndarray
    after: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> InherentStructureRecorder:
    """An empty record."""
    shape = (samples, schedule.times.size)
    moves = move_count(landscape)
    return InherentStructureRecorder(
        schedule.times,
        np.zeros(samples, np.int64),
        np.zeros((*shape, position(landscape).words.size), np.uint64),
        np.full(shape, np.nan),
        np.zeros(-(-moves // VECTOR) * VECTOR),
    )


@next_observation.register
def _(recorder: InherentStructureRecorder, sample):
    return following(recorder.times, recorder.next_time, sample)


@observe.register
def _(recorder: InherentStructureRecorder, sample, departure, position):
    first, beyond = passed(recorder.times, recorder.next_time, sample, departure)
    for index in range(first, beyond):
        copy_words(position.words, recorder.states[sample, index])


@finished.register
def _(recorder: InherentStructureRecorder, sample, landscape, position):
    moves = move_count(landscape)
    for index in range(recorder.next_time[sample]):
        state = recorder.states[sample, index]
        if index > 0 and np.array_equal(state, recorder.states[sample, index - 1]):
            recorder.energies[sample, index] = recorder.energies[sample, index - 1]
            continue
        copy_words(state, position.words)
        arrive(landscape, position)
        descending = True
        while descending:
            destination_energies(landscape, position, recorder.after)
            steepest = np.argmin(recorder.after[:moves])
            descending = recorder.after[steepest] < position.energy[0]
            if descending:
                move(landscape, position, steepest, recorder.after[steepest], None)
        recorder.energies[sample, index] = position.energy[0]


def variables(
    recorder: InherentStructureRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """``inherent_energy(sample, time)``."""
    return {
        "time": quantity("time", recorder.times, "time since the quench", "t", "attempts"),
        "inherent_energy": quantity(
            ("sample", "time"),
            recorder.energies,
            "energy of the inherent structure",
            "E_IS",
            "J",
        ),
    }
