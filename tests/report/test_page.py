"""The page of a campaign: complete, self-contained, accessible, safe, and the same bytes."""

import copy
import csv
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.campaign.stale import fingerprint
from glasscore.figures.drawing.curves import Curve, to_dataset
from glasscore.files.origin import of_results, of_trajectories
from glasscore.files.pictures import ATTRIBUTE, ENDINGS, digests
from glasscore.files.store import quantity, read, write
from glasscore.report import page
from tests.report.outline import Outline, assert_accessible, assert_stands_alone, content_of
from tests.workflow.campaign_copy import CONFIG

TITLE = "<script>alert(1)</script> & \"more\" 'yet' ]]> <!-- é"
HOSTILE = copy.deepcopy(CONFIG)
HOSTILE["activated"]["rem"]["title"] = TITLE
HOSTILE["master"], HOSTILE["barriers"] = {}, {}
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'
NOTES = "The line $N=\\infty$ is exact.\n\nOne point of <b>eight</b> is left out."
UNITS = {"time_unit": "attempts", "energy_unit": "J"}
CURVES = [
    Curve(f"{TITLE}: a", "data", TITLE, np.arange(1.0, 4.0), np.array([1.0, 2.0, 3.0]),
          np.array([0.1, 0.1, 0.1]), 0.5, 8.0),
    Curve(f"{TITLE}: a", "theory", r"exact, $N=\infty$", np.arange(1.0, 4.0),
          np.array([1.1, 2.0, 2.9]), None, 0.5, 8.0, exact=True),
    Curve("other", "theory", "", np.array([0.1, 0.3]), np.array([1e-300, 1 / 3]), None, np.nan),
]  # fmt: skip


def parameters(config):
    """Parameters as the workflow hands them over, which is through JSON."""
    return json.loads(json.dumps(listing.report(validated(config))))


def pretended(config, folder, blocks=False):
    """All files of a campaign, with the provenance that they should have."""
    jobs = listing.jobs(validated(config))
    for job in jobs.values():
        if job.stage == "figures":
            dataset = to_dataset(CURVES, *UNITS.values())
            (folder / "figures").mkdir(parents=True, exist_ok=True)
            for ending in ENDINGS:
                (folder / job.output).with_suffix(ending).write_bytes(DRAWING)
            dataset.attrs[ATTRIBUTE] = digests(dict.fromkeys(ENDINGS, DRAWING))
            dataset.attrs["notes"] = NOTES
            dataset.attrs["inputs"] = of_results(
                (jobs[name].parameters, fingerprint(jobs[name]), sha256(folder / name))
                for name in job.inputs
            )
        else:
            dataset = xr.Dataset({"samples": quantity((), 4, "samples", "n")}, attrs=UNITS)
            dataset.attrs["energy_error_reached"] = 5e-4
        if job.stage == "traps":
            samples = config["activated"][job.parameters["study"]]["samples"]
            dataset["samples"] = quantity((), samples, "samples", "n")
            block = jobs[job.inputs[0]]
            dataset.attrs |= of_trajectories(block.parameters, samples, fingerprint(block))
        if job.stage == "dynamics":
            benchmark = (folder / "benchmarks" / job.output).with_suffix(".tsv")
            benchmark.parent.mkdir(parents=True, exist_ok=True)
            benchmark.write_text("s\tmax_rss\tcpu_time\n2.5\t100.0\t2.0\n")
            if not blocks:
                continue
        write(
            dataset.assign_attrs(stage=job.stage),
            folder / job.output,
            parameters=job.parameters,
            source_hash=fingerprint(job),
        )
    return folder


def sha256(path):
    """The checksum at the end of a result file."""
    return path.read_bytes()[-65:-1].decode()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return pretended(HOSTILE, tmp_path_factory.mktemp("results"))


@pytest.fixture
def folder(made, tmp_path):
    """A copy of the results that a test may damage."""
    return Path(shutil.copytree(made, tmp_path / "results"))


def outline_of(config, folder):
    return Outline(page.page(parameters(config), folder))


def test_page_stands_alone_and_is_accessible(folder):
    outline = outline_of(HOSTILE, folder)
    assert_stands_alone(outline)
    assert_accessible(outline)


def test_text_is_never_markup(folder):
    outline = outline_of(HOSTILE, folder)
    assert outline.all("script") == []
    assert outline.text.count("<script>alert(1)</script>") >= 5
    described = outline.all("img")[0]["alt"]
    assert TITLE in described
    assert outline.all("b") == []


