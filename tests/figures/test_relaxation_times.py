"""Relaxation times and energies in equilibrium, drawn from numbers that follow known laws."""

import numpy as np
import pytest
import xarray as xr
from scipy import special

from glasscore.figures.drawing.curves import REMARK
from glasscore.figures.traps import equilibrium_energy, relaxation_times
from glasscore.figures.traps.relaxation_times import (
    BY_SIZE,
    BY_TEMPERATURE,
    CUBE_ROOT,
    DYNAMICAL,
    EXACT,
    KAUZMANN,
    LINEAR,
    MEMORY,
    STATIC,
)
from glasscore.files.provenance import canonical_json
from glasscore.theory.equilibrium_energy import independent_levels, planted_partition
from glasscore.theory.trap_model import equilibrium_no_jump

TIMES = np.geomspace(1.0, 1e6, 49)
PSPIN = {"graph": "hypercube", "energies": "pspin", "p": 3}
TRAPS = {"graph": "complete", "energies": "exponential"}


def point(model, N, T, tau=None, error=0.0, rule="metropolis", critical=1.0, start="planted"):
    """An average with a given relaxation time in attempts, if it is in equilibrium."""
    correlation = 2.0 ** (-TIMES / (tau or 1.0))
    found = {
        "samples": 40,
        "correlation_from_start": ("time", correlation),
        "correlation_from_start_error": ("time", np.full(TIMES.size, 0.01)),
        "energy": ("time", np.full(TIMES.size, -N / (2 * T))),
        "energy_error": ("time", np.full(TIMES.size, 0.1)),
    }
    chosen = {"landscape": model, "N": N, "T": T, "rule": rule}
    dynamics = dict(chosen)
    if start != "random":
        dynamics["start"] = {"name": start, "T": T}
        found |= {
            "energy_variance": ("time", np.full(TIMES.size, 2.0)),
            "energy_variance_error": ("time", np.full(TIMES.size, 0.1)),
        }
    if tau is not None:
        found |= {"relaxation_time": tau, "relaxation_time_error": error}
    attributes = {
        "parameters": canonical_json(chosen),
        "dynamics_parameters": canonical_json(dynamics),
        "critical_temperature": critical,
        "start": start,
    }
    return xr.Dataset(found, {"time": TIMES}, attributes)


SIZES = (16, 24, 32, 48)


def glass(T, growth, sizes=SIZES):
    """Spins with ln tau = ln 2 + growth(N), with tau in sweeps and an error of five percent."""
    taus = {N: 2.0 * N * np.exp(growth(N)) for N in sizes}
    return [point(PSPIN, N, T, tau, 0.05 * tau, critical=0.65139) for N, tau in taus.items()]


def drawn(points, title="glass"):
    """The curves, without remarks on samples and on the unit."""
    return [one for one in relaxation_times.curves({title: points}) if one.role != REMARK]


def labelled(curves, label):
    return [curve for curve in curves if curve.label == label]


def test_a_law_that_holds_is_fitted_exactly():
    curves = drawn(glass(0.66, lambda N: 0.1 * N))
    (linear,), (root,) = labelled(curves, LINEAR), labelled(curves, CUBE_ROOT)
    assert linear.panel == root.panel == f"glass{BY_SIZE}, sweeps"
    assert linear.y == pytest.approx(2.0 * np.exp(0.1 * linear.x))
    assert (linear.x[0], linear.x[-1]) == (16.0, 48.0)
    assert root.y != pytest.approx(2.0 * np.exp(0.1 * root.x), rel=0.05)
    # Errors of 0.05 at four sizes give the slope the error 0.05 / sqrt(sum (N - mean)^2).
    assert linear.note.startswith(
        r"At $T=0.66$, $4$ sizes from $16$ to $48$: $c=0.1000 \pm 0.0021$ with "
    )
    assert (
        "for $2$ degrees of freedom each. At $N=96$ they give $3.0\\times10^{4}$ and $"
        in linear.note
    )
    assert linear.note.endswith(" sweeps.")


def test_the_other_law_is_fitted_exactly():
    (root,) = labelled(drawn(glass(0.66, lambda N: 2.0 * N ** (1 / 3))), CUBE_ROOT)
    assert root.y == pytest.approx(2.0 * np.exp(2.0 * root.x ** (1 / 3)))


def test_points_are_in_sweeps_and_an_unknown_time_is_said():
    points = glass(0.66, lambda N: 0.1 * N)
    points[-1]["relaxation_time"] = np.nan
    curves = drawn([*points, *glass(0.9, lambda N: 0.5)])
    of_sizes = [one for one in curves if BY_SIZE in one.panel and one.role == "data"]
    known = {(one.colour, one.marker): one for one in of_sizes if one.x.size}
    assert known[16.0, 0.66].y == pytest.approx([2.0 * np.exp(1.6)])
    assert known[16.0, 0.66].error == pytest.approx([0.1 * np.exp(1.6)])
    assert (48.0, 0.66) not in known
    said = [one.note for one in of_sizes if one.note]
    assert said == [
        r"$\tau$ is not known for $N=48$ at $T=0.66$: $C$ has not fallen to $1/2$ by the end of "
        "the run."
    ]
    # Three sizes are left at T = 0.66, and T = 0.9 lies above T_d.
    assert labelled(curves, LINEAR) == labelled(curves, CUBE_ROOT) == []


