"""The progress display, fed with the events of a run."""

import json
import logging
import os
import queue
import re
import subprocess
import sys
import threading
from logging.handlers import QueueHandler
from pathlib import Path
from types import SimpleNamespace

import pytest
import snakemake.exceptions
from snakemake.exceptions import print_exception
from snakemake.scheduling.job_scheduler import JobScheduler
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_glasscore import LogHandler, lock

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "job.log"
    path.write_text("10 of 20 samples\nerror: out of reach\n")
    return path


def run(log):
    """The events of a run in which two jobs start, of which one succeeds and one fails."""
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


def told(*records):
    """Show records as Snakemake does: through a queue, which turns no message into "None"."""
    waiting: queue.Queue = queue.Queue()
    sender = QueueHandler(waiting)
    display = LogHandler(None, None)
    for record in records:
        sender.handle(record)
        display.emit(waiting.get())
    display.close()


def record(level, message=None, thread=1, **fields):
    made = logging.LogRecord("snakemake", level, "", 0, message, (), None)
    made.__dict__.update(fields, thread=thread)
    return made


def all_exceptions():
    """The exceptions of Snakemake, and some of Python's own."""
    kinds = [
        kind
        for kind in vars(snakemake.exceptions).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    assert len(kinds) > 50
    return [*kinds, KeyError, OSError, SyntaxError, TypeError, RecursionError, MemoryError]


def without_its_constructor(kind, words):
    """An exception of Snakemake, made without its constructor, as these differ in arguments."""
    error = kind.__new__(kind, words)
    error.args = (words,)
    nothing = dict.fromkeys(("lineno", "filename", "snakefile", "rule"))
    for name, value in ({"_include": [], "omit": not words, "msg": words} | nothing).items():
        setattr(error, name, value)
    return error


@pytest.mark.parametrize("words", ["what is wrong", ""])
@pytest.mark.parametrize("kind", all_exceptions(), ids=lambda kind: kind.__name__)
def test_every_exception_of_snakemake_is_told(kind, words, monkeypatch, capsys, tmp_path):
    # Nothing else is at work in this folder, whatever other tests do.
    monkeypatch.chdir(tmp_path)
    error = kind(words) if kind.__module__ == "builtins" else without_its_constructor(kind, words)
    records: list[logging.LogRecord] = []
    monkeypatch.setattr(
        snakemake.logging.logger,
        "handle",
        lambda one: records.append(one) if one.levelno > logging.DEBUG else None,
    )
    print_exception(error)
    told(*records)
    said = capsys.readouterr().err
    if kind is snakemake.exceptions.LockException:
        assert "locked" in said
    else:
        assert words in said
        assert kind.__name__ in said or words in said.strip()
    assert said.strip()


# Events that report success are shown in other ways.
RIGHT = {LogEvent.RUN_INFO, LogEvent.JOB_INFO, LogEvent.JOB_FINISHED, LogEvent.PROGRESS}


@pytest.mark.parametrize("event", [None, "something_new", *sorted(set(LogEvent) - RIGHT)])
@pytest.mark.parametrize("message", [None, "", "the disk is full"])
def test_warnings_and_errors_are_shown_whatever_event_they_are_of(event, message, capsys):
    told(record(logging.ERROR, message, event=event, jobid=1, job_error_info=[]))
    said = capsys.readouterr().err
    assert re.search(r"\w{3}", said)
    assert "None" not in said
    assert message is None or event == LogEvent.JOB_ERROR or message in said


@pytest.mark.parametrize(
    "news",
    [
        "Trying to restart job 3.",
        "Waiting at most 5 seconds for missing files",
        "Error: Directory cannot be locked. Another Snakemake instance is running.",
        "Nothing to be done (all requested files are present and up to date).",
    ],
)
def test_news_in_passing_is_shown(news, capsys):
    told(record(logging.INFO, news), record(logging.INFO, "Select jobs to execute..."))
    assert capsys.readouterr().err == f"{news}\n"


def failing(status, log=(), message=None):
    """The records by which Snakemake reports a job whose command fails."""
    text = f"RuleException:\nCalledProcessError in file x, line 3:\nCommand 'a page' {status}"
    return [
        record(logging.INFO, event=LogEvent.RUN_INFO, stats={"total": 2}),
        record(logging.INFO, event=LogEvent.JOB_INFO, jobid=1, rule_msg="traps", rule_name="traps"),
        record(logging.ERROR, text, event=LogEvent.ERROR, exception="RuleException"),
        record(logging.ERROR, event=LogEvent.JOB_ERROR, jobid=1, log=list(log), rule_msg=message),
    ]


@pytest.mark.parametrize(
    "status",
    [
        "returned non-zero exit status 130.",
        "returned non-zero exit status 143.",
        "died with <Signals.SIGINT: 2>.",
        "died with <Signals.SIGTERM: 15>.",
    ],
)
def test_a_job_that_was_stopped_has_not_failed(status, log, capsys):
    told(
        *failing(status, [log]),
        record(logging.INFO, "Terminating processes on user request, this might take some time."),
        record(
            logging.ERROR,
            "WorkflowError:\nAt least one job did not complete successfully.",
            event=LogEvent.ERROR,
        ),
    )
    said = capsys.readouterr().err
    assert re.search("stopped  traps", said)
    assert "FAILED" not in said
    assert "complete" not in said
    assert "out of reach" not in said


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("returned non-zero exit status 3.", "it wrote nothing, and ended with exit status 3"),
        ("returned non-zero exit status 137.", "killed by signal 9, as the system does where"),
        ("died with <Signals.SIGSEGV: 11>.", "killed by signal 11"),
    ],
)
def test_a_job_that_failed_without_a_word_is_told_how_it_ended(status, words, tmp_path, capsys):
    empty = tmp_path / "empty.log"
    empty.touch()
    told(*failing(status, [empty]))
    said = capsys.readouterr().err.splitlines()
    assert "FAILED  traps" in said[0]
    assert said[1].startswith(f"       | {words}")
    assert len(said) == 2


