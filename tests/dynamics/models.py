"""Small models for tests of the dynamics: every graph, law of energies, rule and clock.

``tests/dynamics/test_clocks.py`` checks that the list covers the folders of parts.
"""

from typing import Any

import numpy as np

from glasscore.common import discovery
from tests.campaigns import dynamics_parameters

BARRIER = {"name": "barrier", "top": -0.5}
SUMS = {"logarithm": True, "bits": np.inf}
# Each model has clock, graph, energies, rule, N, T, t_max and options of the energies.
MODELS: list[tuple[Any, ...]] = [
    ("rejection_free", "complete", "exponential", "arrhenius", np.inf, 0.5, 300.0, {}),
    ("rejection_free", "complete", "exponential", "metropolis", np.inf, 0.5, 300.0, {}),
    ("rejection_free", "complete", "gaussian", "metropolis", 9, 0.5, 300.0, {}),
    ("rejection_free", "hypercube", "exponential", "metropolis", 20, 0.5, 300.0, {}),
    ("rejection_free", "hypercube", "gaussian", "arrhenius", 9, 0.9, 300.0, {}),
    ("rejection_free", "hypercube", "number_partitioning", "metropolis", 33, 0.5, 300.0, SUMS),
    ("superbasin", "hypercube", "gaussian", "metropolis", 33, 0.34, 1e5, {}),
    ("superbasin", "hypercube", "exponential", "heat_bath", 12, 0.36, 1e5, {}),
    ("superbasin", "hypercube", "correlated", "metropolis", 9, 0.5, 1e4, {"alpha": 1.0}),
    ("rejection", "hypercube", "exponential", "metropolis", 20, 0.5, 300.0, {}),
    ("rejection", "hypercube", "pspin", "metropolis", 12, 0.5, 300.0, {"p": 3}),
    ("rejection", "hypercube", "sk", "metropolis", 70, 0.5, 100.0, {"field": 0.5}),
    ("rejection", "complete", "correlated", "heat_bath", 9, 0.5, 300.0, {"alpha": 1.0}),
    ("rejection_free", "hypercube", "gaussian", BARRIER, 9, 0.5, 300.0, {}),
    ("superbasin", "hypercube", "sk", "heat_bath", 12, 0.3, 1e4, {"field": 0.0}),
]
# Values of the options that have no default.
WITHOUT_DEFAULT = {"alpha": 1.0}


def small(model: tuple[Any, ...], samples: int, **others: Any) -> dict[str, Any]:
    """Parameters of a short run."""
    clock, graph, energies, rule, N, T, t_max, options = model
    landscape = {"graph": graph, "energies": energies, **options}
    return dynamics_parameters(
        graph, energies, rule, N, T, samples, t_max, clock=clock, landscape=landscape, **others
    )


def landscape_with_defaults(graph: str, energies: str) -> dict[str, Any]:
    """``landscape:`` of the config, with each option at its default."""
    options = discovery.constant("landscapes/energies", energies, "OPTIONS", {})
    chosen = {key: said.get("default", WITHOUT_DEFAULT.get(key)) for key, said in options.items()}
    return {"graph": graph, "energies": energies, **chosen}
