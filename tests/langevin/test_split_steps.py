"""Orders of convergence of split steps, measured without drawing a random number."""

import numpy as np
import pytest
from scipy.linalg import eigh_tridiagonal, expm, solve_discrete_lyapunov

from glasscore.langevin.models.soft import SoftSpins
from glasscore.langevin.split_steps import SplitDynamics
from tests.langevin.models import drawn
from tests.langevin.test_steps import ORDER_TOLERANCE, order
from tests.statistical import assert_within, z_scores

N, T = 4, 0.5
LINEAR = SoftSpins(drawn("soft", N).couplings, -2.5, 0.0, 0.0)
STIFFNESS = 2.5 * np.eye(N) - LINEAR.couplings


def one_step(step):
    """The matrices A and B of a step: (S, force before) becomes A (S, force before) + B noise."""
    unit, none = np.eye(N)[:, np.newaxis], np.zeros((N, 1, N))
    blocks = []
    for which in range(5):
        states, before, *noise = (unit if number == which else none for number in range(5))
        draws = iter(noise[1:])
        dynamics = SplitDynamics(LINEAR, T, step, lambda draws=draws: next(draws))
        dynamics._force_before = before
        after = dynamics.advance(states, lambda noise=noise: noise[0], 1)
        blocks.append(np.concatenate([after[:, 0], dynamics._force_before[:, 0]]))
    return np.hstack(blocks[:2]), np.hstack(blocks[2:])


def test_linear_spins_relax_and_spread_to_second_order():
    spread, later = [], []
    for count in (25, 50):
        A, B = one_step(1 / count)
        covariance = solve_discrete_lyapunov(A, B @ B.T)
        exact = T * np.linalg.inv(STIFFNESS)
        spread.append(covariance[:N, :N] - exact)
        after = np.linalg.matrix_power(A, count) @ covariance
        later.append(after[:N, :N] - expm(-STIFFNESS) @ exact)
    assert order(*spread) == pytest.approx(2, abs=ORDER_TOLERANCE)
    assert order(*later) == pytest.approx(2, abs=ORDER_TOLERANCE)


@pytest.mark.parametrize("of_model", [{}, {"r": 0.0}, {"r": -1.0, "field": 0.0}])
def test_descent_is_of_second_order(of_model):
    model = drawn("soft", 6, **of_model)
    start = np.random.default_rng(1).standard_normal((6, 1, 4))
    ends = [
        SplitDynamics(model, 0.0, 0.8 / count, lambda: start).advance(start, lambda: start, count)
        for count in (16, 32, 64)
    ]
    assert order(ends[0] - ends[1], ends[1] - ends[2]) == pytest.approx(2, abs=ORDER_TOLERANCE)


R, U, SELF, HOT = -0.4, 1.2, 1.0, 0.9


def of_one_spin():
    """Exact <S^2> and <S(1) S(0)> of a spin coupled to itself, from its Fokker-Planck operator."""
    S, space = np.linspace(-4, 4, 2401, retstep=True)

    def energy(S):
        return (-(R + SELF) / 2 * S**2 + U / 4 * S**4) / HOT

    weight = np.exp(-energy(S))
    weight /= weight.sum()
    # Hops between neighbouring points have detailed balance; the symmetric matrix is tridiagonal.
    hop = HOT / space**2 * np.exp((energy(S[1:]) + energy(S[:-1])) / 2 - energy(S[1:] - space / 2))
    half = np.exp(-np.diff(energy(S)) / 2)
    leave = np.append(hop * half, 0.0) + np.append(0.0, hop / half)
    rates, modes = eigh_tridiagonal(leave, -hop, select="i", select_range=(0, 30))
    return np.exp(-np.outer([0, 1], rates)) @ (modes.T @ (S * np.sqrt(weight))) ** 2


