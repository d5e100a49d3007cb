"""The plan of the stage of activated dynamics: trajectories in blocks of disorder samples."""

import math
from collections.abc import Iterator
from importlib import import_module
from typing import Any, ClassVar

from glasscore.common import discovery
from glasscore.common.errors import CampaignError, shown
from glasscore.common.keys import (
    MOST_SAMPLES,
    SAMPLES,
    TITLE,
    list_of,
    manual,
    mapping,
    names_of,
    number,
    number_above,
    one_of,
    part,
    part_with_options,
    whole_number,
    word,
)
from glasscore.common.plans import Job, Parameters, Results
from glasscore.common.ramps import problems_of_ramps, ramps_of_runs
from glasscore.common.sentences import one_of as one_of_names
from glasscore.common.sentences import refused, repetitions
from glasscore.common.studies import StudyPlan
from glasscore.files.parameters_in_words import shown as shown_as_json
from glasscore.landscapes.plan import (
    DISORDER,
    ENERGIES,
    GRAPHS,
    LANDSCAPE,
    SHARED,
    modules_of_landscape,
    of_size,
    problems_of_size,
)
from glasscore.models.schedule import STANDARD_WINDOWS, extra_windows

RULES, CLOCKS = "dynamics/rules", "dynamics/clocks"
RECORDERS = "dynamics/recorders"
STARTS = "dynamics/starts"
RANDOM, PLANTED, SAME = "random", "planted", "same"
# Keys of a study that only its dynamics depends on.
OF_THE_RUN = ("clock", "t_max", "times_per_decade", "waiting_times_per_decade")
LEAST_TEMPERATURE = 1e-6
LEAST_FIELD = 1e-4
# Most trajectories in one landscape.
MOST_REPLICAS = 1000
RULE = manual(
    part_with_options(RULES),
    "rate of a move: the rule's name, or a mapping with the key `name` and the keys of the rule, "
    "see below",
    symbol="W",
)
STUDY = mapping(
    ("landscape", "rule", "N", "T", "samples", "t_max"),
    {
        "title": TITLE,
        "landscape": LANDSCAPE,
        "disorder": DISORDER,
        "rule": RULE,
        "clock": manual(
            part(CLOCKS, default="superbasin"),
            "algorithm that advances a trajectory in time; all clocks are statistically exact",
        ),
        "N": manual(
            list_of(
                one_of(
                    whole_number(2, 4096),
                    word(math.inf),
                    description="a whole number from 2 to 4096, or .inf on a graph that allows it",
                ),
                "a list of whole numbers from 2 to 4096",
            ),
            "number of spins; on the graph `complete`, the binary logarithm of the number of "
            "states M",
            symbol="N",
            unit="spins",
            allowed="whole numbers, 2 to the largest that the energies allow, see below; also "
            "`.inf` on the graph `complete` with `exponential` energies",
        ),
        "T": manual(
            list_of(
                one_of(
                    number(1e-6, 1e6),
                    word(0),
                    description="a temperature from 1e-6 to 1e6, or 0 with a rule that allows it",
                ),
                "a list of temperatures, each 0 or from 1e-6 to 1e6",
            ),
            "temperature",
            symbol="T",
            unit="J",
            allowed="1e-6 to 1e6; 0 with the rule `metropolis`, `heat_bath` or `barrier`",
        ),
        "samples": manual(
            SAMPLES,
            "disorder samples at each N and T",
            allowed="whole number, 1 to 10^6 (averaging takes about 12 kB a sample)",
        ),
        "replicas": manual(
            whole_number(
                1, MOST_REPLICAS, "a whole number of trajectories", used_by="recorders", default=1
            ),
            "number of trajectories in the landscape of each sample, each from a state of its own "
            "(with `start: planted` all from the planted state). With two or more, fluctuations of "
            "the overlap are divided into those of trajectories and those of the disorder; all "
            "other averages are over the first trajectory of each sample",
            allowed=f"whole number, 1 to {MOST_REPLICAS}; times `samples` at most 10^6",
        ),
        "block": manual(
            one_of(
                whole_number(1, 100_000),
                word("auto"),
                description="a whole number of disorder samples per job from 1 to 100000, or auto",
                default="auto",
            ),
            "disorder samples in one job; the results do not depend on it",
            default="`auto`, see below",
        ),
        "t_max": manual(
            number(
                1,
                1e15,
                description="a number of attempts from 1 to 1e15 (where the clock tells single "
                "attempts)",
            ),
            "length of a trajectory",
            symbol="t",
            unit="attempts",
            allowed="1 to 1e15, where double precision still resolves single attempts; at least "
            "1 + the longest window, if a recorder uses windows",
        ),
        "windows": manual(
            list_of(
                number_above(0, 1e6),
                "a list of numbers above 0 and at most 1e6",
                used_by="recorders",
                default=[0.1, 0.5, 1.0, 10.0],
            ),
            "t/t_w, for comparing t_w with t_w + t = t_w (1 + ω)",
            symbol="ω",
        ),
        "lags": manual(
            list_of(
                number_above(0, 1e15),
                "a list of at most 12 numbers of attempts above 0",
                used_by="recorders",
                maxItems=12,
                default=[1.0, 10.0],
            ),
            "t - t_w, for comparing t_w, also 0, with t_w + lag",
            unit="attempts",
            allowed="at most 12 numbers above 0, the longest at most `t_max`",
        ),
        "start": manual(
            {**part_with_options(STARTS), "default": RANDOM, "alone": ("equilibrium", "T")},
            "state in which trajectories begin: a name, a mapping with the key `name` and the keys "
            "of the start, or a temperature, which stands for `equilibrium` at this temperature; "
            "see below",
        ),
        "field": manual(
            number(-1000, 1000, default=0.0),
            "field on all spins, -h sum_i s_i in the energy, which acts from the start of the run "
            "on, in addition to the landscape",
            symbol="h",
            unit="J",
            allowed="-1000 to 1000, 0 or at least 1e-4 in size; not 0 only on the graph "
            "`hypercube`, and not with the landscape's own field or with `number_partitioning`",
        ),
        "ramps": ramps_of_runs(
            1e15,
            "attempts",
            {
                "steps": manual(
                    whole_number(1, 1000, "a whole number of steps"),
                    "number of steps into which a change that takes time is divided; each has the "
                    "temperature and the field in its middle",
                    default="20",
                    allowed="1 to 1000, only with `end`",
                )
            },
            "`T` and `field` as in the study; only with recorders that have a meaning at changing "
            "rates, see below",
        ),
        "recorders": manual(
            names_of(
                RECORDERS,
                "a list of recorder names, each given once",
                ["energy", "configurations", "trapping_times"],
            ),
            "quantities recorded along each trajectory",
        ),
        "threshold": manual(
            one_of(
                number(-1e6, 1e6),
                word("typical"),
                description="an energy from -1e6 to 1e6, or typical",
                used_by="recorders",
                default="typical",
            ),
            "energy below which states are traps",
            symbol="E_th",
            unit="J",
            default="`typical`, see below",
        ),
        "trajectories": manual(
            whole_number(0, 100, "a whole number of samples", used_by="recorders", default=3),
            "number of samples, from the first on, whose single trajectories are recorded",
        ),
        "waiting_times_per_decade": manual(
            whole_number(1, 20, used_by="recorders", default=4),
            "density of waiting times",
            symbol="t_w",
        ),
        "times_per_decade": manual(
            whole_number(1, 50, used_by="recorders", default=8),
            "density of the times of one-time averages",
            symbol="t",
        ),
    },
)


