"""What can be refused before any job is refused then; all refusals of jobs are listed here.

A new ``raise CampaignError`` must be placed in one of the tables: in ``BEFORE``, with studies that
are refused for it before any job, or in ``LATER``, with the reason why only the job can know.
"""

import ast
import random
from collections.abc import Iterator

import numpy as np
import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common import discovery
from glasscore.common.errors import CampaignError
from glasscore.dmft import quench, short_times
from glasscore.dmft import stage as dmft_stage
from glasscore.dmft.protocol import Protocol
from glasscore.dmft.single_site import stage as site_stage
from glasscore.langevin import stage as langevin_stage
from glasscore.models.covariance import covariance
from glasscore.models.ramps import Ramp
from glasscore.theory import stage as theory_stage
from glasscore.theory.spherical_pspin import static_transition

SOLVING = "only solving tells whether it converges"
SAMPLES = "it depends on the disorder of a sample"
FILES = "it is about files"
PLACE = "it is about the machine or the folder that a workflow runs in"
BY_HAND = "a workflow never asks so: it is about arguments on the command line"
SOURCES = "it is about sources that change while a job starts"
LIBRARY = "no job asks so: it is about arguments of a function"
THE_CHECK = "it is the check before all jobs"

THREE_SPIN = {"model": {"covariance": {3: 0.5}}, "T": [0.5], "t_max": 10.0}
SITE = {"model": {"single_site": "glauber"}, "T": [1.2], "T_initial": "equilibrium", "t_max": 10.0}
HYPERCUBE = {"graph": "hypercube", "energies": "gaussian"}
EXACT = {"landscape": HYPERCUBE, "N": [6], "samples": 1}
ACTIVATED = {**EXACT, "rule": "metropolis", "T": [0.5], "t_max": 1e3}
LANGEVIN = {
    "model": {"name": "linear", "r0": 2.5}, "N": [8], "T": [0.5], "samples": 1, "t_max": 4.0,
}  # fmt: skip


def with_landscape(study, **landscape):
    return {**study, "landscape": {**study["landscape"], **landscape}}


def ramp(**changes):
    return {**THREE_SPIN, "ramps": [{"begin": 2.0, "end": 4.0, "T": 0.3, **changes}]}


def theory(solve, told, **options):
    return "theory", {"solve": solve, **options}, told


