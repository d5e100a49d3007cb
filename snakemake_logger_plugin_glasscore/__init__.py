"""A progress display for Snakemake: what is running, what is done, how much is left.

``start.py`` uses it; by hand it is chosen by ``python -m snakemake --logger glasscore``. It prints
one line for each job that ends and, on a terminal, a last line with the jobs that are running.
Everything that Snakemake reports as a warning or an error is shown, even if its kind is unknown
here.
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
# Beginnings of messages that Snakemake does not report as warnings but that users must see.
NEWS = (
    "Error",
    "Nothing to be done",
    "Trying to restart job",
    "Unlocked working directory",
    "Waiting at most",
)
# Beginnings of Snakemake's messages when the user stops it, before the jobs end.
STOPPING = ("Terminating processes on user request", "Will exit after finishing")
# Snakemake's final messages on failed jobs. The first is left out, as each job is shown here; the
# second is also left out if the user stopped the jobs.
JOB_FAILED = "Exiting because a job execution failed"
UNSUCCESSFUL = "At least one job did not complete successfully"
# The words in which Snakemake reports that the command of a job has failed.
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
        # The message of each thread on a command that failed, until the thread names the job.
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
        """Show the messages on commands that failed for which no job was named."""
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
        """Whether this handler writes to a stream, which it does."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """Whether this handler writes to a file, which it does not."""
        return False

    @property
    def has_filter(self) -> bool:
        """Whether this handler selects events itself, which it does."""
        return True

    @property
    def has_formatter(self) -> bool:
        """Whether this handler formats its lines itself, which it does."""
        return True

    @property
    def needs_rulegraph(self) -> bool:
        """Whether this handler needs the graph of rules, which it does not."""
        return False


def _silent_of_interrupts(kind: type[BaseException], error: BaseException, where: Any) -> None:
    """Show errors that end Snakemake, but no traceback if the user stopped it before any job."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)


def _reason_of(record: logging.LogRecord) -> list[str]:
    """The message of a scheduler on a job that it refused or ended; empty for local jobs."""
    said = (getattr(record, "rule_msg", None) or "").partition("For further error details")[0]
    # The indented lines after the message are the command that was refused.
    lines = itertools.takewhile(lambda line: not line.startswith(" "), said.splitlines())
    return list(lines)


def _logs(names: list[str]) -> list[str]:
    """The lines that a failed job wrote to its logs."""
    lines = []
    for name in names:
        path = Path(name)
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace").strip()
            lines += [f"       | {line}" for line in text.splitlines()]
            lines += [f"       (from {path})"] if text else []
    return lines


def _signal_or_status(message: str) -> int:
    """Exit status of a failed command; for a command ended by a signal, minus its number."""
    found = list(ENDED.finditer(message))
    if not found:
        return 0
    status, number = found[-1].groups(default="0")
    # A shell adds 128 to the number of the signal that ended its command.
    return -int(number) if int(number) else int(status) if int(status) < 128 else 128 - int(status)


def _ending(status: int) -> str:
    """How a command ended that failed without a message of its own, or by a signal."""
    if status >= 0:
        return f"it wrote nothing, and ended with exit status {status or 'unknown'}"
    memory = ", as the system does where memory is short" if -status == signal.SIGKILL else ""
    return f"killed by signal {-status}{memory}"


def _words(record: logging.LogRecord, message: str) -> list[str]:
    """The lines of a record on something that went wrong; there is always at least one."""
    if getattr(record, "exception", None) == "LockException":
        return [lock.sentence()]
    if message in ("", "None"):
        message = f"{record.levelname}: {getattr(record, 'event', None) or 'no word why'}"
    return [message, *_logs(getattr(record, "aux_logs", []))]
