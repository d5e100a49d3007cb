"""What a campaign knows of its stages: each declares itself in a module ``plan``.

A stage is a folder of glasscore with a module ``plan``, which holds an object ``PLAN``. A new stage
is a new folder: the configuration's keys, their checks, the jobs, the rules of the workflow, the
command line, the estimate, the manual's tables and the page of a campaign follow from its plan.

A plan is loaded whenever a campaign is read. It therefore imports nothing that takes long to load,
and it is not imported by the code of jobs, so that a new check computes nothing again.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from string import Formatter
from typing import Any, NamedTuple

from glasscore.common.discovery import PACKAGE
from glasscore.common.keys import Schema

Parameters = dict[str, Any]
Campaign = Mapping[str, Any]
"""A validated configuration."""


class Job(NamedTuple):
    """One file to be made.

    Attributes
    ----------
    stage
        The stage that makes it.
    output
        Its path below the campaign's folder.
    parameters
        All values that its numbers depend on, and no others: the workflow reruns a job when they
        change.
    inputs
        Paths of the files it reads.
    """

    stage: str
    output: str
    parameters: Parameters
    inputs: tuple[str, ...] = ()


class Origin(NamedTuple):
    """Files that others are made from, as those others tell it in their attributes.

    Attributes
    ----------
    attributes
        Names of the attributes.
    faults
        What is wrong with the files that a result was made from, in clauses that call the result
        "it". It is called with the job, all jobs, what the result says in its attributes,
        a function that gives the fingerprint of the code of a job, and one that gives the checksum
        of a file.
    from_labels
        Whether the faults are told without looking at these files, which then need not be there.
    """

    attributes: tuple[str, ...]
    faults: Callable[
        [Job, Mapping[str, Job], Mapping[str, str], Callable[[Job], str], Callable[[str], str]],
        Iterator[str],
    ]
    from_labels: bool = False


class Results(NamedTuple):
    """What the manual says of some files.

    Attributes
    ----------
    file
        Which files, for instance ``traps, with moves``.
    dimensions, variables
        What is in them.
    """

    file: str
    dimensions: str
    variables: str


class Plan(ABC):
    """What a stage declares of itself.

    Attributes
    ----------
    place
        Where it stands among the stages, in the order of the data: in the estimate, in the manual,
        and among the keys of a campaign.
    path
        Path of a result below the campaign's folder, with names in braces for what tells the jobs
        apart: ``traps/{study}/N{N}_T{T}.nc``.
    contents
        What such a file holds, in a few words.
    is_kept
        Whether its files are what a campaign is for. Others may be deleted when those that are made
        from them are there.
    takes_turns
        Whether its jobs are so short that a cluster runs several as one.
    restarts
        Whether a job that was cut off goes on: the stage has a module ``restart``, and its ``run``
        takes a restart file.
    beside
        Endings of the pictures that ``render`` of the stage writes beside a result.
    origin
        What a result tells of the files that it was made from; None if it is made from none.
    points
        What the points of its figures are, a sentence under each of them.
    """

    place: float
    path: str
    contents: str
    is_kept: bool = True
    takes_turns: bool = False
    restarts: bool = False
    beside: tuple[str, ...] = ()
    origin: Origin | None = None
    points: str = ""

    @property
    def results(self) -> tuple[Results, ...]:
        """Dimensions and variables of its files."""
        return ()

    @property
    def tables(self) -> Mapping[str, Callable[[], Iterator[tuple[str, ...]]]]:
        """Further tables for the manual, beside keys, parts and files: their rows, by name.

        The first row of each table is its head.
        """
        return {}

    @property
    def stage(self) -> str:
        """The name of its folder."""
        return type(self).__module__.split(".")[-2]

    @property
    @abstractmethod
    def keys(self) -> Mapping[str, Schema]:
        """Keys that the stage brings to a campaign."""

    @abstractmethod
    def problems(self, campaign: Campaign) -> Iterator[str]:
        """What is wrong with a campaign of sound shape, in sentences."""

    @abstractmethod
    def jobs(self, campaign: Campaign, before: Sequence[Job]) -> Iterator[Job]:
        """The jobs of the stage, after those of all stages before it."""

    def remarks(self, campaign: Campaign) -> Iterator[str]:
        """What is worth telling about a valid campaign, in sentences without a full stop."""
        yield from ()

    def captions(self, campaign: Campaign) -> dict[str, str]:
        """Texts that the page of a campaign shows, by figure."""
        return {}

    def number_of_jobs(self, campaign: Campaign) -> dict[str, int]:
        """How many jobs a campaign has, by what they are of, without listing them."""
        return {}

    def by_hand(self, given: Parameters, checked: Callable[..., Any]) -> Parameters:
        """Parameters of a job that is run by hand, checked as those of a campaign.

        Stages with studies need none: the smallest campaign that has the job is checked.

        Parameters
        ----------
        given
            The parameters, as they were given.
        checked
            Returns a value in its checked form. It takes the value, its schema, and the keys that
            lead to it, and raises ``CampaignError``.
        """
        raise NotImplementedError

    def modules(self, parameters: Parameters) -> list[str]:
        """Modules whose code a job runs: first the one with ``run``, then those that it picks."""
        return [f"glasscore.{self.stage}.stage"]

    def job(self, parameters: Parameters, inputs: Sequence[str] = (), **point: Any) -> Job:
        """The job of some parameters, whose path follows from them and from the rest of ``point``.

        Numbers are written as in all paths.
        """
        named = {**parameters, **point}
        fields = {name for _, name, _, _ in Formatter().parse(self.path) if name}
        output = self.path.format(**{name: _in_a_path(named[name]) for name in fields})
        return Job(self.stage, output, parameters, tuple(inputs))


def _in_a_path(value: Any) -> str:
    return value if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """A number as it appears in paths: ``0.5``, ``20``, ``inf``."""
    return f"{value:.12g}"


@cache
def plans() -> dict[str, Plan]:
    """The plans of all stages by name, in the order of the data."""
    found = {
        path.parent.name: import_module(f"glasscore.{path.parent.name}.plan").PLAN
        for path in sorted(PACKAGE.glob("*/plan.py"))
    }
    return dict(sorted(found.items(), key=lambda item: item[1].place))
