"""The plan of Langevin dynamics of finitely many continuous spins."""

from collections.abc import Iterator
from importlib import import_module

from glasscore.common import discovery
from glasscore.common.errors import shown
from glasscore.common.keys import (
    SAMPLES,
    TITLE,
    list_of,
    manual,
    mapping,
    number,
    number_above,
    part,
    whole_number,
    word,
)
from glasscore.common.plans import Job, Parameters, Results
from glasscore.common.ramps import problems_of_ramps, ramps_of_runs
from glasscore.common.sentences import one_of, refused, repetitions
from glasscore.common.studies import StudyPlan

MODELS = "langevin/models"
# A change that takes time takes as many time steps at least, so that steps of twice the length,
# which tell the error, resolve it too.
STEPS_OF_A_CHANGE = 4
# Keys of models that are left out of the parameters of a job where they are zero: results from
# before they were there are the same.
ABSENT_AT_ZERO = {"spherical": ("field",)}
# Most times in the one array over which a spectrum sums; the array then takes half a gigabyte.
MOST_POINTS = 10_000_000
STUDY = mapping(
    ("model", "N", "T", "samples", "t_max"),
    {
        "title": TITLE,
        "model": manual(
            {
                "description": "a mapping with the key name, such as {name: linear, r0: 2.5}",
                "type": "object",
                "required": ["name"],
                "options": {"name": MODELS},
                "properties": {"name": manual(part(MODELS), "which model")},
            },
            "a mapping with the next key and with further keys that the model brings, see below",
            symbol="H",
            allowed="",
        ),
        "disorder": manual(
            {
                "description": "the name of another study, whose disorder samples are shared",
                "type": "string",
            },
            "another study, whose couplings this study uses, sample by sample; initial states and "
            "noise are this study's own",
            symbol="J_ij",
            default="couplings of its own",
            allowed="name of a study in `langevin` with the same `model` and without this key; not "
            "if `start` is `planted` in either",
        ),
        "start": manual(
            {
                **word("random", "equilibrium", "planted"),
                "description": "random, equilibrium or planted",
                "default": "random",
            },
            "distribution of initial states. `random`: uniform on the sphere for spherical spins, "
            "else S_i = ±1; `equilibrium`: the Boltzmann distribution at each T; `planted`: the "
            "same distribution, but the state is drawn first and then the couplings given the "
            "state, see below",
            allowed="`random`, `equilibrium` with `linear`, or `planted`: with `soft`, without a "
            "field, at T from T_g on and above J²/u; with `spherical` from the static transition "
            "on, in equilibrium without the field",
        ),
        "T_initial": manual(
            number_above(0, 1e6, "a temperature"),
            "temperature at which a planted start is in equilibrium, from where the run is "
            "quenched or heated to `T`",
            symbol="T_0",
            unit="J",
            default="`T`",
            allowed="above 0, at most 1e6, if `start` is `planted`; limits as there",
        ),
        "N": manual(
            list_of(whole_number(2, 16_384), "a list of whole numbers from 2 to 16384"),
            "number of spins",
            symbol="N",
            unit="spins",
            allowed="whole numbers from 2, and couplings of at most 1 GiB: 11585 for `soft`, 8192 "
            "for `linear`, 644 for `spherical` with p = 3, 167 with p = 4",
        ),
        "T": manual(
            list_of(number(0, 1e6, "a temperature"), "a list of temperatures from 0 to 1e6"),
            "temperature of the noise",
            symbol="T",
            unit="J",
            allowed="0 to 1e6; above 0 if `start` is not `random` and `T_initial` is left out",
        ),
        "ramps": ramps_of_runs(
            1e6,
            "1/J",
            {
                "field": manual(
                    number(-1000, 1000),
                    "field after the change; before all changes it is the `field` of the model",
                    symbol="h",
                    unit="J",
                    default="as before the change",
                )
            },
            allowed="with `field`, models that have one; a change at once begins at a whole "
            "multiple of two time steps, and a change that takes time takes four or more",
        ),
        "samples": SAMPLES,
        "trajectories": manual(
            whole_number(1, 4096, "a whole number of trajectories", default=16),
            "number of trajectories for the couplings of one sample, each with its own initial "
            "state and noise",
        ),
        "t_max": manual(
            number_above(0, 1e6, "a time"),
            "length of a trajectory",
            symbol="t",
            unit="1/J",
            allowed="above 0, at most 1e6; whole multiple of two time steps",
        ),
        "time_step": manual(
            number(1e-6, 1, "a time", default=0.05),
            "length of one step; it causes errors of averages of order Δt², of which the result "
            "file holds estimates",
            symbol="Δt",
            unit="1/J",
            allowed="1e-6 to 1; for `linear` at most 1/(r0 + 2 J), beyond which steps grow without "
            "bound; for `soft` at most 0.25 by each of J, |r|, sqrt(u T) and (u h²)^(1/3), "
            "for `spherical` at most 0.5/h, with h the strongest field and T the highest "
            "temperature of the run",
        ),
        "waiting_times": manual(
            list_of(number(0, 1e6, "a time"), "a list of times from 0 to 1e6", default=[0]),
            "times from which on correlation and response are measured; in equilibrium they are "
            "averaged over these times",
            symbol="t_w",
            unit="1/J",
            allowed="0 to `t_max` less two steps; whole multiples of two time steps",
        ),
        "response": manual(
            {"description": "true or false", "type": "boolean", "default": False},
            "whether the response is measured; each waiting time then costs as much CPU time as "
            "all trajectories without response",
            symbol="R",
        ),
        "frequencies": manual(
            {
                "description": "a list of frequencies from 0 to 1000",
                "type": "array",
                "default": [],
                "items": number(0, 1000, "a frequency"),
            },
            "angular frequencies at which spectra are computed, if `start` is `equilibrium` or "
            "`planted`, and `T_initial` and `ramps` are left out; the time from the last waiting "
            "time to `t_max` must be long enough for the correlation to decay",
            symbol="ω",
            unit="J",
        ),
    },
)


