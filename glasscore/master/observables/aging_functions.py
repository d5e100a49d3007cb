r"""Aging after a quench from infinite temperature, at waiting times that are powers of two.

.. math:: C(t_w, \omega) = \sum_i p_i(t_w) P_{ii}(\omega t_w), \qquad
          \Pi(t_w, \omega) = \sum_i p_i(t_w) e^{-r_i \omega t_w}

These are the probabilities of the same configuration at t_w and t_w (1 + omega), and of no jump in
between. p(t) are the probabilities of the states after a uniform start, P(t) the transition
probabilities, and r the exit rates. As t_w goes to infinity, C tends to the sum of the squares of
Boltzmann's weights, the probability that two configurations in equilibrium are the same.
"""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured
from glasscore.master.powers_of_two import FIRST, LAST, time_coordinates, waiting_times
from glasscore.master.sample import Sample

# Some dozen products of matrices with 2^N rows take a few seconds at N = 10.
LARGEST_N = 11
# Keys of the study that the numbers depend on.
PARAMETERS = ("t_max",)


def of_sample(sample: Sample, parameters: dict[str, Any]) -> dict[str, np.ndarray]:
    """Energies by time, and aging functions by waiting time and window, with their limit.

    Aging functions are NaN where they need P(t) at a time beyond the end or below 1.
    """
    last = waiting_times(parameters).size - 1
    occupied = np.array([at.occupied for at in sample.transitions])
    returned = np.array([at.returned for at in sample.transitions])
    same, never = np.full((2, last + 1, LAST - FIRST + 1), np.nan)
    for waited in range(last + 1):
        for window in range(FIRST, LAST + 1):
            later = waited + window
            if later > last:
                continue
            stays = np.exp(-sample.network.exit_rates * 2.0**later)
            never[waited, window - FIRST] = occupied[waited] @ stays
            if later >= 0:
                same[waited, window - FIRST] = occupied[waited] @ returned[later]
    weights = sample.network.weights / sample.network.weights.sum()
    return {
        "energy": occupied @ sample.energies,
        "same_configuration": same,
        "no_jump": never,
        "equilibrium_same_configuration": float((weights**2).sum()),
    }


DESCRIBED = {
    "energy": (("waiting_time",), "mean energy", r"\langle E\rangle", "J"),
    "same_configuration": (
        ("waiting_time", "window"),
        "probability of the same configuration at t_w and t_w (1 + omega)",
        "C",
        "1",
    ),
    "no_jump": (
        ("waiting_time", "window"),
        "probability of no jump between t_w and t_w (1 + omega)",
        r"\Pi",
        "1",
    ),
    "equilibrium_same_configuration": (
        (),
        "probability of the same configuration long after equilibration",
        r"\sum_i w_i^2",
        "1",
    ),
}


def variables(rows: dict[str, list[Any]], parameters: dict[str, Any]) -> dict[str, xr.Variable]:
    """Means over samples."""
    found = time_coordinates(parameters)
    for name, (dimensions, *described) in DESCRIBED.items():
        found |= measured(name, dimensions, *mean_and_error(rows[name]), *described)
    return found
