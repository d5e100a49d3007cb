r"""Spectra of stationary correlations and responses.

.. math:: C(\omega) = 2 \int_0^\infty \cos(\omega t) C(t) dt, \qquad
          G(\omega) = \int_0^\infty e^{i \omega t} G(t) dt

for functions that have decayed by the last measured time. Cubic splines interpolate between the
measured times, and the trapezoidal rule integrates them on a grid so fine that its error is not
larger than that of the splines.
"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LONGEST_STEP = 0.01
POINTS_PER_PERIOD = 200


def number_of_points(t_max: float, frequencies: list[float]) -> int:
    """Number of points of the trapezoidal rule, enough for the shortest period."""
    fastest = max([1.0, *map(abs, frequencies)])
    step = min(LONGEST_STEP, 2 * np.pi / fastest / POINTS_PER_PERIOD)
    return math.ceil(t_max / step) + 1


def half_line_transform(time: Array, values: Array, frequency: Array) -> NDArray[np.complex128]:
    """The integral of exp(i omega t) f(t) from the first to the last time.

    Parameters
    ----------
    time, values
        The times t, ascending from 0, and f at these times, both of shape (times,).
    frequency
        The frequencies omega, shape (frequencies,).
    """
    # The check of a configuration imports this module, and importing scipy takes longer than the
    # whole check.
    from scipy.interpolate import CubicSpline

    fine = np.linspace(0.0, time[-1], number_of_points(float(time[-1]), frequency.tolist()))
    interpolated = CubicSpline(time, values)(fine)
    waves = (np.exp(1j * omega * fine) for omega in frequency)
    return np.array([np.trapezoid(wave * interpolated, fine) for wave in waves])
