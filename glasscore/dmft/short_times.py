r"""The two-time functions at short times, as their Taylor series in t and t'.

C and R of the equations in :mod:`glasscore.dmft.equations.spherical_spins` are analytic at
t = t' = 0 for t > t': C = sum_ij c_ij t^i t'^j. If terms are collected by total degree i + j, the
equations give the terms of degree m + 1 from those of degrees up to m, except for the coefficients
of t'^(m+1), which follow from C(t,t) = R(t+,t) = 1. A solver can therefore start at a small but
finite time, with exact rows for all earlier times.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from glasscore.models.covariance import Covariance, Values

HIGHEST_POWER = 20
TRUNCATION = 1e-13

Homogeneous = list[Values]


class ShortTimes(NamedTuple):
    """Taylor series by total degree; part m has the coefficients of t^(m-j) t'^j, j = 0..m.

    Attributes
    ----------
    correlation, response
        C(t,t') and R(t,t') for t >= t', :data:`HIGHEST_POWER` + 1 parts.
    energy, multiplier, magnetisation
        E(t), mu(t) and m(t), coefficients of t^m, shape (HIGHEST_POWER + 1,).
    """

    correlation: Homogeneous
    response: Homogeneous
    energy: Values
    multiplier: Values
    magnetisation: Values

    def reach(self) -> float:
        """The time up to which the last parts are below :data:`TRUNCATION`."""
        last = [
            np.sum(np.abs(parts[HIGHEST_POWER - back])) ** (1 / (HIGHEST_POWER - back))
            for parts in (self.correlation, self.response)
            for back in (0, 1)
        ]
        return float(TRUNCATION ** (1 / (HIGHEST_POWER - 1)) / max(last))

    def at(self, time: npt.ArrayLike, fraction: npt.ArrayLike) -> Values:
        """C and R at t and t' = fraction t, stacked: shape (2, *shape of the broadcast)."""
        late, ratio = np.asarray(time, float), np.asarray(fraction, float)
        found = np.zeros((2, *np.broadcast_shapes(late.shape, ratio.shape)))
        for degree in reversed(range(HIGHEST_POWER + 1)):
            parts = self.correlation[degree], self.response[degree]
            found *= late
            for index, part in enumerate(parts):
                found[index] += np.polynomial.polynomial.polyval(ratio, part)
        return found

    def energy_at(self, time: npt.ArrayLike) -> Values:
        """E(t), of the shape of ``time``."""
        return np.polynomial.polynomial.polyval(np.asarray(time, float), self.energy)

    def multiplier_at(self, time: npt.ArrayLike) -> Values:
        """mu(t), of the shape of ``time``."""
        return np.polynomial.polynomial.polyval(np.asarray(time, float), self.multiplier)

    def magnetisation_at(self, time: npt.ArrayLike) -> Values:
        """m(t), of the shape of ``time``."""
        return np.polynomial.polynomial.polyval(np.asarray(time, float), self.magnetisation)


