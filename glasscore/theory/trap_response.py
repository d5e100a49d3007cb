r"""Integrated responses of Bouchaud's trap model with infinitely many traps, at any temperature.

A small field h shifts the energies to E - h m, with independent random m of mean 0 and variance 1.
Traps are left at the rates exp(beta (E - h m)): the field acts on the depth of the trap that is
left. Then (J.-P. Bouchaud and D. S. Dean, J. Phys. I France 5, 265 (1995))

.. math:: T \chi(t, t_w) = G = -\int_{t_w}^t \frac{\partial C(t, t')}{\partial t} dt', \qquad
          C(t, t') = \Pi(t, t'),

with the probability Pi of no jump between t' and t. If the field acted on the arrival alone, the
fluctuation-dissipation theorem T chi = 1 - C would hold at all times (derivation).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from glasscore.theory.arguments import not_negative
from glasscore.theory.trap_model import check_exponent, check_ratio, contour, depths


def response(waiting_time: ArrayLike, window: ArrayLike, x: float) -> NDArray[np.float64]:
    r"""T chi between t_w and t_w (1 + omega), at any waiting time.

    .. math:: G = \int_0^\infty [Q(v, t) - e^{-u (t - t_w)} Q(v, t_w)] dv, \qquad
              Q^\wedge(v, s) = \frac{u P^\wedge(v, s)}{s + u},

    in the notation of :mod:`glasscore.theory.trap_model`: Q(v, t) is the probability to be at the
    depth v at t, times the rate u and the mean time since the last jump (derivation).

    Parameters
    ----------
    waiting_time
        Attempts t_w since the quench.
    window
        omega, the length of the window over t_w. Broadcast against ``waiting_time``.
    x
        T / T_c, positive.

    Returns
    -------
    ndarray
        T chi, without unit, of the broadcast shape. Absolute error below 1e-11.

    Raises
    ------
    ValueError
        If ``x`` is not positive, or a waiting time or window is negative or infinite.
    """
    check_ratio(x)
    waiting_time = not_negative(waiting_time, "waiting_time")
    window = not_negative(window, "window")
    waiting_time, window = np.broadcast_arrays(waiting_time, window)
    result = np.zeros(waiting_time.size)
    pairs = zip(waiting_time.flat, window.flat, strict=True)
    for index, (t, omega) in enumerate(pairs):
        if t > 0 and omega > 0:
            result[index] = _since_last_jump(t * (1 + omega), 0.0, x)
            result[index] -= _since_last_jump(t, omega, x)
    return result.reshape(waiting_time.shape)


def _since_last_jump(time: float, window: float, x: float) -> float:
    """The integral over the depths of exp(-u window time) Q(v, time)."""
    points, weights = contour()
    depth, shares = depths(time, window, x)
    rates = np.exp(-depth / x)
    occupied = 1.0 / (points[:, np.newaxis] / time + rates)
    stay = shares * rates * np.exp(-window * time * rates)
    found = (occupied**2 * stay).sum(axis=1) / (occupied * shares).sum(axis=1)
    return float((weights * found).real.sum())


def aging_response(omega: ArrayLike, x: float) -> NDArray[np.float64]:
    r"""T chi between t_w and t_w (1 + omega), as t_w goes to infinity.

    .. math:: G(\omega) = x I_{\omega / (1 + \omega)}(1 - x, 1 + x)

    With the aging function as C, its slope at fixed t gives the fluctuation-dissipation ratio
    X = 1 / (1 + omega) = t_w / t (derivation).

    Parameters
    ----------
    omega
        Length of the window over the waiting time, any shape, zero and infinity included.
    x
        T / T_c, between 0 and 1.

    Returns
    -------
    ndarray
        T chi, without unit, of the shape of ``omega``: 0 at omega = 0, x at infinity.

    Raises
    ------
    ValueError
        If ``x`` is not between 0 and 1, or a window is negative.
    """
    check_exponent(x)
    omega = not_negative(omega, "omega", finite=False)
    with np.errstate(invalid="ignore"):
        share = np.where(np.isinf(omega), 1.0, omega / (1.0 + omega))
    return x * special.betainc(1.0 - x, 1.0 + x, share)