class DynamicsPlan(StudyPlan):
    """Trajectories: a job is a block of disorder samples at one size and temperature."""

    place = 20
    section = "activated"
    about = "activated dynamics"
    study = STUDY
    shares = SHARED
    remedy = "raise its block or lower its samples"
    path = "dynamics/{study}/N{N}_T{T}/block{block}.nc"
    contents = "trajectories: one block of samples at one size and temperature"
    is_kept = False
    restarts = True
    renamed: ClassVar = {"windows": "extra_windows", "block": "samples"}

    @property
    def results(self) -> tuple[Results, ...]:
        """The dimensions and variables of the result files."""
        return (
            Results(
                "dynamics",
                "`sample`, `time`, `waiting_time`, `window`, `trapping_time`",
                "`energy`, `maximum_energy` and `inherent_energy(sample, time)`; "
                "`configuration`, `departure` and `waiting_energy(sample, waiting_time)`; "
                "`distance` and `inherent_distance(sample, waiting_time, window)`; "
                "`start_distance(sample, time)` from the configuration at t = 0; "
                "`magnetisation(sample, time)`; with ramps `temperature(time)`, and in a field "
                "`field(time)`; "
                "`lag_distance(sample, fixed_waiting_time, fixed_lag)` and "
                "`lag_departure(sample, fixed_waiting_time)`; "
                "`trapping_time_count` and `stay_count(sample, trapping_time)`; "
                "`visits(sample)`; for basins and metabasins, `in_<trap>(sample, "
                "waiting_time)`, `same_<trap>(sample, waiting_time, window)` and "
                "`<trap>_count(sample, trapping_time)`; for the last 64 traps that were left "
                "before the end, `<trap>_energy`, `<trap>_duration` and "
                "`<trap>_configuration(sample, <trap>)`; for the trap occupied at the end, its age "
                "`<trap>_age(sample)` and its lowest energy so far, `<trap>_age_energy(sample)`; "
                "for the first four traps of each depth, "
                "`<trap>_first_duration(sample, depth, rank)`; number and sum of the ridges (the "
                "highest energies on the way to a trap) crossed since the previous time, "
                "`<trap>_ridge_count` and `<trap>_ridge_sum(sample, time)`; "
                "`moves_up`, `moves_down` and `energy_change(sample, move_energy)`; `response` and "
                "`correlation(sample, waiting_time, window)`, and `later_response` and "
                "`later_correlation(sample, field_time, response_time)`; and the "
                "variables of single trajectories, as in the files of `traps`",
            ),
        )

    def problems_of(self, where: str, study: Parameters) -> Iterator[str]:
        """Complaints about parts that do not fit together, and about sizes and windows."""
        for key in ("N", "T", "windows"):
            yield from repetitions(f"{where}.{key}", study[key])
        yield from _problems_of_parts(where, study)
        of_sizes = list(_problems_of_sizes(where, study))
        yield from of_sizes
        if study["threshold"] == "typical" and is_needed("threshold", study["recorders"]):
            yield from _problems_of_threshold(where, study)
        if not of_sizes:
            yield from _problems_of_start(where, study)
            yield from dict.fromkeys(_problems_of_recorders(where, study))
        if study["replicas"] > 1 and math.inf in study["N"]:
            yield (
                f"{where}.N is .inf, but must be a whole number with {study['replicas']} replicas, "
                "since trajectories among infinitely many states never share one."
            )
        if study["replicas"] * study["samples"] > MOST_SAMPLES:
            yield (
                f"{where}.replicas is {study['replicas']}, but must be at most "
                f"{MOST_SAMPLES // study['samples']} with {study['samples']} samples, so that "
                f"there are not more than {MOST_SAMPLES} trajectories."
            )
        longest = max(study["windows"])
        if is_used("windows", study["recorders"]) and study["t_max"] < 1 + longest:
            yield (
                f"{where}.t_max is {shown(study['t_max'])}, but must be at least {1 + longest:.12g}"
                f", so that the window {longest:.12g} fits after the first waiting time 1."
            )
        if is_needed("lags", study["recorders"]):
            yield from _problems_of_lags(where, study)
        yield from problems_of_ramps(where, study["ramps"], study["t_max"])
        yield from _problems_of_temperatures(where, study)
        yield from _problems_of_fields(where, study)
        yield from _problems_of_changes(where, study)

    def jobs_of(self, begin: Parameters, study: Parameters) -> Iterator[Job]:
        """The jobs of all sizes and temperatures, block by block."""
        for N in study["N"]:
            for T in study["T"]:
                yield from self.blocks(of_size(begin, study, N), study, T)

    def blocks(self, size: Parameters, study: Parameters, T: float) -> Iterator[Job]:
        """The jobs of one size and temperature: all samples, then their further trajectories."""
        run = run_of(size, study, T)
        of_a_job = samples_of_a_job(study, run)
        for replica in range(study["replicas"]):
            own = {"replica": replica} if replica else {}
            further = f"-replica{replica}" if replica else ""
            for block, first in enumerate(range(0, study["samples"], of_a_job)):
                count = min(of_a_job, study["samples"] - first)
                yield self.job(
                    {**run, **own, "first_sample": first, "samples": count},
                    block=f"{block}{further}",
                )

    def number_of(self, study: Parameters) -> int:
        """The number of blocks of all sizes and temperatures."""
        total = 0
        for N in study["N"]:
            size = of_size({"seed": 0, "study": ""}, study, N)
            for T in study["T"]:
                total -= -study["samples"] // samples_of_a_job(study, run_of(size, study, T))
        return total * study["replicas"]

    def modules(self, parameters: Parameters) -> list[str]:
        """The modules of the loop over samples, the landscape, and all parts of the dynamics."""
        return [
            *super().modules(parameters),
            *modules_of_landscape(parameters["landscape"]),
            discovery.module("dynamics/graphs", parameters["landscape"]["graph"]),
            discovery.module(RULES, discovery.name_of(parameters["rule"])),
            discovery.module(CLOCKS, parameters["clock"]),
            discovery.module(STARTS, parameters.get("start", {"name": RANDOM})["name"]),
            *(discovery.module(RECORDERS, name) for name in parameters["recorders"]),
        ]

    def studies_with(self, chosen: Parameters) -> Iterator[Parameters]:
        """A study with one block, whose windows are those of the job that are not standard."""
        extra = chosen.pop("extra_windows", [])
        chosen.pop("first_sample", None)
        chosen.pop("replica", None)
        chosen["block"] = chosen.get("samples")
        if extra != []:
            chosen["windows"] = extra
        elif is_used("windows", chosen.get("recorders")):
            chosen["windows"] = STANDARD_WINDOWS[0]
        yield chosen

    def finish(self, given: Parameters, expected: Parameters) -> Parameters:
        """Complete the parameters of a block that may begin with any sample."""
        first, most = given["first_sample"], MOST_SAMPLES - expected["samples"]
        if isinstance(first, bool) or not isinstance(first, int) or not 0 <= first <= most:
            raise CampaignError(
                f"first_sample is {shown_as_json(first)}, but must be a whole number from 0 to "
                f"{most}, so that no sample comes after the first {MOST_SAMPLES}."
            )
        windows = given["extra_windows"]
        if isinstance(windows, list) and len(windows) > len(expected["extra_windows"]):
            raise CampaignError(
                f"extra_windows is {shown_as_json(windows)}, but must hold no window that is "
                f"recorded anyway: {shown_as_json(STANDARD_WINDOWS)}."
            )
        return {**expected, **_replica_of(given), "first_sample": first}


