import copy
import datetime
import math
import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from glasscore.campaign import configuration, listing
from glasscore.campaign.configuration import read, validated
from glasscore.campaign.schema import schema
from glasscore.common import discovery
from glasscore.common.errors import CampaignError
from glasscore.figures import selection
from glasscore.figures.plan import left_out, section_of

ROOT = Path(configuration.__file__).resolve().parents[2]
SCHEMA = schema()
OF_STARTS = (
    "OPTIONS = {'T': {'description': 'a temperature from 1e-6 to 1e6', 'default': 'same',\n"
    "    'anyOf': [{'type': 'number', 'minimum': 1e-6, 'maximum': 1e6}, {'enum': ['same']}]}}"
)
PARTS = {
    "landscapes/graphs/hypercube": "RULES = None\nINFINITE_N = False\nLARGEST_N = 4096",
    "landscapes/graphs/complete": (
        "RULES = ('arrhenius',)\n"
        "INFINITE_N = True\n"
        "ENERGIES = ('exponential', 'gaussian')\n"
        "LARGEST_N_OF_RULES = {'arrhenius': 40}"
    ),
    "landscapes/energies/exponential": "INFINITE_N = True",
    "landscapes/energies/gaussian": "INFINITE_N = False",
    "landscapes/energies/correlated": (
        "INFINITE_N = False\n"
        "OPTIONS = {\n"
        "    'alpha': {'type': 'number', 'exclusiveMinimum': 0, 'description': 'above 0'},\n"
        "    'order': {'type': 'integer', 'default': 2, 'description': 'a whole number'},\n"
        "}"
    ),
    "dynamics/clocks/rejection_free": "",
    "dynamics/clocks/superbasin": "",
    **{f"dynamics/starts/{name}": OF_STARTS for name in ("equilibrium", "planted")},
    "dynamics/starts/random": "",
    "dynamics/rules/metropolis": "ZERO_TEMPERATURE = True",
    "dynamics/rules/arrhenius": "",
    "dynamics/recorders/energy": "",
    "dynamics/recorders/configurations": "",
    "dynamics/recorders/trapping_times": "",
    "dynamics/recorders/inherent_structures": "GRAPHS = ('hypercube',)",
    "dynamics/recorders/basins": "NEEDS = ('threshold',)",
    "figures/traps/energy_relaxation": "",
    "figures/traps/trap_test": "ONLY = {'graph': ['complete']}",
    "figures/traps/trap_levels": "ANY_RECORDER = ('basins',)",
    "figures/dmft/dmft_energy": "",
    "figures/master/modes": "OBSERVABLES = ('spectrum',)",
    "figures/drawing/curves": "",
    "master/observables/escape_time": "LARGEST_N = 14",
    "master/observables/spectrum": "LARGEST_N = 8",
}
GOOD = yaml.safe_load("""
campaign: talk
seed: 20190129
activated:
  rem:
    landscape: {graph: hypercube, energies: exponential}
    rule: metropolis
    N: [16, 20, 24]
    T: [0.75, 0.5]
    samples: 2000
    t_max: 1.0e+8
  traps:
    landscape: {graph: complete, energies: exponential}
    rule: arrhenius
    N: .inf
    T: 0.5
    samples: 1e3
    t_max: 1e8
dmft:
  quench:
    model: {covariance: {4: 1, 3: 0.5}}
    T: [0, 0.5]
    t_max: 20
figures: [energy_relaxation, dmft_energy]
""")
REMOVED = object()
EXACT = {"landscape": {"graph": "hypercube", "energies": "gaussian"}, "N": 8, "samples": 1}
MASTER = {**EXACT, "rule": "metropolis", "T": 1, "observables": ["escape_time", "spectrum"]}


@pytest.fixture(autouse=True)
def package(tmp_path, monkeypatch):
    """A package that has only the parts above, so that new parts change no sentence here."""
    for part, source in PARTS.items():
        file = tmp_path / "package" / f"{part}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    monkeypatch.setattr(discovery, "PACKAGE", tmp_path / "package")


def changed(path, value, config=GOOD):
    """A copy of a campaign with the value at a dotted path replaced, added or removed."""
    config = copy.deepcopy(config)
    *holders, key = path.split(".")
    inner = config
    for holder in holders:
        inner = inner[holder]
    if value is REMOVED:
        del inner[key]
    else:
        inner[key] = value
    return config


def refusal(config):
    with pytest.raises(CampaignError) as caught:
        validated(config, "talk.yaml")
    sentence = str(caught.value)
    assert_one_sentence(sentence)
    return sentence.removeprefix("talk.yaml: ")


def assert_one_sentence(text):
    assert len(text.splitlines()) == 1
    assert text.endswith(".")
    assert not re.search(r"[.?!] [A-Z]", text)
    assert "Traceback" not in text
    assert len(text) < 400


