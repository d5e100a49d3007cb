"""Files that appear whole or not at all, also where a process or the power dies."""

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from glasscore.common.errors import CampaignError

ENDING = ".partial"
# Of file systems that bring files to the disk in their own time alone.
UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Hand out a path to write to; what is there at the end becomes the file.

    Missing folders are made. The content is on the disk before the file has its name: after a power
    cut there is the whole file, or the one before, or none. A writer that is killed leaves a file
    beside it, which :func:`remove_partial_files` removes.

    Parameters
    ----------
    path
        Where the file shall appear.

    Raises
    ------
    OSError
        If it cannot be written; the file before stays.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A job that outlived its workflow may be writing the same file.
    beside = path.with_name(f".{path.name}.{os.getpid()}{ENDING}")
    try:
        yield beside
        _bring_to_disk(beside)
        os.replace(beside, path)
        # The file is there. That its name is on the disk too matters after a power cut alone.
        with suppress(OSError):
            _bring_to_disk(path.parent)
    except OSError as error:
        if error.errno is not None:
            error.filename = str(path)
        raise
    finally:
        beside.unlink(missing_ok=True)


def state_of(path: str | Path) -> list[int]:
    """What changes whenever a file is written or replaced, even where a copy keeps its time.

    Raises
    ------
    OSError
        If there is no such file, or it may not be looked at.
    """
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def keep_note(path: Path, value: Any) -> None:
    """Write what is kept to save time alone, as JSON with its digest, if it can be written."""
    payload = json.dumps(value, separators=(",", ":")).encode()
    with suppress(OSError), whole_file(path) as beside:
        beside.write_bytes(hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload)


def kept_note(path: Path) -> Any:
    """What ``keep_note`` wrote; None if it is not there, cannot be read, or was changed since."""
    with suppress(OSError):
        digest, _, payload = path.read_bytes().partition(b"\n")
        if hashlib.sha256(payload).hexdigest().encode() == digest:
            return json.loads(payload)
    return None


def remove_partial_files(folder: str | Path) -> None:
    """Remove what killed writers left in a folder and those below it."""
    for left in Path(folder).rglob(f".*{ENDING}"):
        left.unlink(missing_ok=True)


def check_writable(folders: Iterable[Path]) -> None:
    """Refuse folders in which no file can appear, before a job has spent hours on one.

    Parameters
    ----------
    folders
        They need not exist yet.

    Raises
    ------
    CampaignError
        If one of them, or what stands where it shall be made, may not be written to.
    """
    for folder in sorted(folders):
        there = next(path for path in (folder, *folder.absolute().parents) if os.path.lexists(path))
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            kind = "may not be written to" if there.is_dir() else "is no folder"
            if there.is_symlink() and not there.exists():
                kind = f"is a link to {os.readlink(there)}, which is not there"
            raise CampaignError(
                f"{there} {kind}, and results belong in {folder}: make it a folder that you may "
                "write to; then the same command goes on."
            )


def _bring_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
    finally:
        os.close(descriptor)
