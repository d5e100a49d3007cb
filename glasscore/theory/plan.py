"""The plan of exact laws and stationary equations."""

from collections.abc import Iterator
from importlib import import_module
from typing import ClassVar

from glasscore.common import discovery
from glasscore.common.keys import TITLE, manual, mapping, part
from glasscore.common.plans import Job, Parameters, Results
from glasscore.common.sentences import refused, repetitions
from glasscore.common.studies import StudyPlan

STUDIES = "theory/studies"


class TheoryPlan(StudyPlan):
    """Exact laws: a job solves a study with all its values."""

    place = 70
    section = "theory"
    about = "exact laws and stationary equations"
    path = "theory/{study}.nc"
    contents = "an exact law, or the solution of a stationary equation"
    lists: ClassVar = ()
    study = mapping(
        ("solve",),
        {
            "title": TITLE,
            "solve": manual(part(STUDIES), "what is solved; each choice brings further keys"),
        },
        options={"solve": STUDIES},
    )

    @property
    def results(self) -> tuple[Results, ...]:
        """Dimensions and variables of its files, as the module of each study states them."""
        return tuple(
            Results(f"theory `{name}`", *discovery.constant(STUDIES, name, "RESULTS"))
            for name in discovery.names(STUDIES)
        )

    def problems_of(self, where: str, study: Parameters) -> Iterator[str]:
        """Values that are given twice, and what the module of the study refuses."""
        for key, values in study.items():
            if isinstance(values, list):
                yield from repetitions(f"{where}.{key}", values)
        if discovery.defines(STUDIES, study["solve"], "refusal"):
            module = import_module(discovery.module(STUDIES, study["solve"]))
            yield from refused(where, module.refusal(study))

    def is_random(self, study: Parameters) -> bool:
        """Whether random numbers are drawn: they never are."""
        return False

    def jobs_of(self, begin: Parameters, study: Parameters) -> Iterator[Job]:
        """The one job of a study."""
        options = {key: value for key, value in study.items() if key != "title"}
        yield self.job({**begin, **options})

    def number_of(self, study: Parameters) -> int:
        """The number of jobs of a study: one, however long its lists are."""
        return 1

    def modules(self, parameters: Parameters) -> list[str]:
        """The module that writes the file, and the module of the study."""
        return [*super().modules(parameters), discovery.module(STUDIES, parameters["solve"])]


PLAN = TheoryPlan()
