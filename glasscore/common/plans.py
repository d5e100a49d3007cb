"""Plans: each stage declares in a module ``plan`` all that a campaign must know about it.

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
    """A job of the workflow, which makes one file.

    Attributes
    ----------
    stage
        The stage that makes the file.
    output
        Path of the file below the campaign's folder.
    parameters
        All values that the numbers in the file depend on, and no others: the workflow reruns a job
        when they change.
    inputs
        Paths of the files that the job reads.
    """

    stage: str
    output: str
    parameters: Parameters
    inputs: tuple[str, ...] = ()


class Origin(NamedTuple):
    """How a result tells, in its attributes, which files it was made from.

    Attributes
    ----------
    attributes
        Names of the attributes.
    faults
        A function that says what is wrong with the files that a result was made from, in clauses
        that call the result "it". Its arguments are the job, all jobs, the attributes of the
        result, a function that gives the fingerprint of the code of a job, and one that gives the
        checksum of a file.
    from_labels
        Whether ``faults`` needs only the attributes of the result, so that the files that it was
        made from need not be there.
    """

    attributes: tuple[str, ...]
    faults: Callable[
        [Job, Mapping[str, Job], Mapping[str, str], Callable[[Job], str], Callable[[str], str]],
        Iterator[str],
    ]
    from_labels: bool = False


class Results(NamedTuple):
    """What the manual says of one kind of result file.

    Attributes
    ----------
    file
        The kind of file, for instance ``traps, with moves``.
    dimensions, variables
        The dimensions and variables of such files.
    """

    file: str
    dimensions: str
    variables: str


class Plan(ABC):
    """What a stage declares of itself.

    Attributes
    ----------
    place
        A number that gives the stage its place in the order of the data: in the estimate, in the
        manual, and among the keys of a campaign.
    path
        Path of a result below the campaign's folder, with the parameters that differ between jobs
        in braces: ``traps/{study}/N{N}_T{T}.nc``.
    contents
        What such a file holds, in a few words.
    is_kept
        Whether its files are wanted for themselves. The files of other stages may be deleted as
        soon as all results that are made from them are there.
    takes_turns
        Whether its jobs are so short that a cluster should run several of them as one.
    restarts
        Whether a job that was cut off goes on from a restart file. If so, the stage has a module
        ``restart``, and its function ``run`` takes a restart file.
    beside
        Endings of the pictures that the function ``render`` of the stage writes beside a result.
    origin
        How a result tells which files it was made from; None if it is made from none.
    remedy
        What a message advises if a study makes too many jobs.
    """

    place: float
    path: str
    contents: str
    is_kept: bool = True
    takes_turns: bool = False
    restarts: bool = False
    beside: tuple[str, ...] = ()
    origin: Origin | None = None
    remedy: str = "shorten its lists"

    @property
    def results(self) -> tuple[Results, ...]:
        """Dimensions and variables of its files."""
        return ()

    @property
    def tables(self) -> Mapping[str, Callable[[], Iterator[tuple[str, ...]]]]:
        """Further tables of the manual, besides those of keys, parts and files: rows by name.

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
        """Keys that the stage adds to a campaign."""

    @abstractmethod
    def problems(self, campaign: Campaign) -> Iterator[str]:
        """What is wrong with a campaign that fits the schema, in sentences."""

    @abstractmethod
    def jobs(self, campaign: Campaign, before: Sequence[Job]) -> Iterator[Job]:
        """The jobs of the stage, given those of all stages ``before`` it."""

    def remarks(self, campaign: Campaign) -> Iterator[str]:
        """What is worth telling about a valid campaign, in sentences without a full stop."""
        yield from ()

    def captions(self, campaign: Campaign) -> dict[str, str]:
        """Captions that the page of a campaign shows, by figure."""
        return {}

    def number_of_jobs(self, campaign: Campaign) -> dict[str, int]:
        """How many jobs a campaign has, by study, without listing them."""
        return {}

    def by_hand(self, given: Parameters, checked: Callable[..., Any]) -> Parameters:
        """Parameters of a job that is run by hand, checked as those of a campaign.

        Stages with studies need no such method, because the smallest campaign with that job is
        checked instead.

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
        """Modules whose code a job runs: first that with ``run``, then those of chosen parts."""
        return [f"glasscore.{self.stage}.stage"]

    def job(self, parameters: Parameters, inputs: Sequence[str] = (), **point: Any) -> Job:
        """The job with some parameters.

        Its path follows from the parameters and from ``point``, which are further names in the
        path. Numbers are written as in all paths.
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
