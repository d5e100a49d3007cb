"""Exponents of trapping times: x of the tail tau^-(1 + x), at every level that was recorded."""

import numpy as np
import xarray as xr

from glasscore.estimates.tail_exponent import TailExponent, tail_exponent
from glasscore.files.store import measured, quantity

# Histogram of each level, and the name of its exponent.
LEVELS = {
    "trapping_time_count": ("trapping_time_exponent", "visits"),
    "stay_count": ("stay_exponent", "stays"),
    "basin_count": ("basin_trapping_time_exponent", "basins"),
    "metabasin_count": ("metabasin_trapping_time_exponent", "metabasins"),
}
# Longer ones are cut short by the end of the run: at this share of it by x times 3 % at most.
SHARE_OF_RUN = 0.03
UNKNOWN = TailExponent(*[np.nan] * 7)


def tails(blocks: xr.Dataset, end: float) -> dict[str, xr.Variable]:
    """Exponents by maximum likelihood, with errors over samples.

    Parameters
    ----------
    blocks
        What the recorders wrote, all samples together.
    end
        The length of the runs, in attempts.

    Returns
    -------
    dict
        For each level ``..._exponent`` and ``_error``, ``_from`` and ``_to`` (the range of trapping
        times that was fitted), ``_probability`` (of a tail that fits no better, if it is a power
        law). NaN where there are too few events to choose a range from.
    """
    variables: dict[str, xr.Variable] = {}
    for counts, (name, events) in LEVELS.items():
        if counts in blocks:
            fit = _fitted(blocks, counts, SHARE_OF_RUN * end)
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


def _fitted(blocks: xr.Dataset, counts: str, largest: float) -> TailExponent:
    edges = np.append(blocks.trapping_time_lower.values, blocks.trapping_time_upper.values[-1])
    try:
        return tail_exponent(blocks[counts].values, edges, largest=largest)
    except ValueError:
        return UNKNOWN
