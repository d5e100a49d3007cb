"""Which files of a campaign are what its configuration asks for, told from the files themselves.

The workflow manager keeps account of how each file was made in a folder of its own, by the file's
name. Names say nothing where files are copied, or come from another machine; so each file is held
against what it says of itself, and the chain behind it too: averages against the trajectories, and
figures against the results, that the campaign would compute now.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from glasscore.campaign.listing import Job, modules, pictures_beside, reported, targets
from glasscore.common.errors import CampaignError
from glasscore.files.label import Ledger
from glasscore.files.origin import OF_EVERY_FILE, OF_STAGE, of_results, of_trajectories
from glasscore.files.provenance import canonical_json, source_hash

PAGE = "report.html"
# So many keys are named where a file was made with other parameters, and so much of a value.
NAMED = 3
LONGEST = 60


class Verdict(NamedTuple):
    """What is known of a file.

    Attributes
    ----------
    state
        ``"current"``, ``"absent"``, ``"damaged"``, or ``"stale"``: made otherwise.
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
        Of the folder of the results.
    report
        What the campaign's page says by itself; without it nothing is said of the page.

    Returns
    -------
    dict
        A verdict by the path below the folder: of netCDF files, pictures, and the page.

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
        texts = OF_EVERY_FILE + OF_STAGE.get(job.stage, ())
        found[output] = _read(ledger, output, texts) or _held_against(job, jobs, ledger, follows)
        if job.stage == "figures":
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
    """What a campaign's page is made from, as one number: its words, its code, and the results."""
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
    """Have a file's label read; say if that cannot be done."""
    try:
        ledger.label(name, texts)
    except FileNotFoundError:
        return ABSENT
    except CampaignError:
        return Verdict("damaged", "it is damaged, or another program wrote to it")
    return None


def _held_against(job: Job, jobs: dict[str, Job], ledger: Ledger, follows: bool) -> Verdict:
    """Whether a file is what its job would make, from what it says of itself.

    Parameters
    ----------
    job
        The job.
    jobs
        All jobs.
    ledger
        With the labels of the file and of those that it is made from.
    follows
        Whether any of these is computed again.
    """
    said = ledger.texts(job.output)
    if said["stage"] != job.stage:
        return Verdict("stale", f"it is a file of the stage {said['stage']!r}")
    why = [f"its {one}" for one in differences(said["parameters"], job.parameters)]
    if said["source_hash"] != fingerprint(job):
        why.append("it was made with other code")
    if not why and job.stage == "traps":
        why += _trajectories(job, jobs, said)
    if not why and follows:
        return FOLLOWS
    if not why and job.stage == "figures":
        why += _results(job, jobs, said["inputs"], ledger)
    return Verdict("stale", " and ".join(why)) if why else CURRENT


def _trajectories(job: Job, jobs: dict[str, Job], said: dict[str, str]) -> Iterator[str]:
    """What is wrong with the trajectories that were averaged."""
    blocks = [jobs[name] for name in job.inputs]
    samples = sum(block.parameters["samples"] for block in blocks)
    asked = of_trajectories(blocks[0].parameters, samples, fingerprint(blocks[0]))
    run = json.loads(asked["dynamics_parameters"])
    for difference in differences(said["dynamics_parameters"], run):
        yield f"it averages trajectories whose {difference}"
    if said["dynamics_source_hash"] != asked["dynamics_source_hash"]:
        yield "it averages trajectories of other code"


def _results(job: Job, jobs: dict[str, Job], said: str, ledger: Ledger) -> Iterator[str]:
    """What is wrong with the results that were drawn."""
    asked = [
        (jobs[name].parameters, fingerprint(jobs[name]), ledger.checksum(name))
        for name in job.inputs
    ]
    shown, wanted = _value(said, list), json.loads(of_results(asked))
    if len(shown) != len(wanted):
        yield f"it shows {len(shown)} results instead of {len(wanted)}"
    elif Counter(map(canonical_json, shown)) != Counter(map(canonical_json, wanted)):
        yield "it shows other results than those beside it"


def _pictures(job: Job, numbers: Verdict, ledger: Ledger) -> dict[str, Verdict]:
    """What is known of the pictures of a figure."""
    known = _value(ledger.texts(job.output).get("pictures", ""), dict)
    found = {}
    for name in pictures_beside(job):
        verdict = _read(ledger, name, ())
        if (
            verdict is None
            and numbers is CURRENT
            and ledger.checksum(name) != known.get(Path(name).suffix)
        ):
            verdict = Verdict("damaged", f"it is not the picture that was drawn with {job.output}")
        found[name] = verdict or (FOLLOWS if numbers.state == "damaged" else numbers)
    return found


def _value(text: str, kind: type) -> Any:
    """What a text of JSON holds; nothing if it is of another kind."""
    try:
        found = json.loads(text)
    except ValueError:
        return kind()
    return found if isinstance(found, kind) else kind()


def differences(said: str, asked: dict[str, Any]) -> list[str]:
    """Which of the parameters in a file differ from those asked for, with both values.

    Parameters
    ----------
    said
        JSON, as it stands in the file.
    asked
        The parameters of the job.
    """
    wanted = canonical_json(asked)
    if said == wanted:
        return []
    before, now = _flat(_value(said, dict)), _flat(json.loads(wanted))
    # A whole number is the same in both spellings.
    keys = [key for key in sorted(before | now) if before.get(key, key) != now.get(key, key)]
    named = [f"{key} is {_word(before, key)} instead of {_word(now, key)}" for key in keys[:NAMED]]
    if keys[NAMED:]:
        named[-1] += f", with {len(keys) - NAMED} more keys that differ"
    return named


def _flat(values: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{above}{key}.") if isinstance(value, dict) else {above + key: value}
    return flat


def _word(values: dict[str, Any], key: str) -> str:
    text = canonical_json(values[key]) if key in values else "not set"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
