"""Imports go one way: shared parts -> landscapes -> dynamics -> traps -> figures."""

from pathlib import Path

import pytest

from glasscore.provenance import PACKAGE, dependencies

# What each part may import besides itself and the shared modules at the top of the package.
MAY_IMPORT = {
    "statistics": set(),
    "theory": set(),
    "theory/studies": {"theory", "dyson"},
    "landscapes": {"statistics"},
    "dynamics": {"landscapes"},
    "traps": {"statistics"},
    "barriers": {"landscapes", "statistics"},
    "master": {"barriers", "dynamics", "theory"},
    "dmft": {"statistics", "theory"},
    "dyson": {"theory"},
    "langevin": {"statistics", "theory"},
    "figures": {"theory", "dmft", "dyson", "statistics"},
    "report": {"figures"},
}
SIMULATE = {"landscapes", "dynamics", "traps", "barriers", "master", "langevin"}


def parts_of(modules):
    return {name.split(".")[1] for name in modules if name.count(".") > 1}


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_imports_go_one_way(part):
    inside = [PACKAGE / other for other in MAY_IMPORT if other.startswith(f"{part}/")]
    for path in (PACKAGE / part).rglob("*.py"):
        if path.parent in inside:
            continue
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        found = parts_of(dependencies([module.removesuffix(".__init__")]))
        allowed = {part, *MAY_IMPORT[part]}
        for each in MAY_IMPORT[part]:
            allowed |= MAY_IMPORT[each]
        assert found <= allowed, module


def test_every_part_is_listed():
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders == {part for part in MAY_IMPORT if "/" not in part}


def test_figures_do_not_simulate_or_solve():
    for path in Path(PACKAGE, "figures").glob("*.py"):
        found = dependencies([f"glasscore.figures.{path.stem}"] if path.stem != "__init__" else [])
        assert not parts_of(found) & SIMULATE
        assert not {"glasscore.dmft.uniform_grid", "glasscore.dmft.quench"} & set(found)


def test_shared_modules_import_no_part():
    for path in PACKAGE.glob("*.py"):
        if path.stem != "__init__":
            assert not parts_of(dependencies([f"glasscore.{path.stem}"])), path.stem
