r"""Spherical spins with asymmetric two-spin couplings at T = 0, from a random state.

ds/dt = -mu s + J s, where J_ij and J_ji are Gaussian of variance 1 / N and correlation eta: forces
without an energy if eta < 1, and the spherical p = 2 model for eta = 1. With

.. math::
    \Sigma(t,s) = \eta R, \qquad D(t,s) = C, \qquad
    \mu(t) = (1 + \eta) \int_0^t C(t,s) R(t,s) ds

For eta = 0 the solution is closed: with Gamma^2(t) = I_0(2 t),

.. math::
    C(t,t') = \frac{I_0(2 \sqrt{t t'})}{\Gamma(t) \Gamma(t')}, \qquad
    R(t,t') = \frac{\Gamma(t')}{\Gamma(t)}, \qquad \mu(t) = \frac{I_1(2 t)}{I_0(2 t)}

Source: Crisanti and Sompolinsky, Phys. Rev. A 36, 4922 (1987).
"""

from typing import NamedTuple

from glasscore.dmft.two_time.interface import OneTime, one_time_functions
from glasscore.models.covariance import Values


class AsymmetricCouplings(NamedTuple):
    """Correlation eta of J_ij and J_ji."""

    symmetry: float

    def at(self, time: float, earlier: Values) -> "AsymmetricCouplings":
        """The equations at a time: nothing in them depends on it."""
        return self


@one_time_functions.register
def _(equations: AsymmetricCouplings, row, kernels, gradients):
    eta, multiplier = equations.symmetry, 0.0
    for k in range(row.first, row.last + 1):
        C, R, weight = row.correlation[k], row.response[k], row.weight[k - row.first]
        kernels.memory[k], kernels.noise[k] = eta * R, C
        kernels.memory_by_c[k], kernels.memory_by_r[k], kernels.noise_by_c[k] = 0.0, eta, 1.0
        multiplier += weight * (1.0 + eta) * C * R
        gradients.multiplier_by_c[k] = weight * (1.0 + eta) * R
        gradients.multiplier_by_r[k] = weight * (1.0 + eta) * C
        gradients.magnetisation_by_r[k] = 0.0
    # The power of the forces, which have no energy, takes the place of -E.
    return OneTime(-multiplier, multiplier, 0.0, 0.0, 0.0, 0.0, 0.0)
