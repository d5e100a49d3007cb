"""The job of the dynamics stage: trajectories in a block of disorder samples."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.common.progress import Progress
from glasscore.dynamics.interface import DEPARTURE, VISIT_SIZE, join_recorders
from glasscore.dynamics.piecewise import OfPiece
from glasscore.dynamics.protocol import course_in_file
from glasscore.dynamics.recorders import Recorder
from glasscore.dynamics.restart import Checkpoints, rows_of
from glasscore.dynamics.rules import rule_at
from glasscore.dynamics.starts import module_of
from glasscore.dynamics.threshold import threshold_of_job
from glasscore.files.restart_file import Arrays, RestartFile
from glasscore.files.store import quantity
from glasscore.kernels import random_streams
from glasscore.kernels.compilation import compiled_once, kernel, kernels_running
from glasscore.landscapes.in_field import in_field
from glasscore.landscapes.interface import copy_words, place_randomly, position, update_energy
from glasscore.landscapes.sample import options, sample_of_job
from glasscore.models.pieces import Piece, pieces_of, times_of_changes
from glasscore.models.schedule import Schedule, next_stop, schedule

# A run that ends at this time records nothing and does not even begin its first visit; it only has
# the kernels compiled.
WARMING_UP = -1.0


@kernel
def start_randomly(landscape, position, rng):
    """Place the trajectory at a random state: a quench from infinite temperature."""
    place_randomly(landscape, position, rng)


@kernel
def enter_field(landscape, position):
    """Compute the energy and the local fields of a position in a landscape with another field."""
    update_energy(landscape, position)


@kernel
def start_at(landscape, position, words):
    """Place the trajectory at the state of these words."""
    copy_words(words, position.words)
    update_energy(landscape, position)


class Recording(NamedTuple):
    """One recorder of a job.

    Attributes
    ----------
    name
        The recorder's name in the config.
    module
        A module of ``glasscore.dynamics.recorders``.
    create
        A function that creates an empty record from a landscape, a schedule and a number of
        samples.
    recorder
        The record of the samples of the job.
    """

    name: str
    module: ModuleType
    create: Callable[..., Any]
    recorder: Any

    def property(self, constant: str) -> Any:
        """A constant of the contract of recorders."""
        return getattr(self.module, constant, getattr(Recorder, constant))


class Job(NamedTuple):
    """The data that all samples of a job share.

    Attributes
    ----------
    parameters
        The parameters of ``run``.
    plan
        The observation times.
    pieces
        The parts of a run, each with a constant temperature and field.
    clock
        The module of the clock.
    recordings
        The recorders, in the order of the config.
    recorder
        Their records joined to one, for kernels.
    may_leap
        Whether clocks may leap over visits; true if no recorder must see every visit.
    visits
        The number of visits to configurations so far, for each sample.
    """

    parameters: dict[str, Any]
    plan: Schedule
    pieces: list[Piece]
    clock: ModuleType
    recordings: list[Recording]
    recorder: Any
    may_leap: bool
    visits: np.ndarray


def run(
    parameters: dict[str, Any], inputs: list[str], restart: RestartFile | None = None
) -> xr.Dataset:
    """Trajectories of the samples ``first_sample``, ..., ``first_sample + samples - 1``.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``landscape``, ``rule``, ``clock``, ``N``, ``T``, ``t_max``,
        ``first_sample``, ``samples``, ``extra_windows``, ``recorders``, ``times_per_decade`` and
        ``waiting_times_per_decade``; for recorders that need them, ``threshold``, ``lags`` and
        ``trajectories``, the number of the study's first samples whose single trajectories are
        recorded; ``disorder``, if the samples are those of another study; ``start``, if
        trajectories do not begin at random states; ``field`` and ``ramps``, if the temperature or
        the field changes or there is a field; and ``replica``, the number of the trajectory in
        its landscape, if it is not the first: see config/README.md.
    inputs
        Empty, since the stage needs no input files.
    restart
        The file in which a long run keeps its state, so that the next job can go on with it.

    Returns
    -------
    xarray.Dataset
        The variables of all recorders, by ``sample``, and the number of ``visits``.
    """
    first, count = parameters["first_sample"], parameters["samples"]
    graph = parameters["landscape"]["graph"]
    import_module(f"glasscore.landscapes.graphs.{graph}")
    import_module(f"glasscore.dynamics.graphs.{graph}")
    landscape = sample_of_job(parameters, first)
    plan = schedule(
        parameters["t_max"],
        parameters["times_per_decade"],
        parameters["waiting_times_per_decade"],
        parameters["extra_windows"],
        times_of_changes(parameters),
    )
    recordings = _recordings(parameters, landscape, plan)
    job = Job(
        parameters,
        plan,
        pieces_of(parameters),
        import_module(f"glasscore.dynamics.clocks.{parameters['clock']}"),
        recordings,
        join_recorders([each.recorder for each in recordings]),
        not any(each.property("NEEDS_EVERY_VISIT") for each in recordings),
        np.zeros(count),
    )
    record: Arrays = {"visits": job.visits}
    for name, _, create, recorder in job.recordings:
        record |= rows_of(name, create, landscape, plan, recorder)
    empty_visit = np.zeros(VISIT_SIZE)
    checkpoints = Checkpoints(restart, plan.end, position(landscape), empty_visit, record, first)
    nothing = Checkpoints(None, WARMING_UP, position(landscape), empty_visit, record)
    _run_samples(job, checkpoints, nothing)
    return _result(job, landscape)


def _recordings(parameters: dict[str, Any], landscape: Any, plan: Schedule) -> list[Recording]:
    """The recorders of a job, each with an empty record."""
    first, count = parameters["first_sample"], parameters["samples"]
    known: dict[str, Callable[[], Any]] = {
        "threshold": partial(threshold_of_job, parameters),
        "T": lambda: parameters["T"],
        "lags": lambda: parameters["lags"],
        "rule": lambda: rule_at(parameters["rule"], parameters["T"]),
        "trajectories": lambda: max(0, parameters["trajectories"] - first),
    }
    found = []
    for name in parameters["recorders"]:
        module = import_module(f"glasscore.dynamics.recorders.{name}")
        needed = getattr(module, "NEEDS", Recorder.NEEDS)
        create = partial(module.create, **{key: known[key]() for key in needed})
        found.append(Recording(name, module, create, create(landscape, plan, count)))
    return found


def _run_samples(job: Job, checkpoints: Checkpoints, nothing: Checkpoints) -> None:
    """Have the kernels compiled, then run all samples of a job that are not done."""
    model, progress = job.parameters["landscape"], Progress()
    rule = rule_at(job.parameters["rule"], job.parameters["T"])
    names = [model["graph"], model["energies"], type(rule).__name__, job.parameters["clock"]]
    # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
    with np.errstate(over="ignore"):
        missing = np.flatnonzero(~checkpoints.done)
        with compiled_once("-".join(names)):
            for index in missing[:1]:
                _run_sample(job, int(index), nothing, progress)
        for index in missing:
            _run_sample(job, int(index), checkpoints, progress)
            progress.report(f"{index + 1} of {job.visits.size} samples")
    checkpoints.write()


def _run_sample(job: Job, index: int, checkpoints: Checkpoints, progress: Progress) -> None:
    """Run one sample, from its last checkpoint to ``checkpoints.end``.

    Parameters
    ----------
    job
        The job, whose ``visits`` and records this function changes.
    index
        The number of the sample within the job.
    checkpoints
        The states kept at the stops of the run.
    progress
        The object that reports to the job's log.
    """
    given = job.parameters
    sample = given["first_sample"] + index
    role = f"trajectory T={float(given['T'])!r}"
    if "replica" in given:
        role += f" replica {given['replica']}"
    rng = random_streams.generator(given["seed"], given["study"], given["N"], sample, role)
    landscape, words = module_of(given).begin(given, sample)
    where, visit, stopped = position(landscape), np.zeros(VISIT_SIZE), 0.0
    with kernels_running():
        if checkpoints.resume(index, where, visit, rng):
            stopped = float(checkpoints.stop[index])
        elif words is None:
            start_randomly(landscape, where, rng)
        else:
            start_at(landscape, where, words)
    run = _Run(index, landscape, where, visit, rng)
    field = 0.0
    for piece in job.pieces:
        # Without a run, kernels are compiled for all pieces.
        begins = piece.begin <= checkpoints.end or checkpoints.end == WARMING_UP
        if begins and piece.end > stopped:
            if len(job.pieces) > 1 and piece.begin >= stopped:
                visit[:] = 0.0
            changes_field = piece.field != field and piece.begin >= stopped
            _run_piece(job, piece, run, checkpoints, progress, changes_field)
        field = piece.field
    _complete_records(job, index, landscape)
    checkpoints.keep(index, checkpoints.end, where, visit, rng, done=True)


class _Run(NamedTuple):
    """A sample that runs: its number within the job, its landscape, its state, and its stream."""

    row: int
    landscape: Any
    where: Any
    visit: np.ndarray
    rng: np.random.Generator


def _run_piece(
    job: Job,
    piece: Piece,
    run: _Run,
    checkpoints: Checkpoints,
    progress: Progress,
    changes_field: bool,
) -> None:
    """Run one piece of a sample, to its end or to that of the run.

    Parameters
    ----------
    job, checkpoints, progress
        As in :func:`_run_sample`.
    piece
        The piece.
    run
        The sample, whose state this function changes.
    changes_field
        Whether the field is another one from the beginning of the piece on.
    """
    index, landscape, where, visit, rng = run
    clock, visits, recorder = job.clock, job.visits, job.recorder
    if len(job.pieces) > 1:
        recorder = OfPiece(recorder, piece.begin, piece.end)
    landscape = in_field(landscape, piece.field) if piece.field else landscape
    rule = rule_at(job.parameters["rule"], piece.T)
    with kernels_running():
        room = clock.create(landscape, rule, job.may_leap)
        if changes_field:
            enter_field(landscape, where)
    end, over = min(piece.end, checkpoints.end), False
    while not over:
        reached = piece.begin + float(visit[DEPARTURE])
        until = min(next_stop(reached, float(visits[index])), end)
        # The run must go on if a visit ends exactly at the stop, since it does not outlast the
        # stop.
        beyond = np.nextafter(until - piece.begin, np.inf)
        with kernels_running():
            visits[index] += clock.trajectory(
                room, landscape, rule, recorder, index, where, visit, beyond, rng
            )
        over = visit[DEPARTURE] > end - piece.begin
        # A visit may outlast both a stop and the piece.
        for stop in dict.fromkeys((until, end) if over else (until,)):
            if stop < checkpoints.end:
                checkpoints.keep(index, stop, where, visit, rng)
        if not over:
            progress.report(
                f"{index} of {visits.size} samples, the next one has come to t = {until:.3g}"
            )


def _complete_records(job: Job, index: int, landscape: Any) -> None:
    """Complete the records of a sample whose run is over, for recorders with ``complete``."""
    for each in job.recordings:
        complete = getattr(each.module, "complete", None)
        if complete:
            with kernels_running():
                complete(each.recorder, index, landscape, position(landscape))


def _result(job: Job, landscape: Any) -> xr.Dataset:
    """The dataset for the result file of a job; ``landscape`` is that of its first sample."""
    parameters, model = job.parameters, job.parameters["landscape"]
    first, count = parameters["first_sample"], parameters["samples"]
    graph = import_module(f"glasscore.landscapes.graphs.{model['graph']}")
    energies = import_module(f"glasscore.landscapes.energies.{model['energies']}")
    found: dict[str, xr.Variable] = {}
    for each in job.recordings:
        found |= each.module.variables(each.recorder, landscape, job.plan)
    if "time" in found:
        found |= course_in_file(parameters, job.plan.times)
    if any("trajectory" in variable.dims for variable in found.values()):
        shown = np.arange(first, min(parameters["trajectories"], first + count))
        found["trajectory"] = quantity("trajectory", shown, "disorder sample", "k")
    samples = np.arange(first, first + count)
    found["sample"] = quantity("sample", samples, "disorder sample", "k")
    found["visits"] = quantity("sample", job.visits, "visits to configurations until the end", "n")
    attributes = {
        "time_unit": "1 attempted move (divide by N for sweeps)",
        "energy_unit": "J, as normalised in config/README.md",
        "critical_temperature": energies.critical_temperature(options(model)),
        "start": parameters.get("start", {"name": "random"})["name"],
        "states_are_spins": int(graph.STATES_ARE_SPINS),
        "every_jump_forgets": int(graph.EVERY_JUMP_FORGETS),
    }
    if any("threshold" in each.property("NEEDS") for each in job.recordings):
        attributes["threshold_energy"] = threshold_of_job(parameters)
    return xr.Dataset(found, attrs=attributes)
