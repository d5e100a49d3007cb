"""Small models of every kind, and parameters of small jobs, for tests."""

from typing import Any

import numpy as np

from glasscore.langevin.models import linear, soft, spherical, spiked_tensor

OPTIONS: dict[str, dict[str, Any]] = {
    "linear": {"r0": 2.5, "J": 1.0, "field": 0.3},
    "soft": {"r": 1.0, "u": 0.7, "J": 1.0, "field": 0.3},
    "spherical": {"covariance": {2: 0.3, 3: 0.5, 4: 0.2}, "field": 0.0},
    "spiked_tensor": {"p": 3, "r": 1.2},
}
MODULES = {
    "linear": linear,
    "soft": soft,
    "spherical": spherical,
    "spiked_tensor": spiked_tensor,
}


def drawn(name: str, N: int, **others: Any) -> Any:
    return MODULES[name].draw(N, OPTIONS[name] | others, np.random.default_rng(5))


def job(name: str, **others: Any) -> dict[str, Any]:
    """Parameters of a small job; ``others`` may also be options of the model."""
    model = {"name": name} | {key: others.pop(key, value) for key, value in OPTIONS[name].items()}
    return {
        "seed": 3,
        "study": "test",
        "model": model,
        "start": "random",
        "N": 8,
        "T": 0.5,
        "samples": 2,
        "trajectories": 4,
        "t_max": 2.0,
        "time_step": 0.05,
        "waiting_times": [0.0],
        "response": False,
        "frequencies": [],
        **others,
    }
