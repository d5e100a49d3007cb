"""Laws are drawn with the right numbers, where they hold and nowhere else."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.drawing.curves import results_by_panel, trap_exponent
from glasscore.figures.drawing.style import applied
from glasscore.figures.traps import (
    aging_function,
    correlated_aging,
    energy_relaxation,
    local_exponent,
    trap_exponents,
    trap_levels,
    trapping_times,
)
from glasscore.files.provenance import canonical_json
from glasscore.theory import step_model, trap_model
from glasscore.theory.mean_trap_model import mean_no_jump
from glasscore.theory.random_energy import log_equilibration_time

T_MAX = 1e6
TIMES = np.geomspace(1.0, T_MAX, 25)
WAITING_TIMES = np.geomspace(1.0, 1e5, 21)
WINDOWS = np.array([0.1, 0.5, 1.0, 9.0])
EDGES = 10.0 ** np.arange(-1, 8, 0.25)
GAUSSIAN_T_C = 1 / np.sqrt(2 * np.log(2))
STEPS = ("complete", {"energies": "exponential"}, "metropolis", 1.0)
HEAT_BATH = ("complete", {"energies": "exponential"}, "heat_bath", 1.0)
TRAPS = ("complete", {"energies": "exponential"}, "arrhenius", 1.0)
REM = ("hypercube", {"energies": "exponential"}, "metropolis", 1.0)
LOCAL = ("hypercube", {"energies": "number_partitioning", "logarithm": True}, "metropolis", 1.0)
# Models without a known law; for some of them the critical temperature is zero, or not known.
LAWLESS = {
    "difference": (
        "hypercube",
        {"energies": "number_partitioning", "logarithm": False},
        "metropolis",
        0.0,
    ),
    "sk": ("hypercube", {"energies": "sk", "field": 0.0}, "metropolis", 1.0),
    "field": ("hypercube", {"energies": "sk", "field": 1.0}, "metropolis", np.nan),
    "pspin": ("hypercube", {"energies": "pspin", "p": 3}, "metropolis", 0.65139),
    "correlated": (
        "hypercube", {"energies": "correlated", "alpha": 0.5}, "metropolis", GAUSSIAN_T_C,
    ),
    "gaussian": ("hypercube", {"energies": "gaussian"}, "metropolis", GAUSSIAN_T_C),
    "gaussian steps": ("complete", {"energies": "gaussian"}, "metropolis", GAUSSIAN_T_C),
    "gaussian traps": ("complete", {"energies": "gaussian"}, "arrhenius", GAUSSIAN_T_C),
    "cold REM": ("hypercube", {"energies": "exponential"}, "metropolis", 1.0),
}  # fmt: skip


def point(model, T, N=20.0):
    """A result of averages with arbitrary numbers."""
    graph, energies, rule, critical = model
    width = len(EDGES) - 1
    averages = {
        "energy": ("time", -np.log(TIMES) - 1),
        "same_configuration": (("waiting_time", "window"), np.full((21, 4), 0.5)),
        "no_jump": (("waiting_time", "window"), np.full((21, 4), 0.4)),
        "trapping_time_density": ("trapping_time", EDGES[:-1] ** -1.5),
        "stay_density": ("trapping_time", EDGES[:-1] ** -1.5),
    }
    errors = {f"{name}_error": (axes, 0.01 * abs(y)) for name, (axes, y) in averages.items()}
    coordinates = {
        "time": TIMES,
        "waiting_time": WAITING_TIMES,
        "window": WINDOWS,
        "trapping_time": np.sqrt(EDGES[1:] * EDGES[:-1]),
        "trapping_time_lower": ("trapping_time", EDGES[:width]),
        "trapping_time_upper": ("trapping_time", EDGES[1:]),
    }
    parameters = {"landscape": {"graph": graph, **energies}, "rule": rule, "N": N, "T": T}
    return xr.Dataset(
        {**averages, **errors},
        coordinates,
        {
            "parameters": canonical_json(parameters),
            "dynamics_parameters": canonical_json({"t_max": T_MAX, "threshold": "typical"}),
            "critical_temperature": critical,
            "every_jump_forgets": int(graph == "complete"),
        },
    )


# Bins of trapping times above one attempt.
LONG_BINS = slice(np.count_nonzero(np.sqrt(EDGES[1:] * EDGES[:-1]) < 1.0), None)


def shares_of(law, x):
    """Probabilities of bins from a density that is multiplied by tau^(1 + x)."""
    return law.y * law.x ** -(1.0 + x) * np.diff(EDGES)[LONG_BINS][: law.x.size]


def laws(figure, *points):
    """Lines of theory, without those that mark the end of a run."""
    found = figure.curves({"study": list(points)})
    return [
        curve for curve in found if curve.role == "theory" and curve.label != trapping_times.END
    ]


@pytest.mark.parametrize("name", LAWLESS)
@pytest.mark.parametrize("figure", [energy_relaxation, trapping_times, aging_function])
def test_no_law_is_drawn_where_none_is_claimed(figure, name):
    T = 0.0 if name == "cold REM" else 0.5
    one = point(LAWLESS[name], T)
    assert laws(figure, one) == []
    assert len(figure.curves({"study": [one]})) > 0


@pytest.mark.parametrize("figure", [energy_relaxation, trapping_times, aging_function])
@pytest.mark.parametrize("model", [REM, LOCAL])
def test_no_law_of_traps_is_drawn_above_the_transition_of_other_models(figure, model):
    assert laws(figure, point(model, 1.5)) == []


@pytest.mark.parametrize("T", [1.0, 1.5])
def test_the_trap_model_has_its_laws_above_the_transition(T):
    infinite = point(TRAPS, T, np.inf)
    (energy,) = laws(energy_relaxation, infinite)
    np.testing.assert_array_equal(energy.y, trap_model.energy(TIMES, T))
    window, waiting = laws(aging_function, infinite)
    np.testing.assert_array_equal(window.y, trap_model.no_jump(1e5, window.x, T))
    np.testing.assert_array_equal(waiting.y, trap_model.no_jump(waiting.x, 0.5, T))
    (trapping,) = laws(trapping_times, infinite)
    shares = trap_model.trapping_time_probability(EDGES[:-1], EDGES[1:], T)
    np.testing.assert_allclose(shares_of(trapping, T), shares[LONG_BINS], rtol=1e-12)
    (exponents,) = laws(trap_exponents, infinite)
    assert exponents.x[-1] == T
    np.testing.assert_array_equal(exponents.y, exponents.x)


@pytest.mark.parametrize("T", [0.5, 1.5])
def test_finitely_many_traps_have_their_exact_mean_at_every_temperature(T):
    found = laws(aging_function, point(TRAPS, T, 6.0))
    window, waiting = (law for law in found if law.exact and law.panel.count(": no_jump"))
    np.testing.assert_allclose(window.y, mean_no_jump(1e5, window.x, 64, T), rtol=1e-12)
    np.testing.assert_allclose(waiting.y, mean_no_jump(waiting.x, 0.5, 64, T), rtol=1e-12)


def test_aging_is_shown_as_its_difference_from_the_limit():
    one = point(TRAPS, 0.7, np.inf)
    points, law, zero = [
        curve
        for curve in aging_function.curves({"study": [one]})
        if curve.panel.endswith(aging_function.DIFFERENCE)
    ]
    np.testing.assert_allclose(points.y, 0.4 - trap_model.aging_function(WINDOWS, 0.7))
    # The limit is exact up to corrections of the order t_w^-0.3.
    assert 0 < law.y.max() < 1e5**-0.3
    assert set(zero.y) == {0.0}


def test_exact_laws_without_a_limit_have_residuals():
    for model, T in ((TRAPS, 1.5), (STEPS, 0.4)):
        found = aging_function.curves({"study": [point(model, T, np.inf)]})
        data, line, *_, z = found
        assert z.panel.endswith("residuals")
        law = line.y[np.isin(line.x, data.x)]
        np.testing.assert_allclose(z.y, (data.y - law) / data.error, rtol=1e-12)


def test_random_energies_have_the_limit_only_while_they_age():
    (waiting,) = [
        law
        for law in laws(aging_function, point(REM, 0.6, 14.0))
        if not law.panel.endswith(aging_function.DIFFERENCE)
    ]
    assert waiting.panel.endswith(": same_configuration waiting time")
    # In equilibrium the lowest of 14 neighbours is reached from the ground state.
    end = np.exp((14 * np.log(2) + np.euler_gamma - np.log(14)) / 0.6) / 10
    expected = WAITING_TIMES[(WAITING_TIMES >= 1e3) & (end >= 1.5 * WAITING_TIMES)]
    np.testing.assert_array_equal(waiting.x, expected)
    assert 3 < expected.size < WAITING_TIMES.size


@pytest.mark.parametrize("critical", [0.0, np.nan])
def test_without_a_transition_the_exponent_is_infinite(critical):
    assert trap_exponent(point((*REM[:3], critical), 0.5)) == np.inf


@pytest.mark.parametrize("T", [0.0, 0.4, 0.625, 1.5])
def test_the_step_model_has_its_own_laws_at_every_time(T):
    infinite = point(STEPS, T, np.inf)
    (energy,) = laws(energy_relaxation, infinite)
    np.testing.assert_array_equal(energy.y, step_model.energy(TIMES, T))
    window, waiting = laws(aging_function, infinite)
    np.testing.assert_allclose(window.y, step_model.no_jump(1e5, window.x, T), rtol=1e-12)
    np.testing.assert_allclose(waiting.y, step_model.no_jump(waiting.x, 0.5, T), rtol=1e-12)
    (visits,) = laws(trapping_times, infinite)
    # The exponent of long times is 2 - 1 / T from T_c / 2 to T_c, and T above T_c.
    shares = shares_of(visits, {0.0: 0.0, 0.4: 0.0, 0.625: 0.4, 1.5: 1.5}[T])
    longer = step_model.visits(T_MAX, T, EDGES) / step_model.visits(T_MAX, T)
    exact = -np.diff(longer)[LONG_BINS][: shares.size]
    np.testing.assert_allclose(shares, exact, rtol=1e-9, atol=1e-15)


def test_aging_of_the_step_model_at_zero_temperature_tends_to_its_limit():
    # Corrections to the limit are of the order 1 / t_w.
    window, _ = laws(aging_function, point(STEPS, 0.0, np.inf))
    np.testing.assert_allclose(window.y, 1 / (1 + window.x), atol=2e-5)


def test_a_finite_step_model_has_only_laws_that_it_leaves():
    finite = point(STEPS, 0.4, 12.0)
    assert laws(trapping_times, finite) == []
    assert [law.panel.partition(":")[2] for law in laws(aging_function, finite)] == [
        " no_jump waiting time"
    ]


def _slope(curve):
    return (curve.y[-1] - curve.y[0]) / np.log(curve.x[-1] / curve.x[0])


def with_density(point, power, factor=7.0):
    """The point with a power law as its density of visits and of stays."""
    density = ("trapping_time", factor * point.trapping_time.values**power)
    errors = ("trapping_time", 0.01 * density[1])
    return point.assign(
        trapping_time_density=density, stay_density=density,
        trapping_time_density_error=errors, stay_density_error=errors,
    )  # fmt: skip


def with_fit(point, x, error, probability):
    """The point with a fit of the tail of stays."""
    return point.assign(
        stay_exponent=x, stay_exponent_error=error, stay_exponent_probability=probability
    )


def test_powers_are_drawn_and_fits_that_reject_them_are_named():
    one = with_density(point(REM, 0.5), -1.5)
    for fitted in (one, with_fit(one, 0.54, 0.01, 0.5), with_fit(one, np.nan, np.nan, np.nan)):
        (line,) = laws(trapping_times, fitted)
        np.testing.assert_allclose(line.y, 7.0, rtol=1e-12)
        assert line.x[0] > 1e3
        assert line.x[-1] < 0.03 * T_MAX
        found = trapping_times.curves({"study": [fitted]})
        assert not any("contradict" in curve.note for curve in found)
    for fitted, said in (
        (with_fit(one, 0.55, 0.01, 0.5), r"0.550 \pm 0.014"),
        (with_fit(one, 0.5, 0.01, 1e-3), "no power law"),
    ):
        (line,) = laws(trapping_times, fitted)
        np.testing.assert_allclose(line.y, 7.0, rtol=1e-12)
        assert any(said in curve.note for curve in trapping_times.curves({"study": [fitted]}))


def test_the_end_of_the_run_is_marked_and_stays_near_it_are_left_out():
    found = trapping_times.curves({"study": [point(REM, 0.5)]})
    (end,) = (curve for curve in found if curve.label == trapping_times.END)
    assert end.x.tolist() == [T_MAX, T_MAX]
    assert 0.1 * T_MAX < found[0].x.max() <= 0.3 * T_MAX
    # Visits may be longer than the run.
    visits = trapping_times.curves({"study": [point(TRAPS, 0.5, np.inf)]})[0]
    assert visits.x.max() > T_MAX


def test_finitely_many_traps_have_a_law_below_the_time_of_the_deepest():
    (law,) = laws(trapping_times, point(TRAPS, 0.5, 10.0))
    assert 0.3 * 2**20 / 100 < law.x.max() < 2**20 / 100
    assert not law.exact


@pytest.mark.parametrize(("T", "of_visits"), [(0.4, 0.0), (0.625, -0.4), (0.8, -0.75)])
def test_the_heat_bath_has_slopes_only(T, of_visits):
    infinite = point(HEAT_BATH, T, np.inf)
    assert laws(aging_function, infinite) == []
    # Close to T_c the slope of late times is reached too late to be drawn.
    slopes = [_slope(energy) for energy in laws(energy_relaxation, infinite)]
    assert slopes == ([pytest.approx(-1.0, rel=1e-12)] if T < 0.5 else [])
    (visits,) = laws(trapping_times, with_density(infinite, of_visits - 1))
    np.testing.assert_allclose(visits.y, 7.0, rtol=1e-12)
    assert laws(energy_relaxation, point(HEAT_BATH, 1.2, np.inf)) == []


def test_at_zero_temperature_the_heat_bath_is_metropolis_rule():
    rules = [point(model, 0.0, np.inf) for model in (HEAT_BATH, STEPS)]
    first, second = (laws(energy_relaxation, one)[0].y for one in rules)
    np.testing.assert_array_equal(first, second)


def test_the_trap_model_keeps_its_laws():
    infinite = point(TRAPS, 0.5, np.inf)
    (energy,) = laws(energy_relaxation, infinite)
    np.testing.assert_array_equal(energy.y, trap_model.energy(TIMES, 0.5))
    window, waiting, late, *_ = laws(aging_function, infinite)
    np.testing.assert_array_equal(window.y, trap_model.no_jump(1e5, window.x, 0.5))
    np.testing.assert_array_equal(waiting.y, trap_model.no_jump(waiting.x, 0.5, 0.5))
    np.testing.assert_array_equal(late.y, np.full(21, trap_model.aging_function(0.5, 0.5)))
    assert len(laws(trapping_times, infinite)) == 1


@pytest.mark.parametrize("model", [REM, LOCAL])
def test_random_energies_follow_the_trap_model(model):
    one = point(model, 0.5)
    (energy,) = laws(energy_relaxation, one)
    assert _slope(energy) == pytest.approx(-0.5, rel=1e-12)
    for law, omega in zip(laws(aging_function, one)[:2], (None, 0.5), strict=True):
        expected = trap_model.aging_function(law.x if omega is None else omega, 0.5)
        np.testing.assert_array_equal(law.y, np.broadcast_to(expected, law.y.shape))
        assert np.isnan(law.colour)


@pytest.mark.parametrize(
    ("model", "T", "N", "x"),
    [(REM, 0.5, 20.0, 0.5), (TRAPS, 0.5, np.inf, 0.5), (STEPS, 0.8, np.inf, 0.75)],
)
def test_every_level_has_the_trap_model_s_law_beside(model, T, N, x):
    law, *others = reversed(laws(trap_levels, point(model, T, N)))
    # Where states are infinitely many, no jump has an exact law.
    assert [other.label for other in others] == [trap_levels.EXACT] * int(np.isinf(N))
    np.testing.assert_allclose(law.y, trap_model.aging_function(0.5, x), rtol=1e-12)
    assert law.x.tolist() == WAITING_TIMES[WAITING_TIMES >= 1e3].tolist()
    (exponents,) = laws(trap_exponents, point(model, T, N))
    assert np.interp(T, exponents.x, exponents.y) == pytest.approx(x, abs=1e-4)


@pytest.mark.parametrize("figure", [trap_levels, trap_exponents])
@pytest.mark.parametrize("name", sorted(set(LAWLESS) - {"cold REM"}))
def test_levels_have_no_law_where_none_is_claimed(figure, name):
    assert laws(figure, point(LAWLESS[name], 0.5)) == []


def test_basins_of_the_step_model_have_no_law_where_there_is_no_threshold():
    for T in (0.0, 0.4, 1.5):
        (no_jump,) = laws(trap_levels, point(STEPS, T, np.inf))
        expected = step_model.no_jump(WAITING_TIMES, np.full(WAITING_TIMES.size, 0.5), T)
        np.testing.assert_allclose(no_jump.y, expected, rtol=1e-12)


def test_the_local_law_is_drawn_from_the_first_traps_to_the_end_of_aging():
    one = point(LAWLESS["gaussian"], 0.5, 14.0)
    one["waiting_energy"] = ("waiting_time", np.full(WAITING_TIMES.size, -0.3 * 14 / 0.5))
    one["waiting_energy_error"] = ("waiting_time", np.full(WAITING_TIMES.size, 0.1))
    found = local_exponent.curves({"study": [one]})
    (law,) = [curve for curve in found if curve.label == local_exponent.LAW]
    np.testing.assert_allclose(law.y, trap_model.aging_function(0.5, 0.3), rtol=1e-12)
    end = np.exp(log_equilibration_time(14, 0.5, "gaussian")) / 10
    assert law.x.min() == 1e3
    assert law.x.max() == WAITING_TIMES[end >= 1.5 * WAITING_TIMES].max()
    points, zero = [curve for curve in found if curve.panel.endswith(": difference")]
    np.testing.assert_allclose(points.y, 0.5 - trap_model.aging_function(points.x, 0.3), rtol=1e-12)
    assert points.panel == "study\n$T=0.5$, $t_w=10^{3}$: difference"
    z = points.y / points.error
    assert f"$\\chi^2/n={np.mean(z**2):.3g}$ over $n={z.size}$" in zero.note
    # No law is drawn in equilibrium.
    hot = one.assign_attrs(parameters=one.attrs["parameters"].replace('"T":0.5', '"T":1.5'))
    assert all(curve.label != local_exponent.LAW for curve in _seen(local_exponent, hot))


def _seen(figure, one):
    return [curve for curve in figure.curves({"study": [one]}) if curve.x.size > 0]


def test_gaussian_energies_have_the_local_law():
    one = point(LAWLESS["gaussian"], 0.5)
    # The local exponent |E| / (N beta) is 0.3 at every waiting time.
    one["waiting_energy"] = ("waiting_time", np.full(WAITING_TIMES.size, -0.3 * 20 / 0.5))
    (law,) = laws(trap_levels, one)
    np.testing.assert_allclose(law.y, trap_model.aging_function(0.5, 0.3), rtol=1e-12)


@pytest.mark.parametrize("name", ["sk", "field", "pspin", "gaussian", "correlated"])
def test_energies_in_proportion_to_the_size_are_shown_per_spin(name):
    one = point(LAWLESS[name], 0.5)
    (energy,) = energy_relaxation.curves({"study": [one]})
    np.testing.assert_allclose(energy.y, (-np.log(TIMES) - 1) / 20, rtol=1e-12)
    np.testing.assert_allclose(energy.error, 0.01 * (np.log(TIMES) + 1) / 20, rtol=1e-12)


@pytest.mark.parametrize("name", ["difference", "cold REM"])
def test_other_energies_are_shown_as_they_are(name):
    (energy,) = energy_relaxation.curves({"study": [point(LAWLESS[name], 0.0)]})
    np.testing.assert_array_equal(energy.y, -np.log(TIMES) - 1)


def test_panels_say_which_energies_are_per_spin():
    models = {name: [point(LAWLESS[name], 0.5)] for name in ("sk", "difference")}
    with applied({"font_size": 8, "palette": "viridis"}):
        figure = energy_relaxation.draw(energy_relaxation.curves(models))
        assert [(one.get_title(loc="left"), one.get_ylabel()) for one in figure.axes] == [
            ("(a) sk", r"energy per spin $\langle E\rangle/(NJ)$"),
            ("(b) difference", r"energy $\langle E\rangle/J$"),
        ]


def test_many_sizes_get_a_panel_for_each_temperature():
    grid = [point(REM, T, N) for T in (0.5, 0.75) for N in (16, 20, 24, 32, 48, 64)]
    panels = results_by_panel({"REM": grid})
    assert [len(points) for points in panels.values()] == [6, 6]
    assert list(results_by_panel({"REM": grid[:2]})) == ["REM"]
    shown = [curve for curve in aging_function.curves({"REM": grid}) if curve.role == "data"]
    assert len(shown) == 3 * len(grid)
    assert len({curve.panel for curve in shown}) == 6


def test_correlated_aging_lies_over_alpha_beside_independent_energies():
    alphas = (0.125, 0.5, 2.0)
    studies = {
        f"alpha {alpha}": [
            point(
                ("hypercube", {"energies": "correlated", "alpha": alpha}, "metropolis", 0.85), 0.5
            )
        ]
        for alpha in alphas
    }
    rem = {"rem": [point(LAWLESS["gaussian"], 0.5)]}
    found = correlated_aging.curves({**studies, **rem})
    data = [curve for curve in found if curve.role == "data"]
    assert [curve.colour for curve in data] == pytest.approx([1e2, 1e3, 1e4, 1e5])
    assert all(curve.x.tolist() == list(alphas) for curve in data)
    *levels, rough = [curve for curve in found if curve.role == "theory"]
    assert set(rough.x) == {np.log(20) / 2}
    assert [curve.colour for curve in levels] == [curve.colour for curve in data]
    assert all(set(curve.y) == {0.5} and "is about 0.005" in curve.note for curve in levels)
    assert correlated_aging.curves(rem) == []


def test_the_upper_axis_of_correlated_aging_is_the_correlation_of_neighbours():
    model = ("hypercube", {"energies": "correlated", "alpha": 0.5}, "metropolis", 0.85)
    with applied({"font_size": 9, "palette": "viridis"}):
        figure = correlated_aging.draw(correlated_aging.curves({"study": [point(model, 0.5)]}))
        (upper,) = figure.axes[0].child_axes
        # The ends of the axis are alpha = 0.5 / 1.05 and 0.5 * 1.05, with N = 20.
        assert len(upper.get_xticks()) == len(upper.get_xticklabels()) > 0
        for alpha, text in zip(upper.get_xticks(), upper.get_xticklabels(), strict=True):
            assert float(text.get_text()) == pytest.approx(0.9 ** (20 * alpha), rel=0.01)


def test_alphas_are_told_by_colour():
    points = [
        point(("hypercube", {"energies": "correlated", "alpha": alpha}, "metropolis", 0.85), T)
        for alpha in (0.5, 1.0)
        for T in (0.4, 0.5)
    ]
    curves = energy_relaxation.curves({"CREM": points})
    assert len({curve.colour for curve in curves}) == 4
    assert len({curve.colour_label for curve in curves}) == 4


def with_exponents(point, name="stay_exponent", x=0.5, error=0.01, probability=0.5):
    """The point with the exponent of one level."""
    return point.assign({name: x, f"{name}_error": error, f"{name}_probability": probability})


def test_exponents_lie_over_the_inverse_size_where_there_are_several():
    several = [with_exponents(point(REM, 0.5, N)) for N in (16.0, 32.0)]
    found = trap_exponents.curves({"REM": several})
    shown = [curve for curve in found if curve.role == "data" and curve.x.size]
    # Stays are the second level, which stands beside the first.
    assert [float(curve.x[0]) for curve in shown] == pytest.approx([1 / 16, 1 / 32], abs=0.001)
    (law,) = (curve for curve in found if curve.role == "theory")
    assert law.y.tolist() == [0.5, 0.5]
    assert (law.x[0], law.x[-1] >= max(curve.x[0] for curve in shown)) == (0.0, True)
    (alone,) = (
        curve
        for curve in trap_exponents.curves({"REM": several[:1]})
        if curve.role == "data" and curve.x.size
    )
    assert alone.x == pytest.approx([0.5], rel=1e-14)
    assert alone.panel.startswith("REM, $N=16$")


def test_exponents_that_their_fit_rejects_are_named_and_not_drawn():
    for one, said in (
        (with_exponents(point(REM, 0.5), probability=1e-3), "stays at $N=20$, $T=0.5$"),
        (with_exponents(point(REM, 0.5), error=np.nan), "too few events to fit stays"),
    ):
        found = trap_exponents.curves({"REM": [one]})
        assert not any(curve.x.size for curve in found if curve.role == "data")
        assert said in " ".join(curve.note for curve in found)


def test_stays_are_left_out_where_no_jump_leads_back():
    found = trap_exponents.curves({"traps": [with_exponents(point(TRAPS, 0.5, np.inf))]})
    assert not any(curve.x.size for curve in found if curve.role == "data")
