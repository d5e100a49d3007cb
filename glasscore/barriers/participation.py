r"""Participation ratio of all states, at temperatures chosen so that one exponential serves all.

.. math:: Y_2 = \sum_i w_i^2 = \frac{Z(2 \beta)}{Z(\beta)^2}, \qquad
          Z(\beta) = \sum_i e^{-\beta (E_i - E_0)} .

At the inverse temperatures k b, k = 1, 2, ..., the terms of Z are powers of exp(-b (E_i - E_0)).

Source: B. Derrida, Phys. Rev. B 24, 2613 (1981), for the random energy model.
"""

import numpy as np

from glasscore.kernels.arithmetic import exponential
from glasscore.kernels.compilation import kernel, kernels_running

# The temperatures are HOTTEST / k in units of T_c if there is a T_c, and else in units of J.
HOTTEST = 4.0
NUMBER = 40
# Smaller terms are left out of sums: 2^24 of them are less than the rounding of the sum.
NEGLIGIBLE = 1e-24


def temperatures(critical_temperature: float) -> np.ndarray:
    """The temperatures in units of J, descending."""
    known = 0.0 < critical_temperature < np.inf
    return (critical_temperature if known else 1.0) * HOTTEST / np.arange(1, NUMBER + 1)


def participation_ratios(energies: np.ndarray, hottest: float) -> np.ndarray:
    """Y_2 at the temperatures ``hottest`` / k.

    Parameters
    ----------
    energies
        The energies of all states, in units of J.
    hottest
        The highest temperature, in units of J.

    Returns
    -------
    ndarray
        Shape (:data:`NUMBER`,), from the highest temperature down.
    """
    sums = np.zeros(2 * NUMBER)
    with kernels_running():
        _add_powers(energies, energies.min(), 1.0 / hottest, sums)
    return sums[1::2] / sums[:NUMBER] ** 2


@kernel
def _add_powers(energies, ground, beta, sums):
    for energy in energies:
        factor = exponential(-min(700.0, beta * (energy - ground)))
        power = factor
        for index in range(sums.size):
            sums[index] += power
            power *= factor
            if power < NEGLIGIBLE:
                break
