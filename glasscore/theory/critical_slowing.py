r"""Laws of critical slowing down in mean-field spin glasses, and estimates of their exponents.

Above T_g, at which J C(0) = T, the time :math:`\tau = d(1/G)/ds` at s = 0 grows as

.. math:: \tau = \frac{b}{1 - J^2 C(0)^2 / T^2} \propto \frac{1}{T^2 - T_g^2}

and at T_g, where Dyson's equation has a root,

.. math:: C(t) \to T_g \sqrt{\frac{b}{\pi J^3 t}}, \qquad
          b = \frac{d}{ds} \left[ \frac{1}{G} + J^2 G \right]_{s = 0}

(derivation: with :math:`1/G(s) = J + c \sqrt s`, :math:`1/G + J^2 G = 2J + c^2 s / J`, so
:math:`c^2 = J b`; then :math:`T G(s) = C(0) - s C(s)`.)

References
----------
H. Sompolinsky and A. Zippelius, Phys. Rev. B 25 (1982) 6860. J. Hertz, From spin glasses to deep
networks, lectures (2024), with the same exponents.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

Array = NDArray[np.float64]

# The decay at T_g is fitted from this share of the last time on.
LATE = 1 / 10
# Fewest temperatures in a fit with three coefficients.
FEWEST = 4


class Fit(NamedTuple):
    """A fitted power law, ln y = constant - exponent ln x + slope x.

    Attributes
    ----------
    exponent, error
        The exponent and its standard error.
    constant, slope
        The other coefficients.
    chi_squared, free
        The sum of squared distances in units of errors, and the points less the coefficients; NaN
        and 0 where errors of the points are not used.
    """

    exponent: float
    error: float
    constant: float
    slope: float = 0.0
    chi_squared: float = np.nan
    free: int = 0

    def at(self, x: ArrayLike) -> Array:
        """The fitted law y at x."""
        x = np.asarray(x, float)
        return np.exp(self.constant + self.slope * x) * x**-self.exponent


def amplitude(glass_temperature: float, J: float, b: float) -> float:
    """The amplitude of C(t) = amplitude / sqrt(t) at T_g."""
    return float(glass_temperature * np.sqrt(b / (np.pi * J**3)))


def time_exponent(distance: Array, time: Array, error: Array, z: float | None = None) -> Fit:
    r"""Fit of :math:`\tau = A x^{-z} \exp(c_1 x)`, a power law with one analytic correction.

    Parameters
    ----------
    distance
        x, which is positive and proportional to T - T_g near T_g; at least :data:`FEWEST`
        different ones.
    time, error
        tau and its standard error.
    z
        The exponent, if it is not fitted.
    """
    columns = [np.ones_like(distance), distance]
    target = np.log(time) + (0.0 if z is None else z * np.log(distance))
    if z is None:
        columns.append(-np.log(distance))
    weight = (time / error)[:, None]
    design = weight * np.stack(columns, axis=1)
    inverse = np.linalg.pinv(design)
    found = inverse @ (weight[:, 0] * target)
    left = weight[:, 0] * target - design @ found
    exponent, spread = (found[2], np.linalg.norm(inverse[2])) if z is None else (z, 0.0)
    return Fit(
        float(exponent), float(spread), float(found[0]), float(found[1]), float(left @ left),
        distance.size - len(columns),
    )  # fmt: skip


def decay_exponent(time: Array, correlations: Array) -> Fit:
    r"""Exponent nu of :math:`C(t) \propto t^{-\nu}` at T_g, in the last decade of times.

    Parameters
    ----------
    time
        Times, ascending, shape (times,).
    correlations
        Correlations of independent ensembles or disorder samples, shape (ensembles, times). The
        exponent is that of their mean. Its error is that of the jackknife, which takes into account
        that the deviations of an ensemble at different times are correlated. Both are NaN if a mean
        is not positive.
    """
    late = time >= LATE * time[-1]
    design = np.stack([np.ones(late.sum()), -np.log(time[late])], axis=1)
    values, count = correlations[:, late], len(correlations)
    mean = values.mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        without_one = mean + (mean - values) / np.float64(count - 1)
        logarithm = np.log(np.concatenate([mean[None], without_one]))
    if not np.all(np.isfinite(logarithm)):
        return Fit(np.nan, np.nan, np.nan)
    constant, exponent = np.linalg.lstsq(design, logarithm.T)[0]
    error = np.sqrt((count - 1) * exponent[1:].var())
    return Fit(float(exponent[0]), float(error), float(constant[0]))


def correlation_time(time: Array, correlation: Array, T: float) -> float:
    r"""The time d(1/G)/ds at s = 0 of a correlation that has decayed by the last time.

    .. math:: \tau = \frac{T}{C(0)^2} \int_0^\infty C(t) dt

    which follows from T G(s) = C(0) - s C(s). The integral is that of a cubic spline.

    Parameters
    ----------
    time
        Times, ascending from 0, shape (times,).
    correlation
        C at these times, shape (times,).
    T
        Temperature.
    """
    whole = CubicSpline(time, correlation).integrate(time[0], time[-1])
    return float(T * whole / correlation[0] ** 2)
