"""A change makes the workflow run exactly those jobs again that depend on it.

Each test changes one thing in a finished campaign and reads what Snakemake would run.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common import discovery
from glasscore.files import provenance
from tests.report.outline import Outline, assert_accessible, assert_stands_alone, content_of
from tests.workflow.campaign_copy import CONFIG, CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
JOBS = listing.jobs(validated(CONFIG))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    copy = CampaignCopy(PROJECT, tmp_path_factory.mktemp("campaign"))
    copy.snakemake()
    return copy


def with_what_follows(outputs: set[str]) -> set[str]:
    """The given outputs, and all outputs that are computed from them."""
    found = set(outputs)
    for output, job in JOBS.items():  # in the order of the data
        if found & set(job.inputs):
            found.add(output)
    return found


def outputs_of(stages: set[str], **where: str) -> set[str]:
    """Outputs of all jobs of some stages whose parameters match."""
    return set(_outputs_of(frozenset(stages), tuple(sorted(where.items()))))


@cache
def _outputs_of(stages: frozenset[str], where: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """The same as ``outputs_of``, cached because many modules need it."""

    def matches(parameters):
        return all(
            parameters.get(key) == value or parameters.get("landscape", {}).get(key) == value
            for key, value in where
        )

    return frozenset(
        output for output, job in JOBS.items() if job.stage in stages and matches(job.parameters)
    )


def test_a_finished_campaign_has_nothing_to_do(finished):
    assert set(JOBS) == {path for path in finished.files() if path.endswith(".nc")}
    assert finished.planned() == set()


def test_a_finished_campaign_has_its_report(finished):
    path = finished.results / "report.html"
    outline = Outline(path.read_bytes())
    assert_stands_alone(outline)
    assert_accessible(outline)
    assert "0 warnings." in outline.text
    drawings = [
        (finished.results / "figures" / f"{name}.svg").read_bytes() for name in CONFIG["figures"]
    ]
    assert [content_of(picture["src"]) for picture in outline.all("img")] == drawings
    # the run time of each job was recorded
    counts = Counter(job.stage for job in JOBS.values())
    assert [f"{stage} {count} {count} " in outline.text for stage, count in counts.items()] == [
        True for _ in counts
    ]
    # A page that is made by hand, from the configuration file, is the same.
    again = finished.results / "again.html"
    subprocess.run(
        [sys.executable, "-m", "glasscore", "report", "--configfile", "config.yaml",
         "--output", str(again)],
        cwd=finished.folder, env=finished.environment, check=True,
    )  # fmt: skip
    assert again.read_bytes() == path.read_bytes()
    again.unlink()


def test_touching_every_file_reruns_nothing(finished):
    time.sleep(1.1)  # file systems may store whole seconds
    for path in finished.folder.rglob("*"):
        if path.is_file() and ".snakemake" not in path.parts:
            os.utime(path)
    assert finished.planned() == set()


def test_a_lost_picture_is_drawn_again(finished):
    picture = finished.results / "figures" / "energy_relaxation.pdf"
    content = picture.read_bytes()
    picture.unlink()
    try:
        assert finished.planned() == {"figures/energy_relaxation.nc"}
    finally:
        picture.write_bytes(content)


class TestFilesSpeakForThemselves:
    """Files are kept or computed again by their attributes, whatever Snakemake's records say."""

    @pytest.fixture
    def copied(self, finished, tmp_path):
        """The results on another machine, with arbitrary times and without Snakemake's records."""
        clone = finished.clone(tmp_path / "clone")
        shutil.rmtree(clone.folder / ".snakemake")
        for path in clone.results.rglob("*"):
            os.utime(path, (1e9, 1e9 + hash(path.name) % 1000))
        return clone

    def test_what_belongs_is_adopted(self, copied):
        assert copied.planned() == set()

    def test_what_does_not_is_computed_again_and_it_is_said_why(self, copied):
        with copied.changed() as config:
            config["seed"] = 2
            copied.configure(config)
            assert copied.planned() == with_what_follows(outputs_of(RANDOM))
            said = copied.snakemake("-n").stderr
        lines = [line for line in said.splitlines() if "to be computed again: " in line]
        assert len(lines) == 1
        assert "(its seed is 1 instead of 2)" in lines[0]

    def test_a_renamed_campaign(self, finished):
        renamed = finished.results.with_name("renamed")
        shutil.copytree(finished.results, renamed)
        try:
            with finished.changed() as config:
                config["campaign"] = "renamed"
                finished.configure(config)
                assert finished.planned("renamed") == set()
                config["seed"] = 2
                finished.configure(config)
                assert finished.planned("renamed") == with_what_follows(outputs_of(RANDOM))
        finally:
            shutil.rmtree(renamed)

    def test_files_put_in_place_of_others(self, finished):
        block = "dynamics/rem/N4_T0.5/block0.nc"
        path = finished.results / block
        content = path.read_bytes()
        shutil.copy(path.parents[1] / "N4_T0.75" / "block0.nc", path)
        try:
            assert finished.planned() == with_what_follows({block})
        finally:
            path.write_bytes(content)
        assert finished.planned() == set()

    def test_a_page_of_another_configuration(self, finished, tmp_path):
        page = finished.results / "report.html"
        with finished.changed() as config:
            config["seed"] = 2
            finished.configure(config)
            subprocess.run(
                [sys.executable, "-m", "glasscore", "report", "--configfile", "config.yaml",
                 "--output", str(tmp_path / "other.html")],
                cwd=finished.folder, env=finished.environment, check=True,
            )  # fmt: skip
        content = page.read_bytes()
        shutil.copy(tmp_path / "other.html", page)
        try:
            assert "report.html (it was made from other" in finished.snakemake("-n").stderr
        finally:
            page.write_bytes(content)
        assert "report.html" not in finished.snakemake("-n").stderr

    def test_a_lost_record_hides_nothing(self, finished):
        block = "dynamics/rem/N4_T0.5/block0.nc"
        finished.snakemake("--cleanup-metadata", f"results/test/{block}")
        assert finished.planned() == set()
        with finished.changed() as config:
            config["activated"]["rem"]["t_max"] = 1000.0
            finished.configure(config)
            dynamics = outputs_of({"dynamics"}, study="rem")
            assert finished.planned() == with_what_follows(dynamics)

    def test_deleted_blocks_hide_nothing(self, finished, tmp_path):
        blocks = finished.results / "dynamics"
        blocks.rename(tmp_path / "blocks")
        try:
            assert finished.planned() == set()
            with finished.changed() as config:
                config["activated"]["rem"]["t_max"] = 1000.0
                finished.configure(config)
                dynamics = outputs_of({"dynamics"}, study="rem")
                assert finished.planned() == with_what_follows(dynamics)
        finally:
            (tmp_path / "blocks").rename(blocks)

    def test_one_target_computes_no_other(self, finished):
        with finished.changed() as config:
            config["seed"] = 2
            finished.configure(config)
            done = finished.snakemake("-n", "results/test/traps/gauss/N5_T0.6.nc")
        jobs = [line for line in done.stdout.splitlines() if re.match(r"Job \d+: ", line)]
        assert len(jobs) == 2, jobs  # the block and its average


