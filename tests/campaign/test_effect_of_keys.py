"""Each key of each study makes a difference, or is refused where it makes none."""

import copy
import math
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import sections, validated
from glasscore.campaign.schema import schema
from glasscore.common import discovery
from glasscore.common.errors import CampaignError
from glasscore.dynamics.rules import metropolis
from glasscore.files.provenance import canonical_json
from glasscore.landscapes.sample import disorder_sample
from glasscore.models.schedule import schedule

SCHEMA = schema()
# Keys that only figures use.
LABELS = {"title"}
# Keys that need another study are tested in tests/landscapes/test_shared_disorder.py.
OF_TWO_STUDIES = {"disorder"}
# Keys for which some of the studies below allow only one value.
MAY_BE_ONLY_ONE = {
    "clock", "graph", "energies", "name", "solve", "single_site", "start", "frequencies",
    "T_initial", "field", "ramps", "replicas",
}  # fmt: skip
HYPERCUBE = {"graph": "hypercube", "energies": "gaussian"}
RECORDERS = discovery.names("dynamics/recorders")
ACTIVATED = {
    "landscape": HYPERCUBE, "rule": "metropolis", "N": [8], "T": [0.5], "samples": 8, "block": 2,
    "t_max": 1e4, "recorders": [name for name in RECORDERS if name != "responses"],
}  # fmt: skip
# All recorders can be used with this clock.
OF_EVERY_RECORDER = "rejection_free"
MASTER = {
    "landscape": HYPERCUBE, "rule": "metropolis", "N": [6], "T": [0.5], "samples": 2,
    "observables": discovery.names("master/observables"),
}  # fmt: skip
SITE = {"model": {"single_site": "glauber"}, "T": [1.5], "T_initial": "equilibrium", "t_max": 20.0}
LANGEVIN = {
    "N": [8], "T": [2.0], "samples": 2, "t_max": 4.0, "time_step": 0.02, "start": "random",
}  # fmt: skip
BASES = {
    "activated": ACTIVATED,
    "barriers": {"landscape": HYPERCUBE, "N": [6], "samples": 2},
    "master": MASTER,
    "dmft": {
        "model": {"covariance": {3: 0.5}}, "T": [0.8], "t_max": 30.0,
        "ramps": [{"begin": 1.0, "end": 2.0, "T": 0.5, "field": 0.1}],
    },
    "langevin": {**LANGEVIN, "model": {"name": "linear", "r0": 3.0}, "start": "equilibrium"},
}  # fmt: skip
MORE: dict[str, dict[str, Any]] = {
    "barrier": {"kind": "activated", **ACTIVATED, "rule": {"name": "barrier", "top": -1.0}},
    "single site": {"kind": "dmft", **SITE},
    "soft site": {"kind": "dmft", **SITE, "model": {"single_site": "soft"}, "time_step": 0.02},
    "correlated": {
        "kind": "barriers", **BASES["barriers"],
        "landscape": {"graph": "hypercube", "energies": "correlated", "alpha": 2.0},
    },
    "sk": {"kind": "barriers", **BASES["barriers"],
           "landscape": {"graph": "hypercube", "energies": "sk"}},
    "pspin": {"kind": "barriers", **BASES["barriers"],
              "landscape": {"graph": "hypercube", "energies": "pspin"}},
    "number_partitioning": {
        "kind": "barriers", **BASES["barriers"],
        "landscape": {"graph": "hypercube", "energies": "number_partitioning"},
    },
    "soft": {"kind": "langevin", **LANGEVIN, "model": {"name": "soft", "r": 0.5, "u": 1.0}},
    "spherical": {
        "kind": "langevin", **LANGEVIN, "model": {"name": "spherical", "covariance": {3: 0.5}},
    },
    "planted": {
        "kind": "langevin", **LANGEVIN, "model": {"name": "spherical", "covariance": {3: 0.5}},
        "start": "planted", "T_initial": 4.0,
    },
    "spiked_tensor": {"kind": "langevin", **LANGEVIN, "model": {"name": "spiked_tensor", "r": 1}},
    "theory replica_symmetric": {"T": [0.5]},
    "theory almeida_thouless_line": {"T": [0.5]},
    "theory parisi_function": {"T": [0.5]},
    "theory random_energy_model": {"T": [0.5]},
    "theory ising_pspin": {"p": [3], "T": [0.5]},
    "theory spherical_pspin": {"p": [3], "T": [0.5]},
    "theory complexity": {"p": [3]},
    "theory spiked_tensor": {"r": [2.0]},
    "theory linear_model": {"r0": [3.0]},
    "theory mode_coupling": {"covariance": {3: 0.5}, "T": [0.8]},
}  # fmt: skip


