"""Responses are drawn beside the laws that hold for them, and where they hold."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.traps import activated_fdt
from glasscore.files.provenance import canonical_json
from glasscore.theory import trap_model, trap_response

TIMES = np.array([float(f"{10.0 ** (k / 4):.12g}") for k in range(25)])
WINDOWS = np.array([0.1, 1.0, 9.0])
TRAPS = {"graph": "complete", "energies": "exponential"}
SK = {"graph": "hypercube", "energies": "sk", "field": 0.0}
PLANTED = {"start": {"name": "planted", "T": 1.5}}


def point(landscape=TRAPS, rule="arrhenius", T=0.5, N=np.inf, error=0.01, **run):
    """A result with the law of infinitely many traps at x = 0.5 as its means."""
    x, end = 0.5, TIMES[-1]
    later = TIMES[:, None] * (1 + WINDOWS)
    inside = later <= end
    waited = TIMES[:-1]
    pair, late = ("waiting_time", "window"), ("field_time", "response_time")
    lags = np.maximum(TIMES / TIMES[:, None] - 1, 0.0)
    after = TIMES[:, None] <= TIMES
    means = {
        "response": (pair, trap_response.response(waited[:, None], WINDOWS, x) / T, inside[:-1]),
        "correlation": (pair, trap_model.no_jump(waited[:, None], WINDOWS, x), inside[:-1]),
        "later_response": (late, trap_response.response(TIMES[:, None], lags, x) / T, after),
        "later_correlation": (late, trap_model.no_jump(TIMES[:, None], lags, x), after),
    }
    found = {name: (dims, np.where(known, y, np.nan)) for name, (dims, y, known) in means.items()}
    violation = T * found["response"][1] + found["correlation"][1] - 1
    found["fluctuation_dissipation_violation"] = pair, violation
    changes = [np.diff(found[f"later_{name}"][1], axis=0, append=np.nan) for name in
               ("response", "correlation")]  # fmt: skip
    found["fluctuation_dissipation_ratio"] = late, -T * changes[0] / changes[1]
    errors = {
        f"{name}_error": (dims, np.where(np.isfinite(y), error, np.nan))
        for name, (dims, y) in found.items()
    }
    parameters = {"landscape": landscape, "rule": rule, "N": N, "T": T}
    is_spin = landscape["graph"] == "hypercube"
    return xr.Dataset(
        {**found, **errors},
        {"waiting_time": waited, "window": WINDOWS, "field_time": TIMES, "response_time": TIMES},
        {
            "parameters": canonical_json(parameters),
            "dynamics_parameters": canonical_json({**parameters, **run}),
            "critical_temperature": 1.0,
            "states_are_spins": int(is_spin),
            "every_jump_forgets": int(not is_spin),
            "start": run.get("start", {"name": "random"})["name"],
        },
    )


def drawn(*results: xr.Dataset, role: str = "theory", label: str = "") -> list[Curve]:
    """The curves of a role whose label contains a text."""
    found = activated_fdt.curves({"study": list(results)})
    return [curve for curve in found if curve.role == role and label in curve.label]


def test_infinitely_many_traps_have_their_exact_law_at_the_points():
    lines = {(line.panel, line.colour): line for line in drawn(point(), label="exact")}
    compared = 0
    for data in drawn(point(), role="data"):
        if data.panel.endswith(activated_fdt.RESPONSE):
            continue
        line = lines[data.panel, data.colour]
        at = np.searchsorted(line.x, data.x)
        np.testing.assert_array_equal(line.x[at], data.x)
        np.testing.assert_allclose(line.y[at], data.y, atol=1e-9)
        assert line.exact
        compared += data.x.size
    assert compared > 20


def test_late_times_have_their_limit():
    response, ratio = drawn(point(), label=activated_fdt.LIMIT)
    C = np.array([0.2, 0.5, 0.8])
    # At x = 1/2, C = (2/pi) arctan(omega^(-1/2)).
    omega = np.tan(np.pi * C / 2) ** -2
    np.testing.assert_allclose(
        np.interp(C, response.x, response.y), trap_response.aging_response(omega, 0.5), atol=3e-3
    )
    np.testing.assert_allclose(
        np.interp(C, ratio.x[::-1], ratio.y[::-1]), 1 / (1 + omega), atol=3e-3
    )
    assert (response.y[0], response.y[-1]) == (0.5, 0.0)


@pytest.mark.parametrize(
    "one",
    [
        point(T=1.5),
        point(rule="metropolis"),
        point(landscape={**TRAPS, "energies": "gaussian"}),
        point(N=4.0),
        point(landscape=SK, rule="metropolis", N=64.0),
    ],
)
def test_other_models_and_ended_aging_have_no_limit(one):
    assert drawn(one, label=activated_fdt.LIMIT) == []


def test_finitely_many_traps_have_the_limit_while_they_age():
    assert len(drawn(point(N=12.0), label=activated_fdt.LIMIT)) == 2
    assert drawn(point(N=12.0), label="exact") == []


def test_in_equilibrium_the_theorem_is_exact():
    planted = point(landscape=SK, rule="metropolis", T=1.5, N=64.0, **PLANTED)
    for kind, value in ((activated_fdt.RATIO, 1.0), (activated_fdt.VIOLATION, 0.0)):
        lines = [line for line in drawn(planted, label="exact") if line.panel.endswith(kind)]
        assert lines
        assert all(line.exact and set(line.y) == {value} for line in lines)
    # A start in equilibrium at another temperature than that of the run is a quench.
    other = point(landscape=SK, rule="metropolis", T=1.2, N=64.0, **PLANTED)
    assert drawn(other, label="exact") == []


def test_replica_theory_is_drawn_below_the_transition_of_sk():
    cold = point(landscape=SK, rule="metropolis", T=0.5, N=64.0)
    response, ratio = drawn(cold, label=activated_fdt.STATIC)
    assert (response.x[0], response.x[-1], response.y[-1]) == (0.0, 1.0, 0.0)
    # Without a field the exact susceptibility is 1/J; eight steps are near it.
    assert response.y[0] == pytest.approx(0.5, abs=2e-3)
    # The slope of the response is -X, and X grows with C to 1 above the largest overlap.
    slopes = -np.diff(response.y) / np.diff(response.x)
    np.testing.assert_allclose(ratio.y[::2], slopes, atol=1e-12)
    assert np.all(np.diff(ratio.y) >= 0)
    assert ratio.y[-1] == 1.0
    for other in (
        point(landscape=SK, rule="metropolis", T=1.5, N=64.0),
        point(landscape={**SK, "field": 0.2}, rule="metropolis", T=0.5, N=64.0),
        point(landscape=SK, rule="metropolis", T=0.01, N=64.0),
    ):
        assert drawn(other, label=activated_fdt.STATIC) == []


def test_points_with_large_errors_are_left_out():
    one = point()
    one["response_error"][:] = 1.0
    one["fluctuation_dissipation_ratio_error"][:] = 1.0
    found = drawn(one, role="data")
    assert all(curve.x.size == 0 for curve in found if curve.panel.endswith(activated_fdt.RESPONSE))
    assert not any(curve.panel.endswith(activated_fdt.RATIO) for curve in found)
    assert any(curve.x.size for curve in found)


def test_times_are_powers_of_ten_where_there_are_such():
    labels = {curve.label for curve in drawn(point(), role="data")}
    assert labels == {f"$10^{{{power}}}$ attempts" for power in (3, 4, 5, 6)}
    assert activated_fdt._some_times(np.array([2.0, 3.0])) == [3.0]
    assert activated_fdt._time_label(3.16) == "$3.16$ attempts"


def test_notes_say_what_the_field_changes():
    for one, note in (
        (point(), activated_fdt.OF_TRAPS),
        (point(rule="metropolis"), activated_fdt.OF_STEPS),
        (point(landscape=SK, rule="heat_bath", N=64.0), activated_fdt.OF_SPINS),
    ):
        found = activated_fdt.curves({"study": [one]})
        assert [curve.note for curve in found if curve.note] == [note]
