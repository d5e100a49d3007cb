"""Limits of comparable simulations in equilibrium, which are exact where data lie on a line."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.dmft import finite_size_equilibrium
from glasscore.figures.drawing.extrapolation import interpolate_in_log_time
from glasscore.files.provenance import canonical_json

SOFT = {"name": "soft", "r": 0, "u": 1, "J": 1, "field": 0.0}
TIME = np.append(0.0, np.geomspace(0.05, 100.0, 40))
SIZES = (10, 20, 40)
ERROR, OF_THEORY = 0.1, 0.02


def site(model, T=1.2):
    """A single site with C = exp(-t / 4), which has fallen to 0.002 at t = 24.9."""
    parameters = {"T": T, "model": model}
    known = ("time", np.exp(-TIME / 4)), ("time", np.full(TIME.size, OF_THEORY))
    named = dict(zip(("correlation", "correlation_error"), known, strict=True))
    attributes = {"parameters": canonical_json(parameters), "glass_temperature": 1.058}
    return xr.Dataset(named, {"time": TIME}, attributes)


OF_SOFT = site({"single_site": "soft", "r": 0.0, "u": 1.0, "J": 1.0})
OF_ISING = site({"single_site": "glauber", "J": 1.0})


def planted(N):
    """A simulation whose correlation is C + 1 / N, with errors that give the weights 100 N."""
    lag = TIME[:30]
    values = ("time", np.exp(-lag / 4) + 1 / N), ("time", np.full(lag.size, ERROR / np.sqrt(N)))
    named = dict(zip(("correlation", "correlation_error"), values, strict=True))
    parameters = {"N": N, "T": 1.2, "model": SOFT, "start": "planted"}
    return xr.Dataset(named, {"time": lag}, {"parameters": canonical_json(parameters)})


def waited(N, t_w):
    """A simulation with the correlation C + 1 / N after a random start."""
    point = planted(N).rename(time="lag")
    parameters = {"N": N, "T": 1.2, "model": SOFT, "start": "random"}
    point = point.expand_dims(waiting_time=[0.0, t_w])
    return point.assign_attrs(parameters=canonical_json(parameters))


def of_ising(N, sweeps):
    """A simulation with C + (2 + ln lag) / N, at lags that differ between sizes."""
    window = np.array([0.01, 0.05, 0.1, 0.3, 1.0])
    lag = window * sweeps
    values = interpolate_in_log_time(TIME, OF_ISING.correlation.values, lag) + (2 + np.log(lag)) / N
    pair = ("waiting_time", "window")
    error = np.full((2, 5), ERROR / np.sqrt(N))
    return xr.Dataset(
        {"overlap": (pair, [np.ones(5), values]), "overlap_error": (pair, error)},
        {"waiting_time": [1.0, sweeps * N], "window": window},
        {"parameters": canonical_json(
            {"N": N, "T": 1.2, "rule": "heat_bath", "landscape": {"energies": "sk"}}
        )},
    )  # fmt: skip


def curves(known, points):
    return finite_size_equilibrium.curves({"study": [known]}, {"simulated": points})


def limits(found):
    return [each for each in found if each.role == "data" and each.x.tolist() == [0.0]]


def test_what_sizes_differ_by_ends_at_the_solution():
    found = limits(curves(OF_SOFT, [planted(N) for N in SIZES]))
    assert len(found) == 3
    N = np.array(SIZES)
    x, w = 1 / N, N / ERROR**2
    centre = (w * x).sum() / w.sum()
    of_line = np.sqrt(1 / w.sum() + centre**2 / (w * (x - centre) ** 2).sum())
    for each in found:
        assert each.y == pytest.approx(0.0, abs=1e-13)
        assert each.error == pytest.approx(np.hypot(of_line, OF_THEORY), rel=1e-12)


def test_sizes_with_other_lags_are_compared_at_one_of_them():
    """The difference is linear in ln lag, so that its interpolation is exact."""
    points = [of_ising(N, sweeps) for N, sweeps in zip(SIZES, (30, 40, 35), strict=True)]
    found = curves(OF_ISING, points)
    points = [each for each in found if each.label.startswith(r"$\tau")]
    assert len({each.marker for each in points}) == 3
    for each in points:
        assert each.x == 1 / each.colour
        assert each.y * each.colour == pytest.approx(2 + np.log(each.marker), rel=1e-12)
    assert [each.y[0] for each in limits(found)] == pytest.approx([0.0] * 3, abs=1e-13)


@pytest.mark.parametrize(("t_w", "panels"), [(12.3, 0), (12.6, 3)])
def test_a_start_must_be_forgotten(t_w, panels):
    """At t_w = 12.43, C(2 t_w) = 0.002 C(0)."""
    found = curves(OF_SOFT, [waited(N, t_w) for N in SIZES])
    assert len({each.panel for each in found}) == panels


def test_planted_couplings_are_kept_apart():
    points = [planted(N) for N in SIZES] + [waited(N, 20.0) for N in SIZES]
    assert {each.panel for each in curves(OF_SOFT, points)} == {
        panel
        for start in ("", ", planted")
        for panel in (
            f"study, $T=1.2${start}: all sizes",
            f"difference: study, $T=1.2${start}",
            f"extrapolation: study, $T=1.2${start}",
        )
    }


@pytest.mark.parametrize(
    ("known", "points"),
    [
        (OF_SOFT, [planted(10), planted(20), planted(20)]),
        (OF_SOFT.assign_attrs(glass_temperature=1.2), [planted(N) for N in SIZES]),
        (OF_ISING, [planted(N) for N in SIZES]),
    ],
)
def test_two_sizes_the_transition_and_another_model_have_no_limit(known, points):
    assert curves(known, points) == []


def test_sizes_without_a_lag_in_common_have_no_limit():
    found = curves(OF_ISING, [of_ising(N, sweeps) for N, sweeps in ((10, 99), (20, 99), (40, 40))])
    assert limits(found)
    apart = [of_ising(10, 90), of_ising(20, 90), of_ising(40, 13).isel(window=[0, 1])]
    found = curves(OF_ISING, apart)
    assert {each.panel for each in found} == {
        "study, $T=1.2$: all sizes", "difference: study, $T=1.2$",
    }  # fmt: skip
