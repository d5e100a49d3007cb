"""Plans of stages whose studies stand by name in a section of the configuration."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from glasscore.common.errors import CampaignError
from glasscore.common.keys import STUDY_NAME, Schema
from glasscore.common.plans import Campaign, Job, Parameters, Plan


class StudyPlan(Plan):
    """What a stage with studies declares of itself.

    Attributes
    ----------
    section
        The key of a campaign that holds its studies. Several stages may share a section, as a chain
        of stages from one study does.
    about
        What the studies are of, in a few words.
    study
        The keys of a study; None if another stage with the same section has them.
    shares
        The key in which studies must agree to share disorder samples by their key ``disorder``,
        which all sections with the same word here can do; empty if samples are never shared.
    remedy
        What to do about a study that makes too many jobs.
    """

    section: str
    about: str = ""
    study: Schema | None = None
    shares: str = ""
    remedy: str = "shorten its lists"

    @property
    def keys(self) -> Mapping[str, Schema]:
        """The section, if the keys of its studies are told here."""
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
        """What is wrong with a study that the ranges of its keys do not tell.

        Parameters
        ----------
        where
            The place of the study, ``section.name``, which begins each sentence.
        study
            In its checked form.
        """
        yield from ()

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
            What the parameters of all of them begin with: the ``seed``, if the study is random, and
            the name of the ``study``.
        study
            In its checked form.
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

    def points_of(self, study: Parameters) -> str:
        """What the points are in figures of a study."""
        return self.points

    # Of jobs that are run by hand.

    lists: ClassVar[tuple[str, ...]] = ("N", "T")
    """Keys of which a job has one value and a study a list."""
    renamed: ClassVar[Mapping[str, str]] = {}
    """Keys of a study and what a job calls them."""

    def studies_with(self, chosen: Parameters) -> Iterator[Parameters]:
        """Studies that have a job with these parameters, of which one must be allowed."""
        yield chosen

    def finish(self, given: Parameters, expected: Parameters) -> Parameters:
        """The parameters of the job, where the study's first job has others than the one given."""
        return expected


def disorder_of(study: Parameters) -> Parameters:
    """The study whose disorder samples a study shares; its own name stands for its own ones."""
    return {"disorder": study["disorder"]} if "disorder" in study else {}


def require(given: Parameters, *keys: str) -> None:
    """Refuse parameters of a job that lack a key."""
    for key in keys:
        if key not in given:
            raise CampaignError(f"{key} is missing.")
