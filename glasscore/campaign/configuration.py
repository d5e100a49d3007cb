"""The campaign's configuration: read, checked, and brought to one form.

The schema ``workflow/schemas/config.schema.yaml`` knows shapes, defaults and simple ranges; this
module adds the rules that tie several keys together, and says in one sentence what is wrong.
"""

import difflib
import math
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError, validators

from glasscore.campaign import listing
from glasscore.campaign.yaml_faults import fault
from glasscore.common import discovery, fonts
from glasscore.common.errors import CampaignError, Refusal
from glasscore.common.errors import shown as _shown

SCHEMA = discovery.PACKAGE.parent / "workflow" / "schemas" / "config.schema.yaml"
MOST_JOBS = 100_000
LONGEST_NUMBER = 4096  # bits
DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
DETERMINISTIC = ("dmft", "theory")
# Whose disorder samples are named by the study alone, whatever its kind.
WITH_LANDSCAPES = ("activated", "barriers", "master")
# Defaults that depend on the model of a self-consistent study: of covariances, of single sites.
TOLERANCE = 1e-6
OF_SINGLE_SITES = {"tolerance": 1e-3, "ensembles": 8, "trajectories": 512, "iterations": 20}
# Of the integral over time in a spectrum: half a gigabyte.
MOST_POINTS = 10_000_000
# Of all samples of a size together: about half a gigabyte.
MOST_BRANCHES = 5_000_000
PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read(path: str | Path) -> dict[str, Any]:
    """Read a campaign file as it stands; ``validated`` checks what it says.

    Raises
    ------
    CampaignError
        If the file cannot be read, is not YAML, is empty, gives a key twice or is no mapping.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        config = yaml.load(text, Loader=_StrictLoader)
    except OSError as error:
        raise CampaignError(f"{path}: the file cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise CampaignError(
            f"{path}: the file is not text in UTF-8: save it in that encoding."
        ) from None
    except yaml.MarkedYAMLError as error:
        number, problem = fault(text, error)
        line = f"line {number}: " if number else ""
        raise CampaignError(f"{path}: {line}this is not valid YAML ({problem}).") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise CampaignError(f"{path}: the file is not valid YAML.") from None
    if config is None:
        raise CampaignError(f"{path}: the file is empty, but must hold a campaign.")
    if not isinstance(config, dict):
        raise CampaignError(f"{path}: the file holds {_shown(config)}, but must hold a mapping.")
    return config


def validated(config: dict[str, Any], source: str = "config") -> dict[str, Any]:
    """Check a campaign and bring it to one form.

    Parameters
    ----------
    config
        As read from YAML. It is left as it is.
    source
        Where it came from, named first in every message.

    Returns
    -------
    dict
        A new mapping with all defaults filled in, lists where a single value was allowed, numbers
        as ``float`` or ``int``, and ``N``, ``T``, ``windows``, ``recorders``, ``observables`` and
        the powers of a covariance in increasing order, so that writing them in another order
        reruns nothing.

    Raises
    ------
    CampaignError
        One sentence with the first thing wrong: the key, its value and what is allowed.
    """
    normalised = _normalised(config, _schema())
    problem = next(_problems(normalised), None)
    if problem is not None:
        raise CampaignError(f"{source}: {problem}")
    return _ordered(normalised)


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key that is given twice, of which PyYAML would silently keep the last.

    And whole numbers, possible in base 16, that Python would not write in decimals.
    """

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen: list[Any] = []
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag.endswith(":merge"):
                continue
            name = self.construct_object(key)
            if name in seen:
                problem = f"the key {_key(name)} is given twice"
                raise yaml.composer.ComposerError(None, None, problem, key.start_mark)
            seen.append(name)
        return node

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        value = super().construct_yaml_int(node)
        if value.bit_length() > LONGEST_NUMBER:
            problem = f"a whole number of {value.bit_length()} bits is longer than any allowed"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return value


_StrictLoader.add_constructor("tag:yaml.org,2002:int", _StrictLoader.construct_yaml_int)


