"""What Langevin dynamics costs: products of the couplings with all trajectories, a few a step."""

import math
from typing import Any

from glasscore.common.cost import EMPTY, NANOSECOND, START, Cost

# An operation of a product, a normal number, and what a step costs besides, of a spin and at all.
OPERATION, NORMAL, OF_A_SPIN, OF_A_STEP = 0.05 * NANOSECOND, 10.0 * NANOSECOND, 1.5e-8, 3e-5
# To read a coupling, of more than fit the cache.
READ, CACHED = 0.25 * NANOSECOND, 4 << 20
# Products, and normal numbers of a spin, in a step of spins in wells, and of others.
IN_WELLS, OTHERS = (1.0, 3.0), (2.0, 1.0)
# To put a coupling in its place, of pairs and of more spins.
OF_A_PAIR, OF_A_SET = 10.0 * NANOSECOND, 100.0 * NANOSECOND
# One sample in so many also runs with steps of twice the length, as in ``disorder_sample``.
SAMPLES_A_STEP_CHECK = 4
BYTES = 8.0


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of one size and temperature."""
    N, T, samples = parameters["N"], parameters["T"], parameters["samples"]
    powers = _powers(parameters["model"])
    couplings = sum(_couplings(N, power) for power in powers)
    drawing = sum(_couplings(N, p) * (OF_A_PAIR if p == 2 else OF_A_SET) for p in powers)
    if parameters["start"] == "equilibrium":
        drawing += 10.0 * OPERATION * N**3
    steps = parameters["t_max"] / parameters["time_step"]
    trajectories = parameters["trajectories"]
    copies = trajectories
    if parameters["response"]:
        left = [1.0 - begin / parameters["t_max"] for begin in parameters["waiting_times"]]
        copies *= 1.0 + sum(left)
    products, normals = IN_WELLS if parameters["model"]["name"] == "soft" else OTHERS
    read = READ * couplings if couplings > CACHED else 0.0
    step = OF_A_STEP + products * (read + copies * 2.0 * OPERATION * couplings)
    step += copies * OF_A_SPIN * N
    later = (ramp.get("T", 0.0) for ramp in parameters.get("ramps", ()))
    if max(T, *later, 0.0) > 0.0:
        step += normals * NORMAL * N * trajectories
    checks = math.ceil(samples / SAMPLES_A_STEP_CHECK)
    seconds = (samples + checks) * drawing + (samples + 0.5 * checks) * steps * step
    # While couplings are put in their places, and while states move.
    at_work = BYTES * (3.5 * couplings + 8.0 * N * copies)
    return Cost(START + seconds, EMPTY + at_work)


def _powers(model: dict[str, Any]) -> list[int]:
    """How many spins each kind of couplings joins."""
    if "covariance" in model:
        return [int(float(power)) for power in model["covariance"]]
    return [model.get("p", 2)]


def _couplings(N: int, power: int) -> float:
    """Numbers in the gradient of the energy."""
    return N**2 if power == 2 else N * math.comb(N + power - 2, power - 1)
