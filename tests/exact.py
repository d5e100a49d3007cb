"""Master equations of small systems, solved by linear algebra: a reference for simulations.

Written from the definitions and independent of the package's dynamics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Graph = Literal["hypercube", "complete"]
Rule = Literal["metropolis", "heat_bath", "arrhenius"] | Mapping[str, Any]
Array = NDArray[np.float64]

LARGEST_STATES = 4096
LARGEST_EXPONENT = 36.0
"""Largest beta (E_max - E_min): symmetrising multiplies rounding by at most exp(36 / 2) = 7e7."""


def generator(energies: ArrayLike, graph: Graph, rule: Rule, beta: float) -> Array:
    r"""Generator of the master equation dp/dt = W p.

    Parameters
    ----------
    energies
        Energy of each state, shape (S,). On the hypercube the state's bits are the spins.
    graph
        "hypercube": attempts at each of the N neighbours with probability 1 / N, S = 2^N.
        "complete": attempts at each of the S states with probability 1 / S; an attempt at the
        present state has no effect.
    rule
        "metropolis": accepted with probability ``min(1, exp(-beta (E_j - E_i)))``.
        "heat_bath": accepted with probability ``1 / (1 + exp(beta (E_j - E_i)))``.
        "arrhenius": at rate ``exp(beta E_i)`` per attempt.
        {"name": "barrier", "top": B}: with probability ``exp(-beta (max(E_i, E_j, B) - E_i))``.
    beta
        Inverse temperature.

    Returns
    -------
    ndarray
        W, shape (S, S): W[j, i] is the rate from i to j per attempt; columns sum to zero.

    Raises
    ------
    ValueError
        If the graph or the rule is unknown, or S does not fit the graph.
    """
    energies = np.asarray(energies, dtype=np.float64)
    states = energies.size
    if energies.ndim != 1 or not 2 <= states <= LARGEST_STATES:
        raise ValueError(f"energies must be a vector of 2 to {LARGEST_STATES} values")
    index = np.arange(states)
    if graph == "hypercube":
        spins = states.bit_length() - 1
        if states != 2**spins:
            raise ValueError(f"a hypercube has 2^N states, got {states}")
        difference = index[:, np.newaxis] ^ index
        attempts = np.where((difference & (difference - 1)) == 0, 1.0 / spins, 0.0)
    elif graph == "complete":
        attempts = np.full((states, states), 1.0 / states)
    else:
        raise ValueError(f"unknown graph {graph}")
    if rule == "metropolis":
        uphill = np.maximum(energies[:, np.newaxis] - energies, 0.0)
        rates = attempts * np.exp(-beta * uphill)
    elif rule == "heat_bath":
        rates = attempts / (1.0 + np.exp(beta * (energies[:, np.newaxis] - energies)))
    elif rule == "arrhenius":
        rates = attempts * np.exp(beta * energies)
    elif isinstance(rule, Mapping) and rule["name"] == "barrier":
        top = np.maximum(np.maximum(energies[:, np.newaxis], energies), rule["top"])
        rates = attempts * np.exp(-beta * (top - energies))
    else:
        raise ValueError(f"unknown rule {rule}")
    np.fill_diagonal(rates, 0.0)
    return rates - np.diag(rates.sum(axis=0))


@dataclass(frozen=True)
class MasterEquation:
    """Eigenmodes of one system started in a uniformly random state.

    Attributes
    ----------
    energies, exit_rates
        Shape (S,).
    eigenvalues, vectors
        Eigenvalues and eigenvectors of the symmetric matrix ``exp(beta E / 2) W exp(-beta E / 2)``;
        shapes (S,) and (S, S).
    half_weights
        ``exp(-beta (E - E_min) / 2)``, shape (S,).
    """

    energies: Array
    exit_rates: Array
    eigenvalues: Array
    vectors: Array
    half_weights: Array

    @classmethod
    def solve(cls, energies: ArrayLike, graph: Graph, rule: Rule, beta: float) -> "MasterEquation":
        """Diagonalise; arguments as in :func:`generator`.

        Raises
        ------
        ValueError
            As :func:`generator`, or if ``beta (E_max - E_min)`` is too large for the
            symmetrised problem to keep its digits.
        """
        energies = np.asarray(energies, dtype=np.float64)
        W = generator(energies, graph, rule, beta)
        exponent = beta * np.ptp(energies)
        if exponent > LARGEST_EXPONENT:
            raise ValueError(f"beta (E_max - E_min) = {exponent} loses all digits")
        half_weights = np.exp(-0.5 * beta * (energies - energies.min()))
        symmetric = W * half_weights / half_weights[:, np.newaxis]
        largest = np.abs(symmetric).max()
        assert np.abs(symmetric - symmetric.T).max() < 1e-12 * largest, "no detailed balance"
        eigenvalues, vectors = np.linalg.eigh(0.5 * (symmetric + symmetric.T))
        assert abs(eigenvalues[-1]) < 1e-13 * energies.size * largest, "no stationary state"
        # The stationary mode is known exactly, so that there is no drift at late times.
        eigenvalues[-1] = 0.0
        return cls(energies, -np.diag(W), eigenvalues, vectors, half_weights)

    def probabilities(self, time: ArrayLike) -> Array:
        """Probability of each state; shape of ``time`` followed by (S,)."""
        start = self.vectors.T @ (1.0 / self.half_weights) / self.energies.size
        result = (self._decays(time) * start) @ self.vectors.T * self.half_weights
        # Rounding errors of the initial state are largest where weights are smallest, in each term.
        rounding = np.finfo(float).eps * self.energies.size / self.half_weights.min()
        limit = max(1e-8, rounding)
        assert np.abs(result.sum(axis=-1) - 1.0).max() < limit, "probability is not conserved"
        assert result.min() > -limit, "a probability is negative"
        return result

    def energy(self, time: ArrayLike) -> Array:
        """Mean energy, of the shape of ``time``."""
        return self.probabilities(time) @ self.energies

    def same_configuration(self, waiting_time: ArrayLike, window: ArrayLike) -> Array:
        """sum_i p_i(t_w) [exp(W omega t_w)]_ii; ``waiting_time`` and ``window`` broadcast."""
        waiting_time, duration = _durations(waiting_time, window)
        returns = self._decays(duration) @ (self.vectors**2).T
        return (self.probabilities(waiting_time) * returns).sum(axis=-1)

    def no_jump(self, waiting_time: ArrayLike, window: ArrayLike) -> Array:
        """sum_i p_i(t_w) exp(-r_i omega t_w); ``waiting_time`` and ``window`` broadcast."""
        waiting_time, duration = _durations(waiting_time, window)
        stays = np.exp(-self.exit_rates * duration[..., np.newaxis])
        return (self.probabilities(waiting_time) * stays).sum(axis=-1)

    def equilibrium_mean(self, time: ArrayLike, observable: ArrayLike) -> Array:
        """Mean of f(i, j) for the state i of equilibrium and the state j a time later.

        ``observable`` has the shape (S, S); the result has the shape of ``time``.
        """
        modes = self.half_weights[:, np.newaxis] * self.vectors
        of_modes = np.einsum("ik,ij,jk->k", modes, np.asarray(observable, np.float64), modes)
        return self._decays(time) @ of_modes / (self.half_weights**2).sum()

    def visits(self, time: float) -> float:
        """Mean number of visits begun before ``time``: 1 + int_0^time sum_i p_i r_i."""
        start = self.vectors.T @ (1.0 / self.half_weights) / self.energies.size
        safe = np.where(self.eigenvalues < 0.0, self.eigenvalues, -1.0)
        integrals = np.where(self.eigenvalues < 0.0, np.expm1(safe * time) / safe, time)
        occupation = (integrals * start) @ self.vectors.T * self.half_weights
        return 1.0 + float(occupation @ self.exit_rates)

    def _decays(self, time: ArrayLike) -> Array:
        return np.exp(self.eigenvalues * np.asarray(time, dtype=np.float64)[..., np.newaxis])


def _durations(waiting_time: ArrayLike, window: ArrayLike) -> tuple[Array, Array]:
    waiting_time = np.asarray(waiting_time, dtype=np.float64)
    return waiting_time, waiting_time * np.asarray(window, dtype=np.float64)
