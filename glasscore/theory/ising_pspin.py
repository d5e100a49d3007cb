r"""Statics of the Ising p-spin model with one step of replica-symmetry breaking.

.. math:: H = -\sum_{i_1 < \dots < i_p} J_{i_1 \dots i_p} s_{i_1} \cdots s_{i_p}, \qquad
          \langle J^2 \rangle = \frac{p!}{2 N^{p-1}}, \qquad s_i = \pm 1

so that Var H = N / 2 (with Var H = N, temperatures and energies are sqrt(2) larger), p >= 3 and no
field. Energies are per spin. With overlap q inside a state, the parameter m of Parisi and
:math:`a^2 = \beta^2 p q^{p-1} / 2`,

.. math:: -\beta f = \frac{\beta^2}{4} \left[ 1 + (p - 1)(1 - m) q^p - p q^{p-1} \right]
                     + \frac1m \ln \int Dz \, (2 \cosh a z)^m

is stationary in q, where q is the average of tanh^2(a z) with the weight of the integral. At m = 1
it describes the states met in equilibrium between T_K and T_d, whose
number is exp(N Sigma); below T_K it is stationary in m too.

One step is exact down to Gardner's temperature, where the replicon becomes negative; below, its
energy is a bound, and very close. At T = 0 this concerns all states, of whatever energy: the
replicon goes to minus infinity, as -1 / T. What is told of them there, their energies, their number
and the energy above which there are none, is what one step makes of it, an approximation.

Above the energy of equilibrium, at any T below T_d, there are exponentially many states that hold
mean-field dynamics up for ever. At the threshold they become unstable or fewer. With one step there
are two candidates, close to one another: the marginal states, whose replicon vanishes, and the most
numerous ones, higher, whose replicon is negative, so that one step is inconsistent there (Montanari
and Ricci-Tersenghi 2003). The threshold without this approximation is not known in closed form.

References
----------
B. Derrida, Phys. Rev. B 24 (1981) 2613. E. Gardner, Nucl. Phys. B 257 (1985) 747.
T. R. Kirkpatrick and D. Thirumalai, Phys. Rev. B 36 (1987) 5388. R. Monasson, Phys. Rev. Lett. 75
(1995) 2847, for the complexity. A. Montanari and F. Ricci-Tersenghi, Eur. Phys. J. B 33 (2003) 339,
for the threshold.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import log_ndtr

from glasscore.common.errors import CampaignError

STEP = 0.2
"""Of the trapezoidal rule in a z: poles at i pi / 2 leave exp(-pi^2 / STEP), below rounding."""

SCANNED = 32
"""Points between which a maximum is looked for."""

LOWEST_TEMPERATURE = 0.01
"""Of :func:`equilibrium`; its cost grows as 1 / T."""


class State(NamedTuple):
    """Equilibrium at one temperature.

    Attributes
    ----------
    overlap
        q, inside a state.
    breaking
        m, Parisi's parameter: 1 above T_K.
    energy, entropy
        Of the system, per spin.
    complexity
        Sigma = ln(number of states) / N: 0 below T_K.
    replicon
        1 - beta^2 p (p - 1) q^(p-2) <sech^4> / 2: one step is unstable where it is negative.
    """

    overlap: float
    breaking: float
    energy: float
    entropy: float
    complexity: float
    replicon: float


class Transition(NamedTuple):
    """A transition temperature and the overlap inside the states there."""

    temperature: float
    overlap: float


class Metastable(NamedTuple):
    """States of one family at one temperature.

    Attributes
    ----------
    overlap
        q, inside a state.
    breaking
        m, the slope of the complexity in beta f; 0 at T = 0, where its slope in e is m / T.
    energy, complexity
        Per spin, the latter as the logarithm of their number.
    replicon
        As of :class:`State`; minus infinity at T = 0.
    """

    overlap: float
    breaking: float
    energy: float
    complexity: float
    replicon: float


class GroundState(NamedTuple):
    """Lowest energy per spin, and mu, the limit of m / T: the complexity's slope there."""

    energy: float
    slope: float


class _OneStep(NamedTuple):
    """Averages at given m and a: overlap, sum over states and what follows from them."""

    p: int
    breaking: float
    field: float
    overlap: float
    log_sum: float
    log_average: float
    fourth: float

    @property
    def temperature(self) -> float:
        """T of a^2 = p q^(p-1) / (2 T^2)."""
        return float(np.sqrt(self.p / 2 * self.overlap ** (self.p - 1))) / self.field

    @property
    def complexity(self) -> float:
        """m^2 d(beta f) / dm, at fixed q."""
        m, a, p = self.breaking, self.field, self.p
        elastic = (p - 1) / (2 * p) * (m * a) ** 2 * self.overlap
        return elastic + self.log_sum - m * self.log_average

    @property
    def replicon(self) -> float:
        """1 - beta^2 p (p - 1) q^(p-2) <sech^4> / 2."""
        return 1 - (self.p - 1) * self.field**2 * self.fourth / self.overlap


