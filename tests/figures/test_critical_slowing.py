"""Which simulations are drawn with single sites, and how exponents are written in labels."""

import numpy as np
import pytest
import xarray as xr

from glasscore.campaign.configuration import validated
from glasscore.campaign.listing import jobs
from glasscore.figures.dmft import critical_slowing
from glasscore.figures.drawing import matching_simulations
from glasscore.files.provenance import canonical_json
from glasscore.langevin import stage as langevin
from glasscore.theory.critical_slowing import Fit

SITE = {"single_site": "soft", "r": 0.0, "u": 1.0, "J": 1.0}
SOFT = {"name": "soft", "r": 0, "u": 1, "J": 1, "field": 0.0}


def result(parameters, variables=None, coordinates=None):
    return xr.Dataset(variables, coordinates, {"parameters": canonical_json(parameters)})


def of_spins(N, T=1.2, rule="heat_bath", field=0.0):
    waiting = np.array([N, 10.0 * N, 100.0 * N])
    overlap = np.array([[0.5, 0.2], [0.4, 0.1], [0.3, np.nan]])
    pair = ("waiting_time", "window")
    return result(
        {"N": N, "T": T, "rule": rule, "landscape": {"energies": "sk", "field": field}},
        {"overlap": (pair, overlap), "overlap_error": (pair, overlap / 100)},
        {"waiting_time": waiting, "window": [0.1, 2.0]},
    )


def test_the_largest_size_and_the_last_complete_waiting_time_are_shown_in_sweeps():
    largest = critical_slowing._largest([of_spins(64), of_spins(256), of_spins(128)])
    shown = matching_simulations.equilibrium_correlation(largest)
    assert (shown.N, shown.waited) == (256, 10.0)
    assert shown.lag == pytest.approx([1.0, 20.0])
    assert shown.value == pytest.approx([0.4, 0.1])
    assert shown.error == pytest.approx([0.004, 0.001])


@pytest.mark.parametrize("waiting_times", [[0.0], [0.0, 5.0]])
def test_soft_spins_are_shown_behind_a_waiting_time_after_the_start(waiting_times):
    """This holds for one sample, too, whose errors are unknown; nothing is shown behind the end."""
    study = {
        "model": {"name": "soft", "r": 0, "u": 1}, "N": [8, 16], "T": [1.2], "samples": 1,
        "trajectories": 8, "t_max": 10.0, "waiting_times": waiting_times,
    }  # fmt: skip
    campaign = validated({"campaign": "c", "seed": 1, "langevin": {"soft": study}})
    simulated = [
        langevin.run(job.parameters, []).assign_attrs(parameters=canonical_json(job.parameters))
        for job in jobs(campaign).values()
        if job.stage == "langevin"
    ]
    times = ("time", np.array([0.0, 1.0, 2.0]))
    known = ("time", np.array([0.9, 0.7, 0.6]))
    site = result(
        {"T": 1.2, "model": SITE},
        {"correlation": known, "sampled_correlation": known}
        | {
            f"{name}_error": ("time", np.full(3, 0.01))
            for name in ("correlation", "sampled_correlation")
        },
        {"time": times},
    ).assign_attrs(glass_temperature=1.058)
    found = critical_slowing._of_simulation("soft", site, simulated)
    finite = [curve for curve in found if curve.role == "data" and curve.marker == 16]
    assert len(finite) == len(waiting_times) - 1
    for curve in finite:
        assert curve.x.size > 10
        assert curve.x.min() > 0
        assert 4.0 < curve.x.max() <= 5.0


def in_equilibrium(N, T, samples=4):
    time = np.concatenate([[0.0], np.geomspace(0.1, 50, 30)])
    values = np.exp(-time) if T > 1.1 else (1 + time) ** -0.5
    values = values * (1 + 0.01 * np.arange(samples)[:, None])
    return result(
        {"N": N, "T": T, "model": SOFT},
        {
            "correlation": ("time", values.mean(axis=0)),
            "correlation_error": ("time", values.std(axis=0, ddof=1) / np.sqrt(samples)),
            "correlation_of_sample": (("sample", "time"), values),
        },
        {"time": time},
    )


def test_simulations_in_equilibrium_have_exponents_and_relaxation_times():
    finite = in_equilibrium(16, 1.058)
    (line,) = critical_slowing._fit_of_samples("soft", finite)
    assert line.label.startswith(r"$\propto t^{-\nu}$, $\nu=0.4")
    assert line.x.min() >= 5
    shown = matching_simulations.equilibrium_correlation(finite)
    assert (shown.lag.size, shown.value.size, shown.N, shown.waited) == (31, 31, 16, np.inf)
    site = result({"T": 1.2, "model": SITE}, {"correlation": ("time", [1.0, 0.001])},
                  {"time": [0.0, 50.0]}).assign_attrs(glass_temperature=1.058)  # fmt: skip
    largest = in_equilibrium(16, 1.2)
    (found,) = critical_slowing._times_of_samples(0.0, "soft", [site], [largest])
    # The samples are multiples of exp(-t), for which the time is T / C(0).
    assert found.y == pytest.approx(1.2 / 1.015, rel=1e-3)
    assert found.error == pytest.approx(1.2 * 0.01 * np.sqrt(5 / 12), rel=0.05)
    slow = site.assign(correlation=("time", [1.0, 0.003]))
    assert critical_slowing._times_of_samples(0.0, "soft", [slow], [largest]) == []


@pytest.mark.parametrize(
    ("site", "other", "same"),
    [
        ({"single_site": "glauber", "J": 1.0}, of_spins(64), True),
        ({"single_site": "glauber", "J": 1.0}, of_spins(64, rule="metropolis"), False),
        ({"single_site": "glauber", "J": 1.0}, of_spins(64, T=1.3), False),
        ({"single_site": "glauber", "J": 1.0}, of_spins(64, field=0.1), False),
        ({"single_site": "glauber", "J": 2.0}, of_spins(64), False),
        (SITE, of_spins(64), False),
        (SITE, result({"T": 1.2, "model": SOFT}), True),
        (SITE, result({"T": 1.2, "model": SOFT | {"field": 1.0}}), False),
        (SITE, result({"T": 1.2, "model": SOFT | {"u": 2.0}}), False),
    ],
)
def test_simulations_are_laid_over_their_own_model(site, other, same):
    point = result({"T": 1.2, "model": site})
    assert matching_simulations.same_model(point, other) is same


@pytest.mark.parametrize(
    ("exponent", "error", "text"),
    [(0.4981, 0.0043, "$z=0.498(4)$"), (1.02, 0.1, "$z=1.0(1)$"), (0.5, 0.0, "$z=0.5(0)$")],
)
def test_exponents_carry_their_error_in_the_last_digit(exponent, error, text):
    assert critical_slowing.exponent_text("z", Fit(exponent, error, 0.0)) == text
