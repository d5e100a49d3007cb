"""Numbered files as one word, and back."""

import random

import pytest

from glasscore.numbered import compressed, expanded


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        ([], []),
        (["a/block0.nc"], ["a/block0.nc"]),
        (["a/block0.nc", "a/block1.nc", "a/block2.nc"], ["a/block{0..2}.nc"]),
        (["a/block0.nc", "a/block2.nc"], ["a/block0.nc", "a/block2.nc"]),
        (["a/block9.nc", "a/block10.nc", "b/block11.nc"], ["a/block{9..10}.nc", "b/block11.nc"]),
        (["x/T0.5.nc", "x/T0.6.nc"], ["x/T0.{5..6}.nc"]),
        (["x/T0.05.nc", "x/T0.06.nc"], ["x/T0.05.nc", "x/T0.06.nc"]),
        (["readme", "a1.nc", "a2.nc"], ["readme", "a{1..2}.nc"]),
    ],
)
def test_words_of_paths(paths, words):
    assert compressed(paths) == words
    assert expanded(words) == paths


def test_expanding_undoes_compressing():
    draw = random.Random(3)
    names = ["a/block", "a/T0.", "b/N16_T", "c"]
    for _ in range(300):
        paths = [
            f"{draw.choice(names)}{draw.choice(['', '0', '1', '2', '3', '09', '10', '11'])}.nc"
            for _ in range(draw.randrange(12))
        ]
        assert expanded(compressed(paths)) == paths


def test_the_largest_study_fits_into_a_command():
    blocks = [
        f"results/{64 * 'c'}/dynamics/{64 * 's'}/N64_T0.5/block{k}.nc" for k in range(100_000)
    ]
    assert sum(len(word) + 1 for word in compressed(blocks)) < 1000
