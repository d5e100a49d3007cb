"""Exponents of critical decay, and the static parameter they follow from."""

import numpy as np
import pytest
from scipy.special import gamma

from glasscore.common.errors import CampaignError
from glasscore.dyson.critical_decay import decay_exponent
from glasscore.dyson.mode_coupling import exponents
from glasscore.models.covariance import covariance
from glasscore.theory.parisi import breaking
from glasscore.theory.sk import (
    almeida_thouless_field,
    almeida_thouless_temperature,
    exponent_parameter,
)


def test_the_equation_is_solved():
    for parameter in (0.1, 0.5, 0.9):
        nu = decay_exponent(parameter)
        assert gamma(1 - nu) ** 2 / gamma(1 - 2 * nu) == pytest.approx(parameter, rel=1e-14)
    assert decay_exponent(0.0) == 0.5
    assert decay_exponent(1.0) == 0.0
    # Mode coupling has the same equation.
    found = exponents(covariance({3: 0.5, 4: 0.5}))
    assert decay_exponent(found.parameter) == pytest.approx(found.a, rel=1e-13)
    # 1 / Gamma(1 - 2 nu) = 1 - 2 nu to leading order: nu = 1 / 2 - lambda / (2 pi).
    assert decay_exponent(1e-6) == pytest.approx(0.5 - 1e-6 / (2 * np.pi), abs=1e-11)


@pytest.mark.parametrize("h", [0.1, 0.56993, 1.2])
def test_parameter_is_where_the_overlap_begins_to_vary(h):
    """The breaking point of Parisi's functional, minimised below the line, tends to lambda."""
    T = almeida_thouless_temperature(h)
    d = np.array([0.04, 0.02, 0.01])
    points = np.array([breaking(T * (1 - each), h, 1).breaking_points[0] for each in d])
    # A regular series in d: twice extrapolated it leaves d^3, as the last step shows.
    once = 2 * points[1:] - points[:-1]
    twice = (4 * once[1] - once[0]) / 3
    assert exponent_parameter(T, h) == pytest.approx(twice, abs=abs(twice - once[1]))
    assert abs(twice - once[1]) < 1e-3


def test_limits_on_the_line():
    assert exponent_parameter(1.0, 0.0) == 0.0
    # Close to T = 1 lambda = 2 <tanh^2> = 2 q = 2 (1 - T), with corrections of relative order 1 - T
    # and of the field, h^2 = (4 / 3) (1 - T)^3, over q.
    T = 1 - 1e-6
    assert exponent_parameter(T, almeida_thouless_field(T)) == pytest.approx(2e-6, rel=1e-5)
    # A uniform law of fields: 2 int u^2 (1 - u^2) du / int (1 - u^2)^2 du, from -1 to 1.
    cold = exponent_parameter(1e-7, almeida_thouless_field(1e-7))
    assert cold == pytest.approx(0.5, abs=1e-6)
    fields = [almeida_thouless_field(T) for T in (0.9, 0.6, 0.3)]
    slower = [
        decay_exponent(exponent_parameter(T, h))
        for T, h in zip((0.9, 0.6, 0.3), fields, strict=True)
    ]
    assert np.all(np.diff([0.5, *slower]) < 0)


@pytest.mark.parametrize(
    ("function", "arguments", "told"),
    [
        (decay_exponent, (-0.1,), "parameter = -0.1 "),
        (decay_exponent, (1.5,), "from 0 to 1"),
        (exponent_parameter, (0.0, 1.0), "T = 0 "),
        (exponent_parameter, (0.5, -1.0), "h = -1 "),
    ],
)
def test_refusals(function, arguments, told):
    with pytest.raises(CampaignError, match=told):
        function(*arguments)
