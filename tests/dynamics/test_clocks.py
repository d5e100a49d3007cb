"""Every clock against the exact master equation of small systems, and clocks against each other."""

from functools import cache

import numpy as np
import pytest

from glasscore.dynamics.stage import run
from glasscore.landscapes.interface import energies_at
from glasscore.landscapes.sample import disorder_sample
from tests.campaigns import SEED, dynamics_parameters
from tests.exact import MasterEquation
from tests.statistical import assert_within

# Graph, energies, rule, N, T, samples, t_max. The last four flicker long: cold and late.
SYSTEMS = [
    ("hypercube", "exponential", "metropolis", 6, 0.5, 2000, 1e4),
    ("hypercube", "exponential", "heat_bath", 6, 0.5, 2000, 1e4),
    ("hypercube", "exponential", "arrhenius", 6, 0.5, 2000, 1e4),
    ("hypercube", "exponential", "metropolis", 8, 0.5, 300, 1e4),
    ("hypercube", "exponential", "arrhenius", 8, 0.75, 300, 1e4),
    ("hypercube", "gaussian", "metropolis", 6, 0.7, 2000, 1e4),
    ("hypercube", "gaussian", "arrhenius", 6, 0.9, 2000, 1e4),
    ("hypercube", "gaussian", "metropolis", 8, 0.9, 300, 1e4),
    ("complete", "exponential", "arrhenius", 6, 0.5, 2000, 1e4),
    ("hypercube", "exponential", "metropolis", 6, 0.36, 2000, 1e6),
    ("hypercube", "exponential", "heat_bath", 6, 0.36, 2000, 1e6),
    ("hypercube", "gaussian", "metropolis", 6, 0.65, 2000, 1e6),
    ("hypercube", "gaussian", "metropolis", 8, 0.8, 300, 1e6),
]
CASES = [(clock, system) for clock in ("rejection_free", "superbasin") for system in SYSTEMS]
TIMES = 8
OMEGA = 0.5


@cache
def solved(graph, energies, rule, N, T, samples, t_max, waiting_times):
    """Means over the same landscapes: energy, its square, and more at waiting times; visits."""
    t_w = np.array(waiting_times)
    exact = {name: np.zeros((samples, t_w.size)) for name in ("energy", "square", "same", "never")}
    visits = np.zeros(samples)
    states = np.arange(2**N, dtype=np.uint64)
    for sample in range(samples):
        landscape = disorder_sample(SEED, "test", N, sample, {"graph": graph, "energies": energies})
        levels = energies_at(landscape, states)
        master = MasterEquation.solve(levels, graph, rule, 1 / T)
        probabilities = master.probabilities(t_w)
        exact["energy"][sample] = probabilities @ levels
        exact["square"][sample] = probabilities @ levels**2
        exact["same"][sample] = master.same_configuration(t_w, OMEGA)
        exact["never"][sample] = master.no_jump(t_w, OMEGA)
        visits[sample] = master.visits(t_max)
    return exact, visits


@pytest.mark.parametrize(("clock", "system"), CASES, ids=str)
def test_master_equation(clock, system):
    """Energy, same configuration, no jump at 8 times, and visits; the same landscapes."""
    graph, energies, rule, N, T, samples, t_max = system
    result = run(dynamics_parameters(graph, energies, rule, N, T, samples, t_max, clock=clock), [])
    waiting = np.flatnonzero(result.waiting_time.values <= t_max / (1 + OMEGA))
    waiting = waiting[:: max(1, waiting.size // TIMES)][:TIMES]
    t_w = result.waiting_time.values[waiting]
    window = int(np.argmin(np.abs(result.window.values - OMEGA)))

    exact, visits = solved(*system, tuple(t_w))

    simulated = {
        "energy": result.waiting_energy.values[:, waiting],
        "same": result.distance.values[:, waiting, window] == 0,
        "never": result.departure.values[:, waiting] > t_w * (1 + OMEGA),
    }
    variance = {
        "energy": exact["square"] - exact["energy"] ** 2,
        "same": exact["same"] * (1 - exact["same"]),
        "never": exact["never"] * (1 - exact["never"]),
    }
    comparisons = (3 * TIMES + 1) * len(CASES)
    for name, values in simulated.items():
        deviation = (values - exact[name]).sum(axis=0) / np.sqrt(variance[name].sum(axis=0))
        assert_within(deviation, comparisons=comparisons)
    # Relative to each landscape's mean, so that few landscapes with many visits do not decide.
    excess = result.visits.values / visits - 1.0
    assert_within(excess.mean() / (excess.std(ddof=1) / np.sqrt(samples)), comparisons=comparisons)