class TestConfiguration:
    def test_more_samples_run_only_the_new_blocks(self, finished):
        with finished.changed() as config:
            config["activated"]["rem"]["samples"] = 8
            finished.configure(config)
            new = {f"dynamics/rem/N4_T{T}/block{block}.nc" for T in (0.5, 0.75) for block in (2, 3)}
            averages = {f"traps/rem/N4_T{T}.nc" for T in (0.5, 0.75)}
            assert finished.planned() == new | averages | {"figures/energy_relaxation.nc"}

    def test_a_temperature_runs_only_itself(self, finished):
        with finished.changed() as config:
            config["activated"]["rem"]["T"] = [0.5, 0.6, 0.75]
            finished.configure(config)
            new = {f"dynamics/rem/N4_T0.6/block{block}.nc" for block in (0, 1)}
            new |= {"traps/rem/N4_T0.6.nc"}
            assert finished.planned() == new | {"figures/energy_relaxation.nc"}

    def test_a_size_runs_only_itself(self, finished):
        with finished.changed() as config:
            config["activated"]["gauss"]["N"] = [5, 6]
            finished.configure(config)
            assert finished.planned() == {
                "landscapes/gauss/N6.nc",
                "dynamics/gauss/N6_T0.6/block0.nc",
                "traps/gauss/N6_T0.6.nc",
                "figures/energy_relaxation.nc",
                "figures/local_exponent.nc",
            }

    def test_recorded_windows_need_no_new_dynamics(self, finished):
        with finished.changed() as config:
            config["activated"]["gauss"]["windows"] = [0.2, 5.0]
            finished.configure(config)
            assert finished.planned() == with_what_follows({"traps/gauss/N5_T0.6.nc"})

    def test_other_windows_are_recorded_anew(self, finished):
        with finished.changed() as config:
            config["activated"]["gauss"]["windows"] = [0.3]
            finished.configure(config)
            dynamics = outputs_of({"dynamics"}, study="gauss")
            assert finished.planned() == with_what_follows(dynamics)

    def test_more_samples_of_the_exact_landscape_run_nothing_else(self, finished):
        with finished.changed() as config:
            config["barriers"]["rem"]["samples"] = 3
            finished.configure(config)
            assert finished.planned() == {"barriers/rem/N4.nc"}

    def test_a_time_reruns_the_exact_dynamics_that_uses_it(self, finished):
        with finished.changed() as config:
            config["master"]["rem"]["t_max"] = 32.0
            finished.configure(config)
            assert finished.planned() == {"master/rem/N4_T0.5.nc"}

    def test_style_redraws_the_figures(self, finished):
        with finished.changed() as config:
            config["style"] = {"font_size": 10}
            finished.configure(config)
            assert finished.planned() == outputs_of({"figures"})

    def test_another_figure_is_only_drawn(self, finished):
        with finished.changed() as config:
            config["figures"] = [*config["figures"], "trapping_times"]
            finished.configure(config)
            assert finished.planned() == {"figures/trapping_times.nc"}

    def test_another_study_runs_only_itself_and_the_figures_that_show_it(self, finished):
        with finished.changed() as config:
            config["activated"]["more"] = {**config["activated"]["gauss"], "rule": "arrhenius"}
            finished.configure(config)
            assert finished.planned() == {
                "landscapes/more/N5.nc",
                "dynamics/more/N5_T0.6/block0.nc",
                "traps/more/N5_T0.6.nc",
                "figures/energy_relaxation.nc",
                "figures/local_exponent.nc",
            }

    def test_the_seed_reruns_all_that_is_random(self, finished):
        with finished.changed() as config:
            config["seed"] = 2
            finished.configure(config)
            random = outputs_of(RANDOM)
            assert finished.planned() == with_what_follows(random)

    def test_a_tolerance_reruns_its_study(self, finished):
        with finished.changed() as config:
            config["dmft"]["pspin"]["tolerance"] = 1e-4
            finished.configure(config)
            assert finished.planned() == with_what_follows({"dmft/pspin/T0.5.nc"})

    def test_order_and_spelling_of_numbers_rerun_nothing(self, finished):
        with finished.changed() as config:
            config["activated"]["rem"]["T"] = [0.75, 0.50]
            config["activated"]["rem"]["t_max"] = "1e2"
            finished.configure(config)
            assert finished.planned() == set()


