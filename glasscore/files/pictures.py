"""Pictures of a figure, and the checksums that tell whether they are still as they were drawn.

Not every picture format has a place for a checksum that all programs ignore. So the netCDF file of
a figure, which has a checksum of its own, holds the SHA-256 digests of the pictures beside it.
"""

import hashlib
import json
from pathlib import Path

from glasscore.common.errors import CampaignError
from glasscore.files.seal import open_checked

ENDINGS = (".pdf", ".png", ".svg")
ATTRIBUTE = "pictures"


def digests(drawn: dict[str, bytes]) -> str:
    """The attribute of a figure's netCDF file, from the content of its pictures by file ending."""
    found = {ending: hashlib.sha256(content).hexdigest() for ending, content in drawn.items()}
    return json.dumps(found, sort_keys=True)


def pictures_of(numbers: Path) -> list[Path]:
    """The existing pictures of a figure; other results have none.

    Parameters
    ----------
    numbers
        A netCDF file that is not damaged.
    """
    there = [path for path in map(numbers.with_suffix, ENDINGS) if path.is_file()]
    known = _digests_in(numbers) if there else {}
    return [path for path in there if path.suffix in known]


def intact(picture: Path) -> bytes:
    """The content of a picture, if it is as it was drawn; else it is refused.

    Parameters
    ----------
    picture
        A PDF, PNG or SVG file beside the netCDF file of the same name.

    Raises
    ------
    CampaignError
        If a bit of it has changed, or its end is missing; if the netCDF file is damaged, or holds
        no checksum of it.
    OSError
        If one of the two is not there, or may not be read.
    """
    content = picture.read_bytes()
    numbers = picture.with_suffix(".nc")
    known = _digests_in(numbers)
    if picture.suffix not in known:
        raise CampaignError(f"{picture} cannot be checked: {numbers} holds no checksum of it.")
    if hashlib.sha256(content).hexdigest() != known[picture.suffix]:
        raise CampaignError(
            f"{picture} is damaged, or another program wrote to it: its content and its checksum, "
            f"in {numbers.name}, differ. Delete it, and the same command draws it again."
        )
    return content


def _digests_in(numbers: Path) -> dict[str, str]:
    with open_checked(numbers) as file:
        return json.loads(getattr(file, ATTRIBUTE, "{}"))
