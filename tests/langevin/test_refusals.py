"""Studies of Langevin dynamics that are refused, and the sentences that refuse them."""

import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError

GOOD = {
    "model": {"name": "linear", "r0": 2.5},
    "start": "equilibrium",
    "N": [8, 16],
    "T": [0.5],
    "samples": 1,
    "t_max": 4.0,
    "frequencies": [0.5],
}
SOFT = {"name": "soft", "r": 0, "u": 1}
PLANTED = {"start": "planted"}
SPHERICAL = {**GOOD, "model": {"name": "spherical", "covariance": {3: 0.5}}, "start": "random"}


def ramp(**keys):
    return {"start": "random", "frequencies": [], "ramps": [keys]}


def checked(study):
    return validated({"campaign": "c", "seed": 1, "langevin": {"a": study}})["langevin"]["a"]


def jobs(study):
    return listing.jobs(validated({"campaign": "c", "seed": 1, "langevin": {"a": study}})).values()


def test_one_form():
    found = checked(GOOD)
    assert found["model"] == {"name": "linear", "r0": 2.5, "J": 1.0, "field": 0.0}
    assert (found["time_step"], found["trajectories"], found["response"]) == (0.05, 16, False)
    assert checked(found) == found
    # What was there before ramps and fields are: parameters of jobs have no new keys.
    (job,) = jobs({**SPHERICAL, "N": 8, "frequencies": [], "ramps": []})
    assert job.parameters["model"] == {"name": "spherical", "covariance": {3: 0.5}}
    assert "ramps" not in job.parameters
    ramps = [{"begin": 1, "field": 0.1}]
    (job,) = jobs({**SPHERICAL, "N": 8, "frequencies": [], "ramps": ramps})
    assert job.parameters["ramps"] == ramps
    mixed = {
        **SPHERICAL,
        "frequencies": [],
        "model": {"name": "spherical", "covariance": {"4": 1, 3: 2}},
    }
    assert list(checked(mixed)["model"]["covariance"].items()) == [(3, 2.0), (4, 1.0)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model": {"name": "lineer"}}, "model.name is 'lineer', but must be one of linear, soft,"),
        ({"model": {"name": "linear"}}, "langevin.a.model.r0 is missing, but must be a number"),
        ({"model": {"name": "linear", "r0": 1.9}}, "r0 is 1.9, but must be at least 2 J = 2, wher"),
        ({"model": {"name": "linear", "r0": 3, "u": 1}}, "model.u is 1, but this key is unknown"),
        ({"model": {"name": "soft", "r": 1, "u": 0}}, "model.u is 0, but must be a number u above"),
        ({"model": SPHERICAL["model"]}, "must be one of random, planted for the model spherical."),
        ({**SPHERICAL, **PLANTED, "T": 0.5}, "T is 0.5, but must be at least 0.586054 if start is"),
        (
            {**SPHERICAL, **PLANTED, "T_initial": 0.5, "frequencies": []},
            "a.T_initial is 0.5, but must be at least 0.586054 if start is planted: below this",
        ),
        ({"T_initial": 1.0}, "T_initial is 1, but must be left out unless start is planted."),
        (
            {**SPHERICAL, **PLANTED, "T_initial": 0.8},
            "start is equilibrium or planted, at the temperature of the run",
        ),
        ({**SPHERICAL, **PLANTED, "T_initial": 0}, "T_initial is 0, but must be a temperature"),
        ({"N": 16384}, "langevin.a.N is 16384, but must be smaller, since all couplings are kept"),
        ({"N": 1}, "langevin.a.N is 1, but must be a whole number from 2"),
        ({"T": 0}, "langevin.a.T is 0, but must be above 0 if start is equilibrium."),
        ({"start": "random"}, "frequencies is [0.5], but must be empty unless start is equilibri"),
        ({"model": SOFT}, "start is 'equilibrium', but must be one of random, planted for the"),
        ({"model": SOFT, **PLANTED, "T": [0.9]}, "a.T is 0.9, but must be above J^2 / u = 1 if"),
        ({"model": SOFT, **PLANTED, "T": [1.05]}, "a.T is 1.05, but must be at or above the glas"),
        ({"model": SOFT, **PLANTED, "T": [0]}, "T is 0, but must be above 0 if start is planted."),
        ({"model": {**SOFT, "field": 1}, **PLANTED}, "field is 1, but must be 0 if start is pla"),
        ({"model": {**SOFT, "J": 10}, **PLANTED}, "time_step is 0.05, but must be at "),
        ({"model": {**SOFT, "r": -1000}, **PLANTED}, "is 0.05, but must be at most 0.00025 with"),
        ({"model": SOFT, **PLANTED, "T": [1e4]}, "time_step is 0.05, but must be at most 0.0025"),
        ({"model": {**SOFT, "field": 1000}, **PLANTED}, "0.05, but must be at most 0.0025 with th"),
        ({"t_max": 1e5, "frequencies": [1000]}, "frequencies has 1000, but must be lower with"),
        ({"t_max": 4.05}, "t_max is 4.05, but must be a whole multiple of 0.1, two time steps."),
        ({"waiting_times": 0.05}, "waiting_times is 0.05, but must be a whole multiple of 0.1"),
        ({"waiting_times": 4}, "waiting_times has 4, but must end two time steps before langevin"),
        ({"time_step": 0}, "time_step is 0, but must be a time from 1e-6 to 1"),
        ({"ramps": [{"begin": 1, "T": 1}]}, "frequencies is [0.5], but must be empty with ramps"),
        (
            {**SPHERICAL, **PLANTED, "T": 1, "model": {**SPHERICAL["model"], "field": 0.1}},
            "frequencies is [0.5], but must be empty with a field if start is planted",
        ),
        (ramp(begin=1.05, T=1), "has the begin 1.05, but must have a whole multiple of 0.1, two"),
        (ramp(begin=1, end=1.15, T=1), "ramps has the end 1.15, but must end 4 time steps after"),
        (ramp(begin=1, end=0.5, T=1), "has the end 0.5, but must end after its begin 1; a change"),
        (ramp(begin=4, T=1), "ramps has the begin 4, but must begin before langevin.a.t_max, 4."),
        (ramp(begin=1), "ramps has the begin 1 without a change, but must have T, field or both"),
        (ramp(begin=1, T=1, course="linear"), "has course 'linear' for the begin 1, but must have"),
        (ramp(begin=1, T=-1), "ramps.T is -1, but must be a temperature from 0 to 1e6"),
        (
            {**ramp(begin=1, field=1), "model": {"name": "spiked_tensor", "r": 1}},
            "ramps.field is 1, but must be left out, since the model spiked_tensor has no field",
        ),
        ({**ramp(begin=1, T=1e4), "model": SOFT}, "is 0.05, but must be at most 0.0025 with"),
        (
            {**ramp(begin=1, field=-1000), "model": SOFT},
            "0.05, but must be at most 0.0025 with these couplings and wells at T = 0.5 in the "
            "field -1000.",
        ),
        (
            {**ramp(begin=1, field=20), "model": SPHERICAL["model"]},
            "is 0.05, but must be at most 0.025 with these couplings and wells at T = 0.5 in the f",
        ),
        ({"waiting_times": [1, 1]}, "waiting_times has 1 2 times, but its values must differ"),
    ],
)  # fmt: skip
def test_refusal(changes, sentence):
    with pytest.raises(CampaignError) as refused:
        checked({**GOOD, **changes})
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("covariance", "sentence"),
    [
        ({2.5: 1}, "covariance has the key 2.5, but its keys must be whole powers p from 2 to 6"),
        ({3: 0}, "must be a coefficient above 0"),
        ({}, "covariance is {}, but must be a mapping of whole powers"),
    ],
)
def test_covariances_that_have_no_couplings(covariance, sentence):
    model = {"name": "spherical", "covariance": covariance}
    with pytest.raises(CampaignError) as refused:
        checked({**SPHERICAL, "model": model, "frequencies": []})
    assert sentence in str(refused.value)


def test_a_seed_is_needed():
    with pytest.raises(CampaignError, match="seed is missing"):
        validated({"campaign": "c", "langevin": {"a": GOOD}})