class TestSources:
    def test_a_docstring_reruns_nothing(self, finished):
        for name in ("dynamics/clocks/rejection_free.py", "files/store.py", "traps/stage.py"):
            path = finished.folder / "glasscore" / name
            text = path.read_text()
            path.write_text(text.replace('"""', '"""Indeed: ', 1))
            try:
                assert finished.planned() == set()
            finally:
                path.write_text(text)

    @pytest.mark.parametrize(
        ("folder", "like"),
        [
            ("landscapes/energies", "gaussian"),
            ("landscapes/graphs", "hypercube"),
            ("dynamics/clocks", "rejection_free"),
            ("dynamics/rules", "metropolis"),
            ("dynamics/starts", "random"),
            ("dynamics/recorders", "energy"),
            ("langevin/models", "linear"),
            ("master/observables", "escape_time"),
            ("figures/traps", "local_exponent"),
        ],
    )
    def test_a_new_part_reruns_none_of_the_others(self, finished, folder, like):
        parts = finished.folder / "glasscore" / folder
        new = parts / "brand_new.py"
        new.write_text((parts / f"{like}.py").read_text())
        try:
            assert finished.planned() == set()
        finally:
            new.unlink()

    @pytest.mark.parametrize(
        "module",
        [
            "barriers/flooding.py",
            "dmft/two_time/march.py",
            "dynamics/rules/metropolis.py",
            "figures/drawing/style.py",
            "kernels/normal.py",
            "files/provenance.py",
            "files/store.py",
            "theory/sk.py",
            "traps/tails.py",
        ],
    )
    def test_changed_code_reruns_what_it_is_part_of(self, finished, module):
        path = finished.folder / "glasscore" / module
        text = path.read_text()
        path.write_text(text + "\nMUTATED = True\n")
        try:
            assert finished.planned() == with_what_follows(expected(module))
        finally:
            path.write_text(text)


