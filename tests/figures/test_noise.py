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


def test_barriers_end_before_the_first_that_is_lost():
    model = {"graph": "hypercube", "energies": "sk"}
    survey = xr.Dataset(
        {
            "barrier_density": ("barrier", [9.0, 5.0, 1.0, 4.0]),
            "barrier_density_error": ("barrier", np.ones(4)),
        },
        {"barrier": [0.0, 1.0, 2.0, 3.0]},
        {"parameters": canonical_json({"landscape": model, "N": 8})},
    )
    (points,) = barrier_statistics._density("sk", [survey])
    assert points.x.tolist() == [0.0, 1.0]
