r"""Exact laws of Bouchaud's trap model with M traps, averaged over the energies of the traps.

M independent energies E < 0 have the density ``exp(E / T_c) / T_c``. The walk starts in a trap
drawn at random. A trap of energy E is left at rate ``r = exp(E / T)``, and the next one is drawn
from all M, the same trap included. For given rates the Laplace transform of the occupation of trap
i is

.. math:: \hat p_i(s) = \frac{g_i}{s \sum_j g_j}, \qquad g_i = \frac{1}{s + r_i},

since the same probability flows into every trap. The average of this ratio over independent rates
becomes a product of averages over single traps inside an integral over one auxiliary variable, by
``1/z = int_0^inf exp(-u z) du``:

.. math:: \Big\langle \sum_i \hat p_i f(r_i) \Big\rangle = \frac{M}{s} \int_0^\infty
          \langle g f e^{-u g} \rangle \langle e^{-u g} \rangle^{M - 1} \, du .

The variable u runs along a ray in the complex plane on which all exponentials decay. There is one,
because rates are real, so that the phases of the g_i differ by less than pi. Averages over an
energy are Gauss-Legendre sums, the integral over u is a trapezoidal rule in a variable that is
logarithmic in u between both ends, and the transform is inverted along the contour of
:mod:`glasscore.theory.trap_model`. The results hold at any M and any time, including the end of
aging near M^(1/x).

Source: J.-P. Bouchaud, J. Phys. I France 2 (1992) 1705, for the model; derivation.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glasscore.theory.quadrature import gauss_legendre_panels
from glasscore.theory.trap_model import contour

Array = NDArray[np.float64]

NODES = 12
# Width of a panel of energies, in units of T_c or of x T_c, whichever is less. A rate changes by a
# factor e^2 over 2 x T_c.
PANEL_WIDTH = 2.0
# Larger depths, which any of the traps has with probability exp(-30) or less, are left out.
DEEPEST = 30.0
STEP = 0.1
# The integral begins at this v, where exp(v - exp(-v)) is 1e-25.
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
        The number M of traps, at least 2.
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
    found = np.empty(waiting_time.shape)
    for t in np.unique(waiting_time):
        at = waiting_time == t
        found[at] = _mean_no_jump(float(t), window[at], float(traps), x)
    return found


def _mean_no_jump(t: float, omega: Array, traps: float, x: float) -> Array:
    """The probabilities for several windows after one waiting time."""
    depth, share = _depths(traps, x)
    rates = np.exp(-depth / x)
    stays = np.exp(-(1.0 - 1.0 / traps) * rates[:, np.newaxis] * omega * t)
    points, weights = contour()
    total = np.zeros(omega.size)
    for z, weight in zip(points, weights, strict=True):
        s = z / t
        g = s / (s + rates)  # s times g; u is divided by s in turn
        size = np.abs(g)
        scale = 1.0 / (traps * (share @ size))
        last = np.log(LARGEST_EXPONENTIAL / (size.min() * np.cos(np.angle(s) / 2.0) * scale))
        v = np.arange(FIRST, max(last, 1.0) + STEP, STEP)
        u = scale * np.exp(v - np.exp(-v) - 0.5j * np.angle(s))
        decays = np.expm1(-u[:, np.newaxis] * g)
        others = np.exp((traps - 1.0) * _log1p(decays @ share))
        survivors = (1.0 + decays) @ ((share * g)[:, np.newaxis] * stays)
        integral = STEP * ((u * (1.0 + np.exp(-v)) * others) @ survivors)
        total += (weight * traps * integral).real
    return total


def _log1p(values: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """ln(1 + values) with full relative accuracy for small values, which NumPy's log1p lacks."""
    x, y = values.real, values.imag
    # By rounding, the square of the modulus could be zero or negative.
    square = np.maximum(x * (2.0 + x) + y**2, -1.0 + np.finfo(float).eps)
    return 0.5 * np.log1p(square) + 1j * np.arctan2(y, 1.0 + x)


def _depths(traps: float, x: float) -> tuple[Array, Array]:
    """Depths -E / T_c of a trap and their probabilities."""
    end = DEEPEST + np.log(traps)
    edges = np.linspace(0.0, end, int(np.ceil(end / (PANEL_WIDTH * min(x, 1.0)))) + 1)
    depth, weights = gauss_legendre_panels(edges, NODES)
    return depth, weights * np.exp(-depth)
