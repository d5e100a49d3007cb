r"""Exact laws of trapping times of states in the Gaussian random energy model of N spins.

Energies are independent and normal with variance N. The flip of each spin is attempted at rate 1/N
and accepted with Metropolis's probability :math:`a(E, E') = \min(1, e^{-\beta (E' - E)})`. The N
neighbours of a state and the other neighbours of each of them have independent energies, so that
averages over the landscape are products.

*Visits.* The first visit to a state drawn at random, as at the quench, lasts longer than t with the
probability

.. math:: P(t) = \int \rho(E) \, \Big[ \big\langle e^{-t a(E, E') / N} \big\rangle_{E'} \Big]^N dE .

*Stays.* A jump from a deep state is mostly followed by the jump back. From a neighbour of energy E'
the jump back has the rate a(E', E) / N, and all jumps to other states together have the rate B / N,
where :math:`B = \sum a(E', E'')` over the N - 1 other neighbours. A departure is final with the
probability B / (a + B). So the time that is spent in the state until it is left for good is
exponential, with the rate of final departures. For a local minimum that is drawn at random,
a(E', E) = 1, and this time is longer than t with the probability

.. math:: P(t) = (N + 1) \int \rho(E) \, \bigg[ \int_E^\infty \rho(E') \,
          \Big\langle e^{-c B / (1 + B)} \Big\rangle_B dE' \bigg]^N dE,
          \qquad c = \frac{t}{N} e^{-\beta (E' - E)},

where the time in neighbours, N attempts or less for each excursion, is not counted. The average
over B follows from its Laplace transform, which is :math:`\langle e^{-s a} \rangle` to the power N
- 1:

.. math:: \Big\langle e^{-c B / (1 + B)} \Big\rangle = e^{-c} + 2 \sqrt{c} \int_0^\infty
          I_1(2 \sqrt{c} \, \sigma) \, e^{-c - \sigma^2}
          \big\langle e^{-\sigma^2 B} \big\rangle \, d\sigma,

from the series of :math:`e^{c / (1 + B)}`, each power being an integral over
:math:`s = \sigma^2` of :math:`e^{-s (1 + B)}`.

This is not a power law: its slope :math:`x(t) = -d \ln P / d \ln t` grows with the logarithm of
time. For N to infinity at fixed ln t / N the slope is |E| / (N beta), where E is the energy of
states whose trapping time is t (see :func:`glasscore.theory.random_energy.local_exponent`). At N of
a few tens the energy of the lowest neighbours, of order sqrt(2 N ln N), is not negligible compared
with E.

The stays of a trajectory do not follow this law, since the trajectory visits some minima more often
than others. At N = 12, T = 0.6 the local exponent of the stays in runs of 10^6 attempts is 0.09 to
0.69 for times from 1 to 4096, that of the law 0.02 to 0.41. So no figure compares the law with
trajectories.

The formulas are derivations.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats
from scipy.interpolate import CubicSpline, RectBivariateSpline

from glasscore.theory.arguments import not_negative, positive
from glasscore.theory.quadrature import gauss_legendre_panels

Array = NDArray[np.float64]

NODES = 12
# Width of a panel in units of T. The integrand exp(-exp(-x)) is analytic and bounded within pi / 2
# of the real axis.
WIDTH = 1.5
# Energies that occur with probability exp(-40) or less are left out, and so are differences between
# exp(-exp(-40)) and 1.
RAREST = 40.0
# Steps of the tables: in energy, in units of T, and in the logarithms of c and s.
STEP = 0.125
LOG_STEP = 0.25
# Smallest c and s in the tables.
LEAST = 1e-9
# Range of sigma around the maximum of exp(-(sigma - sqrt(c))^2), and width of a panel in sigma.
REACH, SIGMA_PANEL = 7.0, 0.5
# Half of the difference of ln t in a slope.
DIFFERENCE = 0.05


def longer_visit(time: ArrayLike, N: int, T: float) -> Array:
    """Probability that the first visit to a state drawn at random lasts longer than a time.

    Parameters
    ----------
    time
        Attempts, any shape, not negative.
    N
        Number of spins, at least 2.
    T
        Temperature in units of J, positive.

    Returns
    -------
    ndarray
        Probabilities of the shape of ``time``, with an absolute error below 1e-12.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    """
    time = _checked(time, N, T)
    deviation = np.sqrt(N)
    highest = deviation * np.sqrt(2.0 * RAREST)
    energy, weight = _panels(-highest, highest, min(WIDTH * T, deviation))
    share = weight * stats.norm.pdf(energy, scale=deviation)
    stays = _transform(energy, time.ravel() / N, N, T) ** N
    return np.minimum(share @ stays, 1.0).reshape(time.shape)


def longer_stay(time: ArrayLike, N: int, T: float) -> Array:
    """Probability that the stay in a local minimum drawn at random lasts longer than a time.

    Parameters
    ----------
    time
        Attempts spent in the minimum, any shape, not negative.
    N
        Number of spins, at least 2.
    T
        Temperature in units of J, positive.

    Returns
    -------
    ndarray
        Probabilities of the shape of ``time``. Their absolute error, which is that of the tables,
        is below 1e-6 (compared with tables of twice as many points).

    Raises
    ------
    ValueError
        If an argument is out of its range.
    """
    time = _checked(time, N, T)
    deviation = np.sqrt(N)
    highest = deviation * np.sqrt(2.0 * RAREST)
    # States of higher energy are not local minima.
    energy, weight = _panels(-highest, 0.5 * highest, min(WIDTH * T, deviation))
    share = (N + 1.0) * weight * stats.norm.pdf(energy, scale=deviation)
    largest = max(time.max(initial=0.0) / N, 1.0)
    survival = _survival_table(
        np.arange(-highest, highest, STEP * min(T, deviation)), largest, N, T
    )
    found = np.ones(time.size)
    for index, t in enumerate(time.flat):
        if t == 0:
            continue
        # For neighbours that are higher than this, c is negligible.
        end = min(T * max(np.log(t / N / LEAST), 0.0), 3.0 * highest)
        climb, climb_weight = _panels(0.0, end, min(WIDTH * T, deviation))
        after = energy[:, np.newaxis] + climb
        log_c = np.broadcast_to(np.log(t / N) - climb / T, after.shape)
        kept = survival.ev(np.minimum(after, highest), np.maximum(log_c, np.log(LEAST)))
        inside = (stats.norm.pdf(after, scale=deviation) * kept) @ climb_weight
        found[index] = share @ (inside + stats.norm.sf((energy + end) / deviation)) ** N
    return np.clip(found, 0.0, 1.0).reshape(time.shape)


def stay_exponent(time: ArrayLike, N: int, T: float) -> Array:
    r"""The slope :math:`x = -d \ln P / d \ln t` of :func:`longer_stay`.

    Parameters
    ----------
    time
        Attempts, any shape, positive.
    N, T
        As for :func:`longer_stay`.

    Returns
    -------
    ndarray
        Exponents x of a density tau^-(1 + x), of the shape of ``time``. The slope is a difference
        over 10% of the time, whose error is 4e-4 times the third derivative.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    """
    time = positive(time, "time")
    around = np.multiply.outer(np.exp([-DIFFERENCE, DIFFERENCE]), time)
    earlier, later = np.log(longer_stay(around, N, T))
    return (earlier - later) / (2.0 * DIFFERENCE)


def _transform(energy: Array, s: Array, N: int, T: float) -> Array:
    """The average <exp(-s a(E, E'))> over the energy E' of a neighbour, shape (energies E, s)."""
    deviation = np.sqrt(N)
    end = T * (RAREST + np.log(max(s.max(initial=0.0), 1.0)))
    # No relevant energy is further above another one than this.
    end = min(end, 4.0 * deviation * np.sqrt(2.0 * RAREST))
    climb, weight = _panels(0.0, end, min(WIDTH * T, deviation))
    decays = np.exp(-s[:, np.newaxis] * np.exp(-climb / T)).T
    higher = stats.norm.pdf(energy[:, np.newaxis] + climb, scale=deviation) * weight
    lower = stats.norm.cdf(energy / deviation)[:, np.newaxis] * np.exp(-s)
    beyond = stats.norm.sf((energy + end) / deviation)[:, np.newaxis]
    return lower + higher @ decays + beyond


def _survival_table(energy: Array, largest: float, N: int, T: float) -> RectBivariateSpline:
    """The average <exp(-c B / (1 + B))> as a function of the energy E' of a neighbour and ln c."""
    log_c = np.linspace(np.log(LEAST), np.log(largest), int(np.log(largest / LEAST) / LOG_STEP) + 4)
    most = (np.sqrt(largest) + REACH) ** 2
    log_s = np.linspace(np.log(LEAST), np.log(most), int(np.log(most / LEAST) / LOG_STEP) + 4)
    transform = np.log(_transform(energy, np.exp(log_s), N, T)) * (N - 1)
    of_sum = CubicSpline(log_s, transform, axis=1)
    table = np.empty((energy.size, log_c.size))
    for column, c in enumerate(np.exp(log_c)):
        root = np.sqrt(c)
        sigma, weight = _panels(max(0.0, root - REACH), root + REACH, SIGMA_PANEL)
        bessel = special.i1e(2.0 * root * sigma) * np.exp(-((sigma - root) ** 2))
        averaged = np.exp(of_sum(np.log(np.maximum(sigma**2, LEAST))))
        table[:, column] = np.exp(-c) + averaged @ (2.0 * root * bessel * weight)
    return RectBivariateSpline(energy, log_c, table)


def _panels(low: float, high: float, width: float) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights from low to high, on panels not wider than ``width``."""
    edges = np.linspace(low, high, max(1, int(np.ceil((high - low) / width))) + 1)
    return gauss_legendre_panels(edges, NODES)


def _checked(time: ArrayLike, N: int, T: float) -> Array:
    time = not_negative(time, "time")
    if N < 2 or not np.isfinite(N):
        raise ValueError(f"N must be at least 2 and finite, got {N}")
    if not 0 < T < np.inf:
        raise ValueError(f"T must be positive and finite, got {T}")
    return time
