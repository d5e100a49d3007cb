"""Test correlated Gaussian energies against their covariance, which defines them completely."""

import hashlib
import math
import os
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from scipy.linalg import hadamard

from glasscore.campaign import configuration
from glasscore.common.errors import CampaignError
from glasscore.dynamics.stage import run
from glasscore.kernels.hashing import hashed
from glasscore.kernels.normal import normal_quantile
from glasscore.landscapes.energies import correlated
from glasscore.landscapes.energies.correlated import create, eigenvalues, refusal
from glasscore.landscapes.interface import energies_at
from glasscore.landscapes.sample import disorder_sample
from glasscore.theory.random_energy import critical_temperature
from tests.campaigns import SEED, dynamics_parameters
from tests.master_equation import assert_obeyed, solved, variances
from tests.statistical import assert_within

KEY = np.array([0x0123456789ABCDEF, 0xFEDCBA9876543210], np.uint64)
EPSILON = np.finfo(float).eps
# Numbers of spins and powers alpha N: whole powers, even and odd, below and above N, and powers
# above N that are not whole.
POWERS = [(4, 1), (5, 2), (6, 3), (8, 4), (8, 8), (7, 11), (5, 6.5), (8, 8.9), (6, 9.2)]


def overlaps(N):
    states = np.arange(2**N)
    return 1.0 - 2.0 * np.bitwise_count(states[:, np.newaxis] ^ states) / N


def covariance(N, power):
    """The covariance N q^p of all states; a negative q has the sign of the nearest whole power."""
    q = overlaps(N)
    return N * np.sign(q) ** round(power) * np.abs(q) ** power


@pytest.mark.parametrize(("N", "power"), POWERS)
def test_eigenvalues_of_the_matrix(N, power):
    found = np.repeat(eigenvalues(N, power / N), [math.comb(N, k) for k in range(N + 1)])
    expected = np.linalg.eigvalsh(covariance(N, power))
    # The error of an eigenvalue of a symmetric matrix is the rounding of the norm times the number
    # of rows.
    assert np.abs(np.sort(found) - expected).max() < 2**N * EPSILON * expected.max()


@pytest.mark.parametrize("power", [1, 2, 3, 12, 23, 24, 30, 77])
def test_eigenvalues_of_the_largest_size_are_exact(power):
    """Compare with exact fractions: characters summed over k spins of one kind and N - k others."""
    N = 24
    for k, value in enumerate(eigenvalues(N, power / N)):
        exact = sum(
            (-1) ** i * math.comb(k, i) * math.comb(N - k, j) * (N - 2 * (i + j)) ** power
            for i in range(k + 1)
            for j in range(N - k + 1)
        )
        assert value == float(Fraction(exact, N ** (power - 1)))


@pytest.mark.parametrize("N", [2, 3, 10, 17, 24])
def test_whole_powers_and_large_ones_are_covariances(N):
    for alpha in [*(np.arange(1, 2 * N + 1) / N), 1.0, 1.01, 1.5, math.log(N) + 1.0, 99.7]:
        assert refusal({"alpha": alpha}, N=N) is None
        values = eigenvalues(N, alpha)
        assert min(values) >= 0.0
        trace = sum(math.comb(N, k) * value for k, value in enumerate(values))
        assert trace == pytest.approx(N * 2**N, rel=1e-14)


@pytest.mark.parametrize(("N", "alpha"), [(6, 0.25), (8, 0.3), (7, 0.1)])
def test_other_exponents_are_refused_with_the_first_negative_eigenvalue(N, alpha):
    characters = hadamard(2**N)
    states = [2**k - 1 for k in range(N + 1)]
    exact = (covariance(N, alpha * N) @ characters)[0, states]
    first = int(np.flatnonzero(exact < -1e-9)[0])
    key, value, requirement = refusal({"alpha": alpha}, N=N)
    assert (key, value) == ("alpha", alpha)
    assert f"its eigenvalue {first} of 0 to {N} is {exact[first]:.3g}" in requirement
    with pytest.raises(CampaignError, match=rf"^alpha is {alpha}, but must make N q"):
        create(N, KEY, {"alpha": alpha})
    suggested = float(requirement.split(", as ")[1].split()[0])
    assert refusal({"alpha": suggested}, N=N) is None