def _replica_of(given: Parameters) -> Parameters:
    """The number of the trajectory in its landscape, which only further trajectories have."""
    if "replica" not in given:
        return {}
    replica, most = given["replica"], MOST_REPLICAS - 1
    if isinstance(replica, bool) or not isinstance(replica, int) or not 1 <= replica <= most:
        raise CampaignError(
            f"replica is {shown_as_json(replica)}, but must be a whole number from 1 to {most}; "
            "the first trajectory in a landscape has no such key."
        )
    return {"replica": replica}


def run_of(size: Parameters, study: Parameters, T: float) -> Parameters:
    """All parameters of the dynamics of one size and temperature, without its samples."""
    run = {
        **size,
        **{key: study[key] for key in ("rule", "recorders", *OF_THE_RUN)},
        "T": T,
        "extra_windows": extra_windows(study["windows"]),
    }
    if study["start"] != RANDOM:
        run["start"] = start_at(study["start"], T)
    for key in ("threshold", "trajectories", "lags"):
        if is_needed(key, study["recorders"]):
            run[key] = study[key]
    return run | changes_of(study)


def changes_of(study: Parameters) -> Parameters:
    """The field and the changes of a study, if it has any."""
    return {key: study[key] for key in ("field", "ramps") if study[key]}


def start_at(start: str | Parameters, T: float) -> Parameters:
    """The start of a job at the temperature T, which is that of the start unless it has its own."""
    chosen = {"name": start} if isinstance(start, str) else start
    return {**chosen, "T": T} if chosen.get("T") == SAME else chosen


