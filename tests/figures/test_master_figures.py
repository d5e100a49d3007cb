"""Figures of the exact dynamics draw the numbers of their results, and exact laws."""

import json

import numpy as np
import pytest

from glasscore.figures.drawing.curves import SOLUTION, above_noise
from glasscore.figures.master import barrier_aging, escape_times, implied_times, relaxation_spectrum
from glasscore.files.provenance import canonical_json
from glasscore.files.store import parameters_of
from glasscore.master import stage
from glasscore.theory import trap_model

N, SAMPLES, TEMPERATURES = 4, 3, (0.5, 0.5004, 1.0)


@pytest.fixture(scope="module")
def points():
    """Results of the same samples, not ordered by temperature."""
    found = []
    for T in (TEMPERATURES[2], *TEMPERATURES[:2]):
        parameters = {
            "seed": 1,
            "study": "rem",
            "landscape": {"graph": "hypercube", "energies": "gaussian"},
            "rule": "metropolis",
            "N": N,
            "T": T,
            "samples": SAMPLES,
            "observables": [
                "aging_functions", "escape_time", "markov_states", "relaxation_times", "trap_aging",
            ],
            "t_max": 64.0,
            "passages": 50,
        }  # fmt: skip
        one = stage.run(parameters, [])
        found.append(one.assign_attrs(parameters=canonical_json(parameters)))
    return found


def drawn(figure, points, panel):
    """Points and lines of the panels whose name ends with ``panel``."""
    curves = [c for c in figure.curves({"REM": points}) if c.panel.endswith(panel)]
    return tuple([c for c in curves if c.role == role] for role in ("data", "theory"))


def coldest_last(points):
    return [points[0], points[2], points[1]]


