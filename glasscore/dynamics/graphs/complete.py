"""Leaving a state of the complete graph."""

from typing import NamedTuple

import numpy as np

from glasscore.dynamics.interface import duration, leave, prepare, rate, workspace
from glasscore.landscapes.graphs.complete import UNOBSERVED_ENERGY, Complete
from glasscore.landscapes.interface import move, move_weight


class Nothing(NamedTuple):
    """No room is needed: a trap is left at one rate, and all targets are alike."""

    empty: np.ndarray


@workspace.register
def _(landscape: Complete, rule):
    return Nothing(np.zeros(0))


@prepare.register
def _(landscape: Complete, rule, position, work):
    pass


@duration.register
def _(landscape: Complete, rule, position, work, rng):
    total = rate(rule, position.energy[0], UNOBSERVED_ENERGY)
    return rng.standard_exponential() / (move_weight(landscape) * total)


@leave.register
def _(landscape: Complete, rule, position, work, rng):
    move(landscape, position, 0, UNOBSERVED_ENERGY, rng)