def samples_of_a_job(study: Parameters, run: Parameters) -> int:
    """Number of disorder samples in one block."""
    if study["block"] != "auto":
        return study["block"]
    return import_module("glasscore.dynamics.cost").samples_of_a_job(run)


def is_needed(key: str, recorders: list[str]) -> bool:
    """Whether one of these recorders needs the key of the study."""
    return any(key in discovery.constant(RECORDERS, each, "NEEDS", ()) for each in recorders)


def is_used(key: str, recorders: Any) -> bool:
    """Whether a key changes the result of one of the recorders of a study."""
    users = discovery.users(key, RECORDERS)
    return isinstance(recorders, list) and any(user in recorders for user in users)


def _problems_of_parts(where: str, study: Parameters) -> Iterator[str]:
    """Complaints about graph, energies, rule and recorders that do not fit together."""
    graph, energies = study["landscape"]["graph"], study["landscape"]["energies"]
    rule = discovery.name_of(study["rule"])
    rules = discovery.constant(GRAPHS, graph, "RULES")
    if rules is not None and rule not in rules:
        allowed = one_of_names(rules)
        yield f"{where}.rule is {shown(rule)}, but must be {allowed} on the graph {graph}."
    if 0 in study["T"] and not discovery.constant(RULES, rule, "ZERO_TEMPERATURE"):
        yield f"{where}.T is 0, but must be at least 1e-6 for the rule {rule}."
    laws = discovery.constant(GRAPHS, graph, "ENERGIES")
    if laws is not None and energies not in laws:
        yield (
            f"{where}.landscape.energies is {shown(energies)}, but must be {one_of_names(laws)} on "
            f"the graph {graph}."
        )
    for recorder in study["recorders"]:
        graphs = discovery.constant(RECORDERS, recorder, "GRAPHS")
        if graphs is not None and graph not in graphs:
            yield (
                f"{where}.recorders has {recorder}, but must only have recorders with a meaning on "
                f"the graph {graph}."
            )