def dynamical_transition(p: int) -> Transition:
    r"""Temperature T_d below which equilibrium is shattered into states.

    .. math:: T_d^2 = \max_a \frac{p q^{p-1}}{2 a^2}, \qquad q = \int Dz \tanh(a z + a^2)

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.

    Raises
    ------
    CampaignError
        If p is not an integer from 3: at p = 2 the transition is continuous.

    Notes
    -----
    Source: Kirkpatrick and Thirumalai (1987). The maximum is where the replicon vanishes at m = 1.
    """
    found = _one_step(p, 1.0, _transition_fields(p)[0])
    return Transition(found.temperature, found.overlap)


def static_transition(p: int) -> Transition:
    """Kauzmann's temperature T_K, at which the complexity vanishes.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.

    Raises
    ------
    CampaignError
        If p is not an integer from 3.

    Notes
    -----
    Source: Gardner (1985).
    """
    found = _one_step(p, 1.0, _transition_fields(p)[1])
    return Transition(found.temperature, found.overlap)


def equilibrium(p: int, T: float) -> State:
    r"""Overlap, energy, entropy and complexity in equilibrium below T_d.

    .. math:: e = -\frac{\beta}{2} \left[ 1 - (1 - m) q^p \right], \qquad
              \Sigma = m^2 \frac{\partial (\beta f)}{\partial m}

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.
    T
        Temperature, from 0.01 to T_d excluded (see :func:`ground_state` for zero).

    Returns
    -------
    State
        To about 1e-12.

    Raises
    ------
    CampaignError
        If p is not an integer from 3, or T is out of range: from T_d on there is one state, of
        energy -1 / (2 T) and entropy ln 2 - 1 / (4 T^2).

    Notes
    -----
    Source: Gardner (1985) below T_K, Monasson (1995) above, where energy and entropy are still
    those of high temperature.
    """
    marginal, static = _transition_fields(p)
    highest = dynamical_transition(p).temperature
    if not LOWEST_TEMPERATURE <= T < highest:
        raise CampaignError(
            f"T = {T:g} is out of range: with p = {p} it must be at least {LOWEST_TEMPERATURE:g} "
            f"and below T_d = {highest:g}."
        )
    if static_transition(p).temperature <= T:
        a = brentq(lambda a: _one_step(p, 1.0, a).temperature - T, marginal, static, xtol=1e-14)
        found = _one_step(p, 1.0, a)
    else:
        # q <= 1 bounds the field; q is found in tanh(a z), with m at which no states are left.
        a = brentq(
            lambda a: _least_states(p, a).temperature - T, static, np.sqrt(p / 2) / T, xtol=1e-14
        )
        found = _least_states(p, a)
    q, m = found.overlap, found.breaking
    energy = -(1 - (1 - m) * q**p) / (2 * T)
    brackets = 1 + (p - 1) * (1 - m) * q**p - p * q ** (p - 1)
    free_energy = -brackets / (4 * T) - T * found.log_sum / m
    complexity = found.complexity if m == 1 else 0.0
    return State(q, m, energy, (energy - free_energy) / T, complexity, found.replicon)


def most_numerous_states(p: int, T: float) -> Metastable:
    """The states whose complexity is largest at a temperature.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.
    T
        Temperature: 0, or from 0.01 to T_d excluded.

    Returns
    -------
    Metastable
        Energy and complexity to about 1e-8, m to 1e-7 and the overlap to that, or near T_d to 1e-4:
        the maximum is found where the complexity does not change, and there q of m has a root. At
        T = 0 to about 1e-14.

    Raises
    ------
    CampaignError
        If p is not an integer from 3, or T is out of range.

    Notes
    -----
    Source: Monasson (1995).
    """
    if T == 0.0:
        return Metastable(1.0, 0.0, *_cold_states(p, least_slope(p)), -np.inf)
    highest = equilibrium(p, T).breaking
    m = _maximum(lambda m: _states(p, T, m).complexity, 0.1 * highest, highest)
    # Closer to T_d than m is found, the range of m with states may have been missed.
    return max((_states(p, T, each) for each in (m, highest)), key=lambda found: found.complexity)


