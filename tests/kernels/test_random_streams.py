"""Streams depend on every part of a sample's name, and on nothing else."""

import numpy as np

from glasscore.kernels.random_streams import generator, sample_key

NAME = (1, "study", 20, 0, "role")


def test_same_name_same_stream():
    assert np.array_equal(generator(*NAME).random(5), generator(*NAME).random(5))
    assert (
        generator(1, "study", 20, 0, "r").random() == generator(1, "study", 20.0, 0, "r").random()
    )


def test_every_part_of_the_name_matters():
    others = [
        NAME,
        (2, *NAME[1:]),
        (1, "studz", *NAME[2:]),
        (1, "study", 21, 0, "role"),
        (1, "study", np.inf, 0, "role"),
        (1, "study", 20, 1, "role"),
        (1, "study", 20, 0, "rolf"),
        (1, "study\n20.0\n0", 20, 0, "role"),
    ]
    assert len({generator(*name).random() for name in others}) == len(others)


def test_keys_of_many_samples_differ():
    keys = {tuple(sample_key(1, "study", 20, sample)) for sample in range(5000)}
    assert len(keys) == 5000
    assert all(key.dtype == np.uint64 for key in [sample_key(1, "study", 20, 0)])
