"""The trap model of Bouchaud (1992), from dynamics to averages: aging function and energy."""

import numpy as np
import pytest

from glasscore.theory import trap_model
from glasscore.traps import stage as traps
from tests.campaigns import dynamics_parameters, written_block
from tests.statistical import assert_within_standard_errors, z_scores

SAMPLES = 20_000
WAITING_TIME = 1e6
# The Dynkin-Lamperti law at omega = 1/2.
AGING_FUNCTION = {0.3: 0.809340, 0.5: 0.608173}


@pytest.mark.parametrize("x", AGING_FUNCTION)
def test_aging_function_and_energy_after_a_million_attempts(x, tmp_path):
    parameters = dynamics_parameters(
        "complete", "exponential", "arrhenius", np.inf, x, SAMPLES, 1.6 * WAITING_TIME
    )
    file = written_block(parameters, tmp_path / "block0.nc")
    result = traps.run({**parameters, "windows": [0.5]}, [file])

    at = result.sel(waiting_time=WAITING_TIME, method="nearest").isel(window=0)
    assert float(at.waiting_time) == pytest.approx(WAITING_TIME, rel=1e-12)
    # At this time the law at finite time and the limit differ by less than a tenth of the error.
    z = z_scores(at.no_jump, AGING_FUNCTION[x], at.no_jump_error)
    assert_within_standard_errors(z)
    law = trap_model.energy_asymptote(WAITING_TIME, x)
    assert_within_standard_errors(z_scores(at.waiting_energy, law, at.waiting_energy_error))
