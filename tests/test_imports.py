"""Imports go one way: common -> files -> kernels -> models -> stages -> figures -> report.

The tests see ``import`` statements, directly and through other modules, and calls of
``import_module`` with a text, an f-string or a part that ``discovery`` knows (see
``tests/reach.py``). They do not see an ``import_module`` of a name that is put together elsewhere:
``UNREAD`` lists the places where that is done, and no other place may do it. They also do not see
names of modules that one module hands to another one to load, such as the modules of a job in a
plan.
"""

import ast
import re
import subprocess
import sys

import pytest

from glasscore.files import provenance
from glasscore.files.provenance import PACKAGE, dependencies
from tests import reach

# What all stages, figures, campaign and report may import, and what some may import besides.
BELOW = {"common", "files", "kernels", "estimates", "models"}
STAGES = {path.parent.name for path in PACKAGE.glob("*/plan.py")}
MAY_IMPORT = {
    **{stage: set() for stage in sorted(STAGES)},
    "common": set(),
    "files": {"common"},
    "kernels": {"common", "files"},
    "estimates": {"common"},
    "models": {"common", "files", "kernels"},
    "theory/studies": {"theory", "dyson"},
    "dynamics": {"landscapes"},
    "barriers": {"landscapes"},
    "master": {"barriers", "dynamics", "theory"},
    "dmft": {"theory"},
    "dyson": {"theory"},
    "langevin": {"theory"},
    "figures": {"theory", "dmft", "dyson"},
    "campaign": set(),
    "report": {"figures", "campaign"},
}
# What each part may also load by name, because an ``import`` would load it for every campaign.
MAY_LOAD = {
    # to ask each stage for its plan, and each part for its cost
    "common": STAGES,
    # to ask each stage what its jobs cost
    "campaign": STAGES,
}
# The places where the modules of a job are loaded, whichever they are.
UNREAD = {"glasscore.__main__"}
SIMULATE = {"landscapes", "dynamics", "traps", "barriers", "master", "langevin"}


MODULES = {name: path for name, path in reach.files().items() if name.startswith("glasscore")}


def parts_of(modules):
    return {name.split(".")[1] for name in modules if name.count(".") > 1}


def is_plan(path):
    return path.name == "plan.py"


def modules_of(part):
    """Modules of a part by their names, without its plan and those of a part within it."""
    inside = [PACKAGE / other for other in MAY_IMPORT if other.startswith(f"{part}/")]
    found = {
        name: path
        for name, path in MODULES.items()
        if path.is_relative_to(PACKAGE / part) and path.parent not in inside and not is_plan(path)
    }
    assert found
    return found


def allowed_in(part):
    """The parts that a part may import, directly or not."""
    allowed = {part, *MAY_IMPORT[part]} | (BELOW if part not in BELOW else set())
    return allowed.union(*(MAY_IMPORT[each] for each in MAY_IMPORT[part]))


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_imports_go_one_way(part):
    for module in modules_of(part):
        assert parts_of(dependencies([module])) <= allowed_in(part), module


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_what_is_loaded_by_its_name_goes_the_same_way(part):
    for module, path in modules_of(part).items():
        loaded = parts_of(reach.loaded_by_string(path, MODULES))
        assert loaded <= allowed_in(part) | MAY_LOAD.get(part, set()), module


def test_every_name_that_is_loaded_can_be_read_and_is_that_of_a_module():
    assert {name for name, path in MODULES.items() if reach.imports_of(path).unread} == UNREAD
    ours = [
        (name, pattern)
        for name, path in MODULES.items()
        for pattern in reach.imports_of(path).by_string
        if pattern.startswith("glasscore")
    ]
    assert len(ours) > 20
    known = " ".join(MODULES)
    assert [one for one in ours if not re.search(rf"(?<!\S){one[1]}(?!\S)", known)] == []


def test_what_may_be_loaded_by_its_name_is_loaded_somewhere():
    for part, allowed in MAY_LOAD.items():
        loaded = (reach.loaded_by_string(path, MODULES) for path in modules_of(part).values())
        assert parts_of(set().union(*loaded)) >= allowed


CLOCKS = {name for name in MODULES if name.startswith("glasscore.dynamics.clocks.")}


