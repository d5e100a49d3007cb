"""Temperatures and fields that change in a run, against master equations and the trap model.

The probabilities of all states of a few spins obey dp/dt = W(t) p with rates W that are constant
between changes, so that they are known exactly at all times. Deviations of single trajectories from
the exact mean in their own landscape have mean zero.
"""

import re

import numpy as np
import pytest
from scipy.special import ndtri

from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.dynamics.cost import seconds_of_a_sample
from glasscore.dynamics.stage import run
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.all_states import energies_of_all_states
from glasscore.landscapes.energies import gaussian, sk
from glasscore.landscapes.graphs import hypercube
from glasscore.landscapes.in_field import UNIT, in_field, spins_up
from glasscore.landscapes.interface import (
    destination_energy,
    energies_at,
    move,
    place_randomly,
    position,
    update_energy,
)
from glasscore.landscapes.sample import disorder_sample, sample_of_job
from glasscore.models.pieces import Piece, pieces_of
from glasscore.models.schedule import logarithmic_times
from glasscore.theory import step_model, trap_model, trap_protocol
from tests.campaigns import dynamics_parameters
from tests.dynamics.models import landscape_with_defaults
from tests.exact import generator
from tests.statistical import assert_within, z_scores

SPINS = 5
SAMPLES = 1500
COOLING = [{"begin": 20.0, "end": 200.0, "T": 0.4, "course": "linear", "steps": 4}]
CYCLE = [{"begin": 12.5, "T": 0.4}, {"begin": 60.0, "T": 1.1}, {"begin": 300.0, "T": 0.6}]
SWITCHED_OFF = [{"begin": 15.0, "field": 0.0}]
SWITCHED_ON = [{"begin": 15.0, "field": 0.7}, {"begin": 100.0, "T": 0.5, "field": -0.2}]


def job(graph, energies, rule="metropolis", clock="superbasin", **others):
    """A job of a few spins whose temperature or field changes."""
    recorders = ["energy", *(["magnetisation"] if graph == "hypercube" else [])]
    return dynamics_parameters(
        graph, energies, rule, SPINS, 0.9, SAMPLES, 1000.0, clock=clock, recorders=recorders,
        landscape=landscape_with_defaults(graph, energies), times_per_decade=2, **others,
    )  # fmt: skip


def magnetisations(N):
    """The sum of the spins of all states."""
    return 2.0 * np.bitwise_count(np.arange(2**N)) - N


def exact_means(levels, graph, rule, pieces, times):
    """Mean energy (of the piece's field) and sum of the spins of one landscape at all times."""
    up = magnetisations(int(np.log2(levels.size)))
    occupied = np.full(levels.size, 1 / levels.size)
    found = np.full((2, times.size), np.nan)
    for piece in pieces:
        energies = levels - piece.field * up
        # The symmetric form of W has the same eigenvalues.
        half = np.exp(-energies / (2 * piece.T))
        W = generator(energies, graph, rule, 1 / piece.T)
        rates, vectors = np.linalg.eigh(W * half / half[:, np.newaxis])
        amplitudes = vectors.T @ (occupied / half)

        def after(t, amplitudes=amplitudes, rates=rates, vectors=vectors, half=half):
            return half * (vectors @ (np.exp(rates * t) * amplitudes))

        for index in np.flatnonzero((times >= piece.begin) & (times < piece.end)):
            at_time = after(times[index] - piece.begin)
            found[:, index] = at_time @ energies, at_time @ up
        if piece.end < np.inf:
            occupied = after(piece.end - piece.begin)
    return found


def tabulated(N, step):
    """The landscape of reference numbers: normal quantiles in an order without a pattern."""
    return np.sqrt(N) * ndtri(((step * np.arange(2**N)) % 2**N + 0.5) / 2**N)


def test_the_reference_of_the_tests_agrees_with_published_numbers():
    """Energies of eight spins after a quench, in Kovacs' protocol, and in a temperature cycle."""
    levels, rule = tabulated(8, 157), "metropolis"
    quench = exact_means(
        levels, "hypercube", rule, [Piece(0, np.inf, 0.9, 0)], np.array([1, 10, 100, 1e3, 1e4])
    )
    assert quench[0] == pytest.approx(
        [-1.340561, -3.756768, -5.007806, -5.875741, -6.640507], abs=1e-6
    )
    change = 44.841761
    pieces = [Piece(0, change, 0.9, 0), Piece(change, np.inf, 1.6, 0)]
    hump = exact_means(
        levels, "hypercube", rule, pieces, change + np.array([0, 1, 10, 30, 100, 1e3])
    )
    assert hump[0] == pytest.approx(
        [-4.639618, -4.482911, -4.104951, -4.146781, -4.376830, -4.638271], abs=1e-6
    )
    pieces = [Piece(0, 200, 1.6, 0), Piece(200, 400, 0.9, 0), Piece(400, 600, 1.6, 0)]
    ends = np.nextafter([200.0, 400.0, 600.0], 0)
    cycle = exact_means(levels, "hypercube", rule, pieces, ends)
    assert cycle[0] == pytest.approx([-4.496542, -5.677360, -4.624333], abs=1e-6)


