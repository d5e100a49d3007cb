"""Test rules: detailed balance, definitions of rates, and assumptions of clocks and graphs.

A new rule needs a line in ``RULES``.
"""

import numpy as np
import pytest

from glasscore.common import discovery
from glasscore.dynamics.clocks.rejection import largest_rate
from glasscore.dynamics.interface import rate
from glasscore.dynamics.rules import properties_of, rule_at
from glasscore.dynamics.stage import run
from glasscore.landscapes.sample import disorder_sample
from tests.campaigns import SEED, bits, dynamics_parameters
from tests.master_equation import assert_obeyed, solved

# The rules as in ``rule:`` of the config, each with one set of options.
RULES = [
    "arrhenius",
    "heat_bath",
    "metropolis",
    {"name": "barrier", "top": -0.5},
]
ENERGIES = (-7.5, -1.0, -0.25, 0.0, 2.0)
CLOCKS = discovery.names("dynamics/clocks")


def barrier(top):
    return {"name": "barrier", "top": top}


def test_all_rules_are_tested():
    assert {discovery.name_of(rule) for rule in RULES} == set(discovery.names("dynamics/rules"))


@pytest.mark.uncompiled
@pytest.mark.parametrize("rule", RULES, ids=discovery.name_of)
@pytest.mark.parametrize("T", [0.3, 1.0, 4.0])
def test_detailed_balance(rule, T):
    chosen = rule_at(rule, T)
    for energy in ENERGIES:
        for after in ENERGIES:
            ratio = rate(chosen, energy, after) / rate(chosen, after, energy)
            assert ratio == pytest.approx(np.exp((energy - after) / T), rel=1e-14)


@pytest.mark.uncompiled
@pytest.mark.parametrize("rule", RULES, ids=discovery.name_of)
def test_the_rejection_clock_knows_the_largest_rate(rule):
    chosen = rule_at(rule, 0.5)
    for energy in ENERGIES:
        assert all(
            rate(chosen, energy, after) <= largest_rate(chosen, energy) for after in ENERGIES
        )


@pytest.mark.uncompiled
@pytest.mark.parametrize("rule", RULES, ids=discovery.name_of)
def test_moves_on_the_complete_graph_can_be_drawn(rule):
    """Test that rates never exceed Metropolis's, unless they do not depend on the destination."""
    allowed = discovery.constant("landscapes/graphs", "complete", "RULES")
    chosen, most = rule_at(rule, 0.5), rule_at("metropolis", 0.5)
    if discovery.name_of(rule) in allowed and properties_of(chosen).RATES_DEPEND_ON_DESTINATION:
        for energy in ENERGIES:
            assert all(
                rate(chosen, energy, after) <= rate(most, energy, after) for after in ENERGIES
            )


@pytest.mark.uncompiled
@pytest.mark.parametrize("rule", RULES, ids=discovery.name_of)
def test_a_rule_says_what_its_rates_are(rule):
    chosen = rule_at(rule, 0.5)
    said = properties_of(chosen)
    pairs = [(energy, after) for energy in ENERGIES for after in ENERGIES]
    depend = any(rate(chosen, *pair) != rate(chosen, pair[0], -1e300) for pair in pairs)
    assert depend == said.RATES_DEPEND_ON_DESTINATION
    down = [rate(chosen, energy, after) == 1.0 for energy, after in pairs if after <= energy]
    assert all(down) == said.ACCEPTS_ALL_MOVES_DOWN


@pytest.mark.uncompiled
def test_metropolis_accepts_all_that_does_not_climb():
    chosen = rule_at("metropolis", 0.5)
    assert rate(chosen, -1.0, -1.0) == rate(chosen, -1.0, -3.0) == 1.0
    assert rate(chosen, -3.0, -1.0) == pytest.approx(np.exp(-4.0), rel=1e-15)


@pytest.mark.uncompiled
def test_arrhenius_depends_on_the_start_alone():
    chosen = rule_at("arrhenius", 0.5)
    assert rate(chosen, -2.0, np.nan) == rate(chosen, -2.0, 5.0) == pytest.approx(np.exp(-4.0))


@pytest.mark.uncompiled
def test_a_barrier_is_climbed_wherever_the_move_leads():
    chosen = rule_at(barrier(-1.0), 0.5)
    assert rate(chosen, -3.0, -2.0) == rate(chosen, -3.0, -9.0) == pytest.approx(np.exp(-4.0))
    assert rate(chosen, -3.0, -0.5) == pytest.approx(np.exp(-5.0), rel=1e-15)
    assert rate(chosen, -0.5, -3.0) == rate(chosen, -1.0, -3.0) == 1.0
    cold = rule_at(barrier(-1.0), 0.0)
    assert rate(cold, -0.5, -3.0) == 1.0
    assert rate(cold, -1.5, -3.0) < 1e-300


@pytest.mark.parametrize(("top", "other"), [(-1e6, "metropolis"), (0.0, "arrhenius")])
def test_low_and_high_barriers_are_other_rules_to_the_bit(top, other):
    """Test the limits B = 0 and B = -1e6; all energies of these samples lie in between."""
    found, expected = (
        run(dynamics_parameters("hypercube", "exponential", rule, 8, 0.4, 3, 1e3), [])
        for rule in (barrier(top), other)
    )
    assert bits(found) == bits(expected)


@pytest.mark.parametrize("clock", CLOCKS)
def test_barriers_obey_the_master_equation(clock):
    """Compare energy, return and persistence probabilities at five times, with equal landscapes."""
    N, T, samples, t_max, omega = 6, 0.5, 600, 1e3, 0.5
    rule = barrier(-1.5)
    parameters = dynamics_parameters(
        "hypercube", "exponential", rule, N, T, samples, t_max, clock=clock
    )
    result = run(parameters, [])
    waiting = np.flatnonzero(result.waiting_time.values <= t_max / (1 + omega))[::2][:5]
    times = result.waiting_time.values[waiting]
    model = parameters["landscape"]
    landscapes = (disorder_sample(SEED, "test", N, sample, model) for sample in range(samples))
    exact = solved(landscapes, "hypercube", rule, N, T, times, omega, t_max)
    assert_obeyed(result, waiting, omega, exact, comparisons=3 * 5 * len(CLOCKS))