@pytest.mark.parametrize(
    ("N", "memory"), [(25, "256 MiB"), (26, "512 MiB"), (30, "8 GiB"), (64, "128 EiB")]
)
def test_more_energies_than_memory_are_refused(N, memory):
    key, value, requirement = refusal({"alpha": 1.0}, N=N)
    assert (key, value) == ("N", N)
    assert requirement.startswith("be at most 24, since")
    assert requirement.endswith(f"those of {N} spins would take {memory}")
    with pytest.raises(CampaignError, match=f"^N is {N}, but must be at most 24"):
        create(N, KEY, {"alpha": 1.0})
    assert refusal({"alpha": 1.0}, N=4096)[2].endswith("would take 2^4099 bytes")


@pytest.mark.parametrize(
    ("N", "alpha", "sentence"),
    [
        (26, 0.5, "activated.one.N is 26, but must be at most 24, since "),
        (10, 0.33, "activated.one.landscape.alpha is 0.33, but must make N q^(alpha N) a covar"),
        (10, 0, "activated.one.landscape.alpha is 0, but must be a number above 0"),
    ],
)
def test_a_campaign_is_refused_in_a_sentence(N, alpha, sentence):
    landscape = {"graph": "hypercube", "energies": "correlated", "alpha": alpha}
    study = {"landscape": landscape, "rule": "metropolis", "N": N, "T": 1, "samples": 1}
    config = {"campaign": "talk", "seed": 1, "activated": {"one": {**study, "t_max": 100}}}
    with pytest.raises(CampaignError) as caught:
        configuration.validated(config, "talk.yaml")
    assert str(caught.value).startswith(f"talk.yaml: {sentence}")
    assert len(str(caught.value)) < 400


@pytest.mark.uncompiled
@pytest.mark.parametrize(("N", "power"), [(6, 2), (7, 3), (5, 6.5)])
def test_energies_are_characters_times_normal_numbers(N, power):
    table = create(N, KEY, {"alpha": power / N}).table
    with np.errstate(over="ignore"):
        words = [np.uint64(hashed(*KEY, np.uint64(state))) for state in range(2**N)]
        normal = [normal_quantile(word) for word in words]
    weight = np.bitwise_count(np.arange(2**N))
    scaled = np.sqrt(np.array(eigenvalues(N, power / N))[weight] / 2**N) * normal
    rounding = 2 * N * EPSILON * np.abs(scaled).sum()
    assert np.abs(table - hadamard(2**N) @ scaled).max() < rounding


@pytest.mark.parametrize("power", [1, 3, 4, 6.6])
def test_covariance_of_many_samples(power):
    """Test all pairs of states at each distance; four powers share the false-positive rate."""
    N, samples = 6, 20_000
    keys = np.random.default_rng(5).integers(2**64, size=(samples, 2), dtype=np.uint64)
    energies = np.array([create(N, key, {"alpha": power / N}).table for key in keys])
    q = overlaps(N)
    z = []
    for distance in range(N + 1):
        pairs = q == 1.0 - 2.0 * distance / N
        products = (energies @ pairs * energies).sum(axis=1) / pairs.sum()
        exact = covariance(N, power)[0, 2**distance - 1]
        error = products.std(ddof=1) / np.sqrt(samples)
        z.append((products.mean() - exact) / error)
    assert_within(z, comparisons=4 * (N + 1))


def test_power_one_is_a_sum_of_independent_fields():
    """Test that E = sum_i h_i s_i for the power one."""
    N = 12
    assert [k for k, value in enumerate(eigenvalues(N, 1 / N)) if value != 0.0] == [1]
    table = create(N, KEY, {"alpha": 1 / N}).table
    fields = np.array([table[1 << spin] - table[0] for spin in range(N)]) / 2
    spins = 2.0 * ((np.arange(2**N)[:, np.newaxis] >> np.arange(N)) & 1) - 1.0
    rounding = 4 * N * EPSILON * np.abs(fields).sum()
    assert np.abs(table - spins @ fields).max() < rounding
    assert np.unique(np.abs(fields)).size == N


def test_opposite_states():
    """Test that E(-s) = E(s) for even powers and E(-s) = -E(s) for odd powers."""
    for N, power in ((7, 4), (8, 3)):
        table = create(N, KEY, {"alpha": power / N}).table
        assert np.abs(table[::-1] - (-1) ** power * table).max() < 1e-13


