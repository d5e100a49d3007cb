"""Inherent structures: the local minimum that steepest descent reaches from the configuration.

Each step flips the spin whose flip lowers the energy most, until no flip lowers the energy. So the
minimum is a function of the configuration alone. The descent also ends on a plateau of equal
energies, even if the plateau leads to a lower state; the stage ``barriers`` crosses plateaus
(``glasscore.barriers.descent``). Energies from a continuous distribution have no plateaus.

Sources: F. H. Stillinger, T. A. Weber, Phys. Rev. A 25, 978 (1982); on spin glasses A. Crisanti, F.
Ritort, Europhys. Lett. 52, 640 (2000).
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import next_observation, observe
from glasscore.dynamics.observation_times import (
    coordinate_of_times,
    coordinates_of_pairs,
    distances_of_pairs,
    next_time_of_sample,
    pass_times,
)
from glasscore.files.store import quantity
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.interface import (
    VECTOR,
    copy_words,
    destination_energies,
    move,
    move_count,
    position,
    update_energy,
)
from glasscore.models.schedule import Schedule

GRAPHS = ("hypercube",)


class InherentStructureRecorder(NamedTuple):
    """Observation times in order, the next one of each sample, and the observed quantities.

    ``states`` and ``minima`` (their inherent structures): shape (sample, time, word). ``energies``
    of the minima: shape (sample, time). ``after``: room for the energies after each move.
    """

    times: np.ndarray
    next_time: np.ndarray
    states: np.ndarray
    minima: np.ndarray
    energies: np.ndarray
    after: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> InherentStructureRecorder:
    """An empty record."""
    times = np.union1d(schedule.times, schedule.pair_times)
    shape = (samples, times.size)
    words = position(landscape).words.size
    moves = move_count(landscape)
    return InherentStructureRecorder(
        times,
        np.zeros(samples, np.int64),
        np.zeros((*shape, words), np.uint64),
        np.zeros((*shape, words), np.uint64),
        np.full(shape, np.nan),
        np.zeros(-(-moves // VECTOR) * VECTOR),
    )


@next_observation.register
def _(recorder: InherentStructureRecorder, sample):
    return next_time_of_sample(recorder.times, recorder.next_time, sample)


@observe.register
def _(recorder: InherentStructureRecorder, sample, departure, position):
    first, beyond = pass_times(recorder.times, recorder.next_time, sample, departure)
    for index in range(first, beyond):
        copy_words(position.words, recorder.states[sample, index])


@kernel
def complete(recorder, sample, landscape, position):
    """Descend from all configurations of a sample whose run is over."""
    moves = move_count(landscape)
    for index in range(recorder.next_time[sample]):
        state, minimum = recorder.states[sample, index], recorder.minima[sample, index]
        if index > 0 and np.array_equal(state, recorder.states[sample, index - 1]):
            copy_words(recorder.minima[sample, index - 1], minimum)
            recorder.energies[sample, index] = recorder.energies[sample, index - 1]
            continue
        copy_words(state, position.words)
        update_energy(landscape, position)
        descending = True
        while descending:
            destination_energies(landscape, position, recorder.after)
            steepest = np.argmin(recorder.after[:moves])
            descending = recorder.after[steepest] < position.energy[0]
            if descending:
                move(landscape, position, steepest, recorder.after[steepest], None)
        copy_words(position.words, minimum)
        recorder.energies[sample, index] = position.energy[0]


def variables(
    recorder: InherentStructureRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """Energies of the minima, and distances of those at t_w and t_w (1 + omega)."""
    at_time = np.searchsorted(recorder.times, schedule.times)
    return {
        **coordinate_of_times(schedule),
        **coordinates_of_pairs(schedule),
        "inherent_energy": quantity(
            ("sample", "time"),
            recorder.energies[:, at_time],
            "energy of the inherent structure",
            "E_IS",
            "J",
        ),
        "inherent_distance": quantity(
            ("sample", "waiting_time", "window"),
            distances_of_pairs(landscape, schedule, recorder.times, recorder.minima),
            "distance of the inherent structures at t_w and t_w (1 + omega); -1: not observed",
            "d_IS",
        ),
    }
