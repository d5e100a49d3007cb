"""Files that a job reads are identified by their attributes."""

import json
import shutil
from importlib import import_module

import netCDF4
import pytest
import xarray as xr

from glasscore.__main__ import main
from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.figures import stage as figures
from glasscore.files.provenance import canonical_json
from glasscore.files.seal import seal
from glasscore.files.store import parameters_of, quantity, read, write
from tests.workflow.campaign_copy import CONFIG

REM = CONFIG["activated"]["rem"]
# Each variant is a campaign; the jobs of the first one are run.
VARIANTS = {
    "ours": {},
    "seed": {"seed": 2},
    "rule": {"rule": "heat_bath"},
    "t_max": {"t_max": 1000.0},
    "landscape": {"landscape": {"graph": "hypercube", "energies": "gaussian"}},
    "recorders": {"recorders": ["energy", "trapping_times"]},
    "N": {"N": [5]},
    "study": {"study": "other"},
    "samples": {"samples": 6},
}
FIGURE = "figures/energy_relaxation.nc"
POINTS = ("traps/rem/N4_T0.5.nc", "traps/rem/N4_T0.75.nc")


def jobs_of(seed=1, study="rem", **changes):
    config = {
        "campaign": "test",
        "seed": seed,
        "activated": {study: {**REM, **changes}},
        "theory": {"line": CONFIG["theory"]["line"]},
        "figures": ["energy_relaxation"],
    }
    return listing.jobs(validated(config))