def test_every_figure_is_there_with_its_drawing_caption_parameters_and_numbers(folder):
    outline = outline_of(HOSTILE, folder)
    assert [content_of(picture["src"]) for picture in outline.all("img")] == 3 * [DRAWING]
    for name in HOSTILE["figures"]:
        assert f"figure-{name}" in outline.ids
        link = next(link for link in outline.all("a") if link.get("download") == f"{name}.nc")
        assert content_of(link["href"]) == (folder / "figures" / f"{name}.nc").read_bytes()
    assert "Mean energy against the logarithm of time" in outline.text
    assert "One point of <b>eight</b> is left out." in outline.text
    assert [formula.get("display") for formula in outline.all("math")].count("inline") >= 3
    assert "Disorder samples: traps 4, rem 4, gauss 2." in outline.text
    assert "t_max 100" in outline.text  # from the parameters of a study


def test_studies_that_a_figure_leaves_out_are_named(folder):
    config = copy.deepcopy(HOSTILE)
    config["activated"]["gauss"]["recorders"] = ["configurations"]
    expected = "Left out: activated.gauss, which lacks the recorder energy."
    assert outline_of(config, folder).text.count(expected) == 1
    assert "Left out" not in outline_of(HOSTILE, folder).text


def test_numbers_come_back_from_the_csv(folder):
    outline = outline_of(HOSTILE, folder)
    link = next(link for link in outline.all("a") if link.get("download", "").endswith(".csv"))
    rows = list(csv.DictReader(io.StringIO(content_of(link["href"]).decode())))
    assert len(rows) == sum(curve.x.size for curve in CURVES)
    assert rows[0]["panel"] == f"{TITLE}: a"
    for column, values in (("x", [c.x for c in CURVES]), ("y", [c.y for c in CURVES])):
        assert [float(row[column]) for row in rows] == np.concatenate(values).tolist()
    assert [row["y_error"] for row in rows] == 3 * ["0.1"] + 5 * [""]


def test_a_sound_campaign_has_no_warnings(folder):
    text = outline_of(HOSTILE, folder).text
    assert "0 warnings." in text
    assert "Warnings None." in text


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda path: path.unlink(), "traps/rem/N4_T0.5.nc is missing."),
        (lambda path: path.write_bytes(path.read_bytes()[:500]), "N4_T0.5.nc cannot be read."),
        (lambda path: path.write_bytes(b""), "traps/rem/N4_T0.5.nc cannot be read."),
        (
            lambda path: path.write_bytes((path.parent / "N4_T0.75.nc").read_bytes()),
            "traps/rem/N4_T0.5.nc would be computed again: its T is 0.75 instead of 0.5.",
        ),
    ],
)
def test_unsound_files_are_named(folder, harm, sentence):
    harm(folder / "traps" / "rem" / "N4_T0.5.nc")
    outline = outline_of(HOSTILE, folder)
    # The second warning is about the figure that shows it.
    assert "2 warnings." in outline.text
    assert sentence in outline.text
    assert outline.text.count("it is made from files that are computed again") >= 2


def test_a_lost_or_damaged_figure_does_not_hide_the_others(folder):
    (folder / "figures" / "energy_relaxation.svg").unlink()
    (folder / "figures" / "local_exponent.nc").write_bytes(b"no netCDF")
    outline = outline_of(HOSTILE, folder)
    assert len(outline.all("img")) == 1
    assert outline.text.count("This figure has not been drawn, or its file is damaged.") == 2
    assert_stands_alone(outline)


def test_a_flipped_bit_is_damage(folder):
    jobs = [job for job in listing.jobs(validated(HOSTILE)).values() if job.stage != "dynamics"]
    assert f"{len(jobs)} of {len(jobs)} result files current" in outline_of(HOSTILE, folder).text
    numbers = folder / "figures" / "local_exponent.nc"
    content = bytearray(numbers.read_bytes())
    content[len(content) // 2] ^= 1
    numbers.write_bytes(content)
    outline = outline_of(HOSTILE, folder)
    assert f"{len(jobs) - 1} of {len(jobs)} result files current" in outline.text
    assert outline.text.count("This figure has not been drawn, or its file is damaged.") == 1


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-1], lambda content: content.replace(b"10", b"18", 1)]
)
def test_a_damaged_drawing_is_named_and_not_shown(folder, damage):
    path = folder / "figures" / "local_exponent.svg"
    path.write_bytes(damage(DRAWING))
    outline = outline_of(HOSTILE, folder)
    assert [content_of(picture["src"]) for picture in outline.all("img")] == 2 * [DRAWING]
    assert outline.text.count("This figure has not been drawn, or its file is damaged.") == 1
    assert "1 warning." in outline.text
    assert "figures/local_exponent.svg is damaged, or another program wrote to it." in outline.text


