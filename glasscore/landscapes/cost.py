"""Costs of drawing, storing and surveying landscapes.

Each graph and law of energies estimates its own part, in the folder ``cost`` beside it.
"""

from typing import Any

from glasscore.common import discovery
from glasscore.common.cost import EMPTY, NANOSECOND, START, Cost, cost_of_part

# These are the values in glasscore/landscapes/stage.py, which takes a second to import.
SAMPLES, STEPS = 64, 4096


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of a survey at one size: drawing each sample, and a random walk in it."""
    # A step computes energies and, if couplings are stored, changes the local fields.
    of_a_step = (30.0 + 2.0 * min(parameters["N"], 4096)) * NANOSECOND
    seconds = SAMPLES * (seconds_of_a_landscape(parameters) + STEPS * of_a_step)
    return Cost(START + seconds, EMPTY + memory_of_a_landscape(parameters))


def seconds_of_a_landscape(parameters: dict[str, Any]) -> float:
    """CPU seconds for drawing the stored arrays of a landscape."""
    model, N = parameters["landscape"], parameters["N"]
    graph = cost_of_part("landscapes/graphs", model["graph"])
    law = cost_of_part("landscapes/energies", model["energies"])
    return graph.seconds(N, rates_depend_on_destination(parameters)) + law.seconds(N, model)


def memory_of_a_landscape(parameters: dict[str, Any]) -> float:
    """Bytes of the stored arrays; the next sample is drawn while the present one still exists."""
    model, N = parameters["landscape"], parameters["N"]
    graph = cost_of_part("landscapes/graphs", model["graph"])
    law = cost_of_part("landscapes/energies", model["energies"])
    return graph.memory(N, rates_depend_on_destination(parameters)) + law.memory(N, model)


def rates_depend_on_destination(parameters: dict[str, Any]) -> bool:
    """Whether the rates of a job's rule depend on the destination; a survey has no rule."""
    if "rule" not in parameters:
        return False
    rule = discovery.name_of(parameters["rule"])
    return discovery.constant("dynamics/rules", rule, "RATES_DEPEND_ON_DESTINATION", True)
