"""Cost of a block of trajectories, and the number of samples that a job should take.

The time of a sample is the sum of the times for drawing its landscape, for observations on the way,
and for the visits that its clock makes one by one. Each graph, law of energies, clock and recorder
estimates its own part, in the folder ``cost`` beside it.
"""

import math
from importlib import import_module
from typing import Any

from glasscore.common import discovery
from glasscore.common.cost import EMPTY, MIB, NANOSECOND, START, Cost, cost_of_part
from glasscore.landscapes.cost import (
    memory_of_a_landscape,
    rates_depend_on_destination,
    seconds_of_a_landscape,
)

Parameters = dict[str, Any]
# The time and the memory that a job should take: the time is short compared with a day and long
# compared with the start of a process.
SECONDS_OF_A_JOB = 120.0
MEMORY_OF_A_JOB = 512.0 * MIB
LARGEST_BLOCK = 100_000
# CPU seconds of a sample that makes no visits, for its random stream, its recorders and its stops.
SAMPLE = 1.1e-4
# CPU seconds of each further piece of a run: its landscape, its rule, and the memory of its clock.
PIECE = 5e-5
BYTES_OF_A_SAMPLE = 4000.0
# Observation times per waiting time: one for each of 13 standard windows, and the waiting time
# itself.
PAIRS = 14


def estimate(parameters: Parameters, inputs: list[Parameters]) -> Cost:
    """Cost of a block of samples."""
    samples = parameters["samples"]
    return Cost(
        START + samples * seconds_of_a_sample(parameters),
        EMPTY
        + memory_of_a_landscape(parameters)
        + _start(parameters).memory(parameters["N"])
        + samples * memory_of_a_sample(parameters),
    )


def samples_of_a_job(parameters: Parameters) -> int:
    """Number of disorder samples in one job of at most two minutes and 512 MiB.

    The number is rounded down to 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    parameters
        The parameters of a job without ``first_sample`` and ``samples``. The result must not depend
        on these two: a study with more samples has more jobs, and its other jobs do not change.
    """
    most = min(
        SECONDS_OF_A_JOB / seconds_of_a_sample(parameters),
        MEMORY_OF_A_JOB / memory_of_a_sample(parameters),
        LARGEST_BLOCK,
    )
    power = 10 ** max(0, math.floor(math.log10(max(most, 1.0))))
    return power * max(digit for digit in (1, 2, 5) if digit == 1 or digit * power <= most)


def seconds_of_a_sample(parameters: Parameters) -> float:
    """CPU time of one trajectory and its landscape."""
    N, t = parameters["N"], parameters["t_max"]
    clock = cost_of_part("dynamics/clocks", parameters["clock"])
    seconds_of_pieces = PIECE * (len(_pieces(parameters)) - 1)
    # States of the complete graph are sorted anew for each piece of a run.
    times_listed = len(_pieces(parameters)) if _sorts_states(parameters) else 1
    seconds = SAMPLE + seconds_of_pieces + times_listed * seconds_of_a_landscape(parameters)
    seconds += _start(parameters).seconds(N)
    seconds += clock.NANOSECONDS_OF_AN_ATTEMPT * NANOSECOND * t
    visits = visits_of_a_sample(parameters)
    if clock.LEAPS and not _needs_every_visit(parameters):
        visits = min(visits, visits_and_leaps_of_a_sample(parameters))
    seconds += NANOSECOND * nanoseconds_of_a_visit(parameters) * visits
    times = PAIRS * parameters["waiting_times_per_decade"] + parameters["times_per_decade"]
    times *= math.log10(10.0 * t)
    for recorder in _recorders(parameters):
        seconds += times * NANOSECOND * recorder.nanoseconds_of_a_time(N)
    return seconds


