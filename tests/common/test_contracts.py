"""Every part of every folder fulfils the contract of its folder."""

import inspect
import math
import types
import typing
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from glasscore.campaign.schema import schema
from glasscore.common import discovery
from glasscore.dmft.single_site import interface as site
from glasscore.dynamics import interface as dynamics
from glasscore.dynamics.rules import rule_at
from glasscore.figures import selection
from glasscore.landscapes import interface as landscapes
from glasscore.landscapes.energies import exponential

# The folders of parts, and the functions that each part must register: all of one of these sets.
VERBS: dict[str, list[tuple[Any, ...]]] = {
    "landscapes/graphs": [
        (
            landscapes.position,
            landscapes.place_randomly,
            landscapes.update_energy,
            landscapes.move_count,
            landscapes.move_weight,
            landscapes.destination_energy,
            landscapes.destination_energies,
            landscapes.move,
            landscapes.distance,
        )
    ],
    "landscapes/energies": [
        (landscapes.level,),
        (
            landscapes.field_count,
            landscapes.update_energy_and_fields,
            landscapes.energy_after_flip,
            landscapes.energies_after_flips,
            landscapes.flip,
        ),
    ],
    "dynamics/graphs": [(dynamics.workspace,)],
    "dynamics/rules": [(dynamics.rate,)],
    "dynamics/clocks": [],
    "dynamics/starts": [],
    "dynamics/recorders": [(dynamics.record_visit,), (dynamics.next_observation, dynamics.observe)],
    "langevin/models": [],
    "dmft/single_site/models": [
        (site.glass_temperature, site.statics, site.kicks, site.trajectories)
    ],
    "master/observables": [],
    "theory/studies": [],
    "figures": [],
}
# The functions that each workspace of a graph registers.
VERBS_OF_WORKSPACES = (
    dynamics.compute_rates,
    dynamics.draw_duration,
    dynamics.draw_move,
    dynamics.attempt_move,
    dynamics.make_drawn_move,
    dynamics.save_drawn_move,
    dynamics.restore_drawn_move,
)
# All other constants are read from the source, before anything is imported.
READ_FROM_THE_MODULE = {"EXPLAINED"}
PARTS = [(folder, name) for folder in VERBS for name in discovery.names(folder)]


def contract_of(folder: str) -> Any:
    """The one protocol in a folder's ``__init__``."""
    package = import_module(f"glasscore.{folder.replace('/', '.')}")
    (found,) = [
        value
        for value in vars(package).values()
        if getattr(value, "_is_protocol", False) and value.__module__ == package.__name__
    ]
    return found


