"""Overlaps are shown at the right waiting times and windows, and their points lie apart."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.traps import spin_correlation
from glasscore.files.provenance import canonical_json

WINDOWS = np.array([0.1, 0.5, 1.0, 9.0])
PAIR = ("waiting_time", "window")


def point(N, T, last=5, per_decade=4, **landscape):
    """A result with distinct numbers, whose windows are complete up to the waiting time 10^last."""
    waiting_times = 10.0 ** (np.arange((last + 1) * per_decade) / per_decade)
    later = waiting_times[:, None] * (1 + WINDOWS)
    overlap = np.where(later <= 10.0 ** (last + 1), 1 / (1 + later * T / N), np.nan)
    model = {"graph": "hypercube", "energies": "sk", **landscape}
    return xr.Dataset(
        {"overlap": (PAIR, overlap), "overlap_error": (PAIR, overlap / N)},
        {"waiting_time": waiting_times, "window": WINDOWS},
        {"parameters": canonical_json({"landscape": model, "N": N, "T": T})},
    )


def powers_of(*points):
    found = spin_correlation.curves({"study": list(points)})
    return [round(np.log10(time), 2) for time in sorted({curve.colour for curve in found})]


def test_overlaps_are_those_of_the_file_for_the_coldest_and_the_hottest():
    points = [point(N, T) for N in (64, 128) for T in (0.5, 0.8, 0.4)]
    found = spin_correlation.curves({"SK": points})
    # From one sweep of 128 attempts on there are twelve waiting times; every third one is shown.
    powers = ("2.75", "3.5", "4.25", "5")
    assert [(curve.panel, curve.colour_label, curve.marker_label) for curve in found] == [
        (f"SK, $T={T}$", f"$t_w=10^{{{power}}}$", f"$N={N}$")
        for T in (0.4, 0.8)
        for power in powers
        for N in (64, 128)
    ]
    for curve in found:
        N, T = curve.marker, 0.4 if "0.4" in curve.panel else 0.8
        time = 10.0 ** float(curve.colour_label.partition("{")[2].rstrip("}$"))
        expected = 1 / (1 + time * (1 + WINDOWS) * T / N)
        assert curve.role == "data"
        assert curve.colour == pytest.approx(time, rel=1e-12)
        np.testing.assert_array_equal(curve.x, WINDOWS)
        np.testing.assert_allclose(curve.y, expected, rtol=1e-12)
        np.testing.assert_allclose(curve.error, expected / N, rtol=1e-12)


@pytest.mark.parametrize(
    ("points", "powers"),
    [
        ([point(10, 1.0)], [1, 2, 3, 4, 5]),
        ([point(16, 1.0)], [2, 3, 4, 5]),
        ([point(10, 1.0), point(9, 1.0, last=3)], [1, 1.5, 2, 2.5, 3]),
        ([point(10, 1.0), point(9, 1.0, per_decade=3)], [1, 2, 3, 4, 5]),
        ([point(10, 1.0), point(9, 1.0).isel(waiting_time=slice(-3, None))], []),
        ([point(4096, 1.0, last=3)], [3]),
    ],
    ids=["most", "from a sweep on", "a shorter run", "another density", "none", "short of a sweep"],
)
def test_waiting_times_are_a_few_up_to_the_last_that_all_runs_have(points, powers):
    assert powers_of(*points) == powers


def test_correlated_energies_have_panels_for_each_alpha():
    correlated = {"energies": "correlated"}
    points = [point(12, 0.5, alpha=alpha, **correlated) for alpha in (0.5, 0.25)]
    found = spin_correlation.curves({"study": points, "other": points[:1]})
    assert list(dict.fromkeys(curve.panel for curve in found)) == [
        r"study, $\alpha=0.25$, $T=0.5$",
        r"study, $\alpha=0.5$, $T=0.5$",
        "other, $T=0.5$",
    ]


@pytest.mark.parametrize("sizes", [(64,), (64, 128), (16, 32, 48, 64, 96, 128)])
def test_points_of_a_window_are_drawn_beside_each_other_about_it(sizes):
    found = spin_correlation.curves({"SK": [point(N, 0.4) for N in sizes]})
    drawn = spin_correlation._side_by_side(found)
    shown = np.log10([curve.x for curve in drawn[: len(sizes)]])
    np.testing.assert_allclose(shown.mean(axis=0), np.log10(WINDOWS), atol=1e-12)
    assert (np.diff(shown, axis=0) > 0.01).all()
    # Points are less than half of the way from 0.5 to 1 apart.
    assert np.ptp(shown, axis=0).max() <= np.log10(2) / 2
