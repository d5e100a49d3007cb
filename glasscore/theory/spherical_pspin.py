r"""Exact laws of the spherical mixed p-spin model with energy covariance f(q) = sum_p a_p q^p.

The dynamics is ds/dt = -mu s - dH/ds + xi with <xi xi> = 2T. Energies are per spin, and Boltzmann's
constant is 1. The pure p-spin model has f(q) = q^p / 2; for p = 2 it is the spherical
Sherrington-Kirkpatrick model.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ive

from glasscore.models.covariance import Covariance, Values

OVERLAPS = np.concatenate([np.linspace(0.0, 0.999, 2000)[1:], 1 - np.geomspace(1e-3, 1e-9, 200)])
"""Overlaps at which roots and maxima are looked for before they are refined."""

MODES = 4000
"""Nodes of Gauss quadrature over the eigenvalues of the couplings of the p = 2 model."""


class Transition(NamedTuple):
    """A transition temperature and the overlap that appears there."""

    temperature: float
    overlap: float


class Threshold(NamedTuple):
    """The marginal states that dominate at T = 0.

    Attributes
    ----------
    energy
        E_th, per spin.
    multiplier
        mu = 2 sqrt(f''(1)), at which the spectrum of the Hessian touches zero.
    susceptibility
        chi = 1 / sqrt(f''(1)), the response integrated over the fast times.
    effective_inverse_temperature
        The ratio y = X / T of the slow times.
    """

    energy: float
    multiplier: float
    susceptibility: float
    effective_inverse_temperature: float


class FieldState(NamedTuple):
    """Equilibrium in a field h.

    Attributes
    ----------
    overlap
        The overlap q between two copies of the system.
    magnetisation
        The magnetisation m along the field.
    energy, multiplier
        The energy E, including that in the field, and the multiplier mu.
    """

    overlap: float
    magnetisation: float
    energy: float
    multiplier: float


class Aging(NamedTuple):
    """Long-time limits of a quench from a random state.

    Attributes
    ----------
    plateau
        The overlap q_EA at which fast relaxation ends.
    violation
        The fluctuation-dissipation ratio X in R = (X / T) dC/dt' at the slow times; it is 1 in
        equilibrium.
    energy, multiplier
        Energy E and multiplier mu for t to infinity.
    """

    plateau: float
    violation: float
    energy: float
    multiplier: float


def equilibrium_energy(model: Covariance, T: float) -> float:
    """The energy E = -f(1) / T above the static transition (annealed average)."""
    return -float(model.value(1.0)) / T


def equilibrium_multiplier(model: Covariance, T: float) -> float:
    """The multiplier mu = T + f'(1) / T above the static transition, which keeps C(t,t) = 1."""
    return T + float(model.first_derivative(1.0)) / T


def equilibrium_in_field(model: Covariance, T: float, field: float) -> FieldState:
    """Replica-symmetric equilibrium in a field: the solution with the smallest overlap.

    With chi = (1 - q) / T, the equations are q = chi^2 [f'(q) + h^2], m = h chi,
    E = -[f(1) - f(q)] / T - h m and mu = T + [f'(1) - q f'(q)] / T + h m. At T = 0,
    chi = 1 / sqrt(f'(1) + h^2), and derivatives at q = 1 take the place of the differences over T.
    For p = 2 the solution is stable in any field.

    Parameters
    ----------
    model
        The energy covariance.
    T
        Temperature, >= 0.
    field
        The field h, not 0. It adds -h sum_i g_i s_i to the energy, where sum_i g_i^2 = N.

    Notes
    -----
    Source: Crisanti and Sommers, Z. Phys. B 87, 341 (1992).

    Raises
    ------
    ValueError
        If the solution is unstable, chi^2 f''(q) >= 1.
    """
    first, square = float(model.first_derivative(1.0)), field**2
    if T == 0:
        overlap, chi = 1.0, 1 / float(np.sqrt(first + square))
        stiffness = float(model.second_derivative(1.0))
        lost, pull = first * chi, (first + stiffness) * chi
    else:

        def excess(overlap: npt.ArrayLike) -> Values:
            q = np.asarray(overlap)
            return q * T**2 - (model.first_derivative(q) + square) * (1 - q) ** 2

        overlaps = np.concatenate([[0.0], OVERLAPS, [1.0]])
        right = int(np.flatnonzero(excess(overlaps) > 0)[0])
        overlap = float(brentq(excess, overlaps[right - 1], overlaps[right], xtol=1e-15))
        chi = (1 - overlap) / T
        lost = (float(model.value(1.0)) - float(model.value(overlap))) / T
        pull = (first - overlap * float(model.first_derivative(overlap))) / T
    # For p = 2 this number differs from 1 by a term of order h^2, which may be lost in rounding.
    stable = model.exponents[-1] == 2 or chi**2 * float(model.second_derivative(overlap)) < 1
    if not stable:
        raise ValueError(f"T = {T:g} is too low for replica symmetry in the field {field:g}")
    return FieldState(overlap, field * chi, -lost - square * chi, T + pull + square * chi)


