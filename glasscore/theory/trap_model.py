"""Exact laws of Bouchaud's trap model with infinitely many traps, at any temperature.

Traps have energies E < 0 with density ``exp(E / T_c) / T_c``. A trap of energy E is left at rate
``exp(E / T)`` and the next trap is drawn at random, so the mean trapping time ``tau = exp(-E / T)``
of a visited trap has density ``x tau^-(1 + x)`` on ``tau > 1``, with ``x = T / T_c`` the only
parameter. At t = 0 the trap is drawn at random (a quench from infinite temperature). One attempt is
one unit of time. In the glassy phase, x < 1, there is no equilibrium, and the system ages for ever.
For x > 1 all laws approach those of equilibrium, as ``t^-(x - 1)``.

Written in the depth ``v = -E / T_c`` and the exit rate ``u = exp(-v / x)``, the probability density
of the occupied trap has the Laplace transform (renewal at every jump)

    P^(v, s) = exp(-v) / (s + u) / (s I(s)),    I(s) = int_0^inf exp(-v) / (s + u) dv.

Its only singularities lie on -1 <= s <= 0, so that inversion along a Talbot contour converges
geometrically. The integrals over v are sums over Gauss-Legendre panels, whose poles are at least
half the width of a panel away along the contour. The energy and the survival probability agree to
1e-11 with a solution of the master equation in the time domain.

References
----------
J.-P. Bouchaud, J. Phys. I France 2 (1992) 1705.
J. A. C. Weideman and L. N. Trefethen, Math. Comp. 76 (2007) 1341, and Trefethen, Weideman and
Schmelzer, BIT 46 (2006) 653, for the contour.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from glasscore.theory.arguments import not_negative

CONTOUR_POINTS = 24
"""Number of points of the contour, whose error is of order 3.89^-24 = 7e-15; more add rounding."""

GAUSS_POINTS = 20
"""Nodes in a panel. Poles lie outside the Bernstein ellipse of 2.7, and 2.7^-40 is 6e-18."""

NEGLIGIBLE = 38.0
"""An exponent beyond which exp(-38), 3e-17, is negligible."""


def aging_function(omega: ArrayLike, x: float) -> NDArray[np.float64]:
    r"""Probability of no jump between t_w and t_w (1 + omega), as t_w goes to infinity.

    .. math:: H_x(\omega) = \frac{\sin \pi x}{\pi} \int_\omega^\infty \frac{du}{(1 + u) u^x}
              = I_{1 / (1 + \omega)}(x, 1 - x)

    Parameters
    ----------
    omega
        Length of the window over the waiting time, any shape, zero and infinity included.
    x
        T / T_c, between 0 and 1.

    Returns
    -------
    ndarray
        Probabilities of the shape of ``omega``: 1 at omega = 0, 0 at infinity.

    Raises
    ------
    ValueError
        If ``x`` is not between 0 and 1, or a window is negative.

    Notes
    -----
    Sources: Lamperti (1958) and Dynkin (1961) for the law, Bouchaud (1992) for the trap model. The
    substitution of 1 / (1 + u) gives the regularised incomplete beta function (derivation).
    """
    check_exponent(x)
    omega = not_negative(omega, "omega", finite=False)
    # Two forms of the same function, of which each keeps all digits in its range of omega.
    return np.where(
        omega < 1.0,
        special.betaincc(1.0 - x, x, np.minimum(omega, 1.0) / (1.0 + np.minimum(omega, 1.0))),
        special.betainc(x, 1.0 - x, 1.0 / (1.0 + omega)),
    )


def energy_asymptote(
    time: ArrayLike, x: float, critical_temperature: float = 1.0
) -> NDArray[np.float64]:
    r"""Mean energy at long times, with its constant.

    .. math:: E(t) = -T [\ln t + \gamma + \pi \cot \pi x] + O(t^{-(1 - x)} \ln t)

    Parameters
    ----------
    time
        Attempts since the quench, any shape, positive.
    x
        T / T_c, between 0 and 1.
    critical_temperature
        T_c, the unit of energy.

    Returns
    -------
    ndarray
        Energies of the shape of ``time``.

    Raises
    ------
    ValueError
        If ``x`` is not between 0 and 1, or a time is negative.

    Notes
    -----
    The transform of -<ln u> is ``(1 / s) [-ln s + pi cot(pi x)]`` at small s (derivation). The
    next term, of relative order ``s^(1 - x)``, brings the correction

    .. math:: \frac{T \sin \pi x}{\pi \Gamma(x)} t^{-(1 - x)} \left[
              \frac{\psi(x) - \ln t - \pi \cot \pi x}{1 - x} - \frac{1}{(1 - x)^2} \right],

    which is not small near x = 1; use :func:`energy` there.
    """
    check_exponent(x)
    time = not_negative(time, "time", finite=False)
    with np.errstate(divide="ignore"):
        depth = np.log(time) + np.euler_gamma + np.pi / np.tan(np.pi * x)
    return -x * critical_temperature * depth


def energy(time: ArrayLike, x: float, critical_temperature: float = 1.0) -> NDArray[np.float64]:
    r"""Mean energy at any time after the quench.

    .. math:: E^\wedge(s) = -\frac{T_c}{s} \int_0^\infty \frac{v e^{-v}}{s + u} dv
              \Big/ \int_0^\infty \frac{e^{-v}}{s + u} dv

    Parameters
    ----------
    time
        Attempts since the quench, any shape, zero included.
    x
        T / T_c, positive.
    critical_temperature
        T_c, the unit of energy.

    Returns
    -------
    ndarray
        Energies of the shape of ``time``; -T_c at time 0. Error below ``1e-11 T_c max(1, ln t)``.

    Raises
    ------
    ValueError
        If ``x`` is not positive, or a time is negative or infinite.
    """
    check_ratio(x)
    time = not_negative(time, "time")
    points, weights = contour()
    result = np.full(time.size, -critical_temperature)
    for index, t in enumerate(time.flat):
        if t > 0:
            depth, shares = depths(t, 0.0, x)
            occupied = 1.0 / (points[:, np.newaxis] / t + np.exp(-depth / x))
            mean = (occupied * (shares * depth)).sum(axis=1) / (occupied * shares).sum(axis=1)
            result[index] = -critical_temperature * (weights * mean).real.sum()
    return result.reshape(time.shape)


def equilibrium_energy(x: float, critical_temperature: float = 1.0) -> float:
    r"""Mean energy in equilibrium, :math:`-T_c x / (x - 1)`.

    Parameters
    ----------
    x
        T / T_c, above 1: below there is no equilibrium.
    critical_temperature
        T_c, the unit of energy.

    Raises
    ------
    ValueError
        If ``x`` is not above 1.

    Notes
    -----
    Depths in equilibrium have the density of :math:`e^{-v} / u`, which is exponential with mean
    ``x / (x - 1)``.
    """
    _check_equilibrium(x)
    return -critical_temperature * x / (x - 1.0)


def equilibrium_no_jump(duration: ArrayLike, x: float) -> NDArray[np.float64]:
    r"""Probability of no jump for a time t, from equilibrium.

    .. math:: \Pi(t) = (x - 1) \int_0^1 u^{x - 2} e^{-u t} du = (x - 1) t^{1 - x} \gamma(x - 1, t)

    Parameters
    ----------
    duration
        t in attempts, any shape, not negative.
    x
        T / T_c, above 1: below there is no equilibrium.

    Returns
    -------
    ndarray
        Probabilities of the shape of ``duration``.

    Raises
    ------
    ValueError
        If ``x`` is not above 1, or a time is negative.
    """
    _check_equilibrium(x)
    return _longer_dwell(not_negative(duration, "duration", finite=False), x - 1.0)


def no_jump(waiting_time: ArrayLike, window: ArrayLike, x: float) -> NDArray[np.float64]:
    r"""Probability of no jump between t_w and t_w (1 + omega), at any waiting time.

    .. math:: \Pi^\wedge(s) = \frac{1}{s} \int_0^\infty \frac{e^{-v - c u}}{s + u} dv
              \Big/ \int_0^\infty \frac{e^{-v}}{s + u} dv, \qquad c = \omega t_w

    is inverted at t_w for fixed duration c. So the result includes the corrections to the aging
    function, of order ``t_w^-(1 - x)``, or to equilibrium, of order ``t_w^-(x - 1)``.

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
        Probabilities of the broadcast shape; 1 where the window's duration is zero. Absolute error
        below 1e-12.

    Raises
    ------
    ValueError
        If ``x`` is not positive, or a waiting time or window is negative or infinite.
    """
    check_ratio(x)
    waiting_time = not_negative(waiting_time, "waiting_time")
    window = not_negative(window, "window")
    waiting_time, window = np.broadcast_arrays(waiting_time, window)
    points, weights = contour()
    result = np.ones(waiting_time.size)
    pairs = zip(waiting_time.flat, window.flat, strict=True)
    for index, (t, omega) in enumerate(pairs):
        if t > 0 and omega > 0:
            depth, shares = depths(t, omega, x)
            rates = np.exp(-depth / x)
            occupied = 1.0 / (points[:, np.newaxis] / t + rates)
            stay = shares * np.exp(-omega * t * rates)
            stays = (occupied * stay).sum(axis=1) / (occupied * shares).sum(axis=1)
            result[index] = (weights * stays).real.sum()
    return result.reshape(waiting_time.shape)


def trapping_time_density(
    dwell: ArrayLike, x: float, *, mean_time: bool = False
) -> NDArray[np.float64]:
    r"""Density of the trapping times of visited traps.

    .. math:: \psi(t) = \int_1^\infty x \tau^{-(1 + x)} \frac{e^{-t / \tau}}{\tau} d\tau
              = x t^{-(1 + x)} \gamma(1 + x, t)

    Parameters
    ----------
    dwell
        Trapping times in attempts, any shape.
    x
        T / T_c, positive.
    mean_time
        False for the time spent in a trap during one visit; True for the trap's mean trapping
        time ``exp(-E / T)``, of density ``x tau^-(1 + x)`` above 1.

    Returns
    -------
    ndarray
        Densities, per attempt, of the shape of ``dwell``.

    Raises
    ------
    ValueError
        If ``x`` is not positive, or a time is negative.

    Notes
    -----
    Source: Bouchaud (1992) for the power law. The substitution u = t / tau gives the lower
    incomplete gamma function (derivation). At dwell 0 the density is x / (1 + x).
    """
    check_ratio(x)
    dwell = not_negative(dwell, "dwell", finite=False)
    result = np.zeros(dwell.shape)
    if mean_time:
        late = dwell >= 1
        result[late] = x * dwell[late] ** -(1.0 + x)
        return result
    short = dwell < 1e-8
    result[short] = x / (1.0 + x)
    later = dwell[~short]
    result[~short] = (
        x * later ** -(1.0 + x) * special.gammainc(1.0 + x, later) * special.gamma(1.0 + x)
    )
    return result


def trapping_time_probability(
    lower: ArrayLike, upper: ArrayLike, x: float, *, mean_time: bool = False
) -> NDArray[np.float64]:
    r"""Probability that a trapping time falls in a bin.

    .. math:: P(t > a) = \int_0^1 x u^{x - 1} e^{-u a} du = x a^{-x} \gamma(x, a)

    A histogram estimates this probability, however wide its bins are.

    Parameters
    ----------
    lower, upper
        Edges of the bins in attempts, broadcast against each other. ``upper`` may be infinite.
    x, mean_time
        As in :func:`trapping_time_density`.

    Returns
    -------
    ndarray
        Probabilities of the broadcast shape.

    Raises
    ------
    ValueError
        If ``x`` is not positive, an edge is negative, or a lower edge is above its upper.
    """
    check_ratio(x)
    lower = not_negative(lower, "lower", finite=False)
    upper = not_negative(upper, "upper", finite=False)
    if np.any(lower > upper):
        raise ValueError("lower must not exceed upper")
    if mean_time:
        return np.maximum(lower, 1.0) ** -x - np.maximum(upper, 1.0) ** -x
    return _longer_dwell(lower, x) - _longer_dwell(upper, x)


def participation(x: float) -> float:
    """Mean of the sum of squared Boltzmann weights, ``1 - x`` or 0, for infinitely many traps.

    Parameters
    ----------
    x
        T / T_c, positive.

    Raises
    ------
    ValueError
        If ``x`` is not positive.

    Notes
    -----
    The weights are those of the random energy model (Derrida 1981; Mezard, Parisi, Sourlas,
    Toulouse and Virasoro 1984), a Poisson process of intensity ``tau^-(1 + x)``.
    """
    check_ratio(x)
    return max(0.0, 1.0 - x)


def check_ratio(x: float) -> None:
    """Raise ``ValueError`` unless T / T_c is positive and finite."""
    if not 0 < x < np.inf:
        raise ValueError(f"x = T / T_c must be positive and finite, got {x}")


def check_exponent(x: float) -> None:
    """Raise ``ValueError`` unless T / T_c is between 0 and 1."""
    if not 0 < x < 1:
        raise ValueError(f"x = T / T_c must be between 0 and 1, got {x}")


def _check_equilibrium(x: float) -> None:
    if not 1 < x < np.inf:
        raise ValueError(f"x = T / T_c must be above 1 and finite, got {x}")


@lru_cache
def contour() -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Points z and weights for the inversion of a Laplace transform G(s) / s.

    The function of time is f(t) = Re sum_k weight_k G(z_k / t).

    The weights contain ``exp(z) / z``, and a factor two for the conjugate half of the contour
    z(theta) = n [0.5017 theta cot(0.6407 theta) - 0.6122 + 0.2645 i theta], -pi < theta < pi.
    """
    n = CONTOUR_POINTS
    theta = np.pi * (2.0 * np.arange(n // 2) + 1.0) / n
    angle = 0.6407 * theta
    points = n * (0.5017 * theta / np.tan(angle) - 0.6122 + 0.2645j * theta)
    slope = n * (0.5017 / np.tan(angle) - 0.5017 * angle / np.sin(angle) ** 2 + 0.2645j)
    return points, 2.0 * np.exp(points) * slope / (1j * n * points)


@lru_cache
def unit_panel() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss-Legendre rule on the interval from 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(GAUSS_POINTS)
    return 0.5 * (1.0 + nodes), 0.5 * weights


def depths(time: float, window: float, x: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Depths v and weights of a rule for int_0^inf exp(-v) f(u, v) / (z / t + u) dv.

    Here z is on the contour, and f may contain exp(-omega t u). Panels have the length 1 or x, so
    that u changes by a factor e at most in a panel. They end where u is negligible compared with z
    / t and 1 / (omega t); all deeper traps are one point at their mean depth. For x > 1 the panels
    end earlier if deeper traps are practically never occupied.
    """
    smallest = np.abs(contour()[0]).min()
    end = x * (NEGLIGIBLE + max(0.0, np.log(time / smallest), np.log(max(1.0, window * time))))
    if x > 1:
        end = min(end, NEGLIGIBLE / (1.0 - 1.0 / x))
    edges = np.linspace(0.0, end, int(np.ceil(end / min(1.0, x))) + 1)
    nodes, weights = unit_panel()
    length = edges[1]
    depth = (edges[:-1, np.newaxis] + length * nodes).ravel()
    shares = np.tile(length * weights, edges.size - 1) * np.exp(-depth)
    return np.append(depth, end + 1.0), np.append(shares, np.exp(-end))


def _longer_dwell(time: NDArray[np.float64], x: float) -> NDArray[np.float64]:
    """The probability x t^-x gamma(x, t) of a longer trapping time, which is 1 at t = 0."""
    result = np.ones(time.shape)
    later = time > 0
    t = time[later]
    result[later] = special.gamma(1.0 + x) * t**-x * special.gammainc(x, t)
    return result
