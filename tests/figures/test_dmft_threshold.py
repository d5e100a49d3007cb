"""Limits of energies are extrapolated where this can be trusted, with errors that cover them."""

import numpy as np
import pytest

from glasscore.figures.dmft.dmft_energy import local_exponent
from glasscore.figures.dmft.dmft_threshold import extrapolate, formula
from glasscore.models.covariance import covariance
from glasscore.theory.spherical_pspin import two_spin_energy

TIME = np.geomspace(0.01, 1e6, 24 * 8 + 1)
ERROR = np.full(TIME.size, 1e-9)


def test_one_power_law_is_extrapolated_exactly():
    found = extrapolate(TIME, -1.5 + 0.3 * (1 + TIME) ** -0.5, ERROR)
    assert found.refusal == ""
    assert found.energy == pytest.approx(-1.5, abs=2e-7)


@pytest.mark.parametrize("second", [0.6, 1.0, 1.5])
def test_the_error_covers_what_corrections_change(second):
    energy = -1.5 + 0.3 * (1 + TIME) ** -0.4 + 0.2 * (1 + TIME) ** -second
    found = extrapolate(TIME, energy, ERROR)
    assert found.refusal == ""
    assert abs(found.energy + 1.5) < found.error < 1e-2


def test_the_limit_of_two_spins_is_found():
    found = extrapolate(TIME, two_spin_energy(TIME), ERROR)
    assert abs(found.energy + 1) < found.error < 1e-5


@pytest.mark.parametrize(
    ("energy", "said"),
    [
        (-np.log1p(TIME), "exponent"),
        ((1 + TIME) ** -0.1, "exponent"),
        (0.5 * np.cos(0.1 * np.log(TIME)), "exponent"),
    ],
)
def test_what_has_no_power_law_has_no_limit(energy, said):
    assert said in extrapolate(TIME, energy, ERROR).refusal


def test_short_runs_have_no_limit():
    short = TIME <= 1e3
    assert "ends before" in extrapolate(TIME[short], 1 / (1 + TIME[short]), ERROR[short]).refusal


def test_an_energy_that_has_ceased_to_change_is_its_limit():
    found = extrapolate(TIME, -1.0 + np.exp(-TIME), ERROR)
    assert found.energy == pytest.approx(-1.0, abs=1e-14)
    assert found.error == pytest.approx(1e-9)


def test_the_local_exponent_of_a_power_law():
    time, exponent = local_exponent(TIME, 3 * TIME**-0.7)
    assert exponent == pytest.approx(np.full(time.size, 0.7), abs=1e-12)
    assert time[0] > TIME[0]
    assert [one.size for one in local_exponent(TIME[:5], TIME[:5])] == [0, 0]


def test_a_covariance_as_a_formula():
    assert formula(covariance({2: 1.0, 3: 0.3})) == "$f(q) = q^{2} + 0.3 q^{3}$"
    assert formula(covariance({3: 0.5, 4: 0.25})) == "$f(q) = q^{3}/2 + q^{4}/4$"
