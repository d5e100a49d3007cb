"""The verbs of a response: what the recorder of responses asks for along a trajectory.

A response is a named tuple with one row per sample in its arrays; a verb is selected by its type.
Starts are the times from which a field could act: they are numbered in the order of time.
"""

from glasscore.kernels.compilation import generic


@generic
def follow(response, sample, arrival, position, work):
    """Account for the visit before, and begin the visit to ``position`` at the time ``arrival``.

    ``work`` is the workspace that holds the rates of all moves out of ``position``.
    """


@generic
def begin_field(response, sample, start, time, position):
    """Keep what responses to a field from this start on need of the present state."""


@generic
def response_since(response, sample, start, waiting_time, time, position):
    """The integrated response at ``time`` to a field since ``waiting_time``, in 1/J."""


@generic
def correlation_since(response, sample, start, waiting_time, time, position):
    """The correlation that belongs to the response, 1 for equal times."""
