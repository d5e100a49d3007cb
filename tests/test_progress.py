"""The progress display, fed with the events of a run."""

import logging
import re

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_glasscore import LogHandler


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "job.log"
    path.write_text("10 of 20 samples\nerror: out of reach\n")
    return path


def run(log):
    """Two jobs start, one ends well and one does not."""
    display = LogHandler(None, None)

    def tell(event, level=logging.INFO, message=None, **fields):
        record = logging.LogRecord("snakemake", level, "", 0, message, (), None)
        record.__dict__.update(event=event, **fields)
        display.emit(record)

    tell(LogEvent.RUN_INFO, stats={"total": 12})
    tell(LogEvent.JOB_INFO, jobid=1, rule_msg="dynamics rem, N = 20", rule_name="dynamics")
    tell(LogEvent.JOB_INFO, jobid=2, rule_msg=None, rule_name="traps")
    tell(LogEvent.JOB_FINISHED, job_id=1)
    tell(LogEvent.PROGRESS, done=1, total=12)
    tell(LogEvent.JOB_ERROR, jobid=2, log=[str(log), "absent.log"])
    tell(None, logging.INFO, "chatter")
    tell(None, logging.ERROR, "At least one job did not complete")


def test_lines_say_what_ended_and_how_much_is_done(log, capsys):
    run(log)
    lines = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r" +0:00   1/12  done  dynamics rem, N = 20 \(0 s\)", lines[0])
    assert re.fullmatch(r" +0:00   1/12  FAILED  traps \(0 s\)", lines[1])
    assert lines[3] == "       | error: out of reach"
    assert lines[4] == f"       (from {log})"
    assert lines[5:] == ["At least one job did not complete"]


def test_a_terminal_shows_what_is_running_and_what_is_left(log, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    run(log)
    shown = capsys.readouterr().err
    assert "running: dynamics rem, N = 20; traps. 10 more to do" in shown
    assert "running: traps. 10 more to do" in shown