BAD = [
    # the campaign
    ("campaign", REMOVED, "campaign is missing, but must be text of at most 64 letters, digits"),
    ("campaign", ".hidden", "campaign is '.hidden', but must be text of at most 64 letters"),
    ("campaign", "a/b", "campaign is 'a/b', but must be"),
    ("campaign", "talk\n", r"campaign is 'talk\n', but must be"),
    ("campaign", "x" * 65, "but must be text of at most 64"),
    ("campaign", 2019, "campaign is 2019, but must be text"),
    ("campaign", datetime.date(2019, 1, 29), "campaign is 2019-01-29, but must be text"),
    ("campagne", "x", "campagne is 'x', but this key is unknown: known here are campaign, seed, "),
    ("campagne", "x", "; did you mean campaign."),
    ("seed", REMOVED, "seed is missing, but must be a whole number from 0 to 9223372036854775807"),
    ("seed", -1, "seed is -1, but must be a whole number from 0"),
    ("seed", 2**63, "seed is 9223372036854775808, but must be a whole number"),
    ("seed", 10**400, "but must be a whole number from 0"),
    ("seed", 1.5, "seed is 1.5, but must be a whole number"),
    ("seed", True, "seed is true, but must be a whole number"),
    ("seed", None, "seed is empty, but must be a whole number"),
    ("activated", None, "activated is empty, but must be a mapping of study names to studies"),
    ("activated", [1], "activated is [1], but must be a mapping"),
    ("activated.a b", {}, "activated has the key 'a b', but its keys must be text of at most 64"),
    ("activated", {None: {"T": []}}, "activated has the key '', but its keys must be text of"),
    ("activated.REM", GOOD["activated"]["rem"], "activated has the studies rem and REM, but"),
    ("activated.rem", None, "activated.rem is empty, but must be a mapping with at least the keys"),
    ("style", "dark", "style is 'dark', but must be a mapping with the keys font_size and palette"),
    ("style", {"font_size": 20}, "style.font_size is 20, but must be a number of points from 6"),
    ("style", {"palette": "viridid"}, "style.palette is 'viridid', but must be one of viridis,"),
    ("style", {"palette": "viridid"}, "; did you mean viridis."),
    ("style", {"font": "DejaVu Serf"}, "style.font is 'DejaVu Serf', but must be the name of a fo"),
    ("style", {"font": "DejaVu Serf"}, "; did you mean DejaVu Serif."),
    ("style", {"font": 3}, "style.font is 3, but must be the name of an installed font"),
    ("figures", ["aging"], "figures is 'aging', but must be one of dmft_energy, energy_relaxation"),
    ("figures", ["curves"], "figures is 'curves', but must be one of"),
    ("figures", ["dmft_energy"] * 2, "figures is ['dmft_energy', 'dmft_energy'], but must be a"),
    ("dmft", {}, "figures has dmft_energy, but must only have figures whose studies are in the"),
    ("dmft", {}, "this one needs a study in dmft."),
    # the exact landscape and exact dynamics
    (
        "barriers",
        {"rem": {**EXACT, "N": 25}},
        "barriers.rem.N is 25, but must be a whole number fr",
    ),
    ("barriers", {"rem": {**EXACT, "N": [8, 8]}}, "barriers.rem.N has 8 2 times, but its values"),
    ("barriers", {"rem": {**EXACT, "T": 1}}, "barriers.rem.T is 1, but this key is unknown"),
    ("barriers", {"rem": {"N": 8, "samples": 1}}, "barriers.rem.landscape is missing, but must be"),
    (
        "barriers",
        {"rem": {**EXACT, "landscape": {"graph": "complete", "energies": "gaussian"}}},
        "barriers.rem.landscape.graph is 'complete', but must be hypercube here.",
    ),
    (
        "barriers",
        {"rem": {**EXACT, "samples": 1000, "branches": 10000}},
        "barriers.rem.branches is 10000, but must be at most 5000 with 1000 samples, so that not",
    ),
    ("activated.rem.trajectories", 101, "rem.trajectories is 101, but must be a whole number of s"),
    ("barriers", {"a": EXACT, "A": EXACT}, "barriers has the studies a and A, but study names"),
    (
        "master",
        {"rem": {**MASTER, "N": 9}},
        "master.rem.N is 9, but must be at most 8 with spectru",
    ),
    ("master", {"rem": {**MASTER, "T": 0}}, "master.rem.T is 0, but must be a temperature from 1e"),
    (
        "master",
        {"rem": {**MASTER, "passages": -1}},
        "passages is -1, but must be a whole number of",
    ),
    (
        "master",
        {"rem": {**MASTER, "observables": "x"}},
        "observables is 'x', but must be one of es",
    ),
    ("figures", ["modes"], "a study in master with spectrum among its observables."),
    # studies of activated dynamics
    ("activated.rem.title", "two\nlines", "activated.rem.title is 'two\\nlines', but must be text"),
    (
        "activated.rem.title",
        "REM 玻璃",
        "activated.rem.title is 'REM 玻璃', but must be in characters of the font DejaVu Sans, "
        "without '玻璃'; style.font can name another installed font.",
    ),
    ("activated.rem.title", " ", "activated.rem.title is ' ', but must have a character that can"),
    ("dmft.quench.title", "\u200b\u3164", "but must have a character that can be seen."),
    ("dmft.quench.title", "\ue000", "without '\\ue000'; style.font can name another"),
    ("activated.rem.title", "end\n", "but must be text of at most 64 characters on one line"),
    ("activated.rem.title", "\x1b[1m", "but must be text of at most 64 characters on one line"),
    ("activated.rem.title", "\ud83d", "but must be text of at most 64 characters on one line"),
    ("activated.rem.title", "a\u2028b", "but must be text of at most 64 characters on one line"),
    ("activated.rem.sampels", 9, "activated.rem.sampels is 9, but this key is unknown: known here"),
    ("activated.rem.sampels", 9, "; did you mean samples."),
    ("activated.rem.n", 9, "; did you mean N."),
    (
        "activated.rem.landscape",
        REMOVED,
        "activated.rem.landscape is missing, but must be a mappin",
    ),
    ("activated.rem.landscape", "rem", "activated.rem.landscape is 'rem', but must be a mapping"),
    (
        "activated.rem.landscape.alpha",
        1,
        "activated.rem.landscape.alpha is 1, but this key is unkn",
    ),
    ("activated.rem.landscape.energies", "gausian", "must be one of correlated, exponential, gaus"),
    ("activated.rem.landscape.energies", "gausian", "; did you mean gaussian."),
    ("activated.rem.landscape.energies", ["gaussian"], "energies is ['gaussian'], but must be one"),
    ("activated.rem.landscape.energies", "correlated", "landscape.alpha is missing, but must be a"),
    (
        "activated.rem.landscape.graph",
        REMOVED,
        "graph is missing, but must be one of complete, hyp",
    ),
    ("activated.rem.landscape.graph", "complete", "activated.rem.rule is 'metropolis', but must b"),
    ("activated.rem.landscape.graph", "complete", "must be arrhenius on the graph complete."),
    (
        "activated.rem.rule",
        "Metropolys",
        "rule is 'Metropolys', but must be one of arrhenius, metr",
    ),
    ("activated.rem.rule", "Metropolys", "; did you mean metropolis."),
    ("activated.rem.start", "equilibrum", "; did you mean equilibrium."),
    ("activated.rem.start", True, "start is true, but must be one of equilibrium, planted, random"),
    ("activated.rem.start", -1, "rem.start.T is -1, but must be a temperature from 1e-6 to 1e6"),
    ("activated.rem.start", {"name": "random", "T": 1}, "rem.start.T is 1, but this key is unkn"),
    ("activated.rem.start", {"T": 1}, "activated.rem.start.name is missing, but must be one of"),
    (
        "activated.rem.start",
        {"name": "planted", "T": 0.5},
        "activated.rem.start.T is 0.5, but must be above T_c = 1, since at and below it planted",
    ),
    ("activated.rem.N", [], "activated.rem.N is [], but must be a list of whole numbers"),
    (
        "activated.rem.N",
        1,
        "activated.rem.N is 1, but must be a whole number from 2 to 4096",
    ),
    ("activated.rem.N", 128, "but must be at most 64 with energies: exponential."),
    ("activated.rem.N", 8192, "but must be a whole number from 2 to 4096, or .inf"),
    ("activated.rem.N", [16, 0], "activated.rem.N is 0, but must be"),
    ("activated.rem.N", 10**400, "but must be a whole number from 2"),
    ("activated.rem.N", -3, "activated.rem.N is -3, but must be"),
    ("activated.rem.N", 16.5, "activated.rem.N is 16.5, but must be a whole number"),
    ("activated.rem.N", True, "activated.rem.N is true, but must be"),
    ("activated.rem.N", math.nan, "activated.rem.N is .nan, but must be"),
    ("activated.rem.N", -math.inf, "activated.rem.N is -.inf, but must be"),
    ("activated.rem.N", "inf", "activated.rem.N is 'inf', but must be"),
    ("activated.rem.N", "1e400", "activated.rem.N is '1e400', but must be"),
    (
        "activated.rem.N",
        math.inf,
        "N is .inf, but must be a whole number on the graph",
    ),
    ("activated.rem.N", [16, 16.0], "activated.rem.N has 16 2 times, but its values must differ"),
    ("activated.rem.N", [[16]], "activated.rem.N is [16], but must be a whole number"),
    (
        "activated.traps.T",
        0,
        "activated.traps.T is 0, but must be at least 1e-6 for",
    ),
    ("activated.rem.T", [0.5, -1], "activated.rem.T is -1, but must be a temperature"),
    ("activated.rem.T", math.inf, "activated.rem.T is .inf, but must be a temperature"),
    ("activated.rem.T", math.nan, "activated.rem.T is .nan, but must be a temperature"),
    ("activated.rem.T", "warm", "activated.rem.T is 'warm', but must be a temperature"),
    ("activated.rem.T", None, "activated.rem.T is empty, but must be a temperature"),
    ("activated.rem.T", 10**400, "but must be a temperature"),
    ("activated.rem.T", [1, "1.0"], "activated.rem.T has 1 2 times, but its values must differ"),
    ("activated.rem.T", [0.5, 0.5 + 1e-14], "activated.rem.T has 0.5 2 times"),
    (
        "activated.rem.samples",
        0,
        "activated.rem.samples is 0, but must be a whole number of disord",
    ),
    ("activated.rem.samples", -5, "activated.rem.samples is -5, but must be a whole number"),
    ("activated.rem.samples", 2.5, "activated.rem.samples is 2.5, but must be a whole number"),
    ("activated.rem.samples", {"a": 1}, "activated.rem.samples is a mapping, but must be a whole"),
    ("activated.rem.block", 0, "activated.rem.block is 0, but must be a whole number of disorder"),
    ("activated.rem.block", "big", "activated.rem.block is 'big', but must be a whole number"),
    ("activated.rem.t_max", 1e16, "activated.rem.t_max is 1e+16, but must be a number of attempts"),
    ("activated.rem.t_max", 0.5, "activated.rem.t_max is 0.5, but must be a number of attempts"),
    (
        "activated.rem.t_max",
        5,
        "activated.rem.t_max is 5, but must be at least 11, so that the win",
    ),
    ("activated.rem.windows", [0], "activated.rem.windows is 0, but must be a number above 0"),
    ("activated.rem.windows", [1, 1.0], "activated.rem.windows has 1 2 times"),
    (
        "activated.rem.recorders",
        ["enrgy"],
        "recorders is 'enrgy', but must be one of basins, confi",
    ),
    ("activated.rem.recorders", ["energy"] * 2, "but must be a list of recorder names, each given"),
    ("activated.rem.times_per_decade", 51, "but must be a whole number from 1 to 50"),
    ("activated.rem.waiting_times_per_decade", 0, "but must be a whole number from 1 to 20"),
    (
        "activated.traps.landscape.energies",
        "gaussian",
        "activated.traps.N is .inf, but must be a w",
    ),
    (
        "activated.traps.landscape",
        {"graph": "complete", "energies": "correlated", "alpha": 1},
        "energies is 'correlated', but must be one of exponential, gaussian on the graph complete",
    ),
    (
        "activated.traps.N",
        41,
        "N is 41, but must be at most 40 for the rule arrhenius on",
    ),
    (
        "activated.traps.recorders",
        ["inherent_structures"],
        "recorders has inherent_structures, but must only have recorders with a meaning on the",
    ),
    ("activated.traps.landscape.energies", "gaussian", "whole number for gaussian energies."),
    (
        "activated.traps.recorders",
        ["basins"],
        "activated.traps.threshold is typical, but must be a number: in the trap model every state",
    ),
    ("activated.rem.threshold", "deep", "rem.threshold is 'deep', but must be an energy from -1e6"),
    ("figures", ["trap_levels"], "activated.rem lacks the recorder basins"),
    # changes in a run
    (
        "activated.rem.ramps",
        [{"begin": 5}],
        "activated.rem.ramps has the begin 5 without a change, but must have T, field or both.",
    ),
    (
        "activated.rem.ramps",
        [{"begin": 1e9, "T": 1}],
        "activated.rem.ramps has the begin 1000000000, but must begin before activated.rem.t_max",
    ),
    (
        "activated.rem.ramps",
        [{"begin": 5, "end": 9, "T": 1}, {"begin": 8, "T": 2}],
        "activated.rem.ramps has the begin 8, but must be in the order of time: the change before",
    ),
    (
        "activated.rem.ramps",
        [{"begin": 5, "end": 4, "T": 1}],
        "ramps has the end 4, but must end after its begin 5; a change at once has no end.",
    ),
    (
        "activated.rem.ramps",
        [{"begin": 5, "T": 1, "steps": 3}],
        "ramps has steps 3 for the begin 5, but must have it only with end: a change at once has",
    ),
    (
        "activated.rem.ramps",
        [{"begin": 5, "T": 1, "end": 9, "course": "steep"}],
        "activated.rem.ramps.course is 'steep', but must be smooth or linear",
    ),
    (
        "activated.rem.ramps",
        [{"begin": 5, "T": 1e-9}],
        "has T 1e-09, but must have T 0 or",
    ),
    (
        "activated.traps.ramps",
        [{"begin": 5, "T": 0}],
        "activated.traps.ramps has T 0, but must have T at least 1e-6 for the rule arrhenius.",
    ),
    (
        "activated.traps.field",
        0.5,
        "activated.traps.field is 0.5, but must be 0 on the graph complete, whose states are no",
    ),
    # self-consistent studies
    ("dmft.quench.model", {}, "dmft.quench.model.covariance is missing, but must be a mapping of"),
    (
        "dmft.quench.model.covariance",
        {},
        "dmft.quench.model.covariance is {}, but must be a mappin",
    ),
    (
        "dmft.quench.model.covariance",
        {1: 1},
        "covariance has the key 1, but its keys must be powers",
    ),
    ("dmft.quench.model.covariance", {"p": 1}, "has the key 'p', but its keys must be powers"),
    ("dmft.quench.model.covariance", {True: 1}, "has the key true, but its keys must be powers"),
    (
        "dmft.quench.model.covariance",
        {3: 1, "3": 1},
        "has the key '3', but its keys must be powers",
    ),
    ("dmft.quench.model.covariance", {3: 0}, "covariance.3 is 0, but must be a coefficient above"),
    (
        "dmft.quench.model.field",
        1,
        "dmft.quench.model.field is 1, but this key is unknown: known h",
    ),
    ("dmft.quench.T", -0.5, "dmft.quench.T is -0.5, but must be a temperature from 0 to 1e6"),
    ("dmft.quench.T", [0, -0.0], "dmft.quench.T has 0 2 times"),
    (
        "dmft.quench.T_initial",
        0,
        "T_initial is 0, but must be .inf, a temperature from 1e-6 to 1e6,",
    ),
    ("dmft.quench.T_initial", "hot", "dmft.quench.T_initial is 'hot', but must be .inf, a tempera"),
    (
        "dmft.quench.T_initial",
        "equilibrium",
        "dmft.quench.T is 0, but must be above 0 if T_initial",
    ),
    ("dmft.quench.t_max", 0, "dmft.quench.t_max is 0, but must be a time above 0"),
    (
        "dmft.quench.ramps",
        [{"begin": 2, "end": 3}],
        "dmft.quench.ramps has the begin 2 without a change, but must have T, field or both.",
    ),
    (
        "dmft.quench.ramps",
        [{"begin": 2, "end": 4, "field": "up"}],
        "dmft.quench.ramps.field is 'up', but must be a number from -1000 to 1000",
    ),
    (
        "dmft.quench.field",
        float("inf"),
        "dmft.quench.field is .inf, but must be a number from -1000 to 1000",
    ),
    (
        "dmft.quench.ramps",
        [{"begin": 2, "end": 2.1, "T": 1}],
        "dmft.quench.ramps has the end 2.1, but must be at least 1.6 times the begin 2.",
    ),
    (
        "dmft.quench.ramps",
        [{"begin": 2, "end": 4, "T": 1}, {"begin": 3, "end": 5, "T": 0.5}],
        "dmft.quench.ramps has the begin 3, but must be in the order of time: the ramp before e",
    ),
    ("dmft.quench.tolerance", 0, "dmft.quench.tolerance is 0, but must be a number from 1e-10"),
    (
        "dmft.quench.N",
        8,
        "dmft.quench.N is 8, but this key is unknown: known here are title, model, T_ini",
    ),
]