def memory_of_a_sample(parameters: Parameters) -> float:
    """Bytes of the records of one sample, during the run and in the result.

    If the end of the run is not one of its stops, the record at the last stop is kept as well.
    """
    decades = 1.0 + math.log10(parameters["t_max"])
    words, recorders = _graph(parameters).words(parameters["N"]), _recorders(parameters)
    # State, energy, departure and distances take these bytes at each pair of times.
    of_a_pair = 8 * words + 8 + 8 + 6 + sum(one.bytes_of_a_pair(words) for one in recorders)
    of_a_time = sum(8 + one.bytes_of_a_time(words) for one in recorders)
    per_decade = PAIRS * parameters["waiting_times_per_decade"] * of_a_pair
    per_decade += parameters["times_per_decade"] * of_a_time
    of_a_start = sum(one.bytes_of_a_waiting_time(*spins_or_states(parameters)) for one in recorders)
    per_decade += parameters["waiting_times_per_decade"] * of_a_start
    fixed = BYTES_OF_A_SAMPLE + sum(one.BYTES_OF_A_SAMPLE for one in recorders)
    kept = 1 if decades.is_integer() else 2
    return kept * (fixed + decades * per_decade)


def visits_of_a_sample(parameters: Parameters) -> float:
    """Number of visits to configurations until the end of the run, returns included."""
    model, law, N = parameters["landscape"], _law(parameters), parameters["N"]
    depend = rates_depend_on_destination(parameters)
    visits = _graph(parameters).visits
    return sum(visits(law, N, T, t, model, depend) for T, t in _pieces(parameters))


def visits_and_leaps_of_a_sample(parameters: Parameters) -> float:
    """Number of visits and leaps that the superbasin clock makes; infinite if it never leaps."""
    model, law, N = parameters["landscape"], _law(parameters), parameters["N"]
    visits_and_leaps = _graph(parameters).visits_and_leaps
    return sum(visits_and_leaps(law, N, T, t, model) for T, t in _pieces(parameters))


def _pieces(parameters: Parameters) -> list[tuple[float, float]]:
    """Temperature and length of each piece of a run, one attempt at least."""
    end = parameters["t_max"]
    if not parameters.get("ramps"):
        return [(parameters["T"], end)]
    pieces = import_module("glasscore.models.pieces").pieces_of(parameters)
    return [
        (piece.T, max(1.0, min(piece.end, end) - piece.begin))
        for piece in pieces
        if piece.begin < end
    ]


def nanoseconds_of_a_visit(parameters: Parameters) -> float:
    """CPU time of a visit: its duration, the next move, the rates, and the recorders."""
    spins = spins_or_states(parameters)[0]
    recording = sum(
        one.NANOSECONDS_OF_A_VISIT + spins * one.NANOSECONDS_OF_A_SPIN
        for one in _recorders(parameters)
    )
    of_graph = _graph(parameters).nanoseconds_of_a_visit
    return of_graph(_law(parameters), parameters["N"], parameters["landscape"]) + recording


def spins_or_states(parameters: Parameters) -> tuple[float, float]:
    """The number of spins, and 0; or 0, and the number of states that are no spins."""
    N, graph = parameters["N"], parameters["landscape"]["graph"]
    if discovery.constant("landscapes/graphs", graph, "STATES_ARE_SPINS"):
        return N, 0.0
    return 0.0, 2.0**N


def _sorts_states(parameters: Parameters) -> bool:
    """Whether moves are drawn from a sorted list of all states."""
    spins = spins_or_states(parameters)[0]
    return spins == 0.0 and rates_depend_on_destination(parameters)


def _graph(parameters: Parameters) -> Any:
    return cost_of_part("dynamics/graphs", parameters["landscape"]["graph"])


def _law(parameters: Parameters) -> Any:
    return cost_of_part("landscapes/energies", parameters["landscape"]["energies"])


def _start(parameters: Parameters) -> Any:
    name = parameters.get("start", {"name": "random"})["name"]
    return cost_of_part("dynamics/starts", name)


def _recorders(parameters: Parameters) -> list[Any]:
    return [cost_of_part("dynamics/recorders", name) for name in parameters["recorders"]]


def _needs_every_visit(parameters: Parameters) -> bool:
    return any(
        discovery.constant("dynamics/recorders", name, "NEEDS_EVERY_VISIT", False)
        for name in parameters["recorders"]
    )
