"""The plan of averages over all trajectories of one size and temperature."""

import json
from collections.abc import Callable, Iterator, Mapping

from glasscore.common.plans import Job, Origin, Parameters, Results
from glasscore.common.studies import StudyPlan
from glasscore.dynamics.plan import PLAN as DYNAMICS
from glasscore.dynamics.plan import changes_of, is_used
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
    first_ones = [block for block in blocks if "replica" not in block.parameters]
    samples = sum(block.parameters["samples"] for block in first_ones)
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
                "`time`, `waiting_time`, `window`, `trapping_time` (bin centres), `quantile` "
                "(0.05, 0.25, 0.5, 0.75, 0.95)",
                "`energy`, `maximum_energy` and `inherent_energy(time)`, each also with "
                "`_quantile(time, quantile)` behind its name, over samples; "
                "`energy_variance(time)` over samples and `energy_change(time)` since the first "
                "time, in equilibrium; `magnetisation(time)`; with ramps `temperature(time)`, and "
                "in a field `field(time)`; "
                "`same_configuration(waiting_time, window)`: probability to be in the same "
                "configuration at t_w and t_w(1 + omega); `no_jump(waiting_time, window)`: "
                "probability never to leave it in between; `overlap(waiting_time, window)` "
                "of the configurations at these times (spins only); `same_inherent_structure` and "
                "`inherent_overlap(waiting_time, window)`, the same for the local minima below "
                "the configurations; `waiting_energy(waiting_time)`; "
                "`correlation_from_start(time)` with the configuration at t = 0, which is the "
                "overlap of spins and the probability of the same state otherwise, and in "
                "equilibrium (`start: equilibrium` or `planted`, at the temperature of the run) "
                "`relaxation_time`, at which it is 1/2; this is NaN if it is not reached; "
                "`trapping_time_density(trapping_time)` of visits to configurations, and "
                "`stay_density(trapping_time)` of stays (a stay lasts as long as every excursion "
                "leads straight back), with the bins' edges `trapping_time_lower` and `_upper`; "
                "with fixed lags, also `fixed_waiting_time` (t_w, 0 among them) and `fixed_lag`, "
                "and `lag_same_configuration`, `lag_no_jump` and "
                "`lag_overlap(fixed_waiting_time, fixed_lag)`, the same between t_w and t_w + lag; "
                "their tail exponents `trapping_time_exponent` and `stay_exponent` with `_from`, "
                "`_to` (the range of the fit) and `_probability`; `samples`",
            ),
            Results(
                "traps, fluctuations of spins",
                "also `overlap_value` (bin centres)",
                "`four_point_susceptibility(waiting_time, window)`: chi_4 = N Var q over samples, "
                "where q is the overlap of the configurations at t_w and t_w(1 + omega), with its "
                "error by the jackknife; `overlap_density(waiting_time, window, overlap_value)`: "
                "the law of q over samples, normalised over bins with the edges "
                "`overlap_value_lower` and `_upper`, symmetric about 0 and with one bin for each "
                "possible overlap up to N = 24; `overlap_quantile(waiting_time, window, "
                "quantile)`. With one trajectory a sample these are fluctuations of the "
                "trajectories and of the disorder together",
            ),
            Results(
                "traps, aging",
                "none",
                "for `overlap` and `same_configuration` of spins, and else for `no_jump`: "
                "behind these names `_subaging_exponent` mu, with which correlations of all "
                "waiting times and windows that were recorded lie on one curve (see below the "
                "table), its statistical error `_error`, its systematic error `_systematic`, and "
                "`_subaging_residual`, the root mean square of what that curve misses",
            ),
            Results(
                "traps, with `replicas`",
                "as above",
                "`thermal_susceptibility(waiting_time, window)`: N times the mean over samples of "
                "the variance of q in one sample; `disorder_susceptibility`: N times the variance "
                "over samples of the mean of q in one sample, without bias; "
                "`four_point_susceptibility`, their sum, from all trajectories (spins only); "
                "`same_configuration_variance(waiting_time, window)`: the variance over samples of "
                "the probability, in one sample, to be in the same configuration at both times. "
                "All other averages are over the first trajectory of each sample",
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
                shared |= changes_of(study)
                if study["replicas"] > 1:
                    shared["replicas"] = study["replicas"]
                blocks = [block.output for block in DYNAMICS.blocks(size, study, T)]
                yield self.job({**size, **shared}, blocks)

    def studies_with(self, chosen: Parameters) -> Iterator[Parameters]:
        """A study that has a job with these parameters, completed by keys of its dynamics.

        Those keys are not among the parameters of the job, so that any values will do that are
        allowed with all recorders.
        """
        asked = is_used("threshold", chosen.get("recorders"))
        threshold = {"threshold": 0.0} if asked else {}
        yield {**chosen, "t_max": 1e15, "clock": "rejection_free", **threshold}


PLAN = TrapsPlan()
