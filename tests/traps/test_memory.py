"""Correlations with the start and relaxation times, against exact dynamics and reference numbers.

In equilibrium the state i at t = 0 and the state j at t have the joint law p_i [exp(W t)]_ji, from
which the exact correlation of each small sample follows.
"""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from glasscore.dynamics.stage import run
from glasscore.estimates.relaxation_time import relaxation_time
from glasscore.landscapes.interface import energies_at
from glasscore.landscapes.sample import sample_of_job
from glasscore.theory.trap_model import equilibrium_no_jump
from glasscore.traps import stage as traps
from glasscore.traps.memory import NOT_REACHED
from glasscore.traps.stationarity import is_stationary
from tests.campaigns import dynamics_parameters, written_block
from tests.exact import MasterEquation
from tests.statistical import assert_within, z_scores

SWEEP_TIMES = 50  # observation times per decade, so dense that interpolation changes nothing


def job(graph, energies, rule, N, T, samples, t_max, start="equilibrium", **others):
    """A job in equilibrium at its temperature that records the memory of the start."""
    options = {key: others.pop(key) for key in ("p", "field") if key in others}
    given = dynamics_parameters(graph, energies, rule, N, T, samples, t_max, **others)
    given["landscape"] |= options
    given |= {"recorders": ["memory"], "start": {"name": start, "T": T}}
    return {**given, "times_per_decade": others.get("times_per_decade", SWEEP_TIMES)}


def averaged(given, folder):
    """The averages of a job."""
    return traps.run({**given, "windows": [0.5]}, [written_block(given, folder / "block0.nc")])


# Small systems with every clock, several rules, and temperatures below and above T_c.
SMALL = [
    job("hypercube", "gaussian", "metropolis", 6, 1.2, 1000, 3e3, clock="superbasin"),
    job("hypercube", "sk", "heat_bath", 6, 0.7, 1000, 3e3, field=0.2),
    job("hypercube", "pspin", "metropolis", 5, 0.5, 1000, 3e3, p=3, clock="rejection"),
    job("complete", "exponential", "arrhenius", 6, 0.8, 1000, 3e3),
    job("complete", "exponential", "metropolis", 5, 0.7, 1000, 3e3),
]


def exact_correlations(given, times):
    """C and the mean of its square for each sample at some times, shape (sample, time)."""
    N, graph = given["N"], given["landscape"]["graph"]
    states = np.arange(2**N, dtype=np.uint64)
    differing = states[:, np.newaxis] ^ states
    correlation = (
        1.0 - 2.0 * np.bitwise_count(differing) / N
        if graph == "hypercube"
        else (differing == 0).astype(float)
    )
    means, squares = [], []
    for sample in range(given["samples"]):
        energies = energies_at(sample_of_job(given, sample), states)
        master = MasterEquation.solve(energies, graph, given["rule"], 1 / given["T"])
        means.append(master.equilibrium_mean(times, correlation))
        squares.append(master.equilibrium_mean(times, correlation**2))
    return np.array(means), np.array(squares)


@pytest.mark.parametrize("given", SMALL, ids=lambda given: str(given["landscape"]))
def test_against_the_master_equation(given, tmp_path):
    """C(t, 0) at all times, the relaxation time, and the error of the relaxation time."""
    found = averaged(given, tmp_path)
    times, count = found.time.values, given["samples"]
    means, squares = exact_correlations(given, times)
    # Landscapes are given, so that only the trajectories scatter.
    error = np.sqrt((squares - means**2).sum(axis=0)) / count
    z = z_scores(found.correlation_from_start, means.mean(axis=0), error)
    known = error > 1e-6
    comparisons = len(SMALL) * (times.size + 1)
    assert_within(z[known], comparisons)

    log_time, mean = np.log(times), means.mean(axis=0)
    after = int(np.argmax(mean <= 0.5))
    assert after > 0
    tau = relaxation_time(times, means)[0]
    # The slope of C against ln t turns errors of C into errors of ln tau.
    slope = (mean[after] - mean[after - 1]) / (log_time[after] - log_time[after - 1])
    thermal = tau * error[after] / abs(slope)
    assert_within(z_scores(found.relaxation_time, tau, thermal), comparisons)
    # Over samples, landscapes scatter as well.
    total = np.sqrt((squares.mean(axis=0) - mean**2)[after] / count) * tau / abs(slope)
    assert float(found.relaxation_time_error) == pytest.approx(total, rel=0.2)