def marginal_states(p: int, T: float) -> Metastable:
    """The states whose replicon vanishes: the highest in energy with which one step is consistent.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.
    T
        Temperature, above Gardner's, below which there are none, and below T_d.

    Returns
    -------
    Metastable
        To about 1e-10.

    Raises
    ------
    CampaignError
        If p is not an integer from 3 with a Gardner temperature, or T is out of range.

    Notes
    -----
    Source: Montanari and Ricci-Tersenghi (2003).
    """
    lowest, highest = gardner_temperature(p), dynamical_transition(p).temperature
    if not lowest < T < highest:
        raise CampaignError(
            f"T = {T:g} is out of range: with p = {p} it must be above T_G = {lowest:g} and "
            f"below T_d = {highest:g}."
        )
    # By the field, since near T_d that of a given m is found in a maximum, to few digits.
    ends = _transition_fields(p)[0], _gardner_field(p)
    a = brentq(lambda a: _marginal(p, a).temperature - T, *ends, xtol=1e-14)
    return _metastable(T, _marginal(p, a))


def gardner_temperature(p: int) -> float:
    """Temperature below which one step is unstable, the replicon being negative.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.

    Raises
    ------
    CampaignError
        If p is not an integer from 3, or is above 8, where the temperature is below 0.01.

    Notes
    -----
    Source: Gardner (1985).
    """
    return _least_states(p, _gardner_field(p)).temperature


@lru_cache
def ground_state(p: int) -> GroundState:
    r"""Ground state with one step.

    .. math:: e_0 = \max_\mu F(\mu), \qquad
              F = -\frac\mu4 - \frac1\mu \ln 2 \Phi\left( \mu \sqrt{p / 2} \right)

    with Phi the normal distribution.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.

    Raises
    ------
    CampaignError
        If p is not an integer from 3.

    Notes
    -----
    The limit T to 0 at m = mu T (derivation), in which 1 - q, of order T, drops out. Source:
    Gardner (1985).
    """
    _check(p)
    mu = float(brentq(lambda mu: _cold_states(p, mu)[1], 1e-2, 10.0, xtol=1e-15))
    return GroundState(_cold_states(p, mu)[0], mu)


@lru_cache
def least_slope(p: int) -> float:
    r"""The slope mu of the complexity, at T = 0, at the most numerous states.

    It is where e of mu is largest (and Sigma too, since dSigma = mu de): with
    :math:`x = \mu \sqrt{p / 2}` and the normal hazard :math:`h = \varphi(x) / \Phi(x)`,

    .. math:: p \, h (x + h) = 1 .

    Smaller slopes give a second branch, on which e falls again, below the ground state. There Sigma
    is a convex function of e, so that states of that energy would not dominate a sum over all: it
    is no number of states.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.

    Raises
    ------
    CampaignError
        If p is not an integer from 3.
    """
    _check(p)

    def of_energy(mu: float) -> float:
        x = mu * np.sqrt(p / 2)
        hazard = _hazard(x)
        return p * hazard * (x + hazard) - 1.0

    return float(brentq(of_energy, 0.0, ground_state(p).slope, xtol=1e-15))


def complexity_at_zero_temperature(p: int, slope: float) -> tuple[float, float]:
    r"""Energy and complexity of the states of a given slope dSigma / de = mu.

    .. math:: e = \frac{d (\mu F)}{d \mu}, \qquad \Sigma = \mu (e - F)

    with F as in :func:`ground_state`.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.
    slope
        mu, from :func:`least_slope`, that of the most numerous states, up to that of the ground
        state, where Sigma = 0.

    Returns
    -------
    tuple of float
        e and Sigma, per spin, with one step, which is unstable for all of these states.

    Raises
    ------
    CampaignError
        If p is not an integer from 3 or the slope is out of range.

    Notes
    -----
    Source: Monasson (1995); Legendre's transform at T = 0 (derivation).
    """
    least, steepest = least_slope(p), ground_state(p).slope
    if not least <= slope <= steepest:
        raise CampaignError(
            f"slope = {slope:g} is out of range: with p = {p} it must be at least {least:g}, that "
            f"of the most numerous states, and at most {steepest:g}, that of the ground state."
        )
    return _cold_states(p, slope)


def _cold_states(p: int, mu: float) -> tuple[float, float]:
    """Energy and complexity at T = 0."""
    x = mu * np.sqrt(p / 2)
    energy = -0.5 * mu - np.sqrt(p / 2) * _hazard(x)
    return float(energy), float(mu * energy + mu**2 / 4 + np.log(2) + log_ndtr(x))


