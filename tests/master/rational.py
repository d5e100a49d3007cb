"""Exact solutions of networks of few states in rational numbers."""

from fractions import Fraction

import numpy as np


def laplacian(conductances: np.ndarray) -> list[list[Fraction]]:
    """The matrix of the equations sum_j w_ij (u_i - u_j)."""
    n = conductances.shape[0]
    w = [
        [Fraction(float(conductances[i, j])) if i != j else Fraction(0) for j in range(n)]
        for i in range(n)
    ]
    return [[sum(w[i]) if i == j else -w[i][j] for j in range(n)] for i in range(n)]


def solution(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    """The solution by elimination without pivoting, since the matrix is positive definite."""
    n = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for pivot in range(n):
        for i in range(pivot + 1, n):
            factor = rows[i][pivot] / rows[pivot][pivot]
            if factor:
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[pivot], strict=True)]
    found = [Fraction(0)] * n
    for i in reversed(range(n)):
        rest = sum((rows[i][j] * found[j] for j in range(i + 1, n)), start=Fraction(0))
        found[i] = (rows[i][n] - rest) / rows[i][i]
    return found


def mean_times(
    conductances: np.ndarray, weights: np.ndarray, sources: list[Fraction], target: int
) -> list[Fraction]:
    """Solution of sum_j w_ij (u_i - u_j) = f_i with u = 0 at the target."""
    kept = [i for i in range(weights.size) if i != target]
    full = laplacian(conductances)
    inner = solution([[full[i][j] for j in kept] for i in kept], [sources[i] for i in kept])
    found = dict(zip(kept, inner, strict=True))
    return [found.get(i, Fraction(0)) for i in range(weights.size)]


def eigenvalues_below(conductances: np.ndarray, weights: np.ndarray, bound: Fraction) -> int:
    """Number of rates below a bound, which is the number of negative pivots (Sylvester)."""
    matrix = laplacian(conductances)
    n = weights.size
    for i in range(n):
        matrix[i][i] -= bound * Fraction(float(weights[i]))
    negative = 0
    for pivot in range(n):
        value = matrix[pivot][pivot]
        assert value != 0
        negative += value < 0
        for i in range(pivot + 1, n):
            factor = matrix[i][pivot] / value
            if factor:
                matrix[i] = [a - factor * b for a, b in zip(matrix[i], matrix[pivot], strict=True)]
    return negative
