"""The Ising p-spin model with one step: transitions, equilibrium, and states at T = 0."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.common.errors import CampaignError
from glasscore.files.store import quantity
from glasscore.theory import ising_pspin
from glasscore.theory.tables import POWER, TEMPERATURE, tabulate

OPTIONS = {
    "p": {
        "description": "a list of whole numbers from 3 to 20",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a whole number from 3 to 20",
            "type": "integer",
            "minimum": 3,
            "maximum": 20,
        },
    },
    "T": {
        "description": "a list of temperatures from 0.01 to 1e6",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a temperature from 0.01 to 1e6",
            "type": "number",
            "minimum": 0.01,
            "maximum": 1e6,
        },
    },
}
RESULTS = (
    "`p`, `T`, `state`",
    "`overlap`, `breaking`, `energy`, `entropy`, `complexity`, `replicon(p, T)`; "
    "`dynamical_temperature`, `dynamical_overlap`, `static_temperature`, "
    "`static_overlap`, `gardner_temperature`, `ground_state_energy`, "
    "`ground_state_slope(p)`; `state_energy`, `state_complexity(p, state)` at T = 0, from"
    " the most numerous states to the ground state, missing before",
)
STATES = {
    "overlap": ("overlap inside a state", "q"),
    "breaking": ("parameter of Parisi, 1 above T_K", "m"),
    "energy": ("energy per spin", "e"),
    "entropy": ("entropy per spin", "s"),
    "complexity": ("logarithm of the number of states per spin", r"\Sigma"),
    "replicon": ("stability of one step, lost below zero", r"\lambda_R"),
}
TRANSITIONS = {
    "dynamical_temperature": ("dynamical transition", "T_d"),
    "dynamical_overlap": ("overlap at the dynamical transition", "q_d"),
    "static_temperature": ("static transition", "T_K"),
    "static_overlap": ("overlap at the static transition", "q_K"),
    "gardner_temperature": ("below it one step is unstable; 0 if below 0.01", "T_G"),
    "ground_state_energy": ("energy per spin of the ground state, a bound", "e_0"),
    "ground_state_slope": ("slope of the complexity at the ground state", r"\mu"),
    "state_energy:state": (
        "energy per spin of the states at T = 0, with one step; missing at slopes below that of "
        "the most numerous states",
        "e",
    ),
    "state_complexity:state": (
        "complexity of the states at T = 0, with one step; missing as their energy",
        r"\Sigma",
    ),
}
SLOPES = 100


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """Transitions for every p, and equilibrium at every temperature."""
    powers = {"p": (parameters["p"], POWER)}
    found = tabulate(_transitions, powers, TRANSITIONS)
    found |= tabulate(_state, {**powers, "T": (parameters["T"], TEMPERATURE)}, STATES)
    share = (np.arange(SLOPES) + 1.0) / SLOPES
    found["state"] = quantity("state", share, "slope over that of the ground state", r"y / \mu")
    return xr.Dataset(found)


def _state(p: int, T: float) -> ising_pspin.State:
    if ising_pspin.dynamical_transition(p).temperature <= T:
        entropy = float(np.log(2)) - 1 / (4 * T**2)
        return ising_pspin.State(0.0, 1.0, -1 / (2 * T), entropy, 0.0, 1.0)
    return ising_pspin.equilibrium(p, T)


def _cold_state(p: int, slope: float) -> tuple[float, float]:
    """Energy and complexity at T = 0 of the states of a slope, or two missing values."""
    if slope < ising_pspin.least_slope(p):
        return np.nan, np.nan
    return ising_pspin.complexity_at_zero_temperature(p, slope)


def _transitions(p: int) -> dict[str, Any]:
    dynamic, static = ising_pspin.dynamical_transition(p), ising_pspin.static_transition(p)
    ground = ising_pspin.ground_state(p)
    try:
        gardner = ising_pspin.gardner_temperature(p)
    except CampaignError:
        gardner = 0.0
    slopes = ground.slope * (np.arange(SLOPES) + 1.0) / SLOPES
    cold = np.array([_cold_state(p, mu) for mu in slopes])
    return {
        "dynamical_temperature": dynamic.temperature,
        "dynamical_overlap": dynamic.overlap,
        "static_temperature": static.temperature,
        "static_overlap": static.overlap,
        "gardner_temperature": gardner,
        "ground_state_energy": ground.energy,
        "ground_state_slope": ground.slope,
        "state_energy": cold[:, 0],
        "state_complexity": cold[:, 1],
    }
