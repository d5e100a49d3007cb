"""Minima, basins and barriers of small landscapes from their definitions alone."""

import numpy as np


def neighbours(state: int, spins: int) -> list[int]:
    return [state ^ (1 << spin) for spin in range(spins)]


def plateaus(energies: np.ndarray) -> dict[int, int]:
    """The lowest number among the connected states of equal energy, for each state."""
    spins = energies.size.bit_length() - 1
    lowest: dict[int, int] = {}
    for start in range(energies.size):
        if start in lowest:
            continue
        waiting, lowest[start] = [start], start
        for state in waiting:
            for other in neighbours(state, spins):
                if energies[other] == energies[state] and other not in lowest:
                    lowest[other] = start
                    waiting.append(other)
    return lowest


def minima(energies: np.ndarray) -> list[int]:
    """Plateaus without a lower neighbour, by energy, then by number."""
    spins, plateau = energies.size.bit_length() - 1, plateaus(energies)
    left = {
        plateau[state]
        for state in range(energies.size)
        for other in neighbours(state, spins)
        if energies[other] < energies[state]
    }
    found = sorted(set(plateau.values()) - left)
    return sorted(found, key=lambda state: energies[state])


def highest_on_best_paths(energies: np.ndarray) -> np.ndarray:
    """All pairs of states: least highest energy, by the algorithm of Floyd and Warshall."""
    states = np.arange(energies.size)
    apart = np.bitwise_count(states[:, None] ^ states)
    edges = np.maximum(energies[:, None], energies)
    best = np.where(apart <= 1, edges, np.inf)
    for through in states:
        best = np.minimum(best, np.maximum(best[:, through, None], best[through]))
    return best


def descended(energies: np.ndarray) -> list[int]:
    """Minimum that steepest descent reaches from each state, plateau by plateau where stuck."""
    spins, plateau = energies.size.bit_length() - 1, plateaus(energies)
    return [_descended(energies, state, spins, plateau) for state in range(energies.size)]


def _descended(energies: np.ndarray, state: int, spins: int, plateau: dict[int, int]) -> int:
    while True:
        around = neighbours(state, spins)
        best = min(around, key=lambda other: energies[other])  # the first one of equally low states
        if energies[best] >= energies[state]:
            alike = [other for other in plateau if plateau[other] == plateau[state]]
            ways_out = {
                (energies[other], other)
                for member in alike
                for other in neighbours(member, spins)
                if energies[other] < energies[state]
            }
            if not ways_out:
                return plateau[state]
            best = min(ways_out)[1]
        state = best