@pytest.mark.parametrize(
    ("given", "comparisons"),
    [
        (job("hypercube", "gaussian", ramps=CYCLE), 8),
        (job("hypercube", "gaussian", clock="rejection", ramps=COOLING), 8),
        (job("hypercube", "exponential", rule="heat_bath", ramps=COOLING), 8),
        (job("hypercube", "gaussian", clock="rejection_free", field=0.7, ramps=SWITCHED_OFF), 8),
        (job("hypercube", "sk", ramps=SWITCHED_ON), 8),
        (job("hypercube", "pspin", clock="rejection", field=0.7, ramps=SWITCHED_OFF), 8),
        (job("complete", "gaussian", clock="rejection_free", ramps=CYCLE), 8),
        (job("complete", "gaussian", rule="arrhenius", ramps=COOLING), 8),
    ],
    ids=lambda given: (
        f"{given['landscape']['energies']}-{given['clock']}-{given['rule']}"
        if isinstance(given, dict)
        else ""
    ),
)
def test_trajectories_obey_the_master_equation(given, comparisons):
    found = run(given, [])
    times, graph = found.time.values, given["landscape"]["graph"]
    levels = [
        energies_of_all_states(hypercube.create(SPINS, sample_of_job(given, sample).energies))
        for sample in range(SAMPLES)
    ]
    exact = np.array(
        [exact_means(each, graph, given["rule"], pieces_of(given), times) for each in levels]
    )
    measured = {"energy": (exact[:, 0], 1.0)}
    if graph == "hypercube":
        measured["magnetisation"] = (exact[:, 1], 1.0 / SPINS)
    for name, (means, unit) in measured.items():
        deviations = found[name].values - unit * means
        error = deviations.std(axis=0, ddof=1) / np.sqrt(SAMPLES)
        assert_within(deviations.mean(axis=0) / error, comparisons * 2 * times.size)


def test_the_file_says_temperature_and_field_at_all_times():
    given = job("hypercube", "sk", field=0.3, ramps=SWITCHED_ON)
    found = run({**given, "samples": 1}, [])
    after = found.sel(time=[10.0, 15.0, 100.0, 1000.0])
    assert after.temperature.values.tolist() == [0.9, 0.9, 0.5, 0.5]
    assert after.field.values.tolist() == [0.3, 0.7, -0.2, -0.2]
    constant = run({**given, "samples": 1, "field": 0.0, "ramps": []}, [])
    assert not {"temperature", "field"} & set(constant)


def test_times_are_dense_after_each_change():
    found = run({**job("hypercube", "gaussian", ramps=CYCLE), "samples": 1}, [])
    for ramp in CYCLE:
        since = ramp["begin"] + np.concatenate([[0.0], logarithmic_times(1000.0, 2)])
        assert np.isin(np.round(since[since <= 1000], 9), np.round(found.time.values, 9)).all()
    assert not found.energy.isnull().any()


@pytest.mark.parametrize("course", ["smooth", "linear"])
def test_a_change_that_takes_time_is_divided_into_steps(course):
    ramp = {"begin": 10.0, "end": 1000.0, "T": 0.5, "course": course, "steps": 40}
    pieces = pieces_of({"T": 1.5, "ramps": [ramp]})
    assert len(pieces) == 42
    assert [piece.end for piece in pieces[:-1]] == [piece.begin for piece in pieces[1:]]
    temperatures = [piece.T for piece in pieces]
    assert (temperatures[0], temperatures[-1]) == (1.5, 0.5)
    assert np.all(np.diff(temperatures) <= 0)
    # The course is antisymmetric about its middle, and so are its steps.
    assert np.add(temperatures, temperatures[::-1]) == pytest.approx(2.0)
    lengths = np.diff([piece.begin for piece in pieces[1:]])
    ratios = lengths[1:] / lengths[:-1]
    assert ratios == pytest.approx(1.0 if course == "linear" else 100 ** (1 / 40), rel=1e-9)


def test_infinitely_many_traps_obey_their_law():
    """The energy has a hump after the trap model is heated, as exactly known."""
    ramps = [{"begin": 30.0, "T": 0.7}, {"begin": 300.0, "end": 900.0, "T": 1.3, "steps": 3}]
    given = {**job("complete", "exponential", rule="arrhenius"), "N": np.inf, "T": 0.5}
    found = run({**given, "samples": 5000, "t_max": 1e4, "ramps": ramps}, [])
    changes = [(piece.begin, piece.T) for piece in pieces_of({"T": 0.5, "ramps": ramps})]
    exact = trap_protocol.energy(found.time.values, changes)
    error = found.energy.std("sample", ddof=1).values / np.sqrt(5000)
    assert_within(z_scores(found.energy.mean("sample").values, exact, error))


