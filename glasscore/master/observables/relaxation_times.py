r"""All relaxation times of the master equation, and the largest barrier of the landscape.

Towards T = 0 the longest time grows as exp(beta Delta E) for the rules ``metropolis`` and
``heat_bath``, where Delta E is the largest of the barriers from a minimum to a deeper one: R. A.
Holley, D. W. Stroock, Commun. Math. Phys. 115, 553 (1988).
"""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured, quantity
from glasscore.master.sample import Sample

# The singular values of a matrix with 2^N rows take two seconds at N = 10.
LARGEST_N = 11


def of_sample(sample: Sample, parameters: dict[str, Any]) -> dict[str, Any]:
    """Rates of all modes, the slowest first, and the largest barrier."""
    barriers = sample.tree.barriers[1:]
    return {
        "relaxation_rate": sample.relaxation_rates,
        "largest_barrier": float(barriers.max()) if barriers.size else np.nan,
    }


def variables(rows: dict[str, list[Any]], parameters: dict[str, Any]) -> dict[str, xr.Variable]:
    """Rates by sample and mode, and the mean logarithm of the longest relaxation time."""
    rates = np.array(rows["relaxation_rate"])
    mean, error = mean_and_error(-np.log(rates[:, 0]))
    return {
        "mode": quantity("mode", np.arange(1, rates.shape[1] + 1), "mode, the slowest first", "m"),
        "relaxation_rate": quantity(
            ("sample", "mode"), rates, "relaxation rate", r"\lambda", "1/attempts"
        ),
        "largest_barrier": quantity(
            "sample",
            np.array(rows["largest_barrier"]),
            "largest barrier from a minimum to a deeper one",
            r"\Delta E_{\max}",
            "J",
        ),
        **measured(
            "log_relaxation_time",
            (),
            mean,
            error,
            "mean natural logarithm of the longest relaxation time in attempts",
            r"\overline{\ln\tau_1}",
        ),
    }