@cache
def reached():
    """The modules in the fingerprint of each job's code; jobs with the same modules share them."""
    named = {
        output: tuple(listing.modules(job.stage, job.parameters)) for output, job in JOBS.items()
    }
    followed = {
        modules: frozenset(provenance.dependencies(modules)) for modules in {*named.values()}
    }
    return {output: followed[modules] for output, modules in named.items()}


@cache
def found_by_module():
    """The jobs whose fingerprint each module is part of."""
    found: dict[str, set[str]] = {}
    for output, modules in reached().items():
        for name in modules:
            found.setdefault(name, set()).add(output)
    return found


@pytest.mark.parametrize(
    "module",
    sorted(
        str(path.relative_to(PROJECT / "glasscore"))
        for path in (PROJECT / "glasscore").rglob("*.py")
    ),
)
def test_changed_code_changes_the_fingerprint_of_what_it_is_part_of(module):
    """Each module is part of the fingerprints of exactly the jobs that are listed below."""
    name = ".".join(("glasscore", *Path(module).with_suffix("").parts)).removesuffix(".__init__")
    assert found_by_module().get(name, set()) == expected(module)


def test_a_fingerprint_changes_with_each_of_its_modules_and_with_no_other(monkeypatch):
    """The text of each module is changed in turn, for the job that depends on most modules."""
    output = max(reached(), key=lambda output: len(reached()[output]))
    modules = listing.modules(JOBS[output].stage, JOBS[output].parameters)
    before, source = provenance.source_hash(modules), provenance._source
    every = {name for names in reached().values() for name in names}
    assert every > reached()[output]
    mutated = [""]

    def mutant(name):
        said = source(name)
        return said._replace(fingerprint=said.fingerprint + "*" * (name in mutated))

    monkeypatch.setattr(provenance, "_source", mutant)
    for mutated[0] in every:
        changed = provenance.source_hash(modules) != before
        assert changed == (mutated[0] in reached()[output]), mutated


