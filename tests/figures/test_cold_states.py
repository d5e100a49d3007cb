"""Lines of states at T = 0 end at ground states, and tend to the random energy model."""

import numpy as np
import pytest

from glasscore.figures.theory import cold_states
from glasscore.files.provenance import canonical_json
from glasscore.theory import stage


@pytest.fixture(scope="module")
def curves():
    parameters = {"seed": 1, "study": "ising", "solve": "ising_pspin", "p": [3, 5], "T": [0.5]}
    one = stage.run(parameters, [])
    one = one.assign_attrs(parameters=canonical_json(parameters))
    found = cold_states.curves({"Ising": [one]})
    return {curve.label: curve for curve in found if curve.panel == "Ising"}


def test_the_limit_is_that_of_the_random_energy_model(curves):
    limit = curves[cold_states.LIMIT]
    np.testing.assert_allclose(limit.y, np.log(2) - limit.x**2, atol=1e-12)
    # Derrida's ground state, for energies of variance N / 2.
    assert (limit.x[0], limit.y[0]) == (pytest.approx(-np.sqrt(np.log(2))), 0.0)


def test_lines_end_at_ground_states_and_approach_the_limit(curves):
    missing = []
    for p, ground in ((3, -0.8135), (5, -0.8296)):
        line = curves[f"$p={p}$"]
        assert line.y[-1] == pytest.approx(0.0, abs=1e-9)
        assert line.x[-1] == pytest.approx(ground, abs=1e-4)
        assert line.x.argmin() == line.x.size - 1
        missing.append(np.log(2) - line.x**2 - line.y)
        assert np.all(missing[-1] > 0)
    assert missing[0].max() > missing[1].max()


def test_gaussian_energies_are_the_limit_and_have_no_panel_of_their_own():
    """Beside p-spin models the limit says all; alone, Gaussian energies have a panel."""
    parameters = {"seed": 1, "study": "rem", "solve": "random_energy_model", "T": [0.5]}
    parameters |= {"energies": "gaussian"}
    one = stage.run(parameters, [])
    rem = one.assign_attrs(parameters=canonical_json(parameters))
    (alone,) = cold_states.curves({"REM": [rem]})
    assert alone.label == cold_states.GAUSSIAN
    ising = {"seed": 1, "study": "ising", "solve": "ising_pspin", "p": [3], "T": [0.5]}
    pspin = stage.run(ising, []).assign_attrs(parameters=canonical_json(ising))
    panels = {curve.panel for curve in cold_states.curves({"Ising": [pspin], "REM": [rem]})}
    assert panels == {"Ising", "Ising" + cold_states.MISSING}
