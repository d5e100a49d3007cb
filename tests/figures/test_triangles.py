"""Triangles of exact laws lie on the lines that are drawn beside them."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.dmft import dmft_triangles
from glasscore.figures.drawing.three_times import (
    ONE_SCALE,
    ULTRAMETRIC,
    _undecided,
    levels,
)
from glasscore.figures.traps import triangles
from glasscore.files.provenance import canonical_json
from glasscore.theory.trap_model import aging_function
from tests.figures.test_subaging import two_spins

WINDOWS = np.geomspace(0.01, 100.0, 25)
PAIR = ("waiting_time", "window")


def traps(x=0.5, windows=WINDOWS):
    """The limit law of late times in infinitely many traps, as a result."""
    waiting_times = 10.0 ** (np.arange(41) / 8)
    law = np.tile(aging_function(windows, x), (waiting_times.size, 1))
    law[waiting_times[:, None] * (1 + windows) > 1e5] = np.nan
    model = {"graph": "complete", "energies": "exponential"}
    return xr.Dataset(
        {
            "no_jump": (PAIR, law),
            "no_jump_error": (PAIR, 0.01 * law),
            "no_jump_subaging_exponent": 1.0,
            "no_jump_subaging_exponent_error": 0.01,
            "no_jump_subaging_exponent_systematic": 0.01,
            "no_jump_subaging_residual": 0.01,
        },
        {"waiting_time": waiting_times, "window": windows},
        {
            "parameters": canonical_json({"landscape": model, "N": "inf", "T": x}),
            "states_are_spins": 0,
            "every_jump_forgets": 1,
        },
    )


def test_traps_have_one_time_scale():
    found = triangles.curves({"study": [traps()]}, {})
    data = [curve for curve in found if curve.role == "data"]
    # No waiting time lies between the first and the last of the highest correlation, 0.75.
    assert [curve.colour for curve in data] == [0.2, 0.2, 0.5, 0.5]
    # The last times, eight in a decade, that leave room for the window 100, and a decade before.
    assert found[0].note == (
        "Trajectories begin at random states (a quench from infinite temperature). "
        "The times $t_3$ are $75$ and $750$. The subaging exponent is "
        r"$\mu=1.00 \pm 0.01 \pm 0.01$."
    )
    for curve in data:
        (line,) = [one for one in found if one.label == ONE_SCALE and one.colour == curve.colour]
        order = np.argsort(line.x)
        expected = np.interp(curve.x, line.x[order], line.y[order])
        inside = (curve.x > line.x.min()) & (curve.x < line.x.max())
        assert inside.sum() >= 2
        np.testing.assert_allclose(curve.y[inside], expected[inside], atol=0.005)
        # Fixed C_13: F of the product of both ratios, (2 / pi) arctan(1 / sqrt(omega)).
        ratio = np.prod([np.sin(np.pi / 2 * each) ** 2 for each in (curve.x, curve.y)], axis=0)
        whole = 2 / np.pi * np.arcsin(np.sqrt(ratio))
        np.testing.assert_allclose(whole, curve.colour, atol=0.003)
        np.testing.assert_allclose(curve.error, 0.01 * curve.y, rtol=0.01)
    for corner in (one for one in found if one.label == ULTRAMETRIC):
        np.testing.assert_array_equal(np.minimum(corner.x, corner.y), corner.colour)


def test_points_that_decide_nothing_are_open():
    """They are those at which both laws differ by less than three errors, or one is unknown."""
    found = triangles.curves({"study": [traps()]}, {})
    for place, open_ones in _undecided(found).items():
        curve = found[place]
        (line,) = [one for one in found if one.label == ONE_SCALE and one.colour == curve.colour]
        order = np.argsort(line.x)
        law = np.interp(curve.x, line.x[order], line.y[order])
        apart = np.minimum(law - curve.colour, curve.x - curve.colour)
        outside = (curve.x < line.x.min()) | (curve.x > line.x.max())
        np.testing.assert_array_equal(open_ones, (apart < 3 * curve.error) | outside)
    assert not all(some.all() for some in _undecided(found).values())


def test_few_windows_say_so():
    (curve,) = triangles.curves({"study": [traps(windows=np.array([0.5, 1.0]))]}, {})[:1]
    assert curve.x.size == 0
    assert curve.note.startswith("No correlation of three times was measured")


def test_two_spins_have_one_time_scale_at_late_times():
    found = dmft_triangles.curves({"study": [two_spins(1e6)]})
    late = [curve for curve in found if curve.role == "solution"]
    assert len(late) == 3
    for curve in late:
        (line,) = [one for one in found if one.label == ONE_SCALE and one.colour == curve.colour]
        order = np.argsort(line.x)
        inside = (curve.x > line.x.min()) & (curve.x < line.x.max())
        expected = np.interp(curve.x[inside], line.x[order], line.y[order])
        np.testing.assert_allclose(curve.y[inside], expected, atol=0.01)


def test_solutions_stand_beside_simulations():
    alone = dmft_triangles.curves({"mean field": [two_spins()]})
    found = triangles.curves({"study": [traps()]}, {"mean field": [two_spins()]})
    assert len(found) > len(alone) > 0
    assert found[-1].panel == alone[-1].panel


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.0, 1.0, [0.2, 0.45, 0.75]), (0.4, 0.44, []), (0.3, 0.5, [0.35, 0.4])],
)
def test_levels_are_round_and_within_what_was_measured(low, high, expected):
    assert levels(np.array([high, low])) == expected
