"""What a campaign knows of the averages over all trajectories of one size and temperature."""

import json
from collections.abc import Callable, Iterator, Mapping

from glasscore.common.plans import Job, Origin, Parameters
from glasscore.common.studies import StudyPlan
from glasscore.dynamics.plan import PLAN as DYNAMICS
from glasscore.dynamics.plan import is_used
from glasscore.files.origin import of_trajectories
from glasscore.files.parameters_in_words import differences
from glasscore.landscapes.plan import of_size


def faults_of_trajectories(
    job: Job,
    jobs: Mapping[str, Job],
    said: Mapping[str, str],
    fingerprint: Callable[[Job], str],
    checksum: Callable[[str], str],
) -> Iterator[str]:
    """What is wrong with the trajectories that were averaged."""
    blocks = [jobs[name] for name in job.inputs]
    samples = sum(block.parameters["samples"] for block in blocks)
    asked = of_trajectories(blocks[0].parameters, samples, fingerprint(blocks[0]))
    run = json.loads(asked["dynamics_parameters"])
    for difference in differences(said["dynamics_parameters"], run):
        yield f"it averages trajectories whose {difference}"
    if said["dynamics_source_hash"] != asked["dynamics_source_hash"]:
        yield "it averages trajectories of other code"


class TrapsPlan(StudyPlan):
    """Averages: a job reads the blocks of one size and temperature."""

    place = 30
    section = "activated"
    path = "traps/{study}/N{N}_T{T}.nc"
    contents = "what was measured in the trajectories, averaged over all samples"
    takes_turns = True
    points = DYNAMICS.points
    origin = Origin(
        ("dynamics_parameters", "dynamics_source_hash"), faults_of_trajectories, from_labels=True
    )

    def jobs_of(self, begin: Parameters, study: Parameters) -> Iterator[Job]:
        """One job for each size and temperature."""
        for N in study["N"]:
            size = of_size(begin, study, N)
            for T in study["T"]:
                shared = {"rule": study["rule"], "T": T, "recorders": study["recorders"]}
                shared |= {"samples": study["samples"], "windows": study["windows"]}
                blocks = [block.output for block in DYNAMICS.blocks(size, study, T)]
                yield self.job({**size, **shared}, blocks)

    def studies_with(self, chosen: Parameters) -> Iterator[Parameters]:
        """A study whose dynamics is such that the averages can be taken."""
        asked = is_used("threshold", chosen.get("recorders"))
        yield {**chosen, "t_max": 1e15, **({"threshold": 0.0} if asked else {})}


PLAN = TrapsPlan()
