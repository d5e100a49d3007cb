"""The duration of the longest visit to a state."""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import record_visit
from glasscore.files.store import quantity
from glasscore.models.schedule import Schedule

NEEDS_EVERY_VISIT = True


class LongestVisit(NamedTuple):
    """The longest visit so far, by sample."""

    longest: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> LongestVisit:
    """An empty record."""
    return LongestVisit(np.zeros(samples))


@record_visit.register
def _(recorder: LongestVisit, sample, arrival, departure, position):
    recorder.longest[sample] = max(recorder.longest[sample], departure - arrival)


def variables(recorder: LongestVisit, landscape: Any, schedule: Schedule) -> dict[str, xr.Variable]:
    """``longest_visit(sample)``."""
    return {
        "longest_visit": quantity("sample", recorder.longest, "longest visit", r"\tau", "attempts")
    }
