"""Damage of every kind is noticed, and nothing else is."""

import hashlib

import netCDF4
import numpy as np
import pytest

from glasscore.common.errors import CampaignError
from glasscore.files import seal, store
from tests.files.test_store import dataset, write


@pytest.fixture
def file(tmp_path):
    write(tmp_path / "file.nc")
    return tmp_path / "file.nc"


def test_what_was_written_passes(file):
    seal.check_seal(file)


def test_no_library_needs_to_know_of_it(file):
    with netCDF4.Dataset(file) as opened:
        assert np.array_equal(opened["energy"], dataset()["energy"])


def test_it_is_the_digest_of_all_bytes_before(file):
    content, _, line = file.read_bytes()[:-1].rpartition(b"\n")
    assert line == b"sha256 " + hashlib.sha256(content).hexdigest().encode()


def test_a_flipped_bit_is_refused(file):
    """The flip is tried at 100 places of the file, which include the line with the checksum."""
    content = file.read_bytes()
    generator = np.random.default_rng(1)
    for place in [*generator.integers(len(content), size=90), *range(-seal.LENGTH, 0, 8)]:
        damaged = bytearray(content)
        damaged[place] ^= 1 << int(generator.integers(8))
        file.write_bytes(damaged)
        with pytest.raises(CampaignError):
            seal.check_seal(file)


@pytest.mark.parametrize("kept", [0, 1, 50, -1, -seal.LENGTH, -seal.LENGTH - 1])
def test_a_lost_end_is_refused(file, kept):
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(CampaignError, match="its end is not a checksum"):
        seal.check_seal(file)


def test_reading_a_damaged_file_says_which_and_what_to_do(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(CampaignError) as refusal:
        store.read(file)
    assert str(refusal.value) == (
        f"{file} is damaged, or another program wrote to it: its content and its checksum differ. "
        "Delete it, and the same command computes it again."
    )


def test_a_file_that_another_program_changed_is_refused(file):
    with netCDF4.Dataset(file, "a") as opened:
        opened.note = "mine"
    with pytest.raises(CampaignError, match="another program wrote to it"):
        store.read(file)
