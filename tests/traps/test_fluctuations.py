"""Fluctuations over samples, against laws that are exact at any number of spins."""

import numpy as np
import pytest
import xarray as xr
from scipy import linalg, stats

from glasscore.common.errors import CampaignError
from glasscore.dynamics.stage import run
from glasscore.estimates.distribution import quantiles_and_error
from glasscore.files.store import read
from glasscore.landscapes.interface import energies_at
from glasscore.landscapes.sample import sample_of_job
from glasscore.traps import stage as traps
from glasscore.traps.fluctuations import (
    MOST_BINS,
    SUSCEPTIBILITY,
    fluctuations_by_origin,
    fluctuations_of_overlap,
    in_bins,
)
from tests.campaigns import bits, dynamics_parameters, written_block
from tests.exact import generator
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
    parameters["landscape"]["field"] = 0.0
    recorded = run(parameters, []).isel(waiting_time=[0])
    found = fluctuations_of_overlap(recorded, [64.0, 256.0, 1024.0], 64)
    chi, error = (found[f"four_point_susceptibility{end}"].values[0] for end in ("", "_error"))
    reference = np.array([1.00, 1.58, 1.74])
    assert_within(z_scores(chi, reference, np.hypot(error, 0.01 * reference)))
    overlap = 1 - 2 * recorded.distance.sel(window=[64.0, 256.0, 1024.0]).values[:, 0] / 64
    correlation = np.array([0.4426, 0.1145, 0.0056])
    error = np.hypot(overlap.std(axis=0) / np.sqrt(samples), [0.0006, 0.0008, 0.0008])
    assert_within(z_scores(overlap.mean(axis=0), correlation, error))


