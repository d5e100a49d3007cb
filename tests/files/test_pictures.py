"""Damage of a figure's pictures of every kind is noticed, and nothing else is."""

import numpy as np
import pytest

from glasscore.__main__ import main
from glasscore.common.errors import CampaignError
from glasscore.figures.drawing.curves import Curve, to_dataset
from glasscore.figures.stage import render
from glasscore.files import store
from glasscore.files.pictures import ENDINGS, intact, pictures_of
from tests.files import test_store

PARAMETERS = {"figure": "energy_relaxation", "style": {"font_size": 8, "palette": "viridis"}}
CURVE = Curve("a: time", "data", "b", np.array([1.0, 10.0]), np.array([-1.0, -2.0]), None, 0.5)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A figure's numbers and pictures, as a job leaves them."""
    output = tmp_path_factory.mktemp("figures") / "energy_relaxation.nc"
    dataset = to_dataset([CURVE], "attempts", "J")
    store.write(
        render(PARAMETERS, dataset, str(output)), output, parameters=PARAMETERS, source_hash="0"
    )
    return output


@pytest.fixture(params=ENDINGS)
def picture(drawn, request):
    """Each kind of picture in turn, which is restored at the end."""
    path = drawn.with_suffix(request.param)
    content = path.read_bytes()
    yield path
    path.write_bytes(content)


def test_what_was_drawn_passes(drawn, picture, capsys):
    assert intact(picture) == picture.read_bytes()
    assert pictures_of(drawn) == [drawn.with_suffix(ending) for ending in ENDINGS]
    for path in (drawn.parent, drawn, picture):
        assert main(["verify", str(path)]) == 0
        assert capsys.readouterr().out == "4 files, 0 damaged\n"


def flipped_bits(content):
    """Copies with a flipped bit at 20 places, including the first and the last byte."""
    generator = np.random.default_rng(1)
    for place in (0, *generator.integers(len(content), size=18), len(content) - 1):
        damaged = bytearray(content)
        damaged[place] ^= 1 << int(generator.integers(8))
        yield bytes(damaged)


def lost_ends(content):
    return [content[:kept] for kept in (0, 1, len(content) // 2, -1)]


@pytest.mark.parametrize("damages", [flipped_bits, lost_ends])
def test_damage_is_refused_by_name(picture, damages):
    for content in damages(picture.read_bytes()):
        picture.write_bytes(content)
        with pytest.raises(CampaignError) as refusal:
            intact(picture)
        assert str(refusal.value) == (
            f"{picture} is damaged, or another program wrote to it: its content and its checksum, "
            "in energy_relaxation.nc, differ. Delete it, and the same command draws it again."
        )


@pytest.mark.parametrize("named", ["folder", "numbers", "picture"])
def test_verify_names_a_damaged_picture_and_deletes_it_alone(drawn, picture, named, capsys):
    picture.write_bytes(picture.read_bytes()[:-1])
    path = {"folder": drawn.parent, "numbers": drawn, "picture": picture}[named]
    assert main(["verify", str(path)]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"error: {picture} is damaged")
    assert said.out == "4 files, 1 damaged\n"
    assert main(["verify", "--delete", str(path)]) == 0
    assert capsys.readouterr().out == "4 files, 1 damaged and deleted\n"
    left = {file.name for file in drawn.parent.iterdir()}
    assert left == {drawn.with_suffix(each).name for each in (".nc", *ENDINGS)} - {picture.name}


def test_pictures_are_not_blamed_for_damaged_numbers(drawn, capsys):
    content = drawn.read_bytes()
    drawn.write_bytes(content[:-1])
    try:
        for path in (drawn.parent, drawn.with_suffix(".svg")):
            assert main(["verify", str(path)]) == 1
            said = capsys.readouterr()
            assert said.err.startswith(f"error: {drawn} is damaged")
            assert said.out == "1 files, 1 damaged\n"
        with pytest.raises(CampaignError, match=r"energy_relaxation\.nc is damaged"):
            intact(drawn.with_suffix(".svg"))
    finally:
        drawn.write_bytes(content)


def test_a_picture_of_one_s_own_is_left_alone(tmp_path, capsys):
    """This holds beside a result that has no pictures, and without any result."""
    test_store.write(tmp_path / "mine.nc")
    for name in ("mine.png", "alone.png"):
        (tmp_path / name).write_bytes(b"mine")
    assert main(["verify", "--delete", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "1 files, 0 damaged\n"
    assert main(["verify", "--delete", str(tmp_path / "mine.png")]) == 1
    assert "holds no checksum of it" in capsys.readouterr().err
    assert main(["verify", "--delete", str(tmp_path / "alone.png")]) == 1
    assert "alone.nc: No such file" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alone.png", "mine.nc", "mine.png"]
