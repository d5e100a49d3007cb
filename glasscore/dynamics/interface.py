"""The verbs of rules and recorders, and how recorders are joined."""

from typing import Any, NamedTuple

from glasscore.compilation import generic


@generic
def rate(rule, energy, energy_after):
    """Rate of a move once it is attempted, from the energies before and after it."""


@generic
def record(recorder, sample, arrival, departure, state, energy):
    """Take note that ``sample`` stays in ``state`` during arrival <= t < departure."""


class Both(NamedTuple):
    """Two recorders as one; a chain of these holds any number."""

    first: Any
    second: Any


@record.register
def _(recorder: Both, sample, arrival, departure, state, energy):
    record(recorder.first, sample, arrival, departure, state, energy)
    record(recorder.second, sample, arrival, departure, state, energy)
