"""Trajectories of single sites: order in the time step, and exact laws."""

from itertools import product

import numpy as np
import pytest
from scipy.linalg import eigh_tridiagonal

from glasscore.dmft.single_site import dyson_equation, equilibrium, noise
from glasscore.dmft.single_site.exponentials import in_time
from glasscore.dmft.single_site.interface import Bath, Statics, kicks, statics, trajectories
from glasscore.dmft.single_site.models import glauber, soft
from glasscore.dmft.single_site.trajectories import march
from glasscore.dyson import linear_model
from tests.statistical import assert_within, z_scores

BATH = Bath(np.array([0.3, 0.4, 0.2]), np.array([4.0, 0.8, 0.1]))


def autocorrelations(spins, lags, groups=16):
    """Mean and standard error of the autocorrelation over groups of trajectories."""
    parts = np.array_split(spins, groups, axis=1)
    values = np.array([equilibrium._autocorrelation(part, lags) for part in parts])
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(groups)


def test_the_scheme_is_of_second_order_in_forces_and_memory():
    """Under a smooth force instead of noise, half the step makes errors four times smaller."""

    def end(step):
        steps = round(4 / step)
        coloured = step * np.cos(1.3 * step * np.arange(steps + 1))[:, None]
        exponent = 0.8 * step
        growth, bend = np.exp(exponent / 2), 1.5 * np.expm1(exponent) / 0.8
        force = step * BATH.weight
        none = np.zeros((steps, 1))
        return march(np.array([0.5]), none, coloured, force, BATH.rate, growth, bend, step)[-1, 0]

    values = np.array([end(0.2 / 2**k) for k in range(5)])
    order = np.log2(np.abs(np.diff(values)[:-1] / np.diff(values)[1:]))
    # The next order changes each ratio by less than the step itself.
    assert np.all(np.abs(order - 2) < 0.2 / 2 ** np.arange(3))


WELL = soft.Soft(0.6, 1.2, 1e-9)
TEMPERATURE = 0.9


def fokker_planck(time):
    """C(t) of a spin in the well, J = 0, by the modes of its discretised Fokker-Planck operator."""
    S, space = np.linspace(-4, 4, 3201, retstep=True)

    def energy(S):
        return (-WELL.r / 2 * S**2 + WELL.u / 4 * S**4) / TEMPERATURE

    weight = np.exp(-energy(S))
    weight /= weight.sum()
    # Hops to neighbours in detailed balance; their symmetric form is tridiagonal.
    between = energy(S[1:] - space / 2) - (energy(S[1:]) + energy(S[:-1])) / 2
    hop = TEMPERATURE / space**2 * np.exp(-between)
    half = np.exp(-np.diff(energy(S)) / 2)
    leave = np.append(hop * half, 0.0) + np.append(0.0, hop / half)
    rates, modes = eigh_tridiagonal(leave, -hop, select="i", select_range=(0, 30))
    return np.exp(-np.outer(time, rates)) @ (modes.T @ (S * np.sqrt(weight))) ** 2


def of_the_scheme(step, lags):
    """The same C(t) for the scheme with its finite step, from its transition operator."""
    growth, bend = soft._flow(WELL, step)
    moved, space = np.linspace(-5, 5, 801, retstep=True)

    def flow(S):
        return growth * S / np.sqrt(1 + bend * S**2)

    variance = 2 * TEMPERATURE * step
    to = np.exp(-((moved[None, :] - flow(flow(moved))[:, None]) ** 2) / (2 * variance))
    to *= space / np.sqrt(2 * np.pi * variance)
    stationary = np.exp(-(moved**2))
    for _ in range(int(30 / step)):
        stationary = stationary @ to
        stationary /= stationary.sum()
    values, later = [], flow(moved)
    for lag in range(max(lags) + 1):
        if lag in lags:
            values.append(stationary @ (flow(moved) * later))
        later = to @ later
    return np.array(values)


def test_the_scheme_is_of_second_order_in_law():
    exact = fokker_planck(np.array([0.0, 1.0]))
    errors = np.array([of_the_scheme(1 / n, [0, n]) - exact for n in (10, 20, 40)])
    # The next order changes each ratio by a few times the step.
    order = np.log2(errors[:-1] / errors[1:])
    assert np.all(np.abs(order - 2) < np.array([[4 / 10], [4 / 20]]))


