"""One sentence instead of a traceback if Snakemake cannot read configuration files or ``--config``.

Snakemake reads these before any file of this project. But it imports all logger plug-ins even
earlier, whichever of them is chosen, so that this one can replace the message.
"""

import logging
import re
import sys
from collections.abc import Sequence

# Signs of where Snakemake failed: functions in the traceback, the beginning of its own message, or
# the line of the Snakefile that names the default file.
OF_ENTRIES = "in parse_config"
OF_FILES = ("in load_configfile", "Config file ", 'Snakefile", line ')
DEFAULT_FILE = "config/config.yaml"
ENTRY = re.compile(r"[a-zA-Z_][\w-]*\w=(?!\s*#).*", re.DOTALL)


class Sentences(logging.Filter):
    """Replace messages on failures to read, and change nothing else."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, some with another message."""
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
    """The words that follow options with these names, up to the next option."""
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
