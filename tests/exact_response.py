"""Integrated responses of small systems, by linear algebra: a reference for simulations.

The generator with a field is differentiated numerically, so that nothing here knows the scores with
which the program measures responses.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import expm

from tests.exact import Graph, Rule, generator

Array = NDArray[np.float64]
# Central differences at this field have errors of about 1e-10 relative to the generator.
FIELD = 1e-5


class Exact(NamedTuple):
    """Integrated responses and correlations of some observables, shape (observable,)."""

    response: Array
    correlation: Array


def probabilities(energies: ArrayLike, graph: Graph, rule: Rule, beta: float, time: float) -> Array:
    """Probabilities of all states at a time, from a uniformly random state."""
    W = generator(energies, graph, rule, beta)
    return expm(W * time) @ np.full(len(W), 1.0 / len(W))


def boltzmann(energies: ArrayLike, beta: float) -> Array:
    """Equilibrium probabilities of all states."""
    weights = np.exp(-beta * (np.asarray(energies) - np.min(energies)))
    return weights / weights.sum()


def response(
    energies: ArrayLike,
    observables: ArrayLike,
    graph: Graph,
    rule: Rule,
    beta: float,
    start: Array,
    lag: float,
) -> Exact:
    """Responses of observables B to fields that change the energies to E - h B, at once.

    Parameters
    ----------
    energies
        Energy of each state, shape (S,).
    observables
        Each observable in each state, shape (O, S).
    graph, rule, beta
        As in :func:`tests.exact.generator`.
    start
        Probabilities at the waiting time, shape (S,).
    lag
        The time during which the field acts.
    """
    energies, observables = np.asarray(energies, float), np.asarray(observables, float)
    states = energies.size
    W = generator(energies, graph, rule, beta)
    later = expm(W * lag)
    found = []
    for B in observables:
        up, down = (generator(energies - h * B, graph, rule, beta) for h in (FIELD, -FIELD))
        both = np.block([[W, (up - down) / (2 * FIELD)], [np.zeros_like(W), W]])
        change = expm(both * lag)[:states, states:] @ start
        found.append((B @ change, B @ later @ (B * start)))
    return Exact(*np.array(found).T)


def spins(N: int) -> Array:
    """The spins of all states of N spins, shape (N, 2^N)."""
    return 2.0 * (np.arange(2**N) >> np.arange(N)[:, np.newaxis] & 1) - 1.0
