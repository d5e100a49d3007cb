"""A progress display for Snakemake: what is running, what is done, how much is left.

Used by ``start.py``; by hand ``python -m snakemake --logger glasscore``. One line for each job that
ends and, on a terminal, a last line with those that run. Whatever Snakemake calls a warning or an
error is shown, and so are events that are not known here.
"""

import itertools
import logging
import re
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_glasscore import ending, lock
from snakemake_logger_plugin_glasscore.sentences import Sentences

ERASE_LINE = "\r\033[K"
# What Snakemake says in passing, but the user has to know.
NEWS = (
    "Error",
    "Nothing to be done",
    "Trying to restart job",
    "Unlocked working directory",
    "Waiting at most",
)
# What it says when the user stops it, before the jobs end.
STOPPING = ("Terminating processes on user request", "Will exit after finishing")
# Its last words on jobs that were shown here one by one; of stopped jobs, both are left out.
JOB_FAILED = "Exiting because a job execution failed"
UNSUCCESSFUL = "At least one job did not complete successfully"
# How Snakemake tells that the command of a job has failed.
ENDED = re.compile(r"returned non-zero exit status (\d+)\.|died with <Signals\.\w+: (\d+)>\.")
STOPPED = (signal.SIGINT, signal.SIGTERM)

logging.getLogger("snakemake.logging").addFilter(Sentences())
ending.heed_requests()


class LogHandler(LogHandlerBase):
    """Writes the display to the standard error stream."""

    def __post_init__(self) -> None:
        """Start the clock."""
        self.begin = time.monotonic()
        self.names: dict[int, str] = {}
        self.started: dict[int, float] = {}
        self.done = self.total = 0
        # What a thread has said of a command that failed, until it says of which job.
        self.endings: dict[int | None, str] = {}
        self.stopping = False
        sys.excepthook = _silent_of_interrupts

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of an event, and show it."""
        try:
            self._show(record)
        except Exception:
            self.handleError(record)

    def _show(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        match getattr(record, "event", None):
            case LogEvent.RUN_INFO:
                self.total = record.stats["total"]  # type: ignore[attr-defined]
            case LogEvent.JOB_INFO:
                job, title = record.jobid, record.rule_msg  # type: ignore[attr-defined]
                self.names[job] = title or record.rule_name  # type: ignore[attr-defined]
                self.started[job] = time.monotonic()
            case LogEvent.JOB_FINISHED:
                self._ended(record.job_id, "done")  # type: ignore[attr-defined]
            case LogEvent.PROGRESS:
                self.done, self.total = record.done, record.total  # type: ignore[attr-defined]
            case LogEvent.ERROR if ENDED.search(message):
                self.endings[record.thread] = message
            case LogEvent.JOB_ERROR:
                self._failed(record, _signal_or_status(self.endings.pop(record.thread, "")))
            case _ if record.levelno >= logging.WARNING:
                needless = (JOB_FAILED, UNSUCCESSFUL) if self.stopping else (JOB_FAILED,)
                if not any(words in message for words in needless):
                    self._write(*_words(record, message))
            case _ if message.startswith(NEWS):
                self._write(message)
            case _ if message.startswith(STOPPING) and not self.stopping:
                self.stopping = True
                self._write(message)
        self._status()

    def close(self) -> None:
        """Say what no job has claimed."""
        self._write(*self.endings.values())
        self.endings.clear()
        super().close()

    def _failed(self, record: logging.LogRecord, status: int) -> None:
        job = record.jobid  # type: ignore[attr-defined]
        if -status in STOPPED:
            self._ended(job, "stopped")
            return
        self._ended(job, "FAILED")
        logs = _logs(getattr(record, "log", []))
        said = _reason_of(record)
        if status < 0 or not (logs or said):
            said.append(_ending(status))
        self._write(*logs, *(f"       | {line}" for line in said))

    def _ended(self, job: int, how: str) -> None:
        seconds = time.monotonic() - self.started.pop(job, time.monotonic())
        self.done += how == "done"
        count = f"{self.done:>{len(str(self.total))}}/{self.total}"
        name = self.names.get(job, "all")
        self._write(f"{self._clock()}  {count}  {how}  {name} ({seconds:.0f} s)")

    def _clock(self) -> str:
        minutes, seconds = divmod(int(time.monotonic() - self.begin), 60)
        return f"{minutes:3d}:{seconds:02d}"

    def _write(self, *lines: str) -> None:
        erase = ERASE_LINE if sys.stderr.isatty() else ""
        for line in lines:
            print(erase + line, file=sys.stderr, flush=True)

    def _status(self) -> None:
        if not sys.stderr.isatty():
            return
        running = "; ".join(self.names[job] for job in self.started)
        left = self.total - self.done - len(self.started)
        text = f"{self._clock()}  running: {running or '-'}. {max(left, 0)} more to do"
        width = shutil.get_terminal_size().columns - 1
        end = "" if self.started else ERASE_LINE
        print(f"{ERASE_LINE}{text[:width]}{end}", end="", file=sys.stderr, flush=True)

    @property
    def writes_to_stream(self) -> bool:
        """It does."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """It does not."""
        return False

    @property
    def has_filter(self) -> bool:
        """Every event is looked at."""
        return True

    @property
    def has_formatter(self) -> bool:
        """It formats its lines itself."""
        return True

    @property
    def needs_rulegraph(self) -> bool:
        """It does not."""
        return False


def _silent_of_interrupts(kind: type[BaseException], error: BaseException, where: Any) -> None:
    """Show what ends Snakemake, but not where it was when the user stopped it before any job."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)


def _reason_of(record: logging.LogRecord) -> list[str]:
    """What a scheduler said of a job that it refused or ended; nothing of jobs of this machine."""
    said = (getattr(record, "rule_msg", None) or "").partition("For further error details")[0]
    # The command that was refused follows, set in.
    lines = itertools.takewhile(lambda line: not line.startswith(" "), said.splitlines())
    return list(lines)


def _logs(names: list[str]) -> list[str]:
    """What a failed job wrote to its logs."""
    lines = []
    for name in names:
        path = Path(name)
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace").strip()
            lines += [f"       | {line}" for line in text.splitlines()]
            lines += [f"       (from {path})"] if text else []
    return lines


def _signal_or_status(message: str) -> int:
    """Exit status of a command that Snakemake says has failed; of a signal, minus its number."""
    found = list(ENDED.finditer(message))
    if not found:
        return 0
    status, number = found[-1].groups(default="0")
    # A shell adds 128 to the number of the signal that ended its command.
    return -int(number) if int(number) else int(status) if int(status) < 128 else 128 - int(status)


def _ending(status: int) -> str:
    """How a command ended that failed without a word of its own, or by a signal."""
    if status >= 0:
        return f"it wrote nothing, and ended with exit status {status or 'unknown'}"
    memory = ", as the system does where memory is short" if -status == signal.SIGKILL else ""
    return f"killed by signal {-status}{memory}"


def _words(record: logging.LogRecord, message: str) -> list[str]:
    """What a record says that something went wrong; never nothing."""
    if getattr(record, "exception", None) == "LockException":
        return [lock.sentence()]
    if message in ("", "None"):
        message = f"{record.levelname}: {getattr(record, 'event', None) or 'no word why'}"
    return [message, *_logs(getattr(record, "aux_logs", []))]
