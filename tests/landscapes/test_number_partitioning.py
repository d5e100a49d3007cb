"""Test number partitioning against sums of whole numbers, which are exact."""

import itertools
import math
from operator import mul

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import cumulative_trapezoid

from glasscore.common.errors import CampaignError
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.energies import number_partitioning
from glasscore.landscapes.energies.number_partitioning import create, most_bits, planted, refusal
from glasscore.landscapes.graphs.hypercube import Hypercube
from glasscore.landscapes.interface import (
    destination_energies,
    destination_energy,
    energies_at,
    move,
    move_count,
    place_randomly,
    position,
    update_energy,
)
from glasscore.landscapes.sample import disorder_sample
from glasscore.theory.random_energy import critical_temperature
from tests.landscapes.test_correlated import (
    COMPARISONS,
    assert_obeys_the_master_equation,
    assert_same_bits,
)
from tests.statistical import assert_same_distribution, assert_within

REAL = {"logarithm": True, "bits": math.inf}
KINDS = [REAL, {**REAL, "logarithm": False}, {"logarithm": True, "bits": 3},
         {"logarithm": False, "bits": 20}]  # fmt: skip
KEY = np.array([7, 8], np.uint64)


def landscape_of(N, options, graph="hypercube", sample=0):
    model = {"graph": graph, "energies": "number_partitioning", **options}
    return disorder_sample(1, "partitioning", N, sample, model)


def definition(D, bits, N, logarithm):
    """The energy, to full accuracy, of a sum D of whole numbers in units of 2^-bits."""
    if not logarithm:
        return math.ldexp(abs(D), -bits)
    magnitude = abs(D) if D else 0.5
    return math.log(magnitude) - bits * math.log(2) + 0.5 * math.log(6 / (math.pi * N))


@pytest.mark.uncompiled
@pytest.mark.parametrize("graph", ["hypercube", "complete"])
@pytest.mark.parametrize("options", KINDS, ids=str)
def test_energies_of_all_states(options, graph):
    N = 10
    # The 3-bit numbers of this sample can be split evenly.
    landscape = landscape_of(N, options, graph, sample=8)
    bits = int(min(options["bits"], 49))
    numbers = [int(number) for number in landscape.energies.numbers]
    assert numbers[N:] == [0] * (16 - N)
    assert all(1 <= number <= 2**bits for number in numbers[:N])
    # Bit k of a state is spin k, and the last factor of the product runs fastest.
    states = itertools.product([-1, 1], repeat=N)
    sums = [sum(map(mul, numbers, reversed(spins))) for spins in states]
    with np.errstate(over="ignore"):
        energies = energies_at(landscape, np.arange(2**N, dtype=np.uint64))
    expected = [definition(D, bits, N, options["logarithm"]) for D in sums]
    if options["logarithm"]:
        # The logarithm has an error of 1e-15 of the largest term, and three terms are added here.
        assert np.abs(energies - expected).max() < 3e-15 * bits
    else:
        assert np.array_equal(energies, expected)
    if options["bits"] == 3:
        assert 0 in sums


def test_a_sum_of_zero_is_the_lowest_level():
    """Test sums 0, 2, 4, ... and 1, 3, 5, ...; a sum 0 counts as 1/2 under the logarithm."""
    expected = {0: np.log([4, 2, 1.5]), 1: np.log([3, 5 / 3, 7 / 5])}
    found = set()
    for sample in range(10):
        landscape = landscape_of(12, {"logarithm": True, "bits": 2}, sample=sample)
        energies = energies_at(landscape, np.arange(2**12, dtype=np.uint64))
        parity = int(landscape.energies.numbers.sum()) % 2
        found.add(parity)
        assert np.isfinite(energies).all()
        assert np.diff(np.unique(energies))[:3] == pytest.approx(expected[parity], abs=1e-14)
    assert found == {0, 1}


@kernel
def walk(landscape, where, energies, after, rng):
    """Flip spins at random; compare updated energies with energies computed anew."""
    place_randomly(landscape, where, rng)
    differences = 0
    for step in range(energies.size):
        number = int(rng.random() * move_count(landscape))
        destination_energies(landscape, where, after)
        announced = destination_energy(landscape, where, number, rng)
        if announced != after[number]:
            differences += 1
        move(landscape, where, number, announced, rng)
        energies[step] = where.energy[0]
    kept = where.fields.copy()
    spins = where.spins.copy()
    update_energy(landscape, where)
    return differences, (kept != where.fields).sum(), (spins != where.spins).sum()


