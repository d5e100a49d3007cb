"""Test every clock against the exact master equation of small systems, and against each other."""

import os
import subprocess
import sys
from functools import cache, lru_cache
from types import SimpleNamespace

import numpy as np
import pytest

from glasscore.common import discovery
from glasscore.dynamics import stage
from glasscore.dynamics.stage import run
from glasscore.kernels import random_streams
from glasscore.landscapes.sample import disorder_sample
from tests.campaigns import SEED, bits, dynamics_parameters
from tests.dynamics.models import MODELS, landscape_with_defaults, small
from tests.master_equation import assert_obeyed, diagonalised, means
from tests.statistical import assert_within

# Each system has graph, energies, rule, N, T, samples and t_max. The last four systems are cold and
# run long, so that their trajectories flicker.
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
    ("hypercube", "sk", "heat_bath", 6, 0.4, 600, 1e4),
    ("hypercube", "pspin", "metropolis", 6, 0.4, 600, 1e4),
    ("hypercube", "exponential", "metropolis", 6, 0.36, 2000, 1e6),
    ("hypercube", "exponential", "heat_bath", 6, 0.36, 2000, 1e6),
    ("hypercube", "gaussian", "metropolis", 6, 0.65, 2000, 1e6),
    ("hypercube", "gaussian", "metropolis", 8, 0.8, 300, 1e6),
]
# If every jump is made, the last decade of the longest runs takes a minute and tests nothing new.
SHORTER = [(*system, min(t_max, 1e5)) for *system, t_max in SYSTEMS]
# Without leaps (arrhenius, complete graph), one case suffices to show that nothing else changes.
CLOCKS = {
    "rejection_free": SHORTER,
    "superbasin": [SYSTEMS[0], SYSTEMS[2], *SYSTEMS[-6:]],
}
# Cases are sorted by system, so that the master equations of each system are diagonalised once for
# all clocks and times.
CASES = sorted(
    ((clock, system) for clock, systems in CLOCKS.items() for system in systems),
    key=lambda case: case[1][:6],
)
TIMES = 8
OMEGA = 0.5


@lru_cache(maxsize=1)
def equations(graph, energies, rule, N, T, samples):
    model = landscape_with_defaults(graph, energies)
    landscapes = (disorder_sample(SEED, "test", N, sample, model) for sample in range(samples))
    return diagonalised(landscapes, graph, rule, N, T)


@cache
def exact(graph, energies, rule, N, T, samples, t_max, waiting_times):
    """The exact solution of a system, computed once for all clocks."""
    of_system = equations(graph, energies, rule, N, T, samples)
    return means(of_system, np.array(waiting_times), OMEGA, t_max)


@pytest.mark.parametrize(("clock", "system"), CASES, ids=str)
def test_master_equation(clock, system):
    """Compare energy, return and persistence probabilities at 8 times, and the number of visits."""
    graph, energies, rule, N, T, samples, t_max = system
    landscape = landscape_with_defaults(graph, energies)
    parameters = dynamics_parameters(
        graph, energies, rule, N, T, samples, t_max, clock=clock, landscape=landscape
    )
    result = run(parameters, [])
    waiting = np.flatnonzero(result.waiting_time.values <= t_max / (1 + OMEGA))
    waiting = waiting[:: max(1, waiting.size // TIMES)][:TIMES]
    known = exact(*system, tuple(result.waiting_time.values[waiting]))
    comparisons = (3 * TIMES + 1) * len(CASES)
    assert_obeyed(result, waiting, OMEGA, known, comparisons)
    # Visits are relative to each landscape's mean, so that few landscapes with many visits do not
    # dominate.
    excess = result.visits.values / known.visits - 1.0
    assert_within(excess.mean() / (excess.std(ddof=1) / np.sqrt(samples)), comparisons=comparisons)


def test_all_models_are_tested():
    """Test that the models have each part, and the rules and energies that a graph names, on it."""
    clocks, graphs, laws, rules, *_ = zip(*MODELS, strict=True)
    rules = tuple(map(discovery.name_of, rules))
    for folder, found in (
        ("dynamics/clocks", clocks),
        ("landscapes/graphs", graphs),
        ("landscapes/energies", laws),
        ("dynamics/rules", rules),
    ):
        assert set(found) == set(discovery.names(folder))
    for graph in set(graphs):
        for constant, found in (("ENERGIES", laws), ("RULES", rules)):
            named = discovery.constant("landscapes/graphs", graph, constant) or ()
            assert set(named) <= {one for on, one in zip(graphs, found, strict=True) if on == graph}


@pytest.mark.uncompiled
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_blocks_do_not_matter(model):
    whole = run(small(model, 6), [])
    for first, count in ((0, 1), (2, 3)):
        part = run(small(model, count, first_sample=first), [])
        assert bits(part) == bits(whole.isel(sample=slice(first, first + count)))


@pytest.mark.parametrize("model", MODELS[3::3], ids=str)
def test_random_generators_are_freed(model, monkeypatch):
    """Test that no kernel leaks the generator of a sample by a wrong count of references."""
    made = []

    def generator(*arguments):
        made.append(random_streams.generator(*arguments))
        return made[-1]

    monkeypatch.setattr(stage, "random_streams", SimpleNamespace(generator=generator))
    run(small(model, 3), [])
    references = [sys.getrefcount(one) for one in made]
    assert references == [sys.getrefcount(one) for one in [np.random.default_rng(1)]] * len(made)
    assert made


COMPARE = """
import hashlib, numpy as np
from glasscore.kernels import random_streams
from glasscore.common import discovery
from glasscore.dynamics import stage
from glasscore.dynamics.stage import run
from tests.campaigns import bits
from tests.dynamics.models import MODELS, small
for model in MODELS[models]:
    print(hashlib.sha256(bits(run(small(model, 3), []))).hexdigest())
"""


def digests(root, models=slice(None), **settings):
    """Digests of short runs of the models, computed in a process with these variables."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"models = {models}\n{COMPARE}"],
        env={**os.environ, **settings},
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


@pytest.fixture(scope="module")
def usual(pytestconfig):
    """The digests of all models with compiled kernels, on this processor."""
    found = digests(pytestconfig.rootpath, NUMBA_DISABLE_JIT="0")
    assert len(found) == len(MODELS)
    return found


def test_compiled_and_uncompiled_give_the_same_bits(usual, pytestconfig):
    assert digests(pytestconfig.rootpath, NUMBA_DISABLE_JIT="1") == usual


def test_another_processor_gives_the_same_bits(usual, pytestconfig):
    """Test that results without vector instructions, as on another processor, are the same."""
    some = slice(1, None, 3)
    plain = {
        "NUMBA_DISABLE_JIT": "0",
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4",
    }
    assert digests(pytestconfig.rootpath, some, **plain) == usual[some]
