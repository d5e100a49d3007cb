r"""Exact trapping times of the basins of the step model.

A trajectory is in a basin as long as it stays below a threshold. The model is that of
:mod:`glasscore.theory.step_model`, with the same units and u = exp(E): a complete graph of
infinitely many states with exponential energies, and Metropolis's rule. A basin begins when a move
leads to an energy at or below the threshold from above it, or at t = 0, and ends with the next move
above. All moves down from a state lead to a uniform u, so that a basin begins with a uniform u
below u_th = exp(E_th), independently of the past. So basins are independent, and their durations
have one law. As long as a basin lasts, the density P(u, tau) of the occupied state obeys the
equation of the whole model with moves up to u_th only. Its transform is P^(u, s) = Q(u, s) / (s +
r(u)) again, with

    d^2 Q / dE^2 + beta dQ / dE + beta u Q / (s + r(u)) = 0    below E_th,

where Q is regular at u = 0, and Q + (dQ / dE) / beta = 1 / u_th at the threshold, which is the
initial density. The same collocation solves this equation.

The durations tau have the tail tau^-(1 + x), x = 2 - T_c / T for T_c / 2 < T < T_c, for any
threshold. Corrections are of relative order tau^-x up to T = 3 T_c / 4 (the transform is a series
in s^x) and tau^-2 (1 / T - 1) above (found numerically). They decay slowly at both ends of this
range of T, and are not small in a run. Between 192 and 32768 attempts at T = 0.625 T_c, for
instance, the power law nearest to the expected counts of a run of 1.6e6 attempts has the exponent
0.378, not x = 0.4.

Source: derivation; C. Cammarota and E. Marinari, Phys. Rev. E 92 (2015) 010301, for basins.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glasscore.theory import step_model
from glasscore.theory.trap_model import contour

GAUSS_POINTS = 4
"""Nodes in a bin of durations, for the integral over the basins that begin too late to be over."""

Array = NDArray[np.float64]


def survival(
    duration: ArrayLike, T: float, threshold: float, panel: float = step_model.PANEL
) -> Array:
    """Probability that a basin lasts longer than a time.

    Parameters
    ----------
    duration
        Attempts since it began, any shape, zero and infinity included.
    T
        Temperature in units of T_c, between :data:`~glasscore.theory.step_model.LEAST_T` and
        :data:`~glasscore.theory.step_model.LARGEST_T`.
    threshold
        Energy below which states belong to basins, below 0, in units of T_c.
    panel
        Length of the panels of the collocation, of order 16.

    Returns
    -------
    ndarray
        Probabilities of the shape of ``duration``, with an absolute error below 1e-11.

    Raises
    ------
    ValueError
        If T, the threshold or a duration is out of range.
    """
    durations = np.asarray(duration, dtype=np.float64)
    if not np.all(durations >= 0):
        raise ValueError("duration must not be negative")
    _check(T, threshold)
    found = np.where(durations == 0, 1.0, 0.0)
    points, inversion = contour()
    for index, tau in np.ndenumerate(durations):
        if 0 < tau < np.inf:
            edges = step_model.panel_edges(step_model.least_energy(tau) + threshold, T, panel)
            edges = np.append(edges[edges < threshold], threshold)
            s = points / tau
            energies, weights, arrivals, above = step_model.incoming(s, edges, T)
            held = np.exp(energies - threshold) / (
                s[:, np.newaxis] + step_model.exit_rate(energies, T)
            )
            remaining = s * (arrivals * held * weights).sum(axis=1) / above
            found[index] = (inversion * remaining).real.sum()
    return found


def entries(time: float, T: float, threshold: float) -> tuple[float, float]:
    r"""Mean number of basins that begin until a time, and the rate at which they begin then.

    .. math:: M(t) = u_{th} + \int_0^t R(t') dt', \qquad R(t) = u_{th} \int_{u_{th}}^1 P(u, t) du

    The first term counts those that begin at t = 0.

    Parameters
    ----------
    time
        Attempts since the quench, zero included.
    T, threshold
        As in :func:`survival`.

    Raises
    ------
    ValueError
        If T, the threshold or the time is out of range.
    """
    _check(T, threshold)
    reached = float(np.exp(threshold))
    if time == 0:
        return reached, reached * (1.0 - reached)
    state = step_model.relaxation(time, T, marks=(threshold,))
    above = state.energy > threshold
    occupation, visits = state.occupation[above], state.visits[above]
    # A visit that is over has lasted for the inverse of the exit rate on average.
    spent = (visits - occupation) / step_model.exit_rate(state.energy[above], T)
    return reached * (1.0 + float(spent.sum())), reached * float(occupation.sum())


def expected_counts(edges: ArrayLike, time: float, T: float, threshold: float) -> Array:
    r"""Mean number of basins that have begun and ended until a time, by their duration.

    .. math:: n_{ab} = \int_a^b \psi(\tau) M(t - \tau) d\tau
              = S(a) M(t - a) - S(b) M(t - b) - \int_a^b S(\tau) R(t - \tau) d\tau

    Here psi is the density and S the survival function of durations, and M and R are those of
    :func:`entries`. Long durations are rarer than by psi, since they must begin early enough to be
    over.

    Parameters
    ----------
    edges
        Edges of the bins in attempts, increasing from zero or more, the last may be infinite;
        shape (bins + 1,).
    time
        The length of the run in attempts, positive.
    T, threshold
        As in :func:`survival`.

    Returns
    -------
    ndarray
        One number for each bin. In bins of half an octave the error is below 1e-8 of the number if
        the bin ends before a tenth of the run, and else below 1e-5 of the number of all basins.

    Raises
    ------
    ValueError
        If T, the threshold or the time is out of range, or the edges are not as described.
    """
    limits = np.asarray(edges, dtype=np.float64)
    if limits.ndim != 1 or limits.size < 2 or limits[0] < 0 or not np.all(np.diff(limits) > 0):
        raise ValueError("edges must increase from zero or more")
    limits = np.minimum(limits, time)
    lasting = survival(limits, T, threshold)
    begun = np.array([entries(time - limit, T, threshold)[0] for limit in limits])
    counts = lasting[:-1] * begun[:-1] - lasting[1:] * begun[1:]
    nodes, weights = np.polynomial.legendre.leggauss(GAUSS_POINTS)
    # The rate at which basins begin is smooth in the logarithm of the time at which they begin.
    halvings = np.arange(1, 2 + int(np.log2(max(time, 1.0))))
    marks = np.union1d(limits, time * (1.0 - 0.5**halvings))
    for lower, upper in pairwise(marks[(marks >= limits[0]) & (marks <= limits[-1])]):
        tau = lower + 0.5 * (upper - lower) * (1.0 + nodes)
        rate = np.array([entries(time - one, T, threshold)[1] for one in tau])
        late = survival(tau, T, threshold) * rate
        number = int(np.searchsorted(limits, lower, side="right")) - 1
        counts[number] -= 0.5 * (upper - lower) * (weights @ late)
    return counts


def _check(T: float, threshold: float) -> None:
    if not step_model.LEAST_T <= T <= step_model.LARGEST_T:
        raise ValueError(
            f"T must be between {step_model.LEAST_T} and {step_model.LARGEST_T} T_c, got {T}"
        )
    if not -np.inf < threshold < 0:
        raise ValueError(f"threshold must be negative and finite, got {threshold}")