def test_trajectories_in_a_well_have_the_law_of_the_scheme():
    step, steps, lags = 0.1, 1000, [0, 2, 5, 10, 20, 40]
    still = Bath(np.array([1e-9]), np.array([1.0]))
    at = Statics(TEMPERATURE, WELL.J, float(fokker_planck([0.0])[0]), TEMPERATURE, 0.0)
    drawn = kicks(WELL, at, step, (steps, 512), np.random.default_rng(3))
    spins = trajectories(WELL, at, step, drawn, np.zeros((steps + 1, 512)), still).spins
    # After a hundred steps the distribution has relaxed to the stationary one of the scheme.
    value, error = autocorrelations(spins[100:], np.array(lags))
    assert_within(z_scores(value, of_the_scheme(step, lags), error))


@pytest.mark.parametrize("site", ["soft", "glauber"])
def test_in_its_own_bath_a_linear_spin_has_the_exact_correlation(site):
    """The linear spin that is the control variate of both models is sampled without correction."""
    if site == "soft":
        model, step = soft.create({"r": -2.5, "u": 0.0, "J": 1.0}), 0.05
    else:
        model, step = glauber.create({"J": 1.0}), 0.1
    at = statics(model, 1.3)
    lags = np.array([1, 4, 10, 20, 60])
    bath = dyson_equation.self_consistent(Bath(np.empty(0), np.empty(0)), at, step, 20.0)
    steps = noise.length(2000)
    random = np.random.default_rng(8)
    drawn = kicks(model, at, step, (steps, 128), random)
    covariance = in_time(bath, step * np.arange(steps + 1))
    field = noise.stationary(covariance, random.standard_normal((2 * steps, 128)))
    innovations = trajectories(model, at, step, drawn, field, bath).innovations
    force = step * at.mobility / at.T * bath.weight
    growth = np.exp(-at.mobility * at.stiffness * step / 2)
    linear = march(drawn.start, innovations, step * at.mobility * field, force, bath.rate, growth,
                   0.0, step)  # fmt: skip
    value, error = autocorrelations(linear, lags)
    exact = in_time(dyson_equation.in_a_bath(bath, at, step, 20.0), step * lags)
    if site == "soft":
        known = linear_model.correlation(step * lags, 2.5, 1.3)
        assert np.abs(exact - known).max() < 3e-4 * at.second_moment
    # A split step of a linear force has an error of the order (stiffness step)^2 / 12.
    bias = (at.mobility * at.stiffness * step) ** 2 / 12 * at.second_moment
    assert_within(np.maximum(np.abs(value - exact) - bias, 0) / error)


def heat_bath_paths(steps, time=2.0):
    """<S> and the field at the end, over all paths of an Ising spin with memory in a field."""
    step = time / steps
    updated = -np.expm1(-step)
    paths = np.array(list(product([-1.0, 1.0], repeat=steps)))
    seen, spin = np.ones((BATH.rate.size, len(paths))), np.ones(len(paths))
    probability = np.ones(len(paths))
    decay = np.exp(-BATH.rate * step)[:, None]
    for number in range(steps):
        seen = decay * seen + (1 - decay) * spin
        field = np.cos(step * (number + 0.5)) + 2 * BATH.weight @ seen
        drawn = 1 / (1 + np.exp(-2 * paths[:, number] * field))
        probability *= (1 - updated) * (paths[:, number] == spin) + updated * drawn
        spin = paths[:, number]
    return probability @ spin


def test_updates_in_the_middle_of_steps_are_of_second_order():
    values = np.array([heat_bath_paths(steps) for steps in (2, 4, 8, 16)])
    differences = np.diff(values)
    order = np.log2(differences[:-1] / differences[1:])
    # The next order changes each ratio by less than the step.
    assert np.all(np.abs(order - 2) < [1.0, 0.5])


def test_ising_trajectories_have_the_law_of_all_paths():
    count, steps = 200_000, 4
    step = 2.0 / steps
    random = np.random.default_rng(11)
    threshold = random.logistic(0.0, 0.5, (steps, count))
    threshold[random.random((steps, count)) < np.exp(-step)] = np.nan
    middle = step * (np.arange(steps + 1) + 0.5)
    field = np.repeat(np.cos(middle)[:, None], count, axis=1)
    spins, _ = glauber.march(np.ones(count), threshold, field, 2 * BATH.weight, BATH.rate, step)
    error = spins[-1].std() / np.sqrt(count)
    assert_within(z_scores(spins[-1].mean(), heat_bath_paths(steps), error))


def test_a_free_ising_spin_is_forgotten_exponentially():
    model, still = glauber.Glauber(1e-9), Bath(np.array([1.0]), np.array([1.0]))
    at = statics(model, 1.0)
    drawn = kicks(model, at, 0.5, (400, 512), np.random.default_rng(6))
    spins = trajectories(model, at, 0.5, drawn, np.zeros((401, 512)), still).spins
    lags = np.array([1, 2, 4, 8])
    value, error = autocorrelations(spins, lags)
    assert_within(z_scores(value, np.exp(-0.5 * lags), error))
