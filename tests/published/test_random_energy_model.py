"""Trap-like aging of random energy models: C. Cammarota and E. Marinari, J. Stat. Mech. (2018).

At finite N the laws of the trap model are approached, not obeyed: these tests state how closely.
"""

import numpy as np

from glasscore.theory.trap_model import aging_function
from glasscore.traps import stage as traps
from tests.campaigns import dynamics_parameters, written_block
from tests.statistical import assert_within


def test_exponential_energies_age_like_traps(tmp_path):
    """N = 20, T = T_c / 2: same configuration at t_w and 1.5 t_w, from 1e4 to 1e8 attempts."""
    parameters = dynamics_parameters(
        "hypercube", "exponential", "metropolis", 20, 0.5, 2500, 1.6e8, waiting_times_per_decade=1,
        clock="superbasin",
    )  # fmt: skip
    file = written_block(parameters, tmp_path / "block0.nc")
    result = traps.run({**parameters, "windows": [0.5]}, [file]).isel(window=0)
    late = result.where(result.waiting_time > 9e3, drop=True)
    assert late.waiting_time.size == 5
    assert np.all(late.same_configuration_error <= 0.01)
    z = (late.same_configuration - aging_function(0.5, 0.5)) / late.same_configuration_error
    print(late.same_configuration.values, z.values)
    assert_within(z)
