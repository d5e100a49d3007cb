"""The random energy model: equilibrium, and the entropy of its levels."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import quantity
from glasscore.theory import random_energy
from glasscore.theory.tables import TEMPERATURE, tabulate

OPTIONS = {
    "energies": {"enum": ["gaussian", "exponential"], "default": "gaussian"},
    "T": {
        "description": "a list of temperatures from 0 to 1e6",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a temperature from 0 to 1e6",
            "type": "number",
            "minimum": 0,
            "maximum": 1e6,
        },
    },
}
RESULTS = (
    "`T`, `level_energy`",
    "`energy`, `entropy`, `participation(T)`; `level_entropy(level_energy)`; the "
    "attributes `critical_temperature` and `ground_state_energy`",
)
COLUMNS = {
    "energy": ("energy per spin", "e"),
    "entropy": ("entropy per spin", "s"),
    "participation": ("mean sum of squared Boltzmann weights", "Y"),
}
LEVELS = 201


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """Energy, entropy and participation by temperature; s(e) from the ground state to 0."""
    law = parameters["energies"]
    axes = {"T": (parameters["T"], TEMPERATURE)}
    found = tabulate(lambda T: random_energy.equilibrium(T, law), axes, COLUMNS)
    lowest = float(random_energy.ground_state_energy_density(law))
    levels = np.linspace(lowest, 0.0, LEVELS)
    entropy = random_energy.level_entropy(levels, law)
    found["level_energy"] = quantity("level_energy", levels, "energy of levels per spin", "e")
    found["level_entropy"] = quantity("level_energy", entropy, "entropy of levels per spin", "s")
    return xr.Dataset(
        found,
        attrs={
            "critical_temperature": float(random_energy.critical_temperature(law)),
            "ground_state_energy": lowest,
        },
    )
