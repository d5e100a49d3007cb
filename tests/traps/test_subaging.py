"""Subaging exponents of simulations, beside those of the exact laws at the same times."""

import numpy as np
import pytest

from glasscore.dynamics.stage import run
from glasscore.estimates.subaging import subaging_exponent
from glasscore.theory import trap_model
from glasscore.traps.subaging import FIRST_WAITING_TIME, SHORTEST_LAG, subaging
from tests.campaigns import dynamics_parameters
from tests.statistical import assert_within


@pytest.fixture(scope="module")
def traps():
    """Infinitely many traps at x = 0.5, whose aging functions are known at all times."""
    parameters = dynamics_parameters(
        "complete", "exponential", "arrhenius", np.inf, 0.5, 2000, 1e6, recorders=["configurations"]
    )
    return run(parameters, [])


def test_traps_have_the_exponent_of_their_exact_law(traps):
    """Trap models age simply at late times; at these times the exact law says by how much less.

    The false-positive rate is 1e-6 for a Gaussian estimate.
    """
    found = subaging(traps, None)
    mu, error = (float(found[f"no_jump_subaging_exponent{end}"].values) for end in ("", "_error"))
    t_w = np.repeat(traps.waiting_time.values, traps.sizes["window"])
    lag = t_w * np.tile(traps.window.values, traps.sizes["waiting_time"])
    known = (traps.distance.values[0].ravel() >= 0) & (t_w >= FIRST_WAITING_TIME)
    known &= lag >= SHORTEST_LAG
    law = trap_model.no_jump(t_w[known], (lag / t_w)[known], 0.5)
    exact = subaging_exponent(t_w[known], lag[known], law)
    assert exact.exponent == pytest.approx(1.0, abs=0.03)
    assert_within((mu - exact.exponent) / error)
    assert error < 0.05
    assert float(found["no_jump_subaging_residual"].values) < 0.02
    assert not any(name.startswith("overlap") for name in found)


def test_errors_are_those_over_samples(traps):
    """Exponents of ten parts of the samples scatter as their errors say, up to a factor of two."""
    parts = [
        subaging(traps.isel(sample=slice(first, first + 200)), None)
        for first in range(0, 2000, 200)
    ]
    mu, error = (
        np.array([float(part[f"no_jump_subaging_exponent{end}"].values) for part in parts])
        for end in ("", "_error")
    )
    # With ten numbers the scatter is known up to a quarter, and the chance of a factor 2 is 1e-4.
    assert 0.5 < mu.std(ddof=1) / error.mean() < 2.0


def test_spins_in_equilibrium_have_the_exponent_zero():
    """SK at T = 1.5, from planted states: the overlap does not depend on the waiting time.

    The false-positive rate is 6e-7 for a Gaussian estimate; what the polynomial does to the fast
    part of the decay is added.
    """
    parameters = dynamics_parameters(
        "hypercube", "sk", "metropolis", 64, 1.5, 600, 64 * 300.0, recorders=["configurations"],
        start={"name": "planted", "T": 1.5},
    )  # fmt: skip
    parameters["landscape"]["field"] = 0.0
    found = subaging(run(parameters, []), 64)
    mu, error = (float(found[f"overlap_subaging_exponent{end}"].values) for end in ("", "_error"))
    assert error < 0.05
    assert abs(mu) < 5 * error + 0.01


def test_short_runs_and_few_samples_tell_nothing():
    parameters = dynamics_parameters(
        "hypercube", "gaussian", "metropolis", 10, 0.5, 1, 1e3, recorders=["configurations"]
    )
    for samples, t_max in ((1, 1e5), (3, 1e2)):
        found = subaging(run({**parameters, "samples": samples, "t_max": t_max}, []), 10)
        assert set(found) >= {"overlap_subaging_exponent", "same_configuration_subaging_exponent"}
        assert np.isnan(found["overlap_subaging_exponent_error"].values)
