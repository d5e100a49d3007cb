"""The plan of minima and barriers of landscapes whose states can all be listed."""

from collections.abc import Iterator

from glasscore.common.errors import shown
from glasscore.common.keys import SAMPLES, TITLE, list_of, manual, mapping, number, whole_number
from glasscore.common.plans import Job, Parameters, Results
from glasscore.common.sentences import repetitions
from glasscore.common.studies import StudyPlan, disorder_of
from glasscore.landscapes.plan import (
    DISORDER,
    LANDSCAPE,
    SHARED,
    modules_of_landscape,
    problems_of_size,
)

# Most minima that one file lists, of all samples of a size together: about half a gigabyte.
MOST_BRANCHES = 5_000_000
# A landscape whose states are those of spins, as the manual describes it.
LISTED_LANDSCAPE = {
    **LANDSCAPE,
    "properties": {
        **LANDSCAPE["properties"],
        "graph": manual(
            LANDSCAPE["properties"]["graph"],
            LANDSCAPE["properties"]["graph"]["manual"]["meaning"],
            allowed="`hypercube`",
        ),
    },
}


class BarriersPlan(StudyPlan):
    """Minima and barriers: a job lists all states of all samples of one size."""

    place = 40
    section = "barriers"
    about = "minima and barriers"
    shares = SHARED
    path = "barriers/{study}/N{N}.nc"
    contents = "minima, barriers and the tree of the deepest branches"
    study = mapping(
        ("landscape", "N", "samples"),
        {
            "title": TITLE,
            "landscape": LISTED_LANDSCAPE,
            "disorder": DISORDER,
            "N": manual(
                list_of(whole_number(2, 24), "a list of whole numbers from 2 to 24"),
                "number of spins",
                symbol="N",
                unit="spins",
            ),
            "samples": manual(SAMPLES, "number of disorder samples at each N"),
            "overlap_temperatures": manual(
                {
                    "description": "a list of temperatures from 1e-6 to 1e6",
                    "type": "array",
                    "default": [],
                    "items": number(1e-6, 1e6, "a temperature"),
                },
                "temperatures at which the law of the overlap of two states in equilibrium is "
                "computed, exactly in each sample",
                symbol="T",
                unit="J",
                default="none",
            ),
            "branches": manual(
                whole_number(2, 10_000, "a whole number of minima", default=64),
                "number of minima that the file lists one by one, the deepest of each sample",
                allowed="whole number, 2 to 10000; times `samples` at most 5 10^6",
            ),
        },
    )

    @property
    def results(self) -> tuple[Results, ...]:
        """Dimensions and variables of its files."""
        return (
            Results(
                "barriers",
                "`sample`, `minimum` (the deepest first), `barrier` and `energy` (bin "
                "centres), `temperature`",
                "means over samples: `minima` (the number of minima), `ground_energy`, "
                "`ground_barrier` (from the deepest to the second deepest minimum), "
                "`largest_barrier` and `mean_barrier` (from a minimum to a deeper one), "
                "`ground_basin`; `barrier_density(barrier)`, in bins from 0 on; "
                "`participation_ratio(temperature)`, the sum of squared Boltzmann weights; "
                "by the energy of minima, without the deepest one: `minima_density`, "
                "`saddle_mean`, `saddle_spread` and `basin_mean(energy)`; the tree of the "
                "deepest minima: `minimum_state`, `minimum_energy`, `saddle_state`, "
                "`saddle_energy`, `joined` (the deeper minimum that the saddle leads to) and "
                "`basin_size(sample, minimum)`",
            ),
            Results(
                "barriers, with `overlap_temperatures`",
                "also `overlap_temperature`, `overlap_value`",
                "`overlap_density(overlap_temperature, overlap_value)`: the law of the overlap of "
                "two states drawn from equilibrium in one sample, averaged over samples, with a "
                "bin of the width 2/N for each possible overlap; "
                "`square_overlap(overlap_temperature)`, the mean of the squared overlap",
            ),
        )

    def problems_of(self, where: str, study: Parameters) -> Iterator[str]:
        """Graphs whose states are not those of spins, too many minima, too many spins."""
        yield from problems_of_listed_states(where, study)
        temperatures = study["overlap_temperatures"]
        yield from repetitions(f"{where}.overlap_temperatures", temperatures)
        if study["branches"] * study["samples"] > MOST_BRANCHES:
            yield (
                f"{where}.branches is {study['branches']}, but must be at most "
                f"{MOST_BRANCHES // study['samples']} with {study['samples']} samples, so that not "
                f"more than {MOST_BRANCHES} minima are written."
            )
        for N in study["N"]:
            yield from problems_of_size(where, study["landscape"], N)

    def jobs_of(self, begin: Parameters, study: Parameters) -> Iterator[Job]:
        """One job for each size."""
        fixed = {key: study[key] for key in ("landscape", "samples", "branches")}
        if study["overlap_temperatures"]:
            fixed["overlap_temperatures"] = study["overlap_temperatures"]
        for N in study["N"]:
            yield self.job({**begin, **fixed, **disorder_of(study), "N": N})

    def modules(self, parameters: Parameters) -> list[str]:
        """The module that finds minima and barriers, and the modules of the landscape."""
        return [*super().modules(parameters), *modules_of_landscape(parameters["landscape"])]


def problems_of_listed_states(where: str, study: Parameters) -> Iterator[str]:
    """Sizes or temperatures given twice, and graphs whose states are not those of spins."""
    for key in ("N", "T"):
        yield from repetitions(f"{where}.{key}", study.get(key, []))
    graph = study["landscape"]["graph"]
    if graph != "hypercube":
        yield f"{where}.landscape.graph is {shown(graph)}, but must be hypercube here."


PLAN = BarriersPlan()