def dynamical_transition(model: Covariance) -> Transition:
    """Temperature T_d below which equilibrium dynamics does not relax, and its plateau q_d.

    T_d^2 is the maximum over q of f'(q) (1 - q) / q. So q f''(q) (1 - q) = f'(q) and
    T_d = (1 - q) sqrt(f''(q)) at the maximum. A continuous transition has q_d = 0.

    Source: Crisanti, Horner and Sommers, Z. Phys. B 92, 257 (1993).
    """

    def stability(overlap: npt.ArrayLike) -> Values:
        q = np.asarray(overlap)
        return model.first_derivative(q) * (1 - q) / q

    best = int(np.argmax(stability(OVERLAPS)))
    linear = float(model.second_derivative(0.0))
    if best == 0 or linear >= stability(OVERLAPS[best]):
        return Transition(float(np.sqrt(linear)), 0.0)

    def stationary(q: float) -> float:
        return float(q * model.second_derivative(q) * (1 - q) - model.first_derivative(q))

    overlap = float(brentq(stationary, OVERLAPS[best - 1], OVERLAPS[best + 1], xtol=1e-14))
    return Transition(float(np.sqrt(stability(overlap))), overlap)


def static_transition(model: Covariance) -> Transition:
    """Temperature T_s below which the Boltzmann measure is no longer replica symmetric.

    T_s^2 is the maximum over q of f(q) / (-ln(1 - q) - q). At T_s two copies of the system with
    this overlap q have no higher free energy than independent ones. A continuous transition has q =
    0.

    Source: Crisanti and Sommers, Z. Phys. B 87, 341 (1992); Talagrand, Probab. Theory Relat.
    Fields 134, 339 (2006).
    """

    def stability(overlap: npt.ArrayLike) -> Values:
        q = np.asarray(overlap)
        return model.value(q) / (-np.log1p(-q) - q)

    best = int(np.argmax(stability(OVERLAPS)))
    linear = float(model.second_derivative(0.0))
    if best == 0 or linear >= stability(OVERLAPS[best]):
        return Transition(float(np.sqrt(linear)), 0.0)
    found = minimize_scalar(
        lambda q: -stability(q),
        bounds=(OVERLAPS[best - 1], OVERLAPS[best + 1]),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return Transition(float(np.sqrt(-found.fun)), float(found.x))


def threshold(model: Covariance) -> Threshold:
    """Marginal states that dominate at T = 0, for any f.

    They have chi = 1 / sqrt(f''(1)), mu = 2 sqrt(f''(1)), y = sqrt(f''(1)) / f'(1) - 1 /
    sqrt(f''(1)) and E_th = -(chi f'(1) + y f(1)). This is the limit of the quench from a random
    state if the covariance is pure, and a reference energy if it is mixed.

    Source: Cugliandolo and Kurchan, Phys. Rev. Lett. 71, 173 (1993).
    """
    value, first = float(model.value(1.0)), float(model.first_derivative(1.0))
    root = float(np.sqrt(model.second_derivative(1.0)))
    slope = root / first - 1 / root
    return Threshold(-(first / root + slope * value), 2 * root, 1 / root, slope)


def aging(model: Covariance, T: float) -> Aging:
    """Long-time limits of the quench from a random state to T, by marginal stability.

    The plateau q is the largest root of f''(q) (1 - q)^2 = T^2, and
    X = (1 - q) (f''(q) / f'(q) - 1 / q), E = -[f(1) - (1 - X) f(q)] / T,
    mu = T + [f'(1) - (1 - X) q f'(q)] / T. This assumes one slow time scale and weak ergodicity
    breaking, which are established for pure covariances only.

    Source: Cugliandolo and Kurchan, Phys. Rev. Lett. 71, 173 (1993).

    Raises
    ------
    ValueError
        If T is negative or not below the dynamical transition, where there is no aging.
    """
    transition = dynamical_transition(model).temperature
    if not 0 <= T < transition:
        raise ValueError(f"T = {T:g} is not in [0, {transition:g}), where the model ages")
    if T == 0:
        ground = threshold(model)
        return Aging(1.0, 0.0, ground.energy, ground.multiplier)

    def marginality(overlap: npt.ArrayLike) -> Values:
        q = np.asarray(overlap)
        return model.second_derivative(q) * (1 - q) ** 2 - T**2

    overlaps = np.concatenate([[0.0], OVERLAPS, [1.0]])
    left = int(np.flatnonzero(marginality(overlaps) >= 0)[-1])
    q = float(brentq(marginality, overlaps[left], overlaps[left + 1], xtol=1e-15))
    first = float(model.first_derivative(q))
    violation = float((1 - q) * (model.second_derivative(q) / first - 1 / q))
    lost = 1 - violation
    energy = -(float(model.value(1.0)) - lost * float(model.value(q))) / T
    multiplier = T + (float(model.first_derivative(1.0)) - lost * q * first) / T
    return Aging(q, violation, energy, multiplier)


def aging_field(model: Covariance, T: float) -> float:
    """The constant field h above which a quench from a random state comes to equilibrium.

    In weaker fields there is aging at the plateau q without a field, f''(q) (1 - q)^2 = T^2. It
    ends where replica-symmetric equilibrium, q T^2 = (1 - q)^2 [f'(q) + h^2], is marginal at the
    same q: h^2 = q f''(q) - f'(q). For p = 2 it is 0: any field ends aging.

    Source: Crisanti and Sommers, Z. Phys. B 87, 341 (1992), for the stability.

    Raises
    ------
    ValueError
        If T is negative or not below the dynamical transition.
    """
    q = aging(model, T).plateau
    square = q * float(model.second_derivative(q)) - float(model.first_derivative(q))
    return float(np.sqrt(square)) if model.exponents[-1] > 2 else 0.0


def two_spin_multiplier(time: npt.ArrayLike, coefficient: float = 0.5, T: float = 0.0) -> Values:
    """The multiplier mu(t) of f(q) = a q^2 after a quench from a random state to T.

    It is mu(t) = Gamma'(t) / (2 Gamma(t)), where
    Gamma(t) = (2 / pi) int_0^pi exp(4 J t cos(x)) sin(x)^2 / (1 - 2 T cos(x) / J + T^2 / J^2) dx;
    at T = 0, Gamma(t) = I_1(4 J t) / (2 J t) and mu(t) = 2 J I_2(4 J t) / I_1(4 J t).

    Parameters
    ----------
    time
        t >= 0, any shape.
    coefficient
        a; J = sqrt(2 a).
    T
        Temperature of the noise, below J.

    Notes
    -----
    Source: Cugliandolo and Dean, J. Phys. A 28, 4213 (1995). It is exact at all times. Scaled
    Bessel functions, or a quadrature that is exact to rounding, avoid overflow at long times.

    Raises
    ------
    ValueError
        If T is not below the transition J.
    """
    coupling = _coupling(coefficient, T)
    argument = 4 * coupling * np.asarray(time, float)
    if T > 0:
        growth, slope = _warm_growth(argument / 4, T / coupling)
        return coupling * slope / (2 * growth)
    started = argument > 0
    safe = np.where(started, argument, 1.0)
    return np.where(started, 2 * coupling * ive(2, safe) / ive(1, safe), 0.0)


def two_spin_energy(time: npt.ArrayLike, coefficient: float = 0.5, T: float = 0.0) -> Values:
    """The energy E(t) = (T - mu(t)) / 2; see :func:`two_spin_multiplier`."""
    return 0.5 * (T - two_spin_multiplier(time, coefficient, T))


def two_spin_correlation(
    time: npt.ArrayLike, waiting_time: npt.ArrayLike, coefficient: float = 0.5
) -> Values:
    """The correlation of f(q) = a q^2 after a quench from a random state to T = 0.

    It is C(t,t') = G((t + t') / 2) / sqrt(G(t) G(t')) with G(t) = I_1(4 J t) / (2 J t).

    Parameters
    ----------
    time, waiting_time
        t >= t' >= 0, broadcast against each other.
    coefficient
        a of f(q) = a q^2; J = sqrt(2 a).

    Notes
    -----
    Source: Cugliandolo and Dean, J. Phys. A 28, 4213 (1995).
    """
    late, early = np.asarray(time, float), np.asarray(waiting_time, float)
    coupling = np.sqrt(2 * coefficient)
    norm = np.sqrt(_growth(coupling * late) * _growth(coupling * early))
    return _growth(coupling * (late + early) / 2) / norm


def two_spin_response(
    time: npt.ArrayLike, waiting_time: npt.ArrayLike, coefficient: float = 0.5, T: float = 0.0
) -> Values:
    """The response of f(q) = a q^2 after a quench from a random state to T.

    It is R(t,t') = sqrt(Gamma(t') / Gamma(t)) I_1(2 J (t - t')) / (J (t - t')), and R(t+,t) = 1.
    Parameters and source are those of :func:`two_spin_multiplier`.
    """
    late, early = np.asarray(time, float), np.asarray(waiting_time, float)
    coupling = _coupling(coefficient, T)
    if T > 0:
        before, after = (_warm_growth(coupling * one, T / coupling)[0] for one in (early, late))
    else:
        before, after = _growth(coupling * early), _growth(coupling * late)
    return np.sqrt(before / after) * _growth(coupling * (late - early) / 2)


def _coupling(coefficient: float, T: float) -> float:
    coupling = float(np.sqrt(2 * coefficient))
    if not 0 <= T < coupling:
        raise ValueError(f"T = {T:g} is not in [0, {coupling:g}), below the transition")
    return coupling


def _warm_growth(time: Values, T: float) -> tuple[Values, Values]:
    """exp(-4 t) Gamma(t) and exp(-4 t) Gamma'(t) for J = 1.

    The integrand has the width 1 / sqrt(2 t) in x, from which the number of nodes follows.
    """
    longest = float(np.max(time, initial=1.0))
    modes = 64 + int(20 * np.sqrt(longest) + 20 / (1 - T))
    angle = np.pi * np.arange(1, modes + 1) / (modes + 1)
    weight = 2 / (modes + 1) * np.sin(angle) ** 2
    weight /= (1 - T) ** 2 + 4 * T * np.sin(angle / 2) ** 2
    decay = np.exp(-8 * np.asarray(time)[..., None] * np.sin(angle / 2) ** 2)
    return decay @ weight, 4 * (decay @ (weight * np.cos(angle)))


def two_spin_equilibrium_correlation(
    lag: npt.ArrayLike, T: float, coefficient: float = 0.5
) -> Values:
    """The correlation C(tau) of f(q) = a q^2 in equilibrium.

    It is C(tau) = T int rho(l) exp(-(mu - l) tau) / (mu - l) dl, since every mode of the couplings
    is an Ornstein-Uhlenbeck process. rho is the semicircle of radius 2 J of the eigenvalues l, and
    mu = T + J^2 / T. The response is R(tau) = -C'(tau) / T.

    Parameters
    ----------
    lag
        tau >= 0, any shape.
    T
        Temperature, at least J.
    coefficient
        a; J = sqrt(2 a).

    Notes
    -----
    Source: Cugliandolo and Dean, J. Phys. A 28, 4213 (1995). Gauss quadrature is exact to rounding,
    except for T close to J, where 1 / (mu - l) becomes singular at the edge of the spectrum.

    Raises
    ------
    ValueError
        If T lies below the transition J.
    """
    coupling = float(np.sqrt(2 * coefficient))
    # As in :mod:`glasscore.dmft.quench`, T may be a rounded transition temperature.
    if not coupling * (1 - 1e-9) <= T:
        raise ValueError(f"T = {T:g} is below the transition {coupling:g}")
    angle = np.pi * np.arange(1, MODES + 1) / (MODES + 1)
    weight = 2 / (MODES + 1) * np.sin(angle) ** 2
    # mu - l is written as a sum of squares, so that nothing cancels at the edge.
    gap = (T - coupling) ** 2 / T + 4 * coupling * np.sin(angle / 2) ** 2
    modes = np.exp(-gap * np.asarray(lag, float)[..., None])
    return T * modes @ (weight / gap)


def _growth(time: Values) -> Values:
    """The scaled function exp(-4 t) I_1(4 t) / (2 t), which is 1 at t = 0."""
    argument = 4 * np.asarray(time)
    started = argument > 0
    safe = np.where(started, argument, 1.0)
    return np.where(started, 2 * ive(1, safe) / safe, 1.0)
