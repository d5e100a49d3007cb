"""Test the step model with heat bath, which has no known closed laws, against master equations.

For infinitely many states of density rho(E) = exp(E), E < 0, the rates are
W(E -> E') = rho(E') / (1 + exp(beta (E' - E))). For M states the sum over states replaces the
integral over the density.
"""

import numpy as np
import pytest
from scipy import linalg, stats

from glasscore.dynamics.stage import run
from glasscore.landscapes.interface import energies_at
from glasscore.landscapes.sample import disorder_sample
from tests.campaigns import SEED, dynamics_parameters
from tests.statistical import assert_within

PANEL_POINTS = 12


class Continuum:
    """Infinitely many states on Gauss nodes in energy, down to a depth that no run reaches."""

    def __init__(self, T: float, deepest: float) -> None:
        nodes, weights = np.polynomial.legendre.leggauss(PANEL_POINTS)
        # The poles of the rates lie at the distance pi T from the real axis, several half-widths of
        # a panel, so that Gauss's rule converges fast.
        edges = np.linspace(0.0, deepest, int(np.ceil(deepest / min(1.0, T))) + 1)
        half = 0.5 * np.diff(edges)[:, np.newaxis]
        self.energies = -(edges[:-1, np.newaxis] + half * (1.0 + nodes)).ravel()
        self.start = np.exp(self.energies) * (half * weights).ravel()
        climb = self.energies[:, np.newaxis] - self.energies
        moves = self.start[:, np.newaxis] / (1.0 + np.exp(climb / T))
        self.exit_rates = moves.sum(axis=0)
        # By detailed balance, the matrix is similar to a symmetric one.
        root = np.sqrt(self.start) * np.exp(-0.5 * (self.energies - self.energies[0]) / T)
        scaled = moves * root / root[:, np.newaxis] - np.diag(self.exit_rates)
        self.decays, self.modes = linalg.eigh(0.5 * (scaled + scaled.T))
        self.root = root

    def occupied(self, time: float) -> np.ndarray:
        """Probabilities of the nodes at a time after a start in a random state."""
        shares = self.modes.T @ (self.start / self.root)
        return self.root * (self.modes @ (np.exp(self.decays * time) * shares))


def test_the_continuum_is_a_master_equation():
    """Test that probability is conserved and that the Boltzmann law is stationary above T_c."""
    one = Continuum(2.0, 60.0)
    for time in (0.0, 3.0, 1e3):
        assert one.occupied(time).sum() == pytest.approx(1.0, abs=1e-10)
    boltzmann = one.start * np.exp(-one.energies / 2.0)
    boltzmann /= boltzmann.sum()
    assert one.decays.max() == pytest.approx(0.0, abs=1e-12)
    stationary = one.root * one.modes[:, np.argmax(one.decays)]
    np.testing.assert_allclose(stationary / stationary.sum(), boltzmann, rtol=1e-6, atol=1e-9)


# At these times states deeper than ln t_max + 15 hold less than 1e-6 of the probability, since the
# rate of finding them is at most exp(E).
@pytest.mark.parametrize(
    ("T", "t_max"), [(0.25, 300.0), (0.5, 1e4), (0.7, 1e4), (1.0, 1e3), (1.5, 1e3), (4.0, 300.0)]
)
def test_relaxation_of_infinitely_many_states(T, t_max):
    samples, comparisons = 4000, 6 * 120
    parameters = dynamics_parameters(
        "complete", "exponential", "heat_bath", np.inf, T, samples, t_max
    )
    result = run(parameters, [])
    exact = Continuum(T, np.log(t_max) + 15.0)
    times, values = result.time.values[::4], result.energy.values[:, ::4]
    expected = np.array([exact.occupied(time) @ exact.energies for time in times])
    error = values.std(axis=0, ddof=1) / np.sqrt(samples)
    assert_within((values.mean(axis=0) - expected) / error, comparisons)

    t_w = result.waiting_time.values[::4]
    for omega in (0.1, 0.5, 10.0):
        never = (result.departure.values[:, ::4] > t_w * (1 + omega)).mean(axis=0)
        law = np.array(
            [exact.occupied(time) @ np.exp(-exact.exit_rates * omega * time) for time in t_w]
        )
        assert_within((never - law) / np.sqrt(law * (1 - law) / samples), comparisons)


def test_infinitely_many_states_reach_equilibrium():
    """Test the equilibrium density (1 - beta) exp(-(1 - beta) v) of depths v at a late time."""
    T, samples = 3.0, 5000
    parameters = dynamics_parameters(
        "complete", "exponential", "heat_bath", np.inf, T, samples, 1e3
    )
    result = run(parameters, [])
    scale = 1.0 / (1.0 - 1.0 / T)
    for time in (-1, -8):
        depths = -result.energy.values[:, time]
        assert stats.kstest(depths, "expon", args=(0.0, scale)).pvalue > 1e-6 / 4
        assert_within((depths.mean() / scale - 1.0) * np.sqrt(samples), comparisons=4)


@pytest.mark.parametrize(("energies", "T"), [("exponential", 0.7), ("gaussian", 1.5)])
def test_few_states_stay_in_equilibrium(energies, T):
    """Compare mean energies at two late times with Boltzmann's law on the same landscapes."""
    N, samples, t_max = 5, 400, 3e3
    result = run(dynamics_parameters("complete", energies, "heat_bath", N, T, samples, t_max), [])
    late = result.time.values >= 0.3 * t_max
    excess, variances = [], []
    for sample in range(samples):
        landscape = disorder_sample(
            SEED, "test", N, sample, {"graph": "complete", "energies": energies}
        )
        levels = energies_at(landscape, np.arange(2**N, dtype=np.uint64))
        weights = np.exp(-(levels - levels.min()) / T)
        weights /= weights.sum()
        climb = levels[:, np.newaxis] - levels
        rates = 1.0 / (1.0 + np.exp(climb / T)) / levels.size
        np.fill_diagonal(rates, 0.0)
        np.testing.assert_allclose(rates * weights, (rates * weights).T, rtol=1e-12)
        generator = rates - np.diag(rates.sum(axis=0))
        slowest = np.sort(np.linalg.eigvals(generator).real)[-2]
        # The memory of the start has decayed to less than exp(-20).
        if slowest * 0.3 * t_max < -20.0:
            mean = weights @ levels
            excess.append(result.energy.values[sample, late] - mean)
            variances.append(weights @ (levels - mean) ** 2)
    assert len(excess) > 0.5 * samples
    z = np.sum(excess, axis=0) / np.sqrt(np.sum(variances))
    assert_within(z, comparisons=2 * z.size)