@pytest.mark.parametrize("N", [20, 64, 130, 4096])
@pytest.mark.parametrize("options", [REAL, {"logarithm": False, "bits": 20}], ids=str)
def test_flips_lose_no_bit(N, options):
    landscape = landscape_of(N, options)
    where = position(landscape)
    steps = 100_000 if N < 1000 else 1000
    energies = np.zeros(steps)
    after = np.zeros(-(-N // 8) * 8)
    rng = np.random.default_rng(3)
    assert walk(landscape, where, energies, after, rng) == (0, 0, 0)
    assert where.energy[0] == energies[-1]
    assert energies_at(landscape, where.words)[0] == energies[-1]
    assert np.array_equal(where.fields[:N], landscape.energies.numbers[:N] * where.spins)
    assert int(where.fields[-1]) == sum(map(int, where.fields[:-1]))
    # Few steps of the longer walks lead back to a visited state.
    assert np.unique(energies).size > (0.9 * steps if N > 20 else 2**15)


@pytest.mark.uncompiled
@pytest.mark.parametrize("options", KINDS, ids=str)
def test_flip_and_back(options):
    landscape = landscape_of(9, options)
    where = position(landscape)
    rng = np.random.default_rng(4)
    with np.errstate(over="ignore"):
        place_randomly(landscape, where, rng)
        before = [np.copy(array) for array in where]
        for spin in (0, 5, 8, 5, 8, 0):
            move(landscape, where, spin, destination_energy(landscape, where, spin, rng), rng)
    assert all(map(np.array_equal, before, where))


def test_numbers_are_uniform_and_independent_of_each_other():
    """Test mean and variance of a, and the mean of products of two numbers in one sample."""
    N, samples = 20, 5000
    keys = np.random.default_rng(6).integers(2**64, size=(samples, 2), dtype=np.uint64)
    numbers = np.array([create(N, key, REAL).numbers[:N] for key in keys]) * 2.0 ** -most_bits(N)
    assert stats.kstest(numbers[:, 3], "uniform").pvalue > 1e-6 / 2
    assert stats.kstest(numbers[8], "uniform").pvalue > 1e-6 / 2
    centred = numbers - 0.5
    z = [
        numbers[:, 1:-1].mean(axis=1) - 0.5,
        (centred[:, 1:] * centred[:, :-1]).mean(axis=1),
        (centred**2).mean(axis=1) - 1 / 12,
        centred[:-1, 0] * centred[1:, 0],
    ]
    assert_within([one.mean() / one.std(ddof=1) * np.sqrt(one.size) for one in z])


def test_whole_numbers_take_all_values_alike():
    N, samples = 16, 5000
    options = {"logarithm": False, "bits": 2}
    keys = np.random.default_rng(7).integers(2**64, size=(samples, 2), dtype=np.uint64)
    numbers = np.concatenate([create(N, key, options).numbers for key in keys])
    counts = np.unique_counts(numbers)
    assert np.array_equal(counts.values, [1, 2, 3, 4])
    error = np.sqrt(numbers.size * 0.25 * 0.75)
    assert_within((counts.counts - numbers.size / 4) / error)


def test_deep_levels_have_the_density_of_the_trap_model():
    """Compare the share of states below E with exp(E), with the first correction in 1/N."""
    N, samples, states = 64, 4000, 2000
    rng = np.random.default_rng(9)
    depth = -4.0
    shares, exact = np.zeros(samples), np.zeros(samples)
    for sample in range(samples):
        landscape = landscape_of(N, REAL, sample=sample)
        words = rng.integers(2**64, size=states, dtype=np.uint64)
        shares[sample] = (energies_at(landscape, words) < depth).mean()
        a = landscape.energies.numbers * 2.0 ** -most_bits(N)
        squares, fourth = (a**2).sum(), (a**4).sum()
        # The density of D at zero is that of a normal variable and its next term, which follows
        # from the fourth cumulant of D, -2 sum a^4.
        density = (1 - fourth / (4 * squares**2)) / math.sqrt(2 * math.pi * squares)
        exact[sample] = 2 * density * math.exp(depth) * math.sqrt(math.pi * N / 6)
    error = np.sqrt((exact / states).sum()) / samples
    assert_within((shares.mean() - exact.mean()) / error)
    # The constant factor under the logarithm is right for the average sample.
    assert exact.mean() == pytest.approx(math.exp(depth), rel=2 / N)


@pytest.mark.parametrize(
    ("N", "most"), [(2, 52), (16, 49), (17, 48), (20, 48), (32, 48), (64, 47), (4096, 41)]
)
def test_sums_that_are_not_exact_are_refused(N, most):
    assert N * 2**most <= 2**53 < N * 2 ** (most + 1)
    assert refusal({"bits": most}, N=N) is None
    assert refusal(REAL, N=N) is None
    key, value, requirement = refusal({"bits": most + 1}, N=N)
    assert (key, value) == ("bits", most + 1)
    assert requirement.startswith(f"be at most {most} at N = {N}, ")
    with pytest.raises(CampaignError, match=f"^bits is {most + 1}, but must be at most {most} at"):
        create(N, KEY, {"logarithm": True, "bits": most + 1})


def test_real_numbers_have_all_the_bits_there_are():
    largest = [create(64, np.array([k, 1], np.uint64), REAL).numbers.max() for k in range(50)]
    assert 2**46 < max(largest) <= 2**47
    odd = create(64, KEY, REAL).numbers % 2
    assert 0 < odd.sum() < 64


def test_critical_temperature():
    assert number_partitioning.critical_temperature(REAL) == critical_temperature("exponential")
    assert number_partitioning.critical_temperature({**REAL, "logarithm": False}) == 0.0


def test_compiled_and_uncompiled_give_the_same_bits(pytestconfig):
    assert_same_bits("number_partitioning", [(7, one) for one in KINDS], pytestconfig.rootpath)


@pytest.mark.parametrize("T", [1.02, 2.0, 1e6])
@pytest.mark.parametrize(("N", "bits"), [(2, 1), (3, 2), (4, 2)])
def test_planted_numbers_and_states_have_the_exact_joint_law(N, bits, T):
    """The weight max(|D|, 1/2)^(-1/T) of all choices of b-bit numbers and states, by counting."""
    rng, beta, draws = np.random.default_rng(10), 1 / T, 20_000
    options = {"logarithm": True, "bits": bits}
    choices = np.array(list(itertools.product(range(1, 2**bits + 1), repeat=N)))
    spins = np.array(list(itertools.product([-1, 1], repeat=N)))[:, ::-1]
    weights = np.maximum(np.abs(spins @ choices.T), 0.5) ** -beta
    counts = np.zeros(weights.shape)
    for _ in range(draws):
        words = rng.integers(2**N, size=1, dtype=np.uint64)
        found = planted(N, KEY, options, words, beta, rng)
        row = np.ravel_multi_index(found.numbers[:N].astype(int) - 1, (2**bits,) * N)
        counts[int(words[0]), row] += 1
    expected = draws * weights / weights.sum()
    order = np.argsort(expected, axis=None)
    assert_same_distribution(counts.ravel()[order], expected.ravel()[order], 1e-6 / 9)


def test_planted_real_numbers_have_the_exact_law_of_the_energy():
    """The density of D for four numbers, that of Irwin and Hall, times |D|^(-1/T)."""
    N, T, draws = 4, 1.5, 5000
    rng = np.random.default_rng(11)
    energies = []
    for _ in range(draws):
        words = rng.integers(2**N, size=1, dtype=np.uint64)
        found = Hypercube(N, planted(N, KEY, REAL, words, 1 / T, rng))
        energies.append(energies_at(found, words)[0])
    # With x = |D| the density is a polynomial of degree 3 in each of [0, 2] and [2, 4].
    grid = np.concatenate([np.geomspace(1e-9, 1e-3, 400), np.linspace(1.001e-3, 4, 20_000)])
    density = [(4 - x) ** 3 - 4 * (2 - x) ** 3 if x < 2 else (4 - x) ** 3 for x in grid]
    below = cumulative_trapezoid(density * grid ** (-1 / T), grid, initial=0)
    # From 0 to the first point, the integral of x^(-1/T) is known.
    below += density[0] * grid[0] ** (1 - 1 / T) / (1 - 1 / T)
    sums = np.exp(energies) * math.sqrt(math.pi * N / 6)
    shares = np.interp(sums, grid, below / below[-1])
    assert stats.kstest(shares, "uniform").pvalue > 1e-6


def test_planted_states_fill_all_words():
    rng = np.random.default_rng(12)
    seen = np.zeros(3, np.uint64)
    for _ in range(200):
        words = np.zeros(3, np.uint64)
        planted(130, KEY, REAL, words, 0.5, rng)
        seen |= words
    assert seen.tolist() == [2**64 - 1, 2**64 - 1, 3]


SMALL_SYSTEMS = [
    (True, "metropolis", 0.6),
    (True, "heat_bath", 0.6),
    (False, "metropolis", 0.3),
    (False, "heat_bath", 0.3),
]


@pytest.mark.parametrize(("log", "rule", "T"), SMALL_SYSTEMS)
def test_master_equation(log, rule, T):
    energies = {"energies": "number_partitioning", **REAL, "logarithm": log}
    assert_obeys_the_master_equation(energies, rule, 6, T, COMPARISONS * len(SMALL_SYSTEMS))
