r"""Responses of spins on the hypercube, each to a field that acts on it alone.

.. math:: C = \frac{1}{N} \sum_i \langle s_i(t_w) s_i(t) \rangle, \qquad
          \chi = \frac{1}{N} \sum_i \langle s_i(t) S_i(t_w, t) \rangle

A field on spin i changes the rate of its own flip alone, by g_i = -2 s_i times the slope of the
logarithm of the rate, so that its score S_i jumps when spin i flips and drifts in between. One
vector of N scores holds the response to a field of any direction. The mean over the spins is taken
in each sample: a field with random signs on all spins has the same mean response, but would need
about N times more samples, since its noise is that of the sum of all scores (derivation).

The variance of a score grows in proportion to t - t_w, however slowly the response grows.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.dynamics.interface import log_rate_slope, rate
from glasscore.dynamics.responses.interface import (
    begin_field,
    correlation_since,
    follow,
    response_since,
)
from glasscore.kernels.compilation import borrowing_kernel
from glasscore.landscapes.interface import ONE, WORD, position

EXPONENT_OF_ONE, MANTISSA_BITS = 1023, 52


class SpinResponse(NamedTuple):
    """The scores of all spins, by sample.

    Attributes
    ----------
    rule
        The rule, which must register ``log_rate_slope``.
    arrival, energy, words
        When and where the present visit began; ``arrival`` is NaN before the first visit.
    spins
        The spins of the present visit, +-1, shape (sample, N).
    scores, drifts
        The scores since the beginning of the run, as they were at ``arrival``, and their change in
        unit time, in 1/J, shape (sample, N).
    scores_before, spins_before
        Scores and spins at each start, shape (sample, start, N).
    """

    rule: Any
    arrival: np.ndarray
    energy: np.ndarray
    words: np.ndarray
    spins: np.ndarray
    scores: np.ndarray
    drifts: np.ndarray
    scores_before: np.ndarray
    spins_before: np.ndarray


def create(landscape: Any, rule: Any, starts: np.ndarray, samples: int) -> SpinResponse:
    """An empty record."""
    shape = (samples, landscape.N)
    at_starts = (samples, starts.size, landscape.N)
    return SpinResponse(
        rule,
        np.full(samples, np.nan),
        np.zeros(samples),
        np.zeros((samples, position(landscape).words.size), np.uint64),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(at_starts),
        np.zeros(at_starts, np.int8),
    )


@borrowing_kernel
def _follow(response, sample, arrival, position, work):
    # Each array is looked at by all of its indices, since a row would be an array of its own.
    rule, spins, scores = response.rule, response.spins, response.scores
    words, drifts = response.words, response.drifts
    energy, count = position.energy[0], spins.shape[1]
    waited = arrival - response.arrival[sample]
    if np.isnan(waited):
        waited = 0.0
        for spin in range(count):
            up = (position.words[spin // WORD] >> np.uint64(spin % WORD)) & ONE
            spins[sample, spin] = 1.0 if up == ONE else -1.0
    else:
        before = response.energy[sample]
        slope = log_rate_slope(rule, before, energy, rate(rule, before, energy))
        for word in range(words.shape[1]):
            flipped = words[sample, word] ^ position.words[word]
            if flipped != np.uint64(0):
                # The exponent of a power of two is the number of the bit that is set.
                exponent = np.float64(flipped).view(np.int64) >> np.int64(MANTISSA_BITS)
                spin = int(word * WORD + exponent - EXPONENT_OF_ONE)
                scores[sample, spin] -= 2.0 * spins[sample, spin] * slope
                spins[sample, spin] = -spins[sample, spin]
    for word in range(words.shape[1]):
        words[sample, word] = position.words[word]
    response.arrival[sample] = arrival
    response.energy[sample] = energy
    weight = 2.0 / count
    for spin in range(count):
        scores[sample, spin] += drifts[sample, spin] * waited
        its_rate = work.rates[spin]
        slope = log_rate_slope(rule, energy, work.energies[spin], its_rate)
        drifts[sample, spin] = weight * its_rate * slope * spins[sample, spin]


@follow.register
def _(response: SpinResponse, sample, arrival, position, work):
    _follow(response, sample, arrival, position, work)


@begin_field.register
def _(response: SpinResponse, sample, start, time, position):
    waited = time - response.arrival[sample]
    for spin in range(response.spins.shape[1]):
        drifted = response.drifts[sample, spin] * waited
        response.scores_before[sample, start, spin] = response.scores[sample, spin] + drifted
        response.spins_before[sample, start, spin] = response.spins[sample, spin]


@response_since.register
def _(response: SpinResponse, sample, start, waiting_time, time, position):
    waited = time - response.arrival[sample]
    total = 0.0
    for spin in range(response.spins.shape[1]):
        score = response.scores[sample, spin] + response.drifts[sample, spin] * waited
        score -= response.scores_before[sample, start, spin]
        total += response.spins[sample, spin] * score
    return total / response.spins.shape[1]


@correlation_since.register
def _(response: SpinResponse, sample, start, waiting_time, time, position):
    total = 0.0
    for spin in range(response.spins.shape[1]):
        total += response.spins[sample, spin] * response.spins_before[sample, start, spin]
    return total / response.spins.shape[1]