def test_escape_times(points):
    (simulated,), (exact,) = drawn(escape_times, points, ": times")
    results = coldest_last(points)
    beta = 1 / np.array([1.0, 0.5004, 0.5])
    # The sample with the median barrier is shown.
    barriers = results[0].escape_barrier.values
    shown = int(np.argsort(barriers)[SAMPLES // 2])
    times = np.array([float(one.escape_time[shown]) for one in results])
    assert np.array_equal(exact.x, beta)
    assert np.array_equal(exact.y, times)
    assert np.array_equal(simulated.y, [float(one.simulated_escape_time[shown]) for one in results])
    errors = [float(one.simulated_escape_time_error[shown]) for one in results]
    assert np.array_equal(simulated.error, errors)

    (deviations,), _ = drawn(escape_times, points, ": residuals")
    expected = [
        (one.simulated_escape_time - one.escape_time) / one.simulated_escape_time_error
        for one in results
    ]
    assert np.array_equal(np.sort(deviations.y), np.sort(np.ravel(expected)))

    (prefactor,) = (c for c in escape_times.curves({"REM": points}) if c.role == SOLUTION)
    assert np.array_equal(prefactor.x, beta)
    for value, error, one in zip(prefactor.y, prefactor.error, results, strict=True):
        T = parameters_of(one)["T"]
        logarithms = np.log(one.escape_time.values) - one.escape_barrier.values / T
        assert np.log(value) == pytest.approx(logarithms.mean(), rel=1e-12)
        spread = logarithms.std(ddof=1) / np.sqrt(SAMPLES)
        assert error / value == pytest.approx(spread, rel=1e-12)


def test_barriers_are_not_drawn_where_saddles_do_not_matter(points):
    """Under Arrhenius' rule a state is left at a rate that depends on its own energy alone."""
    one = points[1]
    parameters = {**parameters_of(one), "rule": "arrhenius"}
    other = one.assign_attrs(parameters=canonical_json(parameters))
    for figure in (escape_times, relaxation_spectrum, barrier_aging):
        curves = figure.curves({"REM": [other]})
        assert any("this rule" in curve.note for curve in curves) == (
            figure is not relaxation_spectrum
        )
        labels = {curve.label for curve in curves}
        assert not any(
            what in label
            for label in labels
            for what in (barrier_aging.TRAPS, relaxation_spectrum.BARRIER)
        )


def test_relaxation_spectrum(points):
    (longest,), _ = drawn(relaxation_spectrum, points, ": longest")
    results = coldest_last(points)
    logarithms = np.array([-np.log(one.relaxation_rate.values[:, 0]) for one in results])
    assert longest.y == pytest.approx(logarithms.mean(axis=1) / np.log(10), rel=1e-12)
    spread = logarithms.std(axis=1, ddof=1) / np.sqrt(SAMPLES)
    assert longest.error == pytest.approx(spread / np.log(10), rel=1e-12)

    (slopes,), (barrier,) = drawn(relaxation_spectrum, points, ": slope")
    beta = 1 / np.array([1.0, 0.5004, 0.5])
    expected = np.diff(logarithms.mean(axis=1)) / np.diff(beta)
    assert slopes.y == pytest.approx(expected, rel=1e-9)
    barriers = np.nan_to_num(results[-1].largest_barrier.values)
    assert barrier.y == pytest.approx([barriers.mean()] * 2, rel=1e-12)

    panel = "REM: share"
    every = [c for c in relaxation_spectrum.curves({"REM": points}) if c.panel == panel]
    shares = [c for c in every if c.role == SOLUTION]
    assert len(shares) == 3
    for share, one in zip(shares, results, strict=True):
        times = 1 / one.relaxation_rate.values
        assert share.y[0] == 1.0
        for time, value in zip(share.x, share.y, strict=True):
            assert value == pytest.approx((times > time * (1 + 1e-12)).mean(), abs=1e-12)
    (minima,) = (c for c in every if c.role == "theory")
    assert minima.y == pytest.approx([(2**N / (N + 1) - 1) / (2**N - 1)] * 2, rel=1e-12)


def test_slopes_of_relaxation_times_tend_to_the_largest_barrier():
    found = []
    for T in (0.15, 0.14):
        parameters = {
            **{"seed": 1, "study": "rem", "rule": "metropolis", "N": N, "samples": 10, "T": T},
            "landscape": {"graph": "hypercube", "energies": "gaussian"},
            "observables": ["relaxation_times"],
        }
        one = stage.run(parameters, [])
        found.append(one.assign_attrs(parameters=canonical_json(parameters)))
    (slopes,), (barrier,) = drawn(relaxation_spectrum, found, ": slope")
    # Other modes contribute with exponentially small corrections in most samples.
    assert slopes.y[0] == pytest.approx(barrier.y[0], abs=0.1)


def test_one_temperature_has_no_slope(points):
    (slope,), lines = drawn(relaxation_spectrum, points[:1], ": slope")
    assert slope.x.size == 0
    assert slope.note
    assert lines == []


def test_barrier_aging(points):
    curves = barrier_aging.curves({"REM": points})
    # Temperatures that agree in three digits have panels of their own.
    titles = [rf"REM, $T={T}\,J$" for T in ("0.5", "0.5004", "1")]
    panels = [title + kind for title in titles for kind in (": same", ": fall")]
    assert list(dict.fromkeys(curve.panel for curve in curves)) == panels
    one = points[1].sel(window=0.5)
    exact, traps, equilibrium = (
        curve for curve in curves if curve.panel == panels[0] and curve.x.size
    )
    known = np.isfinite(one.same_configuration.values)
    assert known.sum() == exact.y.size > 3
    assert np.array_equal(exact.x, one.waiting_time[known])
    assert np.array_equal(exact.y, one.same_configuration[known])
    assert np.array_equal(exact.error, one.same_configuration_error[known])
    seen = np.isfinite(one.trap_same_configuration.values)
    assert np.array_equal(traps.y, one.trap_same_configuration[seen])
    assert np.array_equal(traps.error, one.trap_same_configuration_error[seen])
    # Points of the same samples tend to it, to which T = 0.5 is warm enough here.
    assert equilibrium.y[0] == float(one.equilibrium_same_configuration)
    assert exact.y[-1] == pytest.approx(equilibrium.y[0], abs=0.1)


def test_the_limit_of_aging_is_drawn_for_exponential_energies(points):
    """It is drawn beside the points, and there is none above T_c or for Gaussian energies."""
    for energies, temperatures in (("exponential", {"0.5", "0.5004"}), ("gaussian", set())):
        some = []
        for point in points:
            said = json.loads(point.attrs["parameters"])
            said["landscape"] = {"graph": "hypercube", "energies": energies}
            some.append(point.assign_attrs(parameters=json.dumps(said), critical_temperature=1.0))
        lines = [
            curve for curve in barrier_aging.curves({"REM": some})
            if curve.label == barrier_aging.PLATEAU
        ]  # fmt: skip
        assert {line.panel.split("=")[1].split("\\")[0] for line in lines} == temperatures
        for line in lines:
            assert line.x.min() > points[0].waiting_time.max()
            if "0.5\\" in line.panel:
                law = float(trap_model.aging_function(0.5, 0.5))
                assert line.y == pytest.approx([law] * 2, rel=1e-12)


def test_the_fall_begins_after_the_descent_at_its_highest_value():
    time = 2.0 ** np.arange(12)
    C = np.array([0.9, 0.6, 0.4, 0.5, 0.6, 0.8, 0.7, 0.5, 0.3, 0.21, 0.2, 0.2])
    x, left = barrier_aging.fall(time, C, np.full(12, 0.1), 4, 0.2)
    assert x[0] == 16.0
    np.testing.assert_allclose(left, (C[4:] - 0.2) / 0.6, rtol=1e-12)
    # At 256 a sixth is left, and at 512 a sixtieth; a tenth is left in between.
    share = (1 / 6 - 0.1) / (1 / 6 - 1 / 60)
    assert barrier_aging.end_of_fall(x, left) == pytest.approx(256.0 * 2**share, rel=1e-12)
    np.testing.assert_allclose(barrier_aging.fall(time, C, None, 4)[1], left, rtol=1e-12)


@pytest.mark.parametrize(
    ("C", "error", "limit"),
    [
        # It is not over at the end, whether the limit is known or not.
        ([0.9, 0.8, 0.7, 0.6, 0.5], 0.01, 0.3),
        ([0.9, 0.8, 0.7, 0.6, 0.5], 0.01, None),
        # It is smaller than the error.
        ([0.55, 0.54, 0.5, 0.5, 0.5], 0.1, 0.5),
        # There is none.
        ([0.4, 0.5, 0.5, 0.5, 0.5], 0.01, 0.5),
    ],
)
def test_no_fall_is_drawn_where_none_is_seen(C, error, limit):
    time = 8.0 * 2.0 ** np.arange(5)
    assert barrier_aging.fall(time, np.array(C), np.full(5, error), 2, limit) is None
    assert barrier_aging.fall(time, np.array(C), np.full(5, error), 100, limit) is None


@pytest.mark.parametrize("energies", ["sk", "pspin", "correlated", "number_partitioning"])
def test_no_law_is_drawn_for_aging_of_other_energies(points, energies):
    parameters = {**parameters_of(points[1])}
    parameters["landscape"] = {**parameters["landscape"], "energies": energies, "p": 3}
    one = points[1].assign_attrs(parameters=canonical_json(parameters))
    laws = {c.label for c in barrier_aging.curves({"A": [one]}) if c.role == "theory"}
    assert laws == {barrier_aging.EQUILIBRIUM}


def test_implied_times(points):
    panel = r"$T=0.5004\,J$: times"
    data, lines = drawn(implied_times, points, panel)
    one = points[2].isel(sample=0)
    for curve, mode in zip(data, one.slow_mode.values, strict=True):
        times = one.implied_time.sel(slow_mode=mode).values
        known = np.isfinite(times)
        assert np.array_equal(curve.y, times[known])
        assert np.array_equal(curve.x, one.lag_time[known])
    assert [line.y[0] for line in lines] == one.slowest_time.values.tolist()
    tests, _ = drawn(implied_times, points, ": test")
    for curve, result in zip(tests, points, strict=True):
        mean = result.markov_deviation.values
        error = result.markov_deviation_error.values
        # The last lag has no test.
        kept = above_noise(mean, error, 2.0) & (mean > 1e-12)
        assert kept.any()
        assert np.array_equal(curve.y, mean[kept])
        assert np.array_equal(curve.error, error[kept])
