"""Orders of convergence, measured without drawing a random number."""

import numpy as np
import pytest
from scipy import stats
from scipy.linalg import expm, solve_discrete_lyapunov

from glasscore.langevin.space import SPACES
from glasscore.langevin.steps import Dynamics
from tests.langevin.models import MODULES, drawn

# The errors c h^k (1 + O(h)) at h and h / 2 give k up to O(h); h times the fastest rate is below
# 0.3.
ORDER_TOLERANCE = 0.3


def order(coarse, fine):
    return np.log2(np.abs(coarse).max() / np.abs(fine).max())


@pytest.mark.parametrize("name", MODULES)
def test_descent_is_of_second_order(name):
    module, model = MODULES[name], drawn(name, 6)
    space = SPACES[module.SPACE]
    start = space.random(6, 4, np.random.default_rng(1))[:, np.newaxis]
    ends = [
        Dynamics(model, space, 0.0, 0.8 / count).advance(start, lambda: start, count)
        for count in (16, 32, 64)
    ]
    assert order(ends[0] - ends[1], ends[1] - ends[2]) == pytest.approx(2, abs=ORDER_TOLERANCE)


@pytest.mark.parametrize("N", [2, 3, 40])
def test_kicks_on_the_sphere_are_brownian_to_second_order(N):
    """The first two harmonics decay as exp(-l (l + N - 2) T tau / N), up to order tau^3."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    end = np.sqrt(N - 1) + 9.0
    lengths = (nodes + 1) * end / 2
    weights = weights * end / 2 * stats.chi(N - 1).pdf(lengths)
    start = np.zeros((N, lengths.size))
    start[0] = np.sqrt(N)
    noise = np.zeros_like(start)
    noise[0], noise[1] = 1.7, lengths
    errors = []
    for variance in (0.2, 0.1):
        after = SPACES["sphere"].add_noise(start, noise, variance)
        np.testing.assert_allclose((after**2).sum(axis=0), N, rtol=1e-14)
        cosine = after[0] / np.sqrt(N)
        found = np.array([cosine, (N * cosine**2 - 1) / (N - 1)]) @ weights
        l = np.array([1, 2])  # noqa: E741
        errors.append(found - np.exp(-l * (l + N - 2) * variance / (2 * N)))
    if N == 2:  # a circle has no curvature
        assert np.abs(errors).max() < 1e-12
    else:
        for coarse, fine in zip(*errors, strict=True):
            assert order(coarse, fine) == pytest.approx(3, abs=ORDER_TOLERANCE)


def test_free_spins_relax_and_spread_to_second_order():
    """For the linear model a step is S' = A S + B w, whose stationary covariance is known."""
    model, T, N = drawn("linear", 4, field=0.0), 0.5, 4
    spread, decay = [], []
    for step in (0.04, 0.02):
        dynamics = Dynamics(model, SPACES["flat"], T, step)
        unit, none = np.eye(N)[:, np.newaxis], np.zeros((N, 1, N))
        A = dynamics.advance(unit, lambda: none, 1)[:, 0]  # noqa: B023
        B = dynamics.advance(none, lambda: unit, 1)[:, 0]  # noqa: B023
        spread.append(solve_discrete_lyapunov(A, B @ B.T) - T * np.linalg.inv(model.stiffness))
        decay.append(A - expm(-model.stiffness * step))
    assert order(*spread) == pytest.approx(2, abs=ORDER_TOLERANCE)
    assert order(*decay) == pytest.approx(3, abs=ORDER_TOLERANCE)


def test_averages_on_a_circle_are_of_second_order():
    r"""For N = 2, averages of a step, by quadrature, are compared with exp(t L).

    With the angle phi, L = v_phi / sqrt(N) d/dphi + (T / N) d^2/dphi^2.
    """
    model, space, T, N, points, nodes = drawn("spherical", 2), SPACES["sphere"], 0.5, 2, 40, 14
    angle = 2 * np.pi * np.arange(points) / points
    harmonics = np.fft.fftfreq(points, 1 / points)
    transform = np.exp(-1j * np.outer(harmonics, angle)) / points

    def at(angles):
        """Trigonometric interpolation of a function on the grid."""
        return (np.exp(1j * np.outer(angles, harmonics)) @ transform).real

    states = np.sqrt(N) * np.array([np.cos(angle), np.sin(angle)])
    node, weight = np.polynomial.hermite_e.hermegauss(nodes)
    weight = weight / weight.sum()
    noise = np.array(np.meshgrid(node, node)).reshape(2, 1, -1).repeat(points, axis=2)
    pairs = np.outer(weight, weight).ravel()
    starts = np.tile(states, nodes**2)[:, np.newaxis]

    def after(step, count):
        ends = Dynamics(model, space, T, step).advance(starts, lambda: noise, 1)[:, 0]
        one = at(np.arctan2(ends[1], ends[0])).reshape(nodes**2, points, points)
        return np.linalg.matrix_power(np.einsum("q,qij->ij", pairs, one), count)

    tangent = np.array([-np.sin(angle), np.cos(angle)])
    drift = (model.force(states) * tangent).sum(axis=0) / np.sqrt(N)
    first = (np.exp(1j * np.outer(angle, harmonics)) @ (1j * harmonics[:, None] * transform)).real
    second = (
        np.exp(1j * np.outer(angle, harmonics)) @ (-(harmonics[:, None] ** 2) * transform)
    ).real
    exact = expm(drift[:, None] * first + T / N * second)
    shown = np.array([np.cos(angle), np.sin(2 * angle)]).T
    errors = [(after(1 / count, count) - exact) @ shown for count in (10, 20)]
    assert order(*errors) == pytest.approx(2, abs=ORDER_TOLERANCE)


def test_copies_of_a_trajectory_are_kicked_alike():
    model = drawn("soft", 5)
    dynamics = Dynamics(model, SPACES["flat"], 0.5, 0.05)
    start = np.random.default_rng(1).standard_normal((5, 1, 3)).repeat(2, axis=1)
    rng = np.random.default_rng(2)
    end = dynamics.advance(start, lambda: rng.standard_normal((5, 1, 3)), 7)
    assert np.array_equal(end[:, 0], end[:, 1])
