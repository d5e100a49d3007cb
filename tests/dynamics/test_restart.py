"""Test that chains of jobs give the same bits as one long run, wherever jobs are cut off."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from glasscore.campaign.listing import modules
from glasscore.common import discovery
from glasscore.dynamics import restart
from glasscore.dynamics.restart import restart_file
from glasscore.dynamics.rules import metropolis
from glasscore.dynamics.stage import run
from glasscore.files.provenance import source_hash, versions
from glasscore.files.store import read
from glasscore.landscapes.interface import position
from glasscore.landscapes.sample import disorder_sample
from glasscore.models import schedule
from tests.campaigns import bits, dynamics_parameters
from tests.dynamics.models import landscape_with_defaults

SAMPLES = 5
TRAPS = dynamics_parameters("complete", "exponential", "arrhenius", np.inf, 0.5, SAMPLES, 1e4)
REM = dynamics_parameters("hypercube", "exponential", "metropolis", 8, 0.4, SAMPLES, 1e4)
RECORDERS = discovery.names("dynamics/recorders")
# With a recorder that needs every visit, a clock could not leap.
OF_EVERY_VISIT = ["maximum_energy", "basins"]
TRAPS["recorders"] = ["energy", "configurations", "trapping_times", *OF_EVERY_VISIT]
REM["recorders"] = [name for name in RECORDERS if name not in (*OF_EVERY_VISIT, "responses")]
TRAPS["threshold"] = REM["threshold"] = -1.0
REM["lags"] = [1.0, 10.0, 100.0]
P_SPIN = {**REM, "landscape": landscape_with_defaults("hypercube", "pspin"), "clock": "rejection"}
# It is cold and makes few visits, since each takes long without compilation.
SK = {**REM, "landscape": landscape_with_defaults("hypercube", "sk"), "clock": "superbasin"}
SK["T"] = 0.2
# Responses need the clock that computes all rates.
RESPONSES = ["configurations", "responses"]
# A change at a stop, one on the way, and one that takes longer than the shorter runs.
CHANGING = {
    **SK,
    "recorders": ["energy", "configurations", "magnetisation"],
    "field": 0.3,
    "ramps": [
        {"begin": 100.0, "T": 0.25},
        {"begin": 130.0, "field": 0.0},
        {"begin": 300.0, "end": 9000.0, "T": 0.15, "steps": 2},
    ],
}
MODELS = [
    TRAPS,
    {**TRAPS, "recorders": RESPONSES},
    {**TRAPS, "recorders": RESPONSES, "N": 6, "T": 0.9},
    {**TRAPS, "recorders": RESPONSES, "rule": "metropolis"},
    {**SK, "recorders": RESPONSES, "clock": "rejection_free", "T": 0.7},
    *({**REM, "clock": clock} for clock in discovery.names("dynamics/clocks")),
    {**P_SPIN, "rule": "heat_bath"},
    {**SK, "rule": "heat_bath", "start": {"name": "planted", "T": 1.5}},
    CHANGING,
]


def name_of(model):
    return f"{model['landscape']['graph']}-{model['landscape']['energies']}-{model['clock']}"


@pytest.fixture(autouse=True)
def _early_stops(monkeypatch):
    """Stop from 100 on, soon after every 30 visits, and write a restart file at each stop."""
    stops = schedule.logarithmic_times(1e15, schedule.STOPS_PER_DECADE)
    monkeypatch.setattr(schedule, "_STOPS", stops[stops >= 100.0].tolist())
    monkeypatch.setattr(schedule, "MANY_VISITS", 30)
    monkeypatch.setattr(restart, "SECONDS_BETWEEN_WRITES", 0.0)
    monkeypatch.setattr(restart, "LARGEST_SHARE_OF_WRITING", np.inf)


@pytest.fixture
def output(tmp_path):
    return tmp_path / "block.nc"


def job(model, output, fingerprint="0" * 12, **changed):
    """Run a job with its restart file."""
    parameters = {**model, **changed}
    return run(parameters, [], restart_file(output, parameters, fingerprint))


def alone(model, **changed):
    """Run the same job at once, without a restart file."""
    return _alone(json.dumps({**model, **changed}))


@cache
def _alone(parameters):
    return run(json.loads(parameters), [])


class Spy:
    """A clock that notes when its calls begin, and may be cut off after some calls."""

    def __init__(self, monkeypatch, name, calls=10**9):
        self.clock = import_module(f"glasscore.dynamics.clocks.{name}")
        self.trajectory = self.clock.trajectory
        self.begun: list[tuple[int, float]] = []
        self.calls = calls
        monkeypatch.setattr(self.clock, "trajectory", self)

    def __call__(self, *arguments):
        *_, sample, _, visit, until, _ = arguments
        if until > 0.0:  # else only compiled
            self.begun.append((sample, float(visit[0])))
            if len(self.begun) > self.calls:
                raise KeyboardInterrupt
        return self.trajectory(*arguments)


@pytest.mark.uncompiled
@pytest.mark.parametrize("model", MODELS, ids=name_of)
@pytest.mark.parametrize(
    "ends",
    [
        (1e3, 1e4),
        (1e3, 2.5e3),
        (3.3e3, 1e4),
        (3.3e3, 7e3),
        (3.98107170553e3, 1e4),  # This is a stop of some samples and not of others.
        (110.0, 123.456, 1e3, 9.9e3, 1e4),
    ],
    ids=str,
)
def test_a_longer_run_goes_on(model, ends, output, monkeypatch, capsys):
    job(model, output, t_max=ends[0])
    for end in ends[1:]:
        spy = Spy(monkeypatch, model["clock"])
        capsys.readouterr()
        longer = job(model, output, t_max=end)
        assert f"goes on with {SAMPLES} of {SAMPLES} samples" in capsys.readouterr().err
        assert {sample for sample, _ in spy.begun} == set(range(SAMPLES))
        # Times of a piece count from its beginning, so that they tell nothing there.
        assert "ramps" in model or all(departure >= 100.0 for _, departure in spy.begun)
        monkeypatch.setattr(spy.clock, "trajectory", spy.trajectory)
        assert bits(longer) == bits(alone(model, t_max=end))


@pytest.mark.uncompiled
@pytest.mark.parametrize("model", [TRAPS, REM], ids=name_of)
@pytest.mark.parametrize("end", [1e4, 7e3])
@pytest.mark.parametrize("blocks", [(2, 2, 1), (1, 4)], ids=str)
def test_a_longer_run_goes_on_in_other_blocks(model, end, blocks, tmp_path, monkeypatch, capsys):
    """Test blocks of three and two samples, continued in other blocks in reverse order."""
    folder = tmp_path / "campaign" / "dynamics" / "test" / "point"

    def jobs(sizes, t_max):
        firsts = np.cumsum([0, *sizes[:-1]])
        for number, first, size in reversed(list(zip(count(), firsts, sizes, strict=False))):
            changed = {"first_sample": int(first), "samples": size, "t_max": t_max}
            yield size, job(model, folder / f"block{number}.nc", **changed), alone(model, **changed)

    for _ in jobs((3, 2), 1e3):
        pass
    capsys.readouterr()
    for size, longer, expected in jobs(blocks, end):
        assert f"goes on with {size} of {size} samples" in capsys.readouterr().err
        assert bits(longer) == bits(expected)


@pytest.mark.uncompiled
def test_the_furthest_of_several_files_counts(tmp_path, capsys):
    """Test two files in which the same samples have reached different times; some are done."""
    folder = tmp_path / "campaign" / "dynamics" / "test" / "point"
    for number, (first, size, t_max) in enumerate([(0, 5, 1e3), (1, 2, 1e4), (2, 3, 3.3e3)]):
        job(REM, folder / f"block{number}.nc", first_sample=first, samples=size, t_max=t_max)
    capsys.readouterr()
    assert bits(job(REM, folder / "block0.nc", t_max=1e4)) == bits(alone(REM, t_max=1e4))
    assert "goes on with 5 of 5 samples, 2 of them done" in capsys.readouterr().err


@pytest.mark.uncompiled
@pytest.mark.parametrize("model", MODELS, ids=name_of)
@pytest.mark.parametrize("t_max", [1e4, 7e3])
def test_jobs_cut_off_again_and_again(model, t_max, output, monkeypatch):
    """Test a chain of jobs, each of which is cut off after two calls of the clock."""
    with monkeypatch.context() as patched:
        whole = Spy(patched, model["clock"])
        expected = run({**model, "t_max": t_max}, [])
    begun: list[tuple[int, float]] = []
    result, jobs = None, 0
    while result is None:
        jobs += 1
        assert jobs <= len(whole.begun), "the chain does not get on"
        with monkeypatch.context() as patched:
            spy = Spy(patched, model["clock"], calls=2)
            with suppress(KeyboardInterrupt):
                result = job(model, output, t_max=t_max)
            begun += spy.begun[: spy.calls]
    assert bits(result) == bits(expected)
    assert begun == whole.begun
    assert jobs > SAMPLES


@pytest.mark.uncompiled
@pytest.mark.parametrize("t_max", [1e3, 3.3e3])
def test_a_block_that_is_done_is_not_run_again(t_max, output, monkeypatch):
    first = job(REM, output, t_max=t_max)
    spy = Spy(monkeypatch, "rejection_free")
    assert bits(job(REM, output, t_max=t_max)) == bits(first)
    assert spy.begun == []


@pytest.mark.uncompiled
@pytest.mark.parametrize("t_max", [1e3, 3.3e3])
@pytest.mark.parametrize("samples", [3, 8])
def test_other_numbers_of_samples(t_max, samples, output, monkeypatch):
    job(REM, output, t_max=t_max)
    spy = Spy(monkeypatch, "rejection_free")
    changed = {"t_max": t_max, "samples": samples}
    assert bits(job(REM, output, **changed)) == bits(alone(REM, **changed))
    assert {sample for sample, _ in spy.begun} >= set(range(SAMPLES, samples))


@pytest.mark.uncompiled
@pytest.mark.parametrize("t_max", [1e3, 3.3e3])
def test_states_are_kept_only_once_a_job_is_long(t_max, output, monkeypatch):
    """Test that finished samples are not run again, but that a longer run starts them anew."""
    seconds = count()
    monkeypatch.setattr(restart.time, "monotonic", lambda: float(next(seconds)))
    monkeypatch.setattr(restart, "SECONDS_BETWEEN_WRITES", 10.0)
    short = job(REM, output, t_max=t_max)
    spy = Spy(monkeypatch, "rejection_free")
    assert bits(job(REM, output, t_max=t_max)) == bits(short)
    assert spy.begun == []
    longer = job(REM, output, t_max=1e4)
    anew = [sample for sample, departure in spy.begun if departure == 0.0]
    assert 0 < len(anew) < SAMPLES
    assert anew == list(range(len(anew)))
    monkeypatch.setattr(spy.clock, "trajectory", spy.trajectory)
    assert bits(longer) == bits(alone(REM))


@pytest.mark.uncompiled
def test_a_short_job_leaves_nothing(output, monkeypatch):
    monkeypatch.setattr(restart, "SECONDS_BETWEEN_WRITES", 60.0)
    job(REM, output)
    assert list(output.parent.iterdir()) == []


class TestRefusals:
    """An unusable file gives a line in the log, and the run starts without it."""

    @pytest.fixture(autouse=True)
    def _shorter(self, output, capsys):
        job(REM, output, t_max=1e3)
        self.path = restart_file(output, REM, "").path
        assert self.path.exists()
        capsys.readouterr()

    def starts_from_the_beginning(
        self, capsys, monkeypatch, output, fingerprint="0" * 12, **changed
    ):
        spy = Spy(monkeypatch, "rejection_free")
        result = job(REM, output, fingerprint, **changed)
        error = capsys.readouterr().err
        assert error.startswith(f"{self.path} is not used: it ")
        assert error.count("\n") == 1
        assert [departure for _, departure in spy.begun].count(0.0) == SAMPLES
        assert bits(result) == bits(alone(REM, **changed))
        return error

    @pytest.mark.uncompiled
    @pytest.mark.parametrize(
        "changed",
        [
            {"seed": 2},
            {"study": "other"},
            {"T": 0.5},
            {"times_per_decade": 4},
            {"extra_windows": [0.3]},
            {"recorders": ["energy"]},
        ],
        ids=str,
    )
    def test_other_parameters(self, changed, capsys, monkeypatch, output):
        assert "is of other parameters" in self.starts_from_the_beginning(
            capsys, monkeypatch, output, **changed
        )

    @pytest.mark.uncompiled
    def test_other_code(self, capsys, monkeypatch, output):
        self.starts_from_the_beginning(capsys, monkeypatch, output, "1" * 12)

    @pytest.mark.uncompiled
    @pytest.mark.parametrize("library", ["numba", "numpy"])
    def test_other_versions(self, library, capsys, monkeypatch, output):
        monkeypatch.setattr(restart, "versions", lambda: {**versions(), library: "0"})
        self.starts_from_the_beginning(capsys, monkeypatch, output)

    @pytest.mark.uncompiled
    def test_a_longer_run(self, capsys, monkeypatch, output):
        assert "is of a longer run" in self.starts_from_the_beginning(
            capsys, monkeypatch, output, t_max=500.0
        )

    @pytest.mark.uncompiled
    @pytest.mark.parametrize("damage", ["empty", "half", "text", "one bit", "lacking"])
    def test_a_damaged_file(self, damage, capsys, monkeypatch, output):
        content = self.path.read_bytes()
        flipped = bytearray(content)
        flipped[len(content) // 2] ^= 1
        if damage == "lacking":
            np.savez(self.path, something=np.zeros(1))
        else:
            self.path.write_bytes(
                {
                    "empty": b"",
                    "half": content[: len(content) // 2],
                    "text": b"no numbers",
                    "one bit": bytes(flipped),
                }[damage]
            )
        assert "cannot be read" in self.starts_from_the_beginning(capsys, monkeypatch, output)
        # The new file can be used again.
        job(REM, output)
        assert "goes on with 5 of 5 samples, 5 of them done" in capsys.readouterr().err


@pytest.mark.uncompiled
def test_a_file_that_cannot_be_written_stops_no_run(tmp_path, capsys):
    (tmp_path / "restart").write_text("not a folder")
    result = job(REM, tmp_path / "dynamics" / "study" / "point" / "block0.nc")
    assert "no restart file was written: " in capsys.readouterr().err
    assert bits(result) == bits(alone(REM))


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            "results/a/dynamics/s/N8_T0.5/block0.nc",
            "results/a/restart/s/N8_T0.5/samples0-4.restart.npz",
        ),
        ("dynamics/s/N8_T0.5/block7.nc", "restart/s/N8_T0.5/samples0-4.restart.npz"),
        ("dynamics/block.nc", "dynamics/block.restart.npz"),
        ("block.nc", "block.restart.npz"),
    ],
)
def test_the_file_lies_beside_the_results(output, expected):
    assert restart_file(output, REM, "").path == Path(expected)


def lengths_of(name, recorder):
    for field, part in recorder._asdict().items():
        if isinstance(part, tuple):
            yield from lengths_of(f"{name}.{field}", part)
        elif isinstance(part, np.ndarray):
            yield f"{name}.{field}", len(part)


@pytest.mark.uncompiled
@pytest.mark.parametrize("name", RECORDERS)
def test_rows_of_samples_are_told_from_other_arrays(name):
    """Test rows of samples, also with as many samples as times or bins."""
    plan = schedule.schedule(1e4, 8, 4, [])
    landscape = disorder_sample(1, "test", 8, 0, REM["landscape"])
    module = import_module(f"glasscore.dynamics.recorders.{name}")

    known = {"threshold": -1.0, "lags": [1.0, 10.0], "rule": metropolis.create(REM["T"])}
    needed = set(known) & set(getattr(module, "NEEDS", ()))
    create = partial(module.create, **{key: known[key] for key in needed})

    def created(samples):
        recorder = create(landscape, plan, samples)
        rows = restart.rows_of(name, create, landscape, plan, recorder)
        assert all(len(array) == samples for array in rows.values())
        return dict(lengths_of(name, recorder)), set(rows)

    unlikely = 1009
    lengths, rows = created(unlikely)
    assert rows == {field for field in lengths if lengths[field] == unlikely}
    for length in set(lengths.values()):
        assert created(length)[1] == rows


@pytest.mark.uncompiled
@pytest.mark.parametrize("end", [1e4, 2.5e3])
def test_what_a_longer_run_has_yet_to_record_is_blank(end, output):
    landscape = disorder_sample(1, "test", 8, 0, REM["landscape"])
    where, visit, rng = position(landscape), np.array([1100.0, 0.0, 0.0]), np.random.default_rng(1)

    def chain(end, columns):
        record = {"highest": np.full((1, columns), -np.inf)}
        file = restart_file(output, REM, "")
        return restart.Checkpoints(file, end, where, visit, record)

    shorter = chain(1e3, 2)
    shorter.record["highest"][:] = [[1.0, 2.0]]
    shorter.keep(0, 1e3, where, visit, rng, done=True)
    longer = chain(end, 3)
    assert longer.resume(0, where, np.zeros(3), rng)
    assert np.array_equal(longer.record["highest"], [[1.0, 2.0, -np.inf]])


@pytest.mark.uncompiled
def test_a_random_stream_goes_on():
    first, second = (np.random.Generator(np.random.PCG64(seed)) for seed in (1, 2))
    first.random(7)
    first.integers(10, dtype=np.uint32)  # half a word is left over
    restart._set_words(second, restart._words(first))
    assert second.bit_generator.state == first.bit_generator.state


KILLED = """
import sys
from glasscore import __main__
from glasscore.dynamics import restart
restart.SECONDS_BETWEEN_WRITES = 0.0
__main__.main(sys.argv[1:])
"""


def test_a_killed_job_goes_on(tmp_path, capsys, monkeypatch, pytestconfig):
    """Test a killed job with the real stops; a partial file that it left is deleted."""
    monkeypatch.undo()
    monkeypatch.setattr(restart, "SECONDS_BETWEEN_WRITES", 0.0)
    parameters = dynamics_parameters("hypercube", "exponential", "metropolis", 10, 1.0, 2, 2.2e7)
    output = tmp_path / "results" / "dynamics" / "test" / "N10_T1" / "block0.nc"
    fingerprint = source_hash(modules("dynamics", parameters))
    file = restart_file(output, parameters, fingerprint)
    arguments = ["dynamics", "--parameters", json.dumps(parameters), "--output", str(output)]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, *arguments],
        env={**os.environ, "PYTHONPATH": str(pytestconfig.rootpath)},
        cwd=pytestconfig.rootpath,
    )
    deadline = time.monotonic() + 300
    while not file.path.exists():
        assert process.poll() is None, "the job ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not output.exists()
    stray = file.path.with_name(f".{file.path.name}.1.partial")
    stray.write_bytes(b"half of it")
    subprocess.run(
        [sys.executable, "-m", "glasscore", *arguments],
        env={**os.environ, "PYTHONPATH": str(pytestconfig.rootpath)},
        cwd=pytestconfig.rootpath,
        check=True,
    )
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]
    assert bits(read(output).drop_vars(["N", "T"])) == bits(run(parameters, []))
