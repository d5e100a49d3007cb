"""The share of runs that have found the signal, and where its minimum is."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.langevin import signal_descent
from glasscore.files.provenance import canonical_json


def runs(overlap, p=3):
    """A result with overlaps of the shape (sample, trajectory, time)."""
    overlap = np.asarray(overlap, float)
    parameters = {"N": 16, "T": 0.0, "model": {"name": "spiked_tensor", "p": p, "r": 2.0}}
    axes = ("sample", "trajectory", "time")
    known = {"trajectory_signal_overlap": (axes, overlap), "trajectory_energy": (axes, -overlap)}
    time = np.arange(overlap.shape[-1], dtype=float)
    return xr.Dataset(known, {"time": time}, {"parameters": canonical_json(parameters)})


OVERLAP = [[[0, 0.1, 0.9], [0, 0.8, 0.95]], [[0, -0.9, -0.9], [0, 0, 0.2]]]


@pytest.mark.parametrize(("p", "shares"), [(3, (0.25, 0.5)), (2, (0.5, 0.75))])
def test_runs_are_counted_that_are_near_the_signal_or_its_mirror_image(p, shares):
    (found,) = signal_descent._share("spike", [runs(OVERLAP, p)])
    assert found.x.tolist() == [1.0, 2.0]
    assert found.y == pytest.approx(shares)
    # The shares of the two samples differ by twice the error of their mean.
    assert found.error == pytest.approx([0.25, 0.5] if p == 3 else [0.0, 0.25])


def test_the_plane_shows_where_each_run_ends():
    curves = signal_descent.curves({"spike": [runs(OVERLAP)]})
    (ends,) = [curve for curve in curves if curve.label == "$N=16$" and "plane" in curve.panel]
    assert sorted(ends.x) == [-0.9, 0.2, 0.9, 0.95]
    assert np.array_equal(ends.y, -ends.x)


def test_the_minimum_of_two_spin_models_is_that_of_an_isolated_eigenvalue():
    """A random matrix with a spike of rank one has it, up to fluctuations of the order N^-1/2."""
    N, r = 600, 1.0
    noise = np.random.default_rng(1).normal(size=(N, N))
    noise = (noise + noise.T) / np.sqrt(2 * N)
    value, vector = (part[..., -1] for part in np.linalg.eigh(noise + 2 * r / N))
    m, e = signal_descent.signal_minimum(2, r)
    assert abs(vector.sum()) / np.sqrt(N) == pytest.approx(m, abs=0.03)
    assert -value / 2 == pytest.approx(e, abs=0.05)
    assert signal_descent.signal_minimum(2, 0.5) is None
