"""Plans of stages whose studies stand by name in a section of the configuration."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from glasscore.common.errors import CampaignError
from glasscore.common.keys import STUDY_NAME, Schema
from glasscore.common.plans import Campaign, Job, Parameters, Plan, plans


class StudyPlan(Plan):
    """What a stage with studies declares of itself.

    Attributes
    ----------
    section
        The key of a campaign that holds its studies. Several stages share a section if they form a
        chain that starts from the same studies.
    about
        What the studies are about, in a few words.
    study
        The keys of a study; None if another stage with the same section declares them.
    shares
        The key whose value must be the same in two studies for one to use the disorder samples of
        the other (by its key ``disorder``). Studies of all sections with the same ``shares`` can do
        so. It is empty if samples are never shared.
    """

    section: str
    about: str = ""
    study: Schema | None = None
    shares: str = ""

    @property
    def keys(self) -> Mapping[str, Schema]:
        """The section, if the keys of its studies are declared here."""
        if self.study is None:
            return {}
        return {
            self.section: {
                "description": f"a mapping of study names to studies of {self.about}",
                "type": "object",
                "default": {},
                "propertyNames": STUDY_NAME,
                "additionalProperties": self.study,
                "manual": {"meaning": f"studies of {self.about}, by name", "default": "none"},
            }
        }

    def problems(self, campaign: Campaign) -> Iterator[str]:
        """What is wrong with each study."""
        for name, study in campaign[self.section].items():
            yield from self.problems_of(f"{self.section}.{name}", study)

    def problems_of(self, where: str, study: Parameters) -> Iterator[str]:
        """What is wrong with a study, beyond values that are out of their ranges.

        Parameters
        ----------
        where
            The place of the study, ``section.name``, which begins each sentence.
        study
            The study in its checked form.
        """
        yield from ()

    def refusal_of_sharing(self, study: Parameters) -> str:
        """Why a study can neither use another's disorder samples nor lend its own, or ``""``.

        The text continues the sentence "<section>.<study>.disorder is <name>, but must be".
        """
        return ""

    def complete(self, study: Parameters) -> Parameters:
        """The study with those defaults that depend on its other keys."""
        return study

    def is_random(self, study: Parameters) -> bool:
        """Whether the numbers of a study follow from the campaign's seed."""
        return True

    def jobs(self, campaign: Campaign, before: Sequence[Job]) -> Iterator[Job]:
        """The jobs of all studies."""
        for name, study in campaign[self.section].items():
            own = {"seed": campaign["seed"]} if self.is_random(study) else {}
            yield from self.jobs_of({**own, "study": name}, study)

    @abstractmethod
    def jobs_of(self, begin: Parameters, study: Parameters) -> Iterator[Job]:
        """The jobs of a study.

        Parameters
        ----------
        begin
            The first parameters of all its jobs: the ``seed``, if the study is random, and the name
            of the ``study``.
        study
            The study in its checked form.
        """

    def number_of_jobs(self, campaign: Campaign) -> dict[str, int]:
        """How many jobs each study has."""
        return {
            f"{self.section}.{name}": self.number_of(study)
            for name, study in campaign[self.section].items()
        }

    def number_of(self, study: Parameters) -> int:
        """How many jobs a study has: one for each of its sizes and temperatures."""
        return len(study.get("N", [None])) * len(study.get("T", [None]))

    # The rest of this class serves jobs that are run by hand.

    lists: ClassVar[tuple[str, ...]] = ("N", "T")
    """Keys of which a study has a list of values and a job has one."""
    renamed: ClassVar[Mapping[str, str]] = {}
    """Names of keys in a study, and their names in the parameters of a job, where they differ."""

    def studies_with(self, chosen: Parameters) -> Iterator[Parameters]:
        """Studies that have a job with these parameters; at least one of them must be allowed."""
        yield chosen

    def finish(self, given: Parameters, expected: Parameters) -> Parameters:
        """The parameters of the job, if they differ from those of the study's first job."""
        return expected


def sections() -> dict[str, StudyPlan]:
    """The sections that hold studies, each with the plan that declares their keys."""
    return {
        plan.section: plan
        for plan in plans().values()
        if isinstance(plan, StudyPlan) and plan.study is not None
    }


def disorder_of(study: Parameters) -> Parameters:
    """The parameter ``disorder`` of a study that uses another's samples; empty without the key."""
    return {"disorder": study["disorder"]} if "disorder" in study else {}


def require(given: Parameters, *keys: str) -> None:
    """Refuse parameters of a job that lack a key."""
    for key in keys:
        if key not in given:
            raise CampaignError(f"{key} is missing.")