def test_a_change_that_changes_nothing():
    """In the step model of infinitely many states, each state is new and drawn on arrival."""
    ramps = [{"begin": 10.0, "T": 0.5}, {"begin": 100.0, "T": 0.5}]
    given = {**job("complete", "exponential", clock="rejection_free"), "N": np.inf, "T": 0.5}
    found = run({**given, "samples": 5000, "ramps": ramps}, [])
    exact = step_model.energy(found.time.values, 0.5)
    error = found.energy.std("sample", ddof=1).values / np.sqrt(5000)
    assert_within(z_scores(found.energy.mean("sample").values, exact, error))


def test_the_law_of_traps_has_known_values():
    since = np.array([0.0, 10.0, 100.0, 1e3, 1e5])
    found = trap_protocol.energy(1e3 + since, [(0, 0.5), (1e3, 0.7)])
    known = [-3.80442, -3.73772, -3.69930, -4.33188, -7.07195]
    assert found == pytest.approx(known, abs=1e-5)
    # A change to the same temperature changes nothing, and T_c is the unit of energy.
    times = np.array([0.0, 3.0, 100.0, 1e6])
    same = trap_protocol.energy(times, [(0, 0.5), (7, 0.5), (100, 0.5)], 2.0)
    assert same == pytest.approx(trap_model.energy(times, 0.5, 2.0), abs=1e-10)
    with pytest.raises(ValueError, match="times of changes must rise from 0"):
        trap_protocol.energy(times, [(1, 0.5)])
    with pytest.raises(ValueError, match="positive"):
        trap_protocol.energy(times, [(0, -0.5)])


@kernel
def walk(landscape, where, spins, words, announced, fields, rng):
    """Flip spins one after another, and keep the fields before they are computed anew."""
    place_randomly(landscape, where, rng)
    for step in range(spins.size):
        after = destination_energy(landscape, where, spins[step], rng)
        move(landscape, where, spins[step], after, rng)
        words[step], announced[step] = where.words[0], after
    for spin in range(fields.size):
        fields[spin] = where.fields[spin]
    update_energy(landscape, where)


@pytest.mark.uncompiled
@pytest.mark.parametrize("energies", ["gaussian", "exponential", "correlated", "sk", "pspin"])
def test_energies_in_a_field(energies):
    """The energies of all states, and those after each flip, are those of the sum."""
    N, h = 6, 0.3
    model = landscape_with_defaults("hypercube", energies)
    landscape = disorder_sample(1, "test", N, 0, model)
    inside = in_field(landscape, h)
    h = UNIT * round(h / UNIT)
    states = np.arange(2**N, dtype=np.uint64)
    levels = energies_at(landscape, states) - h * magnetisations(N)
    assert energies_at(inside, states) == pytest.approx(levels, abs=1e-13)
    where, rng = position(inside), np.random.default_rng(0)
    spins = rng.integers(N, size=20)
    words, announced = np.zeros(spins.size, np.uint64), np.zeros(spins.size)
    kept = np.zeros_like(where.fields)
    with np.errstate(over="ignore"):
        walk(inside, where, spins, words, announced, kept, rng)
    assert announced == pytest.approx(levels[words.astype(int)], abs=1e-12)
    assert where.fields == pytest.approx(kept, abs=1e-12)
    assert in_field(landscape, 0.0) is landscape


def test_a_field_agrees_with_that_of_the_landscape():
    """SK has a field of its own, which is the same as a field besides."""
    key = np.array([3, 4], np.uint64)
    own = hypercube.create(8, sk.create(8, key, {"field": 0.25}))
    besides = in_field(hypercube.create(8, sk.create(8, key, {"field": 0.0})), 0.25)
    states = np.arange(256, dtype=np.uint64)
    assert np.array_equal(energies_at(own, states), energies_at(besides, states))


@pytest.mark.uncompiled
def test_spins_are_counted():
    words = np.random.default_rng(5).integers(0, 2**64, 200, np.uint64, endpoint=False)
    words = np.concatenate([words, np.array([0, 1, 2**64 - 1], np.uint64)])
    with np.errstate(over="ignore"):
        found = [spins_up(word) for word in words]
    assert found == np.bitwise_count(words).tolist()


