"""A progress display for Snakemake: what is running, what is done, how much is left.

Used by ``start.py``; by hand ``python -m snakemake --logger glasscore``. One line for each job that
ends and, on a terminal, a last line with those that run.
"""

import itertools
import logging
import shutil
import sys
import time
from pathlib import Path

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

ERASE_LINE = "\r\033[K"
NOTHING = "Nothing to be done"


class LogHandler(LogHandlerBase):
    """Writes the display to the standard error stream."""

    def __post_init__(self) -> None:
        """Start the clock."""
        self.begin = time.monotonic()
        self.names: dict[int, str] = {}
        self.started: dict[int, float] = {}
        self.done = self.total = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of an event, and show it."""
        try:
            self._show(record)
        except Exception:
            self.handleError(record)

    def _show(self, record: logging.LogRecord) -> None:
        match getattr(record, "event", None):
            case LogEvent.RUN_INFO:
                self.total = record.stats["total"]  # type: ignore[attr-defined]
            case LogEvent.JOB_INFO:
                job, message = record.jobid, record.rule_msg  # type: ignore[attr-defined]
                self.names[job] = message or record.rule_name  # type: ignore[attr-defined]
                self.started[job] = time.monotonic()
            case LogEvent.JOB_FINISHED:
                self._ended(record.job_id, "done")  # type: ignore[attr-defined]
            case LogEvent.PROGRESS:
                self.done, self.total = record.done, record.total  # type: ignore[attr-defined]
            case LogEvent.JOB_ERROR:
                self._ended(record.jobid, "FAILED")  # type: ignore[attr-defined]
                self._write(*_reason_of(record), *_log_of(record))
            case None if record.levelno >= logging.WARNING or NOTHING in str(record.msg):
                self._write(record.getMessage())
        self._status()

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


def _reason_of(record: logging.LogRecord) -> list[str]:
    """What a scheduler said of a job that it refused or ended; nothing of jobs of this machine."""
    said = (getattr(record, "rule_msg", None) or "").partition("For further error details")[0]
    # The command that was refused follows, set in.
    lines = itertools.takewhile(lambda line: not line.startswith(" "), said.splitlines())
    return [f"       {line}" for line in lines]


def _log_of(record: logging.LogRecord) -> list[str]:
    """What a failed job wrote to its log."""
    lines = []
    for name in getattr(record, "log", []):
        path = Path(name)
        if path.is_file():
            lines += [f"       | {line}" for line in path.read_text().splitlines()]
            lines.append(f"       (from {path})")
    return lines
