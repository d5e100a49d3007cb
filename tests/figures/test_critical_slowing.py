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


SOLVED = {"ensembles": 2, "trajectories": 512, "tolerance": 1e-3}


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
    site = result({"T": 1.2, "model": {"single_site": "glauber", "J": 1.0}})
    largest = critical_slowing._simulation(site, [of_spins(64), of_spins(256), of_spins(128)])
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
        {"T": 1.2, "model": SITE, **SOLVED},
        {"correlation": known, "sampled_correlation": known}
        | {
            f"{name}_error": ("time", np.full(3, 0.01))
            for name in ("correlation", "sampled_correlation")
        },
        {"time": times},
    ).assign_attrs(glass_temperature=1.058, time_step=0.05)
    found = list(critical_slowing._correlation("soft", site, simulated))
    finite = [curve for curve in found if curve.marker == 16]
    # Each comes with a note on its time steps.
    assert all("time_step" not in curve.note and "$N=16$" in curve.note for curve in finite)
    assert len(finite) == len(waiting_times) - 1
    for curve in finite:
        assert curve.x.size > 10
        assert curve.x.min() > 0
        assert 1.5 < curve.x.max() <= 2.0


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
    shown = matching_simulations.equilibrium_correlation(finite)
    assert (shown.lag.size, shown.value.size, shown.N, shown.waited) == (31, 31, 16, np.inf)
    known = {"correlation": ("time", [1.0, 0.001])}
    site = result({"T": 1.2, "model": SITE}, known, {"time": [0.0, 50.0]})
    largest = in_equilibrium(16, 1.2)
    N, mean, error = critical_slowing._time_of_samples(site, [largest])
    # The samples are multiples of exp(-t), for which the time is T / C(0).
    assert N == 16
    assert mean == pytest.approx(1.2 / 1.015, rel=1e-3)
    assert error == pytest.approx(1.2 * 0.01 * np.sqrt(5 / 12), rel=0.05)
    slow = site.assign(correlation=("time", [1.0, 0.003]))
    assert critical_slowing._time_of_samples(slow, [largest]) is None


def of_ising(T, b=2.0):
    """A single site with C = (1 + t)^(-1/2) at T_g = 1 and tau = b / (1 - 1 / T^2) above."""
    time = np.append(0.0, np.geomspace(0.1, 1000.0, 60))
    values = (1 + time) ** -0.5
    known = dict.fromkeys(("correlation", "sampled_correlation"), ("time", values))
    errors = {f"{name}_error": ("time", 0.01 * values) for name in known}
    of_ensemble = np.array([0.99, 1.01])
    return result(
        {"T": T, "model": {"single_site": "glauber", "J": 1.0}, **SOLVED},
        {
            **known,
            **errors,
            "correlation_of_ensemble": (("ensemble", "time"), np.outer(of_ensemble, values)),
            "local_relaxation_time": ("ensemble", b * of_ensemble),
            "relaxation_time": ("ensemble", b * of_ensemble / max(1e-9, 1 - T**-2)),
        },
        {"time": time},
    ).assign_attrs(glass_temperature=1.0, time_step=0.1)


def test_products_tend_to_their_limits_and_fits_stand_in_notes():
    sites = [of_ising(T) for T in (1.0, 1.03, 1.06, 1.1, 1.15, 1.2)]
    curves = critical_slowing.curves({"ising": sites})
    (limit,) = [curve for curve in curves if curve.label == critical_slowing.DECAY_LAW]
    # T_g sqrt(b / pi J^3), the mean of both ensembles.
    assert limit.y == pytest.approx(np.sqrt(2 / np.pi), rel=1e-4)
    assert limit.x.min() > 30
    assert r"$\nu=0.49" in limit.note
    times = [curve for curve in curves if curve.panel == "ising" + critical_slowing.TIMES]
    points = [curve for curve in times if curve.role == "data"]
    assert [curve.y[0] for curve in points] == pytest.approx([2.0] * 5, rel=1e-12)
    (law,) = [curve for curve in times if curve.label == critical_slowing.ISING_LAW]
    assert law.y == pytest.approx(2.0, rel=1e-12)
    (fit,) = [curve for curve in times if curve.label == critical_slowing.FITTED]
    assert fit.y == pytest.approx(2.0, rel=1e-3)
    assert "$z=1.00(" in fit.note
    assert "for $2$ degrees of freedom; with $z = 1$ fixed" in fit.note
    (at_glass,) = {curve.note for curve in curves if curve.panel.endswith("difference")} - {""}
    assert "at most $0.0$ combined errors" in at_glass


def test_few_temperatures_are_drawn_those_with_simulations_first():
    sites = [of_ising(T) for T in (1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6)]
    chosen = critical_slowing._chosen(sites, [of_spins(64, T=1.3), of_spins(64, T=1.1)])
    T = [matching_simulations.temperature(one) for one in chosen]
    assert len(T) == critical_slowing.MOST_TEMPERATURES
    assert {1.1, 1.3} <= set(T)
    assert sorted(T) == T


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
