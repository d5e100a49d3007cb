"""The stage of single sites: self-consistency, fluctuation and dissipation, refusals."""

import numpy as np
import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common import discovery
from glasscore.common.errors import CampaignError
from glasscore.dmft.cost import estimate
from glasscore.dmft.single_site import stage
from glasscore.files.provenance import dependencies
from tests.statistical import assert_within, z_scores

SOFT = {
    "model": {"single_site": "soft", "r": 0.5, "u": 1.0},
    "T": [2.0],
    "T_initial": "equilibrium",
    "t_max": 12.0,
    "ensembles": 6,
    "trajectories": 128,
    "time_step": 0.1,
}
GLAUBER = {**SOFT, "model": {"single_site": "glauber"}, "T": [1.5]}
STUDIES = {
    "soft": SOFT,
    "glauber": GLAUBER,
}


def test_all_models_are_tested():
    models = {study["model"]["single_site"] for study in STUDIES.values()}
    assert models == set(discovery.names("dmft/single_site/models"))


def only_job(study):
    config = validated({"campaign": "one", "seed": 3, "dmft": {"study": study}})
    (job,) = listing.jobs(config).values()
    return job


@pytest.fixture(scope="module", params=sorted(STUDIES))
def solved(request):
    return stage.run(only_job(STUDIES[request.param]).parameters, [])


def test_new_trajectories_have_the_self_consistent_correlation(solved):
    """Lags above 0 are compared, of which about a twentieth are independent."""
    few = solved.isel(time=slice(4, None, 4))
    error = np.hypot(few.sampled_correlation_error, few.correlation_error)
    # An error from six ensembles is known to a third only: by this factor Student's distribution is
    # wider than a Gaussian.
    assert_within(z_scores(few.sampled_correlation, few.correlation, 2.5 * error))


def test_fluctuations_are_tied_to_dissipation(solved):
    T = float(only_job(GLAUBER if "Ising" in solved.attrs["model"] else SOFT).parameters["T"])
    few = solved.isel(time=slice(4, None, 4))
    integrated = (float(solved.second_moment) - few.sampled_correlation) / T
    error = np.hypot(few.sampled_correlation_error / T, few.sampled_integrated_response_error)
    # The integration scheme violates the theorem by an amount of the order of its step squared.
    bias = solved.attrs["time_step"] ** 2 * integrated / 2
    deviation = np.abs(few.sampled_integrated_response - integrated)
    assert_within(np.maximum(deviation - bias, 0) / (2.5 * error))


def test_iterations_are_kept(solved):
    assert solved.iteration[0] == 1
    assert float(solved.change[-1]) <= 1e-3
    assert np.allclose(solved.correlation_by_iteration[-1], solved.correlation, rtol=0, atol=1e-12)
    derivative = -np.gradient(solved.correlation, solved.time)[2:-2]
    assert np.all(solved.response > 0)
    assert np.all(derivative > 0)


def test_no_convergence_is_an_error_with_the_residual():
    parameters = {**only_job(GLAUBER).parameters, "iterations": 1, "tolerance": 1e-6}
    with pytest.raises(CampaignError, match=r"did not converge: in iteration 1 C / C\(0\) still"):
        stage.run(parameters, [])


def test_a_job_knows_its_own_code_only():
    code = listing.modules("dmft", only_job(SOFT).parameters)
    needed = dependencies(code)
    assert "glasscore.dmft.single_site.models.soft" in needed
    others = [name for name in needed if name.startswith("glasscore.dmft.two_time")]
    assert not others
    assert "glasscore.dmft.single_site.models.glauber" not in needed


def test_a_job_is_estimated_by_its_steps():
    few, many = (only_job({**SOFT, "trajectories": count}).parameters for count in (128, 256))
    cost, twice = (estimate(parameters, []) for parameters in (few, many))
    steps = 4 * 120 * 6 * 128
    assert twice.seconds - cost.seconds == pytest.approx(4 * steps * 110e-9)
    assert twice.memory == cost.memory


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"T": [1.0]}, "dmft.study: T = 1 has no equilibrium above the glass transition: it must"),
        ({"T_initial": ".inf"}, "T_initial is '.inf', but must be"),
        ({"T_initial": 2.0}, "T_initial is 2, but must be equilibrium for a single site"),
        ({"field": 0.5}, "field is 0.5, but must be 0 for a single site"),
        ({"model": {"single_site": "hard"}}, "single_site is 'hard', but must be one of glauber"),
        ({"model": {"single_site": "soft", "covariance": {3: 1}}}, "has covariance and single_si"),
        ({"model": {"single_site": "soft", "u": -1}}, "model.u is -1, but must be a coefficient"),
        ({"model": {"single_site": "soft", "u": 0, "r": -1.5}}, "must be at most -2 J = -2"),
        ({"model": {"covariance": {3: 1}}}, "ensembles is 6, but this key must only be given"),
        ({"trajectories": 100}, "trajectories is 100, but must be a multiple of 16 from 128"),
        ({"ramps": [{"begin": 1, "end": 2, "T": 3}]}, "ramps has 1 ramps, but must be empty"),
        ({"time_step": 0.5}, "time_step is 0.5, but must be at most 0."),
        ({"T": [1e6]}, "time_step is 0.1, but must be at most 0.000203 with these wells at T = "),
        ({"model": {"single_site": "soft", "r": 4}, "T": [5]}, "must be at most 0.075 with these"),
        ({"t_max": 0.5}, "t_max is 0.5, but must be from 1 to 5000 with time steps of 0.1"),
    ],
)
def test_what_has_no_meaning_is_refused_before_any_job(changes, message):
    with pytest.raises(CampaignError) as error:
        only_job({**SOFT, **changes})
    assert message in str(error.value)


def test_random_numbers_need_a_seed():
    with pytest.raises(CampaignError, match="seed is missing"):
        validated({"campaign": "one", "dmft": {"study": SOFT}})