def test_zero_field_cooled_and_thermoremanent_magnetisation_add_up():
    """To linear order in h, what a field causes since t_w and what is left of it is all of it.

    The cubic term that breaks the sum is below (h/T)^2 = 4e-4 of it here, the statistical error of
    the sum several times as much.
    """
    h, t_w = 0.02, 30.0
    given = {**job("hypercube", "sk"), "samples": 3000, "N": 12, "T": 1.0}
    runs = {
        "field cooled": {"field": h},
        "zero-field-cooled": {"ramps": [{"begin": t_w, "field": h}]},
        "thermoremanent": {"field": h, "ramps": [{"begin": t_w, "field": 0.0}]},
    }
    m = {
        name: run({**given, "study": name, **chosen}, []).sel(time=[100.0, 1000.0]).magnetisation
        for name, chosen in runs.items()
    }
    differences = m["field cooled"].mean("sample") - sum(
        m[name].mean("sample") for name in ("zero-field-cooled", "thermoremanent")
    )
    error = np.sqrt(sum(each.var("sample", ddof=1) / 3000 for each in m.values()))
    assert_within(differences.values / error.values)
    assert m["field cooled"].mean("sample").values[-1] > 0.5 * h


def test_gaussian_energies_have_the_unit_of_the_test():
    """The tabulated landscape of the reference numbers has nearly the variance of the program's."""
    assert tabulated(8, 157).var() == pytest.approx(8, rel=0.02)
    assert gaussian.create(8, np.array([1, 2]), {}).deviation == np.sqrt(8)


@pytest.mark.parametrize(
    ("landscape", "more", "part"),
    [
        (
            {"energies": "sk", "field": 0.5},
            {"field": 0.1},
            "field is 0.1, but must be 0 with activated.rem.landscape.field 0.5; one of the two",
        ),
        (
            {"energies": "number_partitioning"},
            {"ramps": [{"begin": 5, "field": -0.2}]},
            "ramps has the field -0.2, but must be 0 for number_partitioning energies.",
        ),
        (
            {"energies": "sk", "field": 0.5},
            {"recorders": ["responses"], "clock": "rejection_free"},
            "activated.rem.recorders has responses, but must not have it in a field, where spins",
        ),
        (
            {"energies": "gaussian"},
            {"recorders": ["trapping_times"], "ramps": [{"begin": 5, "T": 1}]},
            "activated.rem.recorders has trapping_times, but must not have it with ramps: it",
        ),
        (
            {"energies": "gaussian"},
            {"field": 0.1, "recorders": ["metabasins"]},
            "activated.rem.threshold is typical, but must be a number in a field.",
        ),
        (
            {"energies": "gaussian"},
            {"field": 1e-7},
            "activated.rem has the field 1e-07, but must have a field that is 0 or at least 0.0001",
        ),
        (
            {"energies": "gaussian"},
            {"ramps": [{"begin": 5, "T": 1}, {"begin": 5, "T": 0.7}]},
            "activated.rem.ramps has the begin 5 twice with T, but must change T once at a time.",
        ),
    ],
)
def test_what_does_not_go_together(landscape, more, part):
    study = {"rule": "metropolis", "N": 8, "T": 0.5, "samples": 2, "t_max": 1e3, **more}
    study["landscape"] = {"graph": "hypercube", **landscape}
    study.setdefault("recorders", ["energy"])
    with pytest.raises(CampaignError, match=re.escape(part)):
        validated({"campaign": "c", "seed": 1, "activated": {"rem": study}})


def test_figures_about_constant_temperatures_leave_out_studies_with_ramps():
    study = {
        "landscape": {"graph": "hypercube", "energies": "gaussian"}, "rule": "metropolis", "N": 8,
        "T": 0.5, "samples": 2, "t_max": 1e3, "recorders": ["energy"],
        "ramps": [{"begin": 5, "T": 1}],
    }  # fmt: skip
    campaign = {"campaign": "c", "seed": 1, "activated": {"rem": study}}
    validated({**campaign, "figures": ["temperature_changes"]})
    said = "activated.rem lacks a constant temperature and field."
    with pytest.raises(CampaignError, match=said):
        validated({**campaign, "figures": ["energy_relaxation"]})


@pytest.mark.parametrize("end", [10.00000000000001, 1234.56789012345, 23.4567890123456])
def test_pieces_leave_no_gap_at_times_of_many_digits(end):
    ramps = [{"begin": 10.0, "end": end, "T": 0.3, "steps": 7}]
    pieces = pieces_of({"T": 0.5, "ramps": ramps})
    assert [piece.begin for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]


def test_each_piece_of_a_run_has_its_cost():
    """Landscape, rule and memory of the clock are set up anew for each piece."""
    ramps = [{"begin": 10.0, "end": 500.0, "T": 0.5, "steps": 1000}]
    many = job("hypercube", "gaussian", ramps=ramps)
    one = job("hypercube", "gaussian")
    assert seconds_of_a_sample(many) > seconds_of_a_sample(one) + 0.03
