r"""Spherical spins with a Gaussian energy of any covariance: mixed p-spin models.

Langevin dynamics ds/dt = -mu s - dH/ds + h(t) g + xi with <H(s) H(s')> = N f(s.s'/N) and noise of
temperature T(t), from a Boltzmann state of temperature T_0; g is a fixed direction, g.g = N. With

.. math::
    \Sigma(t,s) &= f''(C) R, \qquad D(t,s) = f'(C), \qquad m(t) = \int_0^t h(s) R(t,s) ds \\
    \mu(t) &= T + \int_0^t [f''(C) C + f'(C)] R ds + \tfrac{1}{T_0} f'(C_0) C_0 + h m \\
    E(t) &= -\int_0^t f'(C) R ds - \tfrac{1}{T_0} f(C_0) - h m,
        \qquad b F(t) = \tfrac{1}{T_0} f'(C_0)

where C and R are taken at (t,s), and C_0 = C(t,0). These functions enter the equations of motion
in :mod:`glasscore.dmft.two_time.interface`; :mod:`glasscore.dmft.two_time.uniform_grid` explains
the terms of the field and of the start.

Source: Cugliandolo and Kurchan, Phys. Rev. Lett. 71, 173 (1993); with a Boltzmann start: Barrat,
Burioni and Mezard, J. Phys. A 29, L81 (1996).
"""

from typing import NamedTuple

import numpy as np

from glasscore.dmft.protocol import Protocol
from glasscore.dmft.two_time.interface import OneTime, add_by_start, one_time_functions
from glasscore.kernels.compilation import inlined_kernel
from glasscore.models.covariance import Covariance, Values

# Below this value C is only rounding error. Powers that are not whole numbers are taken of this
# value instead of C, because their high derivatives diverge at C = 0.
LEAST_CORRELATION = 1e-9


class SphericalRow(NamedTuple):
    """The equations at one time.

    Attributes
    ----------
    covariance
        f.
    inverse_initial
        1 / T_0 of the initial Boltzmann state; 0 for random initial states.
    temperature, field
        T(t) and h(t).
    earlier_field
        h(t') at the times of the columns, shape (columns,).
    """

    covariance: Covariance
    inverse_initial: float
    temperature: float
    field: float
    earlier_field: Values


class SphericalSpins(NamedTuple):
    """The equations of a quench, for :class:`glasscore.dmft.two_time.march.March`.

    Attributes
    ----------
    covariance
        f.
    protocol
        T(t) and h(t).
    inverse_initial
        1 / T_0 of the initial Boltzmann state; 0 for random initial states.
    """

    covariance: Covariance
    protocol: Protocol
    inverse_initial: float = 0.0

    def at(self, time: float, earlier: Values) -> SphericalRow:
        """The equations at a time t; ``earlier`` are the t' of its columns."""
        return SphericalRow(
            self.covariance,
            float(self.inverse_initial),
            float(self.protocol.temperature_at(time)),
            float(self.protocol.field_at(time)),
            self.protocol.field_at(earlier),
        )


@one_time_functions.register
def _(equations: SphericalRow, row, kernels, gradients):
    h, b = equations.field, equations.inverse_initial
    multiplier, energy, magnetisation = equations.temperature, 0.0, 0.0
    for k in range(row.first, row.last + 1):
        C, R, weight = row.correlation[k], row.response[k], row.weight[k - row.first]
        _, force, stiffness, bend = derivatives(equations.covariance, C)
        memory = stiffness * R
        kernels.memory[k], kernels.noise[k] = memory, force
        kernels.memory_by_c[k], kernels.memory_by_r[k] = bend * R, stiffness
        kernels.noise_by_c[k] = stiffness
        by_field = weight * equations.earlier_field[k]
        magnetisation += by_field * R
        multiplier += weight * (memory * C + force * R)
        energy -= weight * force * R
        gradients.magnetisation_by_r[k] = by_field
        gradients.multiplier_by_c[k] = weight * (bend * C + 2.0 * stiffness) * R
        gradients.multiplier_by_r[k] = weight * (stiffness * C + force) + h * by_field
    multiplier += h * magnetisation
    energy -= h * magnetisation
    force = stiffness = 0.0
    if b > 0.0:
        value, force, stiffness, _ = derivatives(equations.covariance, row.start)
        multiplier += b * force * row.start
        energy -= b * value
        slope = b * (stiffness * row.start + force)
        add_by_start(row, slope, gradients.multiplier_by_c)
    return OneTime(energy, multiplier, magnetisation, h, b, force, stiffness)


@inlined_kernel
def derivatives(covariance, overlap):
    """f, f', f'' and f''' of one overlap."""
    value, first, second, third = 0.0, 0.0, 0.0, 0.0
    for term in range(covariance.exponents.size):
        power, weight = covariance.exponents[term], covariance.coefficients[term]
        base = overlap
        if power != np.floor(power):
            base = max(base, LEAST_CORRELATION)
        if weight != 0.0:
            value += weight * base**power
        weight *= power
        if weight != 0.0:
            first += weight * base ** (power - 1)
        weight *= power - 1
        if weight != 0.0:
            second += weight * base ** (power - 2)
        weight *= power - 2
        if weight != 0.0:
            third += weight * base ** (power - 3)
    return value, first, second, third
