"""A checksum at the end of each file, which tells whether the file is still as it was written.

An HDF5 file states its own length, and programs ignore whatever follows (HDF5 File Format
Specification 3.0, section II.A, End of File Address). There a last line is appended with the
SHA-256 digest of all bytes before it. So any changed bit is found, whether in numbers, metadata or
unused space, and any program can read the file as if the line were not there.
"""

import hashlib
import re
from pathlib import Path

from netCDF4 import Dataset

from glasscore.common.errors import CampaignError

LINE = b"\nsha256 %s\n"
LENGTH = len(LINE % bytes(64))
COMMENT = b"<!-- sha256 %s -->\n"
SEALED = re.compile(rb"\nsha256 ([0-9a-f]{64})\n")


def seal(path: Path) -> None:
    """Append the line with the checksum to a file."""
    with path.open("rb+") as file:
        file.write(_line(file.read()))


def check_seal(path: str | Path) -> None:
    """Refuse a file that is not what was written.

    Parameters
    ----------
    path
        A file with a checksum at its end.

    Raises
    ------
    CampaignError
        If a bit of it has changed, or the end is missing.
    OSError
        If there is no such file, or it may not be read.
    """
    checksum(Path(path).read_bytes(), path)


def checksum(content: bytes, path: str | Path) -> str:
    """The digest in the last line of a sealed file.

    Parameters
    ----------
    content
        The content of the file.
    path
        The name of the file, for the sentence of the error.

    Raises
    ------
    CampaignError
        If the digest is not that of the content, or there is none.
    """
    sealed = SEALED.fullmatch(content[-LENGTH:])
    if sealed and content[-LENGTH:] == _line(content[:-LENGTH]):
        return sealed[1].decode()
    how = "its content and its checksum differ" if sealed else "its end is not a checksum"
    raise CampaignError(
        f"{path} is damaged, or another program wrote to it: {how}. Delete it, and the same "
        "command computes it again."
    )


def open_checked(path: str | Path) -> Dataset:
    """Open a netCDF file for reading if its checksum is right.

    The file is opened in memory. So what is read is exactly what was checked, and it does not
    matter whether another program has the file open.

    Raises
    ------
    CampaignError
        If it is not what was written.
    OSError
        If there is no such file, or it may not be read.
    """
    content = Path(path).read_bytes()
    checksum(content, path)
    return Dataset(path, memory=content)


def with_comment(page: bytes) -> bytes:
    """A page of HTML, with the digest of its content in a comment at its end."""
    return page + COMMENT % hashlib.sha256(page).hexdigest().encode()


def check_comment(page: bytes, path: str | Path) -> None:
    """Refuse a page that is not what ``with_comment`` made.

    Parameters
    ----------
    page
        The content of the file.
    path
        The name of the file, for the sentence of the error.

    Raises
    ------
    CampaignError
        If a byte of it has changed, or the end is missing.
    """
    length = len(COMMENT % bytes(64))
    if with_comment(page[:-length]) != page:
        raise CampaignError(f"{path} is damaged, or another program wrote to it.")


def _line(content: bytes) -> bytes:
    return LINE % hashlib.sha256(content).hexdigest().encode()
