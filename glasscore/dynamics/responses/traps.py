r"""Responses of traps whose depths the field shifts, on the complete graph under Arrhenius' rule.

Each state has an independent random number m of mean 0 and variance 1, to which the field couples:
E -> E - h m. A field can change the rates exp(beta E_i) / M of the moves i -> j in several ways
with detailed balance, by the factors exp(beta h [zeta m_j - (1 - zeta) m_i]). Here zeta = 0: the
field shifts the depth of the trap that is left. Averaging over m leaves the time in the present
trap. For infinitely many traps, where r(t) = exp(beta E) is the rate of leaving it,

.. math:: T \chi(t, t_w) = \langle r(t) [t - \max(t_w, t_{\rm entry})] \rangle
          = -\int_{t_w}^t \frac{\partial C(t, t')}{\partial t} dt', \qquad C = \Pi,

with the probability of no jump, Pi. For M traps, with the time tau in which the trap of the time t
was occupied since t_w, earlier visits included,

.. math:: T \chi(t, t_w) = \langle e^{\beta E(t)} [\tau - (t - t_w) / M] \rangle,

and C is the probability of the same trap (both derived from the score, or from the generator). If
the field acted on the arrival alone, zeta = 1, infinitely many traps had T chi = 1 - C exactly at
all times; the response at any zeta is zeta (1 - C) / T plus 1 - zeta times the one here.

Sources: J.-P. Bouchaud and D. S. Dean, J. Phys. I France 5, 265 (1995), for the relation of
response and correlation; P. Sollich, cond-mat/0303637 (2003), for its range; F. Ritort,
cond-mat/0303445 (2003), for fields that act on the arrival.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.dynamics.interface import rate
from glasscore.dynamics.responses.interface import (
    begin_field,
    correlation_since,
    follow,
    response_since,
)
from glasscore.kernels.compilation import borrowing_kernel
from glasscore.landscapes.graphs.complete import UNOBSERVED_ENERGY


class TrapResponse(NamedTuple):
    """Infinitely many traps: the rule, and when the present trap was entered, by sample."""

    rule: Any
    arrival: np.ndarray


class FiniteTrapResponse(NamedTuple):
    """Traps of which each is visited again.

    Attributes
    ----------
    rule
        Arrhenius' rule.
    starts
        Times from which a field could act.
    arrival, trap
        When and where the present visit began, by sample; ``arrival`` is NaN before the first.
    passed
        The number of starts up to ``arrival``, by sample.
    occupied
        The time in each trap from one start to the next, visits before the present one; shape
        (sample, start, trap).
    trap_before
        The trap at each start, shape (sample, start).
    """

    rule: Any
    starts: np.ndarray
    arrival: np.ndarray
    trap: np.ndarray
    passed: np.ndarray
    occupied: np.ndarray
    trap_before: np.ndarray


def create(
    landscape: Any, rule: Any, starts: np.ndarray, samples: int
) -> TrapResponse | FiniteTrapResponse:
    """An empty record."""
    if landscape.bits == 0:
        return TrapResponse(rule, np.zeros(samples))
    return FiniteTrapResponse(
        rule,
        starts,
        np.full(samples, np.nan),
        np.zeros(samples, np.int64),
        np.zeros(samples, np.int64),
        np.zeros((samples, starts.size, 2**landscape.bits)),
        np.zeros((samples, starts.size), np.int64),
    )


@follow.register
def _(response: TrapResponse, sample, arrival, position, work):
    response.arrival[sample] = arrival


@begin_field.register
def _(response: TrapResponse, sample, start, time, position):
    pass


@response_since.register
def _(response: TrapResponse, sample, start, waiting_time, time, position):
    escape = rate(response.rule, position.energy[0], UNOBSERVED_ENERGY)
    return response.rule.beta * escape * (time - max(waiting_time, response.arrival[sample]))


@correlation_since.register
def _(response: TrapResponse, sample, start, waiting_time, time, position):
    return 1.0 if response.arrival[sample] <= waiting_time else 0.0


@borrowing_kernel
def _follow(response, sample, arrival, position):
    """Divide the visit before among the intervals between starts."""
    starts, occupied = response.starts, response.occupied
    trap, begun, passed = response.trap[sample], response.arrival[sample], response.passed[sample]
    if not np.isnan(begun):
        while passed < starts.size and starts[passed] < arrival:
            if passed > 0:
                occupied[sample, passed - 1, trap] += starts[passed] - max(
                    begun, starts[passed - 1]
                )
            passed += 1
        if passed > 0:
            occupied[sample, passed - 1, trap] += arrival - max(begun, starts[passed - 1])
        response.passed[sample] = passed
    response.arrival[sample] = arrival
    response.trap[sample] = np.int64(position.words[0])


@follow.register
def _(response: FiniteTrapResponse, sample, arrival, position, work):
    _follow(response, sample, arrival, position)


@begin_field.register
def _(response: FiniteTrapResponse, sample, start, time, position):
    response.trap_before[sample, start] = response.trap[sample]


@response_since.register
def _(response: FiniteTrapResponse, sample, start, waiting_time, time, position):
    inside = time - max(waiting_time, response.arrival[sample])
    for interval in range(start, response.passed[sample]):
        inside += response.occupied[sample, interval, response.trap[sample]]
    share = (time - waiting_time) / response.occupied.shape[2]
    escape = rate(response.rule, position.energy[0], UNOBSERVED_ENERGY)
    return response.rule.beta * escape * (inside - share)


@correlation_since.register
def _(response: FiniteTrapResponse, sample, start, waiting_time, time, position):
    return 1.0 if response.trap_before[sample, start] == response.trap[sample] else 0.0