@pytest.mark.parametrize("x", [1.3, 2.0, 4.0])
def test_infinitely_many_traps_forget_by_the_exact_law(x, tmp_path):
    """Pi(t) = (x - 1) t^(1 - x) gamma(x - 1, t); at x = 4 it is below 1/2 at the first time."""
    samples = 4000
    given = job("complete", "exponential", "arrhenius", np.inf, x, samples, 1e4)
    found = averaged(given, tmp_path)
    law = equilibrium_no_jump(found.time.values, x)
    expected = samples * np.minimum(law, 1 - law)
    error = np.sqrt(law * (1 - law) / samples)
    z = z_scores(found.correlation_from_start, law, error)[expected > 20]
    tau = brentq(lambda t: float(equilibrium_no_jump(t, x)) - 0.5, 1e-3, 1e4)
    assert (tau < 1.0) == (x == 4.0)
    # Between t = 0 and t = 1 the interpolation is not exact, but as good as this.
    systematic = 0.05 * tau if x == 4.0 else 0.0
    off = max(abs(float(found.relaxation_time) - tau) - systematic, 0.0)
    assert_within([*z, off / float(found.relaxation_time_error)], 3 * (z.size + 1))


# Metropolis dynamics of planted p = 3 and SK spins: temperature, size, C at three lags in sweeps.
REFERENCE = [
    ("sk", {"field": 0.0}, 64, 1.5, 1000, (0.4426, 0.1145, 0.0056), (0.0006, 0.0008, 0.0008)),
    ("pspin", {"p": 3}, 48, 0.8, 300, (0.8352, 0.6647, 0.4424), (0.0013, 0.0024, 0.0037)),
]


@pytest.mark.parametrize(
    ("energies", "options", "N", "T", "samples", "values", "errors"), REFERENCE
)
def test_correlations_of_planted_glasses(
    energies, options, N, T, samples, values, errors, tmp_path
):
    """Lags of 1, 4 and 16 sweeps, beside an independent simulation."""
    given = job("hypercube", energies, "metropolis", N, T, samples, 20.0 * N, "planted", **options)
    found = averaged(given, tmp_path)
    lags, log_time = np.log([N, 4 * N, 16 * N]), np.log(found.time.values)
    mean = np.interp(lags, log_time, found.correlation_from_start.values)
    error = np.interp(lags, log_time, found.correlation_from_start_error.values)
    assert_within(z_scores(mean, values, np.hypot(error, errors)), 3 * len(REFERENCE))


# Relaxation times of planted p = 3 spins in sweeps, with their errors.
TIMES = [(0.9, 16, 3.3, 0.2), (0.9, 32, 4.7, 0.2), (0.9, 64, 5.1, 0.2), (0.66, 16, 48.0, 5.0)]


@pytest.mark.parametrize(("T", "N", "tau", "error"), TIMES)
def test_relaxation_times_of_planted_glasses(T, N, tau, error, tmp_path):
    t_max = 30.0 * tau * N
    given = job("hypercube", "pspin", "metropolis", N, T, 1000, t_max, "planted", p=3)
    found = averaged({**given, "clock": "superbasin"}, tmp_path)
    sweeps, spread = float(found.relaxation_time) / N, float(found.relaxation_time_error) / N
    assert spread < 0.2 * sweeps
    assert_within(z_scores(sweeps, tau, math.hypot(spread, error)), len(TIMES))


def test_only_trajectories_in_equilibrium_have_a_relaxation_time(tmp_path):
    stationary = job("hypercube", "gaussian", "metropolis", 6, 0.6, 5, 100.0)
    quench = {**stationary, "start": {"name": "equilibrium", "T": 0.9}}
    random = {key: value for key, value in stationary.items() if key != "start"}
    assert [is_stationary(one) for one in (stationary, quench, random)] == [True, False, False]
    for one in (quench, random):
        found = averaged(one, tmp_path)
        assert "correlation_from_start_error" in found
        assert "relaxation_time" not in found