@pytest.mark.parametrize(("path", "value", "part"), BAD)
def test_refusals_name_the_key_the_value_and_what_is_allowed(path, value, part):
    assert part in refusal(changed(path, value))


def test_a_whole_sentence_with_its_source():
    with pytest.raises(CampaignError) as caught:
        validated(changed("activated.rem.rule", "metropolys"), "config/talk.yaml")
    assert str(caught.value) == (
        "config/talk.yaml: activated.rem.rule is 'metropolys', but must be one of arrhenius, "
        "metropolis; did you mean metropolis."
    )


def test_a_campaign_without_studies_is_refused():
    assert "one of them must hold a study" in refusal({"campaign": "empty"})


def test_a_figure_about_other_landscapes_is_refused():
    config = changed("activated.traps", REMOVED, changed("figures", "trap_test"))
    assert refusal(config).endswith("this one needs a study in activated with graph: complete.")
    assert validated(changed("figures", "trap_test"))["figures"] == ["trap_test"]


def test_a_figure_draws_the_studies_that_hold_what_it_needs(monkeypatch):
    """A study without the recorder is left out of the figure, and refused if it is the only one."""
    monkeypatch.setattr(discovery, "PACKAGE", ROOT / "glasscore")
    glass = {
        "landscape": {"graph": "hypercube", "energies": "sk"},
        "rule": "metropolis", "N": [8], "T": [0.5], "samples": 2, "t_max": 100.0,
    }  # fmt: skip
    whole = {**glass, "recorders": ["energy", "inherent_structures", "maximum_energy"]}
    config = {"campaign": "two", "seed": 1, "figures": ["landscape_exploration"]}
    both = validated({**config, "activated": {"plain": glass, "whole": whole}})
    drawn = listing.jobs(both)["figures/landscape_exploration.nc"]
    assert drawn.inputs == ("traps/whole/N8_T0.5.nc",)
    lacking = "the recorders inherent_structures and maximum_energy"
    assert left_out("landscape_exploration", both) == {"activated.plain": lacking}
    assert refusal({**config, "activated": {"plain": glass}}).endswith(
        f"figures whose studies are in the campaign: activated.plain lacks {lacking}."
    )


