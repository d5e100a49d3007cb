r"""A straight line through points with errors, by weighted least squares.

.. math:: y = a + c x, \qquad \chi^2 = \sum_k \left( \frac{y_k - a - c x_k}{\sigma_k} \right)^2
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Line(NamedTuple):
    """A fitted line.

    Attributes
    ----------
    value, value_error
        a, the height at x = 0, and the standard error that follows from those of the points.
    slope, slope_error
        c and its standard error.
    chi_squared, free
        The sum of squared distances in units of errors, and the number of points less two, which is
        its mean where the law holds.
    """

    value: float
    value_error: float
    slope: float
    slope_error: float
    chi_squared: float
    free: int

    def at(self, x: Array) -> Array:
        """Heights of the line."""
        return self.value + self.slope * x


def straight_line(x: Array, y: Array, error: Array) -> Line:
    """The line of least chi^2.

    Parameters
    ----------
    x
        Abscissae, at least two different ones, shape (points,).
    y, error
        Independent values and their standard errors, which are positive.
    """
    (slope, value), covariance = np.polyfit(x, y, 1, w=1 / error, cov="unscaled")
    z = (y - value - slope * x) / error
    slope_error, value_error = np.sqrt(np.diag(covariance))
    return Line(
        float(value), float(value_error), float(slope), float(slope_error), float(z @ z), y.size - 2
    )
