"""The participation ratio: two states, infinitely many, and high temperatures."""

import numpy as np
import pytest
from scipy import integrate, stats

from glasscore.theory import trap_model
from glasscore.theory.participation import participation_ratio

# The stated relative error of the law.
STATED = 4e-9


@pytest.mark.parametrize(
    ("energies", "difference"),
    [("exponential", stats.laplace()), ("gaussian", stats.norm(scale=np.sqrt(2.0)))],
)
@pytest.mark.parametrize("T", [0.1, 0.7, 4.0])
def test_two_states(energies, difference, T):
    """Two states have the weights p and 1 - p with p = 1 / (1 + exp(-D / T)).

    D is the difference of their energies, whose law is known.
    """

    def squares(d):
        return (1.0 + np.tanh(d / (2.0 * T)) ** 2) * difference.pdf(d)

    expected = sum(
        integrate.quad(squares, *part, epsabs=1e-13, epsrel=1e-12)[0]
        for part in ((0.0, 1.0), (1.0, 10.0), (10.0, 60.0))
    )
    assert participation_ratio(T, 1, energies) == pytest.approx(expected, rel=STATED + 1e-11)


@pytest.mark.parametrize("T", [0.2, 0.5])
def test_a_glass_of_many_states(T):
    """Corrections are of the order M^(1 - 1/x)."""
    expected = trap_model.participation(T)
    assert participation_ratio(T, 50, "exponential") == pytest.approx(expected, rel=STATED)


def test_high_temperatures():
    """<z^2> / (M <z>^2), up to relative corrections of a few <z^2> / (M <z>^2) itself."""
    N, T = 24, 4.0
    for energies, ratio in (
        ("exponential", (1 - 1 / T) ** 2 / (1 - 2 / T)),
        ("gaussian", np.exp(N / T**2)),
    ):
        expected = ratio / 2**N
        found = participation_ratio(T, N, energies)
        assert found == pytest.approx(expected, rel=STATED + 10 * np.exp(4 * N / T**2) / 2**N)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="T must be positive"):
        participation_ratio(0.0, 4, "exponential")
    with pytest.raises(ValueError, match="must be exponential or gaussian, got sk"):
        participation_ratio(1.0, 4, "sk")
