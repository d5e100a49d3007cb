"""Exponents x of the tails tau^-(1 + x) of all trapping times that were recorded."""

import numpy as np
import xarray as xr

from glasscore.estimates.tail_exponent import TailExponent, tail_exponent
from glasscore.files.store import measured, quantity

# By histogram: the name of its exponent, and what its events are.
LEVELS = {
    "trapping_time_count": ("trapping_time_exponent", "visits"),
    "stay_count": ("stay_exponent", "stays"),
    "basin_count": ("basin_trapping_time_exponent", "basins"),
    "metabasin_count": ("metabasin_trapping_time_exponent", "metabasins"),
}
# Trapping times up to this share of the run are fitted. The end of the run makes longer ones too
# rare; at this share their density is too small by x times 3 % at most.
SHARE_OF_RUN = 0.03
UNKNOWN = TailExponent(*[np.nan] * 7)


def tails(blocks: xr.Dataset, end: float) -> dict[str, xr.Variable]:
    """Exponents by maximum likelihood, with errors over samples.

    Parameters
    ----------
    blocks
        What the recorders wrote for all samples.
    end
        The length of the runs, in attempts.

    Returns
    -------
    dict
        For each histogram ``..._exponent`` with ``_error``; ``_from`` and ``_to``, the range of
        trapping times that was fitted; and ``_probability``, with which data of a power law would
        fit no better. They are NaN where there are too few events to choose a range.
    """
    variables: dict[str, xr.Variable] = {}
    for counts, (name, events) in LEVELS.items():
        if counts in blocks:
            fit = _fit(blocks, counts, SHARE_OF_RUN * end)
            about = f"of the trapping times of {events}"
            variables |= {
                **measured(name, (), fit.exponent, fit.error, f"tail exponent {about}", "x"),
                f"{name}_from": quantity(
                    (), fit.smallest, f"shortest {about} in the fit", r"\tau", "attempts"
                ),
                f"{name}_to": quantity(
                    (), fit.largest, f"longest {about} in the fit", r"\tau", "attempts"
                ),
                f"{name}_probability": quantity(
                    (), fit.probability, f"probability of a worse fit {about}", "p"
                ),
            }
    return variables


def _fit(blocks: xr.Dataset, counts: str, largest: float) -> TailExponent:
    edges = np.append(blocks.trapping_time_lower.values, blocks.trapping_time_upper.values[-1])
    try:
        return tail_exponent(blocks[counts].values, edges, largest=largest)
    except ValueError:
        return UNKNOWN
