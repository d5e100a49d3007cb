r"""Triangles: correlations between three times t_1 > t_2 > t_3, and what they say of time scales.

At late times C(t_1, t_3) is a function f of C(t_1, t_2) and C(t_2, t_3), if the dynamics forgets
the times themselves. With one time scale, C = F(h(t') / h(t)), it is isomorphic to a product,

.. math:: f(a, b) = F(F^{-1}(a) F^{-1}(b)) ,

and in between infinitely many time scales it is ultrametric, f(a, b) = min(a, b).

Source: L. F. Cugliandolo and J. Kurchan, J. Phys. A 27, 5749 (1994).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

Array = NDArray[np.float64]


def between(window: ArrayLike, values: ArrayLike, wanted: ArrayLike) -> Array:
    """Values at other windows than the measured ones, by monotone cubics in ln omega.

    Parameters
    ----------
    window
        Windows omega > 0 in ascending order.
    values
        What was measured at these windows.
    wanted
        Windows between the first and the last one; beyond, the result is NaN.
    """
    place, target = np.log(np.asarray(window, float)), np.log(np.asarray(wanted, float))
    # Neighbours that differ by rounding alone count as the ends.
    inside = (target > place[0] - 1e-9) & (target < place[-1] + 1e-9)
    found = PchipInterpolator(place, values)(np.clip(target, place[0], place[-1]))
    return np.where(inside, found, np.nan)


def window_of(level: float, window: ArrayLike, values: ArrayLike) -> float:
    """The window at which a falling correlation comes down to a level; NaN if it does not.

    The arguments are those of :func:`between`; the first window below the level counts.
    """
    window, values = np.asarray(window, float), np.asarray(values, float)
    below = np.flatnonzero(values <= level)
    if not below.size or below[0] == 0:
        return np.nan
    low, high = np.log(window[below[0] - 1]), np.log(window[below[0]])
    # The cubic is monotone between two neighbours.
    curve = PchipInterpolator(np.log(window), values)
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if curve(middle) > level else (low, middle)
    return float(np.exp(0.5 * (low + high)))


def one_time_scale(
    level: float, window: ArrayLike, values: ArrayLike, points: int = 60
) -> tuple[Array, Array]:
    """The triangles of one time scale, if times matter only through their ratio (simple aging).

    Parameters
    ----------
    level
        C(t_1, t_3).
    window, values
        A measured correlation C(t_w (1 + omega), t_w) = F(1 / (1 + omega)).
    points
        Number of times t_2 between t_3 and t_1.

    Returns
    -------
    C_23, C_12 : ndarray
        Correlations of the earlier and of the later pair, for those t_2 whose ratios to t_1 and
        t_3 were both measured; empty if the correlation does not come down to the level.
    """
    window = np.asarray(window, float)
    whole = window_of(level, window, values)
    if np.isnan(whole):
        return np.empty(0), np.empty(0)
    # Ratios t_2 / t_3, and the windows of the later pair.
    ratio = np.exp(np.linspace(0.0, np.log1p(whole), points + 2)[1:-1])
    earlier, later = (between(window, values, one - 1) for one in (ratio, (1 + whole) / ratio))
    known = np.isfinite(earlier) & np.isfinite(later)
    return earlier[known], later[known]