MODE_COUPLING = {"covariance": {3: 0.5}, "T": [0.8]}
# For each file and function: studies that it refuses, and the beginning of the message.
BEFORE = {
    "dmft/protocol.py:Protocol.check": [
        ("dmft", {**THREE_SPIN, "field": np.inf}, "field is .inf, but must be a number from -1000"),
        ("dmft", ramp(begin=0.05), "a.ramps.begin is 0.05, but must be at least 0.12"),
        ("dmft", ramp(end=2.1), "ramps has the end 2.1, but must be at least 1.6 times the begin"),
        ("dmft", ramp(T=-1), "ramps.T is -1, but must be a temperature from 0 to 1e6"),
        ("dmft", ramp(field=np.nan), "ramps.field is .nan, but must be a number from -1000 to 10"),
        ("dmft", {**THREE_SPIN, "ramps": [{"begin": 2, "end": 4}]}, "begin 2 without a change"),
        (
            "dmft",
            {**THREE_SPIN, "ramps": [*ramp()["ramps"], *ramp(begin=3, end=6)["ramps"]]},
            "has the begin 3, but must be in the order of time: the ramp before ends at 4",
        ),
    ],
    "dmft/quench.py:_check": [
        ("dmft", {**THREE_SPIN, "T": [-0.1]}, "T is -0.1, but must be a temperature from 0 to 1e6"),
        (
            "dmft",
            {**THREE_SPIN, "model": {"covariance": {3: 50.0}}, "t_max": 1e9},
            "a.t_max is 1000000000, but must be at most 115470053.838, as far as the grid of",
        ),
        (
            "dmft",
            {**THREE_SPIN, "tolerance": 1e-11},
            "tolerance is 1e-11, but must be a number fro",
        ),
        (
            "dmft",
            {**THREE_SPIN, "T_initial": 0.5},
            "a.T_initial is 0.5, but must be at least 0.586",
        ),
        (
            "dmft",
            {**THREE_SPIN, "T_initial": "equilibrium"},
            "a.T is 0.5, but must be at least 0.5",
        ),
    ],
    "dmft/stage.py:_initial_temperature": [
        (
            "dmft",
            {**THREE_SPIN, "T_initial": "hot"},
            "T_initial is 'hot', but must be .inf, a temp",
        ),
        (
            "dmft",
            {**THREE_SPIN, "T_initial": "equilibrium", "T": [0]},
            "T is 0, but must be above 0",
        ),
    ],
    "dmft/single_site/interface.py:checked_temperature": [
        ("dmft", {**SITE, "T": [0.9]}, "a: T = 0.9 has no equilibrium above the glass transition"),
    ],
    "dmft/single_site/models/soft.py:create": [
        (
            "dmft",
            {**SITE, "model": {"single_site": "soft", "r": -1, "u": 0}},
            "r = -1 leaves the li",
        ),
    ],
    "dynamics/threshold.py:threshold_of_job": [
        (
            "activated",
            with_landscape({**ACTIVATED, "recorders": ["basins"]}, energies="sk"),
            "a.threshold is typical, but must be a number: no formula is known for sk energies",
        ),
    ],
    "dyson/linear_model.py:critical_coefficient": [
        theory("linear_model", "J is 0, but must be a strength of the couplings fr", r0=3, J=0),
    ],
    "dyson/linear_model.py:_gap": [
        theory("linear_model", "r0 is 1.9, but must be at least 2 J = 2", r0=1.9),
        (
            "langevin",
            {**LANGEVIN, "model": {"name": "linear", "r0": 1.9}},
            "r0 is 1.9, but must be",
        ),
    ],
    "dyson/linear_model.py:_check_temperature": [
        theory("linear_model", "T is -1, but must be a temperature from 0 to 1e6", r0=3, T=-1),
    ],
    "dyson/linear_model.py:iterated_response_spectrum": [
        theory("linear_model", "iterations is 0, but must be a whole numbe", r0=3, iterations=0),
    ],
    "dyson/mode_coupling.py:relaxation": [
        theory("mode_coupling", "T is 0.5, but must be above 0.", **{**MODE_COUPLING, "T": [0.5]}),
        theory("mode_coupling", "t_max is .inf, but must be a time", **MODE_COUPLING, t_max=np.inf),
        theory("mode_coupling", "points is 34, but must be a multip", **MODE_COUPLING, points=34),
    ],
    "common/errors.py:refuse": [
        (
            "barriers",
            with_landscape(EXACT, energies="correlated", alpha=0.3),
            "alpha is 0.3, but mu",
        ),
        (
            "barriers",
            with_landscape(EXACT, energies="number_partitioning", bits=60),
            "bits is 60, b",
        ),
        (
            "activated",
            with_landscape({**ACTIVATED, "N": [2]}, energies="pspin", p=3),
            "a.landscape.p is 3, but must be at most N = 2",
        ),
        theory("mode_coupling", "t_max is 1e-09, but must be at l", **MODE_COUPLING, t_max=1e-9),
        theory("linear_model", "iterations is 20, but must be at least 390", r0=2, iterations=20),
        (
            "dmft",
            {**SITE, "time_step": 0.5, "model": {"single_site": "soft"}},
            "must be at most 0.2",
        ),
        (
            "dmft",
            {**SITE, "t_max": 1e6},
            "a.t_max is 1000000, but must be from 1 to 5000 with time",
        ),
        (
            "langevin",
            {**LANGEVIN, "model": {"name": "linear", "r0": 1e3}},
            "a.time_step is 0.05, but must be at most 0.000998 with these couplings and wells",
        ),
    ],
    "models/covariance.py:covariance": [
        (
            "dmft",
            {**THREE_SPIN, "model": {"covariance": {}}},
            "covariance is {}, but must be a mapp",
        ),
        (
            "dmft",
            {**THREE_SPIN, "model": {"covariance": {1: 1}}},
            "the key 1, but its keys must be",
        ),
        (
            "dmft",
            {**THREE_SPIN, "model": {"covariance": {3: -1}}},
            "3 is -1, but must be a coeffici",
        ),
    ],
    "theory/ising_pspin.py:equilibrium": [
        theory("ising_pspin", "T is 0.001, but must be a temperature from 0.01", p=3, T=0.001),
    ],
    "theory/ising_pspin.py:_check": [
        theory("ising_pspin", "p is 2, but must be a whole number from 3 to 20", p=2, T=1),
    ],
    "theory/complexity.py:threshold_energy": [
        theory("complexity", "p is 2, but must be a whole number from 3 to 100", p=2),
    ],
    "theory/complexity.py:complexity": [
        theory("complexity", "index is -1, but must be a whole number", p=3, index=-1),
    ],
    "theory/parisi.py:breakings": [
        theory("parisi_function", "T is 0.01, but must be a temperature from 0.03", T=0.01),
        theory("parisi_function", "h is 6, but must be a field from 0 to 5", T=1, h=6),
        theory("parisi_function", "steps is 1, but must be a whole number of ste", T=1, steps=1),
    ],
    "theory/sk.py:almeida_thouless_field": [
        theory("almeida_thouless_line", "T is 1.1, but must be a temperature from 1e-100", T=1.1),
    ],
    "theory/sk.py:exponent_parameter": [
        theory("almeida_thouless_line", "T is 0, but must be a temperature from 1e-100", T=0),
    ],
    "theory/sk.py:_check": [
        theory("replica_symmetric", "T is -1, but must be a temperature from 0 to 1e6", T=-1),
        theory("replica_symmetric", "h is -1, but must be a field from 0 to 1e6", T=1, h=-1),
    ],
    "theory/spherical_states.py:equilibrium": [
        theory("spherical_pspin", "p is 2, but must be a whole number from 3 to 100", p=2, T=1),
        theory("spherical_pspin", "T is 0, but must be a temperature from 1e-6", p=3, T=0),
    ],
    "theory/spiked_tensor.py:_power": [
        theory("spiked_tensor", "r is -1, but must be a strength of the signal", r=-1),
    ],
}
LATER = {
    "__main__.py:asked": BY_HAND,
    "__main__.py:run": SOURCES,
    "campaign/tables.py:_table": FILES,
    "campaign/by_hand.py:_object": BY_HAND,
    "campaign/by_hand.py:_of_page": BY_HAND,
    "campaign/by_hand.py:_of_study": BY_HAND,
    "campaign/cluster.py:check_paths": PLACE,
    "campaign/by_hand.py:_with_each_key_once": BY_HAND,
    "campaign/by_hand.py:checked": BY_HAND,
    "campaign/configuration.py:checked": BY_HAND,
    "campaign/reading.py:read": THE_CHECK,
    "common/studies.py:require": BY_HAND,
    "dynamics/plan.py:DynamicsPlan.finish": BY_HAND,
    "dynamics/plan.py:_replica_of": BY_HAND,
    "figures/plan.py:FiguresPlan.by_hand": BY_HAND,
    "figures/plan.py:_refuse_first": BY_HAND,
    "campaign/configuration.py:validated": THE_CHECK,
    "dmft/quench.py:solve": SOLVING,
    "dmft/single_site/equilibrium.py:solve": SOLVING,
    "dmft/single_site/exponentials.py:positive": SOLVING,
    "dmft/two_time/uniform_grid.py:_check": LIBRARY,
    "dmft/two_time/uniform_grid.py:solve_components": LIBRARY,
    "dyson/critical_decay.py:decay_exponent": LIBRARY,
    "dyson/linear_model.py:_times": LIBRARY,
    "dyson/linear_model.py:convolution_response": LIBRARY,
    # Continuous transitions are excluded before the call; at others T_d is defined by a maximum.
    "dyson/mode_coupling.py:exponents": LIBRARY,
    "dyson/mode_coupling.py:power_law_of_times": LIBRARY,
    # If this is refused, the file has an infinite relaxation time.
    "dyson/mode_coupling.py:relaxation_time": LIBRARY,
    "figures/stage.py:_check_shown": FILES,
    "figures/stage.py:_refuse_what_cannot_be_drawn": PLACE,
    "files/inputs.py:check_alike": FILES,
    "files/inputs.py:check_made_for": FILES,
    "files/inputs.py:read_results": FILES,
    "campaign/job_list.py:look_up": FILES,
    "files/label.py:_label": FILES,
    "files/label.py:attributes": FILES,
    "langevin/models/linear.py:draw": SAMPLES,
    # Steps with which all samples diverge are refused before any job, but some samples have stiffer
    # couplings.
    "langevin/trajectories.py:_advance": SAMPLES,
    # The reason is the range of the energies, or a user's own rule without detailed balance.
    "master/network.py:network": SAMPLES,
    "master/sample.py:refuse_low_temperature": SAMPLES,
    "master/spectrum.py:rates_of_network": SOLVING,
    "campaign/one_workflow.py:hold": PLACE,
    "files/pictures.py:intact": FILES,
    "report/page.py:page": FILES,
    "files/seal.py:check_comment": FILES,
    "files/seal.py:checksum": FILES,
    "theory/complexity.py:_ratio": LIBRARY,
    # If this is refused, the file has the value 0.
    "theory/ising_pspin.py:_gardner_field": LIBRARY,
    "theory/ising_pspin.py:complexity_at_zero_temperature": LIBRARY,
    "theory/ising_pspin.py:marginal_states": LIBRARY,
    "theory/parisi.py:_minimise": SOLVING,
    "theory/sk.py:almeida_thouless_temperature": LIBRARY,
    "theory/spiked_tensor.py:_arguments": LIBRARY,
    "theory/spiked_tensor.py:cost_of_holding": LIBRARY,
    "theory/spiked_tensor.py:informed_minimum": LIBRARY,
    "theory/spiked_tensor.py:transitions": LIBRARY,
    "traps/stage.py:_check_samples": FILES,
    "traps/stage.py:join_blocks": BY_HAND,
    "campaign/verification.py:sorted_out": FILES,
    "campaign/verification.py:verified": FILES,
    "files/whole_file.py:check_writable": FILES,
}


