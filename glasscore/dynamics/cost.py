r"""What a block of trajectories costs, and how many samples a job should take.

The time of a sample is that of drawing its landscape, of looking at it on the way, and of the
visits that its clock makes one by one. With x = T/T_c, visits to configurations of independent
exponential energies up to t grow as those to the traps of Bouchaud's model,

.. math:: n(t) = \frac{\sin \pi x}{\pi x} \max(t^x, M^{1 - 1/x} t), \qquad x < 1,

of which the second term takes over in equilibrium, t > M^(1/x); above T_c as n = (1 - 1/x) t; in
the step model as t^(2 - 1/x). The laws of the other landscapes are fits to measured numbers of
visits. They need only hold to a factor of three.

Sources: J.-P. Bouchaud, J. Phys. I France 2, 1705 (1992), for n(t) of the trap model; A. Barrat and
M. Mezard, J. Phys. I France 5, 941 (1995), for the step model.
"""

import math
from typing import Any

from glasscore.common import discovery
from glasscore.common.cost import EMPTY, MIB, NANOSECOND, START, Cost
from glasscore.landscapes.cost import memory_of_a_landscape, seconds_of_a_landscape

Parameters = dict[str, Any]
# What a job aims at: short against a day, long against the start of a process.
SECONDS_OF_A_JOB = 120.0
MEMORY_OF_A_JOB = 512.0 * MIB
LARGEST_BLOCK = 100_000
# Random stream, recorder and stops of a sample that makes no visits.
SAMPLE = 1.1e-4
GAUSSIAN_T_C = 1.0 / math.sqrt(2.0 * math.log(2.0))
# The rate of jumps of a spin glass is that over a barrier of this height times p^BARRIER_POWER.
BARRIER, BARRIER_POWER = 0.55, 0.8
# At low temperatures nearly all jumps are returns; their number grows with about this power of t.
FLICKERING = 0.65
# Recorders of traps; bytes of what each keeps of the last traps, the first of each depth and those
# going on, at a time, and of ridges, twice, since traps that are occupied at the end are completed
# in a copy.
OF_TRAPS = {"basins", "metabasins"}
LAST_TRAPS, TRAPS_AT_A_TIME, RIDGES_SINCE_A_TIME = 22e3, 96, 32


def estimate(parameters: Parameters, inputs: list[Parameters]) -> Cost:
    """Cost of a block."""
    samples = parameters["samples"]
    return Cost(
        START + samples * seconds_of_a_sample(parameters),
        EMPTY + memory_of_a_landscape(parameters) + samples * memory_of_a_sample(parameters),
    )