def _normalised(value: Any, schema: dict[str, Any]) -> Any:
    """A copy with defaults, lists and numbers in place wherever the value allows it."""
    for choice in schema.get("anyOf", ()):
        value = _normalised(value, choice)
    if {"discovered", "options"} <= schema.keys():
        return _normalised_part(value, schema)
    match schema.get("type"):
        case "number":
            number = _number(value)
            return float(number) + 0.0 if _is_number(number) else value
        case "integer":
            number = _number(value)
            return int(number) if _is_number(number) and number == int(number) else value
        case "array":
            values = value if isinstance(value, list | tuple) else [value]
            return [_normalised(item, schema["items"]) for item in values]
        case "object" if isinstance(value, dict):
            return _normalised_mapping(value, schema)
    return value


def _normalised_mapping(mapping: dict[Any, Any], schema: dict[str, Any]) -> dict[Any, Any]:
    # jsonschema leaves the key None out of the place of an error; the empty text is refused alike
    mapping = {"" if key is None else key: value for key, value in mapping.items()}
    if schema.get("propertyNames", {}).get("type") == "number":
        mapping = _with_numbers_as_keys(mapping)
    properties = _properties(mapping, schema)
    defaults = {key: part["default"] for key, part in properties.items() if "default" in part}
    known = [key for key in properties if key in mapping or key in defaults]
    others = schema.get("additionalProperties") or {}
    return {
        key: _normalised(mapping.get(key, defaults.get(key)), properties.get(key, others))
        for key in [*known, *(key for key in mapping if key not in properties)]
    }


def _normalised_part(value: Any, schema: dict[str, Any]) -> Any:
    """A part with options as a mapping that names it, one without them as the word for it."""
    mapping = value if isinstance(value, dict) else {"name": value}
    mapping = _normalised_mapping(mapping, schema)
    has_no_more = mapping.keys() == _properties(mapping, schema).keys() == {"name"}
    return mapping["name"] if has_no_more else mapping


def _with_numbers_as_keys(mapping: dict[Any, Any]) -> dict[Any, Any]:
    renamed: dict[Any, Any] = {}
    for key, value in mapping.items():
        number = _normalised(_number(key), {"type": "integer"})
        renamed[key if number in renamed else number] = value
    return renamed


def _number(value: Any) -> Any:
    """The number that text stands for (YAML reads 1e8 as text), else the value itself."""
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        return value
    number = int(value) if value.isdigit() and len(value) < 20 else float(value)
    return number if math.isfinite(number) else value


def _is_number(value: Any) -> bool:
    real = isinstance(value, int | float) and not isinstance(value, bool)
    return real and abs(value) <= sys.float_info.max


def _ordered(config: dict[str, Any]) -> dict[str, Any]:
    for study in config["activated"].values():
        for key in ("N", "T", "windows", "recorders"):
            study[key].sort()
    for kind in ("barriers", "master"):
        for study in config[kind].values():
            for key in {"N", "T", "observables"} & study.keys():
                study[key].sort()
    for study in config["theory"].values():
        for key, values in study.items():
            if isinstance(values, list):
                values.sort()
            elif isinstance(values, dict):
                study[key] = dict(sorted(values.items()))
    for study in config["langevin"].values():
        for key in ("N", "T", "waiting_times", "frequencies"):
            study[key].sort()
        if "covariance" in study["model"]:
            study["model"]["covariance"] = dict(sorted(study["model"]["covariance"].items()))
    for study in config["dmft"].values():
        study["T"].sort()
        if "covariance" in study["model"]:
            study["model"]["covariance"] = dict(sorted(study["model"]["covariance"].items()))
            study.setdefault("tolerance", TOLERANCE)
        else:
            for key, value in OF_SINGLE_SITES.items():
                study.setdefault(key, value)
    return config


@cache
def _schema() -> dict[str, Any]:
    with open(SCHEMA, encoding="utf-8") as file:
        # The parser in C, which is ten times as fast, is not part of all builds.
        return getattr(yaml, "CSafeLoader", yaml.SafeLoader)(file).get_single_data()


