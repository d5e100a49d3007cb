"""What a campaign knows of the averages over all trajectories of one size and temperature."""

import json
from collections.abc import Callable, Iterator, Mapping

from glasscore.common.plans import Job, Origin, Parameters, Results
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

    @property
    def results(self) -> tuple[Results, ...]:
        """Dimensions and variables of its files."""
        return (
            Results(
                "traps",
                "`time`, `waiting_time`, `window`, `trapping_time` (bin centres)",
                "`energy`, `maximum_energy` and `inherent_energy(time)`; "
                "`same_configuration(waiting_time, window)`: in the same configuration at t_w"
                " and t_w(1 + omega); `no_jump(waiting_time, window)`: never left in between;"
                " `overlap(waiting_time, window)` (spins only); `same_inherent_structure` and"
                " `inherent_overlap(waiting_time, window)` of the local minima below them; "
                "`waiting_energy(waiting_time)`; `trapping_time_density(trapping_time)` of "
                "visits and `stay_density(trapping_time)` of stays, which last while every "
                "excursion leads straight back, with the bins' edges `trapping_time_lower` "
                "and `_upper`; their tail exponents `trapping_time_exponent` and "
                "`stay_exponent` with `_from`, `_to` (the range fitted) and `_probability`; "
                "`samples`",
            ),
            Results(
                "traps, with basins or metabasins (`<trap>`)",
                "also `lag`, `depth` (bin centres)",
                "`same_<trap>`, `same_<trap>_if_inside(waiting_time, window)`: in the same "
                "one at both times, of all samples and of those inside one at t_w; "
                "`in_<trap>(waiting_time)`; `<trap>_trapping_time_density(trapping_time)` of "
                "those left by the end, so that lengths near that of the run are too few, "
                "`<trap>_trapping_time_exponent` with `_from`, `_to` and `_probability`; "
                "`<trap>_energy_correlation` and `<trap>_duration_correlation(lag)` along the"
                " sequence of traps, and `_shuffled`, of sequences in random order, from the "
                "last 64 of samples with 16 or more, of which there are `<trap>_sequences`; "
                "`<trap>_log_duration(depth)`, the mean ln tau (see below the table); "
                "`<trap>_overlap` of successive ones, of the last 64; "
                "`<trap>_ridge_energy(time)`, the mean of the ridges crossed since the time "
                "before, and `<trap>_late_ridge_energy`, in the last decade; the attribute "
                "`threshold_energy`",
            ),
            Results(
                "traps, single trajectories",
                "`trajectory` (the number of the sample), `trajectory_time`",
                "`trajectory_energy(trajectory, trajectory_time)`: the energy of one sample; "
                "of its traps that are occupied at one of these times, in order, "
                "`trajectory_<trap>_arrival`, `_departure` and `_energy(trajectory, "
                "trajectory_<trap>)`",
            ),
            Results(
                "traps, with moves",
                "`move_energy` (bin centres)",
                "`move_asymmetry(move_energy)`: share of moves up less that of moves down; "
                "`move_drift(move_energy)`: mean change of the energy by a move; where at "
                "least 20 samples moved",
            ),
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
