"""The plan of averages over all trajectories of one size and temperature."""

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
                "`same_configuration(waiting_time, window)`: probability to be in the same "
                "configuration at t_w and t_w(1 + omega); `no_jump(waiting_time, window)`: "
                "probability never to leave it in between; `overlap(waiting_time, window)` "
                "of the configurations at these times (spins only); `same_inherent_structure` and "
                "`inherent_overlap(waiting_time, window)`, the same for the local minima below "
                "the configurations; `waiting_energy(waiting_time)`; "
                "`trapping_time_density(trapping_time)` of visits to configurations, and "
                "`stay_density(trapping_time)` of stays (a stay lasts as long as every excursion "
                "leads straight back), with the bins' edges `trapping_time_lower` and `_upper`; "
                "their tail exponents `trapping_time_exponent` and `stay_exponent` with `_from`, "
                "`_to` (the range of the fit) and `_probability`; `samples`",
            ),
            Results(
                "traps, with basins or metabasins (`<trap>`)",
                "also `lag`, `depth` (bin centres)",
                "`same_<trap>` and `same_<trap>_if_inside(waiting_time, window)`: probability to "
                "be in the same trap at t_w and t_w(1 + omega), among all samples and among those "
                "that are in a trap at t_w; `in_<trap>(waiting_time)`: probability to be in a "
                "trap; `<trap>_trapping_time_density(trapping_time)` of the traps that were left "
                "before the end of the run, so that trapping times near the length of the run are "
                "under-represented; `<trap>_trapping_time_exponent` with `_from`, `_to` and "
                "`_probability`; `<trap>_energy_correlation` and "
                "`<trap>_duration_correlation(lag)` along the sequence of traps, each also with "
                "`_shuffled`, for sequences in random order, from the last 64 traps of samples "
                "with 16 traps or more (`<trap>_sequences` is the number of these samples); "
                "`<trap>_log_duration(depth)`, the mean ln tau (see below the table); "
                "`<trap>_overlap` of successive traps, from the last 64; "
                "`<trap>_ridge_energy(time)`, the mean energy of the ridges that were crossed "
                "since the previous time, and `<trap>_late_ridge_energy`, that of the last decade "
                "of time; the attribute `threshold_energy`",
            ),
            Results(
                "traps, single trajectories",
                "`trajectory` (the number of the sample), `trajectory_time`",
                "`trajectory_energy(trajectory, trajectory_time)`: the energy of one sample; "
                "`trajectory_<trap>_arrival`, `_departure` and `_energy(trajectory, "
                "trajectory_<trap>)`: times and energies of its traps in order, for those traps "
                "that are occupied at one of the times `trajectory_time`",
            ),
            Results(
                "traps, with responses",
                "`waiting_time`, `window`, `field_time`, `response_time`",
                "`response` and `correlation(waiting_time, window)`: integrated response at "
                "t_w(1 + omega) to a field since t_w, and the correlation between these times; "
                "`fluctuation_dissipation_violation(waiting_time, window)`: T chi - (1 - C); "
                "`later_response` and `later_correlation(field_time, response_time)`: the same "
                "between any two waiting times; `fluctuation_dissipation_ratio(field_time, "
                "response_time)`: X at the response time, from a field time and the next one, by "
                "the jackknife; NaN where the correlation changes by less than four standard "
                "errors between these field times",
            ),
            Results(
                "traps, with moves",
                "`move_energy` (bin centres)",
                "`move_asymmetry(move_energy)`: share of moves up in energy minus that of moves "
                "down; `move_drift(move_energy)`: mean change of the energy in a move; both only "
                "in bins in which at least 20 samples moved",
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
        """A study that has a job with these parameters, completed by keys of its dynamics.

        Those keys are not among the parameters of the job, so that any values will do.
        """
        asked = is_used("threshold", chosen.get("recorders"))
        yield {**chosen, "t_max": 1e15, **({"threshold": 0.0} if asked else {})}


PLAN = TrapsPlan()
