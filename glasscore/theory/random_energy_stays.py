r"""How long states trap in the Gaussian random energy model on N spins: exact, at any N.

Energies are independent, normal, of variance N; a spin is tried at rate 1/N and flipped with
Metropolis's probability :math:`a(E, E') = \min(1, e^{-\beta (E' - E)})`. Then the N neighbours of a
state, and their own N - 1 other neighbours, all have energies of their own, so that averages over
the landscape factorise.

*Visits.* The first visit to a state drawn at random, as at the quench, lasts longer than t with the
probability

.. math:: P(t) = \int \rho(E) \, \Big[ \big\langle e^{-t a(E, E') / N} \big\rangle_{E'} \Big]^N dE .

*Stays.* A deep state is mostly left for a neighbour that leads back at once. From a neighbour of
energy E' the way back has the rate a(E', E) / N and the ways further on B / N, with
:math:`B = \sum a(E', E'')` over its N - 1 others. Each departure is final with the probability
B / (a + B), so that the time spent in the state until it is left for good is exponential, with the
rate of final departures. In a local minimum, drawn at random, where a(E', E) = 1, it is longer
than t with the probability

.. math:: P(t) = (N + 1) \int \rho(E) \, \bigg[ \int_E^\infty \rho(E') \,
          \Big\langle e^{-c B / (1 + B)} \Big\rangle_B dE' \bigg]^N dE,
          \qquad c = \frac{t}{N} e^{-\beta (E' - E)},

where excursions that lead back are not counted in: N attempts or less each. The average over B
needs its Laplace transform alone, the power N - 1 of :math:`\langle e^{-s a} \rangle`,

.. math:: \Big\langle e^{-c B / (1 + B)} \Big\rangle = e^{-c} + 2 \sqrt{c} \int_0^\infty
          I_1(2 \sqrt{c} \, \sigma) \, e^{-c - \sigma^2}
          \big\langle e^{-\sigma^2 B} \big\rangle \, d\sigma,

from the series of :math:`e^{c / (1 + B)}`, each power being an integral over
:math:`s = \sigma^2` of :math:`e^{-s (1 + B)}`.

The law has no power: its slope :math:`x(t) = -d \ln P / d \ln t` grows with the logarithm of time.
For N to infinity at fixed ln t / N it is |E| / (N beta), E the depth that lasts for t (see
:func:`glasscore.theory.random_energy.local_exponent`); at N of a few tens the energy of the lowest
neighbours, of order sqrt(2 N ln N), is far from negligible beside E.

The stays of a trajectory follow neither this law nor its slope: they are weighted by how often the
trajectory comes to a minimum, which this law does not know. At N = 12, T = 0.6 the local exponent
of the stays in runs of 10^6 attempts is 0.09 to 0.69 for times from 1 to 4096, that of the law 0.02
to 0.41. So no figure draws the law beside trajectories.

Derivation.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats
from scipy.interpolate import CubicSpline, RectBivariateSpline

Array = NDArray[np.float64]

NODES = 12
# Of a panel, in units of T: exp(-exp(-x)) is analytic and bounded within pi / 2 of the real axis.
WIDTH = 1.5
# Energies that occur with probability exp(-40) or less are left out; so is exp(-exp(-40)) - 1.
RAREST = 40.0
# Of the tables, in energy in units of T, and in logarithms of c and s.
STEP = 0.125
LOG_STEP = 0.25
LEAST = 1e-9
# Around the maximum of exp(-(sigma - sqrt(c))^2).
REACH, SIGMA_PANEL = 7.0, 0.5
DIFFERENCE = 0.05


def longer_visit(time: ArrayLike, N: int, T: float) -> Array:
    """Probability that the first visit to a state drawn at random lasts longer.

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
    """Probability that a local minimum drawn at random is left for good later.

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
        Probabilities of the shape of ``time``, with an absolute error below 1e-6, that of the
        tables (against twice their points).

    Raises
    ------
    ValueError
        If an argument is out of its range.
    """
    time = _checked(time, N, T)
    deviation = np.sqrt(N)
    highest = deviation * np.sqrt(2.0 * RAREST)
    # In higher states of 2^N none is lower than its neighbours.
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
        # Beyond, c is below its least value, and nothing happens.
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
        Exponents x of a density tau^-(1 + x), of the shape of ``time``: a difference over 10% of
        the time, which misses the slope by 4e-4 of its third derivative.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    """
    time = np.asarray(time, np.float64)
    if not np.all(time > 0):
        raise ValueError("time must be positive")
    around = np.multiply.outer(np.exp([-DIFFERENCE, DIFFERENCE]), time)
    earlier, later = np.log(longer_stay(around, N, T))
    return (earlier - later) / (2.0 * DIFFERENCE)


def _transform(energy: Array, s: Array, N: int, T: float) -> Array:
    """<exp(-s a(E, E'))> over the energy E' of a neighbour, shape (E, s)."""
    deviation = np.sqrt(N)
    end = T * (RAREST + np.log(max(s.max(initial=0.0), 1.0)))
    # None is further above an energy of importance than twice the highest of these.
    end = min(end, 4.0 * deviation * np.sqrt(2.0 * RAREST))
    climb, weight = _panels(0.0, end, min(WIDTH * T, deviation))
    decays = np.exp(-s[:, np.newaxis] * np.exp(-climb / T)).T
    higher = stats.norm.pdf(energy[:, np.newaxis] + climb, scale=deviation) * weight
    lower = stats.norm.cdf(energy / deviation)[:, np.newaxis] * np.exp(-s)
    beyond = stats.norm.sf((energy + end) / deviation)[:, np.newaxis]
    return lower + higher @ decays + beyond


def _survival_table(energy: Array, largest: float, N: int, T: float) -> RectBivariateSpline:
    """<exp(-c B / (1 + B))> of neighbours of an energy, as a function of E' and ln c."""
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
    """Gauss-Legendre nodes and weights from low to high."""
    edges = np.linspace(low, high, max(1, int(np.ceil((high - low) / width))) + 1)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    return (edges[:-1, np.newaxis] + half * (1.0 + nodes)).ravel(), (half * weights).ravel()


def _checked(time: ArrayLike, N: int, T: float) -> Array:
    time = np.asarray(time, np.float64)
    if not np.all((time >= 0) & np.isfinite(time)):
        raise ValueError("time must be finite and not negative")
    if N < 2 or not np.isfinite(N):
        raise ValueError(f"N must be at least 2 and finite, got {N}")
    if not 0 < T < np.inf:
        raise ValueError(f"T must be positive and finite, got {T}")
    return time