EXACT = {"barriers", "master"}
STAGES = {"landscapes", "dynamics", "traps", *EXACT, "dmft", "theory", "langevin", "figures"}
SIMULATED = {"landscapes", "dynamics", *EXACT}
RANDOM = SIMULATED | {"langevin"}
KERNELS = SIMULATED | {"dmft"}
# The stages whose jobs run the code of a module, by its path below glasscore.
RUN_BY = {
    "__init__.py": STAGES,
    "__main__.py": set(),
    "campaign/adoption.py": set(),
    "kernels/arithmetic.py": SIMULATED,
    "campaign/by_hand.py": set(),
    "campaign/listing.py": set(),
    "campaign/cluster.py": set(),
    "campaign/__init__.py": set(),
    "campaign/configuration.py": set(),
    "campaign/normal_form.py": set(),
    "campaign/reading.py": set(),
    "campaign/schema.py": set(),
    "common/keys.py": set(),
    "common/plans.py": set(),
    "common/sentences.py": {"figures"},
    "common/studies.py": set(),
    "files/parameters_in_words.py": {"traps", "figures"},
    "figures/selection.py": {"figures"},
    "common/__init__.py": STAGES,
    "files/__init__.py": STAGES,
    "common/contracts.py": STAGES - {"traps", "dmft"},
    "common/discovery.py": {"figures"},
    "common/errors.py": STAGES,
    "common/fonts.py": {"figures"},
    "files/inputs.py": {"traps", "figures"},
    "campaign/job_list.py": set(),
    "files/label.py": set(),
    "common/log.py": set(),
    "campaign/one_workflow.py": set(),
    "files/origin.py": {"traps", "figures"},
    "files/provenance.py": set(),
    "files/pictures.py": {"figures"},
    "common/progress.py": {"dynamics", "barriers", "master"},
    "kernels/random_streams.py": RANDOM,
    "files/restart_file.py": {"dynamics", "dmft", "langevin"},
    "files/restart_of_result.py": set(),
    "dmft/restart.py": set(),
    "langevin/restart.py": set(),
    "models/schedule.py": {"dynamics", "traps"},
    "models/pieces.py": {"dynamics"},
    "landscapes/in_field.py": {"dynamics"},
    "files/seal.py": STAGES,
    "files/sources.py": set(),
    "campaign/stale.py": set(),
    "files/store.py": STAGES,
    "campaign/verification.py": set(),
    "files/whole_file.py": STAGES,
    "campaign/yaml_faults.py": set(),
    "landscapes/__init__.py": SIMULATED,
    "kernels/hashing.py": SIMULATED,
    "landscapes/interface.py": SIMULATED,
    "landscapes/sample.py": SIMULATED,
    "landscapes/stage.py": {"landscapes"},
    "landscapes/graphs/__init__.py": SIMULATED,
    "landscapes/energies/__init__.py": SIMULATED,
    "estimates/__init__.py": {"landscapes", "traps", *EXACT, "langevin"},
    "estimates/samples.py": {"landscapes", "traps", *EXACT, "langevin"},
    "estimates/relaxation_time.py": {"traps"},
    "estimates/distribution.py": {"traps"},
    "estimates/variance_components.py": {"traps"},
    "estimates/subaging.py": {"traps"},
    # Figures that the campaign does not draw use it.
    "estimates/triangles.py": set(),
    "estimates/survival.py": {"traps"},
    "estimates/tail_exponent.py": {"traps"},
    "barriers/__init__.py": EXACT,
    "landscapes/all_states.py": EXACT,
    "barriers/descent.py": EXACT,
    "barriers/flooding.py": EXACT,
    "dynamics/__init__.py": {"dynamics", "master"},
    "dynamics/interface.py": {"dynamics", "master"},
    "dynamics/graphs/__init__.py": {"dynamics", "master"},
    "dynamics/starts/__init__.py": {"dynamics"},
    "dynamics/starts/random.py": {"dynamics"},
    # The campaign has no study with one of these starts.
    "dynamics/starts/equilibrium.py": set(),
    "dynamics/starts/planted.py": set(),
    "dynamics/rules/__init__.py": {"dynamics", "master"},
    # The first is a reference of the tests; users apply the second one to results.
    "dmft/two_time/uniform_grid.py": set(),
    "dmft/observables.py": set(),
    "figures/drawing/__init__.py": {"figures"},
    "figures/drawing/caption.py": {"figures"},
    "figures/drawing/curves.py": {"figures"},
    "figures/drawing/legend.py": {"figures"},
    "figures/drawing/page.py": {"figures"},
    "figures/drawing/style.py": {"figures"},
    "figures/drawing/symbols.py": {"figures"},
    "figures/stage.py": {"figures"},
    "figures/__init__.py": {"figures"},
}
# The stages all of whose jobs run the modules of the covariance of a mean-field model. Lines of
# theory in figures need these modules, too.
WITH_COVARIANCES = {
    "kernels/__init__.py": KERNELS | RANDOM,
    "kernels/compilation.py": KERNELS,
    "models/__init__.py": {"dynamics", "traps", "dmft", "langevin"},
    "models/covariance.py": {"dmft"},
}
# The laws of energies that use a module.
USED_BY_ENERGIES = {
    "kernels/normal.py": ("gaussian", "correlated", "sk", "pspin"),
    "landscapes/walsh_hadamard.py": ("correlated",),
    "landscapes/couplings.py": ("sk", "pspin"),
    "landscapes/local_fields.py": ("sk", "pspin"),
}
# Stages that use such a module whatever the energies are.
ALSO_USED_BY = {
    "landscapes/walsh_hadamard.py": {"barriers"},
    "landscapes/local_fields.py": {"dynamics"},
}
# The models of continuous spins that use a module.
USED_BY_MODELS = {
    "langevin/couplings.py": ("linear", "soft", "spherical", "spiked_tensor"),
    "langevin/planting.py": ("soft",),
    "langevin/polynomial.py": ("spherical", "spiked_tensor"),
    "models/quartic_well.py": ("soft",),
}
# The recorders that use a module.
USED_BY_RECORDERS = {
    "dynamics/observation_times.py": (
        "energy",
        "configurations",
        "fixed_lags",
        "inherent_structures",
        "maximum_energy",
        "basins",
        "memory",
        "metabasins",
        "responses",
    ),
    "dynamics/stays.py": ("trapping_times", "metabasins"),
    "dynamics/trap_record.py": ("basins", "metabasins"),
}
# The modules of the superbasin clock, and the stages in which every hypercube needs them.
OF_SUPERBASINS: dict[str, set[str]] = {
    "dynamics/rate_cache.py": set(),
    "dynamics/absorbing_chains.py": set(),
    "dynamics/clocks/rejection_free.py": set(),
    "dynamics/graphs/hypercube.py": {"dynamics", "master"},
    "landscapes/graphs/hypercube.py": SIMULATED,
}


