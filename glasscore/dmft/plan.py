"""The plan of dynamical mean-field theory: two-time solutions and self-consistent single sites."""

import math
from collections.abc import Iterator
from importlib import import_module

from glasscore.common import discovery
from glasscore.common.errors import CampaignError, shown
from glasscore.common.keys import (
    TITLE,
    Schema,
    list_of,
    manual,
    mapping,
    number,
    number_above,
    one_of,
    part,
    whole_number,
    word,
)
from glasscore.common.plans import Job, Parameters, Results
from glasscore.common.sentences import refused, repetitions
from glasscore.common.studies import StudyPlan

SITES = "dmft/single_site/models"
# The default tolerance of studies of a covariance, and the defaults of studies of single sites.
TOLERANCE = 1e-6
DEFAULTS_OF_SITES = {"tolerance": 1e-3, "ensembles": 8, "trajectories": 512, "iterations": 20}
# Keys that only studies of single sites have.
OF_SITES = ("ensembles", "trajectories", "iterations", "time_step")
COVARIANCE: Schema = {
    "description": "a mapping of powers p to coefficients a_p, such as {3: 0.5}",
    "type": "object",
    "minProperties": 1,
    "propertyNames": {
        "description": "powers p from 2 to 1000, each given once",
        "type": "number",
        "minimum": 2,
        "maximum": 1000,
    },
    "additionalProperties": number_above(0, 1e6, "a coefficient"),
}
TEMPERATURE, FIELD = number(0, 1e6, "a temperature"), number(-1000, 1000)
TIME = number_above(0, 1e9, "a time")
RAMP: Schema = {
    "description": "a mapping with the keys begin, end, and T, field or both",
    "type": "object",
    "additionalProperties": False,
    "required": ["begin", "end"],
    "properties": {
        "begin": manual(
            TIME,
            "time at which the temperature or the field begins to change",
            symbol="t_1",
            unit="1/J",
            allowed="later than the solver's first time, which is at most 0.25/sqrt(f''(1)) and "
            "which the message of a refusal names; below `t_max`; not before the end of the "
            "previous ramp",
        ),
        "end": manual(
            TIME,
            "time at which the change is complete; until then temperature and field change "
            "smoothly in ln t",
            symbol="t_2",
            unit="1/J",
            allowed="at least 1.6 times `begin`",
        ),
        "T": TEMPERATURE,
        "field": FIELD,
    },
}
MODEL: Schema = {
    "description": "a mapping such as {covariance: {3: 0.5}} or {single_site: glauber}",
    "type": "object",
    "options": {"single_site": SITES},
    "alternatives": ["covariance", "single_site"],
    "properties": {
        "single_site": manual(
            part(SITES),
            "the model of a single spin in the self-consistent bath of all others; the model "
            "brings further keys, see below",
            default="",
        ),
        "covariance": manual(
            COVARIANCE,
            "covariance of the energy, f(q) = sum_p a_p q^p, as a mapping of powers p to "
            "coefficients a_p",
            symbol="f, a_p",
            unit="J^2",
            allowed="p from 2 to 1000, each given once (only whole p describe a landscape; other p "
            "continue the equations between them); a_p above 0, at most 1e6",
        ),
    },
}


