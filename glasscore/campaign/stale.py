"""Which files of a campaign are what its configuration asks for, judged from the files themselves.

Snakemake records how each file was made in a folder of its own, by the file's name. Names say
nothing about files that were copied or come from another machine. Each file is therefore judged by
its own attributes: its parameters and code, and the files that it was made from (the trajectories
of averages, the results of figures), must be those that the campaign would compute now.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from glasscore.campaign.listing import PAGE, modules, pictures_beside, reported, targets
from glasscore.common.errors import CampaignError
from glasscore.common.plans import Job, plans
from glasscore.files.label import Ledger
from glasscore.files.parameters_in_words import differences, read_as
from glasscore.files.provenance import canonical_json, source_hash

# Attributes of every file that tell where it comes from.
OF_EVERY_FILE = ("stage", "parameters", "source_hash")


class Verdict(NamedTuple):
    """What is known of a file.

    Attributes
    ----------
    state
        ``"current"``, ``"absent"``, ``"damaged"``, or ``"stale"``: made with other parameters, code
        or inputs.
    why
        What is wrong with it, in a clause that calls the file "it".
    """

    state: str
    why: str = ""

    @property
    def belongs(self) -> bool:
        """Whether the file may stay as it is, or is not there."""
        return self.state in ("current", "absent")


CURRENT, ABSENT = Verdict("current"), Verdict("absent")
FOLLOWS = Verdict("stale", "it is made from files that are computed again")
OTHER_PAGE = Verdict("stale", "it was made from other results or another configuration")


def verdicts(
    jobs: dict[str, Job], ledger: Ledger, report: dict[str, Any] | None = None
) -> dict[str, Verdict]:
    """Say of each file of a campaign whether it is current.

    Parameters
    ----------
    jobs
        The jobs of the campaign, in the order of the data.
    ledger
        The ledger of the folder of the results.
    report
        The parameters of the campaign's page; without them the page is not judged.

    Returns
    -------
    dict
        A verdict for each netCDF file, picture and page, by its path below the folder.

    Raises
    ------
    OSError
        If a file may not be read.
    """
    found: dict[str, Verdict] = {}
    wanted = set(targets(jobs))
    for output, job in jobs.items():
        # Files that are no targets may be missing: they are computed if they are needed.
        follows = any(
            not found[name].belongs or (found[name] is ABSENT and name in wanted)
            for name in job.inputs
        )
        origin = plans()[job.stage].origin
        texts = (*OF_EVERY_FILE, *(origin.attributes if origin else ()))
        found[output] = _read(ledger, output, texts) or _held_against(job, jobs, ledger, follows)
        found |= _pictures(job, found[output], ledger)
    if report is not None:
        found[PAGE] = _page(report, jobs, found, ledger)
    return found


def _page(
    report: dict[str, Any], jobs: dict[str, Job], found: dict[str, Verdict], ledger: Ledger
) -> Verdict:
    unread = _read(ledger, PAGE, ())
    if unread is not None:
        return unread
    if ledger.checksum(PAGE) != page_digest(report, jobs, found, ledger):
        return OTHER_PAGE
    return CURRENT if all(found[name] is CURRENT for name in reported(jobs)) else FOLLOWS


def page_digest(
    report: dict[str, Any], jobs: dict[str, Job], found: dict[str, Verdict], ledger: Ledger
) -> str:
    """A digest of all that a campaign's page is made from: its texts, its code, and the results."""
    results = {name: (found[name].state, ledger.checksum(name)) for name in reported(jobs)}
    made_from = [report, source_hash(["glasscore.report.page"]), results]
    return hashlib.sha256(canonical_json(made_from).encode()).hexdigest()


@cache
def _fingerprint(code: tuple[str, ...]) -> str:
    return source_hash(code)


def fingerprint(job: Job) -> str:
    """Fingerprint of the code that a job runs."""
    return _fingerprint(tuple(modules(job.stage, job.parameters)))


def _read(ledger: Ledger, name: str, texts: tuple[str, ...]) -> Verdict | None:
    """Read a file's label into the ledger; return a verdict if that cannot be done."""
    try:
        ledger.label(name, texts)
    except FileNotFoundError:
        return ABSENT
    except CampaignError:
        return Verdict("damaged", "it is damaged, or another program wrote to it")
    return None


def _held_against(job: Job, jobs: dict[str, Job], ledger: Ledger, follows: bool) -> Verdict:
    """Whether a file is what its job would make, judged from its attributes.

    Parameters
    ----------
    job
        The job.
    jobs
        All jobs.
    ledger
        The ledger, with the labels of the file and of the files that it is made from.
    follows
        Whether any file that it is made from is computed again.
    """
    said = ledger.texts(job.output)
    if said["stage"] != job.stage:
        return Verdict("stale", f"it is a file of the stage {said['stage']!r}")
    why = [f"its {one}" for one in differences(said["parameters"], job.parameters)]
    if said["source_hash"] != fingerprint(job):
        why.append("it was made with other code")
    origin = plans()[job.stage].origin
    if not why and origin and (origin.from_labels or not follows):
        why += origin.faults(job, jobs, said, fingerprint, ledger.checksum)
    if not why and follows:
        return FOLLOWS
    return Verdict("stale", " and ".join(why)) if why else CURRENT


def _pictures(job: Job, numbers: Verdict, ledger: Ledger) -> dict[str, Verdict]:
    """Verdicts on the pictures of a figure."""
    names = pictures_beside(job)
    known = read_as(ledger.texts(job.output).get("pictures", ""), dict) if names else {}
    found = {}
    for name in names:
        verdict = _read(ledger, name, ())
        if (
            verdict is None
            and numbers is CURRENT
            and ledger.checksum(name) != known.get(Path(name).suffix)
        ):
            verdict = Verdict("damaged", f"it is not the picture that was drawn with {job.output}")
        found[name] = verdict or (FOLLOWS if numbers.state == "damaged" else numbers)
    return found
