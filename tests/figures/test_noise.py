"""A falling tail ends where it is lost in noise: no later point that fluctuates up is drawn."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.barriers import barrier_statistics
from glasscore.figures.drawing.curves import above_noise
from glasscore.figures.traps import trapping_times
from glasscore.files.provenance import canonical_json
from tests.statistical import assert_within


@pytest.mark.parametrize(
    ("values", "errors", "shown"),
    [
        ([4, 3, 2, 1], [1, 1, 1, 1], [1, 1, 0, 0]),
        # The last two points exceed twice their errors again, but after one that does not.
        ([9, 5, 1, 3, 3], [1, 1, 1, 1, 1], [1, 1, 0, 0, 0]),
        ([3, 1, 4, 9, 5, 0, 3], [1, 1, 1, 1, 1, 0, 1], [0, 0, 1, 1, 1, 0, 0]),
        # An unknown error hides no point, but an unknown value ends the tail.
        ([3, 9, np.nan, 5], [1, np.nan, 1, 1], [1, 1, 0, 0]),
        ([0, 0], [0, 0], [0, 0]),
        ([1, np.nan], [1, np.nan], [0, 0]),
        ([], [], []),
    ],
)
def test_points_end_before_the_first_that_is_lost(values, errors, shown):
    found = above_noise(np.array(values, dtype=float), np.array(errors, dtype=float), 2.0)
    assert found.tolist() == [bool(one) for one in shown]


def test_a_tail_of_mere_noise_has_no_points_beyond_its_end():
    """Tails are followed by twenty points around zero, each with the same error.

    A point of noise is drawn if it exceeds two errors, which has the probability 2.28 %, and all
    noise before it is drawn. The number that is drawn is tested over 2,000 tails.
    """
    rng = np.random.default_rng(5)
    tails, least = 2000, 2.0
    values = np.hstack([np.full((tails, 1), 1e3), rng.normal(size=(tails, 20))])
    drawn = np.array([above_noise(row, np.ones(21), least)[1:].sum() for row in values])
    p = 0.022750131948
    expected, variance = p / (1 - p), p / (1 - p) ** 2  # of a geometric number
    assert_within((drawn.mean() - expected) / np.sqrt(variance / tails), comparisons=1)


def point_of_dynamics(density):
    tau = 10.0 ** (1 + np.arange(density.size))
    edges = {"trapping_time_lower": tau / 3, "trapping_time_upper": tau * 3}
    model = {"graph": "complete", "energies": "exponential"}
    parameters = {"landscape": model, "rule": "arrhenius", "N": np.inf, "T": 0.5}
    columns = {"trapping_time_density": density, "trapping_time_density_error": np.ones(5)}
    return xr.Dataset(
        {name: ("trapping_time", one) for name, one in columns.items()},
        {
            "trapping_time": tau,
            **{name: ("trapping_time", edge) for name, edge in edges.items()},
        },
        {
            "parameters": canonical_json(parameters),
            "dynamics_parameters": canonical_json({"t_max": 1e6}),
            "every_jump_forgets": 1,
            "critical_temperature": 1.0,
        },
    )


def test_trapping_times_end_before_the_first_that_is_lost():
    found = trapping_times.curves({"traps": [point_of_dynamics(np.array([99, 9, 3, 1, 3.0]))]})
    assert [curve.x.tolist() for curve in found if curve.role == "data"] == [[10, 100, 1000]]


def survey_of_barriers(density):
    model = {"graph": "hypercube", "energies": "sk"}
    return xr.Dataset(
        {
            "barrier_density": ("barrier", np.array(density, dtype=float)),
            "barrier_density_error": ("barrier", np.ones(len(density))),
        },
        {"barrier": 0.5 + np.arange(len(density))},
        {"parameters": canonical_json({"landscape": model, "N": 8})},
    )


def test_barriers_end_before_the_first_that_is_lost():
    (points,) = barrier_statistics._density("sk", [survey_of_barriers([90, 50, 1, 4])])
    assert points.x.tolist() == [0.5, 1.5]
    assert points.note == r"Points hold $97\,\%$ of all barriers at $N = 8$."


def test_bins_are_joined_until_both_humps_of_barriers_are_seen():
    """Errors of joined bins are those of independent ones."""
    survey = survey_of_barriers([90, 50, 1, 1, 30, 40, 9])
    assert above_noise(survey.barrier_density.values, np.ones(7), 2.0).tolist() == [
        1,
        1,
        0,
        0,
        0,
        0,
        0,
    ]
    found = barrier_statistics.in_wide_bins(survey)
    barrier, density, error, share, joined = found
    assert (share, joined) == (1.0, 4)
    assert barrier.tolist() == [2.0, 6.0]
    assert density.tolist() == [142 / 4, 79 / 4]
    np.testing.assert_allclose(error, [0.5, np.sqrt(3) / 4], rtol=1e-12)


def test_noise_is_not_joined_without_end():
    found = barrier_statistics.in_wide_bins(survey_of_barriers(np.zeros(1000)))
    assert found[0].size == 0
    assert found[-1] == 2**barrier_statistics.MOST_DOUBLINGS
