"""The master stage: escape times against simulation, and their slopes against barriers."""

from types import SimpleNamespace

import numpy as np
import pytest

from glasscore.barriers.flooding import barrier_tree, saddle_between
from glasscore.common.errors import CampaignError
from glasscore.dynamics.rules import barrier, heat_bath, metropolis
from glasscore.master import stage
from glasscore.master.network import network
from glasscore.master.observables import escape_time, relaxation_times, trap_aging
from glasscore.master.sample import Sample, sample_of
from tests.exact import MasterEquation
from tests.statistical import assert_within

PARAMETERS = {
    "seed": 20190129,
    "study": "rem",
    "landscape": {"graph": "hypercube", "energies": "gaussian"},
    "rule": "metropolis",
    "N": 8,
    "T": 1.0,
    "samples": 4,
    "observables": ["escape_time"],
    "t_max": 256.0,
    "passages": 0,
}
EVERYTHING = ["aging_functions", "escape_time", "relaxation_times", "trap_aging"]
TEMPERATURES = (1.0, 1.5, 2.5)
CASES = [(energies, N) for energies in ("exponential", "gaussian") for N in (8, 12)]


@pytest.mark.parametrize(("energies", "N"), CASES)
def test_simulated_escape_times(energies, N):
    """Simulated passages are independent, and their exact mean and deviation are known."""
    z = []
    for T in TEMPERATURES:
        scale = 0.6 if energies == "exponential" else 1.0
        parameters = {
            **PARAMETERS,
            "landscape": {"graph": "hypercube", "energies": energies},
            "N": N,
            "T": scale * T,
            "passages": 400,
        }
        result = stage.run(parameters, [])
        excess = result.simulated_escape_time - result.escape_time
        z.append((excess / result.simulated_escape_time_error).values)
    # The sum detects times that are off by a tenth. Means of 400 nearly exponential times have a
    # skewness of 0.1, which makes tails beyond five standard errors fourteen times as likely as a
    # Gaussian's.
    z = np.concatenate(z)
    z = np.append(z, z.sum() / np.sqrt(z.size))
    assert_within(z, comparisons=14 * len(CASES) * z.size)


def with_whole_energies(seed):
    """A landscape of six spins, with one lowest and one second lowest state, and its barriers."""
    rng = np.random.default_rng(seed)
    energies = rng.integers(8, size=2**6).astype(float)
    energies[rng.permutation(energies.size)[:2]] = -1.0, -2.0
    return energies, barrier_tree(energies)


@pytest.mark.parametrize("rule", [metropolis, heat_bath])
@pytest.mark.parametrize("seed", range(3))
def test_arrhenius_slopes_are_barriers(rule, seed):
    """Energies are whole numbers: corrections to exp(beta E) are of order 2^N exp(-beta)."""
    betas = (28.0, 29.0)
    energies, tree = with_whole_energies(seed)
    found = []
    for beta in betas:
        exact = network(energies, rule.create(1 / beta), 1 / beta)
        sample = Sample({}, 0, None, None, energies, tree, exact)
        escape = escape_time.of_sample(sample, {"passages": 0})
        rates = relaxation_times.of_sample(sample, {})
        found.append((np.log(escape["escape_time"]), -np.log(rates["relaxation_rate"][0])))
        assert escape["escape_barrier"] == tree.saddle_energies[1] - tree.energies[0]
        assert rates["largest_barrier"] == tree.barriers[1:].max()
    slopes = np.diff(found, axis=0)[0] / np.diff(betas)
    expected = (tree.saddle_energies[1] - tree.energies[0], tree.barriers[1:].max())
    np.testing.assert_allclose(
        slopes, expected, rtol=0, atol=2 * energies.size**2 * np.exp(-betas[0])
    )


@pytest.mark.parametrize("top", [-3.0, 2.0, 5.0, 9.0])
@pytest.mark.parametrize("seed", range(3))
def test_escape_over_a_barrier_takes_its_height(top, seed):
    """From the deepest minimum to the second, exp(beta (max(saddle, top) - E_0)) towards T = 0."""
    betas = (28.0, 29.0)
    energies, tree = with_whole_energies(seed)
    logarithms = []
    for beta in betas:
        exact = network(energies, barrier.create(1 / beta, top), 1 / beta)
        sample = Sample({}, 0, None, None, energies, tree, exact)
        escape = escape_time.of_sample(sample, {"passages": 0})
        logarithms.append(np.log(escape["escape_time"]))
    slope = np.diff(logarithms)[0] / np.diff(betas)[0]
    expected = max(tree.saddle_energies[1], top) - tree.energies[0]
    assert slope == pytest.approx(expected, rel=0, abs=2 * energies.size**2 * np.exp(-betas[0]))


