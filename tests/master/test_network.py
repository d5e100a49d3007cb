"""The master equation's rates are those of the dynamics, and its laws those of tests/exact."""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

# Registers how states of the hypercube are left.
import glasscore.dynamics.graphs.hypercube  # noqa: F401
from glasscore.barriers.flooding import barrier_tree
from glasscore.common.errors import CampaignError
from glasscore.dynamics.interface import compute_rates, rate, workspace
from glasscore.dynamics.rules import arrhenius, heat_bath, metropolis
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.all_states import energies_of_all_states
from glasscore.landscapes.interface import move_weight, position, update_energy
from glasscore.landscapes.sample import disorder_sample
from glasscore.master.first_passage import first_passage
from glasscore.master.network import network
from glasscore.master.observables import aging_functions
from glasscore.master.sample import Sample
from glasscore.master.spectrum import relaxation_rates
from tests.exact import MasterEquation, generator

N, T = 7, 0.6
EPS = np.finfo(float).eps
RULES = {"metropolis": metropolis, "heat_bath": heat_bath, "arrhenius": arrhenius}


@kernel
def rates_of_the_dynamics(landscape, rule, where, work, rates):
    for state in range(rates.shape[0]):
        where.words[0] = np.uint64(state)
        update_energy(landscape, where)
        compute_rates(work, landscape, rule, where)
        for spin in range(rates.shape[1]):
            rates[state, spin] = move_weight(landscape) * work.rates[spin]


@pytest.fixture(scope="module", params=RULES)
def solved(request):
    model = {"graph": "hypercube", "energies": "exponential"}
    rule = RULES[request.param].create(T)
    with np.errstate(over="ignore"):
        landscape = disorder_sample(1, "master", N, 0, model)
        energies = energies_of_all_states(landscape)
    return SimpleNamespace(
        name=request.param,
        landscape=landscape,
        rule=rule,
        energies=energies,
        network=network(energies, rule, T),
        reference=MasterEquation.solve(energies, "hypercube", request.param, 1 / T),
    )


def test_rates_are_those_of_the_dynamics(solved):
    rates = np.empty((2**N, N))
    work = workspace(solved.landscape, solved.rule)
    with np.errstate(over="ignore"):
        room = position(solved.landscape)
        rates_of_the_dynamics(solved.landscape, solved.rule, room, work, rates)
    assert np.array_equal(solved.network.rates, rates)


def test_boltzmann_s_law_is_stationary(solved):
    """Detailed balance, to the digits of exponents: rounding beta E costs |beta E| eps."""
    states = np.arange(2**N)
    tolerance = 8 * EPS * (1 + np.ptp(solved.energies) / T)
    weights = np.exp(-(solved.energies - solved.energies.min()) / T)
    np.testing.assert_allclose(solved.network.weights, weights, rtol=tolerance)
    for spin in range(N):
        flows = solved.network.weights * solved.network.rates[:, spin]
        np.testing.assert_allclose(flows, flows[states ^ (1 << spin)], rtol=tolerance)
        conductances = solved.network.conductances[:, spin]
        assert np.array_equal(conductances, conductances[states ^ (1 << spin)])
        np.testing.assert_allclose(conductances, flows, rtol=tolerance)


# Symmetrising multiplies the rounding of the references by exp(beta (E_max - E_min) / 2).
def lost(solved):
    return 2**N * EPS * np.exp(np.ptp(solved.energies) / (2 * T))


def test_relaxation_rates(solved):
    expected = -solved.reference.eigenvalues[:-1][::-1]
    # Eigenvalues of a symmetric matrix have errors of n eps times its largest element.
    tolerance = 4 * 2**N * EPS * expected.max()
    np.testing.assert_allclose(relaxation_rates(solved.network), expected, rtol=0, atol=tolerance)


def test_first_passage_times(solved):
    """Mean, second moment and jumps from all states are those of a library's solver."""
    tree = barrier_tree(solved.energies)
    target = np.arange(2**N) == tree.states[0]
    target[tree.states[1]] = True
    W = generator(solved.energies, "hypercube", solved.name, 1 / T)
    inner = -W[np.ix_(~target, ~target)].T
    found = first_passage(solved.network, target)
    mean = np.linalg.solve(inner, np.ones(inner.shape[0]))
    second = np.linalg.solve(inner, 2 * mean)
    jumps = np.linalg.solve(inner, -np.diag(W)[~target])
    tolerance = 2**N * EPS * np.linalg.cond(inner, 1)
    assert tolerance < 1e-6
    np.testing.assert_allclose(found.mean[~target], mean, rtol=tolerance)
    np.testing.assert_allclose(found.jumps[~target], jumps, rtol=tolerance)
    deviation = np.sqrt(second - mean**2)
    worst = (second / deviation**2).max()
    np.testing.assert_allclose(found.deviation[~target], deviation, rtol=4 * tolerance * worst)
    assert np.all(found.mean[target] == 0)


def test_aging_functions(solved):
    parameters = {"t_max": 2.0**12}
    tree = barrier_tree(solved.energies)
    sample = Sample(parameters, 0, None, None, solved.energies, tree, solved.network)
    found = aging_functions.of_sample(sample, parameters)
    tolerance = lost(solved)
    assert tolerance < 1e-4
    waiting = 2.0 ** np.arange(13)
    np.testing.assert_allclose(
        found["energy"], solved.reference.energy(waiting), rtol=0, atol=10 * tolerance
    )
    for column, window in enumerate(2.0 ** np.arange(-3, 4)):
        beyond = waiting * window > 2.0**12
        for name in ("same_configuration", "no_jump"):
            expected = getattr(solved.reference, name)(waiting, window)
            values = found[name][:, column]
            known = np.isfinite(values)
            assert np.array_equal(known, ~(beyond | ((waiting * window < 1) & (name[0] == "s"))))
            np.testing.assert_allclose(values[known], expected[known], rtol=0, atol=tolerance)
    # In equilibrium, two configurations are the same with the probability sum_i w_i^2.
    weights = np.exp(-(solved.energies - solved.energies.min()) / T)
    weights /= weights.sum()
    limit = found["equilibrium_same_configuration"]
    assert limit == pytest.approx((weights**2).sum(), rel=1e-9)


def test_too_low_a_temperature_is_refused():
    energies = np.array([0.0, 1.0, 2.0, 3.0])
    assert network(energies, metropolis.create(0.01), 0.01).weights[3] > 0
    with pytest.raises(CampaignError, match="T is 0.009, but must be at least 0.01 for this"):
        network(energies, metropolis.create(0.009), 0.009)


class Indifferent(NamedTuple):
    """A rule that accepts every move, for which all states would be equally likely."""

    beta: float


@rate.register
def _(rule: Indifferent, energy, energy_after):
    return 1.0


def test_a_rule_without_detailed_balance_is_refused():
    with pytest.raises(CampaignError, match="rule is Indifferent, but must have detailed balance"):
        network(np.array([0.0, 1.0, 2.0, 3.0]), Indifferent(1.0), 1.0)


def test_no_target_is_refused(solved):
    with pytest.raises(ValueError, match="at least one state must be a target"):
        first_passage(solved.network, np.zeros(2**N, bool))
