"""Exact relaxation of a trap model with finitely many quenched traps.

A trap of energy E is left at rate ``exp(beta E) / M`` towards each of the M - 1 other traps, one
attempt being one unit of time, and the walk starts in a trap drawn at random. With ``r`` the rates
``exp(beta E)`` and ``w = 1 / M``, the master equation

    dp_i/dt = -r_i p_i + w_i sum_j r_j p_j

has a matrix that is diagonal plus a matrix of rank one (a move from a trap to itself changes
nothing, and may be included). So its modes are closed expressions of the relaxation rates
``lambda``, which are the roots of the secular equation. Each root is computed as a distance from
the nearest ``r_i``, which keeps its relative accuracy. A dense eigensolver would lose the slow
modes, since its absolute error is of the order of rounding times the fastest rate.

References
----------
J.-P. Bouchaud, J. Phys. I France 2 (1992) 1705, for the model. The modes follow from the rank-one
form (derivation; compare Bovier and Faggionato, Ann. Appl. Probab. 15 (2005) 1997).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glasscore.theory.arguments import not_negative

MAXIMUM_TRAPS = 4096
BISECTIONS = 90
ROOTS_AT_ONCE = 256

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FiniteTrapModel:
    """Relaxation modes of one set of traps, made by :meth:`solve`.

    Traps of equal energy form one level, since they have the same probability at all times.

    Attributes
    ----------
    traps
        M, the number of traps.
    level
        Level of each trap, shape (M,).
    energies, rates, weights
        Energy, ``exp(beta E)`` and share of the traps of each level, shape (L,), in ascending order
        of the rates.
    relaxation_rates
        ``lambda_k``, shape (L,), ascending from 0, per attempt.
    modes
        Shape (L, L): the occupation of level i is ``sum_k modes[i, k] exp(-lambda_k t)``.
    returns
        Shape (L, L): the same as ``modes`` for the probability of the level where the walk started.
    """

    traps: int
    level: NDArray[np.intp]
    energies: Array
    rates: Array
    weights: Array
    relaxation_rates: Array
    modes: Array
    returns: Array

    @classmethod
    def solve(cls, energies: ArrayLike, beta: float) -> "FiniteTrapModel":
        r"""Compute the modes of the traps.

        .. math:: \sum_i \frac{w_i}{r_i - \lambda_k} = 0, \qquad
                  p_i(t) = \sum_k \frac{w_i}{r_i - \lambda_k} \frac{e^{-\lambda_k t}}{D_k}, \qquad
                  D_k = \sum_i \frac{w_i r_i}{(r_i - \lambda_k)^2}

        The stationary mode has ``lambda_0 = 0``.

        Parameters
        ----------
        energies
            Energies of the traps, shape (M,), with 2 <= M <= 4096.
        beta
            Inverse temperature, not negative.

        Returns
        -------
        FiniteTrapModel

        Raises
        ------
        ValueError
            If there are too few or too many traps, an energy is not finite, beta is negative, or
            rates leave the range of floating point.

        Notes
        -----
        This takes of the order of ``100 M^2`` operations (2 s at M = 4096) and about ``48 M^2``
        bytes, of which ``16 M^2`` are kept. Probabilities sum to one within 1e-15, and each of them
        is positive and keeps its relative accuracy at all times (tested to 1e-10).
        """
        energies = np.asarray(energies, dtype=np.float64)
        if energies.ndim != 1 or not 2 <= energies.size <= MAXIMUM_TRAPS:
            raise ValueError(f"energies must be a vector of 2 to {MAXIMUM_TRAPS} values")
        if not np.all(np.isfinite(energies)):
            raise ValueError("energies must be finite")
        if not 0 <= beta < np.inf or np.max(np.abs(beta * energies)) > 300:
            raise ValueError(f"beta must be 0 or more, with |beta E| up to 300, got {beta}")
        # Energies are one level if their rates are the same number after rounding.
        rates, level, counts = np.unique(
            np.exp(beta * energies), return_inverse=True, return_counts=True
        )
        level_energies = np.bincount(level, weights=energies) / counts
        weights = counts / energies.size
        pole, offset = _secular_roots(rates, weights)
        # gap[i, k] is rates[i] - lambda_k, computed without cancellation.
        gap = rates[:, np.newaxis] - rates[pole] - offset
        relaxation_rates = rates[pole] + offset
        slope = (weights[:, np.newaxis] / gap**2).sum(axis=0) * relaxation_rates
        gap = np.column_stack([rates, gap])
        norm = np.concatenate([[(weights / rates).sum()], slope])
        modes = weights[:, np.newaxis] / gap / norm
        return cls(
            traps=energies.size,
            level=level,
            energies=level_energies,
            rates=rates,
            weights=weights,
            relaxation_rates=np.concatenate([[0.0], relaxation_rates]),
            modes=modes,
            returns=modes * rates[:, np.newaxis] / gap,
        )

    def occupations(self, time: ArrayLike) -> Array:
        """Probability of each level.

        Parameters
        ----------
        time
            Attempts since the start, any shape.

        Returns
        -------
        ndarray
            Shape of ``time`` followed by (L,). A trap's probability is that of its level over the
            number of traps of the level, ``traps * weights``.
        """
        time = not_negative(time, "time")
        return self._decays(time) @ self.modes.T

    def energy(self, time: ArrayLike) -> Array:
        """Mean energy, in the unit of the traps' energies, of the shape of ``time``."""
        time = not_negative(time, "time")
        return self._decays(time) @ (self.energies @ self.modes)

    def no_jump(self, waiting_time: ArrayLike, window: ArrayLike) -> Array:
        r"""Probability of no jump between t_w and t_w (1 + omega).

        .. math:: \sum_i p_i(t_w) e^{-(1 - 1 / M) r_i \omega t_w}

        Parameters
        ----------
        waiting_time, window
            t_w in attempts and omega, broadcast against each other.

        Returns
        -------
        ndarray
            Probabilities of the broadcast shape.
        """
        waiting_time = not_negative(waiting_time, "waiting_time")
        duration = waiting_time * not_negative(window, "window")
        return (self.occupations(waiting_time) * self._stays(duration)).sum(axis=-1)

    def same_configuration(self, waiting_time: ArrayLike, window: ArrayLike) -> Array:
        r"""Probability of the same trap at t_w and t_w (1 + omega), whatever happened between.

        .. math:: \sum_i p_i(t_w) [e^{W \omega t_w}]_{ii}

        Parameters
        ----------
        waiting_time, window
            t_w in attempts and omega, broadcast against each other.

        Returns
        -------
        ndarray
            Probabilities of the broadcast shape.
        """
        waiting_time = not_negative(waiting_time, "waiting_time")
        duration = waiting_time * not_negative(window, "window")
        same_level = self._decays(duration) @ self.returns.T
        count = np.rint(self.weights * self.traps)
        # In a level of n traps, all modes but the symmetric one decay at the rate of the level.
        own = np.exp(-self.rates * duration[..., np.newaxis])
        same_trap = same_level / count + (1.0 - 1.0 / count) * own
        return (self.occupations(waiting_time) * same_trap).sum(axis=-1)

    def _decays(self, time: Array) -> Array:
        return np.exp(-self.relaxation_rates * time[..., np.newaxis])

    def _stays(self, duration: Array) -> Array:
        return np.exp(-(1.0 - 1.0 / self.traps) * self.rates * duration[..., np.newaxis])