def test_what_is_written():
    parameters = {**PARAMETERS, "N": 5, "observables": EVERYTHING, "passages": 10}
    result = stage.run(parameters, [])
    assert result.sizes == {
        "sample": 4, "mode": 31, "waiting_time": 9, "window": 7,
    }  # fmt: skip
    assert result.waiting_time.values.tolist() == [2.0**k for k in range(9)]
    assert np.all(np.diff(result.relaxation_rate, axis=1) >= 0)
    times = result.escape_time.values
    assert float(result.log_escape_time) == pytest.approx(np.log(times).mean(), rel=1e-15)
    expected = np.log(times).std(ddof=1) / 2
    assert float(result.log_escape_time_error) == pytest.approx(expected, rel=1e-14)
    again = stage.run({**parameters, "samples": 2}, [])
    for name in ("escape_time", "simulated_escape_time", "relaxation_rate"):
        assert np.array_equal(again[name], result[name][:2])


@pytest.mark.parametrize("seed", range(3))
def test_the_trap_model_of_the_barriers(seed):
    """The trap model agrees with the master equation of traps as deep as the barriers."""
    energies = np.random.default_rng(seed).normal(size=2**7)
    tree, T = barrier_tree(energies), 0.4
    found = trap_aging.of_sample(SimpleNamespace(tree=tree), {"t_max": 1024.0, "T": T})
    ground = saddle_between(tree, 0, 1) - tree.energies[0]
    depths = np.append(tree.barriers[1:], ground)
    traps = MasterEquation.solve(-depths, "complete", "arrhenius", 1 / T)
    # Symmetrising multiplies the rounding of the reference.
    lost = depths.size * np.finfo(float).eps * np.exp(np.ptp(depths) / (2 * T))
    times = 2.0 ** np.arange(11)
    for column, window in enumerate(2.0 ** np.arange(-3, 4)):
        known = times * window <= 1024.0
        for name in ("same_configuration", "no_jump"):
            values = found[f"trap_{name}"][:, column]
            assert np.array_equal(np.isfinite(values), known)
            expected = getattr(traps, name)(times[known], window)
            np.testing.assert_allclose(values[known], expected, rtol=0, atol=8 * lost)


def test_a_temperature_too_low_for_a_sample_is_refused_before_any_is_solved(monkeypatch):
    monkeypatch.setattr(escape_time, "of_sample", lambda *_: pytest.fail("a sample is solved"))
    parameters = {**PARAMETERS, "N": 5, "samples": 20, "T": 0.01}
    with pytest.raises(CampaignError) as refused:
        stage.run(parameters, [])
    words = str(refused.value).split()
    lowest, widest = (float(words[words.index(before) + 1]) for before in ("least", "sample"))
    rule = metropolis.create(1.0)
    with np.errstate(over="ignore"):
        ranges = [np.ptp(sample_of(parameters | {"T": 1.0}, k, rule).energies) for k in range(20)]
    assert widest == np.argmax(ranges) > 0
    assert lowest == float(f"{max(ranges) / 300:.3g}")
    monkeypatch.setattr(escape_time, "of_sample", lambda *_: dict.fromkeys(escape_time.NAMES, 1.0))
    assert stage.run({**parameters, "T": 1.01 * max(ranges) / 300}, []).samples == 20


def test_a_single_minimum_has_no_escape_time():
    landscape = {"graph": "hypercube", "energies": "sk", "field": 100.0}
    parameters = {**PARAMETERS, "landscape": landscape, "N": 2, "samples": 2, "T": 100.0}
    result = stage.run({**parameters, "observables": EVERYTHING}, [])
    assert np.isnan(result.escape_time).all()
    assert (result.trap_same_configuration.isel(window=0) == 1).all()
    assert np.isnan(result.log_escape_time)
    assert np.isnan(result.largest_barrier).all()
    assert np.isfinite(result.log_relaxation_time)


def test_passages_of_too_many_jumps_are_not_simulated(monkeypatch):
    monkeypatch.setattr(escape_time, "MOST_JUMPS", 1.0)
    result = stage.run({**PARAMETERS, "N": 5, "passages": 10}, [])
    assert np.isnan(result.simulated_escape_time).all()
    assert np.isfinite(result.escape_time).all()