def solve(model: Covariance, T: float, inverse_initial: float, field: float = 0.0) -> ShortTimes:
    """The series of a quench.

    Parameters
    ----------
    model
        The energy covariance f.
    T
        Temperature of the noise.
    inverse_initial
        1 / T_0 of the initial Boltzmann state; 0 for a random one.
    field
        h, constant from the start on.
    """
    correlation, response = [np.ones(1)], [np.ones(1)]
    # the parts of f(C), f'(C) and f''(C); powers of C follow from J. C. P. Miller's recurrence
    powers = [[np.ones(1)] for _ in range(3 * model.exponents.size)]
    weights = [
        model.coefficients,
        model.coefficients * model.exponents,
        model.coefficients * model.exponents * (model.exponents - 1),
    ]
    values: list[Homogeneous] = [[np.array([np.sum(weight)])] for weight in weights]
    energy, multiplier, magnetisation = (np.zeros(HIGHEST_POWER + 1) for _ in range(3))
    kernel: Homogeneous = []
    noise: Homogeneous = []
    for degree in range(HIGHEST_POWER + 1):
        if degree > 0:
            for order in range(3):
                total = np.zeros(degree + 1)
                for term, exponent in enumerate(model.exponents):
                    parts = powers[order * model.exponents.size + term]
                    parts.append(_power_part(correlation, parts, exponent - order, degree))
                    total += weights[order][term] * parts[degree]
                values[order].append(total)
        value, force, stiffness = values
        kernel.append(_product_part(stiffness, response, degree))
        # f'(C) and h^2 act alike as the covariance of the forces, except in the initial state
        noise.append(force[degree] + (field**2 if degree == 0 else 0.0))
        pull = _product_part(kernel, correlation, degree) + _product_part(noise, response, degree)
        # functions of one time: integrals over the whole past raise the degree by one
        start = inverse_initial * sum(
            force[part][0] * correlation[degree - part][0] for part in range(degree + 1)
        )
        multiplier[degree] += start + (T if degree == 0 else 0.0)
        energy[degree] -= inverse_initial * value[degree][0]
        if degree == HIGHEST_POWER:
            break
        whole = 1 / np.arange(1, degree + 2)
        multiplier[degree + 1] += whole @ pull
        energy[degree + 1] -= whole @ _product_part(noise, response, degree)
        magnetisation[degree + 1] = field * (whole @ response[degree])
        start_pull = [inverse_initial * part[0] for part in force]
        slopes = _slopes(degree, correlation, response, kernel, noise, multiplier, start_pull)
        for parts, slope in zip((correlation, response), slopes, strict=True):
            part = np.zeros(degree + 2)
            part[: degree + 1] = slope / np.arange(degree + 1, 0, -1)
            part[-1] = -np.sum(part)
            parts.append(part)
    return ShortTimes(correlation, response, energy, multiplier, magnetisation)


def _slopes(
    degree: int,
    correlation: Homogeneous,
    response: Homogeneous,
    kernel: Homogeneous,
    noise: Homogeneous,
    multiplier: Values,
    start_pull: list[float],
) -> tuple[Values, Values]:
    """Part ``degree`` of dC/dt and dR/dt."""
    of_correlation, of_response = np.zeros(degree + 1), np.zeros(degree + 1)
    for first in range(degree + 1):
        second = degree - first
        of_correlation[: second + 1] -= multiplier[first] * correlation[second]
        of_response[: second + 1] -= multiplier[first] * response[second]
        of_correlation[: second + 1] += (
            start_pull[first] * np.eye(1, second + 1, second)[0]
        ) * correlation[second][0]
        if first == degree:
            continue
        second -= 1
        of_correlation += _between(kernel[first], correlation[second])
        of_response += _between(kernel[first], response[second])
        of_correlation += _before(kernel[first], correlation[second])
        of_correlation += _before(noise[first], response[second])
    return of_correlation, of_response


def _between(outer: Values, inner: Values) -> Values:
    """int_t'^t outer(t,s) inner(s,t') ds of two homogeneous parts."""
    result = np.zeros(outer.size + inner.size)
    for i, left in enumerate(outer):
        for j, right in enumerate(inner):
            power = i + inner.size - j
            result[j] += left * right / power
            result[j + power] -= left * right / power
    return result


def _before(outer: Values, inner: Values) -> Values:
    """int_0^t' outer(t,s) inner(t',s) ds of two homogeneous parts."""
    result = np.zeros(outer.size + inner.size)
    for i, left in enumerate(outer):
        for j, right in enumerate(inner):
            result[i + inner.size] += left * right / (i + j + 1)
    return result


def _power_part(base: Homogeneous, power: Homogeneous, exponent: float, degree: int) -> Values:
    """Part ``degree`` of base^exponent, whose lower parts are known; base starts with 1."""
    total = np.zeros(degree + 1)
    for part in range(1, degree + 1):
        weight = (exponent * part - (degree - part)) / degree
        total += weight * np.convolve(base[part], power[degree - part])
    return total


def _product_part(left: Homogeneous, right: Homogeneous, degree: int) -> Values:
    return np.sum(
        [np.convolve(left[part], right[degree - part]) for part in range(degree + 1)], axis=0
    )
