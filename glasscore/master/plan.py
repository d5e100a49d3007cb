"""The plan of the exact dynamics of few spins."""

from collections.abc import Iterator

from glasscore.barriers.plan import LISTED_LANDSCAPE, problems_of_listed_states
from glasscore.common import discovery
from glasscore.common.errors import shown
from glasscore.common.keys import (
    SAMPLES,
    TITLE,
    list_of,
    manual,
    mapping,
    names_of,
    number,
    whole_number,
)
from glasscore.common.plans import Job, Parameters, Results
from glasscore.common.studies import StudyPlan, disorder_of
from glasscore.dynamics.plan import RULE, RULES
from glasscore.landscapes.plan import (
    DISORDER,
    SHARED,
    modules_of_landscape,
    problems_of_size,
)

OBSERVABLES = "master/observables"


class MasterPlan(StudyPlan):
    """The master equation: a job solves it for all samples of one size and temperature."""

    place = 50
    section = "master"
    about = "exact dynamics"
    shares = SHARED
    path = "master/{study}/N{N}_T{T}.nc"
    contents = "exact dynamics: escape times, relaxation rates, aging functions"
    study = mapping(
        ("landscape", "rule", "N", "T", "samples"),
        {
            "title": TITLE,
            "landscape": LISTED_LANDSCAPE,
            "disorder": DISORDER,
            "rule": RULE,
            "N": manual(
                list_of(whole_number(2, 14), "a list of whole numbers from 2 to 14"),
                "number of spins",
                symbol="N",
                unit="spins",
                allowed="whole numbers, 2 to 14, or less for some observables, see below",
            ),
            "T": manual(
                list_of(
                    number(1e-6, 1e6, "a temperature"), "a list of temperatures from 1e-6 to 1e6"
                ),
                "temperature",
                symbol="T",
                unit="J",
                allowed="1e-6 to 1e6; not below 1/300 of the range of the energies",
            ),
            "samples": SAMPLES,
            "observables": manual(
                names_of(OBSERVABLES, "a list of observables, each given once", ["escape_time"]),
                "what is computed",
            ),
            "t_max": manual(
                number(1, 1e30, "a number of attempts", used_by="observables", default=1e8),
                "last time",
                symbol="t",
                unit="attempts",
            ),
            "passages": manual(
                whole_number(
                    0,
                    1_000_000,
                    "a whole number of simulated passages",
                    used_by="observables",
                    default=0,
                ),
                "number of first passages per sample that are simulated to compare with the exact "
                "`escape_time`, in samples where all of them take at most 2e7 jumps in the mean",
            ),
        },
    )

    @property
    def results(self) -> tuple[Results, ...]:
        """Dimensions and variables of its files."""
        return (
            Results(
                "master",
                "`sample`, `mode`, `waiting_time` (powers of two), `window`",
                "`escape_time`, `escape_time_deviation`, `escape_jumps`, `escape_barrier`, "
                "`simulated_escape_time` and its exact `_error(sample)`, `log_escape_time`; "
                "`relaxation_rate(sample, mode)`, `largest_barrier(sample)`, "
                "`log_relaxation_time`; `implied_time(sample, lag_time, slow_mode)`, "
                "`slowest_time(sample, slow_mode)`, `markov_deviation(lag_time)`; "
                "`energy(waiting_time)`, `same_configuration`, `no_jump`, "
                "`trap_same_configuration` and `trap_no_jump(waiting_time, window)`; "
                "`equilibrium_same_configuration`, to which `same_configuration` tends",
            ),
        )

    def problems_of(self, where: str, study: Parameters) -> Iterator[str]:
        """Graphs whose states are not those of spins, more spins than the observables allow."""
        yield from problems_of_listed_states(where, study)
        for N in study["N"]:
            yield from problems_of_size(where, study["landscape"], N)
            for name in study["observables"]:
                largest = discovery.constant(OBSERVABLES, name, "LARGEST_N")
                if largest < N:
                    yield (
                        f"{where}.N is {shown(N)}, but must be at most {largest} with {name} among "
                        "the observables."
                    )

    def jobs_of(self, begin: Parameters, study: Parameters) -> Iterator[Job]:
        """One job for each size and temperature."""
        keys = ["landscape", "rule", "samples", "observables"]
        for name in study["observables"]:
            keys += discovery.constant(OBSERVABLES, name, "PARAMETERS", ())
        fixed = {**{key: study[key] for key in keys}, **disorder_of(study)}
        for N in study["N"]:
            for T in study["T"]:
                yield self.job({**begin, **fixed, "N": N, "T": T})

    def modules(self, parameters: Parameters) -> list[str]:
        """The modules of the solver, the landscape, the rule and the observables."""
        return [
            *super().modules(parameters),
            *modules_of_landscape(parameters["landscape"]),
            discovery.module(RULES, discovery.name_of(parameters["rule"])),
            *(discovery.module(OBSERVABLES, name) for name in parameters["observables"]),
        ]


PLAN = MasterPlan()