def test_a_figure_about_studies_without_a_key_says_so(monkeypatch):
    monkeypatch.setattr(discovery, "PACKAGE", ROOT / "glasscore")
    site = {"model": {"single_site": "glauber"}, "T": [1.2], "T_initial": "equilibrium"}
    site |= {"t_max": 10.0, "time_step": 0.1}
    config = {"campaign": "sites", "seed": 1, "dmft": {"ising": site}}
    assert refusal({**config, "figures": ["dmft_magnetisation"]}).endswith(
        "this one needs a study in dmft without single_site."
    )
    validated(config)


def test_a_figure_without_studies_names_the_keys_that_those_can_have(monkeypatch):
    """The figure also shows other stages, but their keys do not describe the missing study."""
    monkeypatch.setattr(discovery, "PACKAGE", ROOT / "glasscore")
    assert refusal(changed("figures", "critical_slowing")).endswith(
        "a study in dmft with single_site: soft, glauber or none and without covariance."
    )


def test_a_misspelt_key_is_reported_rather_than_the_missing_one():
    config = changed("activated.rem.sampels", 9, changed("activated.rem.samples", REMOVED))
    assert "sampels" in refusal(config)


def test_the_first_of_several_violations_is_that_of_the_first_study():
    config = changed("activated.rem.samples", -1, changed("activated.traps.samples", -2))
    assert refusal(config).startswith("activated.rem.samples is -1")


