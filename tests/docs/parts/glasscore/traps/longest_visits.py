"""The longest visit, on average."""

import xarray as xr

from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured


def longest_visits(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """Mean over disorder samples of the longest visit."""
    mean, error = mean_and_error(blocks.longest_visit.values)
    return measured(
        "mean_longest_visit", (), mean, error, "mean longest visit", r"\tau", "attempts"
    )
