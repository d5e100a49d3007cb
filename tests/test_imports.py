"""Imports go one way: common -> files -> kernels -> models -> stages -> figures -> report."""

import subprocess
import sys
from pathlib import Path

import pytest

from glasscore.files.provenance import PACKAGE, dependencies

# What all stages, figures, campaign and report may import, and what each part may besides.
BELOW = {"common", "files", "kernels", "estimates", "models"}
MAY_IMPORT = {
    "common": set(),
    "files": {"common"},
    "kernels": {"common", "files"},
    "estimates": {"common"},
    "models": {"common", "files", "kernels"},
    "theory": set(),
    "theory/studies": {"theory", "dyson"},
    "landscapes": set(),
    "dynamics": {"landscapes"},
    "traps": set(),
    "barriers": {"landscapes"},
    "master": {"barriers", "dynamics", "theory"},
    "dmft": {"theory"},
    "dyson": {"theory"},
    "langevin": {"theory"},
    "figures": {"theory", "dmft", "dyson"},
    "campaign": set(),
    "report": {"figures", "campaign"},
}
SIMULATE = {"landscapes", "dynamics", "traps", "barriers", "master", "langevin"}


def parts_of(modules):
    return {name.split(".")[1] for name in modules if name.count(".") > 1}


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_imports_go_one_way(part):
    inside = [PACKAGE / other for other in MAY_IMPORT if other.startswith(f"{part}/")]
    for path in (PACKAGE / part).rglob("*.py"):
        if path.parent in inside or path.name == "plan.py":
            continue
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        found = parts_of(dependencies([module.removesuffix(".__init__")]))
        allowed = {part, *MAY_IMPORT[part]} | (BELOW if part not in BELOW else set())
        for each in MAY_IMPORT[part]:
            allowed |= MAY_IMPORT[each]
        assert found <= allowed, module


# What a plan may load: it is read with every campaign, and must not take long.
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
    """Another check, or another word in the manual, computes nothing again."""
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
    for path in Path(PACKAGE, "figures").rglob("*.py"):
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        found = dependencies([module.removesuffix(".__init__")])
        assert not parts_of(found) & SIMULATE
        assert "glasscore.dmft.quench" not in found
        assert not [name for name in found if name.startswith("glasscore.dmft.two_time")]


def test_no_module_stands_outside_the_parts():
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}