@pytest.mark.parametrize(
    ("text", "loaded"),
    [
        ("import_module('glasscore.theory.sk')", {"glasscore.theory.sk"}),
        ("importlib.import_module('glasscore.theory.sk')", {"glasscore.theory.sk"}),
        ("__import__('glasscore.theory.sk')", {"glasscore.theory.sk"}),
        ("def f(stage):\n    return import_module(f'glasscore.{stage}.flooding').flooding",
         {"glasscore.barriers.flooding"}),
        ("import_module(f'{package}.dynamics.clocks.{name(1)}')",
         CLOCKS),
        ("import_module(discovery.module('dynamics/clocks', name))", CLOCKS),
        ("FOLDER = 'dynamics/clocks'\nimport_module(discovery.module(FOLDER, name))", CLOCKS),
    ],
)  # fmt: skip
def test_a_module_that_is_loaded_by_its_name_would_be_found(text, loaded, tmp_path, monkeypatch):
    found = reach.imports_in(ast.parse(text))
    monkeypatch.setattr(reach, "imports_of", lambda path: found)
    assert reach.loaded_by_string(tmp_path, MODULES) == loaded
    assert found.unread == ()


@pytest.mark.parametrize(
    "text",
    ["import_module(name)", "map(import_module, names)", "import_module('.sk', 'glasscore.theory')",
     "f = importlib.import_module", "import_module('glasscore.' + name)"],
)  # fmt: skip
def test_a_name_that_cannot_be_read_would_be_found(text):
    assert len(reach.imports_in(ast.parse(text)).unread) == 1


def test_the_same_modules_are_found_as_for_fingerprints():
    """Only import statements are compared; fingerprints leave out those for type checking."""
    for module, path in MODULES.items():
        direct = reach.imports_of(path).stated & set(MODULES)
        assert set(provenance._imports(module)) <= direct | packages_around(module), module


def packages_around(module):
    parts = module.split(".")
    return {".".join(parts[:count]) for count in range(1, len(parts))}


# The modules that a plan may load. A plan is read with every campaign and must load quickly.
LIGHT = {"common", "files", "models"}
PLANS = sorted(PACKAGE.glob("*/plan.py"))


@pytest.mark.parametrize("stage", [path.parent.name for path in PLANS])
def test_plans_import_other_plans_and_nothing_heavy(stage):
    found = set(dependencies([f"glasscore.{stage}.plan"]))
    others = {name for name in found if not parts_of([name]) <= LIGHT}
    packages = {f"glasscore.{path.parent.name}" for path in PLANS}
    plans = {f"{package}.plan" for package in packages}
    assert others <= {"glasscore", "glasscore.figures.selection"} | packages | plans
    code = f"import sys, glasscore.{stage}.plan; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"numba", "xarray", "scipy", "matplotlib"} & set(loaded.stdout.split())


def test_the_code_of_jobs_loads_no_plan():
    """A new check or another word in the manual must not cause jobs to run again."""
    for path in PACKAGE.rglob("*.py"):
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        reads_plans = path.name == "plan.py" or path.parent.name in ("campaign", "report")
        if not reads_plans and module not in MAY_READ_PLANS:
            found = dependencies([module.removesuffix(".__init__")])
            assert not {name for name in found if name.split(".")[-1] in ("plan", "plans")}, module


MAY_READ_PLANS = {"glasscore.__main__", "glasscore.common.plans", "glasscore.common.studies"}


def test_every_part_is_listed():
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders == {part for part in MAY_IMPORT if "/" not in part}


def test_figures_do_not_simulate_or_solve():
    parts = {"two_time", "equations", "single_site", "quench", "short_times"}
    in_dmft = {name: name.split(".")[2] for name in MODULES if name.startswith("glasscore.dmft.")}
    assert parts <= set(in_dmft.values())
    solvers = {name for name, part in in_dmft.items() if part in parts}
    for module, path in modules_of("figures").items():
        found = {*dependencies([module]), *reach.loaded_by_string(path, MODULES)}
        assert not parts_of(found) & SIMULATE
        assert not solvers & found


def test_no_module_stands_outside_the_parts():
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}
