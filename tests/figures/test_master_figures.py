"""Figures of the exact dynamics draw the numbers of their results, and exact laws."""

import numpy as np
import pytest

from glasscore.figures.master import barrier_aging, escape_times, implied_times, relaxation_spectrum
from glasscore.files.provenance import canonical_json
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
    (simulated,), (exact, guide) = drawn(escape_times, points, ": times")
    results = coldest_last(points)
    beta = 1 / np.array([1.0, 0.5004, 0.5])
    times = np.array([float(one.escape_time[0]) for one in results])
    assert np.array_equal(exact.x, beta)
    assert np.array_equal(exact.y, times)
    assert np.array_equal(simulated.y, [float(one.simulated_escape_time[0]) for one in results])
    errors = [float(one.simulated_escape_time_error[0]) for one in results]
    assert np.array_equal(simulated.error, errors)
    # The guide is Arrhenius' law through the coldest point.
    barrier = float(results[-1].escape_barrier[0])
    assert guide.y[-1] == times[-1]
    slopes = np.diff(np.log(guide.y)) / np.diff(beta)
    # The tolerance is the rounding of logarithms of order ten, divided by the difference of inverse
    # temperatures.
    assert slopes == pytest.approx(barrier, rel=1e-10)

    (deviations,), limits = drawn(escape_times, points, ": deviations")
    expected = [
        (one.simulated_escape_time - one.escape_time) / one.simulated_escape_time_error
        for one in results
    ]
    assert np.array_equal(np.sort(deviations.y), np.sort(np.ravel(expected)))
    assert {tuple(line.y) for line in limits} == {(-4.0, -4.0), (4.0, 4.0)}

    (slope,), (diagonal,) = drawn(escape_times, points, ": slopes")
    log_times = np.log([results[1].escape_time.values, results[2].escape_time.values])
    assert slope.y == pytest.approx(np.diff(log_times, axis=0)[0] / (1 / 0.5 - 1 / 0.5004))
    assert np.array_equal(slope.x, results[-1].escape_barrier.values)
    assert np.array_equal(diagonal.x, diagonal.y)


def test_relaxation_spectrum(points):
    (longest,), (guide,) = drawn(relaxation_spectrum, points, ": longest")
    results = coldest_last(points)
    assert np.array_equal(longest.y, [1 / float(one.relaxation_rate[0, 0]) for one in results])
    slope = np.log(guide.y[1] / guide.y[0]) / (guide.x[1] - guide.x[0])
    assert slope == pytest.approx(float(results[-1].largest_barrier[0]), rel=1e-12)

    densities, _ = drawn(relaxation_spectrum, points, ": density")
    assert len(densities) == 3
    for density, one in zip(densities, results, strict=True):
        width = 1 / relaxation_spectrum.BINS_PER_DECADE
        assert density.y.sum() * width == pytest.approx(1.0, rel=1e-12)
        counts = np.round(density.y * width * one.relaxation_rate.size)
        for place, count in zip(density.x, counts, strict=True):
            logarithm = -np.log10(one.relaxation_rate.values) - np.log10(place)
            assert (np.abs(logarithm) <= width / 2).sum() == count


def test_barrier_aging(points):
    curves = barrier_aging.curves({"REM": points})
    # Temperatures that agree in three digits have panels of their own.
    panels = ["REM, $T=0.5$", "REM, $T=0.5004$", "REM, $T=1$"]
    assert list(dict.fromkeys(curve.panel for curve in curves)) == panels
    one = points[1].sel(window=0.5)
    exact, traps, plateau = (curve for curve in curves if curve.panel == panels[0])
    known = np.isfinite(one.same_configuration.values)
    assert known.sum() == exact.y.size > 3
    assert np.array_equal(exact.x, one.waiting_time[known])
    assert np.array_equal(exact.y, one.same_configuration[known])
    assert np.array_equal(exact.error, one.same_configuration_error[known])
    seen = np.isfinite(one.trap_same_configuration.values)
    assert np.array_equal(traps.y, one.trap_same_configuration[seen])
    x = 0.5 * np.sqrt(2 * np.log(2))
    assert plateau.y == pytest.approx([float(trap_model.aging_function(0.5, x))] * 2, rel=1e-12)
    # There is no plateau above T_c = 0.85.
    assert sum(curve.panel == panels[2] for curve in curves) == 2


def test_implied_times(points):
    panel = "$T=0.5004$: times"
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
        assert np.array_equal(curve.y, mean[mean > 0])
        assert np.array_equal(curve.error, result.markov_deviation_error.values[mean > 0])
