"""The spherical mixed p-spin model, which mean-field equations know by its energy covariance.

The energy H of N spins on the sphere sum s_i^2 = N is a Gaussian field with covariance
<H(s) H(s')> = N f(s.s'/N), where f(q) = sum_p a_p q^p. The pure p-spin model has the single term
a_p = 1/2.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from glasscore.common.errors import CampaignError
from glasscore.kernels.compilation import kernel

Values = npt.NDArray[np.float64]


class Covariance(NamedTuple):
    """Energy covariance f(q) = sum_p a_p q^p; make it with :func:`covariance`.

    Attributes
    ----------
    exponents
        The powers p, ascending, float64, shape (terms,).
    coefficients
        The weights a_p, energy squared per spin, float64, shape (terms,).
    """

    exponents: Values
    coefficients: Values

    def value(self, overlap: npt.ArrayLike) -> Values:
        """f(q), in the shape of ``overlap``."""
        return self._sum(self.coefficients, self.exponents, overlap)

    def first_derivative(self, overlap: npt.ArrayLike) -> Values:
        """f'(q), in the shape of ``overlap``."""
        return self._sum(self.coefficients * self.exponents, self.exponents - 1, overlap)

    def second_derivative(self, overlap: npt.ArrayLike) -> Values:
        """f''(q), in the shape of ``overlap``."""
        weights = self.coefficients * self.exponents * (self.exponents - 1)
        return self._sum(weights, self.exponents - 2, overlap)

    @staticmethod
    def _sum(weights: Values, powers: Values, overlap: npt.ArrayLike) -> Values:
        return (np.asarray(overlap, float)[..., None] ** powers) @ weights


def covariance(coefficients: Mapping[float, float] | Mapping[str, float]) -> Covariance:
    """Energy covariance from its coefficients.

    Parameters
    ----------
    coefficients
        The weights a_p > 0 by power p >= 2, for instance ``{3: 0.5}`` for the pure 3-spin model.
        Powers may be strings, as in JSON.

    Raises
    ------
    CampaignError
        If there is no term, a power lies below 2 or a weight is not positive and finite.
    """
    terms = sorted((float(power), float(weight)) for power, weight in coefficients.items())
    if not terms:
        raise CampaignError("covariance is empty: give at least one term, such as {3: 0.5}.")
    for power, weight in terms:
        if not (2 <= power < np.inf):
            raise CampaignError(f"covariance has the power {power:g}: powers must be at least 2.")
        if not (0 < weight < np.inf):
            raise CampaignError(
                f"covariance has the weight {weight:g} at power {power:g}: "
                "weights must be positive."
            )
    exponents, weights = np.array(terms, dtype=np.float64).T
    exponents, weights = np.ascontiguousarray(exponents), np.ascontiguousarray(weights)
    exponents.flags.writeable = weights.flags.writeable = False
    return Covariance(exponents, weights)


@kernel
def covariance_at(model, overlap):
    """f(q) at one overlap, for kernels."""
    total = 0.0
    for term in range(model.exponents.size):
        total += model.coefficients[term] * overlap ** model.exponents[term]
    return total


@kernel
def derivatives_at(model, overlap):
    """f'(q) and f''(q) at one overlap, for kernels."""
    first = 0.0
    second = 0.0
    for term in range(model.exponents.size):
        power = model.exponents[term]
        weight = power * model.coefficients[term]
        first += weight * overlap ** (power - 1.0)
        second += weight * (power - 1.0) * overlap ** (power - 2.0)
    return first, second
