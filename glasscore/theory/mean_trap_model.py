r"""Bouchaud's trap model with M traps, averaged over their energies: exact at any M and any time.

M independent energies E < 0 have the density ``exp(E / T_c) / T_c``. The walk starts in a trap
drawn at random; a trap of energy E is left at rate ``r = exp(E / T)`` for one drawn from all M,
itself included. For given rates the Laplace transform of the occupation of trap i is

.. math:: \hat p_i(s) = \frac{g_i}{s \sum_j g_j}, \qquad g_i = \frac{1}{s + r_i},

since what flows into every trap is the same. The average of the ratio over independent rates is an
integral over one auxiliary variable, ``1/z = int_0^inf exp(-u z) du``, under which the traps
separate:

.. math:: \Big\langle \sum_i \hat p_i f(r_i) \Big\rangle = \frac{M}{s} \int_0^\infty
          \langle g f e^{-u g} \rangle \langle e^{-u g} \rangle^{M - 1} \, du .

u runs along the ray in the complex plane on which all exponentials decay: rates are real, so that
the phases of the g_i span less than half a turn. Averages over an energy are Gauss-Legendre sums,
the integral over u is the trapezoidal rule on a scale that is logarithmic far from both ends, and
the transform is inverted along the contour of :mod:`glasscore.theory.trap_model`. So aging comes to
its end, near M^(1/x), without drawing a single trap.

Source: J.-P. Bouchaud, J. Phys. I France 2 (1992) 1705, for the model; derivation.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glasscore.theory.trap_model import contour

Array = NDArray[np.float64]

NODES = 12
# In units of T_c, or of x T_c, over which a rate changes by a factor e^2, if that is less.
PANEL_WIDTH = 2.0
# Depths that occur with probability exp(-30) or less in any of the traps are left out.
DEEPEST = 30.0
STEP = 0.1
# exp(v - exp(-v)) is 1e-25 at this v.
FIRST = -4.0
LARGEST_EXPONENTIAL = 60.0


def mean_no_jump(
    waiting_time: ArrayLike, window: ArrayLike, traps: float, x: float
) -> NDArray[np.float64]:
    r"""Probability of no jump between t_w and t_w (1 + omega), averaged over the traps.

    The transform above with :math:`f(r) = \exp[-(1 - 1/M) r \omega t_w]`: jumps from a trap to
    itself do not count.

    Parameters
    ----------
    waiting_time
        Attempts t_w since the quench, positive.
    window
        omega, not negative. Broadcast against ``waiting_time``.
    traps
        M, their number, at least 2.
    x
        T / T_c, positive.

    Returns
    -------
    ndarray
        Probabilities of the broadcast shape. For x from 0.2 to 10 the absolute error is below
        1e-12 up to t_w = 1e6, and below 3e-8 at any time (against twice the points).

    Raises
    ------
    ValueError
        If an argument is out of its range.
    """
    waiting_time, window = np.broadcast_arrays(
        np.asarray(waiting_time, np.float64), np.asarray(window, np.float64)
    )
    if not 0 < x < np.inf:
        raise ValueError(f"x = T / T_c must be positive and finite, got {x}")
    if not 2 <= traps < np.inf:
        raise ValueError(f"traps must be at least 2 and finite, got {traps}")
    allowed = (waiting_time > 0) & (window >= 0) & np.isfinite(waiting_time * window)
    if not np.all(allowed):
        raise ValueError("waiting_time must be positive, window not negative, and both finite")
    found = [
        _mean_no_jump(float(t), float(omega), float(traps), x)
        for t, omega in zip(waiting_time.flat, window.flat, strict=True)
    ]
    return np.array(found).reshape(waiting_time.shape)


def _mean_no_jump(t: float, omega: float, traps: float, x: float) -> float:
    depth, share = _energies(traps, x)
    rates = np.exp(-depth / x)
    stays = np.exp(-(1.0 - 1.0 / traps) * rates * omega * t)
    points, weights = contour()
    total = 0.0
    for z, weight in zip(points, weights, strict=True):
        s = z / t
        g = s / (s + rates)  # times s, which u takes back
        size = np.abs(g)
        scale = 1.0 / (traps * (share @ size))
        last = np.log(LARGEST_EXPONENTIAL / (size.min() * np.cos(np.angle(s) / 2.0) * scale))
        v = np.arange(FIRST, max(last, 1.0) + STEP, STEP)
        u = scale * np.exp(v - np.exp(-v) - 0.5j * np.angle(s))
        decays = np.expm1(-u[:, np.newaxis] * g)
        others = np.exp((traps - 1.0) * _log1p(decays @ share))
        survivors = (1.0 + decays) @ (share * g * stays)
        integral = STEP * (u * (1.0 + np.exp(-v)) * survivors * others).sum()
        total += (weight * traps * integral).real
    return total


def _log1p(values: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """ln(1 + values), to relative accuracy for small values, which NumPy's loses."""
    x, y = values.real, values.imag
    # Rounding may put the square of the modulus at zero, or below.
    square = np.maximum(x * (2.0 + x) + y**2, -1.0 + np.finfo(float).eps)
    return 0.5 * np.log1p(square) + 1j * np.arctan2(y, 1.0 + x)


def _energies(traps: float, x: float) -> tuple[Array, Array]:
    """Depths -E / T_c of a trap and their probabilities."""
    end = DEEPEST + np.log(traps)
    edges = np.linspace(0.0, end, int(np.ceil(end / (PANEL_WIDTH * min(x, 1.0)))) + 1)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    depth = (edges[:-1, np.newaxis] + half * (1.0 + nodes)).ravel()
    return depth, (half * weights).ravel() * np.exp(-depth)
