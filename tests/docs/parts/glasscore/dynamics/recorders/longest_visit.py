"""How long the longest visit to a state lasted."""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import visited, wants_every_visit
from glasscore.files.store import quantity
from glasscore.models.schedule import Schedule


class LongestVisit(NamedTuple):
    """The longest visit so far, by sample."""

    longest: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> LongestVisit:
    """An empty record."""
    return LongestVisit(np.zeros(samples))


@wants_every_visit.register
def _(recorder: LongestVisit):
    return True


@visited.register
def _(recorder: LongestVisit, sample, arrival, departure, position):
    recorder.longest[sample] = max(recorder.longest[sample], departure - arrival)


def variables(recorder: LongestVisit, landscape: Any, schedule: Schedule) -> dict[str, xr.Variable]:
    """``longest_visit(sample)``."""
    return {
        "longest_visit": quantity("sample", recorder.longest, "longest visit", r"\tau", "attempts")
    }
