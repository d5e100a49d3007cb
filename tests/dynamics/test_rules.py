"""Rules: detailed balance, and the rates as defined.

A new rule is added to ``RULES``.
"""

import numpy as np
import pytest

from glasscore.dynamics.interface import rate
from glasscore.dynamics.rules import arrhenius, metropolis

RULES = [arrhenius, metropolis]
ENERGIES = (-7.5, -1.0, -0.25, 0.0, 2.0)


@pytest.mark.uncompiled
@pytest.mark.parametrize("rule", RULES, ids=lambda module: module.__name__.rpartition(".")[2])
@pytest.mark.parametrize("T", [0.3, 1.0, 4.0])
def test_detailed_balance(rule, T):
    chosen = rule.create(T)
    for energy in ENERGIES:
        for after in ENERGIES:
            ratio = rate(chosen, energy, after) / rate(chosen, after, energy)
            assert ratio == pytest.approx(np.exp((energy - after) / T), rel=1e-14)


@pytest.mark.uncompiled
def test_metropolis_accepts_all_that_does_not_climb():
    chosen = metropolis.create(0.5)
    assert rate(chosen, -1.0, -1.0) == rate(chosen, -1.0, -3.0) == 1.0
    assert rate(chosen, -3.0, -1.0) == pytest.approx(np.exp(-4.0), rel=1e-15)


@pytest.mark.uncompiled
def test_arrhenius_depends_on_the_start_alone():
    chosen = arrhenius.create(0.5)
    assert rate(chosen, -2.0, np.nan) == rate(chosen, -2.0, 5.0) == pytest.approx(np.exp(-4.0))