def studies():
    """The kind, the name and the study itself, for all studies above."""
    for kind, study in BASES.items():
        yield kind, kind, study
    for name, study in MORE.items():
        if name.startswith("theory "):
            yield "theory", name, {"solve": name.removeprefix("theory "), **study}
        else:
            rest = {key: value for key, value in study.items() if key != "kind"}
            yield study["kind"], name, rest


def checked(kind, study):
    return validated({"campaign": "c", "seed": 1, kind: {"a": study}})


def jobs(kind, study):
    found = listing.jobs(checked(kind, study))
    return canonical_json([[output, job.parameters] for output, job in found.items()])


def places(value, here=()):
    """Places of all keys in a study, those of its model and landscape included."""
    for key, part in value.items():
        if key in ("model", "landscape", "rule") and isinstance(part, dict):
            yield from places(part, (*here, key))
        else:
            yield (*here, key)


def others(value):
    """Other values that a key may have."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, str):
        folders = ("landscapes/graphs", "landscapes/energies", "dynamics/rules", "dynamics/clocks",
                   "langevin/models", "theory/studies", "dmft/single_site/models")  # fmt: skip
        parts = [name for folder in folders for name in discovery.names(folder)]
        words = ["random", "equilibrium", "planted", "exponential", 1.0, 10, *parts]
        return [word for word in words if word != value]
    if isinstance(value, dict):
        return [{4: 0.5}, {3: 0.4}, {"single_site": "soft"}]
    if isinstance(value, list):
        found = [[other] for one in value[:1] for other in others(one)]
        return [*found, value[:1], [1.0], [{"begin": 2.0, "end": 4.0, "T": 0.4}]]
    if math.isinf(value):
        return [2.0, 10]
    return [value + 1, value - 1, 2 * value, value / 2, value + 16, value + 4, 0.01, 8, -value]


@pytest.mark.parametrize(("kind", "name", "study"), list(studies()), ids=lambda one: str(one)[:24])
def test_every_key_of_a_study_makes_a_difference(kind, name, study):
    """Another value that is allowed changes the parameters of some job."""
    full = checked(kind, study)[kind]["a"]
    before = jobs(kind, full)
    for place in places(full):
        if place[-1] in LABELS:
            continue
        allowed = 0
        holder = full
        for key in place[:-1]:
            holder = holder[key]
        for other in others(holder[place[-1]]):
            changed = copy.deepcopy(full)
            inner = changed
            for key in place[:-1]:
                inner = inner[key]
            inner[place[-1]] = other
            try:
                after = jobs(kind, changed)
            except CampaignError:
                continue
            if canonical_json(checked(kind, changed)) == canonical_json(checked(kind, full)):
                continue
            allowed += 1
            assert after != before, (place, other)
        assert allowed or place[-1] in MAY_BE_ONLY_ONE, place


def test_every_key_of_the_schema_is_among_them():
    present: dict[str, set[str]] = {}
    for kind, _, study in studies():
        present.setdefault(kind, set()).update(checked(kind, study)[kind]["a"])
    for kind in sections():
        known = SCHEMA["properties"][kind]["additionalProperties"]["properties"]
        assert set(known) - LABELS - OF_TWO_STUDIES <= present[kind], kind


def test_every_option_is_among_them():
    options = {}
    for folder in ("landscapes/energies", "dynamics/rules", "langevin/models",
                   "dmft/single_site/models", "theory/studies"):  # fmt: skip
        for part in discovery.names(folder):
            options[part] = discovery.constant(folder, part, "OPTIONS", {})
    seen: dict[str, set[str]] = {}
    for kind, _, study in studies():
        full = checked(kind, study)[kind]["a"]
        rule = full.get("rule", {})
        for one in (full, full.get("model", {}), full.get("landscape", {}), rule):
            if isinstance(one, str):
                continue
            part = [one.get(key) for key in ("solve", "name", "energies", "single_site")]
            for name in filter(None, part):
                seen.setdefault(name, set()).update(one)
    for part, keys in options.items():
        assert set(keys) <= seen.get(part, set()), part


CHANGED = {
    "threshold": -2.0,
    "trajectories": 1,
    "windows": [0.3],
    "lags": [3.0, 7.0],
    "waiting_times_per_decade": 3,
    "times_per_decade": 5,
}


@pytest.mark.parametrize("recorder", RECORDERS)
def test_a_recorder_uses_the_keys_that_it_says(recorder):
    """If one key is changed, the record changes in shape only if the recorder uses the key."""
    module = import_module(f"glasscore.dynamics.recorders.{recorder}")
    landscape = disorder_sample(1, "a", 8, 0, HYPERCUBE)
    given = {"threshold": -3.0, "T": 0.5, "trajectories": 2, "windows": [], "lags": [1.0],
             "rule": metropolis.create(0.5),
             "waiting_times_per_decade": 4, "times_per_decade": 8}  # fmt: skip

    def made(values):
        of_schedule = ("times_per_decade", "waiting_times_per_decade", "windows")
        plan = schedule(1e3, *(values[key] for key in of_schedule))
        needed = {key: values[key] for key in getattr(module, "NEEDS", ())}
        return list(flattened(module.create(landscape, plan, 4, **needed)))

    def flattened(part):
        if isinstance(part, tuple):
            for one in part:
                yield from flattened(one)
        else:
            yield np.asarray(part)

    before = made(given)
    for key, value in CHANGED.items():
        after = made({**given, key: value})
        same = [a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
                for a, b in zip(before, after, strict=True)]  # fmt: skip
        used = recorder in discovery.users(key, "dynamics/recorders")
        assert used == (not all(same)), (recorder, key)


@pytest.mark.parametrize("recorder", RECORDERS)
@pytest.mark.parametrize("key", CHANGED)
def test_a_key_that_no_recorder_uses_is_refused(recorder, key):
    study = {**ACTIVATED, "clock": OF_EVERY_RECORDER, "recorders": [recorder], key: CHANGED[key]}
    if recorder in discovery.users(key, "dynamics/recorders"):
        checked("activated", study)
        return
    with pytest.raises(CampaignError) as refused:
        checked("activated", study)
    value = np.ravel(CHANGED[key])[0]
    said = str(refused.value)
    assert f"activated.a.{key} is " in said
    assert f"{value:g}" in said
    assert "but this key has no effect here: it must only be given with " in said


@pytest.mark.parametrize(
    ("key", "value", "observable", "told"),
    [
        ("t_max", 1e3, "escape_time", "one of aging_functions, markov_states, trap_aging among"),
        ("passages", 3, "relaxation_times", "only be given with escape_time among the observabl"),
    ],
)
def test_a_key_that_no_observable_uses_is_refused(key, value, observable, told):
    with pytest.raises(CampaignError, match=f"master.a.{key} is {value:g}, .* no effect") as error:
        checked("master", {**MASTER, "observables": [observable], key: value})
    assert told in str(error.value)


def test_a_default_is_not_refused_where_it_has_no_effect():
    """A checked campaign holds all defaults, and may be checked again."""
    study = {**ACTIVATED, "recorders": ["moves"]}
    once = checked("activated", study)
    assert once["activated"]["a"]["threshold"] == "typical"
    assert validated(once) == once


def test_windows_that_nothing_uses_do_not_ask_for_a_longer_run():
    checked("activated", {**ACTIVATED, "recorders": ["energy"], "t_max": 2.0})
    with pytest.raises(CampaignError, match="t_max is 2, but must be at least 11"):
        checked("activated", {**ACTIVATED, "t_max": 2.0})


def test_a_style_without_figures_is_refused():
    config = {"campaign": "c", "theory": {"a": {"solve": "almeida_thouless_line", "T": 0.5}}}
    style = {"palette": "mako"}
    with pytest.raises(CampaignError, match="style is given, but has no effect without figures"):
        validated({**config, "style": style})
    figures = ["de_almeida_thouless_line"]
    drawn = [validated({**config, "style": one, "figures": figures}) for one in (style, {})]
    first, second = (listing.jobs(one)["figures/de_almeida_thouless_line.nc"] for one in drawn)
    assert first.parameters != second.parameters