def test_the_words_of_an_executor_and_bytes_of_a_log_are_shown(tmp_path, capsys):
    log = tmp_path / "job.log"
    log.write_bytes(b"\xff\xfe lost its node\n")
    told(*failing("returned non-zero exit status 1.", [log], "no node is left"))
    said = capsys.readouterr().err
    assert "lost its node" in said
    assert "       | no node is left\n" in said
    assert "a page" not in said


def test_a_failed_command_that_is_of_no_job_is_told_in_the_end(capsys):
    told(*failing("returned non-zero exit status 1.")[:3])
    assert "Command 'a page' returned non-zero exit status 1." in capsys.readouterr().err


def test_an_interrupt_before_any_job_leaves_no_traceback():
    script = (
        "from snakemake_logger_plugin_glasscore import LogHandler; LogHandler(None, None); raise {}"
    )
    for error, lines in (("KeyboardInterrupt", 0), ("ValueError", 3)):
        command = [sys.executable, "-c", script.format(error)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode != 0
        assert len(done.stderr.splitlines()) == lines


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["--logger=glasscore", "--cores", "all"], "--unlock"),
        (
            ["--logger=glasscore", "--cores", "2", "--configfile", "a b.yaml"],
            "--unlock --cores 2 --configfile 'a b.yaml'",
        ),
    ],
)
def test_the_command_that_unlocks(arguments, command):
    assert lock.unlocking(arguments) == f"python3 start.py figures {command}"


def test_a_lock_is_said_to_be_held_only_where_a_snakemake_works(tmp_path, monkeypatch):
    import psutil

    monkeypatch.chdir(tmp_path)
    here, elsewhere = str(tmp_path.resolve()), str(tmp_path.parent.resolve())
    processes = [
        SimpleNamespace(pid=pid, info={"cwd": cwd, "cmdline": words})
        for pid, cwd, words in (
            (7, here, ["/usr/bin/python", "-m", "snakemake", "-n"]),
            (5, here, ["python", "/x/bin/snakemake"]),
            (4, elsewhere, ["python", "-m", "snakemake"]),
            (3, here, ["python", "-m", "glasscore", "dynamics"]),
            (2, here, None),
            (1, None, ["python", "-m", "snakemake"]),
            (os.getpid(), here, ["python", "-m", "snakemake"]),
        )
    ]
    monkeypatch.setattr(psutil, "process_iter", lambda fields: processes)
    assert "at work in this folder (process 5, 7)" in lock.sentence()
    monkeypatch.setattr(psutil, "process_iter", lambda fields: processes[2:])
    assert "--unlock" in lock.sentence()


