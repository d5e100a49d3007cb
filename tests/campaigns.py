"""Parameters of small dynamics jobs, for tests."""

from typing import Any

import numpy as np

from glasscore.dynamics import stage as dynamics
from glasscore.files.store import write

SEED = 20190129


def dynamics_parameters(
    graph: str,
    energies: str,
    rule: str,
    N: float,
    T: float,
    samples: int,
    t_max: float,
    **others: Any,
) -> dict[str, Any]:
    """A dynamics job of all samples at once."""
    return {
        "seed": SEED,
        "study": "test",
        "landscape": {"graph": graph, "energies": energies},
        "rule": rule,
        "clock": "rejection_free",
        "N": N,
        "T": T,
        "t_max": t_max,
        "first_sample": 0,
        "samples": samples,
        "extra_windows": [],
        "recorders": ["configurations", "energy", "trapping_times"],
        "times_per_decade": 8,
        "waiting_times_per_decade": 4,
        "trajectories": 0,
        **others,
    }


def written_block(parameters: dict[str, Any], path: Any) -> str:
    """Run a dynamics job and write its result, as the program does; return the path."""
    result = dynamics.run(parameters, []).assign_attrs(stage="dynamics")
    write(result, path, parameters=parameters, source_hash="0" * 12)
    return str(path)


def bits(dataset: Any) -> bytes:
    """All numbers of a dataset, byte by byte."""
    return b"".join(
        np.ascontiguousarray(dataset[name]).tobytes() for name in sorted(dataset.variables)
    )
