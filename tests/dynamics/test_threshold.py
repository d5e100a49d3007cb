"""Thresholds below which states are traps, against their definitions."""

import math

import pytest
from scipy import stats

from glasscore.dynamics.threshold import threshold_of_job, typical_threshold
from glasscore.errors import CampaignError


def hypercube(energies, **options):
    return {"graph": "hypercube", "energies": energies, **options}


STEPS = {"graph": "complete", "energies": "exponential"}


@pytest.mark.parametrize("N", [2, 16, 64])
def test_one_of_n_neighbours_lies_below(N):
    exponential = typical_threshold(hypercube("exponential"), "metropolis", N, 0.5)
    assert N * math.exp(exponential) == pytest.approx(1.0, rel=1e-14)
    gaussian = typical_threshold(hypercube("gaussian"), "metropolis", N, 0.5)
    below = stats.norm(scale=math.sqrt(N)).cdf(gaussian)
    assert N * below == pytest.approx(1.0, rel=1e-12)
    correlated = typical_threshold(hypercube("correlated", alpha=1.0), "metropolis", N, 0.5)
    assert correlated == gaussian


@pytest.mark.parametrize("T", [0.51, 0.6, 0.8, 0.99])
def test_at_the_step_model_s_threshold_moves_up_and_down_balance(T):
    """Exit rates u and (u - u^beta) / (beta - 1) at u = e^E."""
    u = math.exp(typical_threshold(STEPS, "metropolis", math.inf, T))
    beta = 1 / T
    # The difference u - u^beta loses the digits that beta - 1 does.
    assert (u - u**beta) / (beta - 1) == pytest.approx(u, rel=1e-14 / (beta - 1))


@pytest.mark.parametrize(
    ("model", "rule", "T"),
    [
        (hypercube("pspin", p=3), "metropolis", 0.5),
        (STEPS, "arrhenius", 0.5),
        (STEPS, "heat_bath", 0.8),
        (STEPS, "metropolis", 0.5),
        (STEPS, "metropolis", 1.0),
        (STEPS, "metropolis", 0.0),
        ({**STEPS, "energies": "gaussian"}, "metropolis", 0.6),
        ({**STEPS, "energies": "correlated", "alpha": 1.0}, "metropolis", 0.6),
    ],
    ids=str,
)
def test_where_there_is_none_a_number_is_asked_for(model, rule, T):
    parameters = {"landscape": model, "rule": rule, "N": 8, "T": T}
    assert isinstance(typical_threshold(model, rule, 8, T), str)
    with pytest.raises(CampaignError, match=r"threshold = typical, but must be a number: .+\."):
        threshold_of_job({**parameters, "threshold": "typical"})
    assert threshold_of_job({**parameters, "threshold": -2}) == -2.0