class DMFTPlan(StudyPlan):
    """Self-consistent solutions: each job solves the equations at one temperature."""

    place = 60
    section = "dmft"
    about = "dynamical mean-field theory"
    path = "dmft/{study}/T{T}.nc"
    contents = "a solution of the dynamical mean-field equations"
    restarts = True
    study = mapping(
        ("model", "T", "t_max"),
        {
            "title": TITLE,
            "model": manual(MODEL, "a mapping with one of the next two keys", allowed=""),
            "T_initial": manual(
                one_of(
                    number(1e-6, 1e6),
                    word(math.inf, "equilibrium"),
                    description=".inf, a temperature from 1e-6 to 1e6, or equilibrium",
                    default=math.inf,
                ),
                "temperature of the Boltzmann distribution that the run starts from; "
                "`equilibrium`: the same temperature as that of the noise",
                symbol="T_0",
                unit="J",
                allowed="`.inf`, 1e-6 to 1e6, or `equilibrium`; not below the model's static "
                "transition, which the message of a refusal names",
            ),
            "T": manual(
                list_of(TEMPERATURE, "a list of temperatures from 0 to 1e6"),
                "temperature of the noise",
                symbol="T",
                unit="J",
                allowed="0 to 1e6; above 0 if `T_initial` is `equilibrium`",
            ),
            "t_max": manual(
                TIME,
                "end of the run",
                symbol="t",
                unit="1/J",
                allowed="above 0, at most 1e9, and at most 2e9 / sqrt(f''(1))",
            ),
            "field": manual(
                {**FIELD, "default": 0.0},
                "strength of the field, which acts from the start of the run on",
                symbol="h",
                unit="J",
            ),
            "ramps": manual(
                {
                    "description": "a list of mappings such as {begin: 100, end: 200, T: 0.3}",
                    "type": "array",
                    "default": [],
                    "in_order": True,
                    "items": RAMP,
                },
                "later changes of the temperature, of the field, or of both: a list of mappings in "
                "the order of time, each with the next two keys and with `T`, `field` or both, the "
                "values after the change",
                allowed="",
            ),
            "tolerance": manual(
                number(1e-10, 1),
                "largest absolute error of the energy that is accepted at any time; the result "
                "file says which error was reached. For single sites, the largest change of "
                "C / C(0) that is accepted in the last iteration",
                unit="J",
                default="1e-6; 1e-3 with `single_site`",
            ),
            "ensembles": manual(
                whole_number(2, 1000),
                "single sites: number of independent solutions; standard errors follow from their "
                "scatter",
                default="8",
            ),
            "trajectories": manual(
                {**whole_number(128, 1_048_576, "a multiple of 16"), "multipleOf": 16},
                "single sites: number of trajectories in each ensemble; each is four times `t_max` "
                "long",
                default="512",
            ),
            "iterations": manual(
                whole_number(1, 100),
                "single sites: largest number of iterations; if C / C(0) still changes by more "
                "than `tolerance` in the last one, the job fails and says by how much",
                default="20",
            ),
            "time_step": manual(
                number(1e-6, 1, "a time"),
                "single sites: time step of trajectories; errors are of second order in it",
                unit="1/J",
                default="0.025 for `soft`, 0.1 for `glauber`",
                allowed="1e-6 to 1; for `soft` also at most 0.3 C(0)/T and, if r > 0, 0.3/r; "
                "`t_max` must be 10 to 50000 steps long",
            ),
        },
    )

    @property
    def results(self) -> tuple[Results, ...]:
        """Dimensions and variables of its files."""
        return (
            Results(
                "dmft",
                "`time`, `fraction` (t'/t, 0 and 1 included)",
                "`energy(time)`, `energy_error_estimate(time)`, `multiplier(time)`, "
                "`correlation(time, fraction)`, `response(time, fraction)`, "
                "`integrated_response(time, fraction)` (to a field switched on at t'); "
                "`temperature(time)` with ramps; `field`, `magnetisation` and "
                "`magnetisation_error_estimate(time)` with a field; the attributes "
                "`energy_error_reached`, `correlation_error_estimate` and "
                "`response_error_estimate`",
            ),
            Results(
                "dmft, single sites",
                "`time` (lag), `iteration`, `ensemble`",
                "the self-consistent functions in equilibrium, `correlation(time)` and "
                "`response(time)` = -C'/T; averages over new trajectories in the "
                "self-consistent bath, `sampled_correlation(time)` and "
                "`sampled_integrated_response(time)`, which is measured with statistical weights "
                "of trajectories and must agree with the correlation by the "
                "fluctuation-dissipation theorem; each of these four with `_error`, the standard "
                "error over independent ensembles; `change(iteration)`, the largest change of "
                "C / C(0), and `correlation_by_iteration(iteration, time)`; "
                "`correlation_of_ensemble(ensemble, time)`; with G(s), the Laplace transform of "
                "the response: `relaxation_time(ensemble)`, d(1/G)/ds at s = 0, which is T / C(0) "
                "times the integral of C / C(0) over time and infinite at T_g, and "
                "`local_relaxation_time(ensemble)`, d(1/G + J^2 G)/ds at s = 0; the exact values "
                "`energy` and `second_moment`, and the attribute `glass_temperature`",
            ),
        )

    def problems_of(self, where: str, study: Parameters) -> Iterator[str]:
        """Keys of the other kind of study, ramps out of order, and what the equations exclude."""
        yield from repetitions(f"{where}.T", study["T"])
        if is_single_site(study):
            yield from _problems_of_single_site(where, study)
            return
        for key in OF_SITES:
            if key in study:
                yield (
                    f"{where}.{key} is {shown(study[key])}, but this key must only be given with "
                    "model.single_site."
                )
        if study["T_initial"] == "equilibrium" and 0 in study["T"]:
            yield f"{where}.T is 0, but must be above 0 if T_initial is equilibrium."
        if study["ramps"]:
            yield from _problems_of_ramps(where, study)
        yield from refused(where, import_module("glasscore.dmft.refusal").refusal(study))

    def complete(self, study: Parameters) -> Parameters:
        """The study with the tolerance and the numbers of trajectories that suit its model."""
        defaults = DEFAULTS_OF_SITES if is_single_site(study) else {"tolerance": TOLERANCE}
        return {**study, **{key: defaults[key] for key in defaults if key not in study}}

    def is_random(self, study: Parameters) -> bool:
        """Whether random numbers are drawn: only single sites are solved with trajectories."""
        return is_single_site(study)

    def jobs_of(self, begin: Parameters, study: Parameters) -> Iterator[Job]:
        """One job for each temperature."""
        own = OF_SITES if is_single_site(study) else ("field", "ramps")
        keys = ("model", "T_initial", "t_max", "tolerance", *own)
        fixed = {key: study[key] for key in keys if key in study}
        for T in study["T"]:
            yield self.job({**begin, **fixed, "T": T})

    def modules(self, parameters: Parameters) -> list[str]:
        """The solver of two-time equations, or that of single sites and the model of the spin."""
        site = parameters.get("model", {}).get("single_site")
        if site is None:
            return super().modules(parameters)
        return ["glasscore.dmft.single_site.stage", discovery.module(SITES, site)]


