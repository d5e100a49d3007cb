"""Test the thresholds below which states are traps against their definitions."""

import math

import numpy as np
import pytest
from scipy import stats

from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.dynamics.threshold import threshold_of_job, typical_threshold
from glasscore.kernels.random_streams import sample_key
from glasscore.landscapes.energies import correlated
from tests.statistical import FALSE_POSITIVE


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
    # At this large alpha the correlation of neighbours vanishes.
    independent = typical_threshold(hypercube("correlated", alpha=100.0), "metropolis", N, 0.5)
    assert independent == pytest.approx(gaussian, rel=1e-14)


@pytest.mark.parametrize(("N", "alpha"), [(8, 2.0), (10, 1.0), (10, 0.4), (12, 0.25)])
def test_states_at_the_threshold_of_correlated_energies_have_one_lower_neighbour(N, alpha):
    """Compare lower neighbours of states near it with N Phi(E sqrt((1 - r) / (1 + r)) / sqrt(N)).

    Given the energy of a state, the mean of the difference is zero, hence also in every sample.
    """
    landscape = hypercube("correlated", alpha=alpha)
    threshold = typical_threshold(landscape, "metropolis", N, 0.5)
    r = (1 - 2 / N) ** (alpha * N)

    def expected(energy):
        return N * stats.norm.cdf(energy * math.sqrt((1 - r) / (1 + r) / N))

    assert expected(threshold) == pytest.approx(1.0, rel=1e-12)
    states, differences = np.arange(2**N), []
    for sample in range(400):
        energies = correlated.create(N, sample_key(1, "a", N, sample), {"alpha": alpha}).table
        near = states[np.abs(energies - threshold) < 1.5]
        lower = sum(energies[near ^ (1 << spin)] < energies[near] for spin in range(N))
        differences.append(np.sum(lower - expected(energies[near])))
    assert stats.ttest_1samp(differences, 0.0).pvalue > FALSE_POSITIVE


def test_correlated_energies_without_states_at_the_threshold_have_none():
    """Test p = 1, where a state of energy E has N Phi(E / sqrt(N (N - 1))) lower neighbours."""
    found = typical_threshold(hypercube("correlated", alpha=1 / 12), "metropolis", 12, 0.5)
    assert found == (
        "at N = 12 states of such correlated energies have lower neighbours down to the deepest"
    )
    study = {
        "landscape": hypercube("correlated", alpha=1 / 12), "rule": "metropolis", "N": [12],
        "T": [0.5], "samples": 1, "t_max": 1e3, "recorders": ["metabasins"],
    }  # fmt: skip
    with pytest.raises(CampaignError, match="a.threshold is typical, but must be a number: at N ="):
        validated({"campaign": "c", "seed": 1, "activated": {"a": study}})


@pytest.mark.parametrize("T", [0.51, 0.6, 0.8, 0.99])
def test_at_the_step_model_s_threshold_moves_up_and_down_balance(T):
    """Test that the exit rates u and (u - u^beta) / (beta - 1), u = e^E, are equal there."""
    u = math.exp(typical_threshold(STEPS, "metropolis", math.inf, T))
    beta = 1 / T
    # The difference u - u^beta loses as many digits as beta - 1.
    assert (u - u**beta) / (beta - 1) == pytest.approx(u, rel=1e-14 / (beta - 1))


@pytest.mark.parametrize(
    ("model", "rule", "T"),
    [
        (hypercube("pspin", p=3), "metropolis", 0.5),
        (hypercube("sk"), "metropolis", 0.5),
        (hypercube("number_partitioning"), "metropolis", 0.5),
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