def finite_energy(time: ArrayLike, energies: ArrayLike, beta: float) -> Array:
    """:meth:`FiniteTrapModel.energy` of the given traps."""
    return FiniteTrapModel.solve(energies, beta).energy(time)


def finite_no_jump(
    waiting_time: ArrayLike, window: ArrayLike, energies: ArrayLike, beta: float
) -> Array:
    """:meth:`FiniteTrapModel.no_jump` of the given traps."""
    return FiniteTrapModel.solve(energies, beta).no_jump(waiting_time, window)


def finite_same_configuration(
    waiting_time: ArrayLike, window: ArrayLike, energies: ArrayLike, beta: float
) -> Array:
    """:meth:`FiniteTrapModel.same_configuration` of the given traps."""
    return FiniteTrapModel.solve(energies, beta).same_configuration(waiting_time, window)


def _secular_roots(rates: Array, weights: Array) -> tuple[NDArray[np.intp], Array]:
    """Roots of sum_i w_i / (r_i - lambda), one between each pair of neighbouring rates.

    The results are the index of the nearer rate and the distance of the root from it, so that
    differences between roots and rates keep their digits. The sum increases through each interval.
    """
    intervals = np.arange(rates.size - 1)
    pole = np.empty(intervals.size, dtype=np.intp)
    offset = np.empty(intervals.size)
    for start in range(0, intervals.size, ROOTS_AT_ONCE):
        left = intervals[start : start + ROOTS_AT_ONCE]
        half = 0.5 * (rates[left + 1] - rates[left])
        difference = rates[:, np.newaxis] - rates[left]
        upper_half = weights @ (1.0 / (difference - half)) < 0
        nearest = np.where(upper_half, left + 1, left)
        difference = rates[:, np.newaxis] - rates[nearest]
        low = np.where(upper_half, -half, 0.0)
        high = np.where(upper_half, 0.0, half)
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            below = weights @ (1.0 / (difference - middle)) < 0
            low = np.where(below, middle, low)
            high = np.where(below, high, middle)
        pole[start : start + ROOTS_AT_ONCE] = nearest
        offset[start : start + ROOTS_AT_ONCE] = 0.5 * (low + high)
    return pole, offset
