r"""Statics of the Ising p-spin model with one step of replica-symmetry breaking.

.. math:: H = -\sum_{i_1 < \dots < i_p} J_{i_1 \dots i_p} s_{i_1} \cdots s_{i_p}, \qquad
          \langle J^2 \rangle = \frac{p!}{2 N^{p-1}}, \qquad s_i = \pm 1

so that Var H = N / 2 (if it were N, temperatures and energies would be larger by sqrt(2)), with p
>= 3 and without a field. Energies are per spin. With overlap q inside a state, the parameter m of
Parisi and :math:`a^2 = \beta^2 p q^{p-1} / 2`,

.. math:: -\beta f = \frac{\beta^2}{4} \left[ 1 + (p - 1)(1 - m) q^p - p q^{p-1} \right]
                     + \frac1m \ln \int Dz \, (2 \cosh a z)^m

is stationary in q, where q is the average of tanh^2(a z) with the weight of the integral. At m = 1
it describes the states of equilibrium between T_K and T_d, whose number is exp(N Sigma). Below T_K
it is stationary also in m.

One step is exact down to Gardner's temperature, where the replicon becomes negative; below, its
energy is a bound, and very close to the exact one. At T = 0 one step is unstable for states of any
energy, since the replicon goes to minus infinity as -1 / T. So their energies, their number and the
energy above which there are none, as computed here, are approximations.

At any T below T_d there are exponentially many states above the energy of equilibrium, which trap
mean-field dynamics for ever. At the threshold energy they become unstable, or their number begins
to decrease. With one step there are two candidates for the threshold, close to one another: the
marginal states, whose replicon vanishes, and the most numerous states, which are higher and whose
replicon is negative, so that one step is inconsistent there (Montanari and Ricci-Tersenghi 2003).
The threshold without this approximation is not known in closed form.

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
"""Step of the trapezoidal rule in a z. Poles at i pi / 2 cause the error exp(-pi^2 / STEP), which
is below rounding."""

SCANNED = 32
"""Number of points at which a function is evaluated before its maximum is refined."""

LOWEST_TEMPERATURE = 0.01
"""Lowest temperature of :func:`equilibrium`, whose cost grows as 1 / T."""


class State(NamedTuple):
    """Equilibrium at one temperature.

    Attributes
    ----------
    overlap
        The overlap q inside a state.
    breaking
        Parisi's parameter m, which is 1 above T_K.
    energy, entropy
        Energy and entropy of the system per spin.
    complexity
        Sigma = ln(number of states) / N, which is 0 below T_K.
    replicon
        1 - beta^2 p (p - 1) q^(p-2) <sech^4> / 2. One step is unstable where it is negative.
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
        The overlap q inside a state.
    breaking
        The slope m of the complexity as a function of beta f. It is 0 at T = 0, where the slope as
        a function of e is the limit of m / T.
    energy, complexity
        Energy per spin, and the logarithm of the number of states per spin.
    replicon
        As in :class:`State`; minus infinity at T = 0.
    """

    overlap: float
    breaking: float
    energy: float
    complexity: float
    replicon: float


class GroundState(NamedTuple):
    """Lowest energy per spin, and the slope mu of the complexity there, the limit of m / T."""

    energy: float
    slope: float


class _OneStep(NamedTuple):
    """Averages at given m and a: the overlap, the logarithm of the integral, and others."""

    p: int
    breaking: float
    field: float
    overlap: float
    log_sum: float
    log_average: float
    fourth: float

    @property
    def temperature(self) -> float:
        """The temperature T at which a^2 = p q^(p-1) / (2 T^2)."""
        return float(np.sqrt(self.p / 2 * self.overlap ** (self.p - 1))) / self.field

    @property
    def complexity(self) -> float:
        """The complexity m^2 d(beta f) / dm at fixed q."""
        m, a, p = self.breaking, self.field, self.p
        elastic = (p - 1) / (2 * p) * (m * a) ** 2 * self.overlap
        return elastic + self.log_sum - m * self.log_average

    @property
    def replicon(self) -> float:
        """The replicon 1 - beta^2 p (p - 1) q^(p-2) <sech^4> / 2."""
        return 1 - (self.p - 1) * self.field**2 * self.fourth / self.overlap


def dynamical_transition(p: int) -> Transition:
    r"""Temperature T_d below which equilibrium consists of many states.

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
        The results, to about 1e-12.

    Raises
    ------
    CampaignError
        If p is not an integer from 3, or T is out of range. From T_d on there is one state with the
        energy -1 / (2 T) and the entropy ln 2 - 1 / (4 T^2).

    Notes
    -----
    Sources: Gardner (1985) below T_K, Monasson (1995) above, where energy and entropy are the same
    functions of T as above T_d.
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
        # The field is bounded by q <= 1, and m is where the complexity vanishes.
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
        Energy and complexity to about 1e-8, m and the overlap to 1e-7, or near T_d the overlap to
        1e-4. The errors are larger than rounding because the complexity is stationary at its
        maximum, and because near T_d the overlap depends on m as a square root. At T = 0 the errors
        are about 1e-14.

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
    # Very close to T_d the range of m with states may be narrower than the accuracy of m.
    return max((_states(p, T, each) for each in (m, highest)), key=lambda found: found.complexity)


