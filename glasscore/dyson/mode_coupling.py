r"""The mode-coupling equation for the equilibrium dynamics of spherical p-spin models.

Above the static transition and in equilibrium, the correlation C of the spherical model with energy
covariance f depends on one time difference and obeys, with C(0) = 1,

.. math:: \dot C(t) = -T C(t) - \int_0^t m(t - t') \dot C(t') dt', \qquad m = f'(C) / T

in the units of :mod:`glasscore.theory.spherical_pspin`. From the dynamical transition T_d down,
where T^2 q = f'(q) (1 - q) has a root q > 0, C does not decay below the overlap q. Above T_d it
relaxes in two steps, C - q ~ t^-a and q - C ~ t^b, within a time of order (T - T_d)^-gamma.

References
----------
T. R. Kirkpatrick and D. Thirumalai, Phys. Rev. B 36 (1987) 5388; A. Crisanti, H. Horner and
H.-J. Sommers, Z. Phys. B 92 (1993) 257, for the equation. W. Goetze, Complex dynamics of
glass-forming liquids (Oxford, 2009), for the exponents. M. Fuchs, W. Goetze, I. Hofacker and
A. Latz, J. Phys.: Condens. Matter 3 (1991) 5047, for the grid that
doubles its step.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import gammaln

from glasscore.common.errors import CampaignError
from glasscore.kernels.compilation import inlined_kernel, kernel, kernels_running
from glasscore.models.covariance import Covariance, derivatives_at
from glasscore.theory.spherical_pspin import dynamical_transition, static_transition

Array = NDArray[np.float64]

START = 1e-5
"""Start of the numerical solution, in units of 1 / (T + f'(1) / T). At earlier times a short series
in the time is accurate to rounding."""


class Exponents(NamedTuple):
    """Asymptotic laws at the dynamical transition.

    Attributes
    ----------
    temperature, overlap
        T_d and q_d.
    parameter
        lambda, the exponent parameter.
    a, b
        C - q ~ t^-a before the plateau and q - C ~ t^b after it.
    gamma
        1 / (2 a) + 1 / (2 b): relaxation times grow as (T - T_d)^-gamma.
    """

    temperature: float
    overlap: float
    parameter: float
    a: float
    b: float
    gamma: float


class Relaxation(NamedTuple):
    """The correlation in equilibrium.

    Attributes
    ----------
    time
        Time differences, ascending from 0, shape (times,).
    correlation
        C, shape (times,).
    error
        A bound of the absolute error of C, shape (times,): the change by extrapolation to step
        zero, which is of lower order in the step than the error that is left.
    """

    time: Array
    correlation: Array
    error: Array


def exponents(model: Covariance) -> Exponents:
    r"""Exponents of the two-step relaxation close to T_d.

    .. math:: \lambda = \frac{T f'''(q)}{2 f''(q)^{3/2}}
              = \frac{\Gamma(1 - a)^2}{\Gamma(1 - 2 a)} = \frac{\Gamma(1 + b)^2}{\Gamma(1 + 2 b)}

    Parameters
    ----------
    model
        Energy covariance f.

    Returns
    -------
    Exponents
        For a pure covariance lambda = 1 / 2, b = 1 and gamma = 1.7649803.

    Raises
    ------
    CampaignError
        If the transition is continuous, or lambda is not below 1, where other laws hold.
    """
    T, q = dynamical_transition(model)
    if q == 0:
        raise CampaignError(
            "covariance freezes continuously: the exponents a and b need a plateau above zero."
        )
    powers = model.exponents
    third = powers * (powers - 1) * (powers - 2) * model.coefficients @ q ** (powers - 3)
    parameter = float(T * third / (2 * model.second_derivative(q) ** 1.5))
    if not 0 < parameter < 1:
        raise CampaignError(
            f"covariance has the exponent parameter {parameter:g}: the exponents a and b need "
            "one between 0 and 1."
        )

    def excess(x: float) -> float:
        return float(2 * gammaln(1 + x) - gammaln(1 + 2 * x) - np.log(parameter))

    a = -float(brentq(excess, -0.5 + 1e-15, 0.0, xtol=1e-16))
    longest = 1.0
    while excess(longest) > 0:
        longest *= 2
    b = float(brentq(excess, 0.0, longest, xtol=1e-16))
    return Exponents(T, q, parameter, a, b, 1 / (2 * a) + 1 / (2 * b))


def relaxation(model: Covariance, T: float, t_max: float = 1e12, points: int = 1024) -> Relaxation:
    """Equilibrium correlation up to t_max, at a cost that grows as the logarithm of t_max.

    Parameters
    ----------
    model
        Energy covariance f.
    T
        Temperature, above the static transition. Below T_d the correlation does not relax.
    t_max
        Longest time, positive.
    points
        Number of steps from 0 to the end of each doubling of time, a multiple of 4 from 32 on. A
        second solution with twice as many gives the error and the extrapolation to step zero.

    Returns
    -------
    Relaxation
        At ``points / 2`` times per doubling. The error decreases as points^-3; that before
        extrapolation, which is the estimate, as points^-2.

    Raises
    ------
    CampaignError
        If T is not above the static transition, where this equation does not describe equilibrium,
        or if t_max or points is out of its range.
    """
    lowest = static_transition(model).temperature
    if not lowest < T < np.inf:
        raise CampaignError(
            f"T = {T:g} is out of range: the equilibrium equation holds above the static "
            f"transition, T = {lowest:g}."
        )
    if not 0 < t_max < np.inf:
        raise CampaignError(f"t_max = {t_max:g} is not a time: it must be positive and finite.")
    if points < 32 or points % 4:
        raise CampaignError(f"points = {points} must be a multiple of 4, at least 32.")
    start = _start(model, T)
    doublings = max(1, int(np.ceil(np.log2(t_max / start))))
    with kernels_running():
        time, fine = _doubling_grid(model, T, start, doublings, 2 * points)
        _, coarse = _doubling_grid(model, T, start, doublings, points)
    time, fine = time[::2], fine[::2]
    change = (fine - coarse) / 3
    kept = time <= t_max * (1 + 1e-12)
    return Relaxation(time[kept], (fine + change)[kept], np.abs(change)[kept])


def first_time(model: Covariance, T: float, points: int) -> float:
    """The first time above 0 of :func:`relaxation`, which does not depend on the last one."""
    return 2 * _start(model, T) / points


def _start(model: Covariance, T: float) -> float:
    return START / (T + float(model.first_derivative(1.0)) / T)


def relaxation_time(found: Relaxation, level: float = float(np.exp(-1))) -> float:
    """Time at which the correlation falls below a level.

    Parameters
    ----------
    found
        What :func:`relaxation` returns.
    level
        Between 0 and 1, 1 / e by default.

    Raises
    ------
    CampaignError
        If the level is out of range or is not reached.

    Notes
    -----
    A polynomial through the four nearest points is used.
    """
    if not 0 < level < 1:
        raise CampaignError(f"level = {level:g} must lie between 0 and 1.")
    below = np.flatnonzero(found.correlation < level)
    if below.size == 0:
        raise CampaignError(
            f"correlation stays above {level:g} up to t = {found.time[-1]:g}: "
            "raise t_max, or the temperature if it is not above T_d."
        )
    first = int(np.clip(below[0] - 2, 0, found.time.size - 4))
    time, correlation = found.time[first : first + 4], found.correlation[first : first + 4]
    scaled = (time - time[0]) / (time[3] - time[0])
    through = np.polynomial.Polynomial.fit(scaled, correlation, 3, domain=[])
    crossing = float(brentq(lambda x: through(x) - level, 0.0, 1.0, xtol=1e-15))
    return float(time[0] + crossing * (time[3] - time[0]))


def power_law_of_times(
    distance: ArrayLike, times: ArrayLike, corrections: int = 1
) -> tuple[float, float]:
    r"""Exponent of relaxation times that diverge at a transition, and how well it is known.

    .. math:: \ln \tau = -\gamma \ln \epsilon + \sum_{k=0}^n c_k \epsilon^{k/2}

    is fitted by least squares.

    Parameters
    ----------
    distance
        epsilon = T - T_d, in any unit, positive, shape (temperatures,).
    times
        Relaxation times, shape (temperatures,).
    corrections
        n, from 0; there must be more than n + 2 temperatures.

    Returns
    -------
    tuple of float
        gamma, and by how much it changes when the last correction is left out (infinite for
        n = 0).

    Raises
    ------
    CampaignError
        If values are not positive or too few.
    """
    distance, times = np.asarray(distance, float), np.asarray(times, float)
    if not (np.all(distance > 0) and np.all(times > 0)):
        raise CampaignError("distance and times must be positive.")
    if corrections < 0 or distance.size <= corrections + 2 or distance.shape != times.shape:
        raise CampaignError(
            f"corrections = {corrections} with {distance.size} temperatures and {times.size} "
            "times: there must be as many times as temperatures, and more than corrections + 2."
        )

    def fit(order: int) -> float:
        return float(_power_law(distance, times, order)[0])

    gamma = fit(corrections)
    return gamma, abs(gamma - fit(corrections - 1)) if corrections else np.inf


def fitted_times(
    distance: ArrayLike, times: ArrayLike, corrections: int, at: ArrayLike
) -> NDArray[np.float64]:
    """Relaxation times of the fit of :func:`power_law_of_times` at other distances.

    Parameters
    ----------
    distance, times, corrections
        Those of the fit.
    at
        Distances from the transition, positive, any one-dimensional shape.

    Returns
    -------
    ndarray
        tau, of the shape of ``at``.
    """
    distance, times, at = (np.asarray(values, float) for values in (distance, times, at))
    return np.exp(_terms(at, corrections) @ _power_law(distance, times, corrections))


def _terms(distance: NDArray[np.float64], order: int) -> NDArray[np.float64]:
    """What the logarithm of the relaxation times is a sum of, shape (temperatures, terms)."""
    terms = [-np.log(distance), *(distance ** (0.5 * k) for k in range(order + 1))]
    return np.stack(terms, axis=1)


def _power_law(
    distance: NDArray[np.float64], times: NDArray[np.float64], order: int
) -> NDArray[np.float64]:
    """Coefficients of these terms by least squares, the first of which is gamma."""
    found = np.linalg.lstsq(_terms(distance, order), np.log(times), rcond=None)[0]
    return np.asarray(found, np.float64)


@kernel
def _doubling_grid(model, T, start, doublings, points):
    """Times and correlation on a grid whose step doubles, from 0 to start * 2^doublings.

    At each stage the grid has ``points`` steps. The first half of them is known, from a series at
    short times or from the stage before, and the equation is solved on the second half.
    """
    half = points // 2
    time = np.empty(half * (doublings + 1) + 1)
    solution = np.empty(time.size)
    # The functions C and m on the grid, and their means over each step. The means of the first
    # steps keep what the function does between the points, which is lost when the step doubles.
    correlation, memory = np.empty(points + 1), np.empty(points + 1)
    mean_correlation, mean_memory = np.empty(points + 1), np.empty(points + 1)

    step = start / half
    _fill_short_times(model, T, step, half, correlation, memory, mean_correlation, mean_memory)
    for i in range(half + 1):
        time[i] = i * step
        solution[i] = correlation[i]
    filled = half + 1
    for _ in range(doublings):
        for i in range(half + 1, points + 1):
            _solve_at(model, T, step, i, correlation, memory, mean_correlation, mean_memory)
            time[filled] = i * step
            solution[filled] = correlation[i]
            filled += 1
        _double_step(half, correlation, memory, mean_correlation, mean_memory)
        step *= 2
    return time, solution


@inlined_kernel
def _fill_short_times(model, T, step, half, correlation, memory, mean_correlation, mean_memory):
    """The first half of the grid from the series of C(t) to second order in t."""
    curvature = T * T + derivatives_at(model, 1.0)[0]
    for i in range(half + 1):
        t = i * step
        correlation[i] = 1.0 + t * (-T + t * curvature / 2)
        memory[i] = derivatives_at(model, correlation[i])[0] / T
    for i in range(1, half + 1):
        mean_correlation[i] = 0.5 * (correlation[i] + correlation[i - 1])
        mean_memory[i] = 0.5 * (memory[i] + memory[i - 1])


@inlined_kernel
def _solve_at(model, T, step, i, correlation, memory, mean_correlation, mean_memory):
    """Solve the equation at the time i * step by Newton's method, from the times before.

    The derivative is the backward difference of second order. The memory integral is split in the
    middle of [0, t], and each half is a sum of means over steps times differences.
    """
    middle = i // 2
    of_correlation = 1.0 - mean_correlation[1]
    of_rate = 1.5 / step + T + mean_memory[1]
    known = (-2.0 * correlation[i - 1] + 0.5 * correlation[i - 2]) / step
    known += memory[i - middle] * correlation[middle]
    known -= memory[i - 1] * mean_correlation[1] + mean_memory[1] * correlation[i - 1]
    for k in range(2, middle + 1):
        known += (memory[i - k + 1] - memory[i - k]) * mean_correlation[k]
    for k in range(2, i - middle + 1):
        known += mean_memory[k] * (correlation[i - k + 1] - correlation[i - k])
    value = correlation[i - 1]
    for _ in range(20):
        first, second = derivatives_at(model, value)
        residual = of_rate * value - of_correlation * first / T + known
        before = value
        # Rounding must not make C negative, since powers that are not whole have no value there.
        value = max(value - residual / (of_rate - of_correlation * second / T), 0.0)
        if abs(value - before) <= 1e-15:
            break
    correlation[i] = value
    memory[i] = derivatives_at(model, value)[0] / T
    mean_correlation[i] = (5 * value + 8 * correlation[i - 1] - correlation[i - 2]) / 12
    mean_memory[i] = (5 * memory[i] + 8 * memory[i - 1] - memory[i - 2]) / 12


@inlined_kernel
def _double_step(half, correlation, memory, mean_correlation, mean_memory):
    """Move the grid to the first half of one with steps of twice the length."""
    for k in range(1, half + 1):
        correlation[k] = correlation[2 * k]
        memory[k] = memory[2 * k]
        mean_correlation[k] = 0.5 * (mean_correlation[2 * k - 1] + mean_correlation[2 * k])
        mean_memory[k] = 0.5 * (mean_memory[2 * k - 1] + mean_memory[2 * k])
