"""A block of disorder samples, run through one clock: the job of the dynamics stage."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import xarray as xr

from glasscore.common.progress import Progress
from glasscore.dynamics.interface import DEPARTURE, VISIT_SIZE, finished, joined
from glasscore.dynamics.restart import Chain, rows_of
from glasscore.dynamics.rules import rule_at
from glasscore.dynamics.threshold import threshold_of_job
from glasscore.files.restart_file import RestartFile
from glasscore.files.store import quantity
from glasscore.kernels import random_streams
from glasscore.kernels.compilation import borrowing_kernel, compiled_once, kernel, kernels_running
from glasscore.landscapes.interface import place, position
from glasscore.landscapes.sample import options, sample_of_job
from glasscore.models.schedule import next_stop, schedule

# Before the end of any run: nothing is recorded, and the first visit is not begun.
WARMING_UP = -1.0


@kernel
def start(landscape, position, rng):
    """Quench from infinite temperature."""
    place(landscape, position, rng)


@borrowing_kernel
def finish(landscape, recorder, sample, room):
    """Complete the record of a sample."""
    finished(recorder, sample, landscape, room)


def run(
    parameters: dict[str, Any], inputs: list[str], restart: RestartFile | None = None
) -> xr.Dataset:
    """Trajectories of the samples ``first_sample``, ..., ``first_sample + samples - 1``.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``landscape``, ``rule``, ``clock``, ``N``, ``T``, ``t_max``,
        ``first_sample``, ``samples``, ``extra_windows``, ``recorders``, ``times_per_decade`` and
        ``waiting_times_per_decade``; for recorders that need them ``threshold``, and
        ``trajectories``, how many of the study's first samples are written down one by one; and
        ``disorder``, if the samples are those of another study: see config/README.md.
    inputs
        None.
    restart
        Where a run that takes long leaves what the next job needs to go on with it.

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
    rule = rule_at(parameters["rule"], T)
    clock = import_module(f"glasscore.dynamics.clocks.{parameters['clock']}")
    modules = [
        import_module(f"glasscore.dynamics.recorders.{name}") for name in parameters["recorders"]
    ]
    one = sample_of_job(parameters, first)
    known: dict[str, Callable[[], Any]] = {
        "threshold": partial(threshold_of_job, parameters),
        "T": lambda: T,
        "trajectories": lambda: max(0, parameters["trajectories"] - first),
    }
    creators = [
        partial(module.create, **{name: known[name]() for name in getattr(module, "NEEDS", ())})
        for module in modules
    ]
    recorders = [create(one, plan, count) for create in creators]
    about_traps = any("threshold" in create.keywords for create in creators)
    recorder = joined(recorders)
    anything_to_finish = any(type(each) in finished.registry for each in recorders)
    visits = np.zeros(count)
    record = {"visits": visits}
    for name, create, empty in zip(parameters["recorders"], creators, recorders, strict=True):
        record |= rows_of(name, create, one, plan, empty)
    chain = Chain(restart, plan.end, position(one), np.zeros(VISIT_SIZE), record, first)
    progress = Progress()

    def one_sample(index: int, end: float, chain: Chain) -> None:
        sample = first + index
        rng = random_streams.generator(seed, study, N, sample, f"trajectory T={float(T)!r}")
        landscape = sample_of_job(parameters, sample)
        where, visit = position(landscape), np.zeros(VISIT_SIZE)
        with kernels_running():
            if not chain.resume(index, where, visit, rng):
                start(landscape, where, rng)
            room = clock.create(landscape, rule)
        while True:
            until = min(next_stop(float(visit[DEPARTURE]), float(visits[index])), end)
            # A visit that ends at the stop, to the last bit, is not the one that outlasts it.
            beyond = np.nextafter(until, np.inf)
            with kernels_running():
                visits[index] += clock.trajectory(
                    room, landscape, rule, recorder, index, where, visit, beyond, rng
                )
            over = visit[DEPARTURE] > end
            if over and anything_to_finish:
                with kernels_running():
                    finish(landscape, recorder, index, position(landscape))
            chain.arrived(index, until, where, visit, rng)
            if over:
                break
            progress.report(f"{index} of {count} samples, the next one has come to t = {until:.3g}")

    names = [model["graph"], model["energies"], type(rule).__name__, parameters["clock"]]
    # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
    with np.errstate(over="ignore"):
        with compiled_once("-".join(names)):
            nothing = Chain(None, WARMING_UP, position(one), np.zeros(VISIT_SIZE), record)
            one_sample(0, WARMING_UP, nothing)
        for index in np.flatnonzero(~chain.done):
            one_sample(int(index), plan.end, chain)
            progress.report(f"{index + 1} of {count} samples")
    chain.write()

    described = [
        module.variables(filled, one, plan)
        for module, filled in zip(modules, recorders, strict=True)
    ]
    found = {name: variable for variables in described for name, variable in variables.items()}
    if any("trajectory" in variable.dims for variable in found.values()):
        shown = np.arange(first, min(parameters["trajectories"], first + count))
        found["trajectory"] = quantity("trajectory", shown, "disorder sample", "k")
    return xr.Dataset(
        found
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
            **({"threshold_energy": known["threshold"]()} if about_traps else {}),
        },
    )
