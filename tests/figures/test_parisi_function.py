"""Which lines the figure of Parisi's functional has, and where."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.theory import parisi_function
from glasscore.figures.theory.parisi_function import GAIN, NEAR_TRANSITION
from glasscore.theory.studies.parisi_function import solve


@pytest.fixture(scope="module")
def solved() -> xr.Dataset:
    return solve({"T": [0.5, 0.9], "h": [0.0, 0.2], "steps": 2})


def test_law_is_drawn_near_the_transition_alone(solved):
    drawn = parisi_function.curves({"sk": [solved]})
    gains = [one for one in drawn if one.panel.endswith(GAIN)]
    (law,) = (one for one in gains if one.label == NEAR_TRANSITION)
    assert law.panel == "sk" + GAIN  # without a field
    assert law.colour == 0.9
    (gain,) = (
        one for one in gains if (one.panel, one.role, one.colour) == (law.panel, "data", law.colour)
    )
    # The first step is the gain over replica symmetry. Corrections are of the order 1 - T.
    assert gain.x.tolist() == law.x.tolist() == [1, 2]
    assert gain.y / law.y == pytest.approx(1.0, abs=0.15)
    assert f"{np.min(gain.y / law.y):.2f} to {np.max(gain.y / law.y):.2f} times" in law.note
    cold = parisi_function.curves({"sk": [solved.sel(T=[0.5])]})
    assert not any(one.label == NEAR_TRANSITION for one in cold)
