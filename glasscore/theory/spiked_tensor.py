r"""Annealed complexity of the spiked tensor model, by energy and overlap with the signal.

On the sphere :math:`|s|^2 = N`, with a direction v to be found, :math:`|v|^2 = N`,

.. math:: H(s) = H_p(s) - N r m^k, \qquad m = s \cdot v / N

where H_p is the spherical p-spin model of :mod:`glasscore.theory.complexity`, of variance N / 2.
The spiked tensor has k = p: H is a tensor of rank one, r v^p, under noise. By the formula of Kac
and Rice the mean number of stationary points at energy per spin e and overlap m is exp(N Sigma),

.. math:: \Sigma(e, m) = \frac12 \ln[(p - 1)(1 - m^2)] - \frac{(r k m^{k-1})^2 (1 - m^2)}{p}
          - (e + r m^k)^2 + \frac{\mu^2}{2 p (p - 1)} - I\left( \frac{|\mu|}{2 \sigma} \right)

    \mu = (k - p) r m^k - p e, \qquad \sigma^2 = \frac{p (p - 1)}{2}, \qquad
    I(x) = \theta(x - 1) \left[ x \sqrt{x^2 - 1} - \operatorname{arccosh} x \right]

The terms are the volume of the sphere at m, the density of a vanishing gradient, the density of the
energy, and the determinant of the Hessian. The spectrum of the Hessian is mu plus a semicircle of
radius 2 sigma, from which a matrix of rank one and size

.. math:: \theta = r k (k - 1) m^{k-2} (1 - m^2)

along the signal is subtracted. For theta > sigma one eigenvalue is outside the semicircle, at
:math:`\mu - \theta - \sigma^2 / \theta`. Minima are stationary points with mu >= 2 sigma at which
this eigenvalue is positive. Where it is typically negative, the complexity of minima is smaller by

.. math:: L = \int_t^{\vartheta + 1 / \vartheta} \left[ \frac\vartheta2 - \frac y4
              - \frac{\sqrt{y^2 - 4}}{4} \right] dy, \qquad
              \vartheta = \frac\theta\sigma, \quad t = \frac\mu\sigma

References
----------
G. Ben Arous, S. Mei, A. Montanari and M. Nica, Commun. Pure Appl. Math. 72 (2019) 2282. V. Ros,
G. Ben Arous, G. Biroli and C. Cammarota, Phys. Rev. X 9 (2019) 011003. M. Maida, Electron. J.
Probab. 12 (2007) 1131, for the large deviations of the eigenvalue. The formulas here are derived
anew, in the units of this package.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from glasscore.common.errors import CampaignError
from glasscore.theory import complexity

Array = NDArray[np.float64]

OVERLAPS = np.concatenate([np.geomspace(1e-6, 0.01, 40), np.linspace(0.012, 0.999, 400)])
"""Overlaps at which the edge of the band around m = 0 is looked for before it is refined."""

HALVINGS = 64
"""How often the interval is halved in which the slope of the complexity vanishes."""


class InformedMinimum(NamedTuple):
    """The minimum that the signal makes.

    Attributes
    ----------
    energy, overlap
        The energy e per spin and the overlap m.
    smallest_eigenvalue
        Smallest eigenvalue of the Hessian, which is that along the signal or the edge of the
        semicircle. It is positive.
    """

    energy: float
    overlap: float
    smallest_eigenvalue: float


class Transitions(NamedTuple):
    """Strengths of the signal at which the landscape changes.

    Attributes
    ----------
    appearance
        The strength from which on the signal makes a minimum.
    recovery
        The strength from which on this minimum is the lowest of all, below the ground state
        without a signal.
    """

    appearance: float
    recovery: float


def total_complexity(
    energy: ArrayLike, overlap: ArrayLike, p: int, r: float, power: int | None = None
) -> Array:
    """Complexity of all stationary points at an energy and an overlap.

    Parameters
    ----------
    energy, overlap
        The energy e, finite, and the overlap m, between -1 and 1 (excluded), broadcast against each
        other.
    p
        Number of spins that interact, at least 3.
    r
        Strength of the signal, at least 0, in units of J.
    power
        The power k, at least 1; by default p, that of the spiked tensor.

    Returns
    -------
    ndarray
        Complexity per spin, which is negative where a typical sample has no stationary points.

    Raises
    ------
    CampaignError
        If an argument is out of its range.
    """
    e, m, k = _arguments(energy, overlap, p, r, power)
    sigma = _width(p)
    mu = (k - p) * r * m**k - p * e
    room = 0.5 * np.log((p - 1) * (1 - m**2))
    gradient = (r * k * m ** (k - 1)) ** 2 * (1 - m**2) / p
    ratio = np.maximum(np.abs(mu) / (2 * sigma), 1.0)
    determinant = (mu / (2 * sigma)) ** 2 - (ratio * np.sqrt(ratio**2 - 1) - np.arccosh(ratio))
    return room - gradient - (e + r * m**k) ** 2 + determinant


def complexity_of_minima(
    energy: ArrayLike, overlap: ArrayLike, p: int, r: float, power: int | None = None
) -> Array:
    """Complexity of minima at an energy and an overlap.

    Parameters and errors are those of :func:`total_complexity`.

    Returns
    -------
    ndarray
        Complexity per spin, which is minus infinity where the semicircle reaches below zero.
    """
    e, m, k = _arguments(energy, overlap, p, r, power)
    mu, rank_one = _hessian(e, m, p, r, k)
    t, pull = mu / _width(p), rank_one / _width(p)
    held = np.where(t >= 2, total_complexity(e, m, p, r, k), -np.inf)
    return held - cost_of_holding(np.maximum(t, 2.0), pull)


def cost_of_holding(t: ArrayLike, pull: ArrayLike) -> Array:
    """Cost L, per spin, of keeping the largest eigenvalue of a matrix below t.

    The matrix is a random matrix with a semicircle of radius 2, plus a matrix of rank one.

    Parameters
    ----------
    t
        The upper limit of the eigenvalue, at least 2, any shape.
    pull
        The eigenvalue of the matrix of rank one, broadcast against ``t``.

    Returns
    -------
    ndarray
        It is zero where the eigenvalue typically lies below t.

    Raises
    ------
    CampaignError
        If t is below 2, where the cost is of order N^2.
    """
    t, pull = np.broadcast_arrays(np.asarray(t, float), np.asarray(pull, float))
    if not np.all(t >= 2):
        raise CampaignError("t holds values below 2, the edge of the semicircle.")
    above = np.maximum(pull, 1.0)
    outlier = above + 1 / above
    upper = np.maximum(outlier, t)
    # The integral of sqrt(y^2 - 4) is 2 I(y / 2).
    root = _primitive(upper) - _primitive(t)
    return 0.5 * above * (upper - t) - (upper**2 - t**2) / 8 - 0.25 * root


def unstable_directions(
    energy: ArrayLike, overlap: ArrayLike, p: int, r: float, power: int | None = None
) -> Array:
    """Number of unstable directions of typical stationary points.

    It is 0, 1, or infinity for a number of order N. Parameters and errors are those of
    :func:`total_complexity`.
    """
    e, m, k = _arguments(energy, overlap, p, r, power)
    mu, rank_one = _hessian(e, m, p, r, k)
    sigma = _width(p)
    out = rank_one > sigma
    lowest = mu - rank_one - sigma**2 / np.where(out, rank_one, sigma)
    return np.where(mu < 2 * sigma, np.inf, np.where(out & (lowest < 0), 1.0, 0.0))


def informed_minimum(p: int, r: float, power: int | None = None) -> InformedMinimum:
    r"""The minimum that the signal makes.

    It lies at the larger overlap of the two that solve

    .. math:: r k m^{k-2} \sqrt{1 - m^2} = \sqrt{p / 2}, \qquad
              e = -\frac{p \chi}{2} - r m^k, \qquad \chi = \sqrt{2 (1 - m^2) / p}

    There Sigma has a maximum of height 0, which means a single minimum.

    Parameters
    ----------
    p, r, power
        As in :func:`total_complexity`.

    Raises
    ------
    CampaignError
        If the signal is too weak to make a minimum, or an argument is out of its range.

    Notes
    -----
    This is the replica-symmetric state at T = 0 (derivation).
    """
    k = _power(p, r, power)
    weakest, least = _appearance(p, k)
    if r < weakest:
        raise CampaignError(
            f"r = {r:g} is too weak for a minimum around the signal: with p = {p} and power {k} "
            f"it must be at least {weakest:g}."
        )
    # The root is found in the distance 1 - m, which is small for a strong signal.
    distance = 1 - least
    if r > weakest:
        distance = brentq(
            lambda one: r - _strength(1 - one, one * (2 - one), p, k), 1e-300, distance, xtol=1e-300
        )
    m, rest = 1 - distance, distance * (2 - distance)
    chi = float(np.sqrt(2 * rest / p))
    mu, rank_one, sigma = 1 / chi + chi * _width(p) ** 2, (k - 1) * rest / chi, _width(p)
    lowest = mu - (rank_one + sigma**2 / rank_one if rank_one > sigma else 2 * sigma)
    return InformedMinimum(-p * chi / 2 - r * m**k, m, lowest)


def transitions(p: int, power: int | None = None) -> Transitions:
    """Strengths of the signal at which its minimum appears, and becomes the lowest.

    Parameters
    ----------
    p, power
        As in :func:`total_complexity`, with a power of at least p. With smaller powers the state
        around the signal is a glass when it appears, and not a single minimum.

    Raises
    ------
    CampaignError
        If an argument is out of its range.
    """
    k = _power(p, 0.0, power)
    if k < p:
        raise CampaignError(f"power = {k} makes no minimum at once: it must be at least p = {p}.")
    weakest = _appearance(p, k)[0]
    ground = complexity.lowest_energy(p)

    def above(r: float) -> float:
        return informed_minimum(p, r, k).energy - ground

    # At r = |e_0| the energy of the signal v itself is e_0.
    return Transitions(weakest, float(brentq(above, weakest, -ground, xtol=1e-15)))


def best_complexity(
    overlap: ArrayLike, p: int, r: float, power: int | None = None, minima: bool = True
) -> tuple[Array, Array]:
    """Largest complexity at an overlap, and the energy at which it is reached.

    Parameters
    ----------
    overlap
        m, between -1 and 1 excluded, any shape.
    p, r, power
        As in :func:`total_complexity`.
    minima
        True for minima, False for all stationary points.

    Returns
    -------
    tuple of ndarray
        Sigma, which is concave in e, and e, both of the shape of ``overlap``.

    Raises
    ------
    CampaignError
        If an argument is out of its range.
    """
    _, m, k = _arguments(0.0, overlap, p, r, power)
    sigma = _width(p)
    rank_one = _hessian(np.zeros_like(m), m, p, r, k)[1]
    # At these energies the slope is positive and negative.
    beyond = p / (2 * sigma) * (1 + np.maximum(rank_one, 0.0) / (2 * sigma)) + 1
    low = -r * m**k - beyond
    high = ((k - p) * r * m**k - 2 * sigma) / p if minima else -r * m**k + beyond
    low = np.minimum(low, high)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        rises = _slope(middle, m, p, r, k, minima) > 0
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    energy = low
    function = complexity_of_minima if minima else total_complexity
    return function(energy, m, p, r, k), energy


def band_edge(p: int, r: float, power: int | None = None, minima: bool = True) -> float:
    """Largest overlap of the band around m = 0 in which the complexity is not negative.

    Parameters and errors are those of :func:`best_complexity`.

    Notes
    -----
    The gradient of the signal makes the band of all stationary points narrower. For a strong signal
    the edge decreases as r^(-1 / (k - 1)).
    """
    found = best_complexity(OVERLAPS, p, r, power, minima)[0]
    if np.all(found >= 0):
        return float(OVERLAPS[-1])
    first = int(np.argmax(found < 0))
    left = float(OVERLAPS[first - 1]) if first else 0.0

    def best(m: float) -> float:
        return float(best_complexity(m, p, r, power, minima)[0])

    return float(brentq(best, left, OVERLAPS[first], xtol=1e-14))


def _slope(e: Array, m: Array, p: int, r: float, k: int, minima: bool) -> Array:
    """Derivative of the complexity by energy."""
    sigma = _width(p)
    mu, rank_one = _hessian(e, m, p, r, k)
    t, pull = mu / sigma, rank_one / sigma
    root = np.sqrt(np.maximum(t**2 - 4, 0.0))
    found = -2 * (e + r * m**k) - p / sigma * (t - np.sign(t) * root) / 2
    if minima:
        holding = np.where(pull > 1, np.maximum(pull / 2 - (t + root) / 4, 0.0), 0.0)
        found = found - p / sigma * holding
    return found


def _primitive(y: Array) -> Array:
    """The integral of sqrt(y^2 - 4) from 2 to y."""
    half = np.maximum(0.5 * y, 1.0)
    return 2 * (half * np.sqrt(half**2 - 1) - np.arccosh(half))


def _hessian(e: Array, m: Array, p: int, r: float, k: int) -> tuple[Array, Array]:
    """The shift mu of the Hessian and the size theta of its part of rank one."""
    curvature = r * k * (k - 1) * m ** (k - 2) if k > 1 else np.zeros_like(m)
    return (k - p) * r * m**k - p * e, curvature * (1 - m**2)


def _width(p: int) -> float:
    """Half the radius of the semicircle, sigma."""
    return float(np.sqrt(p * (p - 1) / 2))


def _strength(m: float, rest: float, p: int, k: int) -> float:
    """The strength r for which there is a stationary point at m, where rest = 1 - m^2."""
    return float(np.sqrt(p / (2 * rest))) * m ** (2 - k) / k


def _appearance(p: int, k: int) -> tuple[float, float]:
    """The weakest signal that makes a minimum, and the overlap of this minimum.

    Above m^2 = (k - 2) / (k - 1) the strength increases with m. Above m^2 = (p - 2) / (p - 1) the
    state is a single minimum, and below it is a glass, where chi sigma > 1.
    """
    square = (max(k, p) - 2) / (max(k, p) - 1)
    m = float(np.sqrt(square))
    return _strength(m, 1 - square, p, k), m


def _power(p: int, r: float, power: int | None) -> int:
    complexity.threshold_energy(p)  # refuses p
    if not 0 <= r < np.inf:
        raise CampaignError(f"r = {r:g} is not a signal: it must be at least 0 and finite.")
    k = p if power is None else power
    if k != int(k) or k < 1:
        raise CampaignError(f"power = {k:g} must be a whole number, at least 1.")
    return int(k)


def _arguments(
    energy: ArrayLike, overlap: ArrayLike, p: int, r: float, power: int | None
) -> tuple[Array, Array, int]:
    k = _power(p, r, power)
    e, m = (np.asarray(each, dtype=np.float64) for each in (energy, overlap))
    if not np.all(np.isfinite(e)):
        raise CampaignError("energy holds values that are not finite.")
    if not np.all(np.abs(m) < 1):
        raise CampaignError("overlap holds values that do not lie between -1 and 1.")
    return e, m, k