def test_no_law_of_activation_is_fitted_above_the_dynamical_transition():
    assert labelled(drawn(glass(0.69, lambda N: 0.1 * N)), LINEAR) == []
    assert labelled(drawn(glass(0.68, lambda N: 0.1 * N)), LINEAR) != []


def test_sizes_without_errors_are_not_fitted():
    points = glass(0.66, lambda N: 0.1 * N)
    points[0]["relaxation_time_error"] = np.inf
    curves = drawn(points)
    assert labelled(curves, LINEAR) == []
    (first,) = [one for one in curves if BY_SIZE in one.panel and one.colour == 16.0]
    assert np.isnan(first.error).all()


def test_transitions_are_marked():
    warm = [*glass(0.7, lambda N: 0.5), *glass(0.9, lambda N: 0.5)]
    curves = drawn([*glass(0.66, lambda N: 0.1 * N), *warm])
    for label, T in ((DYNAMICAL, 0.68160), (KAUZMANN, 0.65139)):
        (line,) = labelled(curves, label)
        assert line.panel == f"glass{BY_TEMPERATURE}, sweeps"
        assert line.x == pytest.approx([T, T], abs=1e-5)
    assert labelled(curves, STATIC) == []
    sk = {"graph": "hypercube", "energies": "sk"}
    (line,) = labelled(drawn([point(sk, 64, T, 100.0, 5.0) for T in (1.2, 1.5, 2.0)]), STATIC)
    assert line.x.tolist() == [1.0, 1.0]


def test_only_the_coldest_temperature_shows_its_memory():
    curves = drawn([*glass(0.66, lambda N: 0.1 * N), *glass(0.9, lambda N: 0.5)])
    memory = [one for one in curves if MEMORY in one.panel and one.role == "data"]
    assert {one.panel for one in memory} == {f"glass, $T=0.66${MEMORY}, sweeps"}
    assert [one.colour for one in memory] == list(SIZES)
    # Of 49 times the first, the last and every second one are shown.
    assert memory[0].x == pytest.approx(TIMES[::2] / 16)
    assert {one.note for one in memory} == {""}


def test_a_temperature_alone_has_no_panel_of_temperatures():
    known, unknown = glass(0.66, lambda N: 0.1 * N)[0], glass(0.7, lambda N: 0.0)[0]
    unknown["relaxation_time"] = np.nan
    assert {one.panel for one in drawn([known, unknown])} == {f"glass{MEMORY}, sweeps"}
    (curve,) = (one for one in drawn([unknown]) if one.role == "data")
    assert curve.note.startswith(r"$\tau$ is not known for $N=16$ at $T=0.7$")


def test_infinitely_many_traps_lie_on_their_exact_laws():
    def traps(T):
        return point(TRAPS, np.inf, T, 5.0, 0.1, "arrhenius", start="equilibrium")

    memory, _, times = labelled(drawn([traps(1.5), traps(3.0)]), EXACT)
    assert memory.exact
    assert times.exact
    assert memory.y == pytest.approx(equilibrium_no_jump(TIMES, 1.5))
    assert times.panel == f"glass{BY_TEMPERATURE}"
    # Pi(t) = (x - 1) t^(1 - x) gamma(x - 1, t), written out for x = 3.
    tau = times.y[-1]
    assert 2.0 * (1 - (1 + tau) * np.exp(-tau)) / tau**2 == pytest.approx(0.5)
    assert special.gamma(1.5) * times.y[0] ** -0.5 * special.gammainc(
        0.5, times.y[0]
    ) == pytest.approx(0.5)
    # Near T_c the time exceeds what a number can hold, and is not drawn.
    (line,) = labelled(drawn([traps(1.0005), traps(2.0)]), EXACT)[2:]
    assert np.isfinite(line.y).all()
    assert line.x[0] > 1.0005


def test_other_states_and_rules_have_no_exact_law():
    steps = point(TRAPS, np.inf, 1.5, 5.0, 0.1, "metropolis", start="equilibrium")
    finite = point(TRAPS, 20.0, 1.5, 5.0, 0.1, "arrhenius", start="equilibrium")
    for one in (steps, finite):
        assert labelled(drawn([one]), EXACT) == []


def test_few_temperatures_are_told_and_not_drawn():
    sk = {"graph": "hypercube", "energies": "sk"}
    found = relaxation_times.curves({"a": [point(sk, 64, T, 128.0, 6.4) for T in (1.2, 1.5)]})
    assert {one.panel for one in found} == {f"a{MEMORY}, sweeps"}
    said = r"$\tau$ is, in sweeps, $2.00 \pm 0.10$ at $N=64$, $T=1.2$ and $2.00 \pm 0.10$ at"
    assert any(one.note.startswith(said) for one in found)


