"""The command line of single jobs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import glasscore.__main__
from glasscore.__main__ import THREADS, main
from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.campaign.job_list import job_list
from glasscore.files import provenance, seal, sources
from glasscore.files.provenance import source_hash
from glasscore.files.store import parameters_of, read
from tests.files.test_store import write
from tests.workflow.campaign_copy import CONFIG

ROOT = Path(__file__).resolve().parents[1]
JOBS = listing.jobs(validated(CONFIG))
BLOCK = "dynamics/traps/Ninf_T0.5/block0.nc"


def command(job, output, inputs=()):
    parameters = json.dumps(job.parameters)
    return [job.stage, "--parameters", parameters, "--inputs", *inputs, "--output", str(output)]


def test_a_job_writes_its_file_with_what_it_depends_on(tmp_path, capsys):
    assert main(command(JOBS[BLOCK], tmp_path / "block.nc")) == 0
    result = read(tmp_path / "block.nc")
    assert parameters_of(result) == JOBS[BLOCK].parameters
    assert result.attrs["source_hash"] == source_hash(
        listing.modules("dynamics", JOBS[BLOCK].parameters)
    )
    assert result.attrs["seed"] == "1"
    assert result.attrs.get("commit") == provenance.commit()
    assert "CPU seconds" in capsys.readouterr().err


def test_a_file_s_own_parameters_make_it_again(tmp_path):
    main(command(JOBS[BLOCK], tmp_path / "first.nc"))
    parameters = read(tmp_path / "first.nc").attrs["parameters"]
    main(["dynamics", "--parameters", parameters, "--output", str(tmp_path / "second.nc")])
    assert (tmp_path / "first.nc").read_bytes() == (tmp_path / "second.nc").read_bytes()


def test_simulations_are_the_same_with_another_processor_s_routines(tmp_path):
    """NumPy and SciPy choose other routines for matrices on another kind of processor."""
    paths = [
        "landscapes/rem/N4.nc",
        "barriers/rem/N4.nc",
        "dynamics/rem/N4_T0.5/block0.nc",
        "dynamics/rem/N4_T0.5/block1.nc",
        "traps/rem/N4_T0.5.nc",
    ]

    def commands(folder):
        folder.mkdir()
        for path in paths:
            inputs = [str(folder / each.replace("/", " ")) for each in JOBS[path].inputs]
            yield command(JOBS[path], folder / path.replace("/", " "), inputs)

    for each in commands(tmp_path / "here"):
        assert main(each) == 0
    script = (
        "import json, sys; from glasscore.__main__ import main; "
        "sys.exit(any([main(each) for each in json.load(sys.stdin)]))"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(list(commands(tmp_path / "there"))),
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_CORETYPE": "Prescott"},
        text=True,
        check=True,
    )
    for path in (tmp_path / "here").glob("*.nc"):
        assert path.read_bytes() == (tmp_path / "there" / path.name).read_bytes()


def test_validate(tmp_path, capsys):
    (tmp_path / "good.yaml").write_text(json.dumps(CONFIG).replace("Infinity", '".inf"'))
    (tmp_path / "bad.yaml").write_text("campaign: x\nsed: 1\n")
    assert main(["validate", str(tmp_path / "bad.yaml")]) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_verify_names_damaged_files_and_deletes_them_on_request(tmp_path, capsys):
    for name in ("good", "bad"):
        write(tmp_path / "deep" / f"{name}.nc")
    bad = tmp_path / "deep" / "bad.nc"
    bad.write_bytes(bad.read_bytes()[:-1])
    assert main(["verify", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"error: {bad} is damaged")
    assert said.out == "2 files, 1 damaged\n"
    assert main(["verify", "--delete", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "2 files, 1 damaged and deleted\n"
    assert not bad.exists()
    assert main(["verify", str(bad.with_name("good.nc"))]) == 0
    assert main(["verify", str(bad)]) == 1
    assert capsys.readouterr().err == f"error: {bad}: No such file or directory\n"


def test_verify_knows_pages_and_touches_nothing_else(tmp_path, capsys):
    page = tmp_path / "report.html"
    page.write_bytes(seal.with_comment(b"<html></html>\n"))
    notes = tmp_path / "samples0-9.restart.npz"
    notes.write_text("hours of work")
    assert main(["verify", "--delete", str(page)]) == 0
    assert capsys.readouterr().out == "1 files, 0 damaged\n"
    assert main(["verify", "--delete", str(page), str(notes)]) == 1
    assert "is none of the files that can be verified" in capsys.readouterr().err
    assert notes.exists()
    page.write_bytes(page.read_bytes().replace(b"html", b"HTML", 1))
    assert main(["verify", "--delete", str(page)]) == 0
    assert not page.exists()


def test_verify_takes_no_empty_name_for_none(capsys):
    assert main(["verify", "--configfile", ""]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    with pytest.raises(SystemExit, match="2"):
        main(["verify", "results", "--results", "elsewhere"])
    assert "--results goes with --configfile" in capsys.readouterr().err


def as_program(*arguments, **others):
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    variables["PYTHONIOENCODING"] = "utf-8:strict"
    return subprocess.run(
        [sys.executable, "-m", "glasscore", *arguments],
        cwd=ROOT, env=variables, stderr=subprocess.PIPE, **others,
    )  # fmt: skip


def test_names_of_files_may_be_no_text(tmp_path):
    file = os.fsencode(tmp_path) + b"/c\xe9.yaml"
    Path(os.fsdecode(file)).write_text(json.dumps(CONFIG).replace("Infinity", ".inf"))
    done = as_program("validate", file, stdout=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"c\\udce9.yaml is valid" in done.stdout


def test_a_full_disk_behind_the_output_is_said():
    with open("/dev/full", "w") as full:
        done = as_program("--version", stdout=full)
    assert done.returncode == 1
    assert b"error: No space left on device. Make room" in done.stderr


def test_sources_that_change_while_a_job_starts_stop_it(tmp_path, capsys, monkeypatch):
    """Otherwise the result would have the fingerprint of code that did not make it."""
    written = provenance.PACKAGE / "kernels" / "arithmetic.py"
    monkeypatch.setattr(sources.Sources, "changed", lambda self: [written])
    assert main(command(JOBS[BLOCK], tmp_path / "block.nc")) == 1
    assert f"error: {written} changed while this job" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_sources_of_others_may_change_while_a_job_starts(tmp_path, monkeypatch):
    written = provenance.PACKAGE / "figures" / "trap_depths.py"
    monkeypatch.setattr(sources.Sources, "changed", lambda self: [written])
    assert main(command(JOBS[BLOCK], tmp_path / "block.nc")) == 0


def test_a_job_finds_itself_in_the_list_of_the_workflow(tmp_path):
    listed = job_list(tmp_path, JOBS.values())
    listed.write()
    output = str(tmp_path / BLOCK)
    assert main(["dynamics", "--jobs", str(listed.path), "--output", output]) == 0
    main(command(JOBS[BLOCK], tmp_path / "by_hand.nc"))
    assert Path(output).read_bytes() == (tmp_path / "by_hand.nc").read_bytes()


def test_a_list_of_jobs_names_their_inputs(tmp_path, capsys):
    listed = job_list(tmp_path, JOBS.values())
    listed.write()
    output = str(tmp_path / "traps/traps/Ninf_T0.5.nc")
    asked = ["traps", "--jobs", str(listed.path), "--output", output]
    assert main(asked) == 1
    assert capsys.readouterr().err == f"error: {tmp_path / BLOCK}: No such file or directory\n"
    assert main([*asked, "--inputs", "block0.nc"]) == 1
    assert capsys.readouterr().err.startswith("error: --inputs is given, but ")


@pytest.mark.parametrize("arguments", [["--help"], ["dynamics", "--help"]])
def test_help_needs_no_compiler(arguments):
    code = f"import sys; from glasscore.__main__ import main; main({arguments!r})"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True
    )
    assert "numba" not in done.stderr
    assert "usage" in done.stdout


def test_what_cannot_be_said_is_no_success():
    command = [sys.executable, "-m", "glasscore", "validate", "config/config.yaml"]
    nobody, pipe = os.pipe()
    os.close(nobody)
    with open(pipe, "wb") as unread:
        assert subprocess.run(command, cwd=ROOT, stdout=unread).returncode == 1
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (0, "config/config.yaml is valid\n")


def test_versions_are_shown(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    first, *others = said.splitlines()
    assert first.startswith(f"glasscore {glasscore.__version__}, ")
    assert first.endswith(provenance.commit() or "no git checkout")
    assert {"python", "numba", "numpy"} <= {word.split()[0] for word in others[0].split(", ")}
    with pytest.raises(AttributeError, match="no attribute 'versions'"):
        _ = glasscore.versions


def run_as_program(monkeypatch, capsys, error):
    def fail():
        raise error

    monkeypatch.setattr("glasscore.__main__.main", fail)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    assert glasscore.__main__.run_as_program() == 1
    return capsys.readouterr().err


def test_a_fault_asks_for_a_report_and_says_where(monkeypatch, capsys):
    said = run_as_program(monkeypatch, capsys, KeyError("spins"))
    assert "KeyError: 'spins'" in said
    last = said.splitlines()[-1]
    assert last.startswith("error: this is a fault of glasscore.")
    assert "git remote get-url origin" in last
    assert "python -m glasscore --version" in last


def test_short_memory_is_no_fault(monkeypatch, capsys):
    said = run_as_program(monkeypatch, capsys, MemoryError("Unable to allocate 9 TiB"))
    assert said == "error: the memory does not suffice: Unable to allocate 9 TiB\n"


def test_a_job_by_hand_uses_one_thread(tmp_path):
    """The environment may ask for more, but matrix products depend on the number of threads."""
    job = next(job for job in JOBS.values() if job.stage == "langevin")
    arguments = command(job, tmp_path / "file.nc")
    code = (
        "import atexit, psutil, runpy, sys; "
        "atexit.register(lambda: print(psutil.Process().num_threads())); "
        f"sys.argv = ['glasscore', *{arguments!r}]; "
        "runpy.run_module('glasscore', run_name='__main__')"
    )
    many = dict.fromkeys(THREADS, "4")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | many,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "1\n"