def _properties(mapping: dict[Any, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The known keys of a mapping, with the options of the parts it names."""
    properties = dict(schema.get("properties", {}))
    for key, folder in schema.get("options", {}).items():
        if mapping.get(key) in discovery.names(folder):
            properties |= discovery.constant(folder, mapping[key], "OPTIONS", {})
    return properties


def _check_discovered(
    validator: Any, folder: str, value: Any, schema: dict[str, Any]
) -> Iterator[ValidationError]:
    # A mapping, where there may be one, is looked at key by key.
    named = isinstance(value, dict) and "options" in schema
    if not named and value not in discovery.names(folder):
        yield ValidationError("not discovered")


def _check_options(
    validator: Any, folders: dict[str, str], value: Any, schema: dict[str, Any]
) -> Iterator[ValidationError]:
    named = isinstance(value, dict) and all(
        value.get(key) in discovery.names(folder)
        or (key in schema.get("alternatives", ()) and key not in value)
        for key, folder in folders.items()
    )
    # Options of a part that does not exist are not to blame.
    if named:
        known = _properties(value, schema)
        alternatives = schema.get("alternatives", [])
        asked = [key for key in alternatives if key in value] or alternatives[:1]
        optional = schema["properties"].keys() - {*schema.get("required", []), *asked}
        required = [key for key in known if "default" not in known[key] and key not in optional]
        closed = {"properties": known, "required": required, "additionalProperties": False}
        yield from validator.descend(value, closed)


_Validator = validators.extend(
    Draft202012Validator,
    {"discovered": _check_discovered, "options": _check_options},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "number": lambda _, value: _is_number(value),
            "integer": lambda _, value: _is_number(value) and isinstance(value, int),
        }
    ),
)


def _problems(config: Any) -> Iterator[str]:
    """All that is wrong, most telling first; the rules across keys rely on a sound shape."""
    errors = _Validator(_schema()).iter_errors(config)
    for error in sorted(errors, key=lambda error: _precedence(error, config)):
        yield _sentence(error, config)
    yield from _problems_of_campaign(config)
    for kind in ("activated", "master"):
        for name, study in config[kind].items():
            yield from _keys_without_effect(kind, name, study)
    for name, study in config["activated"].items():
        yield from _problems_of_activated_study(f"activated.{name}", study)
    for kind in ("barriers", "master"):
        for name, study in config[kind].items():
            yield from _problems_of_exact_study(f"{kind}.{name}", study)
    for name, study in config["dmft"].items():
        yield from _problems_of_dmft_study(f"dmft.{name}", study)
    for name, study in config["theory"].items():
        yield from _problems_of_theory_study(f"theory.{name}", study)
    for name, study in config["langevin"].items():
        yield from _problems_of_langevin_study(f"langevin.{name}", study)
    for kinds, shared in ((WITH_LANDSCAPES, "landscape"), (("langevin",), "model")):
        yield from _problems_of_disorder(config, kinds, shared)
    yield from _problems_of_titles(config)
    yield from _problems_of_number(config)


def _problems_of_disorder(
    config: dict[str, Any], kinds: tuple[str, ...], shared: str
) -> Iterator[str]:
    """Studies that take the disorder samples of another one, in whose name these are drawn."""
    studies = [(kind, name, study) for kind in kinds for name, study in config[kind].items()]
    for kind, name, study in studies:
        if "disorder" not in study:
            continue
        other = study["disorder"]
        place = f"{kind}.{name}.disorder is {_shown(other)}, but must be"
        named = [one for _, its_name, one in studies if its_name == other]
        alike = [one for one in named if one[shared] == study[shared]]
        if other == name or not named:
            known = sorted({its_name for _, its_name, _ in studies} - {name})
            yield f"{place} the name of another study in {_either(kinds)}{_nearest(other, known)}."
        elif not alike:
            yield f"{place} a study with the same {shared}."
        elif all("disorder" in one for one in alike):
            own = _shown(alike[0]["disorder"])
            yield f"{place} a study with samples of its own, not with those of {own}."
        elif "planted" in {one.get("start") for one in (study, *alike)}:
            yield f"{place} left out where start is planted, as couplings are drawn to the states."


def _problems_of_campaign(config: dict[str, Any]) -> Iterator[str]:
    kinds = list(discovery.STUDIES.values())
    if not any(config[kind] for kind in kinds):
        names = f"{', '.join(kinds[:-1])} and {kinds[-1]}"
        yield f"{names} are all empty, but one of them must hold a study."
    for results in (Path("results"), discovery.PACKAGE.parent / "results"):
        folder = results / config["campaign"]
        if os.path.lexists(folder) and not os.path.isdir(folder):
            yield (
                f"campaign is {_shown(config['campaign'])}, but must be another name, since "
                f"{folder} is no folder."
            )
    random = any(config[kind] for kind in kinds if kind not in DETERMINISTIC)
    random |= any("single_site" in study["model"] for study in config["dmft"].values())
    if random and "seed" not in config:
        yield f"seed is missing, but must be {_allowed(_schema()['properties']['seed'])}."
    for kind in discovery.STUDIES.values():
        seen: dict[str, str] = {}
        for name in config[kind]:
            twin = seen.setdefault(name.lower(), name)
            if twin != name:
                yield (
                    f"{kind} has the studies {twin} and {name}, but study names must differ in "
                    "more than case, since they name folders."
                )
    if (
        config["style"] != _normalised({}, _schema()["properties"]["style"])
        and not config["figures"]
    ):
        yield "style is given, but has no effect without figures: it must only be given with them."
    for figure in config["figures"]:
        yield from _problems_of_figure(figure, config)


def _problems_of_number(config: dict[str, Any]) -> Iterator[str]:
    """Too many jobs for a workflow manager, which plans ten thousand in seconds."""
    counts = {
        f"{kind}.{name}": listing.number_of_jobs(kind, name, study)
        for kind in discovery.STUDIES.values()
        for name, study in config[kind].items()
    }
    total, largest = sum(counts.values()), max(counts, key=counts.__getitem__, default="")
    if total > MOST_JOBS:
        of_blocks = largest.startswith("activated.")
        remedy = "raise its block or lower its samples" if of_blocks else "shorten its lists"
        yield (
            f"{largest} makes {counts[largest]} of {total} jobs, but a campaign must have at most "
            f"{MOST_JOBS}: {remedy}."
        )


def _problems_of_titles(config: dict[str, Any]) -> Iterator[str]:
    """Fonts that are not there, and titles that those which are there cannot draw."""
    style = config["style"]
    if fonts.refusal(style):
        near = _nearest(style["font"], fonts.installed())
        yield f"style.font is {_shown(style['font'])}, but {fonts.refusal(style)}{near}."
        return
    for kind in dict.fromkeys(discovery.STUDIES.values()):
        for name, study in config[kind].items():
            if "title" in study and not fonts.is_visible(study["title"]):
                yield (
                    f"{kind}.{name}.title is {_shown(study['title'])}, but must have a character "
                    "that can be seen."
                )
            missing = fonts.lacking(study.get("title", ""), style)
            if missing:
                yield (
                    f"{kind}.{name}.title is {_shown(study['title'])}, but must be in characters "
                    f"of the font {' or '.join(fonts.families(style))}, without {_shown(missing)}; "
                    "style.font can name another installed font."
                )


def _problems_of_figure(figure: str, config: dict[str, Any]) -> Iterator[str]:
    stages = discovery.needs(figure)
    if not stages:
        return
    kind = discovery.STUDIES[stages[0]]
    if any(discovery.is_about(figure, study) for study in config[kind].values()):
        return
    lacking = discovery.left_out(figure, config)
    if lacking:
        nearest = ", ".join(f"{study} lacks {what}" for study, what in lacking.items())
        yield (
            f"figures has {figure}, but must only have figures whose studies are in the campaign: "
            f"{nearest}."
        )
    else:
        only = discovery.constant("figures", figure, "ONLY", {})
        known = _keys_of_models(kind)
        asked = [_with(key, values) for key, values in only.items() if key in known]
        for key in ("observables", "recorders"):
            for name in discovery.constant("figures", figure, key.upper(), ()):
                asked.append(f" with {name} among its {key}")
        solves = discovery.constant("figures", figure, "SOLVES", ())
        if solves:
            asked.append(f" with solve: {_one_of(solves)}")
        recorders = discovery.constant("figures", figure, "ANY_RECORDER", ())
        if recorders:
            asked.append(f" with a recorder that is {_one_of(recorders)}")
        yield (
            f"figures has {figure}, but must only have figures whose studies are in the campaign: "
            f"this one needs a study in {kind}{' and'.join(asked)}."
        )


def _keys_of_models(kind: str) -> set[str]:
    """The keys that landscapes or models can have in the studies of one kind."""
    study = _schema()["properties"][kind]["additionalProperties"]["properties"]
    keys: set[str] = set()
    for part in (study[name] for name in ("landscape", "model") if name in study):
        keys |= part["properties"].keys()
        for folder in part.get("options", {}).values():
            for name in discovery.names(folder):
                keys |= discovery.constant(folder, name, "OPTIONS", {}).keys()
    return keys


def _keys_without_effect(kind: str, name: str, study: dict[str, Any]) -> Iterator[str]:
    """Keys with another value than their default, which none of the chosen parts uses."""
    known = _schema()["properties"][kind]["additionalProperties"]["properties"]
    for key, part in known.items():
        if "used_by" not in part or study[key] == _normalised(part["default"], part):
            continue
        users = discovery.users(key, known[part["used_by"]]["items"]["discovered"])
        if not set(users) & set(study[part["used_by"]]):
            yield (
                f"{kind}.{name}.{key} is {_shown(study[key])}, but this key has no effect here: it "
                f"must only be given with {_one_of(users)} among the {part['used_by']}."
            )


def _problems_of_activated_study(path: str, study: dict[str, Any]) -> Iterator[str]:
    for key in ("N", "T", "windows"):
        yield from _repetitions(f"{path}.{key}", study[key])
    graph, energies = study["landscape"]["graph"], study["landscape"]["energies"]
    rule = discovery.name_of(study["rule"])
    rules = discovery.constant("landscapes/graphs", graph, "RULES")
    if rules is not None and rule not in rules:
        yield f"{path}.rule is {_shown(rule)}, but must be {_one_of(rules)} on the graph {graph}."
    if 0 in study["T"] and not discovery.constant("dynamics/rules", rule, "ZERO_TEMPERATURE"):
        yield f"{path}.T is 0, but must be at least 1e-6 for the rule {rule}."
    laws = discovery.constant("landscapes/graphs", graph, "ENERGIES")
    if laws is not None and energies not in laws:
        yield (
            f"{path}.landscape.energies is {_shown(energies)}, but must be {_one_of(laws)} on the "
            f"graph {graph}."
        )
    for recorder in study["recorders"]:
        graphs = discovery.constant("dynamics/recorders", recorder, "GRAPHS")
        if graphs is not None and graph not in graphs:
            yield (
                f"{path}.recorders has {recorder}, but must only have recorders with a meaning on "
                f"the graph {graph}."
            )
    if math.inf in study["N"]:
        if not discovery.constant("landscapes/graphs", graph, "INFINITE_N", False):
            yield f"{path}.N is .inf, but must be a whole number on the graph {graph}."
        if not discovery.constant("landscapes/energies", energies, "INFINITE_N", False):
            yield f"{path}.N is .inf, but must be a whole number for {energies} energies."
    of_rules = discovery.constant("landscapes/graphs", graph, "LARGEST_N_OF_RULES", {})
    largest = of_rules.get(rule, math.inf)
    for N in study["N"]:
        if math.isfinite(N) and largest < N:
            yield (
                f"{path}.N is {_shown(N)}, but must be at most {largest} for the rule {rule} on "
                f"the graph {graph}."
            )
        yield from _problems_of_size(path, study["landscape"], N)
    if study["threshold"] == "typical" and discovery.is_needed("threshold", study["recorders"]):
        yield from _problems_of_threshold(path, study)
    longest = max(study["windows"])
    use_windows = set(discovery.users("windows", "dynamics/recorders")) & set(study["recorders"])
    if use_windows and study["t_max"] < 1 + longest:
        yield (
            f"{path}.t_max is {_shown(study['t_max'])}, but must be at least {1 + longest:.12g}, "
            f"so that the window {longest:.12g} fits after the first waiting time 1."
        )


def _problems_of_threshold(path: str, study: dict[str, Any]) -> Iterator[str]:
    threshold = import_module("glasscore.dynamics.threshold")
    for N in study["N"]:
        for T in study["T"]:
            found = threshold.typical_threshold(study["landscape"], study["rule"], N, T)
            if isinstance(found, str):
                yield f"{path}.threshold is typical, but must be a number: {found}."


def _problems_of_size(path: str, landscape: dict[str, Any], N: float) -> Iterator[str]:
    """What the graph or the energies, which alone know their limits, say to a number of spins."""
    for key, folder in (("graph", "landscapes/graphs"), ("energies", "landscapes/energies")):
        name = landscape[key]
        largest = discovery.constant(folder, name, "LARGEST_N", 64)
        if math.isfinite(N) and largest < N:
            yield f"{path}.N is {_shown(N)}, but must be at most {largest} with {key}: {name}."
            return
    if discovery.defines("landscapes/energies", name, "refusal"):
        module = import_module(f"glasscore.landscapes.energies.{name}")
        options = {key: value for key, value in landscape.items() if key in module.OPTIONS}
        refused = module.refusal(N, options)
        if refused:
            key, requirement = refused
            value = landscape.get(key, N)
            place = f"landscape.{key}" if key in landscape else key
            yield f"{path}.{place} is {_shown(value)}, but must {requirement}."


def _problems_of_exact_study(path: str, study: dict[str, Any]) -> Iterator[str]:
    """Studies of all states at once: of minima and barriers, or of the master equation."""
    for key in ("N", "T"):
        yield from _repetitions(f"{path}.{key}", study.get(key, []))
    graph = study["landscape"]["graph"]
    if graph != "hypercube":
        yield f"{path}.landscape.graph is {_shown(graph)}, but must be hypercube here."
    branches = study.get("branches", 0) * study["samples"]
    if branches > MOST_BRANCHES:
        yield (
            f"{path}.branches is {study['branches']}, but must be at most "
            f"{MOST_BRANCHES // study['samples']} with {study['samples']} samples, so that not "
            f"more than {MOST_BRANCHES} minima are written."
        )
    for N in study["N"]:
        yield from _problems_of_size(path, study["landscape"], N)
        for name in study.get("observables", []):
            largest = discovery.constant("master/observables", name, "LARGEST_N")
            if largest < N:
                yield (
                    f"{path}.N is {_shown(N)}, but must be at most {largest} with {name} among the "
                    "observables."
                )


def _problems_of_dmft_study(path: str, study: dict[str, Any]) -> Iterator[str]:
    yield from _repetitions(f"{path}.T", study["T"])
    if "single_site" in study["model"]:
        yield from _problems_of_single_site(path, study)
        return
    for key in (*OF_SINGLE_SITES, "time_step"):
        if key in study and key != "tolerance":
            yield (
                f"{path}.{key} is {_shown(study[key])}, but this key must only be given with "
                "model.single_site."
            )
    if study["T_initial"] == "equilibrium" and 0 in study["T"]:
        yield f"{path}.T is 0, but must be above 0 if T_initial is equilibrium."
    if study["ramps"]:
        yield from _problems_of_ramps(path, study)
    yield from _refused(path, import_module("glasscore.dmft.refusal").refusal(study))


def _problems_of_theory_study(path: str, study: dict[str, Any]) -> Iterator[str]:
    for key, values in study.items():
        if isinstance(values, list):
            yield from _repetitions(f"{path}.{key}", values)
    if discovery.defines("theory/studies", study["solve"], "refusal"):
        module = import_module(f"glasscore.theory.studies.{study['solve']}")
        yield from _refused(path, module.refusal(study))


def _problems_of_single_site(path: str, study: dict[str, Any]) -> Iterator[str]:
    if "covariance" in study["model"]:
        yield f"{path}.model has covariance and single_site, but must have one of them."
    if study["ramps"]:
        yield f"{path}.ramps has {len(study['ramps'])} ramps, but must be empty for a single site."
    if study["field"] != 0:
        yield f"{path}.field is {_shown(study['field'])}, but must be 0 for a single site."
    if study["T_initial"] != "equilibrium":
        yield (
            f"{path}.T_initial is {_shown(study['T_initial'])}, but must be equilibrium for a "
            "single site."
        )
    try:
        refusal = import_module("glasscore.dmft.single_site.refusal").refusal
        yield from _refused(path, refusal(study))
    except CampaignError as error:
        yield f"{path}: {error}"


def _problems_of_langevin_study(path: str, study: dict[str, Any]) -> Iterator[str]:
    for key in ("N", "T", "waiting_times", "frequencies"):
        yield from _repetitions(f"{path}.{key}", study[key])
    name, step = study["model"]["name"], study["time_step"]
    starts = discovery.constant("langevin/models", name, "STARTS")
    if study["start"] not in starts:
        yield (
            f"{path}.start is {_shown(study['start'])}, but must be {_one_of(starts)} for the "
            f"model {name}."
        )
    if study["start"] != "random" and 0 in study["T"]:
        yield f"{path}.T is 0, but must be above 0 if start is {study['start']}."
    if study["frequencies"] and study["start"] == "random":
        yield (
            f"{path}.frequencies is {_shown(study['frequencies'])}, but must be empty unless start "
            "is equilibrium or planted: spectra are those of a stationary state."
        )
    points = import_module("glasscore.langevin.spectra").number_of_points
    if study["frequencies"] and points(study["t_max"], study["frequencies"]) > MOST_POINTS:
        yield (
            f"{path}.frequencies has {_shown(max(study['frequencies']))}, but must be lower with "
            f"{path}.t_max {_shown(study['t_max'])}: a spectrum cannot sum over so many periods."
        )
    schedule = import_module("glasscore.langevin.schedule")
    for key in ("t_max", "waiting_times"):
        times = study[key] if isinstance(study[key], list) else [study[key]]
        for time in times:
            if not schedule.is_whole(time, step):
                yield (
                    f"{path}.{key} is {_shown(time)}, but must be a whole multiple of "
                    f"{_shown(2 * step)}, two time steps."
                )
    if max(study["waiting_times"]) + 2 * step > study["t_max"] * (1 + 1e-12):
        yield (
            f"{path}.waiting_times has {_shown(max(study['waiting_times']))}, but must end two "
            f"time steps before {path}.t_max, {_shown(study['t_max'])}, or earlier."
        )
    if study["start"] in starts:
        yield from _refused(path, import_module("glasscore.langevin.refusal").refusal(study))


def _problems_of_ramps(path: str, study: dict[str, Any]) -> Iterator[str]:
    shortest = import_module("glasscore.dmft.protocol").SHORTEST_RAMP
    free = 0.0
    for ramp in study["ramps"]:
        if not {"T", "field"} & ramp.keys():
            yield (
                f"{path}.ramps has the begin {_shown(ramp['begin'])} without a change, but must "
                "have T, field or both."
            )
        if ramp["begin"] >= study["t_max"]:
            yield (
                f"{path}.ramps has the begin {_shown(ramp['begin'])}, but must begin before "
                f"{path}.t_max, {_shown(study['t_max'])}."
            )
        if ramp["begin"] < free:
            yield (
                f"{path}.ramps has the begin {_shown(ramp['begin'])}, but must be in the order of "
                f"time: the ramp before ends at {_shown(free)}."
            )
        if ramp["end"] < shortest * ramp["begin"]:
            yield (
                f"{path}.ramps has the end {_shown(ramp['end'])}, but must be at least {shortest} "
                f"times the begin {_shown(ramp['begin'])}."
            )
        free = ramp["end"]


def _refused(path: str, refused: Refusal | None) -> Iterator[str]:
    """What a stage refuses of a study, in the words that it has for it at run time."""
    if refused is not None:
        key, value, requirement = refused
        yield f"{path}.{key} is {_shown(value)}, but must {requirement}."


def _repetitions(path: str, values: list[float]) -> Iterator[str]:
    counts = Counter(f"{value:.12g}" for value in values)
    for text, count in counts.items():
        if count > 1:
            yield f"{path} has {text} {count} times, but its values must differ in 12 digits."


def _walk(parts: Iterable[Any], config: Any) -> Iterator[tuple[Any, Any]]:
    """Each part of a place with the mapping or list it is looked up in."""
    for part in parts:
        yield part, config
        config = config[part]


def _precedence(error: ValidationError, config: Any) -> tuple[bool, list[int]]:
    """Unknown keys first, since a misspelt key also looks like a missing one; then by place."""
    place = [
        part if isinstance(holder, list) else list(holder).index(part)
        for part, holder in _walk(error.absolute_path, config)
    ]
    return error.validator != "additionalProperties", place


def _sentence(error: ValidationError, config: Any) -> str:
    steps = _walk(error.absolute_path, config)
    keys = [part for part, holder in steps if isinstance(holder, dict)]
    value, schema = error.instance, error.schema
    if error.validator == "additionalProperties":
        known = schema["properties"]
        key = next(key for key in value if key not in known)
        return (
            f"{_path(*keys, key)} is {_shown(value[key])}, but this key is unknown: known here are "
            f"{', '.join(known)}{_unspaced(key, known) or _nearest(key, known)}."
        )
    if error.validator == "required":
        key = next(key for key in error.validator_value if key not in value)
        return f"{_path(*keys, key)} is missing, but must be {_allowed(schema['properties'][key])}."
    if "propertyNames" in error.absolute_schema_path:
        return (
            f"{_path(*keys)} has the key {_shown(value)}, but its keys must be "
            f"{schema['description']}."
        )
    return f"{_path(*keys)} is {_shown(value)}, but must be {_allowed(schema, value)}."


def _allowed(schema: dict[str, Any], value: Any = None) -> str:
    if "description" in schema:
        return schema["description"]
    names = schema.get("enum") or discovery.names(schema["discovered"])
    return _one_of(names) + _nearest(value, names)


def _one_of(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"one of {', '.join(names) or '(none)'}"


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _with(key: str, values: Sequence[str | None]) -> str:
    """What a study must have; None stands for a key that is not there."""
    named = [value for value in values if value is not None]
    if not named:
        return f" without {key}"
    return f" with {key}: {_either([*named, 'none'] if len(named) < len(values) else named)}"


def _unspaced(word: Any, names: Iterable[str]) -> str:
    """A question about a blank, if a word such as graph:hypercube begins with a name."""
    name, colon, _ = word.partition(":") if isinstance(word, str) else ("", "", "")
    return f"; is a blank missing after {name}:" if colon and name in names else ""


def _nearest(word: Any, names: Iterable[str]) -> str:
    """A question that offers the name most like a word, if one is like it."""
    lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower()[:64], lower, 1) if isinstance(word, str) else []
    return f"; did you mean {lower[near[0]]}" if near else ""


def _path(*keys: Any) -> str:
    return ".".join(_key(key) for key in keys) or "the campaign"


def _key(key: Any) -> str:
    return key if isinstance(key, str) and PLAIN.fullmatch(key) else _shown(key)