# What the spherical model asks whether a state may be planted: its static transition.
OF_PLANTED_SPHERES = {
    "kernels/compilation.py",
    "models/__init__.py",
    "models/covariance.py",
    "theory/__init__.py",
    "theory/spherical_pspin.py",
}


def recorded_by(recorders) -> set[str]:
    """Jobs of the dynamics that use one of the recorders."""
    return {
        output
        for output in outputs_of({"dynamics"})
        if set(recorders) & set(JOBS[output].parameters["recorders"])
    }


def of_models(names) -> set[str]:
    """Jobs of Langevin dynamics with one of the models."""
    jobs = outputs_of({"langevin"})
    return {output for output in jobs if JOBS[output].parameters["model"]["name"] in names}


def expected(module: str) -> set[str]:
    """Jobs that depend on a module, by the tables of this file instead of by its imports."""
    of_spheres = of_models(["spherical"]) if module in OF_PLANTED_SPHERES else set()
    return of_spheres | expected_without_spheres(module)


def expected_without_spheres(module: str) -> set[str]:
    """The same, without the jobs that need a module for planted states on the sphere alone."""
    folder, _, file = module.rpartition("/")
    name = file.removesuffix(".py")
    if name in ("cost", "plan") or folder.endswith("/cost"):
        return set()  # no job depends on estimates and plans
    if module in WITH_COVARIANCES:
        jobs = outputs_of(WITH_COVARIANCES[module]) | {"figures/dmft_energy.nc"}
        return jobs | studies(STUDIED["models/covariance.py"])
    if module in ("dmft/__init__.py", "dmft/protocol.py"):
        # These modules read the parameters of a run, in jobs and in figures.
        return outputs_of({"dmft"}) | {"figures/dmft_energy.nc"}
    if module == "models/ramps.py":
        return outputs_of({"dmft", "dynamics", "langevin"}) | {"figures/dmft_energy.nc"}
    if module in RUN_BY:
        return outputs_of(RUN_BY[module])
    if module in USED_BY_ENERGIES:
        users = [outputs_of(SIMULATED, energies=each) for each in USED_BY_ENERGIES[module]]
        return set().union(*users, outputs_of(ALSO_USED_BY.get(module, set())))
    if folder == "dynamics/complete_graph":
        return outputs_of({"dynamics"}, graph="complete")
    if folder == "dynamics/responses":
        return recorded_by(["responses"])
    if module in OF_SUPERBASINS:
        users = outputs_of({"dynamics"}, clock="superbasin")
        return users | outputs_of(OF_SUPERBASINS[module], graph="hypercube")
    if folder == "landscapes/energies":
        return outputs_of(SIMULATED, energies=name)
    if folder == "landscapes/graphs":
        return outputs_of(SIMULATED, graph=name)
    if folder == "dynamics/rules" and name != "__init__":
        return outputs_of({"dynamics", "master"}, rule=name)
    if module in USED_BY_RECORDERS:
        return recorded_by(USED_BY_RECORDERS[module])
    if folder == "dynamics/recorders" and name != "__init__":
        return recorded_by([name])
    if folder == "master/observables" and name != "__init__":
        return {
            output
            for output in outputs_of({"master"})
            if name in JOBS[output].parameters["observables"]
        }
    if folder == "langevin/models" and name != "__init__":
        return of_models([name])
    if module in USED_BY_MODELS:
        return of_models(USED_BY_MODELS[module])
    if folder == "dynamics/clocks" and name != "__init__":
        return outputs_of({"dynamics"}, clock=name)
    if folder == "dynamics/graphs" and name != "__init__":
        return outputs_of({"dynamics"}, graph=name)
    if module == "figures/drawing/residuals.py":
        return {"figures/energy_relaxation.nc", "figures/aging_function.nc"} & set(JOBS)
    if module == "figures/drawing/solved_models.py":
        return {f"figures/{figure}.nc" for figure in WITH_LAWS} & set(JOBS)
    if module == "figures/drawing/equilibration.py":
        users = ("aging_function", "energy_relaxation", "local_exponent", "trap_levels")
        return {f"figures/{figure}.nc" for figure in users} & set(JOBS)
    if folder.startswith("figures/"):
        # The ``__init__`` of a folder is imported with each of its figures.
        drawn = discovery.names(folder) if name == "__init__" else [name]
        return {f"figures/{figure}.nc" for figure in drawn} & set(JOBS)
    if folder == "theory/studies" and name != "__init__":
        return studies({name})
    if folder == "theory/studies" or module in ("theory/stage.py", "theory/tables.py"):
        return outputs_of({"theory"})
    if folder == "dyson":
        return studies(STUDIED[module])
    if folder.startswith("dmft/single_site"):
        return set()  # the campaign has no such study; tests/dmft/single_site tests these modules
    if folder == "theory":
        users = THEORY if name == "__init__" else {name: THEORY.get(name, set())}
        drawn = {f"figures/{figure}.nc" for figures in users.values() for figure in figures}
        stages = SOLVED.values() if name == "__init__" else [SOLVED.get(name, set())]
        solved = outputs_of({"theory"}) if name == "__init__" else studies(STUDIED.get(module, ()))
        return drawn & set(JOBS) | outputs_of(set().union(*stages)) | solved
    return outputs_of({folder.partition("/")[0]})