COPY = "rule one:\n    input: 'a'\n    output: '{x}.txt'\n    shell: 'cp {input} {output}'\n"
TWO = COPY.replace("    input: 'a'\n", "") + COPY.replace("one", "two").replace(
    "    input: 'a'\n", ""
)
CYCLE = "rule one:\n    input: 'b'\n    output: 'a'\nrule two:\n    input: 'a'\n    output: 'b'\n"
JOB = "rule one:\n    output: 'a'\n    log: 'a.log'\n    shell: {!r}\n"


CASES = [
    (COPY, ["b.txt"], "MissingInputException"),
    (COPY, ["nothing"], "No rule to produce nothing"),
    (TWO, ["b.txt"], "ambiguous"),
    (CYCLE, ["b"], "Cyclic"),
    ("rule one\n", [], "SyntaxError"),
    ("include: 'absent.smk'\n", [], "absent.smk"),
    ("x = nobody\n", [], "nobody"),
    ("", ["a"], "No rule to produce a"),
    ("raise ValueError('too many spins')\n", [], "too many spins"),
    (JOB.format("exit 3"), [], "FAILED  one"),
    (JOB.format("kill -9 $$"), [], "killed by signal 9"),
    (JOB.format("touch b"), ["--latency-wait=0"], "MissingOutputException"),
    (COPY, ["--nonsense"], "unrecognized arguments: --nonsense"),
    (COPY, ["--executor=nothing"], "invalid choice: 'nothing'"),
    (COPY, ["--profile=nothing"], "profile directory given"),
    (COPY, ["--cores=few"], "number of cores"),
    (COPY, ["--config", "seed"], "seed"),
    (COPY, ["--snakefile=absent"], "absent"),
]

# One process loads Snakemake and forks a child for each case, with an error stream of its own.
FORKING = """
import json, os, sys
import snakemake.cli

codes = []
for number, (snakefile, arguments) in enumerate(json.load(sys.stdin)):
    os.makedirs(f"{number}/config")
    with open(f"{number}/config/config.yaml", "w") as file:
        file.write("campaign: refused")
    child = os.fork()
    if child == 0:
        os.chdir(str(number))
        with open("Snakefile", "w") as file:
            file.write(snakefile)
        os.dup2(os.open("said", os.O_WRONLY | os.O_CREAT), 2)
        try:
            snakemake.cli.main(["--logger=glasscore", "--cores=1", *arguments])
        except SystemExit as ended:
            sys.stderr.flush()
            os._exit(ended.code or 0)
        os._exit(0)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(json.dumps(codes))
"""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    """Exit code and messages of Snakemake in each of the cases."""
    folder = tmp_path_factory.mktemp("refusals")
    done = subprocess.run(
        [sys.executable, "-c", FORKING],
        input=json.dumps([case[:2] for case in CASES]),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    codes = json.loads(done.stdout.splitlines()[-1])
    return [
        (code, (folder / str(number) / "said").read_text()) for number, code in enumerate(codes)
    ]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_what_snakemake_refuses_is_told(refusals, number):
    code, said = refusals[number]
    assert code != 0
    assert CASES[number][2] in said


def test_a_request_to_end_waits_for_the_lock_that_the_interrupted_thread_holds():
    scheduler = SimpleNamespace(
        _lock=threading.Lock(), _open_jobs=threading.Semaphore(0), _user_kill=None
    )
    with scheduler._lock:
        asking = threading.Thread(
            target=JobScheduler.exit_gracefully, args=(scheduler,), daemon=True
        )
        asking.start()
        asking.join(timeout=60)
        assert not asking.is_alive()
    assert scheduler._open_jobs.acquire(timeout=60)
    assert scheduler._user_kill == "graceful"
