"""What a campaign knows of random walks."""

from collections.abc import Iterator

from glasscore.common.errors import shown
from glasscore.common.keys import SAMPLES, TITLE, list_of, manual, mapping, whole_number
from glasscore.common.plans import Job, Parameters, Results
from glasscore.common.sentences import repetitions
from glasscore.common.studies import StudyPlan


class WalksPlan(StudyPlan):
    """The plan of random walks; one job computes all walkers with the same number of steps."""

    place = 90
    section = "walks"
    about = "random walks"
    path = "walks/{study}/N{N}.nc"
    contents = "distances of random walkers"
    results = (Results("walks", "none", "`mean_square_distance`, `samples`"),)
    study = mapping(
        ("N", "samples"),
        {
            "title": TITLE,
            "N": manual(
                list_of(whole_number(1, 10_000), "a list of whole numbers from 1 to 10000"),
                "number of steps",
                symbol="N",
                unit="steps",
            ),
            "samples": SAMPLES,
        },
    )

    def problems_of(self, where: str, study: Parameters) -> Iterator[str]:
        """Refuse lengths that are given twice, and too few walkers for a standard error."""
        yield from repetitions(f"{where}.N", study["N"])
        if study["samples"] < 2:
            yield f"{where}.samples is {shown(study['samples'])}, but must be at least 2."

    def jobs_of(self, begin: Parameters, study: Parameters) -> Iterator[Job]:
        """One job for each length."""
        for N in study["N"]:
            yield self.job({**begin, "samples": study["samples"], "N": N})


PLAN = WalksPlan()