@pytest.mark.parametrize(("model", "T"), [({**PSPIN, "p": 2}, 1.5), (PSPIN, 0.7)])
def test_the_lower_bound_has_the_exact_acceptance(model, T):
    """The mean of min(1, exp(-u / T)) for u of the mean v / 2 T and the variance v, by a sum."""
    v = relaxation_times._spread_of_flips(point(model, 64, T))
    product = 63 / 64 if model["p"] == 2 else 63 * 62 / 64**2
    assert v == pytest.approx(2 * model["p"] * product, rel=1e-12)
    u = np.linspace(-40.0, 60.0, 200_001)
    density = np.exp(-((u - v / (2 * T)) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)
    accepted = np.sum(density * np.exp(-np.maximum(u, 0.0) / T)) * (u[1] - u[0])
    (line,) = labelled(drawn([point(model, 64, T, 128.0, 1.0)]), relaxation_times.BOUND)
    assert line.y == pytest.approx(np.exp(-2 * accepted * TIMES / 64), rel=1e-5, abs=1e-12)


def test_no_bound_is_drawn_where_acceptance_is_not_known():
    for one in (
        point(PSPIN, 16, 0.7, rule="heat_bath"),
        point(PSPIN, 16, 0.7, start="equilibrium"),
        point({"graph": "hypercube", "energies": "sk", "field": 0.5}, 16, 1.5),
    ):
        assert labelled(drawn([one.assign(relaxation_time=5.0, relaxation_time_error=0.1)]),
                        relaxation_times.BOUND) == []  # fmt: skip


def test_a_study_out_of_equilibrium_says_so():
    (curve,) = relaxation_times.curves({"glass": [point(PSPIN, 16, 0.66, start="random")]})
    assert curve.x.size == 0
    assert curve.note == "No trajectory begins in equilibrium at the temperature of its run."
    (curve,) = equilibrium_energy.curves({"glass": [point(PSPIN, 16, 0.66, start="random")]})
    assert curve.note == "No trajectory begins in equilibrium at the temperature of its run."


PARTITIONS = {
    "graph": "hypercube", "energies": "number_partitioning", "logarithm": True, "bits": np.inf,
}  # fmt: skip
# Landscape, N, T, start; mean and variance of the energy, and None where they are not known.
LAWS = [
    (PSPIN, 20, 0.8, "planted", (-8.55 / 0.8, 8.55)),
    ({**PSPIN, "p": 2}, 20, 1.5, "planted", (-9.5 / 1.5, 9.5)),
    ({"graph": "hypercube", "energies": "sk", "field": 0.0}, 64, 2.0, "planted", (-15.75, 31.5)),
    ({"graph": "hypercube", "energies": "gaussian"}, 40, 1.0, "planted", (-40.0, 40.0)),
    (TRAPS, np.inf, 1.5, "equilibrium", (-3.0, 9.0)),
    (TRAPS, 20, 1.5, "planted", (-3.0, 9.0)),
    (TRAPS, 12, 0.5, "equilibrium", independent_levels(0.5, 12, "exponential")),
    (PARTITIONS, 20, 2.0, "planted", planted_partition(20, 2.0)),
    ({**PARTITIONS, "bits": 20}, 20, 2.0, "planted", None),
    (PARTITIONS, 20, 2.0, "equilibrium", None),
    (PSPIN, 20, 0.8, "equilibrium", None),
]


@pytest.mark.parametrize(("model", "N", "T", "start", "law"), LAWS)
def test_energies_are_compared_with_their_laws(model, N, T, start, law):
    one = point(model, N, T, start=start)
    curves = equilibrium_energy.curves({"a": [one]})
    if law is None:
        (curve,) = curves
        assert curve.note.startswith("No law of the energy in equilibrium is known")
        return
    mean, line, variance, above = (one for one in curves if one.role != REMARK)
    assert line.exact
    assert above.exact
    assert (set(line.y), set(above.y)) == ({0.0}, {1.0})
    deviation = np.sqrt(law[1])
    assert mean.y == pytest.approx((-N / (2 * T) - law[0]) / deviation) or np.isinf(N)
    assert mean.error == pytest.approx(0.1 / deviation)
    assert variance.y == pytest.approx(2.0 / law[1])
    assert (mean.x[0], mean.x[-1]) == (TIMES[0], TIMES[-1])


def test_of_many_results_the_coldest_are_shown():
    """Six results are shown, but of seven only those at the lowest temperature."""
    six = [point(PSPIN, N, T) for N in (16, 20, 24) for T in (0.7, 0.9)]
    for points, shown in ((six, {0.7, 0.9}), ([*six, point(PSPIN, 28, 0.7)], {0.7})):
        curves = equilibrium_energy.curves({"a": points})
        assert {one.colour for one in curves if one.role == "data"} == shown
