"""Test fully connected spin glasses against sums over all couplings, from the definitions."""

import math
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from glasscore.common.errors import CampaignError
from glasscore.kernels.compilation import kernel
from glasscore.kernels.hashing import hashed
from glasscore.kernels.random_streams import sample_key
from glasscore.landscapes import couplings
from glasscore.landscapes.energies import pspin, sk
from glasscore.landscapes.interface import (
    destination_energies,
    destination_energy,
    energies_at,
    move,
    place_randomly,
    position,
    update_energy,
)
from glasscore.landscapes.sample import disorder_sample
from tests.landscapes import test_contract as contract
from tests.statistical import assert_within

FIELD = 0.3
SMALL = [("sk", {"field": 0.0}, 2), ("sk", {"field": FIELD}, 2)]
SMALL += [("pspin", {"p": p}, p) for p in (2, 3, 4)]


@pytest.fixture(autouse=True)
def _words_wrap_around():
    with np.errstate(over="ignore"):
        yield


def landscape_of(energies, options, N, sample=0):
    model = {"graph": "hypercube", "energies": energies, **options}
    return disorder_sample(1, "glasses", N, sample, model)


def drawn(N, p, sample=0):
    """The normal variable of each p-tuple of spins, drawn from the name of the tuple."""
    first, second = sample_key(1, "glasses", N, sample)
    result = {}
    for tuple_of_spins in combinations(range(N), p):
        name = p
        for spin in tuple_of_spins:
            name = 4096 * name + spin
        word = int(hashed(first, second, np.uint64(name)))
        result[tuple_of_spins] = float(stats.norm.ppf((word + 0.5) / 2.0**64))
    return result


def spins_of(N):
    """The spins of all states, as +-1."""
    return 2 * ((np.arange(2**N)[:, np.newaxis] >> np.arange(N)) & 1) - 1


def summed(N, p, field, unit, scale):
    """The exact energies of all states in whole units, as 64-bit integers."""
    spins = spins_of(N)
    total = np.zeros(2**N, np.int64)
    for tuple_of_spins, value in drawn(N, p).items():
        total += round(scale * value / unit) * spins[:, tuple_of_spins].prod(axis=1)
    return -(total + round(field / unit) * spins.sum(axis=1))


@pytest.mark.parametrize("N", [4, 5, 8, 10])
@pytest.mark.parametrize(("energies", "options", "p"), SMALL)
def test_energies_are_the_sums_of_their_definition(energies, options, p, N):
    deviation = math.sqrt(math.factorial(p) / (2 * N ** (p - 1)))
    unit = couplings.unit_of(deviation)
    assert deviation * 2.0**-27 <= unit < deviation * 2.0**-26
    assert math.frexp(unit)[0] == 0.5
    found = energies_at(landscape_of(energies, options, N), np.arange(2**N, dtype=np.uint64))
    assert np.array_equal(found, unit * summed(N, p, options.get("field", 0.0), unit, deviation))


@pytest.mark.uncompiled
@pytest.mark.parametrize(("energies", "options", "p"), SMALL)
def test_kept_fields_do_not_drift(energies, options, p):
    """Test that fields and energies along a walk equal those computed anew, to the bit."""
    check_walk(energies, options, 6, 100, 20)


LARGE = [
    ("sk", {"field": FIELD}, 100, 100_000),
    ("pspin", {"p": 3}, 70, 100_000),
    ("pspin", {"p": 4}, 30, 100_000),
    ("pspin", {"p": 4}, 66, 300),
]