JOBS = {name: jobs_of(**changes) for name, changes in VARIANTS.items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The results of all variants, and files of other kinds."""
    folder = tmp_path_factory.mktemp("results")
    for name, jobs in JOBS.items():
        for output, job in jobs.items():
            if job.stage in ("dynamics", "traps"):
                inputs = [str(folder / name / path) for path in job.inputs]
                stage = import_module(f"glasscore.{job.stage}.stage")
                result = stage.run(job.parameters, inputs).assign_attrs(stage=job.stage)
                write(
                    result,
                    folder / name / output,
                    parameters=job.parameters,
                    source_hash="0123456789ab",
                )
    others = folder / "others"
    others.mkdir()
    (others / "text.nc").write_text("These are no numbers.\n")
    (others / "empty.nc").write_bytes(b"")
    (others / "folder.nc").mkdir()
    (others / "sealed.nc").write_text("Nor are these.\n")
    seal(others / "sealed.nc")
    for name in ("foreign.nc", "foreign_sealed.nc"):
        xr.Dataset({"x": ("i", [1.0, 2.0])}).to_netcdf(others / name, engine="netcdf4")
    seal(others / "foreign_sealed.nc")
    with netCDF4.Dataset(others / "old.nc", "w", format="NETCDF3_CLASSIC") as file:
        file.stage = "dynamics"
    block = folder / "ours" / blocks()[0]
    (others / "damaged.nc").write_bytes(block.read_bytes()[:-100])
    shutil.copy(block, others / "copied.nc")
    result = read(block)
    parameters = parameters_of(result)
    write(result, others / "code.nc", parameters=parameters, source_hash="ba9876543210")
    write(
        result.assign_attrs(stage=[1]), others / "list.nc", parameters=parameters, source_hash="0"
    )
    figure = xr.Dataset(
        {"x": quantity((), 1.0, "x", "x")}, attrs={"time_unit": "1", "energy_unit": "1"}
    ).assign_attrs(stage="figures")
    write(figure, others / "figure.nc", parameters={"figure": "x"}, source_hash="0123456789ab")
    return folder


def blocks(name="ours", T=0.5):
    (average,) = (
        job for job in JOBS[name].values() if job.stage == "traps" and job.parameters["T"] == T
    )
    return average.inputs


def said(capsys, stage, parameters, files, tmp_path):
    """The sentence that refuses a job."""
    output = tmp_path / "result.nc"
    arguments = ["--parameters", canonical_json(parameters), "--inputs", *map(str, files)]
    status = main([stage, *arguments, "--output", str(output)])
    error = capsys.readouterr().err
    assert (status, output.exists()) == (1, False), error
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    return error.removeprefix("error: ").strip()


OTHERS = {
    "text.nc": "is not a result of glasscore: it is no netCDF file",
    "empty.nc": "is not a result of glasscore: it is no netCDF file",
    "sealed.nc": "is not a result of glasscore: it cannot be read as netCDF",
    "folder.nc": "Is a directory",
    "missing.nc": "No such file or directory",
    "foreign.nc": "is not a result of glasscore: it has no attribute stage",
    "foreign_sealed.nc": "is not a result of glasscore: it has no attribute stage",
    "old.nc": "is not a result of glasscore: it is no netCDF file",
    "damaged.nc": "is damaged",
    "list.nc": "is not a result of glasscore: it has no attribute stage",
    "figure.nc": "is a result of the stage figures, but",
}


@pytest.mark.parametrize("stage", ["traps", "figures"])
@pytest.mark.parametrize("name", OTHERS)
def test_files_of_another_kind_are_refused(made, stage, name, capsys, tmp_path):
    job = JOBS["ours"][POINTS[0] if stage == "traps" else FIGURE]
    files = [made / "others" / name]
    found = said(capsys, stage, job.parameters, files, tmp_path)
    assert found.startswith(f"{files[0]}")
    assert OTHERS[name] in found


def of_blocks(made, capsys, tmp_path, *files):
    return said(capsys, "traps", JOBS["ours"][POINTS[0]].parameters, files, tmp_path)


def test_a_block_given_twice_is_refused_whatever_its_name(made, capsys, tmp_path):
    first, second = (made / "ours" / path for path in blocks())
    copied = made / "others" / "copied.nc"
    for twice in (first, copied):
        found = of_blocks(made, capsys, tmp_path, first, second, twice)
        assert found == (
            f"{twice} and {first} both hold sample 0, but each sample may be averaged once."
        )


def test_samples_that_are_missing_or_not_asked_for_are_refused(made, capsys, tmp_path):
    first, second = (made / "ours" / path for path in blocks())
    found = of_blocks(made, capsys, tmp_path, second)
    assert found.startswith("sample 0 is in none of the files")
    assert of_blocks(made, capsys, tmp_path, first).startswith("sample 2 is in none of the files")
    more = [made / "samples" / path for path in blocks("samples")]
    found = of_blocks(made, capsys, tmp_path, *more)
    assert found.startswith(f"{more[-1]} holds sample 5, but this job averages the samples 0 to 3")
    assert of_blocks(made, capsys, tmp_path).startswith("traps needs files of the stage dynamics")


@pytest.mark.parametrize("name", ["seed", "rule", "landscape", "recorders", "N", "study"])
def test_blocks_of_another_job_are_refused(made, name, capsys, tmp_path):
    files = [made / name / path for path in blocks(name)]
    found = of_blocks(made, capsys, tmp_path, *files)
    assert found.startswith(f"{files[0]} was made with {name} ")
    assert f"but this job is about {name} " in found


def test_blocks_of_another_temperature_are_refused(made, capsys, tmp_path):
    files = [made / "ours" / path for path in blocks(T=0.75)]
    found = of_blocks(made, capsys, tmp_path, *files)
    assert found == f"{files[0]} was made with T 0.75, but this job is about T 0.5."


@pytest.mark.parametrize("name", ["t_max", "code"])
def test_blocks_that_do_not_go_together_are_refused(made, name, capsys, tmp_path):
    second = made / "ours" / blocks()[1]
    other = made / ("others/code.nc" if name == "code" else f"t_max/{blocks('t_max')[0]}")
    found = of_blocks(made, capsys, tmp_path, second, other)
    key = "source_hash" if name == "code" else name
    assert found.startswith(f"{other} was made with {key} ")
    assert f"but {second} with {key} " in found


def test_windows_that_were_not_recorded_are_refused(made, capsys, tmp_path):
    parameters = {**JOBS["ours"][POINTS[0]].parameters, "windows": [0.3, 0.5]}
    files = [made / "ours" / path for path in blocks()]
    found = said(capsys, "traps", parameters, files, tmp_path)
    assert found.startswith(f"{files[0]} has not recorded the window 0.3")


def of_figure(made, capsys, tmp_path, *files):
    return said(capsys, "figures", JOBS["ours"][FIGURE].parameters, files, tmp_path)


def test_a_result_shown_twice_is_refused(made, capsys, tmp_path):
    first = made / "ours" / POINTS[0]
    copied = tmp_path / "copied.nc"
    shutil.copy(first, copied)
    for twice in (first, copied, made / "t_max" / POINTS[0]):
        found = of_figure(made, capsys, tmp_path, first, twice)
        assert found.startswith(f"{twice} and {first} are both the result of the stage traps")


@pytest.mark.parametrize("name", ["seed", "rule", "t_max", "landscape", "samples"])
def test_results_that_one_study_cannot_have_are_refused(made, name, capsys, tmp_path):
    first, other = made / "ours" / POINTS[0], made / name / POINTS[1]
    found = of_figure(made, capsys, tmp_path, first, other)
    assert found.startswith(f"{other} was made with {name} ")
    assert f"but {first} with {name} " in found


def test_starts_at_the_temperature_of_the_run_go_together(tmp_path):
    """In one study the temperature of such starts changes with that of the run."""

    def shown(folder, start):
        listed = jobs_of(start=start)
        for output, job in listed.items():
            if job.stage in ("dynamics", "traps"):
                inputs = [str(folder / path) for path in job.inputs]
                stage = import_module(f"glasscore.{job.stage}.stage")
                made = stage.run(job.parameters, inputs).assign_attrs(stage=job.stage)
                write(made, folder / output, parameters=job.parameters, source_hash="0" * 12)
        return listed[FIGURE].parameters, [str(folder / path) for path in listed[FIGURE].inputs]

    same, files = shown(tmp_path / "same", "equilibrium")
    assert figures.run(same, files).sizes["curve"] >= 2
    # A start at T = 0.5 is that of the run at this temperature alone.
    _, others = shown(tmp_path / "others", {"name": "equilibrium", "T": 0.5})
    with pytest.raises(CampaignError, match="was made with start .* must agree in it"):
        figures.run(same, [files[0], others[1]])


def test_studies_that_the_figure_is_not_about_are_refused(made, capsys, tmp_path):
    ours, other = made / "ours" / POINTS[0], made / "study/traps/other/N4_T0.5.nc"
    found = of_figure(made, capsys, tmp_path, ours, other)
    assert found.startswith(f'{other} is of the study "other" of the stage traps, but')
    parameters = {**JOBS["ours"][FIGURE].parameters, "figure": "correlated_aging"}
    assert "the figure correlated_aging shows" in said(
        capsys, "figures", parameters, [ours], tmp_path
    )


def test_studies_of_two_campaigns_are_refused(made, capsys, tmp_path):
    parameters = json.loads(canonical_json(JOBS["ours"][FIGURE].parameters))
    parameters["titles"]["traps"]["other"] = "other"
    other = made / "study/traps/other/N4_T0.5.nc"
    result = read(other)
    foreign = tmp_path / "seed.nc"
    write(
        result, foreign, parameters={**parameters_of(result), "seed": 7}, source_hash="0123456789ab"
    )
    found = said(capsys, "figures", parameters, [made / "ours" / POINTS[0], foreign], tmp_path)
    assert found.startswith(f"{foreign} was made with seed 7 and {made / 'ours' / POINTS[0]}")


def test_results_without_a_recorder_that_is_drawn_are_refused(made, capsys, tmp_path):
    parameters = {**JOBS["ours"][FIGURE].parameters, "figure": "aging_function"}
    file = made / "recorders" / POINTS[0]
    found = said(capsys, "figures", parameters, [file], tmp_path)
    assert found.startswith(f"{file} lacks the recorder configurations")


def test_blocks_in_any_order_are_averaged(made, tmp_path):
    """Sound blocks are not refused, and give the same bytes as in the workflow."""
    parameters = canonical_json(JOBS["ours"][POINTS[0]].parameters)
    files = [str(made / "ours" / path) for path in reversed(blocks())]
    output = str(tmp_path / "average.nc")
    assert main(["traps", "--parameters", parameters, "--inputs", *files, "--output", output]) == 0
    there = read(made / "ours" / POINTS[0]).drop_attrs(deep=False)
    assert read(output).drop_attrs(deep=False).identical(there)
