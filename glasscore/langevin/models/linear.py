r"""The linear model: Gaussian spins in Sherrington-Kirkpatrick couplings.

.. math:: \dot S_i = -r_0 S_i + \sum_j J_{ij} S_j + h + \xi_i, \qquad
          H = \frac{r_0}{2} \sum_i S_i^2 - \frac{1}{2} \sum_{i \ne j} J_{ij} S_i S_j - h \sum_i S_i

with independent Gaussian couplings of variance J^2/(N - 1), and r_0 above their largest
eigenvalue, which is near 2 J. In equilibrium the spins are Gaussian with the covariance
T (r_0 - J)^-1 and the mean (r_0 - J)^-1 h.

Source: J. Hertz, From spin glasses to deep networks, lectures (2024).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasscore.common.errors import CampaignError, Refusal
from glasscore.langevin.couplings import pair_couplings, too_large

Array = NDArray[np.float64]
SPACE = "flat"
STARTS = ("random", "equilibrium")
# The largest product of the time step and the fastest rate. Steps of twice the length, which tell
# the error, are then just stable with Heun's method.
LONGEST_STEP = 1.0
OPTIONS: dict[str, Any] = {
    "r0": {
        "description": "a number r0 above 0 and at most 1e6",
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1.0e6,
    },
    "J": {
        "description": "a strength J of the couplings from 0 to 1000",
        "type": "number",
        "minimum": 0,
        "maximum": 1000,
        "default": 1.0,
    },
    "field": {
        "description": "a field h from -1000 to 1000",
        "type": "number",
        "minimum": -1000,
        "maximum": 1000,
        "default": 0.0,
    },
}


class GaussianSpins(NamedTuple):
    """The stiffness r_0 - J, shape (N, N), its Cholesky factor (lower), and h."""

    stiffness: Array
    factor: Array
    field: float

    def force(self, states: Array) -> Array:
        """-(r_0 - J) S + h."""
        return self.field - self.stiffness @ states

    def energy(self, states: Array) -> Array:
        """H / N."""
        return (states * (0.5 * (self.stiffness @ states) - self.field)).mean(axis=0)


def draw(N: int, options: dict[str, Any], generator: np.random.Generator) -> GaussianSpins:
    """The couplings of one disorder sample.

    Raises
    ------
    CampaignError
        If r_0 does not exceed the largest eigenvalue of the couplings.
    """
    from scipy.linalg import LinAlgError, cholesky, eigvalsh

    couplings = pair_couplings(N, options["J"], generator)
    stiffness = np.diag(np.full(N, options["r0"])) - couplings
    try:
        factor = cholesky(stiffness, lower=True)
    except LinAlgError:
        largest = eigvalsh(couplings, subset_by_index=(N - 1, N - 1))[0]
        raise CampaignError(
            f"model.r0 is {options['r0']:g}, but must be above {largest:.12g}, the largest "
            f"eigenvalue of the couplings of a sample of {N} spins: the linear model is unstable."
        ) from None
    return GaussianSpins(stiffness, factor, options["field"])


def equilibrium(
    model: GaussianSpins, T: float, shape: tuple[int, int], generator: np.random.Generator
) -> Array:
    """States from the Boltzmann distribution, of shape (N, count)."""
    from scipy.linalg import cho_solve, solve_triangular

    mean = cho_solve((model.factor, True), np.full(shape[0], model.field))
    noise = generator.standard_normal(shape)
    scatter = solve_triangular(model.factor, noise, trans="T", lower=True)
    return mean[:, np.newaxis] + np.sqrt(T) * scatter


def longest_step(options: dict[str, Any], T: float) -> float:
    """The longest stable step, given by the rate r_0 + 2 J of the stiffest direction."""
    return float(LONGEST_STEP / (options["r0"] + 2 * options["J"]))


def refusal(options: dict[str, Any], *, N: int) -> Refusal | None:
    """Refuse a model that is unstable for many spins, or more spins than memory has room for."""
    if options["r0"] < 2 * options["J"]:
        critical = 2 * options["J"]
        requirement = f"be at least 2 J = {critical:g}, where the linear model is stable"
        return "r0", options["r0"], requirement
    return too_large(N, 2 * N * N)