def _problems_of_sizes(where: str, study: Parameters) -> Iterator[str]:
    """Complaints about sizes that the graph, the energies or the rule do not allow."""
    graph, energies = study["landscape"]["graph"], study["landscape"]["energies"]
    rule = discovery.name_of(study["rule"])
    if math.inf in study["N"]:
        if not discovery.constant(GRAPHS, graph, "INFINITE_N", False):
            yield f"{where}.N is .inf, but must be a whole number on the graph {graph}."
        if not discovery.constant(ENERGIES, energies, "INFINITE_N", False):
            yield f"{where}.N is .inf, but must be a whole number for {energies} energies."
    of_rules = discovery.constant(GRAPHS, graph, "LARGEST_N_OF_RULES", {})
    largest = of_rules.get(rule, math.inf)
    for N in study["N"]:
        if math.isfinite(N) and largest < N:
            yield (
                f"{where}.N is {shown(N)}, but must be at most {largest} for the rule {rule} on "
                f"the graph {graph}."
            )
        yield from problems_of_size(where, study["landscape"], N)


def _problems_of_start(where: str, study: Parameters) -> Iterator[str]:
    """Complaints about a start whose law is not known at a size or temperature."""
    start = study["start"]
    if start == RANDOM:
        return
    name = discovery.name_of(start)
    if name == PLANTED and "disorder" in study:
        yield (
            f"{where}.disorder is {shown(study['disorder'])}, but must not be given with start: "
            "planted, whose samples are drawn around their start."
        )
    module = import_module(discovery.module(STARTS, name))
    for N in study["N"]:
        for T in study["T"]:
            options = start_at(start, T)
            yield from refused(where, module.refusal(options, landscape=study["landscape"], N=N))


