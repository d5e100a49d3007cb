"""Numbers of moves up and down, binned by the energy before the move.

Every jump between two visits counts: its direction and its change of the energy. The energy at
which jumps up and down are equally frequent is the effective threshold of activation by entropy.
At the energy where the mean change of the energy is zero, the drift vanishes.

Source: E. Bertin, J. Phys. A 36, 10683 (2003), for the crossover of the step model at T_c/2; M. R.
Carbone, M. Baity-Jesi, Phys. Rev. E 106, 024603 (2022), for the threshold.
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import record_visit
from glasscore.files.store import quantity
from glasscore.kernels.compilation import kernel
from glasscore.models.schedule import Schedule

BINS = 256
# Range of the bins in units of J. On the hypercube it is multiplied by N/16 if this is above 1.
# Energies outside the range fall into the outermost bins.
LOWEST, HIGHEST = -48.0, 16.0
FEW_SPINS = 16

USES = ()
NEEDS_EVERY_VISIT = True
AT_CONSTANT_RATES = True


class MoveRecorder(NamedTuple):
    """The bins, the energy of the last visit of each sample, and sums over jumps in each bin.

    ``lowest`` and ``width``: the lower end and the width of the bins. ``before``: the energy of the
    last visit, NaN before the first visit. ``up`` and ``down``: the numbers of jumps, and
    ``change``: the sum of their changes of the energy, each of shape (sample, bin).
    """

    lowest: float
    width: float
    before: np.ndarray
    up: np.ndarray
    down: np.ndarray
    change: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> MoveRecorder:
    """An empty record."""
    scale = max(1.0, getattr(landscape, "N", FEW_SPINS) / FEW_SPINS)
    return MoveRecorder(
        scale * LOWEST,
        scale * (HIGHEST - LOWEST) / BINS,
        np.full(samples, np.nan),
        *(np.zeros((samples, BINS)) for _ in range(3)),
    )


@record_visit.register
def _(recorder: MoveRecorder, sample, arrival, departure, position):
    energy = position.energy[0]
    before = recorder.before[sample]
    if energy != before:
        _moved(recorder, sample, before, energy)


@kernel
def _moved(recorder, sample, before, energy):
    recorder.before[sample] = energy
    if np.isnan(before):
        return
    index = int((before - recorder.lowest) / recorder.width)
    index = min(max(index, 0), BINS - 1)
    recorder.change[sample, index] += energy - before
    if energy > before:
        recorder.up[sample, index] += 1.0
    else:
        recorder.down[sample, index] += 1.0


def variables(recorder: MoveRecorder, landscape: Any, schedule: Schedule) -> dict[str, xr.Variable]:
    """The variables ``moves_up``, ``moves_down``, ``energy_change`` (sample, move_energy)."""
    by_bin = ("sample", "move_energy")
    centres = recorder.lowest + recorder.width * (np.arange(BINS) + 0.5)
    return {
        "move_energy": quantity(
            "move_energy", centres, "energy before a move, bin centre", "E", "J"
        ),
        "moves_up": quantity(by_bin, recorder.up, "moves that lead up", "n_+"),
        "moves_down": quantity(by_bin, recorder.down, "moves that lead down", "n_-"),
        "energy_change": quantity(
            by_bin, recorder.change, "sum of the changes of the energy", r"\Delta E", "J"
        ),
    }
