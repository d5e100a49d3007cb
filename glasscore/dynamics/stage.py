"""A block of disorder samples, run through one clock: the job of the dynamics stage."""

import sys
import time
from functools import reduce
from importlib import import_module
from typing import Any

import numpy as np
import xarray as xr

from glasscore import random
from glasscore.compilation import compiled_once, kernel, kernels_running
from glasscore.dynamics.interface import Both
from glasscore.landscapes.interface import place, position
from glasscore.landscapes.sample import disorder_sample, options
from glasscore.schedule import schedule
from glasscore.store import quantity

SECONDS_BETWEEN_REPORTS = 10.0


@kernel
def start(landscape, position, rng):
    """Quench from infinite temperature."""
    place(landscape, position, rng)


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Trajectories of the samples ``first_sample``, ..., ``first_sample + samples - 1``.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``landscape``, ``rule``, ``clock``, ``N``, ``T``, ``t_max``, ``first_sample``,
        ``samples``, ``extra_windows``, ``recorders``, ``times_per_decade`` and
        ``waiting_times_per_decade``: see config/README.md.
    inputs
        None.

    Returns
    -------
    xarray.Dataset
        What the recorders wrote, by ``sample``, and the number of ``visits``.
    """
    seed, study, model = (parameters[key] for key in ("seed", "study", "landscape"))
    N, T = parameters["N"], parameters["T"]
    first, count = parameters["first_sample"], parameters["samples"]
    plan = schedule(
        parameters["t_max"],
        parameters["times_per_decade"],
        parameters["waiting_times_per_decade"],
        parameters["extra_windows"],
    )
    graph = import_module(f"glasscore.landscapes.graphs.{model['graph']}")
    energies = import_module(f"glasscore.landscapes.energies.{model['energies']}")
    import_module(f"glasscore.dynamics.graphs.{model['graph']}")
    rule = import_module(f"glasscore.dynamics.rules.{parameters['rule']}").create(T)
    clock = import_module(f"glasscore.dynamics.clocks.{parameters['clock']}")
    modules = [
        import_module(f"glasscore.dynamics.recorders.{name}") for name in parameters["recorders"]
    ]
    one = disorder_sample(seed, study, N, first, model)
    recorders = [module.create(one, plan, count) for module in modules]
    recorder = reduce(Both, recorders)

    def one_sample(index: int, end: float) -> float:
        sample = first + index
        rng = random.generator(seed, study, N, sample, f"trajectory T={float(T)!r}")
        landscape = disorder_sample(seed, study, N, sample, model)
        # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
        with np.errstate(over="ignore"), kernels_running():
            where, visit = position(landscape), np.zeros(2)
            start(landscape, where, rng)
            room = clock.create(landscape, rule)
            return clock.trajectory(room, landscape, rule, recorder, index, where, visit, end, rng)

    names = [model["graph"], model["energies"], parameters["rule"], parameters["clock"]]
    with compiled_once("-".join(names)):
        one_sample(0, 0.0)
    visits = np.zeros(count)
    reported = time.monotonic()
    for index in range(count):
        visits[index] = one_sample(index, plan.end)
        if time.monotonic() - reported > SECONDS_BETWEEN_REPORTS:
            reported = time.monotonic()
            print(f"{index + 1} of {count} samples", file=sys.stderr, flush=True)

    described = [
        module.variables(filled, one, plan)
        for module, filled in zip(modules, recorders, strict=True)
    ]
    return xr.Dataset(
        {name: variable for variables in described for name, variable in variables.items()}
        | {
            "sample": quantity("sample", np.arange(first, first + count), "disorder sample", "k"),
            "visits": quantity("sample", visits, "visits to configurations until the end", "n"),
        },
        attrs={
            "time_unit": "1 attempted move (divide by N for sweeps)",
            "energy_unit": "J, as normalised in config/README.md",
            "critical_temperature": energies.critical_temperature(options(model)),
            "states_are_spins": int(graph.STATES_ARE_SPINS),
            "every_jump_forgets": int(graph.EVERY_JUMP_FORGETS),
        },
    )