def samples_of_a_job(parameters: Parameters) -> int:
    """Disorder samples in one job: what takes two minutes and 512 MiB, rounded down to 1, 2 or 5.

    Parameters
    ----------
    parameters
        Those of a job, without ``first_sample`` and ``samples``, of which the number must not
        depend: more samples are more jobs, and leave those there are as they are.
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
    t = parameters["t_max"]
    seconds = SAMPLE + seconds_of_a_landscape(parameters)
    if parameters["clock"] == "rejection":
        seconds += 5.0 * NANOSECOND * t
    visits = jumps(parameters)
    if parameters["clock"] == "superbasin" and not _needs_every_visit(parameters):
        visits = min(visits, steps_of_leaps(parameters))
    seconds += NANOSECOND * nanoseconds_of_a_visit(parameters) * visits
    if "inherent_structures" in parameters["recorders"]:
        times = _times_of_inherent_structures(parameters) * math.log10(10.0 * t)
        seconds += times * NANOSECOND * parameters["N"] ** 2
    return seconds


def memory_of_a_sample(parameters: Parameters) -> float:
    """Bytes that one sample's records take, on the way and in the result.

    A long run to a time at which it could not stop keeps them twice.
    """
    decades = 1.0 + math.log10(parameters["t_max"])
    spins = parameters["N"] if parameters["landscape"]["graph"] == "hypercube" else 1
    words = math.ceil(spins / 64)
    # A standard pair of times for each of 13 windows: state, energy and departure, and distances.
    traps = len(OF_TRAPS & set(parameters["recorders"]))
    pairs = 14 * parameters["waiting_times_per_decade"]
    pairs *= 8 * words + 8 + 8 + 6 + traps * TRAPS_AT_A_TIME
    singles = 8 * len(parameters["recorders"]) + traps * RIDGES_SINCE_A_TIME
    per_decade = pairs + parameters["times_per_decade"] * singles
    if "inherent_structures" in parameters["recorders"]:
        per_decade += (16 * words + 8) * _times_of_inherent_structures(parameters)
    kept = 1 if decades.is_integer() else 2
    return kept * (4000.0 + traps * LAST_TRAPS + decades * per_decade)


def jumps(parameters: Parameters) -> float:
    """Visits to configurations until the end, returns included."""
    model, T, t = parameters["landscape"], parameters["T"], parameters["t_max"]
    N = parameters["N"]
    if model["graph"] == "complete":
        of_rule = _trap_visits if parameters["rule"] == "arrhenius" else _step_visits
        return of_rule(T, N, t)
    if T == 0.0:
        # Downhill to a local minimum, and no further.
        return min(t, 2.0 * N)
    match model["energies"]:
        case "sk" | "pspin":
            p = model.get("p", 2)
            return max(t**FLICKERING, t * math.exp(-BARRIER * p**BARRIER_POWER / T))
        case "correlated":
            p = model["alpha"] * N
            height = math.sqrt(2.0) * BARRIER * p**BARRIER_POWER
            return max(t**FLICKERING, t * math.exp(-height / T))
        case "gaussian":
            return max(t**FLICKERING, _gaussian_steps(T, N, t))
        case "exponential" | "number_partitioning" if model.get("logarithm", True):
            return min(t, max(t**FLICKERING, 2.0 * _trap_visits(T, N, t)))
    return t * math.exp(-2.0 * BARRIER / T)


def steps_of_leaps(parameters: Parameters) -> float:
    """Visits and leaps that the superbasin clock makes one by one."""
    model, T, t = parameters["landscape"], parameters["T"], parameters["t_max"]
    N = parameters["N"]
    if model["graph"] == "complete" or N > 64 or T == 0.0:
        return jumps(parameters)
    match model["energies"]:
        case "gaussian":
            return _gaussian_steps(T, N, t)
        case "exponential" | "number_partitioning" if model.get("logarithm", True):
            return min(t, 3.0 * _trap_visits(T, N, t))
    return jumps(parameters)


def nanoseconds_of_a_visit(parameters: Parameters) -> float:
    """CPU time of a visit: drawing where to and for how long, the rates there, recorders."""
    N, recorders = parameters["N"], parameters["recorders"]
    recording = 20.0 * len({*OF_TRAPS, "maximum_energy", "moves"} & set(recorders))
    if parameters["landscape"]["graph"] == "complete":
        return 55.0 + recording
    if parameters["landscape"]["energies"] == "pspin" and N > 64:
        return 50.0 + 2.7 * N + recording
    return 60.0 + 1.5 * N + recording


def _trap_visits(T: float, N: float, t: float) -> float:
    """Bouchaud's model with 2^N traps, T in units of T_c."""
    if T >= 1.0:
        return t * max(0.05, 1.0 - 1.0 / T)
    share = max(0.05, math.sin(math.pi * T) / (math.pi * T))
    in_equilibrium = t * 2.0 ** (N * (1.0 - 1.0 / T)) if math.isfinite(N) else 0.0
    return share * max(t**T, in_equilibrium)


def _step_visits(T: float, N: float, t: float) -> float:
    """Barrat's and Mezard's model with 2^N states, T in units of T_c."""
    if T >= 1.0:
        return t * max(0.1, 1.6 * (1.0 - 1.0 / T))
    visits = 1.0 + 2.5 * math.log(t)
    if T > 0.5:
        visits += 2.0 * t ** (2.0 - 1.0 / T)
    if T > 0.0 and math.isfinite(N):
        visits = max(visits, 2.0 * t * 2.0**-N, 2.0 * _trap_visits(T, N, t))
    return min(visits, t)


def _gaussian_steps(T: float, N: float, t: float) -> float:
    """The random energy model of Gaussian energies: slow aging, then equilibrium."""
    wandering = 2.0 * t ** (0.33 + 0.1 * min(T / GAUSSIAN_T_C, 1.0) ** 2)
    return min(t, wandering + t * math.exp(-(1.6 + 0.29 * N) / T))


def _times_of_inherent_structures(parameters: Parameters) -> float:
    """In a decade: waiting times, each of 13 windows later, and others."""
    return float(14 * parameters["waiting_times_per_decade"] + parameters["times_per_decade"])


def _needs_every_visit(parameters: Parameters) -> bool:
    registers, folder = discovery.registers, "dynamics/recorders"
    return any(registers(folder, name, "wants_every_visit") for name in parameters["recorders"])
