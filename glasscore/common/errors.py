"""Errors that a user can act on."""

import errno
import re
import reprlib
from datetime import date
from typing import Any

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
NO_FILE = (errno.EISDIR,)


class CampaignError(Exception):
    """A request that cannot be met. Its message is one sentence, shown without a traceback."""


Refusal = tuple[str, Any, str]
"""A key of a study, its value, and what completes "<key> is <value>, but must ..."."""


def refuse(refused: Refusal | None) -> None:
    """Raise a refusal at run time, in the same words as in the check of a campaign.

    Parameters
    ----------
    refused
        The refusal; None if nothing is refused.

    Raises
    ------
    CampaignError
        If ``refused`` is not None.
    """
    if refused is not None:
        key, value, requirement = refused
        raise CampaignError(f"{key} is {shown(value)}, but must {requirement}.")


def shown(value: Any) -> str:
    """A value much as YAML writes it, short and on one line."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return re.sub("(?=inf|nan)", ".", f"{value:.12g}")
    if isinstance(value, dict) and value:
        return "a mapping"
    if isinstance(value, list):
        first = ["[...]" if isinstance(item, list) else shown(item) for item in value[:6]]
        return f"[{', '.join(first)}{', ...' if len(value) > 6 else ''}]"
    return value.isoformat() if isinstance(value, date) else reprlib.repr(value)


def sentence(error: OSError) -> str:
    """What the operating system refused, and what to do about it.

    Parameters
    ----------
    error
        The error as it was raised, with its number and file where they are known.
    """
    if error.strerror is None:
        return str(error)
    said = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if error.errno in FULL:
        return f"{said}. Make room; then the same command goes on."
    if error.errno in FORBIDDEN:
        return f"{said}. Make it yours to read and write; then the same command goes on."
    if error.errno in NO_FILE:
        return f"{said}, but a file belongs there. Move it away; then the same command goes on."
    return said
