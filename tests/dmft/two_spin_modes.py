"""Spherical p = 2 in any field and temperature, mode by mode: exact up to rounding.

In the basis of the couplings' eigenvectors l, ds_l/dt = (l - mu) s_l + h g_l + noise is linear:
s_l = a_l s_l(0) + b_l g_l + noise of variance c_l. Averages over the semicircle of l are computed
by Gauss quadrature, and mu follows from the constraint that a^2 + b^2 + c is 1 on average.
"""

from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

ACCURACY = 1e-12


class Modes:
    """f(q) = q^2 / 2 from a random start, with T(t) and h(t) as functions of time."""

    def __init__(
        self, temperature: Callable[[float], float], field: Callable[[float], float],
        t_max: float, modes: int = 160,
    ) -> None:  # fmt: skip
        angle = np.pi * np.arange(1, modes + 1) / (modes + 1)
        self.eigenvalue, self.weight = 2 * np.cos(angle), 2 / (modes + 1) * np.sin(angle) ** 2
        self.temperature, self.field = temperature, field

        def slope(time: float, state: np.ndarray) -> np.ndarray:
            a, b, c = state.reshape(3, -1)
            rate = self.eigenvalue - self._multiplier(time, a, b, c)
            T, h = temperature(time), field(time)
            return np.concatenate([rate * a, rate * b + h, 2 * rate * c + 2 * T])

        start = np.concatenate([np.ones(modes), np.zeros(2 * modes)])
        self._solution = solve_ivp(
            slope, (0, t_max), start, "DOP853", dense_output=True, rtol=ACCURACY, atol=ACCURACY
        ).sol

    def _multiplier(self, time, a, b, c):
        h = self.field(time)
        of_field = h * (self.weight @ b)
        return self.temperature(time) + self.weight @ (
            self.eigenvalue * (a**2 + b**2 + c)
        ) + of_field  # fmt: skip

    def one_time(self, time: float) -> tuple[float, float, float]:
        """Energy, multiplier and magnetisation."""
        a, b, c = self._solution(time).reshape(3, -1)
        h, magnetisation = self.field(time), float(self.weight @ b)
        energy = -0.5 * float(self.weight @ (self.eigenvalue * (a**2 + b**2 + c)))
        multiplier = float(self._multiplier(time, a, b, c))
        return energy - h * magnetisation, multiplier, magnetisation

    def two_time(self, time: float, earlier: float) -> tuple[float, float]:
        """C and R."""
        a, b, _ = self._solution(time).reshape(3, -1)
        a_before, b_before, c_before = self._solution(earlier).reshape(3, -1)
        passed = a / a_before
        correlation = self.weight @ (a * a_before + b * b_before + passed * c_before)
        return float(correlation), float(self.weight @ passed)


class CoupledModes:
    """Components that share the couplings of p = 2, with linear forces K on each other.

    In each mode, ds/dt = (l - mu_a) s + K s + h g + noise for the vector s of the components. They
    start independently from Boltzmann states of temperatures T0_a >= 1, whose modes have the
    variance T0_a / (z_a - l) with z_a = T0_a + 1 / T0_a. With G the propagator of a mode from time
    0, s(t) = G s(0) + b g + noise of covariance c.
    """

    def __init__(
        self, forces: np.ndarray, temperatures: np.ndarray, initial: np.ndarray, fields: np.ndarray,
        t_max: float, modes: int = 80,
    ) -> None:  # fmt: skip
        angle = np.pi * np.arange(1, modes + 1) / (modes + 1)
        self.eigenvalue, self.weight = 2 * np.cos(angle), 2 / (modes + 1) * np.sin(angle) ** 2
        self.forces, self.temperatures, self.fields = forces, temperatures, fields
        hot = np.isinf(initial)
        T0 = np.where(hot, 1.0, initial)
        self.start = np.where(hot, 1.0, T0 / (T0 + 1 / T0 - self.eigenvalue[:, None]))
        n = initial.size
        self.shapes = (modes, n, n), (modes, n), (modes, n, n)
        parts = np.broadcast_to(np.eye(n), self.shapes[0]), *map(np.zeros, self.shapes[1:])

        def slope(time: float, state: np.ndarray) -> np.ndarray:
            G, b, c = self._parts(state)
            rates = self.eigenvalue[:, None, None] * np.eye(n) + forces - np.diag(self._mu(G, b, c))
            noise = rates @ c
            noise = noise + noise.swapaxes(1, 2) + 2 * np.diag(temperatures)
            drift = (rates @ b[:, :, None])[:, :, 0] + fields
            return np.concatenate([(rates @ G).ravel(), drift.ravel(), noise.ravel()])

        self._solution = solve_ivp(
            slope, (0, t_max), np.concatenate([part.ravel() for part in parts]), "DOP853",
            dense_output=True, rtol=ACCURACY, atol=ACCURACY,
        ).sol  # fmt: skip

    def _parts(self, state: np.ndarray) -> list[np.ndarray]:
        sizes = np.cumsum([np.prod(shape) for shape in self.shapes])[:-1]
        parts = np.split(state, sizes)
        return [part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def _mu(self, G: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        equal = (G * self.start[:, None, :]) @ G.swapaxes(1, 2) + b[:, :, None] * b[:, None] + c
        of_couplings = np.einsum("l,laa->a", self.weight * self.eigenvalue, equal)
        mean = np.einsum("l,lab->ab", self.weight, equal)
        of_field = self.fields * (self.weight @ b)
        return self.temperatures + of_couplings + np.diag(self.forces @ mean) + of_field

    def one_time(self, time: float) -> tuple[np.ndarray, np.ndarray]:
        """Multipliers and magnetisations."""
        G, b, c = self._parts(self._solution(time))
        return self._mu(G, b, c), self.weight @ b

    def two_time(self, time: float, earlier: float) -> tuple[np.ndarray, np.ndarray]:
        """The matrices C_ab and R_ab."""
        G, b, _ = self._parts(self._solution(time))
        G_before, b_before, c_before = self._parts(self._solution(earlier))
        passed = G @ np.linalg.inv(G_before)
        correlation = (G * self.start[:, None, :]) @ G_before.swapaxes(1, 2) + passed @ c_before
        correlation += b[:, :, None] * b_before[:, None]
        return tuple(np.einsum("l,lab->ab", self.weight, one) for one in (correlation, passed))
