"""Laws of the overlap beside exact ones and beside Parisi's."""

import numpy as np
import pytest
import xarray as xr

from glasscore.barriers import stage
from glasscore.figures.barriers import overlap_law
from glasscore.files.provenance import canonical_json
from glasscore.theory.studies import parisi_function

T = 0.4


def survey(N=6, energies="sk", temperatures=(T,), **options):
    landscape = {"graph": "hypercube", "energies": energies, **options}
    parameters = {"seed": 1, "study": "a", "landscape": landscape, "N": N}
    parameters |= {"samples": 3, "branches": 2}
    if temperatures:
        parameters["overlap_temperatures"] = list(temperatures)
    return stage.run(parameters, []).assign_attrs(parameters=canonical_json(parameters))


def drawn(surveys, solutions=None):
    """The curves of a figure without those that are there for their note alone."""
    found = overlap_law.curves(surveys, solutions or {})
    return [curve for curve in found if curve.role != "remark"]


@pytest.fixture(scope="module")
def parisi():
    return parisi_function.solve({"T": [T], "h": [0.0], "steps": 6})


def test_points_are_those_of_the_file():
    surveys = [survey(N, field=0.0) for N in (6, 4)]
    found = drawn({"SK": surveys})
    assert [(curve.panel, curve.marker) for curve in found] == [("SK, $T=0.4$", N) for N in (4, 6)]
    for curve, one in zip(found, surveys[::-1], strict=True):
        np.testing.assert_array_equal(curve.x, one.overlap_value)
        np.testing.assert_array_equal(curve.y, one.overlap_density[0])
        np.testing.assert_array_equal(curve.error, one.overlap_density_error[0])


def test_independent_energies_have_their_exact_mean():
    _, line = drawn({"REM": [survey(energies="gaussian")]})
    assert line.exact
    # The law is normalised over bins of the width 2 / N, and symmetric but for the same state.
    assert line.y.sum() * 2 / 6 == pytest.approx(1.0, rel=1e-12)
    np.testing.assert_allclose(line.y[1:-1], line.y[1:-1][::-1], rtol=1e-12)


def test_parisis_law(parisi):
    """The continuous part and two peaks share all pairs."""
    q, density, largest, weight = overlap_law.law_of(parisi.sel(T=T, h=0.0))
    # Reference values of k = 6 steps at T = 0.4.
    assert largest == pytest.approx(0.757, abs=0.002)
    assert weight == pytest.approx(0.56, abs=0.02)
    np.testing.assert_allclose(density, density[::-1])
    # The density at 0 is half the slope of x(q), about 0.27 for twelve steps.
    assert density[q.size // 2] == pytest.approx(0.27, abs=0.03)
    # What lies above the last step before the peak is missing, a share of about a tenth.
    continuous = np.trapezoid(density, q)
    assert 0.8 - weight < continuous < 1.0 - weight


def test_parisis_law_is_drawn_beside_sk_alone(parisi):
    solutions = {"parisi": [parisi]}
    found = drawn({"SK": [survey(field=0.0)]}, solutions)
    assert [curve.label for curve in found[1:]] == [overlap_law.PARISI] * 3
    assert "approximated by 6 steps" in found[1].note
    for other in (
        survey(field=0.3), survey(energies="pspin", p=3), survey(temperatures=(0.7,), field=0.0)
    ):  # fmt: skip
        assert len(drawn({"study": [other]}, solutions)) == 1


def test_many_spins_above_the_transition_have_a_gaussian_law():
    """Its variance is 1 / (N (1 - 1 / T^2)), without a field and above T_c = 1 alone."""
    points, line = drawn({"SK": [survey(8, temperatures=(2.0,), field=0.0)]})
    assert line.label == overlap_law.GAUSSIAN
    top = line.y.max()
    assert top == pytest.approx(np.sqrt(8 * 0.75 / (2 * np.pi)))
    np.testing.assert_allclose(line.y, top * np.exp(-0.5 * 8 * 0.75 * line.x**2))
    moment = 8 * np.sum(points.x**2 * points.y) / points.y.sum()
    assert f"{moment:.2f}$; the Gaussian law has 1.33" in line.note
    for other in (survey(field=0.3, temperatures=(2.0,)), survey(field=0.0, temperatures=(0.9,))):
        assert len(drawn({"SK": [other]})) == 1


def test_without_temperatures_the_figure_says_so():
    (curve,) = overlap_law.curves({"SK": [survey(temperatures=(), field=0.0)]}, {})
    assert curve.x.size == 0
    assert curve.note == overlap_law.NOTHING


def test_symmetric_solutions_have_no_continuous_part():
    flat = xr.Dataset({"overlap": ("x", np.full(10, 0.3))}, {"x": (np.arange(10) + 0.5) / 10})
    q, density, largest, weight = overlap_law.law_of(flat)
    assert (q.size, density.size, largest) == (0, 0, 0.3)
    assert weight == pytest.approx(0.95)
