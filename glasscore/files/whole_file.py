"""Files that appear complete or not at all, even if a process is killed or the power fails."""

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
# Errors of file systems that do not let a program decide when a file is written to the disk.
UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path to write to, which becomes the file at the end.

    Missing folders are made. The content is on the disk before the file gets its name. So after a
    power failure there is either the complete new file, or the old one, or none. A process that is
    killed leaves a temporary file, which :func:`remove_partial_files` removes.

    Parameters
    ----------
    path
        Path of the file.

    Raises
    ------
    OSError
        If the file cannot be written; the old file stays.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The process is part of the name, because a job that outlived its workflow may still be writing
    # the same file.
    beside = path.with_name(f".{path.name}.{os.getpid()}{ENDING}")
    try:
        yield beside
        _bring_to_disk(beside)
        os.replace(beside, path)
        # The file is complete now. Its name must be on the disk only if the power fails next.
        with suppress(OSError):
            _bring_to_disk(path.parent)
    except OSError as error:
        if error.errno is not None:
            error.filename = str(path)
        raise
    finally:
        beside.unlink(missing_ok=True)


def file_state(path: str | Path) -> list[int]:
    """Numbers that change whenever a file is written or replaced, even by a copy with the old time.

    Raises
    ------
    OSError
        If there is no such file, or its state may not be read.
    """
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def write_cached(path: Path, value: Any) -> None:
    """Write a value as JSON with its digest, if possible; it is kept only to save time."""
    payload = json.dumps(value, separators=(",", ":")).encode()
    with suppress(OSError), whole_file(path) as beside:
        beside.write_bytes(hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload)


def read_cached(path: Path) -> Any:
    """What ``write_cached`` wrote; None if it is missing, cannot be read, or was changed since."""
    with suppress(OSError):
        digest, _, payload = path.read_bytes().partition(b"\n")
        if hashlib.sha256(payload).hexdigest().encode() == digest:
            return json.loads(payload)
    return None


def remove_partial_files(folder: str | Path) -> None:
    """Remove temporary files of killed processes in a folder and in those below it."""
    for left in Path(folder).rglob(f".*{ENDING}"):
        left.unlink(missing_ok=True)


def check_writable(folders: Iterable[Path]) -> None:
    """Refuse folders in which no file can be written, before a job spends hours on a file there.

    Parameters
    ----------
    folders
        The folders, which need not exist yet.

    Raises
    ------
    CampaignError
        If one of them, or the folder in which it would be made, may not be written to.
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
