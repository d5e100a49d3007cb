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
    everything = spin_correlation.curves({"SK": points})
    scaled, sizes = (
        [curve for curve in everything if curve.panel.endswith(end)]
        for end in (spin_correlation.SCALED, spin_correlation.SIZES)
    )
    found = [curve for curve in everything if ":" not in curve.panel]
    assert all(curve.x.tolist() == WINDOWS.tolist() for curve in (*scaled, *sizes))
    assert len(scaled) == len(found)
    assert [(curve.panel, curve.colour_label, curve.marker_label) for curve in found] == [
        (f"SK, $T={T}$", waited, "$N=128$")
        for T in (0.4, 0.8)
        for waited in (
            "$t_w=1$ sweep",
            "$t_w=10$ sweeps",
            "$t_w=10^{2}$ sweeps",
            "$t_w=10^{3}$ sweeps",
        )
    ]
    assert [(curve.marker, curve.colour) for curve in sizes] == [(64, 100), (128, 100)] * 2
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


def notes_with(overlap, **landscape):
    """The caption's sentences on overlaps at two waiting times with errors 0.01."""
    one = point(10, 1.0, last=4, **landscape)
    changed = np.broadcast_to(overlap(one.waiting_time.values[:, None]), one.overlap.shape)
    some = one.assign(
        overlap=one.overlap.where(one.overlap.isnull(), changed),
        overlap_error=one.overlap.where(one.overlap.isnull(), 0.01),
        samples=50,
    )
    return " ".join(curve.note for curve in spin_correlation.curves({"study": [some]}))


def test_the_caption_says_whether_the_waiting_time_is_the_only_time_scale():
    apart, alike, flatter = (
        "do not lie on one curve",
        "lie on one curve.",
        "later waiting times give flatter curves",
    )
    same = notes_with(lambda time: 0.5 - 0.1 * WINDOWS / 9)
    assert alike in same
    assert apart not in same
    assert "$0.499 \\pm 0.010$" in same
    assert "Averages are over 50 samples." in same
    lower = notes_with(lambda time: 0.5 - 0.1 * WINDOWS / 9 - 0.05 * np.log10(time))
    assert apart in lower
    assert flatter not in lower
    turning = notes_with(lambda time: 0.5 + 0.05 * np.log10(time) * np.log10(WINDOWS))
    assert flatter in turning


def test_only_symmetric_models_are_said_to_forget_all():
    assert "Flipping all spins" in notes_with(lambda time: 0.5 + 0 * time)
    assert "Flipping" not in notes_with(lambda time: 0.5 + 0 * time, energies="pspin", p=3)
    assert "Flipping" not in notes_with(lambda time: 0.5 + 0 * time, field=0.5)


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
