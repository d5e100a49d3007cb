"""Whether result files and pictures are undamaged, and whether they belong to a campaign."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from netCDF4 import Dataset

from glasscore.campaign import stale
from glasscore.common.errors import CampaignError
from glasscore.common.plans import Job, plans
from glasscore.files.label import Ledger
from glasscore.files.pictures import ENDINGS, intact, pictures_of
from glasscore.files.seal import LENGTH, SEALED, check_comment, check_seal

NOT_THERE = "These are not there"


class Group(NamedTuple):
    """Files with the same verdict.

    Attributes
    ----------
    heading
        The verdict, in words.
    belongs
        Whether the files are what a configuration asks for, or are not there at all.
    names
        The paths of the files below the folder of the results.
    """

    heading: str
    belongs: bool
    names: list[str]


def sorted_out(folder: Path, jobs: dict[str, Job], report: dict[str, Any]) -> list[Group]:
    """All files of a campaign, sorted by whether they belong to it and, if not, why not.

    Parameters
    ----------
    folder
        The folder of the results.
    jobs
        The campaign's jobs.
    report
        The parameters of its page.

    Raises
    ------
    CampaignError
        If the folder, or any file of the campaign in it, is not there.
    OSError
        If a file may not be read.
    """
    if not folder.is_dir():
        raise CampaignError(f"there is no folder {folder} with results to be checked.")
    ledger = Ledger(folder, again=True)
    found = stale.verdicts(jobs, ledger, report)
    # The ledger is kept, so that the next plan also looks at files that were found damaged.
    ledger.keep()
    if all(verdict is stale.ABSENT for verdict in found.values()):
        raise CampaignError(
            f"none of the {len(found)} files of this campaign is in the folder {folder}: nothing "
            "can be checked."
        )
    groups: dict[str, Group] = {}
    for name, verdict in found.items():
        heading = {
            "current": "These belong to the configuration",
            "absent": NOT_THERE,
        }.get(verdict.state, f"Of these each is to be computed again: {verdict.why}")
        groups.setdefault(heading, Group(heading, verdict.belongs, [])).names.append(name)
    left = [
        str(path.relative_to(folder))
        for stage in sorted(plans())
        for path in sorted((folder / stage).rglob("*"))
        if path.suffix in (".nc", *ENDINGS) and str(path.relative_to(folder)) not in found
    ]
    return [*groups.values()] + (
        [Group("These are of no job of the configuration", False, left)] if left else []
    )


def verified(paths: Iterable[Path]) -> dict[Path, str]:
    """A sentence on what is wrong with each file, which is empty for files that are sound.

    Parameters
    ----------
    paths
        netCDF files, pictures of figures, or folders with such files. If one of the files of a
        figure is named, all of them are checked.

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
        elif path.suffix == ".html":
            found[path] = _complaint(intact_page, path)
        elif path.suffix == ".nc":
            found |= _with_pictures(path)
        else:
            raise CampaignError(
                f"{path} is none of the files that can be verified: results (.nc), pictures of "
                f"figures ({', '.join(ENDINGS)}) and pages (.html)."
            )
    return found


def of_another_program(path: Path) -> bool:
    """Whether a file is readable netCDF without any sign that this program made it."""
    content = path.read_bytes()
    if SEALED.fullmatch(content[-LENGTH:]) or b"source_hash" in content:
        return False
    try:
        with Dataset(path, memory=content):
            return True
    except (OSError, ValueError, RuntimeError):
        return False


def intact_page(path: Path) -> None:
    """Refuse a page that is not what was written."""
    check_comment(path.read_bytes(), path)


def _with_pictures(numbers: Path) -> dict[Path, str]:
    """What is wrong with a file and with its pictures.

    Pictures are not judged if the file that holds their checksums is damaged itself.
    """
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
