"""Messages if Snakemake cannot read the configuration that it was started with."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from snakemake_logger_plugin_glasscore.sentences import Sentences, of_entries, of_files

ROOT = Path(__file__).resolve().parents[1]


def snakemake(*arguments):
    done = subprocess.run(
        [str(Path(sys.executable).with_name("snakemake")), "-n", "-c1", *arguments],
        capture_output=True, text=True, cwd=ROOT, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("campaign: tiny\n".encode("utf-16"), "the file is not text in UTF-8"),
        (b"a: [1\n", "line 1: this is not valid YAML (the [ in column 4 is not closed"),
    ],
)
def test_bare_snakemake_says_in_a_sentence_which_file_it_cannot_read(tmp_path, content, told):
    file = tmp_path / "mine.yaml"
    file.write_bytes(content)
    status, said = snakemake("--configfile", str(file))
    assert status == 1
    assert f"error: {file}: {told}" in said
    assert "File " not in said


def test_bare_snakemake_says_in_a_sentence_which_entry_it_cannot_read():
    status, said = snakemake("--configfile", "config/tiny.yaml", "--config", "seed=2", "a:b=1")
    assert status == 1
    assert "error: --config has 'a:b=1', but must have entries such as seed=2" in said
    assert "File " not in said


@pytest.mark.parametrize("wrong", ["a:b=1", "seed", "=3", "s=3", "1x=2", "seed=#2", "seed= # 2"])
def test_the_first_entry_that_is_wrong_is_named(wrong):
    told = of_entries(["-n", "--config", "campaign=mine", wrong, "also", "--cores", "2"])
    assert told.startswith(f"--config has {wrong!r}, but must have entries such as seed=2")
    assert of_entries([f"--config={wrong}"]) == told


def test_files_are_read_as_the_check_of_a_campaign_reads_them(tmp_path, monkeypatch):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("campaign: good\n")
    bad.write_text("- campaign\n")
    assert of_files(["--configfile", str(good)]) is None
    for arguments in (["--configfiles", str(good), str(bad)], [f"--configfile={bad}", "-n"]):
        assert (
            of_files(arguments) == f"{bad}: the file holds ['campaign'], but must hold a mapping."
        )
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    assert of_files(["-n"]).startswith("config/config.yaml: the file cannot be read")


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("WorkflowError:\nConfig file is not valid JSON or YAML.", True),
        ('UnicodeDecodeError in file "/home/me/Snakefile", line 13:', True),
        ("MissingInputException: no blocks", False),
    ],
)
def test_only_failures_to_read_are_said_in_other_words(tmp_path, monkeypatch, text, changed):
    monkeypatch.setattr(sys, "argv", ["snakemake", "--configfile", str(tmp_path / "absent.yaml")])
    record = logging.LogRecord("snakemake", logging.ERROR, "", 0, text, (), None)
    assert Sentences().filter(record)
    assert record.getMessage() == text
    record.exception = "WorkflowError"
    assert Sentences().filter(record)
    assert (record.getMessage() != text) == changed
    assert ("the file cannot be read" in record.getMessage()) == changed
