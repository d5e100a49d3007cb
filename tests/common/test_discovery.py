import pytest

from glasscore.common import discovery
from glasscore.common.plans import plans
from glasscore.figures import selection


def test_a_part_exists_as_soon_as_its_file_does(tmp_path):
    for file in ("ring.py", "complete.py", "_draft.py", "__init__.py", "interface.py", "notes.md"):
        (tmp_path / file).touch()
    assert discovery.names(tmp_path) == ["complete", "ring"]


def test_a_missing_folder_has_no_parts(tmp_path):
    assert discovery.names(tmp_path / "absent") == []


def test_constants_are_read_without_running_the_file(tmp_path):
    (tmp_path / "ring.py").write_text(
        "import absent_module\n"
        'RULES = ("arrhenius",)\n'
        "OPTIONS: dict[str, int] = {'range': 2}\n"
        "NOTHING: int\n"
        "COMPUTED = len(RULES)\n"
        "def create():\n"
        "    INNER = 1\n"
    )

    def constant(name):
        return discovery.constant(tmp_path, "ring", name, "default")

    assert constant("RULES") == ("arrhenius",)
    assert constant("OPTIONS") == {"range": 2}
    assert [constant(name) for name in ("NOTHING", "INNER", "ABSENT")] == ["default"] * 3
    with pytest.raises(ValueError, match="COMPUTED in .* must be a literal"):
        constant("COMPUTED")


def test_a_missing_part_has_default_constants(tmp_path):
    assert discovery.constant(tmp_path, "absent", "RULES") is None


@pytest.mark.parametrize("graph", discovery.names("landscapes/graphs"))
def test_graphs_name_existing_rules(graph):
    rules = discovery.constant("landscapes/graphs", graph, "RULES", "missing")
    assert rules is None or set(rules) <= set(discovery.names("dynamics/rules"))
    assert discovery.constant("landscapes/graphs", graph, "INFINITE_N") in (True, False)


@pytest.mark.parametrize("energies", discovery.names("landscapes/energies"))
def test_energies_say_what_they_allow(energies):
    assert discovery.constant("landscapes/energies", energies, "INFINITE_N") in (True, False)
    options = discovery.constant("landscapes/energies", energies, "OPTIONS")
    assert all("description" in fragment for fragment in options.values())


@pytest.mark.parametrize("figure", discovery.names("figures"))
def test_figures_say_what_they_need(figure):
    assert selection.needs(figure)
    assert set(selection.needs(figure)) <= set(plans())


@pytest.mark.parametrize("study", discovery.names("theory/studies"))
def test_studies_of_theory_say_what_they_allow(study):
    options = discovery.constant("theory/studies", study, "OPTIONS")
    assert all(fragment.keys() & {"description", "enum"} for fragment in options.values())
    assert discovery.defines("theory/studies", study, "solve")
