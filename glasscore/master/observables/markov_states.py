r"""Markov-state model of basins of attraction: implied time scales, and how Markovian they are.

The basin that the process is in, observed in equilibrium at the times 0, t, 2t, ..., has the
transition probabilities

.. math:: P_{AB}(t) = \sum_{i \in A} \frac{\pi_i}{\pi_A} \sum_{j \in B} P_{ij}(t).

Their eigenvalues lambda_k imply the times -t / ln lambda_k(t). These never exceed the relaxation
times, and approach them with growing lag t if the relaxation mode differs from basin to basin. The
Chapman-Kolmogorov test is the largest difference between P_AA(2t) and its prediction (P(t)^2)_AA.
Markov-state models estimate these numbers from trajectories; here they are those of infinitely long
trajectories, without noise.

Sources: J.-H. Prinz, H. Wu, M. Sarich, B. Keller, M. Senne, M. Held, J. D. Chodera, C. Schuette,
F. Noe, J. Chem. Phys. 134, 174105 (2011).
"""

from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr

from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured, quantity
from glasscore.master.powers_of_two import waiting_times
from glasscore.master.sample import Sample

# The transition probabilities are 2^N x 2^N numbers, which are squared once for each lag.
LARGEST_N = 10
# Keys of the study that the numbers depend on.
PARAMETERS = ("t_max",)
MODES = 4
# If 1 - lambda is smaller, half of its digits or more are lost in rounding.
LEAST_DECAY = 1e-8


def of_sample(sample: Sample, parameters: dict[str, Any]) -> dict[str, np.ndarray]:
    """Implied times by lag and mode, exact relaxation times, and the Chapman-Kolmogorov test."""
    lags = waiting_times(parameters)
    coarse = [at.between_basins for at in sample.transitions]
    masses = np.bincount(sample.tree.basins, sample.network.weights)
    times = np.array(
        [implied_times(one, masses, lag) for one, lag in zip(coarse, lags, strict=True)]
    )
    exact = np.full(MODES, np.nan)
    slowest = 1.0 / sample.relaxation_rates[:MODES]
    exact[: slowest.size] = slowest
    differences = [
        np.abs(np.diagonal(later) - np.diagonal(one @ one)).max() for one, later in pairwise(coarse)
    ]
    return {
        "implied_time": times,
        "slowest_time": exact,
        "markov_deviation": np.array([*differences, np.nan]),
    }


def implied_times(coarse: np.ndarray, masses: np.ndarray, lag: float) -> np.ndarray:
    """The times -lag / ln lambda of the slowest modes, equilibrium excluded.

    They are NaN where there are fewer modes, or where lambda is too close to 0 or 1.

    Parameters
    ----------
    coarse
        P_AB at this lag, shape (basins, basins).
    masses
        Equilibrium weights of the basins, not normalised.
    lag
        The lag t, in attempts.
    """
    root = np.sqrt(masses)
    symmetric = root[:, np.newaxis] * coarse / root
    eigenvalues = np.linalg.eigvalsh(0.5 * (symmetric + symmetric.T))[::-1][1 : MODES + 1]
    known = (eigenvalues > LEAST_DECAY) & (1.0 - eigenvalues > LEAST_DECAY)
    times = np.full(MODES, np.nan)
    times[: eigenvalues.size][known] = -lag / np.log(eigenvalues[known])
    return times


def variables(rows: dict[str, list[Any]], parameters: dict[str, Any]) -> dict[str, xr.Variable]:
    """Implied and exact times of each sample, and the mean of the test over samples."""
    lags = waiting_times(parameters)
    modes = np.arange(1, MODES + 1)
    deviation, error = mean_and_error(rows["markov_deviation"])
    return {
        "lag_time": quantity("lag_time", lags, "lag of the Markov-state model", "t", "attempts"),
        "slow_mode": quantity("slow_mode", modes, "mode, the slowest first", "m"),
        "implied_time": quantity(
            ("sample", "lag_time", "slow_mode"),
            np.array(rows["implied_time"]),
            "relaxation time implied by transitions between basins",
            r"t_m(t)",
            "attempts",
        ),
        "slowest_time": quantity(
            ("sample", "slow_mode"),
            np.array(rows["slowest_time"]),
            "exact relaxation time",
            r"\tau_m",
            "attempts",
        ),
        **measured(
            "markov_deviation",
            "lag_time",
            deviation,
            error,
            "largest |P_AA(2t) - (P(t)^2)_AA| of a basin",
            r"\Delta P",
        ),
    }
