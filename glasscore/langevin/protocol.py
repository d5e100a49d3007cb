"""Temperature and field in the course of a run: constant, except for changes at given times.

A change at once happens between two time steps: the step that begins at that time is the first one
with the new temperature and the new field. Steps use the values in their middle, so that it never
matters to which side of a change its time belongs. What is measured at the time of a change at once
is measured after the change of the field.
"""

from collections.abc import Mapping
from typing import Any

from glasscore.langevin.schedule import whole
from glasscore.models.ramps import Course, ramp_of


def protocol_of(parameters: Mapping[str, Any]) -> Course:
    """The protocol of a job.

    Parameters
    ----------
    parameters
        ``T``, ``model``, of which ``field`` may be left out, ``time_step``, and ``ramps``, which
        may be left out too.
    """
    unit = 2 * float(parameters["time_step"])
    ramps = []
    for ramp in map(ramp_of, parameters.get("ramps", ())):
        if ramp.begin == ramp.end:
            # The time of a change at once is, to the last digit, one of those of measurements.
            exact = whole(ramp.begin, unit / 2) * unit
            ramp = ramp._replace(begin=exact, end=exact)
        ramps.append(ramp)
    field = float(parameters["model"].get("field", 0.0))
    return Course(float(parameters["T"]), field, tuple(ramps))
