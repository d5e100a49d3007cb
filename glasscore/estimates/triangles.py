r"""Triangles: correlations between three times t_1 > t_2 > t_3, and what they say of time scales.

At late times C(t_1, t_3) is a function f of C(t_1, t_2) and C(t_2, t_3), if the dynamics forgets
the times themselves. With one time scale, C = F(h(t') / h(t)), it is isomorphic to a product,

.. math:: f(a, b) = F(F^{-1}(a) F^{-1}(b)) ,

or to the sum of the effective times L = ln h(t) / h(t') of
:func:`~glasscore.estimates.subaging.effective_time`. Between infinitely many time scales it is
ultrametric, f(a, b) = min(a, b).

Source: L. F. Cugliandolo and J. Kurchan, J. Phys. A 27, 5749 (1994).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

Array = NDArray[np.float64]


def between(place: ArrayLike, values: ArrayLike, wanted: ArrayLike) -> Array:
    """Values at other places than the measured ones, by monotone cubics in the logarithm.

    Parameters
    ----------
    place
        Windows, or effective times, above 0 in ascending order.
    values
        What was measured there.
    wanted
        Places between the first and the last one; beyond, the result is NaN.
    """
    known, target = np.log(np.asarray(place, float)), np.log(np.asarray(wanted, float))
    # Neighbours that differ by rounding alone count as the ends.
    inside = (target > known[0] - 1e-9) & (target < known[-1] + 1e-9)
    found = PchipInterpolator(known, values)(np.clip(target, known[0], known[-1]))
    return np.where(inside, found, np.nan)


def place_of(level: float, place: ArrayLike, values: ArrayLike) -> float:
    """The place at which a falling correlation comes down to a level; NaN if it does not.

    The arguments are those of :func:`between`; the first place below the level counts.
    """
    place, values = np.asarray(place, float), np.asarray(values, float)
    below = np.flatnonzero(values <= level)
    if not below.size or below[0] == 0:
        return np.nan
    low, high = np.log(place[below[0] - 1]), np.log(place[below[0]])
    # The cubic is monotone between two neighbours.
    curve = PchipInterpolator(np.log(place), values)
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if curve(middle) > level else (low, middle)
    return float(np.exp(0.5 * (low + high)))


def one_time_scale(
    level: float, effective: ArrayLike, values: ArrayLike, points: int = 60
) -> tuple[Array, Array]:
    """The triangles of one time scale, whose effective times add up: L_13 = L_12 + L_23.

    Parameters
    ----------
    level
        C(t_1, t_3).
    effective, values
        Effective times L in ascending order, and the correlation measured there. If times matter
        only through their ratio, L = ln(1 + omega).
    points
        Number of times t_2 between t_3 and t_1.

    Returns
    -------
    C_23, C_12 : ndarray
        Correlations of the earlier and of the later pair, for those t_2 whose effective times from
        t_3 and to t_1 were both measured; empty if the correlation does not come down to the level.
    """
    whole = place_of(level, effective, values)
    if np.isnan(whole):
        return np.empty(0), np.empty(0)
    # Evenly spread in the logarithms of both parts.
    share = 1.0 / (1.0 + np.exp(np.linspace(-10.0, 10.0, 4 * points + 1)))
    earlier, later = (between(effective, values, part * whole) for part in (share, 1.0 - share))
    known = np.flatnonzero(np.isfinite(earlier) & np.isfinite(later))
    if not known.size:
        return np.empty(0), np.empty(0)
    chosen = known[np.unique(np.linspace(0, known.size - 1, points).round().astype(int))]
    return earlier[chosen], later[chosen]
