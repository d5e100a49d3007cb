r"""Two-time equations of coupled spherical components on a uniform grid, second order.

Component a has N spins on a sphere of its own, an energy H_a of covariance <H_a(s) H_b(s')> =
N f_ab(s.s'/N), and linear forces of the others, which need not be reciprocal:

    ds_a/dt = -mu_a s_a - dH_a/ds_a + sum_b K_ab s_b + xi_a,   <xi_a xi_b> = 2 T_a delta_ab.

Components with the same couplings have f_ab = f_aa; with couplings of their own f_ab = 0. From
random states, with C_ab(t,t') = s_a(t).s_b(t') / N, R_ab(t,t') the response of s_a to a field on
s_b, Sigma_ab = f''_ab(C_ab) R_ab and D_ab = f'_ab(C_ab), for t > t' and sums over c:

    dC_ab(t,t')/dt = -mu_a C_ab + K_ac C_cb + int_0^t Sigma_ac(t,s) C_cb(s,t') ds
                     + int_0^t' D_ac(t,s) R_bc(t',s) ds
    dR_ab(t,t')/dt = -mu_a R_ab + K_ac R_cb + int_t'^t Sigma_ac(t,s) R_cb(s,t') ds
    mu_a(t) = T_a + K_ac C_ca(t,t) + int_0^t [Sigma_ac C_ac + D_ac R_ac](t,s) ds
    E_a(t)  = -int_0^t D_ac(t,s) R_ac(t,s) ds,   R_ab(t+,t) = delta_ab

and dC_ab(t,t)/dt is the sum of both derivatives. For one component they are those of
:mod:`glasscore.dmft.uniform_grid`.

The grid that scales with time does not serve non-reciprocal forces: they turn C with a fixed
frequency for ever, also at t - t' of the order of t, where that grid has no points to follow it.

Source: for forces without an energy, Cugliandolo, Kurchan, Le Doussal and Peliti, Phys. Rev. Lett.
78, 350 (1997).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from glasscore.common.errors import CampaignError
from glasscore.models.covariance import Covariance, Values

ITERATIONS, CONVERGED = 60, 1e-13


class Solution(NamedTuple):
    """Two-time functions of n components on the grid t_i = i h, i = 0..steps.

    Attributes
    ----------
    time
        t, shape (steps + 1,).
    energy, multiplier
        E_a(t) and mu_a(t), shape (steps + 1, n).
    correlation, response
        C_ab(t_i, t_j) for all i and j, and R_ab(t_i, t_j), zero for j > i;
        shape (steps + 1, steps + 1, n, n).
    """

    time: Values
    energy: Values
    multiplier: Values
    correlation: Values
    response: Values


def solve(
    covariances: Sequence[Sequence[Covariance | None]],
    forces: Values,
    T: Values,
    t_max: float,
    steps: int,
) -> Solution:
    """Solve the equations of this module by the trapezoid rule, each row to convergence.

    Parameters
    ----------
    covariances
        f_ab, n rows of n; None where couplings are independent. Symmetric.
    forces
        K, shape (n, n).
    T
        Temperatures T_a, shape (n,).
    t_max
        Last time, in units of the Langevin time.
    steps
        Number of steps; cost ``steps**3``, memory ``steps**2``.

    Raises
    ------
    CampaignError
        If shapes do not fit, covariances are not symmetric or lack a diagonal, values are not
        finite, a temperature is negative, or a row does not converge, for too large a step.
    """
    forces, temperatures = np.asarray(forces, float), np.asarray(T, float)
    _check(covariances, forces, temperatures)
    n, step = len(covariances), t_max / steps
    correlation, response = (np.zeros((steps + 1, steps + 1, n, n)) for _ in range(2))
    energy, multiplier = np.zeros((steps + 1, n)), np.zeros((steps + 1, n))
    correlation[0, 0] = response[0, 0] = np.eye(n)
    equations = _Equations(covariances, forces, temperatures, step, correlation, response)
    before = equations.slopes(0)
    energy[0], multiplier[0] = before[:2]
    for row in range(1, steps + 1):
        _guess(correlation, response, row)
        for _ in range(ITERATIONS):
            now = equations.slopes(row)
            change = _corrected(correlation, response, row, step, before, now)
            if not change < 1e3 or change < CONVERGED:
                break
        if not change < CONVERGED:
            raise CampaignError(
                f"steps = {steps} to t_max = {t_max:g} are too few: the row at t = {row * step:g} "
                "does not converge; give more steps."
            )
        before = equations.slopes(row)
        energy[row], multiplier[row] = before[:2]
    time = np.linspace(0.0, t_max, steps + 1)
    return Solution(time, energy, multiplier, correlation, response)


class _Slopes(NamedTuple):
    """E, mu, and the derivatives of C and R of a row: (n,), (n,), twice (row + 1, n, n)."""

    energy: Values
    multiplier: Values
    correlation: Values
    response: Values


class _Equations(NamedTuple):
    covariances: Sequence[Sequence[Covariance | None]]
    forces: Values
    temperatures: Values
    step: float
    correlation: Values
    response: Values

    def slopes(self, row: int) -> _Slopes:
        """The right-hand sides at t = t_row for all t' of the grid up to t."""
        C, R = self.correlation[: row + 1, : row + 1], self.response[: row + 1, : row + 1]
        weight = np.full(row + 1, self.step if row > 0 else 0.0)
        weight[[0, -1]] /= 2
        stiffness, pull = self._kernels(C[row])
        memory = stiffness * R[row]
        ended, started = weight[:, None, None] * memory, self.step * memory
        of_c = np.einsum("sac,skcb->kab", ended, C, optimize=True)
        # of an integral that ends, or begins, at t' one point more counts half
        whole = self.step * pull
        whole[0] /= 2
        of_d = np.einsum("sac,ksbc->kab", whole, R, optimize=True)
        of_d -= np.einsum("kac,kbc->kab", whole, R[range(row + 1), range(row + 1)]) / 2
        of_d[0] = 0.0
        started[-1] /= 2
        of_r = np.einsum("sac,skcb->kab", started, R, optimize=True) - started / 2
        of_r[-1] = 0.0
        energy = -np.einsum("s,sac,sac->a", weight, pull, R[row])
        at_once = np.einsum("ac,ca->a", self.forces, C[row, row])
        inner = np.einsum("s,sac,sac->a", weight, memory, C[row])
        multiplier = self.temperatures + at_once + inner - energy
        drift = self.forces - np.diag(multiplier)
        return _Slopes(energy, multiplier, drift @ C[row] + of_c + of_d, drift @ R[row] + of_r)

    def _kernels(self, overlap: Values) -> tuple[Values, Values]:
        """The derivatives f'' and f' between all components at the overlaps of a row."""
        stiffness, pull = np.zeros(overlap.shape), np.zeros(overlap.shape)
        for a, others in enumerate(self.covariances):
            for b, model in enumerate(others):
                if model is not None:
                    stiffness[:, a, b] = model.second_derivative(overlap[:, a, b])
                    pull[:, a, b] = model.first_derivative(overlap[:, a, b])
        return stiffness, pull


