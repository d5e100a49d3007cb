"""Comparison of simulated observables with master equations of the same small systems."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from glasscore.landscapes.interface import energies_at
from tests.exact import MasterEquation
from tests.statistical import assert_within


class Exact(NamedTuple):
    """Exact means of each landscape: three observables and E^2, (sample, time); visits, (sample,).

    ``same`` is the probability of the same configuration at t_w and t_w (1 + omega), ``never`` that
    of no jump in between.
    """

    energy: np.ndarray
    square: np.ndarray
    same: np.ndarray
    never: np.ndarray
    visits: np.ndarray


def diagonalised(
    landscapes: Iterable[Any], graph: Any, rule: Any, N: int, T: float
) -> list[MasterEquation]:
    """The master equation of each landscape."""
    states = np.arange(2**N, dtype=np.uint64)
    return [
        MasterEquation.solve(energies_at(landscape, states), graph, rule, 1 / T)
        for landscape in landscapes
    ]


def solved(
    landscapes: Iterable[Any],
    graph: Any,
    rule: Any,
    N: int,
    T: float,
    t_w: np.ndarray,
    omega: float,
    t_max: float,
) -> Exact:
    """Means at the waiting times ``t_w``, and mean numbers of visits begun before ``t_max``."""
    return means(diagonalised(landscapes, graph, rule, N, T), t_w, omega, t_max)


def means(equations: list[MasterEquation], t_w: np.ndarray, omega: float, t_max: float) -> Exact:
    """The same means as :func:`solved`, from equations that are diagonalised already."""
    rows = []
    for master in equations:
        probabilities = master.probabilities(t_w)
        rows.append(
            (
                probabilities @ master.energies,
                probabilities @ master.energies**2,
                master.same_configuration(t_w, omega),
                master.no_jump(t_w, omega),
                master.visits(t_max),
            )
        )
    return Exact(*(np.array(column) for column in zip(*rows, strict=True)))


def variances(exact: Exact) -> dict[str, np.ndarray]:
    """Exact variances of single observations, (sample, time)."""
    return {
        "energy": exact.square - exact.energy**2,
        "same": exact.same * (1 - exact.same),
        "never": exact.never * (1 - exact.never),
    }


def assert_obeyed(
    result: Any, waiting: np.ndarray, omega: float, exact: Exact, comparisons: int
) -> None:
    """Assert that sums over samples deviate from exact ones no more than independent samples may.

    Parameters
    ----------
    result
        The result of the dynamics stage.
    waiting
        Indices of the waiting times of ``exact``.
    omega
        The window, one of those recorded.
    exact
        The result of :func:`solved`.
    comparisons
        How many comparisons share the false-positive rate.
    """
    t_w = result.waiting_time.values[waiting]
    window = int(np.argmin(np.abs(result.window.values - omega)))
    simulated = {
        "energy": result.waiting_energy.values[:, waiting],
        "same": result.distance.values[:, waiting, window] == 0,
        "never": result.departure.values[:, waiting] > t_w * (1 + omega),
    }
    for name, variance in variances(exact).items():
        excess = simulated[name] - getattr(exact, name)
        assert_within(excess.sum(axis=0) / np.sqrt(variance.sum(axis=0)), comparisons)