@pytest.mark.parametrize("config", [None, [], 3, "talk", {}, {1: 2}, {None: None}])
def test_what_is_no_campaign_is_refused(config):
    refusal(config)


def test_one_form():
    given = copy.deepcopy(GOOD)
    config = validated(given)
    assert given == GOOD
    assert validated(config) == config
    rem, traps, quench = config["activated"]["rem"], config["activated"]["traps"], config["dmft"]
    assert rem["T"] == [0.5, 0.75]
    assert rem["windows"] == [0.1, 0.5, 1.0, 10.0]
    assert rem["recorders"] == ["configurations", "energy", "trapping_times"]
    assert (rem["block"], rem["times_per_decade"], rem["waiting_times_per_decade"]) == (
        "auto",
        8,
        4,
    )
    assert (traps["N"], traps["T"], traps["t_max"]) == ([math.inf], [0.5], 1e8)
    assert (traps["samples"], type(traps["samples"])) == (1000, int)
    assert quench["quench"] == {
        "model": {"covariance": {3: 0.5, 4: 1.0}},
        "T_initial": math.inf,
        "T": [0.0, 0.5],
        "t_max": 20.0,
        "tolerance": 1e-6,
        "field": 0.0,
        "ramps": [],
    }
    assert [type(T) for T in quench["quench"]["T"]] == [float, float]
    assert config["style"] == {"font_size": 9.0, "palette": "viridis"}


