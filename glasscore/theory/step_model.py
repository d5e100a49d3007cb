r"""Exact laws of the step model: infinitely many states, complete graph, Metropolis's rule.

States have energies E < 0 with density ``exp(E)``, the unit of energy being T_c. A target is drawn
at random at each attempt (rate 1) and accepted with probability ``min(1, exp(-beta (E' - E)))``.
At t = 0 the state is drawn at random. In ``u = exp(E)``, uniform on (0, 1), a state is left at the
rates

    down: u,    up: int_u^1 (v / u)^-beta dv = (u - u^beta) / (beta - 1),

both of order u at all T < T_c. At low temperature a state is trapped because few states are lower,
not because a barrier is high. Its trapping time is of order 1 / u, and the energy decreases as -ln
t at any T < T_c (entropic trapping, in contrast to the Arrhenius law of the trap model).

At T = 0 all laws are closed forms. At T > 0 the Laplace transform P^ of the density of the occupied
state obeys, with the incoming probability
Q(u) = 1 + int_u^1 P^(v) dv + int_0^u (u / v)^-beta P^(v) dv,

    (s + r(u)) P^(u, s) = Q(u, s),    d^2 Q / dE^2 + beta dQ / dE + beta u Q / (s + r(u)) = 0

where Q is regular at u = 0, and Q + (dQ / dE) / beta = 1 at u = 1, since the probability is
conserved. The equation is solved by Gauss collocation of order 16, panel by panel from below, at
the points of a Talbot contour (see :mod:`glasscore.theory.trap_model`), along which the transform
is inverted.

References
----------
A. Barrat and M. Mezard, J. Phys. I France 5 (1995) 941, for the model (with the heat bath) and the
law at T = 0. E. M. Bertin, J. Phys. A 36 (2003) 10683, for the crossover at T_c / 2. C. Cammarota
and E. Marinari, Phys. Rev. E 92 (2015) 010301, for the threshold. The transform, its equation and
all results for T > 0 at finite time are derivations.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from glasscore.theory import trap_model
from glasscore.theory.arguments import not_negative
from glasscore.theory.trap_model import contour

STAGES = 8
"""Number of stages of the collocation on a panel, whose order is twice that."""

PANEL = 0.5
"""Length of a panel, in units of the energy over which the rates change."""

SMALLEST_RATE = 1e-18
"""Smallest product of the exit rate and the time t for which a state is taken into account."""

LEAST_SHARE = 1e-10
"""Smallest share of all moves that start in a bin; averages over fewer are lost in rounding."""

Array = NDArray[np.float64]


def down_rate(energy: ArrayLike) -> Array:
    """Rate ``exp(E)`` of moves to lower states with Metropolis's rule.

    Parameters
    ----------
    energy
        Energies up to 0 in units of T_c, any shape.

    Raises
    ------
    ValueError
        If an energy is positive.
    """
    return np.exp(_energies(energy))


def up_rate(energy: ArrayLike, T: float) -> Array:
    r"""Rate of moves to higher states with Metropolis's rule.

    .. math:: \frac{u - u^\beta}{\beta - 1}, \qquad -u \ln u \text{ at } \beta = 1, \qquad u = e^E

    Parameters
    ----------
    energy
        Energies up to 0 in units of T_c, any shape.
    T
        Temperature in units of T_c, zero included.

    Raises
    ------
    ValueError
        If an energy is positive, or T is negative or not finite.
    """
    energy = _energies(energy)
    _check_temperature(T)
    if T == 0:
        return np.zeros(energy.shape)
    beta = 1.0 / T
    lowest = min(beta, 1.0)
    # exprel gives (1 - exp(-a y)) / a with a = |beta - 1|, whose limit at a = 0 is y.
    return np.exp(lowest * energy) * -energy * special.exprel(abs(beta - 1.0) * energy)


def exit_rate(energy: ArrayLike, T: float, rule: str = "metropolis") -> Array:
    r"""Rate at which a state is left.

    .. math:: r(u) = u + \frac{u - u^\beta}{\beta - 1} \to \frac{u}{1 - T / T_c}
              \quad (u \to 0, \; T < T_c)

    With the heat bath it is ``r(u) = int_0^1 dv / (1 + (v / u)^beta)``, which lies between r / 2
    and r, where r is the rate with Metropolis's rule.

    Parameters
    ----------
    energy, T
        As in :func:`up_rate`.
    rule
        "metropolis" or "heat_bath".

    Returns
    -------
    ndarray
        Rates per attempt, of the shape of ``energy``. With the heat bath they are computed by
        quadrature, with a relative error of 1e-10.

    Raises
    ------
    ValueError
        As for :func:`up_rate`, or if the rule is unknown.
    """
    energy = _energies(energy)
    if rule == "metropolis" or (rule == "heat_bath" and T == 0):
        return down_rate(energy) + up_rate(energy, T)
    if rule != "heat_bath":
        raise ValueError(f"rule must be metropolis or heat_bath, got {rule}")
    _check_temperature(T)
    rates = [_heat_bath_rate(float(one), 1.0 / T) for one in energy.flat]
    return np.array(rates).reshape(energy.shape)


def up_probability(energy: ArrayLike, T: float) -> Array:
    """Probability that a jump leads up with Metropolis's rule.

    For deep states and T < T_c it is T / T_c; at E = 0 no jump leads up. Arguments and errors are
    those of :func:`up_rate`.
    """
    up = up_rate(energy, T)
    return up / (up + down_rate(energy))


def balance_energy(T: float) -> float:
    r"""Energy at which jumps up and down are equally probable: the effective threshold.

    .. math:: E^* = \frac{\ln(2 - \beta)}{\beta - 1}, \qquad -1 \text{ at } \beta = 1

    Below it the walk is driven upwards, above it downwards.

    Parameters
    ----------
    T
        Temperature in units of T_c, above 1/2. At lower temperatures the walk is driven downwards
        from all states.

    Raises
    ------
    ValueError
        If T is not above 1/2 and finite.
    """
    if not 0.5 < T < np.inf:
        raise ValueError(f"T must be above T_c / 2 and finite, got {T}")
    a = 1.0 / T - 1.0
    return -1.0 if a == 0 else float(np.log1p(-a) / a)


def drift(T: float) -> float:
    r"""Mean change of depth per jump of a deep state, (beta - 2) / (beta - 1); zero at T_c / 2.

    A jump leads down with probability 1 - T / T_c, by an exponential variable of mean 1, and else
    up, by an exponential variable of mean 1 / (beta - 1).

    Parameters
    ----------
    T
        Temperature in units of T_c, between 0 and 1.

    Raises
    ------
    ValueError
        If T is not between 0 and 1 (1 excluded).
    """
    if not 0 <= T < 1:
        raise ValueError(f"T must be between 0 and T_c, got {T}")
    return (1.0 - 2.0 * T) / (1.0 - T)


def mean_energy_change(energy: ArrayLike, T: float) -> Array:
    r"""Mean change of the energy by a jump with Metropolis's rule, from a state of energy E.

    .. math:: \langle \Delta E \rangle = \frac{-1 + \int_0^{y} z e^{-(\beta - 1) z} dz}
              {1 + \int_0^{y} e^{-(\beta - 1) z} dz}, \qquad y = -E

    Jumps down lower the energy by 1 on average; a jump up by z has the rate exp(-(beta - 1) z)
    relative to that of all jumps down. For deep states the mean change is minus :func:`drift`.

    Parameters
    ----------
    energy
        Energies E <= 0 in units of T_c, any shape.
    T
        Temperature in units of T_c, from 0 to infinity.

    Returns
    -------
    ndarray
        Of the shape of ``energy``, in units of T_c.

    Raises
    ------
    ValueError
        If an energy is positive or T is not above 0 (0 included).
    """
    depth = -_energies(energy)
    down = down_rate(energy)
    if T == 0:
        return np.full(depth.shape, -1.0)
    c = (1.0 / T - 1.0) * depth
    # This is (1 - (1 + c) exp(-c)) / c^2, by its series where the difference would lose digits.
    terms = np.arange(18)
    coefficients = (-1.0) ** terms / (special.factorial(terms) * (terms + 2.0))
    series = np.polynomial.polynomial.polyval(np.clip(c, -0.5, 0.5), coefficients)
    safe = np.where(np.abs(c) > 0.5, c, 1.0)
    climbed = np.where(np.abs(c) > 0.5, (1.0 - (1.0 + safe) * np.exp(-safe)) / safe**2, series)
    return (depth**2 * climbed - 1.0) / (1.0 + up_rate(energy, T) / down)


def mean_over_moves(
    of_energy: Callable[[Array], Array], edges: ArrayLike, time: float, T: float
) -> Array:
    r"""Mean of a function of the energy over the moves from each bin of energies until a time.

    .. math:: \frac{\int f(E) D(E) dE}{\int D(E) dE}, \qquad
              D = e^E r(E) \int_0^t P(E, t') dt'

    This is the limit of averages over the moves of many samples, by the energy that moves start
    from. A bin contains moves from all its energies, with the density D of departures.

    Parameters
    ----------
    of_energy
        The function f, of an array of energies in units of T_c.
    edges
        Edges of the bins in units of T_c, increasing, up to 0; shape (bins + 1,).
    time
        Attempts since the quench, positive.
    T
        As in :func:`relaxation`.

    Returns
    -------
    ndarray
        One number a bin; NaN where less than :data:`LEAST_SHARE` of the moves start.

    Raises
    ------
    ValueError
        If T or the time is out of range, or the edges are positive or do not increase.
    """
    limits = _energies(edges)
    if limits.size < 2 or not np.all(np.diff(limits) > 0):
        raise ValueError("edges must be two or more and increase")
    state = relaxation(time, T, marks=tuple(map(float, limits)))
    bins = np.searchsorted(limits, state.energy) - 1
    inside = (bins >= 0) & (bins < limits.size - 1)
    # All visits that have begun are over, except for the current one.
    departures = state.visits - state.occupation
    least = LEAST_SHARE * departures.sum()
    departures = departures[inside]
    values = np.broadcast_to(of_energy(state.energy[inside]), departures.shape)
    total, number = (
        np.bincount(bins[inside], weights, limits.size - 1)
        for weights in (departures * values, departures)
    )
    return np.divide(total, number, out=np.full(number.shape, np.nan), where=number > least)


def basin_exponent(T: float) -> float:
    """Exponent x = 2 - T_c / T of the trapping times of basins below the threshold.

    Excursions below :func:`balance_energy` reach the depth y with probability ~ exp(-(2 - beta) y),
    and last for a time of order 1 / u = exp(y). So their trapping times have the density
    ~ tau^-(1 + x), like those of the trap model, where x = T / T_c.

    Parameters
    ----------
    T
        Temperature in units of T_c, between 1/2 and 1.

    Raises
    ------
    ValueError
        If T is not between 1/2 and 1.
    """
    if not 0.5 < T < 1:
        raise ValueError(f"T must be between T_c / 2 and T_c, got {T}")
    return 2.0 - 1.0 / T


def basin_aging_function(omega: ArrayLike, T: float) -> Array:
    """Probability to be in one basin from t_w to t_w (1 + omega), as t_w goes to infinity.

    This is the law of Dynkin and Lamperti with the exponent of :func:`basin_exponent`. Arguments
    and errors are those of :func:`basin_exponent` and
    :func:`glasscore.theory.trap_model.aging_function`.
    """
    return trap_model.aging_function(omega, basin_exponent(T))


def visited_slope(T: float) -> float:
    """Slope of ln(number of visits per unit of ln tau) against ln tau, for visits to single states.

    It is zero for T <= T_c / 2, where the density of trapping times is ~ 1 / tau up to the age, and
    -(2 - T_c / T) for T_c / 2 < T < T_c.

    Parameters
    ----------
    T
        Temperature in units of T_c, between 0 and 1.

    Raises
    ------
    ValueError
        If T is not between 0 and 1 (1 excluded).
    """
    if not 0 <= T < 1:
        raise ValueError(f"T must be between 0 and T_c, got {T}")
    return -basin_exponent(T) if T > 0.5 else 0.0


def energy(time: ArrayLike, T: float) -> Array:
    r"""Mean energy at any time after the quench.

    .. math:: E(t) = -\operatorname{Ein}(t) - \frac{1 - e^{-t}}{t} = -(\ln t + \gamma) - 1/t + ...
              \quad (T = 0), \qquad \operatorname{Ein}(t) = \int_0^t \frac{1 - e^{-x}}{x} dx

    At 0 < T < T_c it also decreases as -T_c ln t. Corrections to the slope are of order 1 / t for
    T < T_c / 2, and of order t^-(1 - x) ln t with x = 2 - T_c / T above.

    Parameters
    ----------
    time
        Attempts since the quench, any shape, zero included.
    T
        Temperature in units of T_c, zero or between :data:`LEAST_T` and :data:`LARGEST_T`.

    Returns
    -------
    ndarray
        Energies in units of T_c; error below 1e-10.

    Raises
    ------
    ValueError
        If T is out of range, or a time is negative or infinite.
    """
    time = not_negative(time, "time")
    if T == 0:
        return -_entire_exponential_integral(time) - special.exprel(-time)
    result = np.full(time.shape, -1.0)
    for index, t in np.ndenumerate(time):
        if t > 0:
            state = relaxation(float(t), T)
            result[index] = state.energy @ state.occupation
    return result


def no_jump(waiting_time: ArrayLike, window: ArrayLike, T: float) -> Array:
    r"""Probability of no jump between t_w and t_w (1 + omega), at any waiting time.

    .. math:: \Pi = (1 + t_w) f_0(s) - t_w f_1(s) \to \frac{1}{1 + \omega}, \qquad
              f_k(s) = \int_0^1 u^k e^{-u s} du, \qquad s = t_w (1 + \omega) \quad (T = 0)

    At T > 0 the limit depends on T, and scales as t / t_w for T < T_c / 2.

    Parameters
    ----------
    waiting_time
        Attempts t_w since the quench.
    window
        omega, the length of the window over t_w. Broadcast against ``waiting_time``.
    T
        As in :func:`energy`.

    Returns
    -------
    ndarray
        Probabilities of the broadcast shape; error below 1e-10.

    Raises
    ------
    ValueError
        If T is out of range, or a waiting time or window is negative or infinite.
    """
    waiting_time = not_negative(waiting_time, "waiting_time")
    window = not_negative(window, "window")
    waiting_time, window = np.broadcast_arrays(waiting_time, window)
    if T == 0:
        s = waiting_time * (1.0 + window)
        # f_1 is 1/2 M(2, 3, -s) with Kummer's function M.
        return (1.0 + waiting_time) * special.exprel(-s) - waiting_time * 0.5 * special.hyp1f1(
            2.0, 3.0, -s
        )
    result = np.ones(waiting_time.shape)
    for index, t in np.ndenumerate(waiting_time):
        if t > 0 and window[index] > 0:
            state = relaxation(float(t), T)
            stays = np.exp(-exit_rate(state.energy, T) * t * window[index])
            result[index] = stays @ state.occupation
    return result


def visits(time: float, T: float, longer_than: ArrayLike = 0.0) -> Array:
    r"""Mean number of visits begun until a time that last longer than tau, the first included.

    .. math:: \int_0^1 \left[1 + \int_0^t J(u, t') dt'\right] e^{-r(u) \tau} du, \qquad
              = \frac{1 - e^{-(t + \tau)}}{t + \tau} + \operatorname{Ein}(t + \tau)
              - \operatorname{Ein}(\tau) \quad (T = 0)

    where J is the rate of arrivals per unit of u. For 1 << tau << t and T < T_c / 2 the visits per
    unit of ln tau are the inverse of :func:`drift`, (1 - T) / (1 - 2 T) (renewal theorem).

    Parameters
    ----------
    time
        Attempts since the quench.
    T
        As in :func:`energy`.
    longer_than
        Trapping times tau, any shape, infinity included.

    Returns
    -------
    ndarray
        Mean numbers of the shape of ``longer_than``; error below 1e-10 of the number at 0.

    Raises
    ------
    ValueError
        If T is out of range, or a time is negative.
    """
    time = float(not_negative(time, "time"))
    tau = np.asarray(longer_than, dtype=np.float64)
    if not np.all(tau >= 0):
        raise ValueError("longer_than must not be negative")
    result = np.zeros(tau.shape)
    finite = np.isfinite(tau)
    if T == 0:
        until = time + tau[finite]
        shorter = _entire_exponential_integral(tau[finite])
        result[finite] = special.exprel(-until) + _entire_exponential_integral(until) - shorter
        return result
    state = relaxation(time, T)
    rates = exit_rate(state.energy, T)
    result[finite] = np.exp(-np.multiply.outer(tau[finite], rates)) @ state.visits
    return result


LEAST_T = 0.01
LARGEST_T = 100.0
"""Range of temperatures, in units of T_c, of the laws at finite time and T > 0."""


class Relaxation(NamedTuple):
    """The law of the occupied state at one time, at the nodes of a quadrature over energies.

    Attributes
    ----------
    energy
        Energies of the nodes, shape (P,).
    occupation
        Probability that the occupied state is at the node, weight included; the sum is one.
    visits
        Mean number of visits begun until then, weight included.
    """

    energy: Array
    occupation: Array
    visits: Array


@lru_cache(maxsize=256)
def relaxation(
    time: float, T: float, panel: float = PANEL, marks: tuple[float, ...] = ()
) -> Relaxation:
    """Law of the occupied state by inversion of its Laplace transform.

    Parameters
    ----------
    time
        Attempts since the quench, positive.
    T
        Temperature in units of T_c, between :data:`LEAST_T` and :data:`LARGEST_T`.
    panel
        Length of the panels of the collocation.
    marks
        Energies at which panels end, so that integrals from one of them to another are accurate,
        too. Marks below all states that are taken into account are ignored.

    Returns
    -------
    Relaxation
        Errors of integrals with smooth functions are of order ``panel^16``, and 1e-11 at the
        default length.

    Raises
    ------
    ValueError
        If T or the time is out of range.
    """
    if not LEAST_T <= T <= LARGEST_T:
        raise ValueError(f"T must be 0 or between {LEAST_T} and {LARGEST_T} T_c, got {T}")
    if not 0 < time < np.inf:
        raise ValueError(f"time must be positive and finite, got {time}")
    points, inversion = contour()
    edges = panel_edges(least_energy(time), T, panel)
    edges = np.union1d(edges, [mark for mark in marks if edges[0] < mark < 0.0])
    energies, weights, arrivals = _transform(points / time, edges, T)
    rates = exit_rate(energies, T)
    measure = weights * np.exp(energies)
    # The contour inverts transforms G(s) / s. G is s P^ for the occupation and Q for the visits.
    s = points[:, np.newaxis] / time
    occupation = (inversion[:, np.newaxis] * s * arrivals / (s + rates)).real.sum(axis=0)
    visited = (inversion[:, np.newaxis] * arrivals).real.sum(axis=0)
    return Relaxation(energies, occupation * measure, visited * measure)


def least_energy(time: float) -> float:
    """The energy below which states are so rare that they have no effect until a time."""
    return min(float(np.log(SMALLEST_RATE / time)), -40.0)


def panel_edges(bottom: float, T: float, panel: float = PANEL) -> Array:
    """Edges of panels from an energy up to E = 0."""
    # Near E = 0 the rates change on the scale T, lower down on the scale 1.
    steep = max(bottom, -40.0 * T) if T < 1 else 0.0
    upper = np.linspace(steep, 0.0, 1 + int(np.ceil(-steep / (panel * min(T, 1.0)))))
    lower = np.linspace(bottom, steep, 1 + int(np.ceil((steep - bottom) / panel)))
    return np.unique(np.concatenate([lower, upper]))


def _transform(
    s: NDArray[np.complex128], edges: Array, T: float
) -> tuple[Array, Array, NDArray[np.complex128]]:
    """Energies and weights of a quadrature, and Q there, shape (points of contour, energies)."""
    energies, weights, found, _ = incoming(s, edges, T)
    # The condition at u = 1 would fix the factor of Q, but near equilibrium it is a difference of
    # nearly equal numbers. The sum of the probability over all states is not.
    held = np.exp(energies) / (s[:, np.newaxis] + exit_rate(energies, T))
    total = (found * held * weights).sum(axis=1) * s
    return energies, weights, found / total[:, np.newaxis]


def incoming(
    s: NDArray[np.complex128], edges: Array, T: float
) -> tuple[Array, Array, NDArray[np.complex128], NDArray[np.complex128]]:
    """Energies and weights of a quadrature, Q at these energies, and Q + (dQ / dE) / beta on top.

    Q has the shape (points of the contour, energies), and an arbitrary factor. The last number is
    that at the upper edge. Without arrivals from above it is the initial probability, which fixes
    the factor, unless the total probability does.

    With y = (Q, dQ / dE) the equation is y' = A(E) y. On a panel of length h Gauss collocation
    solves for the slopes k_i = A(E_i) (y + h sum_j a_ij k_j) at the stages.
    """
    nodes, a, b = _gauss_collocation(STAGES)
    lengths = np.diff(edges)
    energies = edges[:-1, np.newaxis] + np.multiply.outer(lengths, nodes)
    weights = np.multiply.outer(lengths, b)
    beta = 1.0 / T
    rates = exit_rate(energies, T)
    pull = -beta * np.exp(energies) / (s[:, np.newaxis, np.newaxis] + rates)
    found = np.empty(pull.shape, dtype=np.complex128)
    # At u = 0 the regular solution is Q = 1 - beta u / (s (1 + beta)) + ..., whose second term is
    # negligible at the lowest edge.
    value = np.ones(s.size, dtype=np.complex128)
    slope = -beta / (1.0 + beta) * np.exp(edges[0]) / s
    one = np.eye(STAGES)
    for panel, h in enumerate(lengths):
        # With k for the derivative of dQ/dE, dQ/dE = slope + h a k and
        # Q = value + h c slope + h^2 a a k, so that k = pull Q - beta dQ/dE is a linear system.
        p = pull[:, panel, :, np.newaxis]
        matrix = one + beta * h * a - p * (h * h * (a @ a))
        start = value[:, np.newaxis] + h * np.multiply.outer(slope, nodes)
        right = p[..., 0] * start - beta * slope[:, np.newaxis]
        k = np.linalg.solve(matrix, right[..., np.newaxis])[..., 0]
        found[:, panel] = start + h * h * (k @ (a @ a).T)
        value = value + h * slope + h * h * (k @ (b @ a))
        slope = slope + h * (k @ b)
    above = value + slope / beta
    return energies.ravel(), weights.ravel(), found.reshape(s.size, -1), above


@lru_cache
def _gauss_collocation(stages: int) -> tuple[Array, Array, Array]:
    """Nodes c, matrix a and weights b of the implicit Runge-Kutta method of Gauss on (0, 1)."""
    nodes, weights = np.polynomial.legendre.leggauss(stages)
    nodes, weights = 0.5 * (1.0 + nodes), 0.5 * weights
    legendre = np.polynomial.legendre.Legendre
    # a_ij is the integral from 0 to c_i of the Lagrange polynomial j, which is
    # sum_n (2 n + 1) b_j P_n(c_j) P_n(x).
    a = np.zeros((stages, stages))
    for n in range(stages):
        polynomial = legendre.basis(n, domain=[0.0, 1.0])
        integral = polynomial.integ(lbnd=0.0)
        a += (2 * n + 1) * np.multiply.outer(integral(nodes), weights * polynomial(nodes))
    return nodes, a, weights


def _heat_bath_rate(energy: float, beta: float) -> float:
    """The integral of 1 / (1 + (v / u)^beta) over v from 0 to 1.

    The variable is x = v / u for v below u, and h = ln(v / u) for v above u.
    """
    # Only this rule needs the import, which takes longer than all others in this module.
    from scipy import integrate

    def below(x: float) -> float:
        return 1.0 / (1.0 + x**beta)

    def above(h: float) -> float:
        return float(np.exp(h - np.logaddexp(0.0, beta * h)))

    scale = 1.0 / (1.0 + beta)
    down = sum(
        integrate.quad(below, *bounds, epsabs=0, epsrel=1e-12, limit=200)[0]
        for bounds in ((0.0, 1.0 - scale), (1.0 - scale, 1.0))
    )
    marks = [0.0, *(m for m in (scale, 40.0 * scale, 40.0) if m < -energy), -energy]
    up = sum(
        integrate.quad(above, low, high, epsabs=0, epsrel=1e-12, limit=200)[0]
        for low, high in pairwise(marks)
    )
    return float(np.exp(energy) * (down + up))


def _entire_exponential_integral(time: Array) -> Array:
    """Ein(t) = int_0^t (1 - exp(-x)) / x dx = E_1(t) + ln t + gamma, by its series for t <= 1."""
    late = np.maximum(time, 1.0)
    closed = special.exp1(late) + np.log(late) + np.euler_gamma
    early = np.minimum(time, 1.0)
    series = np.zeros(np.shape(time))
    term = np.ones(np.shape(time))
    for k in range(1, 21):
        term = term * (-early / k)
        series -= term / k
    return np.where(time > 1.0, closed, series)


def _energies(values: ArrayLike) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if not np.all(array <= 0):
        raise ValueError("energy must not be positive")
    return array


def _check_temperature(T: float) -> None:
    if not 0 <= T < np.inf:
        raise ValueError(f"T must be finite and not negative, got {T}")