def test_a_time_that_the_run_does_not_reach_is_unknown_and_the_file_says_why(tmp_path):
    given = job("hypercube", "gaussian", "metropolis", 6, 0.2, 20, 10.0)
    found = averaged(given, tmp_path)
    assert np.isnan(found.relaxation_time)
    assert np.isnan(found.relaxation_time_error)
    assert found.relaxation_time.attrs["missing"] == NOT_REACHED
    longer = averaged(job("complete", "exponential", "arrhenius", np.inf, 2.0, 200, 1e3), tmp_path)
    assert "missing" not in longer.relaxation_time.attrs


def test_a_longer_run_begins_with_the_shorter_one():
    given = job("hypercube", "gaussian", "metropolis", 8, 0.6, 4, 100.0)
    short, long = (run({**given, "t_max": t_max}, []).start_distance for t_max in (100.0, 1e3))
    assert np.array_equal(short, long[:, : short.sizes["time"]])


class TestEstimator:
    @pytest.mark.parametrize("start", np.linspace(0.0, 1.0, 9))
    def test_interpolation_at_eight_times_per_decade(self, start):
        times = 10.0 ** (np.arange(33) / 8 + start / 8)
        tau, _ = relaxation_time(times, np.exp(-np.log(2) * times / 300.0)[np.newaxis])
        assert tau == pytest.approx(300.0, rel=0.004)
        assert relaxation_time(times, np.exp(-times)[np.newaxis])[0] < times[0]

    def test_the_time_of_a_broken_line(self):
        """Halfway between two times in ln(1 + t)."""
        tau, error = relaxation_time([1.0, 7.0, 31.0], [[0.9, 0.6, 0.4], [0.9, 0.6, 0.4]])
        assert tau == pytest.approx(15.0)
        assert error == pytest.approx(0.0, abs=1e-12)

    def test_the_error_of_a_broken_line(self):
        """Samples differ by 0.2 at tau = 15, and C falls by 0.2 in each factor 4 of 1 + t."""
        tau, error = relaxation_time([1.0, 7.0, 31.0], [[0.9, 0.7, 0.5], [0.9, 0.5, 0.3]])
        assert tau == pytest.approx(15.0)
        assert error == pytest.approx(16.0 * 0.1 * np.log(4) / 0.2)

    def test_a_time_before_the_first(self):
        assert relaxation_time([3.0], [[0.0]])[0] == pytest.approx(1.0)

    def test_a_correlation_that_is_one_half_at_the_last_time(self):
        assert relaxation_time([1.0, 2.0], [[0.7, 0.5]])[0] == pytest.approx(2.0)

    def test_a_correlation_that_stays_at_one_half_has_an_infinite_error(self):
        tau, error = relaxation_time([0.1, 0.2, 0.3], [[0.5, 1.0, 1.2], [0.4, 1.0, 1.2]])
        assert tau < 0.1
        assert error == np.inf

    def test_one_sample_has_no_error(self):
        tau, error = relaxation_time([1.0, 2.0], [[0.8, 0.2]])
        assert tau == pytest.approx(np.sqrt(6) - 1)
        assert np.isnan(error)

    def test_no_sample(self):
        with pytest.raises(ValueError, match="at least one sample"):
            relaxation_time([1.0], np.empty((0, 1)))

    def test_the_error_is_the_scatter_of_independent_sets(self):
        """Correlations of a sample at different times share its own relaxation time.

        The standard deviation over m sets has the relative error 1 / sqrt(2 m).
        """
        rng = np.random.default_rng(7)
        sets, samples = 400, 100
        times = 10.0 ** (np.arange(41) / 8)
        rates = rng.gamma(2.0, 0.01, size=(sets, samples, 1))
        found = np.array([relaxation_time(times, np.exp(-rate * times)) for rate in rates])
        ratio = found[:, 0].std(ddof=1) / np.sqrt(np.mean(found[:, 1] ** 2))
        assert_within((ratio - 1.0) * np.sqrt(2 * sets))
