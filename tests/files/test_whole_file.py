"""A file is the old one, the new one, or none."""

import errno
import os
import stat
import subprocess
import sys

import pytest

from glasscore.common.errors import CampaignError, sentence
from glasscore.files import whole_file as module
from glasscore.files.whole_file import check_writable, remove_partial_files, whole_file


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_it_appears_at_the_end(tmp_path):
    path = tmp_path / "deep" / "file"
    with whole_file(path) as beside:
        beside.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert names(tmp_path) == ["file"]


def test_an_error_leaves_the_old_one(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")

    def write_half_a_file():
        with whole_file(path) as beside:
            beside.write_text("half")
            raise OSError(errno.ENOSPC, "no space left")

    with pytest.raises(OSError, match="no space") as refusal:
        write_half_a_file()
    assert refusal.value.filename == str(path)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["file"]


def test_its_content_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    calls = []
    synchronise, replace = os.fsync, os.replace
    monkeypatch.setattr(module.os, "fsync", lambda d: (calls.append("disk"), synchronise(d)))
    monkeypatch.setattr(module.os, "replace", lambda *a: (calls.append("name"), replace(*a)))
    with whole_file(tmp_path / "file") as beside:
        beside.write_text("new")
    assert calls == ["disk", "name", "disk"]  # the folder is written to the disk last


@pytest.mark.parametrize(
    ("of", "number"), [("file", errno.EINVAL), ("file", errno.ENOTSUP), ("folder", errno.EIO)]
)
def test_disks_that_are_not_told_what_to_write_lose_no_file(of, number, tmp_path, monkeypatch):
    """Some file systems have no ``fsync``, which must not make writing fail."""

    def refuse(descriptor):
        if (of == "folder") == stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module.os, "fsync", refuse)
    with whole_file(tmp_path / "file") as beside:
        beside.write_text("new")
    assert (tmp_path / "file").read_text() == "new"


def test_a_file_that_the_disk_refuses_does_not_appear(tmp_path, monkeypatch):
    def refuse(descriptor):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(module.os, "fsync", refuse)
    with pytest.raises(OSError, match="Input/output"), whole_file(tmp_path / "file") as beside:
        beside.write_text("new")
    assert names(tmp_path) == []


def test_what_a_killed_writer_left_is_removed_and_nothing_else(tmp_path):
    code = (
        "import os, sys; from glasscore.files.whole_file import whole_file\n"
        "with whole_file(sys.argv[1]) as beside:\n"
        "    beside.write_text('half'); os.kill(os.getpid(), 9)"
    )
    path = tmp_path / "deep" / "file.nc"
    killed = subprocess.run([sys.executable, "-c", code, str(path)])
    assert killed.returncode == -9
    (tmp_path / "deep" / "other.nc").write_text("whole")
    assert len(names(tmp_path)) == 2
    remove_partial_files(tmp_path)
    assert names(tmp_path) == ["other.nc"]


def test_folders_that_can_be_made_are_not_refused(tmp_path):
    check_writable([tmp_path, tmp_path / "not" / "yet" / "there"])
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "traps").write_text("")
    with pytest.raises(CampaignError, match="traps is no folder, and results belong in .*/rem: "):
        check_writable([tmp_path / "traps" / "rem"])


@pytest.mark.parametrize("below", ["", "talk/traps"])
def test_a_link_to_nowhere_is_refused(below, tmp_path):
    (tmp_path / "results").symlink_to(tmp_path / "gone")
    with pytest.raises(CampaignError, match="results is a link to .*gone, which is not there, and"):
        check_writable([tmp_path / "results" / below])
    (tmp_path / "gone").mkdir()
    check_writable([tmp_path / "results" / below])


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "f.nc: No space left on device. Make room; then the same command goes on."),
        (errno.EACCES, "f.nc: Permission denied. Make it yours to read and write; then the same"),
        (errno.EISDIR, "f.nc: Is a directory, but a file belongs there. Move it away; then"),
        (errno.ENOENT, "f.nc: No such file or directory"),
    ],
)
def test_what_the_operating_system_refused_is_a_sentence(number, said):
    assert sentence(OSError(number, os.strerror(number), "f.nc")).startswith(said)