def test_an_empty_folder_makes_a_page_of_warnings(tmp_path):
    outline = outline_of(HOSTILE, tmp_path)
    jobs = [job for job in listing.jobs(validated(HOSTILE)).values() if job.stage != "dynamics"]
    assert f"0 of {len(jobs)} result files current" in outline.text
    assert f"So it is with {len(jobs) - 5} more files" in outline.text


def test_more_is_asked_for_than_there_is(folder):
    config = copy.deepcopy(HOSTILE)
    config["activated"]["rem"]["samples"] = 5
    config["dmft"]["pspin"]["tolerance"] = 1e-4
    outline = outline_of(config, folder)
    assert "traps/rem/N4_T0.5.nc averages 4 of 5 disorder samples." in outline.text
    # Its parameters also have another tolerance than asked for.
    again = "would be computed again: its tolerance is 0.001 instead of 0.0001."
    assert f"dmft/pspin/T0.5.nc {again}" in outline.text
    assert "reached an energy error of 0.0005, not the tolerance 0.0001." in outline.text


def test_all_that_the_plan_would_compute_again_is_named(folder):
    """A longer run changes averages, whose own parameters are the same, and figures."""
    config = copy.deepcopy(HOSTILE)
    for study in config["activated"].values():
        study["t_max"] = 1000.0
    outline = outline_of(config, folder)
    jobs = listing.jobs(validated(config))
    again = {name for name in jobs if name.startswith("traps/")}
    again |= {name for name, job in jobs.items() if again & set(job.inputs)}
    count = len(listing.targets(jobs))
    assert f"{count - len(again)} of {count} result files current" in outline.text
    assert f"{len(again)} warnings." in outline.text
    for name in again:
        assert f"{name} would be computed again: it " in outline.text
    longer = "it averages trajectories whose t_max is 100.0 instead of 1000.0"
    assert f"traps/rem/N4_T0.5.nc would be computed again: {longer}." in outline.text
    # The reason stands beside each picture, too.
    drawn = [name for name in again if name.startswith("figures/")]
    assert outline.text.count("This figure would be computed again: it is made") == len(drawn) > 0


def test_the_same_results_make_the_same_page_but_for_their_cost(folder):
    first = page.page(parameters(HOSTILE), folder)
    assert page.page(parameters(HOSTILE), folder) == first
    for record in (folder / "benchmarks").rglob("*.tsv"):
        record.write_text("s\tmax_rss\tcpu_time\n9000\tNA\t-\n")
    second = page.page(parameters(HOSTILE), folder)
    start = b'<section id="cost">'
    assert first.partition(start)[0] == second.partition(start)[0]
    assert first.partition(start)[2] != second.partition(start)[2]


def test_costs_are_summed_by_stage(folder):
    blocks = sum(job.stage == "dynamics" for job in listing.jobs(validated(HOSTILE)).values())
    text = outline_of(HOSTILE, folder).text
    assert f"dynamics {blocks} {blocks} {2.5 * blocks:.1f} s {2.0 * blocks:.1f} s 2.5 s 100" in text
    assert "dmft 1 0 – – – –" in text


def test_exact_laws_are_summed_by_figure(folder):
    text = outline_of(HOSTILE, folder).text
    # At the three points z is -1, 0 and 1.
    assert "Energy relaxation 1 3 0.67 1.0 0.1" in text


def test_page_is_written_beside_the_results_or_not_at_all(folder, monkeypatch):
    path = folder / "report.html"
    page.write(parameters(HOSTILE), path, folder)
    before = path.read_bytes()
    assert before == page.page(parameters(HOSTILE), folder)
    monkeypatch.setattr(page, "page", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        page.write(parameters(HOSTILE), path, folder)
    assert path.read_bytes() == before
    assert [each for each in folder.iterdir() if each.name.startswith(".")] == []


def test_a_tail_that_misses_its_law_is_told(folder):
    """Trapping times of the random energy model tend to x = T / T_c."""
    path, config = "traps/rem/N4_T0.5.nc", {**HOSTILE, "figures": []}
    job = listing.jobs(validated(config))[path]
    fit = {"stay_exponent": 0.877, "stay_exponent_error": 0.011, "stay_exponent_probability": 0.3}
    dataset = xr.Dataset(
        {name: quantity((), value, name, "x") for name, value in fit.items()},
        attrs={**read(folder / path).attrs, "critical_temperature": 1.0},
    )
    write(dataset, folder / path, parameters=job.parameters, source_hash=fingerprint(job))
    text = outline_of(config, folder).text
    assert "1 warning." in text
    assert f"{path}: the exponent of stay, 0.877 ± 0.011, lies 34 standard errors off 0.5" in text
