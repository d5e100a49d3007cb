r"""Responses in the step model of infinitely many states under Metropolis's rule.

Each state has an independent random number m of mean 0 and variance 1, and the field shifts its
energy, E -> E - h m. The average of the score over m leaves what concerns the present state:

.. math:: T \chi(t, t_w) = P(\text{the last jump was up and after } t_w)
          + \langle R_{\rm up} [t - \max(t_w, t_{\rm entry})] \rangle

with the total rate R_up of the moves up from the present state, whose arrival was at the time
t_entry (derivation). The correlation is the probability of no jump from t_w to t.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.dynamics.responses.interface import (
    begin_field,
    correlation_since,
    follow,
    response_since,
)


class StepResponse(NamedTuple):
    """The inverse temperature and, of the present visit of each sample, what the response needs.

    ``arrival``: when it began; ``energy``: the energy of its state, NaN before the first visit;
    ``climbed``: 1 if the jump to it was up, else 0; ``up``: the total rate of the moves up.
    """

    beta: float
    arrival: np.ndarray
    energy: np.ndarray
    climbed: np.ndarray
    up: np.ndarray


def create(landscape: Any, rule: Any, starts: np.ndarray, samples: int) -> StepResponse:
    """An empty record."""
    energy = np.full(samples, np.nan)
    return StepResponse(rule.beta, np.zeros(samples), energy, np.zeros(samples), np.zeros(samples))


@follow.register
def _(response: StepResponse, sample, arrival, position, work):
    energy = position.energy[0]
    response.climbed[sample] = 1.0 if energy > response.energy[sample] else 0.0
    response.arrival[sample] = arrival
    response.energy[sample] = energy
    response.up[sample] = work.up[0]


@begin_field.register
def _(response: StepResponse, sample, start, time, position):
    pass


@response_since.register
def _(response: StepResponse, sample, start, waiting_time, time, position):
    arrival = response.arrival[sample]
    climbed = response.climbed[sample] if arrival > waiting_time else 0.0
    inside = time - max(waiting_time, arrival)
    return response.beta * (climbed + response.up[sample] * inside)


@correlation_since.register
def _(response: StepResponse, sample, start, waiting_time, time, position):
    return 1.0 if response.arrival[sample] <= waiting_time else 0.0