def _problems_of_lags(where: str, study: Parameters) -> Iterator[str]:
    """Complaints about lags that are given twice, or longer than the run."""
    yield from repetitions(f"{where}.lags", study["lags"])
    longest = max(study["lags"])
    if longest > study["t_max"]:
        yield (
            f"{where}.lags has {shown(longest)}, but must have no lag longer than t_max, "
            f"{shown(study['t_max'])}."
        )


def _problems_of_recorders(where: str, study: Parameters) -> Iterator[str]:
    """Complaints of recorders about a study in which they have nothing to record."""
    for name in study["recorders"]:
        if not discovery.defines(RECORDERS, name, "refusal"):
            continue
        module = import_module(discovery.module(RECORDERS, name))
        asked = {key: study[key] for key in ("landscape", "rule", "clock")}
        for N in study["N"]:
            for T in study["T"]:
                yield from refused(where, module.refusal(**asked, N=N, T=T))


def _problems_of_temperatures(where: str, study: Parameters) -> Iterator[str]:
    """Complaints about temperatures of changes that the rule does not allow."""
    rule = discovery.name_of(study["rule"])
    for T in (ramp["T"] for ramp in study["ramps"] if "T" in ramp):
        told = f"{where}.ramps has T {shown(T)}, but must have T"
        if T == 0 and not discovery.constant(RULES, rule, "ZERO_TEMPERATURE"):
            yield f"{told} at least 1e-6 for the rule {rule}."
        elif 0 < T < LEAST_TEMPERATURE:
            yield f"{told} 0 or at least 1e-6."


def _problems_of_fields(where: str, study: Parameters) -> Iterator[str]:
    """Complaints about fields where states are no spins, or the landscape has its own field."""
    landscape = study["landscape"]
    fields = [study["field"], *(ramp["field"] for ramp in study["ramps"] if "field" in ramp)]
    if not any(fields):
        return
    for weak in (field for field in fields if 0 < abs(field) < LEAST_FIELD):
        yield (
            f"{where} has the field {shown(weak)}, but must have a field that is 0 or at least "
            f"{LEAST_FIELD:g} in size, since fields are rounded to multiples of 2^-26."
        )
    strongest = max(fields, key=abs)
    key = "field is" if strongest == study["field"] else "ramps has the field"
    told = f"{where}.{key} {shown(strongest)}, but must"
    if not discovery.constant(GRAPHS, landscape["graph"], "STATES_ARE_SPINS"):
        yield f"{told} be 0 on the graph {landscape['graph']}, whose states are no spins."
    elif not discovery.constant(ENERGIES, landscape["energies"], "MAY_BE_IN_FIELD", True):
        yield f"{told} be 0 for {landscape['energies']} energies."
    elif landscape.get("field"):
        yield (
            f"{told} be 0 with {where}.landscape.field {shown(landscape['field'])}; one of the two "
            "says it all."
        )
    elif study["threshold"] == "typical" and is_needed("threshold", study["recorders"]):
        yield f"{where}.threshold is typical, but must be a number in a field."


def _problems_of_changes(where: str, study: Parameters) -> Iterator[str]:
    """Complaints about recorders whose record has no meaning in a field or at changing rates."""
    if study["field"] or study["landscape"].get("field"):
        for recorder in study["recorders"]:
            if discovery.constant(RECORDERS, recorder, "WITHOUT_FIELD", False):
                yield (
                    f"{where}.recorders has {recorder}, but must not have it in a field, where "
                    "spins have a mean and correlations are not connected."
                )
    if not study["ramps"]:
        return
    for recorder in study["recorders"]:
        if discovery.constant(RECORDERS, recorder, "AT_CONSTANT_RATES", False):
            yield (
                f"{where}.recorders has {recorder}, but must not have it with ramps: it describes "
                "dynamics at a constant temperature and field."
            )


def _problems_of_threshold(where: str, study: Parameters) -> Iterator[str]:
    """Complaints about models without a typical threshold."""
    threshold = import_module("glasscore.dynamics.threshold")
    for N in study["N"]:
        for T in study["T"]:
            found = threshold.typical_threshold(study["landscape"], study["rule"], N, T)
            if isinstance(found, str):
                yield f"{where}.threshold is typical, but must be a number: {found}."


PLAN = DynamicsPlan()