def studies(solved) -> set[str]:
    """Jobs of the stage theory whose key ``solve`` is one of the given names."""
    return {
        output for output in outputs_of({"theory"}) if JOBS[output].parameters["solve"] in solved
    }


# The studies of the stage theory that compute with a module.
STUDIED = {
    "dyson/__init__.py": {"almeida_thouless_line", "linear_model", "mode_coupling"},
    "dyson/critical_decay.py": {"almeida_thouless_line"},
    "dyson/linear_model.py": {"linear_model"},
    "dyson/mode_coupling.py": {"mode_coupling"},
    "theory/arguments.py": {"random_energy_model"},
    "theory/complexity.py": {"complexity", "spherical_pspin", "spiked_tensor"},
    "models/covariance.py": {
        "complexity", "mode_coupling", "spherical_pspin", "spiked_tensor",
    },
    "theory/ising_pspin.py": {"ising_pspin"},
    "theory/parisi.py": {"almeida_thouless_line", "parisi_function"},
    "theory/random_energy.py": {"random_energy_model"},
    "theory/sk.py": {"almeida_thouless_line", "parisi_function", "replica_symmetric"},
    "theory/spherical_pspin.py": {
        "complexity", "mode_coupling", "spherical_pspin", "spiked_tensor",
    },
    "theory/spherical_states.py": {"spherical_pspin"},
    "theory/spiked_tensor.py": {"spiked_tensor"},
}  # fmt: skip
# The stages that compute with a theory.
SOLVED = {
    "spherical_pspin": {"dmft"},
    "finite_trap_model": {"master"},
    "arguments": {"master"},
}
# The figures that draw each theory.
WITH_LAWS = {"aging_function", "energy_relaxation", "local_exponent", "trapping_times"}
THEORY = {
    "arguments": WITH_LAWS
    | {"barrier_statistics", "finite_size_aging", "local_exponent", "participation_ratio"},
    "quadrature": {
        *("aging_function", "finite_size_aging", "participation_ratio", "equilibrium_energy"),
    },
    "step_model": WITH_LAWS,
    "trap_model": {"activated_fdt", "energy_relaxation", "local_exponent"},
    "trap_response": {"activated_fdt"},
    "parisi": {"activated_fdt"},
    "sk": {"activated_fdt"},
    "mean_trap_model": {"aging_function", "finite_size_aging"},
    "participation": {"participation_ratio", "finite_size_aging", "equilibrium_energy"},
    "equilibrium_energy": {"equilibrium_energy"},
    "random_energy": {
        *("aging_function", "local_exponent", "barrier_statistics"),
        *("energy_relaxation", "trap_levels"),
    },
    "independent_energies": {"barrier_statistics"},
    "spherical_pspin": {"dmft_energy"},
    "continuous_aging": {"dmft_energy"},
    "covariance": {"dmft_energy"},
    "critical_slowing": {"critical_slowing"},
    "ising_pspin": {"threshold_energy", "landscape_exploration"},
}
