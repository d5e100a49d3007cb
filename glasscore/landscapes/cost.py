"""What landscapes cost: to draw, to keep, to survey."""

import math
from typing import Any

from glasscore.common.cost import EMPTY, NANOSECOND, START, Cost

# As in glasscore/landscapes/stage.py, which takes a second to import.
SAMPLES, STEPS = 64, 4096


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of one size: drawing each sample, and walking in it."""
    # Energies of a step, and where couplings are kept, the fields that it changes.
    of_a_step = (30.0 + 2.0 * min(parameters["N"], 4096)) * NANOSECOND
    seconds = SAMPLES * (seconds_of_a_landscape(parameters) + STEPS * of_a_step)
    return Cost(START + seconds, EMPTY + memory_of_a_landscape(parameters))


def seconds_of_a_landscape(parameters: dict[str, Any]) -> float:
    """CPU time of drawing what a landscape stores."""
    model, N = parameters["landscape"], parameters["N"]
    seconds = 100.0 * NANOSECOND * _sorted_states(parameters)
    match model["energies"]:
        case "correlated":
            seconds += 15.0 * NANOSECOND * 2.0**N
        case "sk" | "pspin":
            seconds += 10.0 * NANOSECOND * _couplings(model, N)
    return seconds


def memory_of_a_landscape(parameters: dict[str, Any]) -> float:
    """Bytes of what a landscape stores; one sample is there at a time, and the next is drawn."""
    model, N = parameters["landscape"], parameters["N"]
    memory = 3 * 8 * _sorted_states(parameters)
    match model["energies"]:
        case "correlated":
            memory += 2 * 8 * 2.0**N
        case "sk" | "pspin":
            memory += 2 * 4 * _couplings(model, N)
    return memory


def _sorted_states(parameters: dict[str, Any]) -> float:
    """States in the table of a rule that looks where a move leads; a survey has no rule."""
    model, N = parameters["landscape"], parameters["N"]
    is_sorted = parameters.get("rule", "arrhenius") != "arrhenius"
    return 2.0**N if model["graph"] == "complete" and math.isfinite(N) and is_sorted else 0.0


def _couplings(model: dict[str, Any], N: float) -> float:
    """Entries of the table of couplings."""
    return {2: N**2, 3: N**3, 4: N**3 * (N - 1) / 2}[model.get("p", 2)]