def is_a(value: Any, hint: Any) -> bool:
    """Whether a constant is of a type, including the types of all values in it."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(is_a(value, one) for one in inner)
    if origin is tuple and inner[-1] is ...:
        return isinstance(value, tuple) and all(is_a(one, inner[0]) for one in value)
    if origin is tuple:
        return (
            isinstance(value, tuple) and all(map(is_a, value, inner)) and len(value) == len(inner)
        )
    if origin is not None:
        return isinstance(value, origin) and all(
            is_a(key, inner[0]) and is_a(one, inner[1]) for key, one in value.items()
        )
    return isinstance(value, hint) and (hint is bool or not isinstance(value, bool))


def parameters_of(function: Any) -> list[inspect.Parameter]:
    function = inspect.unwrap(getattr(function, "py_func", function))
    return list(inspect.signature(function).parameters.values())


def faults(contract: Any, module: Any, folder: str, name: str) -> list[str]:
    """Sentences on what a module lacks, or has in another form than its contract says."""
    found = []
    for constant, hint in typing.get_type_hints(contract).items():
        if not hasattr(module, constant):
            found += [] if hasattr(contract, constant) else [f"{constant} is missing"]
        elif not is_a(getattr(module, constant), hint):
            found.append(f"{constant} is no {hint}")
        elif constant in READ_FROM_THE_MODULE:
            continue
        elif discovery.constant(folder, name, constant) != getattr(module, constant):
            found.append(f"{constant} is no literal")
    for verb, promised in vars(contract).items():
        if not inspect.isfunction(promised) or verb.startswith("_"):
            continue
        if not hasattr(module, verb):
            found += [] if hasattr(promised, "is_optional") else [f"{verb} is missing"]
            continue
        _, *asked = parameters_of(promised)  # without self
        kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
        known = [one.name for one in asked if one.kind in kinds]
        rest = next((one.name.upper() for one in asked if one.kind is one.VAR_KEYWORD), None)
        several = any(one.kind is one.VAR_POSITIONAL for one in asked)
        has = [one.name for one in parameters_of(getattr(module, verb))]
        if several:
            # One argument for each stage, whatever the stages are called.
            continue
        if has[: len(known)] != known or set(has[len(known) :]) != set(
            getattr(module, rest or "", ())
        ):
            found.append(f"{verb} has the parameters {has}")
    return found


@pytest.mark.parametrize(("folder", "name"), PARTS, ids="/".join)
def test_a_part_is_as_its_contract_says(folder, name):
    module = import_module(discovery.module(folder, name))
    assert faults(contract_of(folder), module, folder, name) == []


@pytest.mark.parametrize(("folder", "name"), PARTS, ids="/".join)
def test_a_part_registers_the_verbs_of_its_kind(folder, name):
    module = import_module(discovery.module(folder, name)).__name__
    if folder == "dynamics/graphs":  # its type is that of the graph
        module = module.replace("dynamics", "landscapes")
    registered = [
        all(any(kind.__module__ == module for kind in verb.registry) for verb in verbs)
        for verbs in VERBS[folder]
    ]
    assert any(registered) or not registered


@pytest.mark.parametrize("graph", discovery.names("dynamics/graphs"))
def test_all_workspaces_of_a_graph_register_their_verbs(graph):
    def said(constant, default):
        return discovery.constant("landscapes/graphs", graph, constant) or default

    import_module(f"glasscore.dynamics.graphs.{graph}")
    states = import_module(f"glasscore.landscapes.graphs.{graph}")
    sizes = [4.0, math.inf] if said("INFINITE_N", False) else [4.0]
    rules = set(said("RULES", discovery.names("dynamics/rules")))
    for rule in rules & {"arrhenius", "metropolis", "heat_bath"}:
        for N in sizes:
            landscape = states.create(N, exponential.create(N, np.zeros(2, np.uint64), {}))
            with np.errstate(over="ignore"):
                work = dynamics.workspace(landscape, rule_at(rule, 0.5))
            assert all(type(work) in verb.registry for verb in VERBS_OF_WORKSPACES)


COSTS = sorted(
    (str(path.parents[1].relative_to(discovery.PACKAGE)), path.stem)
    for path in discovery.PACKAGE.glob("*/*/cost/*.py")
    if path.name != "__init__.py"
)


@pytest.mark.parametrize(("folder", "name"), COSTS, ids="/".join)
def test_a_cost_belongs_to_a_part_and_says_what_its_folder_asks_for(folder, name):
    assert name in discovery.names(folder)
    package = f"glasscore.{folder.replace('/', '.')}.cost"
    common, own = import_module(package), import_module(f"{package}.{name}")
    asked = {key: value for key, value in vars(common).items() if not key.startswith("_")}
    said = {key: value for key, value in vars(own).items() if key in asked and key != "Any"}
    assert any(value is not asked[key] for key, value in said.items())
    for key, value in said.items():
        if inspect.isfunction(value):
            has, known = ([one.name for one in parameters_of(f)] for f in (value, asked[key]))
            assert has == known, key
        elif not inspect.ismodule(value):
            assert type(value) is type(asked[key]), key


@pytest.mark.parametrize("name", discovery.names("figures"))
def test_a_figure_takes_results_of_as_many_stages_as_it_needs(name):
    module = import_module(discovery.module("figures", name))
    results = {stage: {} for stage in selection.needs(name)}
    inspect.signature(module.curves).bind(*results.values())


def folders_named_in(schema: Any) -> set[str]:
    """All folders whose parts a campaign can name."""
    if isinstance(schema, list):
        return set().union(*map(folders_named_in, schema))
    if not isinstance(schema, dict):
        return set()
    found = {schema["discovered"]} if "discovered" in schema else set()
    return found.union(*map(folders_named_in, schema.values()))


def test_every_folder_of_parts_has_a_contract():
    assert folders_named_in(schema()) | {"dynamics/graphs"} == set(VERBS)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"ZERO_TEMPERATURE": 1}, "ZERO_TEMPERATURE is no <class 'bool'>"),
        ({"create": lambda T, a: None}, "create has the parameters ['T', 'a']"),
        ({"create": lambda temperature: None}, "create has the parameters ['temperature']"),
        ({"OPTIONS": {"a": {}}}, "create has the parameters ['T']"),
    ],
)
def test_a_module_that_breaks_its_contract_is_found(changed, fault, monkeypatch):
    monkeypatch.setattr(discovery, "constant", lambda *_: next(iter(changed.values())))
    module = types.SimpleNamespace(**{"create": lambda T: None, **changed})
    assert faults(contract_of("dynamics/rules"), module, "dynamics/rules", "broken") == [fault]


def test_what_is_missing_is_found():
    module = types.SimpleNamespace(SPACE="flat", STARTS=("random",))
    monkeypatched = faults(contract_of("langevin/models"), module, "langevin/models", "linear")
    assert "draw is missing" in monkeypatched
    assert "refusal is missing" in monkeypatched
    assert not any("planted" in fault for fault in monkeypatched)