def refusals() -> Iterator[str]:
    """File and function of each ``raise CampaignError``."""

    def inside(node: ast.AST, name: str) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            raised = getattr(child, "exc", None) if isinstance(child, ast.Raise) else None
            if getattr(getattr(raised, "func", None), "id", None) == "CampaignError":
                yield name
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            yield from inside(child, f"{name}.{child.name}".lstrip(".") if named else name)

    for path in sorted(discovery.PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name in inside(tree, ""):
            yield f"{path.relative_to(discovery.PACKAGE).as_posix()}:{name}"


def checked(kind, study):
    return validated({"campaign": "c", "seed": 1, kind: {"a": study}})


def test_every_refusal_is_placed():
    assert set(refusals()) == BEFORE.keys() | LATER.keys()
    assert not BEFORE.keys() & LATER.keys()


@pytest.mark.parametrize(
    ("kind", "study", "told"), [one for cases in BEFORE.values() for one in cases]
)
def test_what_the_configuration_tells_is_refused_before_any_job(kind, study, told):
    with pytest.raises(CampaignError) as refused:
        checked(kind, study)
    assert told in str(refused.value)
    assert str(refused.value).startswith(f"config: {kind}.a")


RUNS = {"dmft": dmft_stage.run, "theory": theory_stage.run, "langevin": langevin_stage.run}


@pytest.mark.parametrize(
    ("kind", "good", "changes"),
    [
        ("dmft", ramp(), {"T": 0.5, "ramps": [{"begin": 0.05, "end": 4.0, "T": 0.3}]}),
        ("dmft", THREE_SPIN, {"T": 0.5, "T_initial": 0.5}),
        ("dmft", {**THREE_SPIN, "T": [0.7]}, {"T": 0.5, "T_initial": "equilibrium"}),
        ("dmft", {**THREE_SPIN, "model": {"covariance": {3: 50.0}}}, {"t_max": 1e9}),
        ("site", SITE, {"t_max": 1e6}),
        ("site", {**SITE, "model": {"single_site": "soft"}}, {"time_step": 0.5}),
        ("langevin", LANGEVIN, {"model": {"name": "linear", "r0": 1e3, "J": 1.0, "field": 0.0}}),
        ("langevin", LANGEVIN, {"model": {"name": "linear", "r0": 1.0, "J": 1.0, "field": 0.0}}),
        ("theory", {"solve": "mode_coupling", **MODE_COUPLING}, {"T": [0.5]}),
        ("theory", {"solve": "mode_coupling", **MODE_COUPLING}, {"t_max": 1e-9}),
        ("theory", {"solve": "linear_model", "r0": 2}, {"iterations": 20}),
    ],
)
def test_a_job_by_hand_is_refused_in_the_same_words(kind, good, changes):
    section = "dmft" if kind == "site" else kind
    (job, *_) = (
        job for job in listing.jobs(checked(section, good)).values() if job.stage == section
    )
    lists = {key: [changes[key]] for key in {"T"} & changes.keys() if section != "theory"}
    with pytest.raises(CampaignError) as before:
        checked(section, {**good, **changes, **lists})
    run = site_stage.run if kind == "site" else RUNS[section]
    with pytest.raises(CampaignError) as by_hand:
        run({**job.parameters, **changes}, [])
    assert str(before.value) == f"config: {section}.a.{by_hand.value}"


def quenches(count: int) -> Iterator[dict]:
    """Studies of quenches close to all limits of what is allowed."""
    draw = random.Random(20190129)
    for _ in range(count):
        terms = {
            draw.choice([2, 2.5, 3, 4, 17, 1000]): 10.0 ** draw.uniform(-4, 4)
            for _ in range(draw.choice([1, 1, 2]))
        }
        model = covariance({float(power): weight for power, weight in terms.items()})
        unit = float(np.sqrt(model.second_derivative(1.0)))
        static = static_transition(model).temperature
        T = draw.choice([0.0, static, 0.5 * static, 2 * static, 1e-6, 1e3])
        near = [1 - 1e-6, 1 - 1e-12, 1.0, 1 + 1e-6, 2.0]
        T_initial = draw.choice([np.inf, np.inf, "equilibrium", static * draw.choice(near), 1e3])
        field = draw.choice([0.0, 0.0, 0.1, 5.0, -1000.0]) * draw.choice([1.0, min(unit, 1.0)])
        longest = quench.LONGEST_RUN / unit
        t_max = draw.choice([1.0 / unit, 1e-9, longest * draw.choice(near), 1e-300])
        begin = draw.choice([0.01, 0.1, 0.2, 0.24, 0.26, 0.5, 2.0]) / unit
        ramps = []
        if draw.random() < 0.6:
            t_max = 100.0 / unit
            end = begin * draw.choice([1.6, 3.0])
            ramps = [{"begin": begin, "end": end, "T": draw.choice([0.0, static])}]
            if draw.random() < 0.3:
                ramps.append({"begin": end, "end": 2 * end, "field": 0.3})
        yield {"model": {"covariance": terms}, "T": [T], "T_initial": T_initial, "t_max": t_max,
               "field": field, "ramps": ramps}  # fmt: skip


def starts(parameters: dict) -> None:
    """Run the checks and the series of ``quench.solve``, up to its first row."""
    T, field = parameters["T"], parameters["field"]
    start = T if parameters["T_initial"] == "equilibrium" else parameters["T_initial"]
    model = covariance(parameters["model"]["covariance"])
    quench._check(model, T, start, parameters["t_max"], parameters["tolerance"])
    protocol = Protocol(T, field, tuple(Ramp(**one) for one in parameters["ramps"]))
    protocol.check(short_times.solve(model, T, 1 / start, field).reach())


def test_quenches_that_are_allowed_begin_and_those_that_do_not_begin_are_refused():
    """The check before all jobs and the solver agree close to all limits."""
    allowed, told = 0, set()
    for study in quenches(100):
        parameters = {**study, "T": study["T"][0], "tolerance": 1e-6}
        try:
            checked("dmft", study)
        except CampaignError as error:
            key = str(error).split(" is ")[0]
            told.add(key)
            # The schema and the order of ramps are checked elsewhere, not by the solver.
            if "static transition" in str(error) or "grid of" in str(error) or "begins" in key:
                with pytest.raises(CampaignError):
                    starts(parameters)
        else:
            allowed += 1
            starts(parameters)
    assert allowed > 25
    assert {f"config: dmft.a.{key}" for key in ("T", "T_initial", "t_max", "ramps.begin")} <= told


def test_many_temperatures_are_checked_in_a_second():
    """The study has ramps that begin late, as nearly all ramps do."""
    temperatures = [0.5 + 1e-5 * step for step in range(20_000)]
    study = {**THREE_SPIN, "T": temperatures, "ramps": [{"begin": 5.0, "end": 9.0, "T": 0.1}]}
    assert len(checked("dmft", study)["dmft"]["a"]["T"]) == 20_000