class LangevinPlan(StudyPlan):
    """Langevin dynamics: a job runs all samples of one size and temperature."""

    place = 80
    section = "langevin"
    about = "Langevin dynamics"
    study = STUDY
    shares = "model"
    path = "langevin/{study}/N{N}_T{T}.nc"
    contents = "Langevin dynamics of finitely many continuous spins"
    restarts = True

    @property
    def results(self) -> tuple[Results, ...]:
        """Dimensions and variables of its files."""
        return (
            Results(
                "langevin",
                "`time`, `waiting_time`, `lag` (t - t_w); in equilibrium `time` (the lag) and "
                "`frequency`",
                "`energy(time)`; `correlation(waiting_time, lag)` and `response(waiting_time,"
                " lag)` (to short fields on all spins; R(t+, t) = 1, or 1 - 1/N on the sphere); "
                "both are NaN at times after the end of the run; `magnetisation(time)` and "
                "`field(time)` if there is a field at any time; `temperature(time)` with ramps, "
                "and more times after each change; for the spiked tensor "
                "`signal_overlap(time)`, `trajectory_energy` and "
                "`trajectory_signal_overlap(sample, trajectory, time)`; from an equilibrium or "
                "planted start the stationary `energy`, `magnetisation` (in a field), "
                "`correlation(time)`, "
                "`correlation_of_sample(sample, time)` and `response(time)`, and with frequencies "
                "`correlation_spectrum`, `response_spectrum_real` and "
                "`response_spectrum_imaginary(frequency)`; for each, a variable with "
                "`_step_error` behind its name, the error from the length of the time steps: a "
                "third of the difference between runs with steps of twice and once the length "
                "and the same noise (for soft spins, noise with the same sum over each long "
                "step), in every fourth sample",
            ),
        )

    def refusal_of_sharing(self, study: Parameters) -> str:
        """Planted couplings are drawn together with the state, so that they cannot be shared."""
        if study["start"] == "planted":
            return "left out where start is planted, as couplings are drawn to the states"
        return ""

    def problems_of(self, where: str, study: Parameters) -> Iterator[str]:
        """Starts that a model lacks, times between two steps, and what the model refuses."""
        for key in ("N", "T", "waiting_times", "frequencies"):
            yield from repetitions(f"{where}.{key}", study[key])
        name = study["model"]["name"]
        starts = discovery.constant(MODELS, name, "STARTS")
        if study["start"] not in starts:
            yield (
                f"{where}.start is {shown(study['start'])}, but must be {one_of(starts)} for the "
                f"model {name}."
            )
        if "T_initial" in study and study["start"] != "planted":
            yield (
                f"{where}.T_initial is {shown(study['T_initial'])}, but must be left out unless "
                "start is planted."
            )
        if study["start"] != "random" and 0 in study["T"] and "T_initial" not in study:
            yield f"{where}.T is 0, but must be above 0 if start is {study['start']}."
        if study["frequencies"]:
            yield from _problems_of_spectra(where, study)
        yield from problems_of_ramps(where, study["ramps"], study["t_max"])
        yield from _problems_of_times(where, study)
        if study["start"] in starts:
            yield from refused(where, import_module("glasscore.langevin.refusal").refusal(study))
        in_field = study["start"] == "planted" and study["model"].get("field")
        if in_field and study["frequencies"]:
            yield (
                f"{where}.frequencies is {shown(study['frequencies'])}, but must be empty with a "
                "field if start is planted: the start is in equilibrium without the field."
            )

    def jobs_of(self, begin: Parameters, study: Parameters) -> Iterator[Job]:
        """One job for each size and temperature."""
        fixed = {key: value for key, value in study.items() if key not in ("title", "N", "T")}
        if not study["ramps"]:
            del fixed["ramps"]
        absent = ABSENT_AT_ZERO.get(study["model"]["name"], ())
        fixed["model"] = {
            key: value for key, value in study["model"].items() if value or key not in absent
        }
        for N in study["N"]:
            for T in study["T"]:
                yield self.job({**begin, **fixed, "N": N, "T": T})

    def modules(self, parameters: Parameters) -> list[str]:
        """The module with the loop over samples, and the module of the model."""
        return [
            *super().modules(parameters), discovery.module(MODELS, parameters["model"]["name"]),
        ]  # fmt: skip


