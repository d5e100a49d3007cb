"""Whether result files, and the pictures of figures, are still what was written."""

from collections.abc import Callable, Iterable
from pathlib import Path

from glasscore.errors import CampaignError
from glasscore.pictures import ENDINGS, intact, pictures_of
from glasscore.seal import check_seal


def verified(paths: Iterable[Path]) -> dict[Path, str]:
    """What is wrong with each file, in a sentence; nothing (``""``) with those that are sound.

    Parameters
    ----------
    paths
        netCDF files, pictures of figures, or folders with such files. Where one of a figure's files
        is named, all of them are checked.

    Raises
    ------
    CampaignError
        If a picture is named that no figure's file knows.
    OSError
        If a file is not there, or may not be read.
    """
    found: dict[Path, str] = {}
    for path in paths:
        if path.is_dir():
            for numbers in sorted(path.rglob("*.nc")):
                found |= _with_pictures(numbers)
        elif path.suffix in ENDINGS:
            numbers = path.with_suffix(".nc")
            found |= _with_pictures(numbers)
            if path not in found and not found[numbers]:
                intact(path)  # says why it cannot be checked
        else:
            found |= _with_pictures(path)
    return found


def _with_pictures(numbers: Path) -> dict[Path, str]:
    """Pictures cannot be blamed where the file that holds their checksums is damaged itself."""
    found = {numbers: _complaint(check_seal, numbers)}
    if not found[numbers]:
        found |= {picture: _complaint(intact, picture) for picture in pictures_of(numbers)}
    return found


def _complaint(check: Callable[[Path], object], path: Path) -> str:
    try:
        check(path)
    except CampaignError as error:
        return str(error)
    return ""
