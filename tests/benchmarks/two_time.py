"""CPU seconds and errors of two-time solutions, compared with the uniform grid.

Run ``python tests/benchmarks/two_time.py`` with OPENBLAS_NUM_THREADS=1, so that it uses one thread.
All kernels are compiled before the timing starts.
"""

import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from glasscore.dmft import quench, short_times
from glasscore.dmft.equations.spherical_spins import SphericalSpins
from glasscore.dmft.protocol import Protocol
from glasscore.dmft.two_time import uniform_grid
from glasscore.dmft.two_time.accuracy import ControlledMarch
from glasscore.models.covariance import covariance

THREE_SPIN, MIXED = covariance({3: 0.5}), covariance({3: 0.5, 4: 0.5})
INFINITE = float("inf")
# Each name has a model, T, T_initial, t_max and the tolerances.
CASES = {
    "p = 3, infinity to 0.5, t = 200": (THREE_SPIN, 0.5, INFINITE, 200.0, (1e-6, 1e-7, 1e-8)),
    "p = 3, infinity to 0, t = 200": (THREE_SPIN, 0.0, INFINITE, 200.0, (1e-6, 1e-7, 1e-8)),
    "3 + 4, 0.85 to 0, t = 1e6": (MIXED, 0.0, 0.85, 1e6, (1e-6,)),
    "p = 3, infinity to 0, t = 1e8": (THREE_SPIN, 0.0, INFINITE, 1e8, (1e-6,)),
    "p = 3, infinity to 0.5, t = 1e8": (THREE_SPIN, 0.5, INFINITE, 1e8, (1e-6,)),
}
GROWTH = 10.0 ** np.arange(4, 9)
# Steps of two solutions on the uniform grid, from which the energy is extrapolated, and their end.
STEPS, T_MAX = (1024, 2048), 20.0
# The tolerance of the reference solution, against which errors are measured.
REFERENCE = 1e-9


def timed(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """The return value of a call, and its CPU seconds."""
    start = time.process_time()
    result = function(*arguments)
    return result, time.process_time() - start


def true_error(found: Any, model: Any, T: float, T_initial: float, t_max: float) -> float:
    """The largest error of the energy up to t_max, against a much more accurate solution."""
    reference = quench.solve(model, T, T_initial, t_max, REFERENCE)
    times = np.geomspace(1e-2, t_max, 400)
    return float(np.max(np.abs(found.at("energy", times) - reference.at("energy", times))))


def main() -> None:
    """Print one line per case."""
    quench.solve(THREE_SPIN, 0.5, INFINITE, 1.0, 1e-2)
    uniform_grid.solve(THREE_SPIN, 0.5, INFINITE, 0.1, 4)
    for name, (model, T, T_initial, t_max, tolerances) in CASES.items():
        for tolerance in tolerances:
            found, seconds = timed(quench.solve, model, T, T_initial, t_max, tolerance)
            estimate = float(found.estimate("energy", t_max))
            line = f"{name}: tolerance {tolerance:g}, estimate {estimate:.1e}, {seconds:.2f} s"
            if t_max < 1e4:
                line += f", error {true_error(found, model, T, T_initial, t_max):.1e}"
            print(line, flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"largest memory: {memory:.2f} GiB")
    (coarse, _), (fine, seconds) = (
        timed(uniform_grid.solve, THREE_SPIN, 0.5, INFINITE, T_MAX, steps) for steps in STEPS
    )
    reference = quench.solve(THREE_SPIN, 0.5, INFINITE, T_MAX, REFERENCE)
    extrapolated = (4 * fine.energy[::2] - coarse.energy) / 3
    error = np.max(np.abs(extrapolated - reference.at("energy", coarse.time)))
    print(f"uniform grid, {STEPS[1]} steps to t = {T_MAX:g}: {seconds:.1f} s, error {error:.1e}")
    seconds_to = growth()
    for end, seconds in seconds_to.items():
        print(f"p = 3, infinity to 0, up to t = {end:g}: {seconds:.1f} s")
    ratio = seconds_to[1e8] / seconds_to[1e4]
    print(f"cost of 1e8 over that of 1e4: {ratio:.1f}; (ln 1e8 / ln 1e4)^2 = 4")


def growth() -> dict[float, float]:
    """CPU seconds up to each decade of one run to the longest time."""
    series = short_times.solve(THREE_SPIN, 0.0, 0.0)
    resolution = quench.first_resolution(THREE_SPIN, series.reach(), 1e8, 1e-6)
    start = time.process_time()
    equations = SphericalSpins(THREE_SPIN, Protocol(0.0))
    march = ControlledMarch(equations, series, resolution, 1e-6)
    found = {}
    for end in GROWTH:
        march.run(end)
        found[float(end)] = time.process_time() - start
    return found


if __name__ == "__main__":
    main()
