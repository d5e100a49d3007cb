"""Overlaps are shown at the right waiting times, against times in sweeps."""

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


def sweeps_of(*points):
    found = spin_correlation.curves({"study": list(points)})
    return sorted({curve.colour for curve in found})


def test_overlaps_are_those_of_the_file_for_the_coldest_and_the_hottest():
    points = [point(N, T) for N in (64, 128) for T in (0.5, 0.8, 0.4)]
    found = spin_correlation.curves({"SK": points})
    scaled = [curve for curve in found if curve.panel.endswith(spin_correlation.SCALED)]
    found = [curve for curve in found if not curve.panel.endswith(spin_correlation.SCALED)]
    assert all(curve.x.tolist() == WINDOWS.tolist() for curve in scaled)
    assert len(scaled) == len(found)
    assert [(curve.panel, curve.colour_label, curve.marker_label) for curve in found] == [
        (f"SK, $T={T}$", waited, f"$N={N}$")
        for T in (0.4, 0.8)
        for waited in (
            "$t_w=1$ sweep",
            "$t_w=10$ sweeps",
            "$t_w=10^{2}$ sweeps",
            "$t_w=10^{3}$ sweeps",
        )
        for N in (64, 128)
    ]
    for curve in found:
        N, T = curve.marker, 0.4 if "0.4" in curve.panel else 0.8
        assert curve.role == "data"
        # Times are a quarter of a decade apart, so that one lies within an eighth.
        time = curve.x[0] * N / WINDOWS[0]
        assert abs(np.log10(time / (N * curve.colour))) < 0.1251
        np.testing.assert_allclose(curve.x, WINDOWS * time / N, rtol=1e-12)
        expected = 1 / (1 + time * (1 + WINDOWS) * T / N)
        np.testing.assert_allclose(curve.y, expected, rtol=1e-12)
        np.testing.assert_allclose(curve.error, expected / N, rtol=1e-12)


@pytest.mark.parametrize(
    ("points", "sweeps"),
    [
        ([point(10, 1.0)], [1, 10, 100, 1e3, 1e4]),
        ([point(10, 1.0, last=7)], [100, 1e3, 1e4, 1e5, 1e6]),
        ([point(10, 1.0), point(9, 1.0, last=3)], [1, 10, 100]),
        ([point(10, 1.0), point(100, 1.0)], [1, 10, 100, 1e3]),
        ([point(4000, 1.0, last=3)], [10**3 / 4000]),
    ],
    ids=["few", "most", "a shorter run", "a larger size", "short of a sweep"],
)
def test_waiting_times_are_powers_of_ten_up_to_the_last_that_all_runs_have(points, sweeps):
    assert sweeps_of(*points) == pytest.approx(sweeps, rel=1e-12)


def test_windows_beyond_the_end_of_the_run_are_left_out():
    one = point(10, 1.0)
    short = one.assign(overlap=one.overlap.where(one.window < 5))
    for curve in spin_correlation.curves({"study": [short]}):
        assert curve.x.size == 3


def test_correlated_energies_have_panels_for_each_alpha():
    correlated = {"energies": "correlated"}
    points = [point(12, 0.5, alpha=alpha, **correlated) for alpha in (0.5, 0.25)]
    found = spin_correlation.curves({"study": points, "other": points[:1]})
    assert list(dict.fromkeys(curve.panel.partition(":")[0] for curve in found)) == [
        r"study, $\alpha=0.25$, $T=0.5$",
        r"study, $\alpha=0.5$, $T=0.5$",
        "other, $T=0.5$",
    ]
