"""Extrapolations in 1/N are exact for data that lie on a straight line."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.langevin import finite_size_dynamics
from glasscore.files.provenance import canonical_json

MODEL = {"name": "spherical", "covariance": {"3": 0.5}}


def simulated(N):
    """A result with E = -t / (1 + t) + t / N and C = exp(-lag) (1 + 1 / N)."""
    time = np.append(0.0, np.geomspace(0.1, 10.0, 5))
    lag = time[:-1]
    correlation = np.vstack([np.full(5, np.nan), np.exp(-lag) * (1 + 1 / N)])
    return xr.Dataset(
        {
            "energy": ("time", -time / (1 + time) + time / N),
            "energy_error": ("time", np.full(6, 0.1 / np.sqrt(N))),
            "correlation": (("waiting_time", "lag"), correlation),
            "correlation_error": (("waiting_time", "lag"), np.full((2, 5), 0.1)),
        },
        {"time": time, "lag": lag, "waiting_time": [0.0, 2.0]},
        {"parameters": canonical_json({"model": MODEL, "start": "random", "N": N, "T": 0.5})},
    )


def test_extrapolation_of_a_line_is_its_end():
    points = [simulated(N) for N in (10, 20, 40)]
    curves = finite_size_dynamics.curves({"study": points}, {})
    limits = [curve for curve in curves if curve.role == "data" and curve.x.tolist() == [0.0]]
    values = [curve.y[0] for curve in limits]
    expected = [-t / (1 + t) for t in (1.0, np.sqrt(10.0), 10.0)]
    assert values[:3] == pytest.approx(expected, rel=1e-12)
    assert values[-1] == pytest.approx(np.exp(-np.sqrt(10.0)), rel=1e-12)
    # The weights 1/error^2 are 100 N; the expected error is that of the line of three points at
    # 1/N = 0.
    x, w = 1 / np.array([10, 20, 40]), 100 * np.array([10, 20, 40])
    centre = (w * x).sum() / w.sum()
    error = np.sqrt(1 / w.sum() + centre**2 / (w * (x - centre) ** 2).sum())
    assert limits[1].error[0] == pytest.approx(error, rel=1e-12)


def test_two_sizes_are_not_extrapolated():
    curves = finite_size_dynamics.curves({"study": [simulated(10), simulated(20)]}, {})
    assert not [curve for curve in curves if curve.label == "least squares"]


@pytest.mark.parametrize(
    ("others", "shared"),
    [({}, True), ({"field": 0.3}, False), ({"T_initial": 1.0}, False), ({"T": 0.6}, False)],
)
def test_only_the_same_quench_is_the_limit(others, shared):
    chosen = {"model": MODEL, "T_initial": np.inf, "field": 0.0, "ramps": [], "T": 0.5}
    solved = xr.Dataset(attrs={"parameters": canonical_json(chosen | others)})
    key = finite_size_dynamics.quench_of
    assert (key(solved) == key(simulated(8))) is shared


TO_COLD = {"begin": 2, "end": 4, "T": 0.3}


@pytest.mark.parametrize(
    ("given", "solved", "shared"),
    [
        (TO_COLD, {"begin": 2.0, "end": 4.0, "T": 0.3}, True),
        ({**TO_COLD, "course": "smooth"}, TO_COLD, True),
        ({**TO_COLD, "course": "linear"}, TO_COLD, False),
        ({"begin": 2, "T": 0.3}, TO_COLD, False),
        ({"begin": 2, "end": 4, "field": 0.3}, TO_COLD, False),
    ],
)
def test_only_the_same_protocol_is_the_limit(given, solved, shared):
    quench = finite_size_dynamics.quench_of
    chosen = {"model": MODEL, "T_initial": np.inf, "field": 0.1, "ramps": [solved], "T": 0.5}
    in_field = {**MODEL, "field": 0.1}
    simulation = {"model": in_field, "start": "random", "N": 8, "T": 0.5, "ramps": [given]}
    points = [
        xr.Dataset(attrs={"parameters": canonical_json(each)}) for each in (chosen, simulation)
    ]
    assert (quench(points[0]) == quench(points[1])) is shared
