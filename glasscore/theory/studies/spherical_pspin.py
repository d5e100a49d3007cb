"""The spherical p-spin model: transitions, equilibrium, and the limits of aging."""

from typing import Any

import xarray as xr

from glasscore.models.covariance import covariance
from glasscore.theory import spherical_pspin
from glasscore.theory.complexity import complexity, lowest_energy
from glasscore.theory.spherical_states import equilibrium
from glasscore.theory.tables import POWER, TEMPERATURE, tabulate

OPTIONS = {
    "p": {
        "description": "a list of whole numbers from 3 to 100",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a whole number from 3 to 100",
            "type": "integer",
            "minimum": 3,
            "maximum": 100,
        },
    },
    "T": {
        "description": "a list of temperatures from 1e-6 to 1e6",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a temperature from 1e-6 to 1e6",
            "type": "number",
            "minimum": 1e-6,
            "maximum": 1e6,
        },
    },
}
RESULTS = (
    "`p`, `T`",
    "the same but for Gardner and states at T = 0, with `threshold_energy`, "
    "`threshold_complexity(p)`; `aging_overlap`, `aging_violation`, `aging_energy(p, T)`",
)
STATES = {
    "overlap": ("overlap inside a state in equilibrium", "q"),
    "breaking": ("parameter of Parisi, 1 above T_s", "m"),
    "energy": ("energy per spin in equilibrium", "e"),
    "entropy": ("entropy per spin, less that at infinite temperature", "s"),
    "complexity": ("logarithm of the number of states per spin", r"\Sigma"),
    "replicon": ("stability of one step", r"\lambda_R"),
    "aging_overlap": ("plateau of aging; equilibrium's above T_d", "q_{EA}"),
    "aging_violation": ("fluctuation-dissipation ratio of the slow times", "X"),
    "aging_energy": ("energy per spin that a quench tends to", "E"),
}
TRANSITIONS = {
    "dynamical_temperature": ("dynamical transition", "T_d"),
    "dynamical_overlap": ("overlap at the dynamical transition", "q_d"),
    "static_temperature": ("static transition", "T_s"),
    "static_overlap": ("overlap at the static transition", "q_s"),
    "threshold_energy": ("energy per spin of marginal minima", "e_{th}"),
    "threshold_complexity": ("complexity of marginal minima", r"\Sigma(e_{th})"),
    "ground_state_energy": ("energy per spin of the ground state", "e_0"),
}


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """Transitions for every p; equilibrium and aging at every temperature."""
    powers = {"p": (parameters["p"], POWER)}
    found = tabulate(_transitions, powers, TRANSITIONS)
    found |= tabulate(_states, {**powers, "T": (parameters["T"], TEMPERATURE)}, STATES)
    return xr.Dataset(found)


def _transitions(p: int) -> dict[str, float]:
    model = covariance({float(p): 0.5})
    dynamic = spherical_pspin.dynamical_transition(model)
    static = spherical_pspin.static_transition(model)
    threshold = spherical_pspin.threshold(model).energy
    return {
        "dynamical_temperature": dynamic.temperature,
        "dynamical_overlap": dynamic.overlap,
        "static_temperature": static.temperature,
        "static_overlap": static.overlap,
        "threshold_energy": threshold,
        "threshold_complexity": float(complexity(threshold, p)),
        "ground_state_energy": lowest_energy(p),
    }


def _states(p: int, T: float) -> dict[str, float]:
    model = covariance({float(p): 0.5})
    state = equilibrium(p, T)
    aging = (state.overlap, 1.0, state.energy)
    if spherical_pspin.dynamical_transition(model).temperature > T:
        late = spherical_pspin.aging(model, T)
        aging = (late.plateau, late.violation, late.energy)
    names = ("aging_overlap", "aging_violation", "aging_energy")
    return {**state._asdict(), **dict(zip(names, aging, strict=True))}