def _guess(correlation: Values, response: Values, row: int) -> None:
    correlation[row, :row] = correlation[row - 1, :row]
    correlation[row, row] = correlation[row - 1, row - 1]
    correlation[:row, row] = correlation[row, :row].swapaxes(1, 2)
    response[row, :row] = response[row - 1, :row]
    response[row, row] = np.eye(response.shape[-1])


def _corrected(
    correlation: Values, response: Values, row: int, step: float, before: _Slopes, now: _Slopes
) -> float:
    """Bring a row closer to the trapezoid rule; by how much it changed."""
    old = correlation[row, : row + 1].copy(), response[row, :row].copy()
    # the multiplier's term is taken implicitly: the rest contracts faster
    implicit = 0.5 * step * now.multiplier[:, None]
    for functions, name in ((correlation, "correlation"), (response, "response")):
        slope, last = getattr(now, name)[:row], getattr(before, name)
        known = functions[row - 1, :row] + 0.5 * step * (last + slope)
        functions[row, :row] = (known + implicit * functions[row, :row]) / (1 + implicit)
    # one time: both arguments move
    ends = [slopes.correlation[-1] + slopes.correlation[-1].T for slopes in (before, now)]
    same_time = correlation[row - 1, row - 1] + 0.5 * step * (ends[0] + ends[1])
    np.fill_diagonal(same_time, 1.0)
    correlation[row, row] = same_time
    correlation[:row, row] = correlation[row, :row].swapaxes(1, 2)
    changes = (
        np.abs(correlation[row, : row + 1] - old[0]).max(),
        np.abs(response[row, :row] - old[1]).max(),
    )
    return float(max(changes))


def _same(one: Covariance | None, other: Covariance | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(np.array_equal(*parts) for parts in zip(one, other, strict=True))


def _check(
    covariances: Sequence[Sequence[Covariance | None]], forces: Values, temperatures: Values
) -> None:
    n = len(covariances)
    if any(len(others) != n for others in covariances):
        raise CampaignError("covariances must be n rows of n, one row for each component.")
    for a in range(n):
        if covariances[a][a] is None:
            raise CampaignError(f"covariances lack that of component {a} with itself.")
        for b in range(a):
            if not _same(covariances[a][b], covariances[b][a]):
                raise CampaignError(f"covariances of components {a} and {b} must be symmetric.")
    if forces.shape != (n, n) or not np.isfinite(forces).all():
        raise CampaignError(f"forces must be {n} rows of {n} finite numbers.")
    if temperatures.shape != (n,) or not np.all((temperatures >= 0) & (temperatures < np.inf)):
        raise CampaignError(f"T must be {n} finite temperatures >= 0.")