@pytest.mark.parametrize(("energies", "options", "N", "steps"), LARGE)
def test_kept_fields_do_not_drift_in_long_walks(energies, options, N, steps):
    check_walk(energies, options, N, steps, steps // 10)


@kernel
def flips(landscape, where, steps, rng):
    """A walk in which every second flip is likely to be undone by the next."""
    number = 0
    for _ in range(steps):
        if rng.random() < 0.5:
            number = int(rng.random() * landscape.N)
        after = destination_energy(landscape, where, number, rng)
        move(landscape, where, number, after, rng)


@kernel
def start(landscape, where, rng):
    place_randomly(landscape, where, rng)


@kernel
def anew(landscape, where):
    update_energy(landscape, where)


@kernel
def all_moves(landscape, where, after):
    destination_energies(landscape, where, after)


def check_walk(energies, options, N, steps, between):
    walked = landscape_of(energies, options, N)
    where, rng = position(walked), np.random.default_rng(8)
    start(walked, where, rng)
    for _ in range(0, steps, between):
        flips(walked, where, between, rng)
        # The couplings are drawn anew, so that no rows are kept from the walk.
        fresh = landscape_of(energies, options, N)
        computed = position(fresh)
        computed.words[:] = where.words
        anew(fresh, computed)
        for kept, expected in zip(where, computed, strict=True):
            assert kept.tobytes() == expected.tobytes()
    after, announced = np.zeros(-(-N // 8) * 8), np.zeros(N)
    all_moves(walked, where, after)
    for number in range(N):
        announced[number] = destination_energy(walked, where, number, rng)
    assert np.array_equal(after[:N], announced)


def test_two_spins_a_coupling_are_sherrington_and_kirkpatrick():
    states = np.arange(2**9, dtype=np.uint64)
    found = [
        energies_at(landscape_of(*model, 9), states)
        for model in (("pspin", {"p": 2}), ("sk", {"field": 0.0}))
    ]
    assert np.array_equal(*found)


@pytest.mark.parametrize(("p", "N"), [(2, 50), (3, 20), (4, 12)])
def test_every_order_of_indices_has_the_same_coupling(p, N):
    table = couplings.table(N, p, sample_key(1, "glasses", N, 0))
    deviation = couplings.standard_deviation(N, p)
    scale = deviation / couplings.unit_of(deviation)
    expected = {key: round(scale * value) for key, value in drawn(N, p).items()}
    if p == 4:
        rows = {pair: row for row, pair in enumerate(combinations(range(N), 2))}
        entries = {
            (i, *pair, m): table[i, row, m]
            for pair, row in rows.items()
            for i, m in np.ndindex(N, N)
        }
    else:
        entries = {key: table[key] for key in np.ndindex(table.shape)}
    for key, value in entries.items():
        ordered = tuple(sorted(key))
        assert value == (expected[ordered] if len(set(key)) == p else 0)
    assert table.dtype == np.int32


# The contract of all landscapes -------------------------------------------------------------------


def mixture(field, N):
    """The distribution function of a state's energy in a field, as a mixture of normal laws."""
    up = np.arange(N + 1)
    weights = stats.binom(N, 0.5).pmf(up)
    spread = math.sqrt((N - 1) / 2)

    def cdf(energy):
        shifted = np.asarray(energy)[..., np.newaxis] + field * (2 * up - N)
        return (weights * stats.norm(scale=spread).cdf(shifted)).sum(axis=-1)

    return cdf


MODELS = [
    ("hypercube", "sk", {"field": 0.0}, 100, stats.norm(scale=math.sqrt(99 / 2)).cdf),
    ("hypercube", "sk", {"field": 1.5}, 16, mixture(1.5, 16)),
    ("hypercube", "pspin", {"p": 2}, 16, stats.norm(scale=math.sqrt(15 / 2)).cdf),
    ("hypercube", "pspin", {"p": 3}, 20, stats.norm(scale=math.sqrt(19 * 18 / 40)).cdf),
    ("hypercube", "pspin", {"p": 4}, 9, stats.norm(scale=math.sqrt(8 * 7 * 6 / (2 * 81))).cdf),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda one: "-".join(map(str, one[1:4])))
@pytest.mark.parametrize(
    "promise",
    [
        contract.test_energies_are_quenched,
        contract.test_a_move_leads_to_another_state_whose_energy_was_announced,
        contract.test_all_moves_together_are_attempted_once_per_unit_of_time,
        contract.test_distance,
        contract.test_energies_follow_their_law,
        contract.test_density_integrates_to_the_law,
        contract.test_start_is_uniform,
    ],
    ids=lambda promise: promise.__name__,
)
def test_contract(model, promise):
    promise(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda one: "-".join(map(str, one[1:4])))
def test_variance_and_correlation_of_neighbours(model):
    """Test second moments over samples, each with the error for normal energies."""
    _, energies, options, N, _ = model
    module = {"sk": sk, "pspin": pspin}[energies]
    samples = 4000
    rng = np.random.default_rng(12)
    found = np.zeros((samples, 2))
    for sample in range(samples):
        landscape = landscape_of(energies, options, N, sample)
        where = position(landscape)
        start(landscape, where, rng)
        found[sample] = where.energy[0], destination_energy(landscape, where, 0, rng)
    field = options.get("field", 0.0)
    p = options.get("p", 2)
    variance = math.comb(N, p) * math.factorial(p) / (2 * N ** (p - 1)) + field**2 * N
    square = (found**2).mean(axis=0) / variance
    product = (found[:, 0] * found[:, 1]).mean() / variance
    c = module.correlation(N, options)
    # This error is exact for normal energies; in a field the fourth moment is smaller.
    z = [*((square - 1) / math.sqrt(2 / samples)), (product - c) / math.sqrt((1 + c**2) / samples)]
    assert_within(np.array(z), comparisons=3 * len(MODELS))


def test_critical_temperatures():
    assert sk.critical_temperature({"field": 0.0}) == 1.0
    assert math.isnan(sk.critical_temperature({"field": 0.1}))
    temperatures = [pspin.critical_temperature({"p": p}) for p in (2, 3, 4)]
    # The values fall towards 1 / (2 sqrt(ln 2)), that of the random energy model of this variance.
    assert temperatures == [1.0, 0.65139, 0.61688]
    assert min(temperatures) > 1 / (2 * math.sqrt(math.log(2)))


@pytest.mark.uncompiled
@pytest.mark.parametrize(
    ("N", "p", "key", "words"),
    [
        (3, 4, "p", "p is 4, but must be at most N = 3."),
        (2, 3, "p", "p is 3, but must be at most N = 2."),
        (
            700,
            3,
            "N",
            "N is 700, but must be at most 645 at p = 3, since all couplings are kept and",
        ),
        (200, 4, "N", "those of 200 spins would take 2.97 GiB."),
    ],
)
def test_refusals(N, p, key, words):
    assert pspin.refusal({"p": p}, N=N)[0] == key
    with pytest.raises(CampaignError) as caught:
        pspin.create(N, np.zeros(2, np.uint64), {"p": p})
    assert words in str(caught.value)


@pytest.mark.uncompiled
def test_what_fits_is_not_refused():
    for N, p in ((4096, 2), (256, 3), (645, 3), (128, 4), (152, 4), (4, 4)):
        assert pspin.refusal({"p": p}, N=N) is None