def test_neighbours_tend_to_the_exponential():
    for alpha in (0.25, 1.0, 2.0):
        # The next term has the relative size 2 alpha / N.
        limit = pytest.approx(math.exp(-2 * alpha), rel=1e-5)
        assert correlated.correlation(1e6, {"alpha": alpha}) == limit
    assert correlated.correlation(4, {"alpha": 0.5}) == 0.25


def test_critical_temperature_is_that_of_independent_energies():
    assert correlated.critical_temperature({"alpha": 0.5}) == critical_temperature("gaussian")


MODELS = [(8, {"alpha": 0.5}), (5, {"alpha": 1.3})]


def test_compiled_and_uncompiled_give_the_same_bits(pytestconfig):
    assert_same_bits("correlated", MODELS, pytestconfig.rootpath)


def assert_same_bits(energies, models, folder):
    """Assert equal energies of all states with and without compilation."""
    script = (
        "import hashlib\n"
        "from numpy import inf\n"
        "from tests.landscapes.test_correlated import digest\n"
        f"print([digest({energies!r}, N, options) for N, options in {models!r}])\n"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "NUMBA_DISABLE_JIT": switch},
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for switch in "01"
    ]
    assert printed[0] == printed[1]
    assert len(set(printed[0].split())) == len(models)


def digest(energies, N, options):
    model = {"graph": "hypercube", "energies": energies, **options}
    landscape = disorder_sample(SEED, "test", N, 0, model)
    levels = energies_at(landscape, np.arange(2**N, dtype=np.uint64))
    return hashlib.sha256(levels.tobytes()).hexdigest()


MEMORY = """
import numpy as np
from glasscore.landscapes.energies.correlated import create

def peak():
    # VmHWM counts this program alone; resource.getrusage would include its parent process.
    lines = open("/proc/self/status").read().splitlines()
    return next(line.split()[1] for line in lines if line.startswith("VmHWM"))

create(13, np.zeros(2, np.uint64), {"alpha": 1.0})
before = peak()
create(24, np.zeros(2, np.uint64), {"alpha": 1.0})
print(before, peak())
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells the peak of one program, in /proc"
)
def test_the_largest_landscape_takes_the_memory_of_its_energies(pytestconfig):
    """Test that 128 MiB of energies are not copied, and that the process stays below 1 GiB."""
    printed = subprocess.run(
        [sys.executable, "-c", MEMORY],
        cwd=pytestconfig.rootpath,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    before, after = (int(kibibytes) / 1024 for kibibytes in printed.split())
    assert after - before < 128 + 16
    assert after < 1024


SMALL_SYSTEMS = [(0.5, "metropolis", 0.8), (0.5, "heat_bath", 1.0)]
COMPARISONS = 3 * 8


@pytest.mark.parametrize(("alpha", "rule", "T"), SMALL_SYSTEMS)
def test_master_equation(alpha, rule, T):
    energies = {"energies": "correlated", "alpha": alpha}
    assert_obeys_the_master_equation(energies, rule, 6, T, COMPARISONS * len(SMALL_SYSTEMS))


def assert_obeys_the_master_equation(energies, rule, N, T, comparisons, samples=600, t_max=1e3):
    """Compare energy, return and persistence probabilities at 8 times, with exact variances."""
    model = {"graph": "hypercube", **energies}
    parameters = dynamics_parameters("hypercube", "", rule, N, T, samples, t_max, landscape=model)
    result = run(parameters, [])
    times, omega = 8, 0.5
    window = int(np.argmin(np.abs(result.window.values - omega)))
    observed = np.flatnonzero((result.distance.values[..., window] >= 0).all(axis=0))
    waiting = observed[:: observed.size // times][:times]
    t_w = result.waiting_time.values[waiting]
    assert t_w.size == times
    landscapes = (disorder_sample(SEED, "test", N, sample, model) for sample in range(samples))
    means = solved(landscapes, "hypercube", rule, N, T, t_w, omega, t_max)
    for name, variance in variances(means).items():
        assert variance.sum(axis=0).min() > 10 * (1 if name != "energy" else T**2), name
    assert_obeyed(result, waiting, omega, means, comparisons)