def of_the_scheme(count):
    """<S^2> and <S(1) S(0)> for split steps of length 1 / count, by their transition operator."""
    step = 1 / count
    well = SoftSpins(np.array([[SELF]]), R, U, 0.0)
    S, space = np.linspace(-4.2, 4.2, 81, retstep=True)
    moved = well.move_in_wells(S, step / 2)

    def spread(distance, share):
        variance = 2 * HOT * step * share
        return space / np.sqrt(2 * np.pi * variance) * np.exp(-(distance**2) / (2 * variance))

    first, last = spread(S - S[:, None], 1 / 4), spread(S - moved[:, None], 1 / 4)
    to = np.empty((S.size,) * 3)  # from (now, before) to (now, after)
    for now in range(S.size):
        force = step * SELF * (1.5 * S[now] - 0.5 * S)
        middle = spread(S - moved[:, None] - force[:, None, None], 1 / 2)
        to[now] = np.einsum("x,bxm->bm", first[now], middle) @ last
    density = np.exp(-np.add.outer(S**2, S**2))
    for _ in range(8 * count):
        density = np.einsum("nb,nba->an", density, to, optimize=True)
        density /= density.sum()
    later = np.repeat(S[:, None], S.size, axis=1)
    for _ in range(count):
        later = np.einsum("nba,an->nb", to, later, optimize=True)
    return np.array([(density * S[:, None] ** 2).sum(), (density * S[:, None] * later).sum()])


def test_the_law_of_spins_in_wells_is_of_second_order():
    errors = np.array([of_the_scheme(count) for count in (5, 10, 20)]) - of_one_spin()
    found = np.log2(errors[:-1] / errors[1:])
    # The next order changes each order by a few times the step.
    assert np.all(np.abs(found - 2) < np.array([[4 / 5], [4 / 10]]))


def test_spins_in_wells_have_the_law_of_the_scheme():
    well, count, spins = SoftSpins(np.array([[SELF]]), R, U, 0.0), 5, 200_000
    random = np.random.default_rng(4)

    def noise():
        return random.standard_normal((1, 1, spins))

    dynamics = SplitDynamics(well, HOT, 1 / count, noise)
    # After the start from zero, the slowest mode has decayed to exp(-10).
    before = dynamics.advance(np.zeros((1, 1, spins)), noise, 8 * count)
    after = dynamics.advance(before, noise, count)
    found = np.array([before**2, before * after]).reshape(2, spins)
    error = found.std(axis=1) / np.sqrt(spins)
    assert_within(z_scores(found.mean(axis=1), of_the_scheme(count), error))


def test_a_run_does_not_depend_on_how_it_is_cut():
    model = drawn("soft", 5)
    start = np.random.default_rng(1).standard_normal((5, 1, 3))

    def end(parts):
        random, states = np.random.default_rng(2), start
        within = np.random.default_rng(3)
        dynamics = SplitDynamics(model, T, 0.05, lambda: within.standard_normal((5, 1, 3)))
        for count in parts:
            states = dynamics.advance(states, lambda: random.standard_normal((5, 1, 3)), count)
        return states

    assert np.array_equal(end([7]), end([1, 4, 2]))


def test_displaced_copies_respond_to_second_order():
    """Copies of linear spins that are displaced on the way relax as exp(-K t), for any noise."""
    errors = []
    for count in (25, 50):
        random = np.random.default_rng(3)
        noise = random.standard_normal((3 * count, N, 1, N))
        kicks = iter(noise)
        dynamics = SplitDynamics(LINEAR, T, 1 / count, lambda: np.ones((N, 1, N)))
        states = random.standard_normal((N, 1, N))
        states = dynamics.advance(states, lambda kicks=kicks: next(kicks), count)
        states = np.concatenate([states, states + np.eye(N)[:, np.newaxis]], axis=1)
        states = dynamics.advance(states, lambda kicks=kicks: next(kicks), count)
        errors.append(states[:, 1] - states[:, 0] - expm(-STIFFNESS))
    assert order(*errors) == pytest.approx(2, abs=ORDER_TOLERANCE)
