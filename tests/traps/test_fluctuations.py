"""Fluctuations over samples, against laws that are exact at any number of spins."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from glasscore.dynamics.stage import run
from glasscore.estimates.distribution import quantiles_and_error
from glasscore.files.store import read
from glasscore.traps import stage as traps
from glasscore.traps.fluctuations import MOST_BINS, fluctuations_of_overlap, in_bins
from tests.campaigns import dynamics_parameters, written_block
from tests.statistical import assert_same_distribution, assert_within, z_scores

PAIR = ("waiting_time", "window")


def blocks(distance) -> xr.Dataset:
    """Samples with these distances, shape (sample, waiting_time, window)."""
    distance = np.asarray(distance, np.int16)
    return xr.Dataset(
        {"distance": (("sample", *PAIR), distance)},
        {"waiting_time": [1.0, 10.0][: distance.shape[1]], "window": [1.0, 20.0]},
    )


def test_by_hand():
    """Ten spins, four samples; the second pair is beyond the end of the run."""
    found = fluctuations_of_overlap(
        blocks([[[0, -1]], [[10, -1]], [[0, -1]], [[2, -1]]]), [1, 20], 10
    )
    q = np.array([1.0, -1.0, 1.0, 0.6])
    chi = found["four_point_susceptibility"].values
    assert chi[0, 0] == pytest.approx(10 * q.var(ddof=1), rel=1e-12)
    assert found["overlap_quantile"].values[0, 0] == pytest.approx([-1.0, -1.0, 0.6, 1.0, 1.0])
    density = found["overlap_density"].values[0, 0]
    # One bin for each of the eleven overlaps, 0.2 wide.
    assert np.flatnonzero(density).tolist() == [0, 8, 10]
    np.testing.assert_allclose(density[[0, 8, 10]], [1.25, 1.25, 2.5], rtol=1e-12)
    np.testing.assert_allclose(found["overlap_value"].values, np.linspace(-1, 1, 11), atol=1e-15)
    for name in ("four_point_susceptibility", "overlap_quantile", "overlap_density"):
        for variable in (found[name], found[f"{name}_error"]):
            assert np.isnan(variable.values[0, 1]).all()
            assert np.isfinite(variable.values[0, 0]).all()


@pytest.mark.parametrize("N", [2, 3, 24, 25, 63, 64, 65, 256, 1000, 4096])
def test_bins_are_symmetric_and_normalised(N):
    rng = np.random.default_rng(N)
    counts = np.bincount(rng.integers(0, N + 1, size=500), minlength=N + 1)
    lower, upper, (share, error) = in_bins(counts)
    np.testing.assert_allclose(lower, -upper[::-1], atol=1e-15)
    np.testing.assert_allclose([lower[0], upper[-1]], [-1 - 1 / N, 1 + 1 / N], rtol=1e-14)
    np.testing.assert_array_equal(lower[1:], upper[:-1])
    cells = np.round((upper - lower) * N / 2).astype(int)
    assert cells.sum() == N + 1
    assert (cells > 0).all()
    assert lower.size <= MOST_BINS + 1
    assert share.sum() == pytest.approx(1.0, rel=1e-12)
    assert (error > 0).all()
    np.testing.assert_allclose(share, np.add.reduceat(counts, np.cumsum(cells) - cells) / 500)


SWEEPS = np.array([0.25, 1.0, 4.0])


@pytest.fixture(scope="module")
def without_energies():
    """Sixteen spins at a temperature of 1e6, where all moves are accepted up to 1e-5."""
    N, samples = 16, 4000
    windows = (SWEEPS * N).tolist()
    parameters = dynamics_parameters(
        "hypercube", "gaussian", "metropolis", N, 1e6, samples, 65.0,
        recorders=["configurations"], extra_windows=windows,
    )  # fmt: skip
    return run(parameters, []).isel(waiting_time=[0]), windows, N


def test_free_spins_have_an_exact_susceptibility(without_energies):
    """Spins flip at the rate 1 / N each: C = exp(-2 lag / N), chi_4 = 1 - C^2, at any N."""
    recorded, windows, N = without_energies
    found = fluctuations_of_overlap(recorded, windows, N)
    C = np.exp(-2 * SWEEPS)
    chi, error = (found[f"four_point_susceptibility{end}"].values[0] for end in ("", "_error"))
    assert_within(z_scores(chi, 1 - C**2, error))
    # The error itself: Var s^2 = (m_4 - s^4) / n for many samples, from the binomial law.
    q = 1 - 2 * np.arange(N + 1) / N
    for flipped, bar in zip((1 - C) / 2, error, strict=True):
        law = stats.binom.pmf(np.arange(N + 1), N, flipped)
        deviation = (q - law @ q) ** 2
        exact = N * np.sqrt((law @ deviation**2 - (law @ deviation) ** 2) / 4000)
        assert bar == pytest.approx(exact, rel=0.1)


def test_free_spins_have_a_binomial_law_of_overlaps(without_energies):
    recorded, windows, N = without_energies
    found = fluctuations_of_overlap(recorded, windows, N)
    for place, C in enumerate(np.exp(-2 * SWEEPS)):
        law = stats.binom(N, (1 - C) / 2)
        # Ascending overlaps are descending numbers of flipped spins.
        expected = law.pmf(np.arange(N, -1, -1))
        shares = found["overlap_density"].values[0, place] * 2 / N
        assert_same_distribution(np.round(4000 * shares), 4000 * expected)
        quantiles = found["overlap_quantile"].values[0, place]
        # A quantile of 4000 samples is that of the law for a share within four errors, 4 / 126.
        p = found["quantile"].values
        shift = 4 * np.sqrt(p * (1 - p) / 4000)
        assert (quantiles >= 1 - 2 * law.isf(np.maximum(p - shift, 1e-9)) / N - 1e-12).all()
        assert (quantiles <= 1 - 2 * law.isf(p + shift) / N + 1e-12).all()


def test_the_stage_writes_them_for_spins(tmp_path):
    parameters = dynamics_parameters("hypercube", "gaussian", "metropolis", 10, 0.6, 30, 1e3)
    block = written_block(parameters, tmp_path / "block.nc")
    found = traps.run({**parameters, "windows": [0.5]}, [block])
    energies = np.sort(read(block).energy.values, axis=0)
    quantiles, error = quantiles_and_error(found["quantile"].values, energies.T)
    np.testing.assert_array_equal(found.energy_quantile, quantiles)
    np.testing.assert_array_equal(found.energy_quantile_error, error)
    assert found.energy_quantile.dims == ("time", "quantile")
    assert found.overlap_density.dims == (*PAIR, "overlap_value")
    q = 1 - 2 * read(block).distance.sel(window=[0.5]).values / 10
    known = np.isfinite(found.overlap.values)
    chi = found.four_point_susceptibility.values
    np.testing.assert_allclose(chi[known], 10 * q.var(axis=0, ddof=1)[known], rtol=1e-12)
    assert np.isnan(chi[~known]).all()


def test_states_that_are_no_spins_have_no_overlap(tmp_path):
    parameters = dynamics_parameters("complete", "exponential", "arrhenius", 6, 0.6, 5, 1e2)
    block = written_block(parameters, tmp_path / "block.nc")
    found = traps.run({**parameters, "windows": [0.5]}, [block])
    assert "four_point_susceptibility" not in found
    assert "energy_quantile" in found


def test_planted_spin_glass(tmp_path):
    """SK, N = 64, T = 1.5 from planted states: chi_4 after 1, 4 and 16 sweeps.

    The reference, 1.00, 1.58 and 1.74, was simulated by another program to about 1 %.
    """
    samples = 4000
    parameters = dynamics_parameters(
        "hypercube", "sk", "metropolis", 64, 1.5, samples, 1100.0,
        recorders=["configurations"], extra_windows=[64.0, 256.0, 1024.0],
        waiting_times_per_decade=1, start={"name": "planted", "T": 1.5},
    )  # fmt: skip
    recorded = run(parameters, []).isel(waiting_time=[0])
    found = fluctuations_of_overlap(recorded, [64.0, 256.0, 1024.0], 64)
    chi, error = (found[f"four_point_susceptibility{end}"].values[0] for end in ("", "_error"))
    reference = np.array([1.00, 1.58, 1.74])
    assert_within(z_scores(chi, reference, np.hypot(error, 0.01 * reference)))
    overlap = 1 - 2 * recorded.distance.sel(window=[64.0, 256.0, 1024.0]).values[:, 0] / 64
    correlation = np.array([0.4426, 0.1145, 0.0056])
    error = np.hypot(overlap.std(axis=0) / np.sqrt(samples), [0.0006, 0.0008, 0.0008])
    assert_within(z_scores(overlap.mean(axis=0), correlation, error))
