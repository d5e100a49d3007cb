"""Which files belong to a campaign, judged from the files alone."""

import copy
import errno
import json
import os
import re
import shutil
from pathlib import Path

import pytest
import xarray as xr

from glasscore.__main__ import main
from glasscore.campaign import adoption, listing, stale
from glasscore.campaign.configuration import validated
from glasscore.files import label
from glasscore.files.label import Ledger
from glasscore.files.parameters_in_words import NAMED, differences
from glasscore.files.seal import LENGTH, seal
from glasscore.report import page
from tests.report.test_page import parameters, pretended
from tests.workflow.campaign_copy import CONFIG

BLOCK = "dynamics/rem/N4_T0.5/block0.nc"
AVERAGE = "traps/rem/N4_T0.5.nc"
FIGURE = "figures/energy_relaxation.nc"
# A figure that shows all studies of the dynamics.
SHOWN = {FIGURE, *(FIGURE.replace(".nc", ending) for ending in (".png", ".pdf", ".svg"))}


def made(config, folder):
    """The results of a campaign, blocks and page included."""
    pretended(config, folder, blocks=True)
    page.write(parameters(config), folder / "report.html", folder)
    return folder


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return made(CONFIG, tmp_path_factory.mktemp("made"))


@pytest.fixture
def folder(results, tmp_path):
    """A copy of the results that a test may damage."""
    return Path(shutil.copytree(results, tmp_path / "results"))


@pytest.fixture
def other():
    """A configuration that a test may change."""
    return copy.deepcopy(CONFIG)


def found(config, folder):
    checked = validated(config)
    ledger = Ledger(folder)
    verdicts = stale.verdicts(listing.jobs(checked), ledger, listing.report(checked))
    ledger.keep()
    return verdicts


def wrong(config, folder):
    """What is wrong with each file that does not belong, by its name."""
    verdicts = found(config, folder)
    return {name: one.why for name, one in verdicts.items() if not one.belongs}


class Settings:
    """Those of Snakemake's settings that matter here."""

    def __init__(self, *targets):
        self.targets, self.forcerun, self.rerun_triggers = targets, frozenset(), frozenset()


def settled(config, folder, *targets):
    """The files that Snakemake is told to compute again, by name below the folder."""
    settings, checked = Settings(*(str(folder / name) for name in targets)), validated(config)
    adoption.settle(settings, folder, listing.jobs(checked), listing.report(checked))
    return {str(Path(name).relative_to(folder)) for name in settings.forcerun}


def test_what_was_made_belongs(results):
    assert {one.state for one in found(CONFIG, results).values()} == {"current"}
    assert settled(CONFIG, results) == set()


def test_a_copy_belongs_to_a_campaign_of_another_name_but_for_its_page(folder, other):
    other["campaign"] = "renamed"
    assert set(wrong(other, folder)) == {"report.html"}


def test_of_another_seed_nothing_random_belongs(folder, other):
    other["seed"] = 2
    bad = wrong(other, folder)
    exact = ("dmft/", "theory/", "figures/dmft_energy")
    assert {name for name in found(other, folder) if not name.startswith(exact)} == set(bad)
    assert bad[BLOCK] == "its seed is 1 instead of 2"


@pytest.mark.parametrize("blocks", [True, False])
def test_a_longer_run_is_seen_in_the_whole_chain(folder, other, blocks):
    other["activated"]["rem"]["t_max"] = 1000.0
    if not blocks:
        shutil.rmtree(folder / "dynamics")
    bad = wrong(other, folder)
    longer = "t_max is 100.0 instead of 1000.0"
    if blocks:
        assert bad[BLOCK] == f"its {longer}"
    assert bad[AVERAGE] == f"it averages trajectories whose {longer}"
    assert bad[FIGURE] == stale.FOLLOWS.why
    assert bad.keys() >= SHOWN
    assert not any("gauss" in name or "landscapes" in name for name in bad)


