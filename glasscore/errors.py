"""Errors that a user can act on."""

import errno

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


class CampaignError(Exception):
    """A request that cannot be met; its one sentence is shown without a traceback."""


def sentence(error: OSError) -> str:
    """What the operating system refused, and what to do about it.

    Parameters
    ----------
    error
        As raised, with its number and file where they are known.
    """
    if error.strerror is None:
        return str(error)
    said = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if error.errno in FULL:
        return f"{said}. Make room; then the same command goes on."
    if error.errno in FORBIDDEN:
        return f"{said}. Make it yours to read and write; then the same command goes on."
    return said
