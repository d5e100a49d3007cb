"""Subaging exponents are those of the files, and mean-field ones those of exact solutions."""

import numpy as np
import pytest
import xarray as xr

from glasscore.dmft.interpolation import fractions
from glasscore.dmft.stage import output_times
from glasscore.estimates.subaging import effective_time
from glasscore.figures.dmft import dmft_subaging
from glasscore.figures.drawing.scaled_aging import EXPONENTS, RAW, SCALED
from glasscore.figures.traps import subaging
from glasscore.files.provenance import canonical_json
from glasscore.theory.spherical_pspin import two_spin_correlation

WINDOWS = np.array([0.1, 0.5, 1.0, 9.0])
PAIR = ("waiting_time", "window")


def point(N=16.0, T=0.5, mu=0.9, energies="pspin", graph="hypercube"):
    """A result whose correlation is one over one plus the effective time."""
    waiting_times = 10.0 ** (np.arange(29) / 4)
    t_w = np.repeat(waiting_times, 4).reshape(-1, 4)
    sweep = N if graph == "hypercube" else 1.0
    L = effective_time(t_w / sweep, t_w * WINDOWS / sweep, mu)
    names = ["overlap", "same_configuration"] if graph == "hypercube" else ["no_jump"]
    spins = graph == "hypercube"
    found = dict.fromkeys([*names, "no_jump"], (PAIR, 1 / (1 + L)))
    found |= {f"{name}_error": (PAIR, 0.1 / (1 + L)) for name in [*names, "no_jump"]}
    for shift, name in enumerate(names):
        found[f"{name}_subaging_exponent"] = (), mu + shift
        found[f"{name}_subaging_exponent_error"] = (), 0.03
        found[f"{name}_subaging_exponent_systematic"] = (), 0.04
        found[f"{name}_subaging_residual"] = (), 0.01
    model = {"graph": graph, "energies": energies}
    return xr.Dataset(
        found,
        {"waiting_time": waiting_times, "window": WINDOWS},
        {
            "parameters": canonical_json({"landscape": model, "N": N, "T": T}),
            "states_are_spins": int(spins),
            "every_jump_forgets": int(not spins),
        },
    )


def two_spins(t_max=1e5, T=0.0):
    """The exact solution of p = 2 after a quench to T = 0, as a file of the stage dmft."""
    time, fraction = output_times(t_max, 0.01), fractions(t_max)
    correlation = np.ones((time.size, fraction.size))
    correlation[1:] = two_spin_correlation(time[1:, None], time[1:, None] * fraction, 0.5)
    parameters = {"model": {"covariance": {"2": 0.5}}, "T": T, "T_initial": "inf", "study": "a"}
    return xr.Dataset(
        {"correlation": (("time", "fraction"), correlation)},
        {"time": time, "fraction": fraction},
        {"parameters": canonical_json(parameters), "correlation_error_estimate": 0.0},
    )


def of(ending, found):
    kept = [curve for curve in found if curve.panel.endswith(ending)]
    return [curve for curve in kept if curve.role not in ("theory", "remark")]


def test_exponents_are_those_of_the_files():
    points = [point(N, T, mu=0.5 + T) for N in (32.0, 16.0) for T in (0.5, 0.3)]
    found = subaging.curves({"study": points}, {})
    exponents = of(EXPONENTS, found)
    assert [curve.marker for curve in exponents] == [16.0, 32.0]
    for curve in exponents:
        np.testing.assert_allclose(curve.x, [0.3, 0.5])
        np.testing.assert_allclose(curve.y, [0.8, 1.0])
        np.testing.assert_allclose(curve.error, 0.05)
        assert r"\mu=0.800 \pm 0.030$ (statistical), with a systematic error of 0.04" in curve.note
    assert {curve.panel for curve in of(RAW, found)} == {f"study, $N=32$, $T=0.3${RAW}"}
    mu = r"$\mu=0.80 \pm 0.03 \pm 0.04$"
    assert {curve.panel for curve in of(SCALED, found)} == {f"{mu}: study, $N=32$, $T=0.3${SCALED}"}


@pytest.mark.parametrize(
    ("energies", "graph", "mu"),
    [("pspin", "hypercube", 0.9), ("gaussian", "hypercube", 1.9), ("exponential", "complete", 0.9)],
)
def test_each_model_has_its_correlation(energies, graph, mu):
    one = point(energies=energies, graph=graph)
    found = subaging.curves({"study": [one]}, {})
    assert of(EXPONENTS, found) == []
    assert any(f"\\mu={mu:.3f} \\pm" in curve.note for curve in found)


def test_correlations_lie_on_one_curve():
    """In the file C = 1 / (1 + L), with times in sweeps and the exponent of the file."""
    found = of(SCALED, subaging.curves({"study": [point()]}, {}))
    assert [curve.colour for curve in found] == [10.0, 100.0, 1e3, 1e4, 1e5]
    for curve in found:
        np.testing.assert_allclose(curve.y, 1 / (1 + curve.x), rtol=1e-12)
        np.testing.assert_allclose(curve.error, 0.1 * curve.y)


def test_what_has_no_exponent_says_so():
    one = point()
    for name in ("overlap_subaging_exponent", "overlap_subaging_exponent_error"):
        one[name] = (), np.nan
    found = subaging.curves({"study": [one]}, {})
    assert all(curve.x.size == 0 for curve in of(SCALED, found))
    assert {"No exponent was found for the correlations on the left."} <= {
        curve.note for curve in found
    }


def test_an_unknown_systematic_error_is_no_bar_but_a_sentence():
    one = point().assign(overlap_subaging_exponent_systematic=((), np.inf))
    (curve,) = of(EXPONENTS, subaging.curves({"study": [one, point(T=0.6)]}, {}))
    assert np.isnan(curve.error[0])
    assert "parts of the points have no exponent" in curve.note


def test_two_spins_age_simply():
    """The exact solution of p = 2: mu = 1 at late times."""
    found = dmft_subaging.curves({"study": [two_spins()]})
    fit = dmft_subaging.exponent_of(two_spins())
    assert fit.exponent == pytest.approx(1.0, abs=0.01)
    scaled = of(SCALED, found)
    assert [curve.colour for curve in scaled] == [1.0, 10.0, 100.0, 1e3, 1e4]
    late = scaled[-1]
    for other in scaled[2:-1]:
        common = other.x <= late.x[-1]
        assert common.sum() > 50
        expected = np.interp(other.x[common], late.x, late.y)
        np.testing.assert_allclose(other.y[common], expected, atol=0.01)


def test_mean_field_solutions_stand_beside_simulations():
    solved = two_spins()
    alone = dmft_subaging.curves({"mean field": [solved]})
    found = subaging.curves({"study": [point()]}, {"mean field": [solved]})
    assert [curve.panel for curve in found[-len(alone) :]] == [curve.panel for curve in alone]
    site = xr.Dataset({"correlation": ("time", [1.0])}, {"time": [0.0]})
    without = subaging.curves({"study": [point()]}, {"site": [site]})
    assert len(without) == len(found) - len(alone)