def marginal_states(p: int, T: float) -> Metastable:
    """The states whose replicon vanishes, the highest ones for which one step is consistent.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.
    T
        Temperature, below T_d and above Gardner's temperature, below which there are no such
        states.

    Returns
    -------
    Metastable
        The results, to about 1e-10.

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
    # The root is found in the field a, because near T_d the field at a given m is a stationary
    # point, which has few accurate digits.
    ends = _transition_fields(p)[0], _gardner_field(p)
    a = brentq(lambda a: _marginal(p, a).temperature - T, *ends, xtol=1e-14)
    return _metastable(T, _marginal(p, a))


def gardner_temperature(p: int) -> float:
    """Temperature below which one step is unstable, since the replicon is negative.

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
    r"""Ground state in the approximation of one step.

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
    This is the limit T to 0 with m = mu T (derivation), in which 1 - q, of order T, drops out.
    Source: Gardner (1985).
    """
    _check(p)
    mu = float(brentq(lambda mu: _cold_states(p, mu)[1], 1e-2, 10.0, xtol=1e-15))
    return GroundState(_cold_states(p, mu)[0], mu)


@lru_cache
def least_slope(p: int) -> float:
    r"""The slope mu of the complexity, at T = 0, at the most numerous states.

    There the energy e is largest as a function of mu, and so is Sigma, since dSigma = mu de. With
    :math:`x = \mu \sqrt{p / 2}` and the normal hazard :math:`h = \varphi(x) / \Phi(x)`
    the condition is

    .. math:: p \, h (x + h) = 1 .

    Smaller slopes give a second branch, on which e decreases again, down to energies below the
    ground state. There Sigma is a convex function of e, so that states of this energy would not
    dominate the sum over all states, and Sigma is not the logarithm of a number of states.

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
        The slope mu, from that of the most numerous states, :func:`least_slope`, to that of the
        ground state, where Sigma = 0.

    Returns
    -------
    tuple of float
        e and Sigma per spin, in the approximation of one step, which is unstable for all of these
        states.

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
    """Energy and complexity at T = 0 of the states of slope mu."""
    x = mu * np.sqrt(p / 2)
    energy = -0.5 * mu - np.sqrt(p / 2) * _hazard(x)
    return float(energy), float(mu * energy + mu**2 / 4 + np.log(2) + log_ndtr(x))


def _hazard(x: float) -> float:
    """Density of a standard normal variable divided by its distribution function."""
    return float(np.exp(-0.5 * x**2 - log_ndtr(x)) / np.sqrt(2 * np.pi))


@lru_cache
def _transition_fields(p: int) -> tuple[float, float]:
    """The fields a, at m = 1, at which states appear and at which their complexity vanishes."""
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
    """The solution at the m at which the replicon vanishes, for fields above that of T_d."""
    if _one_step(p, 1.0, field).replicon <= 0:
        return _one_step(p, 1.0, field)
    m = brentq(lambda m: _one_step(p, m, field).replicon, 0.0, 1.0, xtol=1e-16)
    return _one_step(p, m, field)


def _least_states(p: int, field: float) -> _OneStep:
    """The solution at the m at which the complexity vanishes, below the static transition."""
    if _one_step(p, 1.0, field).complexity >= 0:
        return _one_step(p, 1.0, field)
    m = brentq(lambda m: _one_step(p, m, field).complexity, 0.2 / field, 1.0, xtol=1e-16)
    return _one_step(p, m, field)


def _states(p: int, T: float, m: float) -> Metastable:
    """The states of a given m, or the paramagnet, which is one state, if there are none."""
    largest = np.sqrt(p / 2) / T  # q <= 1
    hottest = _maximum(lambda a: _one_step(p, m, a).temperature, 0.1, largest)
    if _one_step(p, m, hottest).temperature <= T:
        return Metastable(0.0, m, -1 / (2 * T), 0.0, 1.0)
    a = brentq(lambda a: _one_step(p, m, a).temperature - T, hottest, largest, xtol=1e-14)
    return _metastable(T, _one_step(p, m, a))


def _metastable(T: float, found: _OneStep) -> Metastable:
    """The properties of the states of a solution at the temperature T."""
    p, q, m = found.p, found.overlap, found.breaking
    return Metastable(q, m, -(1 - (1 - m) * q**p) / (2 * T), found.complexity, found.replicon)


def _maximum(values: Callable[[float], float], low: float, high: float) -> float:
    """The place of the maximum of a function that has one maximum."""
    grid = np.linspace(low, high, SCANNED)
    best = int(np.argmax([values(float(x)) for x in grid]))
    ends = grid[max(best - 1, 0)], grid[min(best + 1, SCANNED - 1)]
    return float(minimize_scalar(lambda x: -values(x), bounds=ends, method="bounded",
                                 options={"xatol": 1e-9}).x)  # fmt: skip


def _one_step(p: int, m: float, field: float) -> _OneStep:
    """Averages over a normal z with the weight (2 cosh a z)^m, by the trapezoidal rule."""
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
