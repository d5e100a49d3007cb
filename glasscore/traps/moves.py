"""Balance of moves up and down in energy, by the energy that they start from."""

import numpy as np
import xarray as xr

from glasscore.estimates.samples import ratio_and_error
from glasscore.files.store import measured
from glasscore.traps.depths import FEWEST_SAMPLES


def moves(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """The variables ``move_asymmetry`` and ``move_drift``, by ``move_energy``.

    The first is the share of moves up minus that of moves down, the second the mean change of the
    energy by a move. Both are NaN where fewer than :data:`FEWEST_SAMPLES` samples moved.
    """
    up, down = blocks.moves_up.values, blocks.moves_down.values
    # One more move up means one move less down, which changes the difference by two.
    asymmetry, asymmetry_error = ratio_and_error(up - down, up + down, one_count=2.0)
    drift, drift_error = ratio_and_error(blocks.energy_change.values, up + down, one_count=0.0)
    few = ((up + down) > 0).sum(axis=0) < FEWEST_SAMPLES
    for values in (asymmetry, asymmetry_error, drift, drift_error):
        values[few] = np.nan
    return {
        "move_energy": blocks.move_energy.variable,
        **measured(
            "move_asymmetry", "move_energy", asymmetry, asymmetry_error,
            "share of moves up less that of moves down", r"P_\uparrow-P_\downarrow",
        ),
        **measured(
            "move_drift", "move_energy", drift, drift_error,
            "mean change of the energy by a move", r"\langle\Delta E\rangle", "J",
        ),
    }  # fmt: skip