@pytest.mark.parametrize(
    ("path", "value", "normal"),
    [
        ("activated.rem.N", "24", [24]),
        ("activated.rem.N", [24.0, 8], [8, 24]),
        ("activated.rem.samples", 1e3, 1000),
        ("activated.rem.t_max", "1e15", 1e15),
        ("activated.rem.windows", 5, [5.0]),
        ("activated.rem.recorders", "energy", ["energy"]),
        ("seed", "9223372036854775807", 2**63 - 1),
        ("dmft.quench.T", -0.0, [0.0]),
        ("dmft.quench.T_initial", 1, 1.0),
        ("dmft.quench.model.covariance", {"3": "0.5", 2.5: 1}, {2.5: 1.0, 3: 0.5}),
        ("campaign", "talk-2.1_b", "talk-2.1_b"),
    ],
)
def test_many_ways_to_write_a_value(path, value, normal):
    config = validated(changed(path, value))
    for key in path.split("."):
        config = config[key]
    assert repr(config) == repr(normal)


def test_equilibrium_above_zero():
    config = changed("dmft.quench.T_initial", "equilibrium", changed("dmft.quench.T", 1.0))
    assert validated(config)["dmft"]["quench"]["T_initial"] == "equilibrium"


def test_a_self_consistent_campaign_needs_no_seed():
    config = validated({"campaign": "dmft", "dmft": GOOD["dmft"]})
    assert config["activated"] == {}
    assert config["figures"] == []


def test_one_form_of_exact_studies():
    given = {"campaign": "exact", "seed": 1, "barriers": {"a": EXACT}, "master": {"b": MASTER}}
    config = validated(given)
    assert validated(config) == config
    assert config["barriers"]["a"]["N"] == [8]
    assert config["barriers"]["a"]["branches"] == 64
    study = config["master"]["b"]
    assert study["observables"] == ["escape_time", "spectrum"]
    assert (study["T"], study["t_max"], study["passages"]) == ([1.0], 1e8, 0)
    with pytest.raises(CampaignError, match="seed is missing"):
        validated({key: value for key, value in given.items() if key != "seed"})


def test_energies_add_their_options():
    landscape = {"graph": "hypercube", "energies": "correlated", "alpha": "2"}
    config = validated(changed("activated.rem.landscape", landscape))
    assert config["activated"]["rem"]["landscape"] == {**landscape, "alpha": 2.0, "order": 2}
    for alpha, part in ((0, "landscape.alpha is 0, but must be above 0"), (None, "alpha is empty")):
        config = changed("activated.rem.landscape", {**landscape, "alpha": alpha})
        assert part in refusal(config)