def _problems_of_spectra(where: str, study: Parameters) -> Iterator[str]:
    if study["start"] == "random" or "T_initial" in study:
        yield (
            f"{where}.frequencies is {shown(study['frequencies'])}, but must be empty unless start "
            "is equilibrium or planted, at the temperature of the run: spectra are those of a "
            "stationary state."
        )
    elif study["ramps"]:
        yield (
            f"{where}.frequencies is {shown(study['frequencies'])}, but must be empty with ramps: "
            "spectra are those of a stationary state."
        )
    points = import_module("glasscore.langevin.spectra").number_of_points
    if points(study["t_max"], study["frequencies"]) > MOST_POINTS:
        yield (
            f"{where}.frequencies has {shown(max(study['frequencies']))}, but must be lower with "
            f"{where}.t_max {shown(study['t_max'])}: a spectrum cannot sum over so many periods."
        )


def _problems_of_times(where: str, study: Parameters) -> Iterator[str]:
    schedule = import_module("glasscore.langevin.schedule")
    step = study["time_step"]
    for key in ("t_max", "waiting_times"):
        times = study[key] if isinstance(study[key], list) else [study[key]]
        for time in times:
            if not schedule.is_whole(time, step):
                yield (
                    f"{where}.{key} is {shown(time)}, but must be a whole multiple of "
                    f"{shown(2 * step)}, two time steps."
                )
    for ramp in study["ramps"]:
        begin = ramp["begin"]
        if "end" not in ramp and not schedule.is_whole(begin, step):
            yield (
                f"{where}.ramps has the begin {shown(begin)}, but must have a whole multiple of "
                f"{shown(2 * step)}, two time steps, for a change at once."
            )
        if "end" in ramp and 0 < ramp["end"] - begin < STEPS_OF_A_CHANGE * step * (1 - 1e-9):
            yield (
                f"{where}.ramps has the end {shown(ramp['end'])}, but must end {STEPS_OF_A_CHANGE} "
                f"time steps after its begin {shown(begin)} or later; a change at once has no end."
            )
    if max(study["waiting_times"]) + 2 * step > study["t_max"] * (1 + 1e-12):
        yield (
            f"{where}.waiting_times has {shown(max(study['waiting_times']))}, but must end two "
            f"time steps before {where}.t_max, {shown(study['t_max'])}, or earlier."
        )


PLAN = LangevinPlan()