def is_single_site(study: Parameters) -> bool:
    """Whether a study is about one spin in the bath of all others."""
    return "single_site" in study["model"]


def _problems_of_single_site(where: str, study: Parameters) -> Iterator[str]:
    if "covariance" in study["model"]:
        yield f"{where}.model has covariance and single_site, but must have one of them."
    if study["ramps"]:
        yield f"{where}.ramps has {len(study['ramps'])} ramps, but must be empty for a single site."
    if study["field"] != 0:
        yield f"{where}.field is {shown(study['field'])}, but must be 0 for a single site."
    if study["T_initial"] != "equilibrium":
        yield (
            f"{where}.T_initial is {shown(study['T_initial'])}, but must be equilibrium for a "
            "single site."
        )
    try:
        yield from refused(
            where, import_module("glasscore.dmft.single_site.refusal").refusal(study)
        )
    except CampaignError as error:
        yield f"{where}: {error}"


def _problems_of_ramps(where: str, study: Parameters) -> Iterator[str]:
    shortest = import_module("glasscore.dmft.protocol").SHORTEST_RAMP
    free = 0.0
    for ramp in study["ramps"]:
        begin = f"{where}.ramps has the begin {shown(ramp['begin'])}"
        if not {"T", "field"} & ramp.keys():
            yield f"{begin} without a change, but must have T, field or both."
        if ramp["begin"] >= study["t_max"]:
            yield (f"{begin}, but must begin before {where}.t_max, {shown(study['t_max'])}.")
        if ramp["begin"] < free:
            yield (
                f"{begin}, but must be in the order of time: the ramp before ends at {shown(free)}."
            )
        if ramp["end"] < shortest * ramp["begin"]:
            yield (
                f"{where}.ramps has the end {shown(ramp['end'])}, but must be at least {shortest} "
                f"times the begin {shown(ramp['begin'])}."
            )
        free = ramp["end"]


PLAN = DMFTPlan()
