"""The attributes that tell where a result file comes from, and a ledger of those already read.

Opening a file with the netCDF library takes ten milliseconds, and a campaign may have ten thousand
files. So the few attributes that tell where a file comes from are read directly from its bytes, and
the ledger saves reading them again as long as the file does not change. If the ledger is lost or
damaged, they are just read again.
"""

import hashlib
import os
import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from netCDF4 import Dataset

from glasscore.common.errors import CampaignError
from glasscore.files.seal import check_comment, checksum
from glasscore.files.whole_file import file_state, read_cached, write_cached

LEDGER = ".labels.json"
PAGE = re.compile(rb'<meta name="made-from" content="([0-9a-f]*)"')


class Label(NamedTuple):
    """The checksum of a file, and the attributes that tell where it comes from.

    Attributes
    ----------
    checksum
        SHA-256 digest of its content; for a netCDF file the digest in its last line.
    texts
        The attributes by name; pictures have none.
    """

    checksum: str
    texts: dict[str, str]


class Ledger:
    """Labels of the files in a folder, each of which is read once until the file changes.

    Parameters
    ----------
    folder
        The results of a campaign.
    again
        Whether all files are read, and compared with their checksums, even if the ledger knows
        them.
    """

    def __init__(self, folder: Path, again: bool = False) -> None:
        self.folder, self.again = folder, again
        self.before = _entries(folder / LEDGER)
        self.now: dict[str, tuple[list[int], Label]] = {}

    def label(self, name: str, texts: tuple[str, ...]) -> Label:
        """The label of a file.

        Parameters
        ----------
        name
            Its path below the folder.
        texts
            Names of the attributes to be read, if it is a netCDF file.

        Raises
        ------
        CampaignError
            If it is damaged.
        OSError
            If it is not there, or may not be read.
        """
        path = os.path.join(self.folder, name)
        state = file_state(path)
        known = None if self.again else self.before.get(name)
        if known is not None and known[0] == state and known[1].texts.keys() >= set(texts):
            found = known[1]
        else:
            found = _label(path, texts)
        self.now[name] = (state, found)
        return found

    def checksum(self, name: str) -> str:
        """The checksum of a file that was read; empty for any other file."""
        return self.now[name][1].checksum if name in self.now else ""

    def texts(self, name: str) -> dict[str, str]:
        """The attributes of a file that was read; empty for any other file."""
        return self.now[name][1].texts if name in self.now else {}

    def time(self, name: str) -> int:
        """When a file that was read was last written, in nanoseconds; 0 for any other file."""
        return self.now[name][0][1] if name in self.now else 0

    def note(self, names: Iterable[str]) -> None:
        """Note that files that were read are unchanged although their times may have changed."""
        for name in names:
            self.now[name] = (file_state(self.folder / name), self.now[name][1])

    def keep(self) -> None:
        """Write the ledger if it has changed and can be written."""
        if self.now == self.before:
            return
        files = {name: [state, *label] for name, (state, label) in self.now.items()}
        write_cached(self.folder / LEDGER, files)


def _entries(path: Path) -> dict[str, tuple[list[int], Label]]:
    return {
        name: (state, Label(digest, texts))
        for name, (state, digest, texts) in (read_cached(path) or {}).items()
    }


def _label(path: str, texts: tuple[str, ...]) -> Label:
    with open(path, "rb") as file:
        if path.endswith(".nc"):
            content = file.read()
            if not content:
                raise CampaignError(f"{path} is damaged: it is empty.")
            return Label(checksum(content, path), attributes(content, path, texts))
        if path.endswith(".html"):
            page = file.read()
            check_comment(page, path)
            found = PAGE.search(page)
            return Label(found[1].decode() if found else "", {})
        return Label(hashlib.sha256(file.read()).hexdigest(), {})


def attributes(content: bytes, path: str, names: tuple[str, ...]) -> dict[str, str]:
    """Global attributes of a netCDF file that are texts; empty for those that are not there.

    Parameters
    ----------
    content
        The content of the file.
    path
        The name of the file, for the sentence of the error.
    names
        Names of the attributes.

    Raises
    ------
    CampaignError
        If this is no netCDF file.
    """
    found = {name: _attribute(content, name) for name in names}
    if None not in found.values():
        return {name: str(text) for name, text in found.items()}
    try:
        # The file is opened in memory, where it does not matter if another program has it open.
        with Dataset(path, memory=content) as opened:
            return {name: str(getattr(opened, name, "")) for name in names}
    except (OSError, RuntimeError) as error:
        raise CampaignError(f"{path} is damaged: it is no netCDF file.") from error


def _attribute(content: bytes, name: str) -> str | None:
    """An attribute that HDF5 has stored as a text of fixed length; None if it is not found.

    In a file such an attribute is a message of version 3 (HDF5 File Format Specification 3.0,
    IV.A.2.m). It consists of the sizes of the name, of the type (8 bytes: version 1, class 3 for
    texts, and the length) and of the space (4 bytes: a scalar); then the encoding, the name, the
    type, the space, and the text itself.
    """
    key = name.encode() + b"\0"
    sizes = struct.pack("<BBHHH", 3, 0, len(key), 8, 4)
    pattern = re.escape(sizes) + b"." + re.escape(key) + rb"\x13...(....)\x02\x00.."
    found = re.search(pattern, content, re.DOTALL)  # patterns are kept by the library
    if found is None:
        return None
    (length,) = struct.unpack("<I", found[1])
    return content[found.end() : found.end() + length].decode(errors="replace")