def _hazard(x: float) -> float:
    """Density over distribution function of a standard normal variable."""
    return float(np.exp(-0.5 * x**2 - log_ndtr(x)) / np.sqrt(2 * np.pi))


@lru_cache
def _transition_fields(p: int) -> tuple[float, float]:
    """The field a, at m = 1, where states appear and where their complexity vanishes."""
    _check(p)
    highest = np.sqrt(2 * p)  # T < 1 / 2: below the static transition of any p
    marginal = brentq(lambda a: _one_step(p, 1.0, a).replicon, 0.1, highest, xtol=1e-15)
    static = brentq(lambda a: _one_step(p, 1.0, a).complexity, marginal, highest, xtol=1e-15)
    return float(marginal), float(static)


@lru_cache
def _gardner_field(p: int) -> float:
    """The field a at which the replicon of equilibrium vanishes."""
    static = _transition_fields(p)[1]
    coldest = np.sqrt(p / 2) / LOWEST_TEMPERATURE
    if _least_states(p, coldest).replicon > 0:
        raise CampaignError(
            f"p = {p} has its Gardner temperature below {LOWEST_TEMPERATURE:g}: p must be "
            "at most 8."
        )
    return float(brentq(lambda a: _least_states(p, a).replicon, static, coldest, xtol=1e-13))


def _marginal(p: int, field: float) -> _OneStep:
    """The m at which the replicon vanishes, in fields above that of the dynamical transition."""
    if _one_step(p, 1.0, field).replicon <= 0:
        return _one_step(p, 1.0, field)
    m = brentq(lambda m: _one_step(p, m, field).replicon, 0.0, 1.0, xtol=1e-16)
    return _one_step(p, m, field)


def _least_states(p: int, field: float) -> _OneStep:
    """The m at which the complexity vanishes, below the static transition."""
    if _one_step(p, 1.0, field).complexity >= 0:
        return _one_step(p, 1.0, field)
    m = brentq(lambda m: _one_step(p, m, field).complexity, 0.2 / field, 1.0, xtol=1e-16)
    return _one_step(p, m, field)


def _states(p: int, T: float, m: float) -> Metastable:
    """The states of a given m; where there are none, only the paramagnet is left, one state."""
    largest = np.sqrt(p / 2) / T  # q <= 1
    hottest = _maximum(lambda a: _one_step(p, m, a).temperature, 0.1, largest)
    if _one_step(p, m, hottest).temperature <= T:
        return Metastable(0.0, m, -1 / (2 * T), 0.0, 1.0)
    a = brentq(lambda a: _one_step(p, m, a).temperature - T, hottest, largest, xtol=1e-14)
    return _metastable(T, _one_step(p, m, a))


def _metastable(T: float, found: _OneStep) -> Metastable:
    """What is told of states of the temperature T."""
    p, q, m = found.p, found.overlap, found.breaking
    return Metastable(q, m, -(1 - (1 - m) * q**p) / (2 * T), found.complexity, found.replicon)


def _maximum(values: Callable[[float], float], low: float, high: float) -> float:
    """Where a function is largest, if it has one maximum."""
    grid = np.linspace(low, high, SCANNED)
    best = int(np.argmax([values(float(x)) for x in grid]))
    ends = grid[max(best - 1, 0)], grid[min(best + 1, SCANNED - 1)]
    return float(minimize_scalar(lambda x: -values(x), bounds=ends, method="bounded",
                                 options={"xatol": 1e-9}).x)  # fmt: skip


def _one_step(p: int, m: float, field: float) -> _OneStep:
    """Averages with the weight (2 cosh a z)^m of a normal z, by the trapezoidal rule."""
    step = STEP / max(field, 1.0)
    z = np.arange(-9 - m * field, 9 + m * field, step)
    y = np.abs(field * z)
    decay = np.exp(-2 * y)
    log_cosh = y + np.log1p(decay)
    exponent = m * log_cosh - 0.5 * z * z
    highest = float(np.max(exponent))
    weights = np.exp(exponent - highest)
    total = float(np.sum(weights))
    weights /= total
    square = 4 * decay / (1 + decay) ** 2  # sech^2
    return _OneStep(
        p,
        m,
        field,
        float(weights @ ((1 - decay) / (1 + decay)) ** 2),
        float(np.log(total * step / np.sqrt(2 * np.pi))) + highest,
        float(weights @ log_cosh),
        float(weights @ square**2),
    )


def _check(p: int) -> None:
    if p != int(p) or p < 3:
        raise CampaignError(
            f"p = {p:g} is not an Ising p-spin model with one step: it must be an integer from 3."
        )