def test_more_samples_are_seen_in_averages(folder, other):
    other["activated"]["rem"]["samples"] = 6
    bad = wrong(other, folder)
    assert bad[AVERAGE] == "its samples is 4 instead of 6"
    assert BLOCK not in bad


def test_averages_belong_whatever_blocks_they_came_in(folder, other):
    other["activated"]["rem"]["block"] = 4
    shutil.rmtree(folder / "dynamics")
    assert wrong(other, folder).keys() == {"report.html"}  # which shows the configuration


def test_blocks_of_another_size_do_not_belong(folder, other):
    other["activated"]["rem"]["block"] = 4
    bad = wrong(other, folder)
    assert bad[BLOCK] == "its samples is 2 instead of 4"
    assert bad[AVERAGE] == stale.FOLLOWS.why


@pytest.mark.parametrize("stage", ["dynamics", "traps", "figures", "theory"])
def test_other_code_is_seen_in_all_that_follows(folder, monkeypatch, stage):
    before = stale.fingerprint
    monkeypatch.setattr(stale, "fingerprint", lambda job: before(job) + "*" * (job.stage == stage))
    bad = wrong(CONFIG, folder)
    jobs = listing.jobs(validated(CONFIG))
    changed = {name for name, job in jobs.items() if job.stage == stage}
    for name, job in jobs.items():
        if changed & set(job.inputs):
            changed.add(name)
    assert {name for name in bad if name.endswith(".nc")} == changed
    assert all("other code" in bad[name] for name in changed if jobs[name].stage == stage)
    shutil.rmtree(folder / "dynamics")
    if stage == "dynamics":
        assert wrong(CONFIG, folder)[AVERAGE] == "it averages trajectories of other code"


@pytest.mark.parametrize(
    ("name", "by", "why"),
    [
        (BLOCK, BLOCK.replace("T0.5", "T0.75"), "its T is 0.75 instead of 0.5"),
        (BLOCK, BLOCK.replace("block0", "block1"), "its first_sample is 2 instead of 0"),
        (BLOCK, AVERAGE, "it is a file of the stage 'traps'"),
        (AVERAGE, FIGURE, "it is a file of the stage 'figures'"),
        (FIGURE, "figures/local_exponent.nc", "its figure is "),
        ("landscapes/rem/N4.nc", "landscapes/gauss/N5.nc", "its N is 5 instead of 4"),
    ],
)
def test_a_file_copied_over_another_is_seen(folder, name, by, why):
    shutil.copy2(folder / by, folder / name)
    assert wrong(CONFIG, folder)[name].startswith(why)


