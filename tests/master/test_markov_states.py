"""Markov-state models against exact results: lumpable processes, few states, and bounds."""

import numpy as np
import pytest
from scipy import linalg

from glasscore.dynamics.rules import metropolis
from glasscore.master.observables import markov_states
from glasscore.master.observables.markov_states import implied_times, of_sample
from glasscore.master.propagation import coarse_grained
from glasscore.master.sample import sample_of
from glasscore.master.spectrum import relaxation_rates

LUMPED = np.array([[-0.3, 0.1, 0.2], [0.2, -0.2, 0.0], [0.1, 0.0, -0.1]])
WEIGHTS = np.array([2.0, 1.0, 4.0])


def lumpable():
    """Each of three states is split into two equal ones, so that basins are exactly Markovian."""
    return np.kron(LUMPED, np.full((2, 2), 0.5)) + np.kron(np.eye(3), [[-0.7, 0.7], [0.7, -0.7]])


def test_alike_states_of_a_basin_leave_it_markovian():
    basins = np.repeat(np.arange(3), 2)
    for lag in (0.5, 4.0):
        coarse = coarse_grained(linalg.expm(lumpable() * lag), basins, np.repeat(WEIGHTS, 2))
        assert coarse == pytest.approx(linalg.expm(LUMPED * lag), abs=1e-14)
        found = implied_times(coarse, WEIGHTS, lag)
        rates = np.sort(-np.linalg.eigvals(LUMPED).real)[1:]
        # The eigenvalues' rounding, over their distance from one.
        assert found[:2] == pytest.approx(1 / rates, rel=1e-12)
        assert np.isnan(found[2:]).all()


@pytest.fixture(scope="module")
def sample():
    parameters = {
        "seed": 1,
        "study": "markov",
        "landscape": {"graph": "hypercube", "energies": "gaussian"},
        "N": 7,
        "T": 0.8,
        "t_max": 2.0**16,
    }
    with np.errstate(over="ignore"):
        one = sample_of(parameters, 0, metropolis.create(parameters["T"]))
    return one, of_sample(one, parameters)


def share_between_basins(one):
    """Squared length of the slowest mode's mean over basins, in equilibrium."""
    size, weights = one.energies.size, one.network.weights
    root = np.sqrt(weights)
    symmetric = np.diag(one.network.exit_rates)
    for spin in range(7):
        other = np.arange(size) ^ (1 << spin)
        symmetric[np.arange(size), other] = -one.network.conductances[:, spin] / root / root[other]
    # Wells are about 10 T deep, so that the symmetric matrix loses few digits.
    mode = np.linalg.eigh(symmetric)[1][:, 1]
    sums = np.bincount(one.tree.basins, root * mode)
    return float((sums**2 / np.bincount(one.tree.basins, weights)).sum())


def test_implied_times_grow_to_the_exact_ones_and_never_beyond(sample):
    """The times of slow modes increase with the lag, by the variational principle.

    They come to the exact one at least as fast as the part c of the slowest mode that is the same
    all over each basin says: the largest eigenvalue is at least c^2 exp(-t / tau) (Rayleigh's
    quotient of that part, since all other modes contribute positively).
    """
    one, found = sample
    exact = 1 / relaxation_rates(one.network)[0]
    assert found["slowest_time"][0] == exact
    slowest = found["implied_time"][:, 0]
    known = np.isfinite(slowest)
    slowest = slowest[known]
    # Rounding of an eigenvalue, of some n eps, is one of the time over the lag in relative terms.
    rounding = 1e-12 * exact
    assert np.all(np.diff(slowest) > -rounding)
    assert np.all(slowest < exact * (1 + rounding))
    overlap = share_between_basins(one)
    assert 0.5 < overlap < 1.0 - 1e-6
    lags = 2.0 ** np.arange(known.size)[known]
    least = exact / (1.0 - exact * np.log(overlap) / lags)
    assert np.all(slowest > least * (1 - rounding))
    assert least[-1] > 0.9 * exact


def test_chapman_and_kolmogorov_agree_at_late_times(sample):
    """Both sides differ from equilibrium by 0 to exp(-2 t / tau), and P_AA(2t) is the larger."""
    one, found = sample
    deviation, lags = found["markov_deviation"], 2.0 ** np.arange(found["markov_deviation"].size)
    assert np.isnan(deviation[-1])
    most = np.exp(-2 * lags[:-1] * one.relaxation_rates[0])
    # Each of the squarings adds the rounding of a product of some 2^7 terms.
    rounding = lags.size * 2**7 * np.finfo(float).eps
    assert np.all(deviation[:-1] < most + rounding)
    assert deviation[0] > 1e3 * rounding


def test_every_state_a_basin_of_its_own_is_exact(sample):
    one = sample[0]
    size = one.energies.size
    generator = np.zeros((size, size))
    for spin in range(7):
        generator[np.arange(size), np.arange(size) ^ (1 << spin)] = one.network.rates[:, spin]
    generator -= np.diag(generator.sum(axis=1))
    fine = coarse_grained(linalg.expm(8.0 * generator), np.arange(size), one.network.weights)
    found = implied_times(fine, one.network.weights, 8.0)
    exact = 1 / relaxation_rates(one.network)[: markov_states.MODES]
    # expm and eigvalsh lose some n eps of one, which 1 - lambda = 8 / t is compared with.
    assert found == pytest.approx(exact, rel=size * 1e-14 * exact[0] / 8.0)