class TestReplicas:
    """Several trajectories in each landscape, against the master equation of each sample."""

    N, T, SAMPLES, REPLICAS, WAITED = 5, 0.6, 30, 100, 10.0
    WINDOWS = (0.5, 10.0)

    @classmethod
    def parameters(cls, replica=0):
        own = {"replica": replica} if replica else {}
        return dynamics_parameters(
            "hypercube", "gaussian", "metropolis", cls.N, cls.T, cls.SAMPLES, 120.0,
            recorders=["configurations"], **own,
        )  # fmt: skip

    @pytest.fixture(scope="class")
    @classmethod
    def replicas(cls):
        found = [run(cls.parameters(replica), []) for replica in range(cls.REPLICAS)]
        return [one.sel(waiting_time=[cls.WAITED]) for one in found]

    @pytest.fixture(scope="class")
    @classmethod
    def laws(cls):
        """The exact law of the distance, shape (sample, window, distance)."""
        states = np.arange(2**cls.N, dtype=np.uint64)
        apart = np.bitwise_count(states[:, np.newaxis] ^ states)
        found = []
        for sample in range(cls.SAMPLES):
            energies = energies_at(sample_of_job(cls.parameters(), sample), states)
            W = generator(energies, "hypercube", "metropolis", 1 / cls.T)
            waited = linalg.expm(W * cls.WAITED).mean(axis=1)
            joint = [linalg.expm(W * cls.WAITED * omega) * waited for omega in cls.WINDOWS]
            found.append([np.bincount(apart.ravel(), one.ravel()) for one in joint])
        return np.array(found)

    def test_parts_are_those_of_the_master_equation(self, replicas, laws):
        """For these samples; the errors are those of the trajectories alone. Rate 1e-6."""
        found = fluctuations_by_origin(replicas, self.WINDOWS, self.N)
        S, R = self.SAMPLES, self.REPLICAS
        for name, values, factor in (
            ("susceptibility", 1 - 2 * np.arange(self.N + 1) / self.N, self.N),
            ("same", np.arange(self.N + 1) == 0, 1),
        ):
            mean = laws @ values
            moments = [
                (laws * (values - mean[..., np.newaxis]) ** power).sum(axis=-1) for power in (2, 4)
            ]
            of_variance = moments[1] - moments[0] ** 2
            thermal, disorder = moments[0].mean(axis=0), mean.var(axis=0, ddof=1)
            error = np.sqrt(of_variance.sum(axis=0) / R) / S
            # The variance of means changes by 2 (mean_s - mean) per change of a mean, and by the
            # squares of these changes, whose expectation is subtracted.
            deviation = mean - mean.mean(axis=0)
            linear = 4 * (deviation**2 * moments[0]).sum(axis=0) / R
            quadratic = 2 * (moments[0] ** 2).sum(axis=0) / R**2
            of_disorder = np.sqrt(linear + quadratic) / (S - 1)
            expected = {"disorder": (disorder, of_disorder)}
            if name == "susceptibility":
                expected |= {"thermal": (thermal, error)}
                expected["four_point"] = (thermal + disorder, np.hypot(error, of_disorder))
            for part, (value, noise) in expected.items():
                named = f"{part}_{name}" if factor > 1 else "same_configuration_variance"
                z = z_scores(found[named].values[0], factor * value, factor * noise)
                assert_within(z, comparisons=8)

    def test_errors_are_those_over_samples(self, replicas):
        """Each variance over samples is uncertain by about a quarter for 30 samples."""
        found = fluctuations_by_origin(replicas, self.WINDOWS, self.N)
        for name in ("thermal_susceptibility", "disorder_susceptibility"):
            relative = found[f"{name}_error"].values / found[name].values
            assert (relative > 0.01).all()
            assert (relative < 0.6).all()

    def test_pairs_beyond_the_run_are_unknown(self, replicas):
        found = fluctuations_by_origin(replicas[:3], [0.5, 20.0], self.N)
        for variable in found.values():
            assert np.isfinite(variable.values[0]).tolist() == [True, False]

    def test_the_first_trajectory_is_that_without_replicas(self, tmp_path):
        files = [
            written_block(self.parameters(replica), tmp_path / f"{replica}.nc")
            for replica in range(3)
        ]
        alone = traps.run({**self.parameters(), "windows": [0.5]}, files[:1])
        asked = {**self.parameters(), "windows": [0.5], "replicas": 3}
        found = traps.run(asked, files[::-1])
        assert bits(found) == bits(traps.run(asked, files))
        new = {"thermal_susceptibility", "disorder_susceptibility", "same_configuration_variance"}
        new |= {f"{name}_error" for name in new}
        assert set(found.variables) - set(alone.variables) == new
        for name in set(alone.variables) - {SUSCEPTIBILITY, f"{SUSCEPTIBILITY}_error"}:
            np.testing.assert_array_equal(found[name], alone[name])
        parts = found.thermal_susceptibility + found.disorder_susceptibility
        np.testing.assert_allclose(found[SUSCEPTIBILITY], parts, rtol=1e-12)
        assert found.attrs["dynamics_parameters"] == alone.attrs["dynamics_parameters"]
        for given, said in ((files[:2], "sample 0 is in none"), (files[:1] * 2, "both hold")):
            with pytest.raises(CampaignError, match=said):
                traps.run(asked, given)
        with pytest.raises(CampaignError, match="was made with replica 2, but this job averages"):
            traps.run({**asked, "replicas": 2}, files)

    def test_states_that_are_no_spins_have_their_local_aging(self, tmp_path):
        """Of 8 traps: the variance over samples of the probability to be in the same one."""
        given = [
            dynamics_parameters(
                "complete", "exponential", "arrhenius", 3, 0.6, 20, 1e2,
                recorders=["configurations"], **({"replica": replica} if replica else {}),
            )
            for replica in range(4)
        ]  # fmt: skip
        files = [written_block(one, tmp_path / f"{place}.nc") for place, one in enumerate(given)]
        found = traps.run({**given[0], "windows": [0.5], "replicas": 4}, files)
        assert "thermal_susceptibility" not in found
        same = np.stack([read(file).distance.sel(window=[0.5]).values == 0 for file in files])
        expected = same.mean(axis=0).var(axis=0, ddof=1)
        expected -= same.var(axis=0, ddof=1).mean(axis=0) / 4
        known = np.isfinite(found.same_configuration.values)
        variance = found.same_configuration_variance.values
        np.testing.assert_allclose(variance[known], expected[known], rtol=1e-12, atol=1e-15)