def test_a_copy_with_the_size_and_time_of_the_file_is_seen_in_spite_of_the_ledger(folder):
    assert wrong(CONFIG, folder) == {}
    path = folder / BLOCK
    before = path.stat()
    content = path.read_bytes()[:-LENGTH].replace(b'"seed":1', b'"seed":2')
    path.write_bytes(content)
    seal(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert wrong(CONFIG, folder)[BLOCK] == "its seed is 2 instead of 1"


def test_figures_and_page_of_another_campaign_are_seen(folder, other, tmp_path):
    """The parameters of figures do not have t_max of studies, but their inputs do."""
    other["activated"]["rem"]["t_max"] = 1000.0
    theirs = made(other, tmp_path / "theirs")
    for name in (*SHOWN, "report.html"):
        shutil.copy2(theirs / name, folder / name)
    bad = wrong(CONFIG, folder)
    assert set(bad) == {*SHOWN, "report.html"}
    assert bad[FIGURE] == "it shows other results than those beside it"
    shutil.rmtree(folder)
    shutil.copytree(theirs, folder)
    assert wrong(other, folder) == {}


def test_a_picture_of_another_figure_is_seen(folder):
    (folder / FIGURE).with_suffix(".png").write_bytes(b"another")
    bad = wrong(CONFIG, folder)
    assert bad.keys() == {FIGURE.replace(".nc", ".png"), "report.html"}


def test_a_page_of_fewer_results_is_seen(folder, other):
    (folder / AVERAGE).unlink()
    page.write(parameters(CONFIG), folder / "report.html", folder)
    assert "report.html" in wrong(CONFIG, folder)
    pretended(CONFIG, folder, blocks=True)
    assert wrong(CONFIG, folder) == {"report.html": stale.OTHER_PAGE.why}


@pytest.mark.parametrize(
    "harm", [lambda content: b"", lambda content: b"no netCDF", lambda content: content[:-100],
             lambda content: content[:2000] + b"\x07" + content[2001:]],
)  # fmt: skip
@pytest.mark.parametrize("name", [BLOCK, AVERAGE, FIGURE])
def test_damaged_files_are_computed_again(folder, name, harm, capsys):
    (folder / name).write_bytes(harm((folder / name).read_bytes()))
    assert found(CONFIG, folder)[name].state == "damaged"
    assert name in settled(CONFIG, folder)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"{name} (it is damaged, or another program wrote to it)" in said


@pytest.mark.parametrize(
    "harm",
    [
        lambda page: page[: len(page) // 3],
        lambda page: page.replace(b"current", b"CURRENT", 1),
        lambda page: page + b" ",
        lambda page: b"",
    ],
)
def test_a_page_that_is_cut_or_edited_is_made_again(folder, harm):
    (folder / "report.html").write_bytes(harm((folder / "report.html").read_bytes()))
    assert found(CONFIG, folder)["report.html"].state == "damaged"
    assert settled(CONFIG, folder) == {"report.html"}


def test_a_ledger_with_another_digit_is_not_believed(folder):
    found(CONFIG, folder)
    ledger = folder / label.LEDGER
    checksum = Ledger(folder).before[AVERAGE][1].checksum
    other = checksum.translate(str.maketrans("0123456789", "1234567890"))
    ledger.write_bytes(ledger.read_bytes().replace(checksum.encode(), other.encode()))
    assert Ledger(folder).before == {}
    assert wrong(CONFIG, folder) == {}


@pytest.mark.parametrize(
    "ledger", [b"", b"[]", b"{", b'{"a": 1}', b"\xff", b"[" * 200_000, b"null"]
)
def test_a_lost_or_damaged_ledger_is_only_a_cost(folder, other, ledger):
    (folder / label.LEDGER).write_bytes(ledger)
    assert wrong(CONFIG, folder) == {}
    other["seed"] = 2
    assert BLOCK in wrong(other, folder)


def test_files_that_stay_are_read_once(folder, monkeypatch):
    found(CONFIG, folder)
    read = []
    before = label._label
    monkeypatch.setattr(
        label, "_label", lambda path, *rest: read.append(path) or before(path, *rest)
    )
    assert wrong(CONFIG, folder) == {}
    assert read == []
    os.utime(folder / BLOCK)
    assert wrong(CONFIG, folder) == {}
    assert read == [str(folder / BLOCK)]


def test_numbers_and_keys_in_another_spelling_are_the_same():
    asked = {"N": 4, "T": 0.5, "model": {"covariance": {2: 1.0, 10: 2.0}}}
    said = '{"T":0.50,"N":4.0,"model":{"covariance":{"2":1,"10":2}}}'
    assert differences(said, asked) == []
    assert differences("no JSON", {"N": 4}) == ["N is not set instead of 4"]
    many = {f"key{number}": number for number in range(5)}
    assert len(differences("{}", many)) == NAMED
    assert differences("{}", many)[-1].endswith("with 2 more keys that differ")


class TestWhatSnakemakeIsTold:
    def test_only_what_the_targets_need_is_computed_again(self, folder, other):
        other["seed"] = 2
        assert settled(other, folder, "landscapes/rem/N4.nc") == {"landscapes/rem/N4.nc"}
        blocks = {BLOCK, BLOCK.replace("block0", "block1")}
        assert settled(other, folder, AVERAGE) == {AVERAGE, *blocks}
        assert settled(other, folder, FIGURE.replace(".nc", ".pdf")) > SHOWN
        assert "barriers/rem/N4.nc" not in settled(other, folder, FIGURE)
        assert settled(other, folder, "report.html") == set(wrong(other, folder))

    def test_a_copy_in_any_order_of_times_stays(self, folder):
        """A file without a record counts as old if a file that it was made from is newer."""
        names = sorted(found(CONFIG, folder))
        benchmark = f"benchmarks/{AVERAGE.replace('.nc', '.tsv')}"
        (folder / benchmark).parent.mkdir(parents=True)
        (folder / benchmark).write_text("s\tmax_rss\tcpu_time\n")
        for age, name in enumerate([*names, benchmark]):
            os.utime(folder / name, ns=(10**18 - age * 10**9,) * 2)
        assert settled(CONFIG, folder) == set()
        jobs = listing.jobs(validated(CONFIG))
        time = {name: (folder / name).stat().st_mtime for name in (*names, benchmark)}
        assert time[benchmark] >= time[BLOCK]  # Snakemake takes it for an output
        for name, job in jobs.items():
            for output in (name, *listing.pictures_beside(job)):
                assert all(time[output] >= time[source] for source in job.inputs)
        assert time["report.html"] >= max(time[name] for name in listing.reported(jobs))

    @pytest.mark.parametrize("number", [errno.EPERM, errno.EROFS])
    def test_files_that_look_old_and_may_not_be_touched_are_told_of(
        self, folder, monkeypatch, capsys, number
    ):
        """They may be a colleague's, or stand on a read-only disk."""

        def refused(path, **_):
            raise OSError(number, os.strerror(number), str(path))

        os.utime(folder / BLOCK, ns=(2 * 10**18,) * 2)
        monkeypatch.setattr(os, "utime", refused)
        assert settled(CONFIG, folder) == set()
        assert f"the first is {AVERAGE}) are what" in capsys.readouterr().err

    def test_other_settings_stay(self, folder, other):
        settings, checked = Settings(), validated(CONFIG)
        settings.forcerun, settings.rerun_triggers = {"traps"}, adoption.RerunTrigger.all()
        adoption.settle(settings, folder, listing.jobs(checked), listing.report(checked))
        assert settings.forcerun == {"traps"}
        decided = {adoption.RerunTrigger.PARAMS, adoption.RerunTrigger.INPUT}
        left = adoption.RerunTrigger.all() - decided
        assert settings.rerun_triggers == left

    def test_a_whole_file_is_no_longer_incomplete(self, folder, tmp_path, monkeypatch):
        """Its job was cut off after the file was written and before Snakemake took note of it."""
        monkeypatch.chdir(tmp_path)
        adoption.INCOMPLETE.mkdir(parents=True)
        (folder / BLOCK).write_bytes(b"")
        marks = [adoption._mark(folder / name) for name in (AVERAGE, BLOCK)]
        for mark in marks:
            mark.write_text("")
        settled(CONFIG, folder)
        assert [mark.exists() for mark in marks] == [True, True]
        assert [name for name in (AVERAGE, BLOCK) if found(CONFIG, folder)[name].belongs] == []
        shutil.copy2(folder / BLOCK.replace("T0.5", "T0.75"), folder / BLOCK)
        pretended(CONFIG, folder, blocks=True)
        settled(CONFIG, folder)
        assert [mark.exists() for mark in marks] == [False, False]

    def test_an_unreadable_file_is_refused(self, folder, monkeypatch):
        """The test runs as another user, since the superuser may read everything."""
        (folder / AVERAGE).unlink()
        (folder / AVERAGE).mkdir()
        with pytest.raises(OSError, match="Is a directory"):
            settled(CONFIG, folder)


class TestVerify:
    def run(self, config, folder, tmp_path, *options):
        file = tmp_path / "config.yaml"
        file.write_text(json.dumps(config).replace("Infinity", ".inf"))
        return main(["verify", "--configfile", str(file), "--results", str(folder), *options])

    def test_all_belong(self, folder, tmp_path, capsys):
        assert self.run(CONFIG, folder, tmp_path) == 0
        said = capsys.readouterr().out
        assert all(f"\n  {name}\n" in said for name in found(CONFIG, folder))
        assert said.splitlines()[-1].startswith("0 files in ")

    def test_each_that_does_not_is_named_and_deleted_on_request(
        self, folder, other, tmp_path, capsys
    ):
        other["seed"] = 2
        left = "traps/old/N4_T0.5.nc"
        (folder / left).parent.mkdir()
        shutil.copy(folder / AVERAGE, folder / left)
        (folder / "notes.nc").write_text("of the user")
        assert self.run(other, folder, tmp_path) == 1
        said = capsys.readouterr().out
        bad = {*wrong(other, folder), left}
        assert all(f"\n  {name}\n" in said for name in bad)
        assert "its seed is 1 instead of 2:\n  landscapes/traps" in said
        assert f"no job of the configuration:\n  {left}\n" in said
        assert self.run(other, folder, tmp_path, "--delete") == 0
        assert f"{len(bad)} files in {folder} do not belong" in capsys.readouterr().out
        assert not any((folder / name).exists() for name in bad)
        assert (folder / "notes.nc").exists()
        assert self.run(other, folder, tmp_path) == 0

    def test_a_file_of_another_program_is_not_deleted(self, folder, capsys):
        theirs = folder / "theirs.nc"
        xr.Dataset({"x": ("n", [1.0, 2.0])}).to_netcdf(theirs)
        cut = folder / AVERAGE
        cut.write_bytes(cut.read_bytes()[:-100])
        assert main(["verify", str(folder), "--delete"]) == 1
        said = capsys.readouterr()
        assert f"{theirs} was written by another program, and is left alone" in said.err
        assert said.out.endswith("1 damaged and deleted, 1 of other programs\n")
        assert theirs.exists()
        assert not cut.exists()

    def test_a_folder_without_any_of_them_is_refused(self, tmp_path, capsys):
        """If the folder is misspelt, nobody should be told that no file in it is wrong."""
        (tmp_path / "results").mkdir()
        assert self.run(CONFIG, tmp_path / "results", tmp_path) == 1
        assert re.fullmatch(
            r"error: none of the \d+ files of this campaign is in the folder .*\n",
            capsys.readouterr().err,
        )

    def test_those_that_are_not_there_are_counted(self, folder, tmp_path, capsys):
        (folder / AVERAGE).unlink()
        self.run(CONFIG, folder, tmp_path)
        assert capsys.readouterr().out.endswith("; 1 of its files are not there\n")


def test_a_report_elsewhere_finds_the_results(folder, tmp_path, monkeypatch):
    (tmp_path / "config.yaml").write_text(json.dumps(CONFIG).replace("Infinity", ".inf"))
    elsewhere = tmp_path / "elsewhere.html"
    command = ["report", "--configfile", str(tmp_path / "config.yaml"), "--output", str(elsewhere)]
    assert main([*command, "--results", str(folder)]) == 0
    assert elsewhere.read_bytes() == (folder / "report.html").read_bytes()
    (tmp_path / "results").rename(tmp_path / "test")
    (tmp_path / "results").mkdir()
    (tmp_path / "test").rename(tmp_path / "results" / "test")
    elsewhere.unlink()
    monkeypatch.chdir(tmp_path)
    assert main(command) == 0
    assert elsewhere.read_bytes() == (tmp_path / "results/test/report.html").read_bytes()
