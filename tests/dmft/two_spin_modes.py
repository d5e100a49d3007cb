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