JUNK: list[Any] = [
    *(None, True, False, 0, -1, 1, 3, 10**30, 10**400, 0.5, -0.0, 1e300, 5e-324),
    *(
        math.inf,
        -math.inf,
        math.nan,
        "",
        "x",
        "1e8",
        "-1",
        "é",
        "a\nb",
        "\u2028",
        "\ud800",
        "." * 999,
    ),
    *([], [[]], [None], [1, 1], [{}], {}, {1: 2}, {None: None}, {"": ""}, {(1, 2): 3}),
    *({"a\nb": {}}, {math.nan: {}}, {10**400: 1}, b"\x00", datetime.date(2019, 1, 29), {1, 2}),
    *("metropolis", "equilibrium", "gaussian", "complete", [16, math.inf], ["energy"], {"a": {}}),
]


def mutate(config, dice):
    """Put junk at a random place, remove a value, or give it another key."""
    holder = config
    while True:
        key = dice.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        if isinstance(holder[key], dict | list) and holder[key] and dice.random() < 0.75:
            holder = holder[key]
            continue
        break
    junk = copy.deepcopy(dice.choice(JUNK))
    match dice.randrange(4):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            name = junk if getattr(junk, "__hash__", None) else str(junk)
            holder[name] = holder.pop(key)
        case _:
            holder[key] = junk


def test_junk_is_refused_in_one_sentence_or_makes_sense():
    dice = random.Random(20190129)
    accepted = 0
    trials = 2000
    for _ in range(trials):
        config = copy.deepcopy(GOOD)
        for _ in range(dice.randint(1, 3)):
            if config:
                mutate(config, dice)
        try:
            normal = validated(config)
        except CampaignError as error:
            assert_one_sentence(str(error))
        else:
            accepted += 1
            assert validated(normal) == normal
    assert 0 < accepted < trials


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "the file is empty, but must hold a campaign"),
        ("# only a comment\n", "the file is empty"),
        ("- a\n- b\n", "the file holds ['a', 'b'], but must hold a mapping"),
        ("talk", "the file holds 'talk', but must hold a mapping"),
        ("a: [1\n", "line 1: this is not valid YAML (the [ in column 4 is not closed"),
        ("a: *b\n", "line 1: this is not valid YAML (found undefined alias"),
        ("a: 1\n---\nb: 2\n", "this is not valid YAML"),
        ("a: !!python/name:os.system x\n", "this is not valid YAML"),
        ("a: \x00\n", "the file is not valid YAML"),
        ("a: 2019-13-45\n", "the file is not valid YAML"),
        (f"a: 0x{5000 * 'f'}\n", "line 1: this is not valid YAML (a whole number of 20000 bits"),
        ("[" * 5000, "the file is not valid YAML"),
        (
            "seed: 1\nT: 2\nseed: 3\n",
            "line 3: this is not valid YAML (the key seed is given twice)",
        ),
        ("a: {b: 1, b: 1}\n", "line 1: this is not valid YAML (the key b is given twice)"),
        ("a: {3: 1, 3.0: 1}\n", "the key 3 is given twice"),
        (b"a: \xff\n", "the file is not text in UTF-8"),
    ],
)
def test_unreadable_files(tmp_path, content, part):
    file = tmp_path / "talk.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CampaignError) as caught:
        read(file)
    assert_one_sentence(str(caught.value))
    assert part in str(caught.value)
    assert str(caught.value).startswith(f"{file}: ")


def test_missing_files_and_folders(tmp_path):
    for path in (tmp_path / "absent.yaml", tmp_path):
        with pytest.raises(CampaignError, match="the file cannot be read"):
            read(path)


def test_merge_keys_may_be_overridden(tmp_path):
    file = tmp_path / "talk.yaml"
    file.write_text("a: {inner: &i {<<: &b {x: 1}, x: 2}}\nc: {<<: *i, x: 3}\nd: *b\n")
    assert read(file) == {"a": {"inner": {"x": 2}}, "c": {"x": 3}, "d": {"x": 1}}


@pytest.mark.parametrize("key", ["N", "T", "windows", "recorders", "samples", "landscape"])
@pytest.mark.parametrize("value", ["&a [*a]", "&a [*a, *a]", "&a {graph: *a, energies: *a}"])
def test_values_that_hold_themselves_are_refused(tmp_path, key, value):
    file = tmp_path / "talk.yaml"
    file.write_text(f"value: {value}\n")
    assert key in refusal(changed(f"activated.rem.{key}", read(file)["value"]))


def test_reading_leaves_a_campaign_as_it_stands(tmp_path):
    file = tmp_path / "talk.yaml"
    file.write_text(yaml.safe_dump(GOOD))
    assert read(file) == GOOD


