r"""Annealed complexity of the spherical p-spin model: the number of stationary points by energy.

The mean number of stationary points with k unstable directions and energy per spin near e is exp(N
Sigma_k(e)). By the formula of Kac and Rice it follows from the law of the Hessian, a random matrix
whose spectrum is a semicircle of radius p \|e_th\|, shifted by -p e. Energies have the variance N /
2, as in :mod:`glasscore.theory.spherical_pspin` with f(q) = q^p / 2.

In pure p-spin models the typical number of minima is the same as the mean number (Subag 2017).

References
----------
A. Cavagna, I. Giardina and G. Parisi, Phys. Rev. B 57 (1998) 11251. A. Auffinger, G. Ben Arous and
J. Cerny, Commun. Pure Appl. Math. 66 (2013) 165, theorems 2.5 and 2.8 (there the variance is N:
energies are sqrt(2) larger). E. Subag, Ann. Probab. 45 (2017) 3385.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from glasscore.common.errors import CampaignError
from glasscore.models.covariance import covariance
from glasscore.theory.spherical_pspin import threshold

Array = NDArray[np.float64]


def threshold_energy(p: int) -> float:
    """Energy e_th = -sqrt(2 (p - 1) / p), below which minima dominate and saddles are rare.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.

    Raises
    ------
    CampaignError
        If p is not an integer from 3.
    """
    if p != int(p) or p < 3:
        raise CampaignError(f"p = {p:g} has no complexity: it must be an integer from 3.")
    return threshold(covariance({float(p): 0.5})).energy


def total_complexity(energy: ArrayLike, p: int) -> Array:
    r"""Complexity of all stationary points at an energy, whatever their index.

    .. math:: \Sigma(e) = \frac12 \ln(p - 1) - \frac{p - 2}{2 (p - 1)} e^2
              - \theta(e_{th} - e) I(e / e_{th}), \qquad
              I(x) = x \sqrt{x^2 - 1} - \operatorname{arccosh} x

    Parameters
    ----------
    energy
        e per spin, not positive (the number is even in e), any shape.
    p
        Number of spins that interact, at least 3.

    Returns
    -------
    ndarray
        Complexity per spin, of the shape of ``energy``. It is negative where a typical sample has
        no stationary points.

    Raises
    ------
    CampaignError
        If p is not an integer from 3 or an energy is positive.
    """
    ratio = _ratio(energy, p)
    return _gaussian(energy, p) - _deviation(np.maximum(ratio, 1.0))


def complexity(energy: ArrayLike, p: int, index: int = 0) -> Array:
    r"""Complexity of minima (index 0) and of saddles with k unstable directions.

    .. math:: \Sigma_k(e) = \frac12 \ln(p - 1) - \frac{p - 2}{2 (p - 1)} e^2
              - (k + 1) I(e / e_{th}), \qquad e \le e_{th}

    Parameters
    ----------
    energy
        e per spin, not positive, any shape.
    p
        Number of spins that interact, at least 3.
    index
        The number k of unstable directions, which does not grow with N.

    Returns
    -------
    ndarray
        Complexity per spin, of the shape of ``energy``. It is minus infinity above e_th, where the
        number of points decreases as the exponential of -N^2.

    Raises
    ------
    CampaignError
        If p is not an integer from 3, an energy is positive or the index negative.
    """
    if index != int(index) or index < 0:
        raise CampaignError(f"index = {index:g} must be a whole number, at least 0.")
    ratio = _ratio(energy, p)
    found = _gaussian(energy, p) - (index + 1) * _deviation(np.maximum(ratio, 1.0))
    return np.where(ratio >= 1, found, -np.inf)


def lowest_energy(p: int, index: int = 0) -> float:
    """Energy e_k at which the complexity of index k vanishes; e_0 is the ground state.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.
    index
        k. The energies rise with it, to e_th.

    Raises
    ------
    CampaignError
        If p is not an integer from 3 or the index is negative.
    """
    highest = threshold_energy(p)
    lowest = 2 * highest

    def number(energy: float) -> float:
        return float(complexity(energy, p, index))

    return float(brentq(number, lowest, highest, xtol=1e-15))


def unstable_fraction(energy: ArrayLike, p: int) -> Array:
    r"""Fraction of unstable directions of typical stationary points at an energy.

    .. math:: \alpha(e) = \frac{\arccos x - x \sqrt{1 - x^2}}{\pi}, \qquad x = e / e_{th}

    This is the negative part of the semicircle of the Hessian, which is 1 / 2 at e = 0 and 0 from
    e_th down.

    Parameters
    ----------
    energy
        e per spin, not positive, any shape.
    p
        Number of spins that interact, at least 3.

    Raises
    ------
    CampaignError
        If p is not an integer from 3 or an energy is positive.
    """
    ratio = np.minimum(_ratio(energy, p), 1.0)
    return (np.arccos(ratio) - ratio * np.sqrt(1 - ratio**2)) / np.pi


def _ratio(energy: ArrayLike, p: int) -> Array:
    """Energies in units of the threshold energy."""
    reference = threshold_energy(p)
    energy = np.asarray(energy, dtype=np.float64)
    if not np.all((energy <= 0) & (energy > -np.inf)):
        raise CampaignError("energy holds values that are positive or not finite: give e <= 0.")
    return energy / reference


def _gaussian(energy: ArrayLike, p: int) -> Array:
    """The complexity without the cost of eigenvalues outside the semicircle."""
    return 0.5 * np.log(p - 1) - (p - 2) / (2 * (p - 1)) * np.asarray(energy, float) ** 2


def _deviation(ratio: Array) -> Array:
    """Complexity that is lost for each eigenvalue outside the semicircle."""
    return ratio * np.sqrt(ratio**2 - 1) - np.arccosh(ratio)
