"""What captions of mean-field figures conclude follows from the numbers."""

import numpy as np
import pytest

from glasscore.dmft.protocol import Protocol
from glasscore.figures.dmft import (
    dmft_cycle,
    dmft_fdt_ratio,
    dmft_magnetisation,
    dmft_memory,
    dmft_threshold,
)
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.models.ramps import Ramp

TIME = np.geomspace(1.0, 1e6, 61)


def solution(y, label="run", panel="p", x=TIME, colour=0.0):
    return Curve(panel, SOLUTION, label, x, np.asarray(y, float), None, colour)


def test_the_age_of_a_stage_is_the_time_at_its_temperature():
    """Changes count from their geometric middles, at 200 and at 2000."""
    protocol = Protocol(0.5, 0.0, (Ramp(100, 400, 0.2), Ramp(1000, 4000, 0.5)))
    cold, warm = dmft_cycle._stages(protocol, 1e4)
    assert (cold.T, cold.returns, warm.T, warm.returns) == (0.2, False, 0.5, True)
    assert cold.time[[0, -1]] == pytest.approx([400, 1000])
    assert cold.age[[0, -1]] == pytest.approx([200, 800])
    assert warm.time[[0, -1]] == pytest.approx([4000, 1e4])
    assert warm.age[[0, -1]] == pytest.approx([2200, 8200])


@pytest.mark.parametrize(
    ("share", "said"),
    [(-0.5, "no memory; the changes have an effect of the other"), (0.1, "no memory"),
     (0.5, "partial memory"), (0.9, "full memory"), (1.5, "beyond full memory")],
)  # fmt: skip
def test_the_verdict_on_a_cycle_follows_the_share_of_the_effect(share, said):
    assert said in dmft_cycle._verdict(share, "memory")


def test_a_run_that_ends_in_a_change_has_no_stage_behind_it():
    assert dmft_cycle._stages(Protocol(0.5, 0.0, (Ramp(100, 400, 0.2),)), 300.0) == []


@pytest.mark.parametrize(
    ("exponent", "said"),
    [
        (np.full(61, 0.36), "as if memory is lost by a power law"),
        (0.2 + 0.01 * np.log(TIME), "no memory is seen to be kept"),
        (0.5 - 0.02 * np.log(TIME), "whether it tends to 0 is open"),
    ],
)
def test_the_verdict_on_memory_follows_the_last_decade(exponent, said):
    assert said in dmft_memory._verdict(solution(exponent))


def test_short_runs_have_no_verdict_on_memory():
    assert "memory" not in dmft_memory._verdict(solution([0.3, 0.3], x=np.array([1.0, 10.0])))


def test_responses_beyond_the_linear_one_collapse_as_far_as_they_agree():
    """The second line departs from the first by a tenth at t = 1000."""
    panel = "p" + dmft_magnetisation.DIFFERENCE
    weak = solution(np.full(61, -2.0), "weak", panel, colour=0.1)
    strong = solution(-2.0 + 0.2 * TIME / 1000.5, "strong", panel, colour=0.3)
    first = dmft_magnetisation._collapsed([strong, weak])[1]
    assert "agree within a tenth up to $t = 10^{3}$" in first.note
    assert "$-2$ (weak)" in first.note
    same = dmft_magnetisation._collapsed([weak, weak._replace(label="same", colour=0.3)])[0]
    assert "agree within a tenth at all times" in same.note


def test_extrapolations_that_cross_their_limit_are_told_with_their_overshoot():
    back = np.where(TIME < 1e3, -1 / TIME, 0.02 / np.sqrt(TIME))
    said = dmft_threshold._course([solution(1 / TIME, "hot"), solution(back, "cold")])
    assert "Extrapolations from cold cross" in said
    assert rf"${dmft_threshold.tex(0.02 / np.sqrt(1e3))}$" in said
    assert "From $t = 10^{3}$ on, each of them changes in one direction" in said
    straight = dmft_threshold._course([solution(1 / TIME, "hot")])
    assert "cross" not in straight
    assert "From $t = 1$ on" in straight


def test_steps_that_shrink_by_a_constant_factor_are_extrapolated_exactly():
    assert dmft_threshold.accelerated(2.0, 1.5, 1.25) == pytest.approx(1.0, rel=1e-15)
    assert np.isnan(dmft_threshold.accelerated(1.0, 0.5, -0.5))


def test_the_distance_from_a_law_is_looked_for_below_the_plateau():
    law = Curve("p", "theory", dmft_fdt_ratio.ONE_STEP, np.array([0.0, 0.5, 0.5, 1.0]),
                np.array([0.4, 0.4, 1.0, 1.0]))  # fmt: skip
    last = solution([0.3, 0.42, 0.9, 1.0], "$t=1$", x=np.array([0.1, 0.4, 0.49, 0.8]))
    assert dmft_fdt_ratio._beside(law, last) == (
        "The solution at $t=1$ lies up to 0.1 below the line (at $C = 0.10$)."
    )