def nodes(schema):
    """All parts of the schema that describe a value, with their keys."""
    for key, part in schema.get("properties", {}).items():
        yield key, part
        yield from nodes(part)
    for name in ("additionalProperties", "items", "propertyNames"):
        if isinstance(schema.get(name), dict):
            yield None, schema[name]
            yield from nodes(schema[name])


def test_a_campaign_of_too_many_jobs_is_refused():
    config = changed("activated.rem.samples", 10**6)
    config["activated"]["rem"] |= {"block": 1, "N": [8], "T": [0.5]}
    assert refusal(config).startswith("activated.rem makes 1000002 of 10000")
    assert refusal(config).endswith(
        "but a campaign must have at most 100000: raise its block or lower its samples."
    )
    config["activated"] = {"rem": config["activated"]["rem"]}
    config["activated"]["rem"]["block"] = 11
    config["figures"] = []
    validated(config)


def test_points_of_all_studies_count_as_jobs():
    temperatures = [1.0 + 1e-5 * step for step in range(100_001)]
    config = {
        "campaign": "many",
        "dmft": {"pspin": {"model": {"covariance": {3: 0.5}}, "T": temperatures, "t_max": 10.0}},
    }
    assert refusal(config).endswith(
        "dmft.pspin makes 100001 of 100001 jobs, but a campaign must have at most 100000: "
        "shorten its lists."
    )
    config["dmft"]["pspin"]["T"] = temperatures[:2]
    validated(config)


def test_the_schema_is_sound():
    Draft202012Validator.check_schema(SCHEMA)
    for _, part in nodes(SCHEMA):
        assert part.keys() & {"description", "discovered", "enum"}


def test_the_manual_has_every_key_and_default():
    """Keys are looked up in the section of their kind of study, since meanings may differ."""
    manual = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    sections = manual.split("\n## ")
    for kind, studies in SCHEMA["properties"].items():
        named = [part for part in sections if re.match(rf"{kind}|.*\(`{kind}`\)", part, re.I)]
        for key, part in [(kind, studies), *nodes(studies)]:
            if key is None:
                continue
            lines = [line for text in (*named, manual) for line in text.splitlines()]
            row = next((line for line in lines if line.startswith(f"| `{key}` |")), None)
            assert row is not None, f"config/README.md has no row for {key}"
            default = part.get("default")
            if isinstance(default, bool):
                assert f"| `{str(default).lower()}` |" in row
            elif isinstance(default, int):
                assert f"| {default} |" in row


def test_the_examples_of_the_manual_and_the_shipped_campaigns_are_valid(monkeypatch):
    monkeypatch.setattr(discovery, "PACKAGE", ROOT / "glasscore")
    manual = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    example = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)[0])
    validated(example, "the manual")
    shipped = [ROOT / "config" / name for name in ("config.yaml", "tiny.yaml")]
    for file in [*shipped, *(ROOT / "config" / "campaigns").glob("*.yaml")]:
        validated(read(file), str(file))


def test_the_manual_has_every_figure_and_its_studies(monkeypatch):
    monkeypatch.setattr(discovery, "PACKAGE", ROOT / "glasscore")
    manual = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    section = manual.split("\n## Figures\n")[1].split("\n## ")[0]
    text = r"(?:[^|\\]|\\.)+"
    rows = re.findall(rf"^\| `(\w+)` \|{text}\|({text})\|", section, re.MULTILINE)
    found = {name: set(re.findall(r"`(\w+)`", studies)) for name, studies in rows}
    assert found == {
        name: {section_of(stage) for stage in selection.needs(name)}
        for name in discovery.names("figures")
    }


@pytest.mark.parametrize("title", ["Verre à T = ½ T∞", "Стекло", "שלום", "a\\frac{b}^_{#%&"])
def test_titles_that_the_font_can_draw_are_taken(title):
    assert validated(changed("activated.rem.title", title))["activated"]["rem"]["title"] == title


def test_what_a_chosen_font_lacks_is_drawn_by_the_default_one():
    config = changed("activated.rem.title", "Стекло")
    config["style"] = {"font": "cmr10"}
    assert validated(config)["style"]["font"] == "cmr10"


def test_a_campaign_is_not_named_as_what_stands_in_its_place(tmp_path, monkeypatch):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "talk").mkdir()
    (tmp_path / "results" / "README.md").write_text("results")
    (tmp_path / "results" / "link").symlink_to("nowhere")
    monkeypatch.chdir(tmp_path)
    validated(changed("campaign", "talk"))
    for name in ("README.md", "link"):
        assert refusal(changed("campaign", name)) == (
            f"campaign is '{name}', but must be another name, since results/{name} is no folder."
        )
    monkeypatch.chdir("/")
    assert "results/README.md is no folder" in refusal(changed("campaign", "README.md"))


def test_a_missing_blank_in_brackets_is_asked_about():
    landscape = {"graph:hypercube": None, "energies": "exponential"}
    assert refusal(changed("activated.rem.landscape", landscape)).endswith(
        "known here are graph, energies; is a blank missing after graph:."
    )
