"""What figures of minima and barriers draw, against trees and exact laws."""

import numpy as np
import pytest
import xarray as xr

from glasscore.barriers import stage
from glasscore.barriers.flooding import barrier_tree
from glasscore.figures.barriers import barrier_statistics, disconnectivity_graph
from glasscore.figures.drawing.curves import from_dataset, to_dataset
from glasscore.files.provenance import canonical_json
from glasscore.theory.independent_energies import (
    barrier_density_at_threshold,
    mean_number_of_minima,
    percolation_energy,
)
from tests.statistical import assert_within

LANDSCAPE = {"graph": "hypercube", "energies": "exponential"}


def survey(N, samples, **landscape):
    parameters = {
        "seed": 1,
        "study": "rem",
        "landscape": {**LANDSCAPE, **landscape},
        "N": N,
        "samples": samples,
        "branches": 64,
    }
    return stage.run(parameters, []).assign_attrs(parameters=canonical_json(parameters))


@pytest.fixture(scope="module")
def surveys():
    return [survey(N, samples=20) for N in (7, 6)]


@pytest.mark.parametrize("seed", range(5))
def test_connected_minima_stand_side_by_side(seed):
    """At any energy, the minima of a pool are neighbours in the row."""
    energies = np.random.default_rng(seed).normal(size=2**8)
    tree = barrier_tree(energies)
    places = disconnectivity_graph.positions(tree.joined, tree.saddle_energies)
    assert sorted(places) == list(range(tree.states.size))
    pools = {rank: {rank} for rank in range(tree.states.size)}
    order = np.argsort(tree.saddle_energies)[:-1]
    for rank, next_rank in zip(order, [*order[1:], 0], strict=True):
        pools[tree.joined[rank]] |= pools.pop(rank)
        if tree.saddle_energies[next_rank] == tree.saddle_energies[rank]:
            continue  # more than two pools meet here
        for pool in pools.values():
            row = places[list(pool)]
            assert np.ptp(row) == row.size - 1


def test_branches_begin_at_minima_and_meet_at_saddles(surveys):
    *curves, unit, threshold = disconnectivity_graph.curves({"REM": surveys})
    assert unit.x.size == 0
    np.testing.assert_allclose(threshold.y, -np.log(7), rtol=1e-14)
    assert {curve.panel for curve in curves} == {"REM, $N=7$"}
    assert curves[0].note == f"All {len(curves)} minima of the sample are shown."
    sample = surveys[0].isel(sample=0)
    count = int(np.isfinite(sample.minimum_energy).sum())
    assert len(curves) == count
    for rank, curve in enumerate(curves):
        assert curve.y[0] == float(sample.minimum_energy[rank])
        if rank > 0:
            # A vertical line, and at the saddle a horizontal one to the minimum that it joins.
            other = curves[int(sample.joined[rank])]
            assert curve.x.tolist() == [curve.x[0], curve.x[0], other.x[0]]
            assert curve.y.tolist() == [curve.y[0], *[float(sample.saddle_energy[rank])] * 2]
            assert other.y[0] <= curve.y[0] < curve.y[1] <= other.y[1]


def test_mirror_images_are_both_the_deepest():
    curves = disconnectivity_graph.curves({"SK": [survey(6, 1, energies="sk", field=0.0)]})
    deepest = [curve for curve in curves if curve.colour == disconnectivity_graph.DEEPEST]
    assert len(deepest) == 2
    assert "2 minima are the deepest" in curves[0].note


def test_one_minimum_is_a_single_line():
    one = survey(2, 1, energies="sk", field=100.0)
    curve, _ = disconnectivity_graph.curves({"SK": [one]})
    assert curve.y[0] == float(one.ground_energy)
    shown = barrier_statistics.curves({"SK": [one]})
    assert [len(c.x) for c in shown if c.panel == "SK: minima"] == [1, 0]
    assert not any(len(c.x) for c in shown if c.panel == "SK: barriers")
    barrier_statistics.draw(from_dataset(to_dataset(shown, "none", "J")))


def test_statistics_by_size(surveys):
    curves = barrier_statistics.curves({"REM": surveys})
    points = {(c.panel, c.label): c for c in curves if c.role == "data"}
    minima = points["REM: minima", ""]
    assert minima.x.tolist() == [6, 7]
    assert minima.y.tolist() == [float(one.minima) for one in reversed(surveys)]
    (law,) = (c for c in curves if c.panel == "REM: minima" and c.role == "theory")
    np.testing.assert_allclose(law.y, mean_number_of_minima(law.x), rtol=1e-15)
    assert {label for panel, label in points if panel == "REM: barriers"} == {
        *barrier_statistics.KINDS.values()
    }


def test_lines_of_densities_count_only_minima_below_the_threshold(surveys):
    """Points are densities of all minima, and lines have the area of those below."""
    curves = barrier_statistics.curves({"REM": surveys})
    lines = [c for c in curves if c.panel == "REM: density" and c.role == "theory"]
    assert len(lines) == 2
    for N, line in zip((6, 7), lines, strict=True):
        density = barrier_density_at_threshold(line.x, N, "exponential")
        np.testing.assert_allclose(line.y, (1 - (1 - 1 / N) ** (N + 1)) * density, rtol=1e-12)


def test_mirror_images_have_one_barrier():
    pair = [survey(N, 3, energies="sk", field=0.0) for N in (5, 6)]
    curves = barrier_statistics.curves({"SK": pair})
    labels = [c.label for c in curves if c.panel == "SK: barriers" and c.role == "data"]
    assert labels == ["from the deepest", "mean of others"]
    said = {(c.panel, c.note) for c in curves}
    assert ("SK: barriers", barrier_statistics.MIRRORED) in said
    assert ("SK: density", barrier_statistics.TWICE) in said
    assert not [c for c in curves if c.role == "theory"]


@pytest.mark.parametrize("energies", ["exponential", "gaussian"])
def test_the_density_of_barriers_at_the_threshold(energies):
    """The density is normalised, and follows from rho (1 - F)^N, the density of minima."""
    N = 12
    depth = np.linspace(0.0, 60.0, 600_001)
    density = barrier_density_at_threshold(depth, N, energies)
    # The trapezoidal rule on a grid of 1e-4, where the density's slope jumps from 0 to about 0.3.
    assert xr.DataArray(density, {"x": depth}, ["x"]).integrate("x") == pytest.approx(1, abs=1e-9)
    rng = np.random.default_rng(1)
    shape = (200_000, N + 1)
    drawn = (
        -rng.exponential(size=shape)
        if energies == "exponential"
        else rng.normal(scale=np.sqrt(N), size=shape)
    )
    threshold = percolation_energy(N, energies)
    lower = (drawn < threshold).mean()
    z = [(lower - 1 / N) / np.sqrt((1 - 1 / N) / N / drawn.size)]
    lowest = drawn[drawn[:, 0] == drawn.min(axis=1), 0]
    barriers = threshold - lowest[lowest < threshold]
    mean = xr.DataArray(depth * density, {"x": depth}, ["x"]).integrate("x")
    z.append((barriers.mean() - float(mean)) / (barriers.std(ddof=1) / np.sqrt(barriers.size)))
    assert_within(z, comparisons=4)


def test_unknown_energies_are_refused():
    with pytest.raises(ValueError, match="must be exponential or gaussian, got sk"):
        percolation_energy(8, "sk")
