"""The plan of the landscapes, whose samples several stages use."""

import math
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from glasscore.common import discovery
from glasscore.common.errors import shown
from glasscore.common.keys import manual, part
from glasscore.common.plans import Job, Parameters, Results
from glasscore.common.sentences import refused
from glasscore.common.studies import StudyPlan, disorder_of

GRAPHS = "landscapes/graphs"
ENERGIES = "landscapes/energies"
# The largest N, if a graph or a law of energies has no constant LARGEST_N.
LARGEST_N = 64
LANDSCAPE = manual(
    {
        "description": "a mapping with the keys graph and energies",
        "type": "object",
        "required": ["graph", "energies"],
        "options": {"energies": ENERGIES},
        "properties": {
            "graph": manual(part(GRAPHS), "which states are neighbours"),
            "energies": manual(part(ENERGIES), "law of the energies", symbol="E"),
        },
    },
    "the energy landscape: a mapping with the next two keys and the keys of the energies",
    allowed="",
)
DISORDER = manual(
    {
        "description": "the name of another study, whose disorder samples are shared",
        "type": "string",
    },
    "another study, whose disorder samples are shared, see below",
    default="samples of its own",
    allowed="name of a study in `activated`, `barriers` or `master` with the same `landscape` and "
    "without this key",
)
# Studies that share disorder samples must agree in this key.
SHARED = "landscape"


class LandscapesPlan(StudyPlan):
    """Surveys of landscapes, one for each size of a study of activated dynamics."""

    place = 10
    section = "activated"
    path = "landscapes/{study}/N{N}.nc"
    contents = (
        "survey of the landscape: measured energies and their exact law, correlation of neighbours"
    )
    takes_turns = True

    @property
    def results(self) -> tuple[Results, ...]:
        """The dimensions and variables of the result files."""
        return (
            Results(
                "landscapes",
                "`energy` (bin centres)",
                "`energy_density(energy)`, `energy_density_exact(energy)`, "
                "`neighbour_correlation`, "
                "`neighbour_correlation_exact`, `samples`",
            ),
        )

    def jobs_of(self, begin: Parameters, study: Parameters) -> Iterator[Job]:
        """One job for each size."""
        for N in study["N"]:
            yield self.job(of_size(begin, study, N))

    def number_of(self, study: Parameters) -> int:
        """The number of sizes, since there is one job for each size."""
        return len(study["N"])

    def modules(self, parameters: Parameters) -> list[str]:
        """The modules of the survey and of the landscape."""
        return [*super().modules(parameters), *modules_of_landscape(parameters["landscape"])]

    def studies_with(self, chosen: Parameters) -> Iterator[Parameters]:
        """Studies with each of the rules on this landscape, of which one must be allowed."""
        for rule in reversed(discovery.names("dynamics/rules")):
            yield {"rule": rule, "T": 1.0, "t_max": 1e15, "samples": 1, **chosen}


def of_size(begin: Parameters, study: Parameters, N: float) -> Parameters:
    """All parameters of the landscapes of one size of a study."""
    return {**begin, "landscape": study["landscape"], **disorder_of(study), "N": N}


def modules_of_landscape(landscape: Parameters) -> list[str]:
    """The modules that draw the samples of a landscape."""
    return [
        discovery.module(GRAPHS, landscape["graph"]),
        discovery.module(ENERGIES, landscape["energies"]),
    ]


def problems_of_size(where: str, landscape: dict[str, Any], N: float) -> Iterator[str]:
    """Complaints of the graph or the energies about a number of spins."""
    for key, folder in (("graph", GRAPHS), ("energies", ENERGIES)):
        name = landscape[key]
        largest = discovery.constant(folder, name, "LARGEST_N", LARGEST_N)
        if math.isfinite(N) and largest < N:
            yield f"{where}.N is {shown(N)}, but must be at most {largest} with {key}: {name}."
            return
    energies = landscape["energies"]
    if discovery.defines(ENERGIES, energies, "refusal"):
        module = import_module(discovery.module(ENERGIES, energies))
        options = {key: value for key, value in landscape.items() if key in module.OPTIONS}
        refusal = module.refusal(options, N=N)
        place = where if refusal is None or refusal[0] == "N" else f"{where}.landscape"
        yield from refused(place, refusal)


PLAN = LandscapesPlan()
