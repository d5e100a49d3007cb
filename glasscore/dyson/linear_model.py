r"""Stationary response and correlation of the linear model with Sherrington-Kirkpatrick couplings.

.. math:: \dot S_i = -r_0 S_i + \sum_j J_{ij} S_j + \xi_i, \qquad
          \langle \xi_i(t) \xi_j(t') \rangle = 2 T \delta_{ij} \delta(t - t'), \qquad
          \langle J_{ij}^2 \rangle = J^2 / N

At large N the response of one spin, G, and its correlation, C, obey Dyson's equations, with the
self-energy :math:`J^2 G` and the noise :math:`2 T + J^2 C`:

.. math:: G(\omega) = \frac{1}{-i \omega + r_0 - J^2 G(\omega)}, \qquad
          C(\omega) = \frac{2 T |G(\omega)|^2}{1 - J^2 |G(\omega)|^2}

The eigenvalues of the couplings fill a semicircle of radius 2 J: below r_0 = 2 J there is no
stationary state, and at it both functions have power laws in time.

References
----------
H. Sompolinsky and A. Zippelius, Phys. Rev. B 25 (1982) 6860. J. Hertz, From spin glasses to deep
networks, lectures (2024). Ch. Lubich, Numer. Math. 52 (1988) 129, for convolution quadrature.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ive

from glasscore.common.errors import CampaignError

Array = NDArray[np.float64]

STEP = 0.125
"""Step of the trapezoidal rule in :func:`correlation`: its integrand is analytic and bounded within
pi / 4 of the real axis."""

LARGEST_ORDER = 5
"""Largest order of backward differentiation formulas that damp the jump at the start fast."""


def critical_coefficient(J: float = 1.0) -> float:
    """The smallest stable coefficient r_0, which is 2 J.

    Parameters
    ----------
    J
        Strength of the couplings, positive.

    Raises
    ------
    CampaignError
        If J is not positive and finite.
    """
    if not 0 < J < np.inf:
        raise CampaignError(f"J = {J:g} is not a coupling: it must be positive and finite.")
    return 2 * J


def response_spectrum(frequency: ArrayLike, r0: float, J: float = 1.0) -> NDArray[np.complex128]:
    r"""Response :math:`G(\omega) = \int_0^\infty e^{i \omega t} G(t) dt`.

    .. math:: G(\omega) = \frac{2}{s + \sqrt{s - 2 J} \sqrt{s + 2 J}}, \qquad s = r_0 - i \omega

    Parameters
    ----------
    frequency
        omega, real, any shape.
    r0
        Coefficient r_0 of the restoring force, at least 2 J.
    J
        Strength of the couplings.

    Raises
    ------
    CampaignError
        If r_0 is below 2 J, where there is no stationary state, or J is not positive.
    """
    s, root = _variable_and_root(frequency, r0, J)
    return 2 / (s + root)


def iterated_response_spectrum(
    frequency: ArrayLike, r0: float, J: float = 1.0, iterations: int = 100
) -> NDArray[np.complex128]:
    r"""Response by iteration of Dyson's equation, starting from the bare response.

    .. math:: G_{n+1} = \frac{1}{-i \omega + r_0 - J^2 G_n}, \qquad
              G_0 = \frac{1}{-i \omega + r_0}

    which is the sum of all diagrams with up to n nested self-energies.

    Parameters
    ----------
    frequency
        omega, real, any shape.
    r0, J
        As in :func:`response_spectrum`.
    iterations
        n, not negative.

    Returns
    -------
    ndarray
        G_0 .. G_n, shape (iterations + 1, ...). The error falls by the factor \|J G\|^2 at each
        iteration, and as 1 / n at omega = 0 and r_0 = 2 J.

    Raises
    ------
    CampaignError
        If r_0 is below 2 J, J is not positive or the number of iterations is negative.
    """
    s, _ = _variable_and_root(frequency, r0, J)
    if iterations < 0:
        raise CampaignError(f"iterations = {iterations} must be at least 0.")
    found = np.empty((iterations + 1, *s.shape), dtype=np.complex128)
    found[0] = 1 / s
    for n in range(iterations):
        found[n + 1] = 1 / (s - J**2 * found[n])
    return found


def iterations_to(change: float, frequency: ArrayLike, r0: float, J: float = 1.0) -> int:
    """Number of iterations of Dyson's equation until J G changes by no more than ``change``.

    Parameters
    ----------
    change
        Largest change of J G at any frequency, in the last iteration.
    frequency, r0, J
        As in :func:`iterated_response_spectrum`. If r_0 = 2 J, no frequency may be 0.
    """
    s, _ = _variable_and_root(frequency, r0, J)
    before, count = 1 / s, 0
    while True:
        now, count = 1 / (s - J**2 * before), count + 1
        if J * float(np.max(np.abs(now - before))) <= change:
            return count
        before = now


def correlation_spectrum(frequency: ArrayLike, r0: float, T: float, J: float = 1.0) -> Array:
    r"""Correlation :math:`C(\omega) = \int e^{i \omega t} C(t) dt`.

    .. math:: C(\omega) = \frac{2 T}{\omega} \operatorname{Im} G(\omega)
              = \frac{4 T (1 - \operatorname{Im} w / \omega)}{|s + w|^2}, \qquad
              w = \sqrt{s^2 - 4 J^2}

    Parameters
    ----------
    frequency
        omega, real, any shape, zero included.
    r0, J
        As in :func:`response_spectrum`.
    T
        Temperature of the noise, not negative.

    Returns
    -------
    ndarray
        Its relative error is that of rounding. At r_0 = 2 J it diverges at omega = 0, as
        ``T sqrt(2 / (J |omega|)) / J``.

    Raises
    ------
    CampaignError
        If r_0 is below 2 J, J is not positive or T is negative.
    """
    _check_temperature(T)
    s, root = _variable_and_root(frequency, r0, J)
    with np.errstate(divide="ignore"):
        # Im w / omega has two equal forms. One is 0 / 0 at omega = 0, and in the other nearly equal
        # numbers cancel at large omega.
        ratio = np.where(s.imag == 0, r0 / root.real, root.imag / np.where(s.imag == 0, 1, s.imag))
    return 4 * T * (1 + ratio) / np.abs(s + root) ** 2


def response(time: ArrayLike, r0: float, J: float = 1.0) -> Array:
    r"""Response as a function of time.

    .. math:: G(t) = e^{-r_0 t} \frac{I_1(2 J t)}{J t}, \qquad G(0^+) = 1

    Parameters
    ----------
    time
        t >= 0, any shape.
    r0, J
        As in :func:`response_spectrum`.

    Returns
    -------
    ndarray
        At r_0 = 2 J it decays as ``t^(-3/2) / (2 sqrt(pi) J^(3/2))``.

    Raises
    ------
    CampaignError
        If r_0 is below 2 J, J is not positive or a time is negative.
    """
    gap = _gap(r0, J)
    time = _times(time)
    argument = 2 * J * time
    safe = np.where(argument > 0, argument, 1.0)
    return np.exp(-gap * time) * np.where(argument > 0, 2 * ive(1, safe) / safe, 1.0)


def correlation(time: ArrayLike, r0: float, T: float, J: float = 1.0) -> Array:
    r"""Correlation as a function of time.

    .. math:: C(t) = T \int_t^\infty G(t') dt'
              = \frac{2 T}{\pi} \int_0^\pi d\theta \sin^2 \theta \,
                \frac{e^{-(r_0 - 2 J \cos \theta) t}}{r_0 - 2 J \cos \theta}

    At r_0 = 2 J it is :math:`(T / J) e^{-2 J t} [I_0(2 J t) + I_1(2 J t)]`, which decays as
    :math:`T / \sqrt{\pi J^3 t}`.

    Parameters
    ----------
    time
        t >= 0, any shape.
    r0, T, J
        As in :func:`correlation_spectrum`.

    Returns
    -------
    ndarray
        Its relative error is that of rounding, at all times and at any distance from r_0 = 2 J.

    Raises
    ------
    CampaignError
        If r_0 is below 2 J, J is not positive, or T or a time is negative.

    Notes
    -----
    The integral is a sum over the modes of the couplings (derivation). With tan(theta / 2) = exp(v)
    all poles lie at |Im v| = pi / 2, however close r_0 is to 2 J, and the exponential decays for
    |Im v| < pi / 4. So the trapezoidal rule in v converges exponentially.
    """
    _check_temperature(T)
    gap = _gap(r0, J)
    time = _times(time)
    # The integrand rises as exp(v) up to u = 1 / sqrt(J t) at least, and finally falls as exp(-3
    # v).
    earliest = -38 - 0.5 * np.log1p(J * np.max(time, initial=0.0))
    u = np.exp(np.arange(earliest, 14, STEP))
    square = 1 / (1 + 1 / u**2)  # sin^2(theta / 2)
    rate = gap + 4 * J * square
    weight = STEP * (2 / np.pi) * T * 8 * u**3 / (1 + u**2) ** 3 / rate
    return np.exp(-np.multiply.outer(time, rate)) @ weight


def convolution_response(
    step: float, count: int, r0: float, J: float = 1.0, order: int = 4
) -> Array:
    r"""Response as a function of time by integrating Dyson's equation step by step.

    .. math:: \dot G(t) = -r_0 G(t) + J^2 \int_0^t G(t - t') G(t') dt' + \delta(t)

    The derivative is replaced by the backward differentiation formula of the given order. For the
    generating function :math:`g(z) = \sum_n g_n z^n` this means

    .. math:: \left[ \frac{\delta(z)}{h} + r_0 \right] g(z) - J^2 g(z)^2 = 1, \qquad
              \delta(z) = \sum_{k=1}^p \frac{(1 - z)^k}{k}

    so that :math:`g_n / h` are the convolution quadrature of the exact solution.

    Parameters
    ----------
    step
        Time step h, positive.
    count
        Number of steps.
    r0, J
        As in :func:`response_spectrum`.
    order
        p, from 1 to 5.

    Returns
    -------
    ndarray
        G(n h) for n = 1 .. count, shape (count,). The error at a given time is of order h^p; the
        errors of the first values, next to the jump, do not decrease with h.

    Raises
    ------
    CampaignError
        If r_0 is below 2 J or another argument is out of its range.

    Notes
    -----
    Source: Lubich (1988). The cost is quadratic in ``count``.
    """
    _gap(r0, J)
    if not 0 < step < np.inf:
        raise CampaignError(f"step = {step:g} is not a time step: it must be positive and finite.")
    if count < 1:
        raise CampaignError(f"count = {count} is not a number of steps: it must be at least 1.")
    if order not in range(1, LARGEST_ORDER + 1):
        raise CampaignError(f"order = {order} is not known: it must be from 1 to {LARGEST_ORDER}.")
    difference = np.zeros(order + 1)
    power = np.ones(1)
    for k in range(1, order + 1):
        power = np.convolve(power, [1.0, -1.0])
        difference[: k + 1] += power / k
    difference /= step
    linear = difference[0] + r0
    g = np.zeros(count + 1)
    # Of the two roots for g_0, this is the one that vanishes with the step.
    g[0] = 2 / (linear + np.sqrt(linear**2 - 4 * J**2))
    slope = linear - 2 * J**2 * g[0]
    for n in range(1, count + 1):
        known = min(n, order)
        past = difference[1 : known + 1] @ g[n - known : n][::-1]
        memory = g[1:n] @ g[1:n][::-1]
        g[n] = (J**2 * memory - past) / slope
    return g[1:] / step


def _variable_and_root(
    frequency: ArrayLike, r0: float, J: float
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """The variable s = r_0 - i omega, and the root of s^2 - 4 J^2 with positive real part."""
    gap = _gap(r0, J)
    frequency = np.asarray(frequency, dtype=np.float64)
    root = np.sqrt(gap - 1j * frequency) * np.sqrt(r0 + 2 * J - 1j * frequency)
    return r0 - 1j * frequency, root


def _gap(r0: float, J: float) -> float:
    """The difference r_0 - 2 J, if it is not negative."""
    critical = critical_coefficient(J)
    if not critical <= r0 < np.inf:
        raise CampaignError(
            f"r0 = {r0:g} leaves the linear model unstable: with J = {J:g} it must be "
            f"at least 2 J = {critical:g}, and finite."
        )
    return r0 - critical


def _check_temperature(T: float) -> None:
    if not 0 <= T < np.inf:
        raise CampaignError(f"T = {T:g} is not a temperature: it must be at least 0 and finite.")


def _times(time: ArrayLike) -> Array:
    time = np.asarray(time, dtype=np.float64)
    if not np.all((time >= 0) & (time < np.inf)):
        raise CampaignError("time holds values that are negative or not finite: give t >= 0.")
    return time
