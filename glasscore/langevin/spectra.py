r"""Spectra of stationary correlations and responses.

.. math:: C(\omega) = 2 \int_0^\infty \cos(\omega t) C(t) dt, \qquad
          G(\omega) = \int_0^\infty e^{i \omega t} G(t) dt

of functions that have decayed by the last time: cubic splines through the measured times, and the
trapezoidal rule on times so close that its error is that of the splines or less.
"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LONGEST_STEP = 0.01
POINTS_PER_PERIOD = 200


def number_of_points(t_max: float, frequencies: list[float]) -> int:
    """How many times the rule takes: enough for the shortest period."""
    fastest = max([1.0, *map(abs, frequencies)])
    step = min(LONGEST_STEP, 2 * np.pi / fastest / POINTS_PER_PERIOD)
    return math.ceil(t_max / step) + 1


def half_line_transform(time: Array, values: Array, frequency: Array) -> NDArray[np.complex128]:
    """The integral of exp(i omega t) f(t) over the times.

    Parameters
    ----------
    time, values
        Shape (times,), ascending from 0.
    frequency
        Shape (frequencies,).
    """
    # The check of a configuration loads this module, and scipy takes longer than all of it.
    from scipy.interpolate import CubicSpline

    fine = np.linspace(0.0, time[-1], number_of_points(float(time[-1]), frequency.tolist()))
    between = CubicSpline(time, values)(fine)
    waves = (np.exp(1j * omega * fine) for omega in frequency)
    return np.array([np.trapezoid(wave * between, fine) for wave in waves])
