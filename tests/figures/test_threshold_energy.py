"""The right estimates of the threshold are drawn, and compared with the right theory."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.traps import threshold_energy
from glasscore.files.provenance import canonical_json
from glasscore.theory.ising_pspin import marginal_states, most_numerous_states

TIME = np.array([1.0, 10.0, 100.0])
MAXIMUM, RIDGE = np.array([-0.1, -0.6, -0.5]), np.array([np.nan, -0.65, -0.7])
LATE = -0.68
SIZES = threshold_energy.SIZES
MAXIMA, RIDGES = threshold_energy.MAXIMUM[2], threshold_energy.RIDGE[2]


def point(N, T=0.4, threshold=0.0, recorded=("maximum", "ridges"), **landscape):
    """A result with the energies per spin above; errors are N/100, and N/1000 for late ridges."""
    model = {"graph": "hypercube", "energies": "pspin", "p": 3, **landscape}
    variables = {}
    if "maximum" in recorded:
        variables["maximum_energy"] = ("time", N * MAXIMUM)
        variables["maximum_energy_error"] = ("time", np.full(3, 0.01 * N))
    if "ridges" in recorded:
        variables["metabasin_ridge_energy"] = ("time", N * RIDGE)
        variables["metabasin_ridge_energy_error"] = ("time", np.array([np.nan, 0.01, 0.01]) * N)
        variables["metabasin_late_ridge_energy"] = ((), N * LATE)
        variables["metabasin_late_ridge_energy_error"] = ((), 0.001 * N)
    return xr.Dataset(
        variables,
        {"time": TIME},
        {
            "parameters": canonical_json({"landscape": model, "N": N, "T": T}),
            "dynamics_parameters": canonical_json({"threshold": threshold}),
            "threshold_energy": -0.25 * N,
        },
    )


def curves(*points):
    return threshold_energy.curves({"study": list(points)})


def of_sizes(found):
    """Panels against size: abscissae, energies and errors of points, by their label."""
    told = {}
    for each in found:
        if each.panel.endswith(SIZES) and each.role == "data" and each.x.size:
            told.setdefault(each.marker_label, []).append((*each.x, *each.y, *each.error))
    return {label: np.transpose(values) for label, values in told.items()}


def test_least_maximum_and_late_ridges_per_spin():
    found = of_sizes(curves(point(16), point(64)))
    for (x, y, error), energy, spread in zip(
        found.values(), (-0.6, LATE), (0.01, 0.001), strict=True
    ):
        assert x == pytest.approx([1 / 4, 1 / 8], rel=1e-14)
        assert y == pytest.approx([energy] * 2, rel=1e-14)
        assert error == pytest.approx([spread] * 2, rel=1e-14)
    assert list(found) == [MAXIMA, RIDGES]


def test_exponential_energies_are_not_divided_by_the_size():
    """Their threshold is -ln N; a size is drawn at ln N."""
    found = of_sizes(curves(*(point(N, energies="exponential") for N in (16, 64))))
    x, y, error = found[MAXIMA]
    assert x == pytest.approx(np.log([16, 64]), rel=1e-14)
    assert y == pytest.approx([-0.6 * 16, -0.6 * 64], rel=1e-14)
    assert error == pytest.approx([0.16, 0.64], rel=1e-14)


def test_times_without_ridges_are_left_out():
    """Time is counted in sweeps."""
    maximum, ridges = (
        each
        for each in curves(point(16))
        if each.panel.endswith(threshold_energy.TIMES) and each.role == "data"
    )
    assert np.array_equal(maximum.x, TIME / 16)
    assert np.array_equal(ridges.x, TIME[1:] / 16)
    assert ridges.y == pytest.approx(RIDGE[1:], rel=1e-14)


def test_one_of_the_recorders_is_enough():
    for recorded, label in (("maximum", MAXIMA), ("ridges", RIDGES)):
        found = curves(*(point(N, recorded=(recorded,)) for N in (16, 64)))
        assert len([each for each in found if each.role == "data"]) == 4
        assert list(of_sizes(found)) == [label]


def test_a_maximum_that_only_falls_is_no_estimate():
    falling, other = (point(N, recorded=("maximum",)) for N in (16, 64))
    # The last maximum is larger by one error of the difference, which may be noise.
    falling["maximum_energy"] = ("time", 16 * np.array([-0.1, -0.6, -0.6 + 0.0141]))
    found = curves(falling, other)
    assert [x for x, *_ in np.transpose(of_sizes(found)[MAXIMA])] == [1 / 8]
    assert any("not risen again at $N=16$" in each.note for each in found)


def test_no_ridges_at_all_leave_the_maximum():
    empty = point(16)
    for name in ("late_ridge_energy", "late_ridge_energy_error"):
        empty[f"metabasin_{name}"] = np.nan
    found = curves(empty, empty.assign_attrs(point(64).attrs))
    assert list(of_sizes(found)) == [MAXIMA]


@pytest.mark.parametrize(
    ("T", "p", "states"),
    [
        (0.4, 3, (most_numerous_states, marginal_states)),
        (0.2, 3, (most_numerous_states,)),  # below Gardner's temperature
        (0.0, 3, (most_numerous_states,)),
        (0.7, 3, ()),  # above T_d
        (0.4, 2, ()),
    ],
)
def test_theory_of_p_spin_models(T, p, states):
    found = curves(point(16, T=T, p=p), point(64, T=T, p=p))
    for panels in (threshold_energy.TIMES, SIZES):
        lines = [each for each in found if each.role == "theory" and each.panel.endswith(panels)]
        assert [each.y[-1] for each in lines] == [find(p, T).energy for find in states]
        for line in lines:
            assert np.ptp(line.y) == 0.0
            assert line.x[0] == (0.0 if panels == SIZES else TIME[0] / 64)


def test_no_theory_of_one_model_beside_another():
    found = curves(point(16), point(64, p=2))
    assert all(each.role == "data" for each in found)


def test_one_sample_is_no_estimate():
    """Without errors there is nothing that theory could be compared with."""
    alone = [point(N, threshold="typical") for N in (16, 64)]
    for each in alone:
        for name in each.data_vars:
            if name.endswith("_error"):
                each[name] = np.nan * each[name]
    assert not any(len(each.x) for each in curves(*alone))


def test_theory_of_independent_energies_is_the_typical_threshold():
    points = [point(N, threshold="typical", energies="gaussian") for N in (16, 64)]
    shown = [each for each in curves(*points) if each.role == "theory"]
    lines = [each for each in shown if each.label == threshold_energy.TYPICAL]
    lowest = [each for each in shown if each.label == threshold_energy.LOWEST]
    # The mean lowest of 16 and of 64 normal numbers is -1.76599 and -2.34373.
    assert [line.y[0] for line in lowest] == pytest.approx([-1.76599 / 4, -2.34373 / 8], rel=1e-3)
    # There is one line for each size, against time and against size.
    assert [line.colour for line in lines] == [16, 64, 16, 64]
    for line in lines:
        assert line.y == pytest.approx([-0.25] * 2, rel=1e-14)
    # A threshold that the user gives as a number is no theory.
    points = [point(N, threshold=-1.0, energies="gaussian") for N in (16, 64)]
    assert all(each.role == "data" for each in curves(*points))


def test_a_panel_for_each_temperature():
    panels = {each.panel for each in curves(point(16, T=0.3), point(16, T=0.4))}
    assert len(panels) == 2


def test_a_maximum_below_the_ridges_is_no_estimate():
    """Ridges at -0.5 lie above the least maximum, which is -0.6."""
    low, high = point(16), point(64)
    low["metabasin_late_ridge_energy"] = -0.5 * 16
    found = curves(low, high)
    assert [x for x, *_ in np.transpose(of_sizes(found)[MAXIMA])] == [1 / 8]
    assert any("not drawn at $N=16$ ($-0.600$)" in each.note for each in found)


def test_the_lowest_exponential_neighbour_is_a_harmonic_number():
    energy = threshold_energy._lowest_neighbour(point(4, energies="exponential"))
    assert energy == pytest.approx(-25 / 12, rel=1e-12)


def test_one_size_has_no_panel_against_size():
    assert {each.panel.rpartition(":")[2] for each in curves(point(16))} == {" times"}
    both = {each.panel.rpartition(":")[2] for each in curves(point(16), point(64))}
    assert both == {" times", " sizes"}
