r"""The law of the overlap of two states in equilibrium, exactly from a list of all states.

.. math:: P(q) = \sum_{s, s'} w_s w_{s'} \, \delta(q - q_{s s'}), \qquad
          w_s = e^{-E_s / T} / Z, \qquad q_{s s'} = 1 - \frac{2 d_{s s'}}{N}

The pairs are not listed: the sum over s of w_s w_(s + x) is a convolution on the hypercube, which
the Walsh-Hadamard transform turns into a square. This takes N 2^N operations.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured, quantity
from glasscore.kernels.compilation import kernels_running
from glasscore.landscapes.walsh_hadamard import transform

Array = NDArray[np.float64]


def overlap_laws(energies: Array, temperatures: Sequence[float]) -> Array:
    """Probabilities of the overlaps of two states, drawn independently from one landscape.

    Parameters
    ----------
    energies
        The energies of all states, in units of J, shape (2^N,).
    temperatures
        Temperatures above 0, in units of J.

    Returns
    -------
    ndarray
        Shape (temperature, overlap), with the N + 1 overlaps in ascending order.
    """
    spins = int(energies.size).bit_length() - 1
    # Ascending overlaps belong to descending distances.
    place = spins - np.bitwise_count(np.arange(energies.size, dtype=np.uint32)).astype(np.int64)
    found = []
    for T in temperatures:
        weights = np.exp(-(energies - energies.min()) / T)
        weights /= weights.sum()
        with kernels_running():
            transform(weights)
            weights *= weights
            transform(weights)
        # Rounding may leave sums of a few parts in 10^16 below zero.
        found.append(np.maximum(np.bincount(place, weights) / energies.size, 0.0))
    return np.array(found)


def overlaps(laws: Array, temperatures: Sequence[float]) -> dict[str, xr.Variable]:
    """Means over samples of the laws, as variables of the result file.

    Parameters
    ----------
    laws
        Shape (sample, temperature, overlap).
    temperatures
        Those of the laws.

    Returns
    -------
    dict
        ``overlap_density(overlap_temperature, overlap_value)``, with one bin of the width 2 / N for
        each overlap, and ``square_overlap(overlap_temperature)``, the mean of q^2.
    """
    spins = laws.shape[-1] - 1
    q = 1.0 - 2.0 * np.arange(spins, -1, -1) / spins
    axes = ("overlap_temperature", "overlap_value")
    what = "of the overlap of two states in equilibrium"
    return {
        axes[0]: quantity(axes[0], temperatures, "temperature of the overlaps", "T", "J"),
        axes[1]: quantity(axes[1], q, "overlap", "q"),
        **measured(
            "overlap_density", axes, *mean_and_error(laws * spins / 2), f"density {what}", "P(q)"
        ),
        **measured(
            "square_overlap", axes[0], *mean_and_error((laws * q**2).sum(axis=-1)),
            f"mean square {what}", r"\langle q^2 \rangle",
        ),
    }  # fmt: skip
