"""One sentence where Snakemake shows a traceback, as it cannot read what it was started with.

Snakemake reads configuration files and ``--config`` before any file of this project, but imports
all logger plug-ins before that, whichever of them is chosen.
"""

import logging
import re
import sys
from collections.abc import Sequence

# Where it fails: functions in the traceback, how a sentence of its own begins, or the line of the
# Snakefile that names the default file.
OF_ENTRIES = "in parse_config"
OF_FILES = ("in load_configfile", "Config file ", 'Snakefile", line ')
DEFAULT_FILE = "config/config.yaml"
ENTRY = re.compile(r"[a-zA-Z_][\w-]*\w=(?!\s*#).*", re.DOTALL)


class Sentences(logging.Filter):
    """Changes what is said of a failure to read, and nothing else."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything through."""
        if hasattr(record, "exception"):
            text, arguments = str(record.msg), sys.argv[1:]
            said = None
            if OF_ENTRIES in text:
                said = of_entries(arguments)
            elif any(sign in text for sign in OF_FILES):
                said = of_files(arguments)
            if said is not None:
                record.msg, record.args = f"error: {said}", ()
        return True


def of_entries(arguments: Sequence[str]) -> str:
    """What is wrong with the first entry of ``--config`` that Snakemake cannot read."""
    entries = _values(arguments, "--config", "-C")
    wrong = next((entry for entry in entries if not ENTRY.fullmatch(entry)), " ".join(entries))
    return (
        f"--config has {wrong!r}, but must have entries such as seed=2, a key of the campaign and "
        "its value: keys of studies are changed in a file."
    )


def of_files(arguments: Sequence[str]) -> str | None:
    """What is wrong with the first configuration file that cannot be read."""
    from glasscore.campaign.configuration import read
    from glasscore.common.errors import CampaignError

    for file in _values(arguments, "--configfile", "--configfiles") or [DEFAULT_FILE]:
        try:
            read(file)
        except CampaignError as error:
            return str(error)
    return None


def _values(arguments: Sequence[str], *names: str) -> list[str]:
    """What follows options of these names, up to the next option."""
    found: list[str] = []
    collecting = False
    for word in arguments:
        option, equals, value = word.partition("=")
        if option in names and equals:
            found.append(value)
        elif word.startswith("-"):
            collecting = word in names
        elif collecting:
            found.append(word)
    return found
