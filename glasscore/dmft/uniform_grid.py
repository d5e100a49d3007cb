r"""Two-time equations of the spherical mixed p-spin model on a uniform grid, second order.

Langevin dynamics ds/dt = -mu s - dH/ds + xi, <xi xi> = 2T, from a Boltzmann state of temperature
T_0 (infinite: a random state). With memory kernel Sigma = f''(C) R and D = f'(C), for t > t':

    dC(t,t')/dt = -mu(t) C(t,t') + int_0^t Sigma(t,s) C(s,t') ds + int_0^t' D(t,s) R(t',s) ds
                  + D(t,0) C(t',0) / T_0 + h(t) m(t')
    dR(t,t')/dt = -mu(t) R(t,t') + int_t'^t Sigma(t,s) R(s,t') ds,   C(t,t) = R(t+,t) = 1
    m(t)  = int_0^t R(t,s) h(s) ds
    mu(t) = T + int_0^t [f''(C) C + f'(C)] R ds + f'(C(t,0)) C(t,0) / T_0 + h(t) m(t)
    E(t)  = -int_0^t f'(C) R ds - f(C(t,0)) / T_0 - h(t) m(t)

The field adds -h(t) sum_i g_i s_i to the energy, with sum_i g_i^2 = N: uniform, g_i = 1, or random,
which is the same, because couplings and start have no preferred direction. The magnetisation is
m = sum_i g_i s_i / N. If g_i is Gaussian, the field is one more Gaussian force on a spin, of
covariance h(t) h(s): wherever D stands as the covariance of forces it gains that, whence h(t) m(t')
in the equation of C. The start is the state without field, and enters forces by D(t,0) alone. R and
its integrals answer to a further small field whose direction is independent of g.

Slow and simple, an independent reference for :mod:`glasscore.dmft.quench`.

The start enters through f(q) coupled to the initial state, so it is exact wherever the Boltzmann
state is replica symmetric: T_0 above the static transition.

Source: Cugliandolo and Kurchan, Phys. Rev. Lett. 71, 173 (1993); with a Boltzmann start: Barrat,
Burioni and Mezard, J. Phys. A 29, L81 (1996).
"""

from typing import NamedTuple

import numpy as np

from glasscore.kernels.compilation import kernel, kernels_running
from glasscore.models.covariance import Covariance, Values, covariance_at, derivatives_at

ITERATIONS = 60
CONVERGED = 1e-13


class Solution(NamedTuple):
    """Two-time functions on the grid t_n = n h, n = 0..steps.

    Attributes
    ----------
    time, energy, multiplier, magnetisation
        t, E(t), mu(t) and m(t), shape (steps + 1,).
    correlation, response
        C(t_n, t_k) and R(t_n, t_k), k <= n, rows one after another: shape
        ((steps + 1)(steps + 2) / 2,); read a row with :func:`row`.
    """

    time: Values
    energy: Values
    multiplier: Values
    magnetisation: Values
    correlation: Values
    response: Values


def row(triangle: Values, index: int) -> Values:
    """One row of a packed lower triangle: the values at t_0..t_index (a view)."""
    start = index * (index + 1) // 2
    return triangle[start : start + index + 1]


def memory(steps: int) -> int:
    """Bytes held by a solution of that many steps."""
    return 8 * ((steps + 1) * (steps + 2) + 4 * (steps + 1))


def solve(
    model: Covariance,
    T: float | Values,
    T_initial: float,
    t_max: float,
    steps: int,
    field: float | Values = 0.0,
) -> Solution:
    """Solve the two-time equations of this module on a uniform grid.

    Trapezoid rule in time and in the memory integrals; each row is iterated to convergence, so
    that the error has an expansion in even powers of h. Cost ``steps**3``, memory ``steps**2``.

    Parameters
    ----------
    model
        The energy covariance f.
    T
        Temperature of the noise, >= 0, in units of energy: one, or one for each time,
        shape (steps + 1,).
    T_initial
        Temperature of the initial Boltzmann state, or infinity.
    t_max
        Last time, in units of the Langevin time.
    steps
        Number of steps; h = t_max / steps.
    field
        Strength of the field: one, or one for each time, shape (steps + 1,).

    Returns
    -------
    Solution
        From the first row whose iteration fails to converge (h too large) on, all values are NaN.
    """
    size = (steps + 1) * (steps + 2) // 2
    correlation, response = np.empty(size), np.empty(size)
    energy, multiplier, magnetisation = (np.empty(steps + 1) for _ in range(3))
    step = t_max / steps
    time = np.arange(steps + 1, dtype=np.float64) * step
    temperatures = np.array(np.broadcast_to(np.asarray(T, dtype=np.float64), steps + 1))
    fields = np.array(np.broadcast_to(np.asarray(field, dtype=np.float64), steps + 1))
    with kernels_running():
        reached = _integrate(
            model, temperatures, fields, 1.0 / T_initial, step, correlation, response, energy,
            multiplier, magnetisation,
        )  # fmt: skip
    if reached < steps:
        unknown = (reached + 1) * (reached + 2) // 2
        correlation[unknown:] = response[unknown:] = np.nan
        for values in (energy, multiplier, magnetisation):
            values[reached + 1 :] = np.nan
    return Solution(time, energy, multiplier, magnetisation, correlation, response)


@kernel
def _integrate(
    model, temperatures, fields, inverse_initial, h, correlation, response, energy, multiplier,
    magnetisation,
):  # fmt: skip
    steps = energy.size - 1
    kernels = np.empty((2, steps + 1))
    integrals = np.empty((3, steps + 1))
    slopes = np.empty((2, steps + 1))
    # what is left of a change after the next iteration, at most
    _, stiffness = derivatives_at(model, 1.0)
    rate = np.max(temperatures) + np.max(np.abs(fields)) + 2.0 * np.sqrt(stiffness)
    contraction = min(1.0, h * rate)
    correlation[0] = response[0] = 1.0
    energy[0], multiplier[0] = _right_hand_side(
        model, temperatures[0], fields, inverse_initial, h, correlation, response, magnetisation, 0,
        kernels, integrals, slopes,
    )  # fmt: skip
    previous = np.empty((2, steps + 1))
    for n in range(1, steps + 1):
        start = n * (n + 1) // 2
        last = start - n
        _predict(correlation, n)
        _predict(response, n)
        previous[:, :n] = slopes[:, :n]
        before = multiplier[n - 1]
        multiplier[n] = before
        for _ in range(ITERATIONS):
            energy[n], multiplier[n] = _right_hand_side(
                model, temperatures[n], fields, inverse_initial, h, correlation, response,
                magnetisation, n, kernels, integrals, slopes,
            )  # fmt: skip
            damping = 1.0 / (1.0 + 0.5 * h * multiplier[n])
            change = 0.0
            for k in range(n):
                # the multiplier's term is taken implicitly: the rest contracts faster
                old_c = correlation[start + k]
                old_r = response[start + k]
                rest_c = slopes[0, k] + multiplier[n] * old_c
                rest_r = slopes[1, k] + multiplier[n] * old_r
                new_c = damping * (correlation[last + k] + 0.5 * h * (previous[0, k] + rest_c))
                new_r = damping * (response[last + k] + 0.5 * h * (previous[1, k] + rest_r))
                correlation[start + k] = new_c
                response[start + k] = new_r
                change = max(change, abs(new_c - old_c), abs(new_r - old_r))
            if not change < 1e3:
                return n - 1
            if contraction * change < CONVERGED:
                break
        else:
            return n - 1
    return steps


@kernel
def _predict(triangle, n):
    """Extrapolate row n from the rows before, along fixed t' if that is old, else fixed lag."""
    start = n * (n + 1) // 2
    first, second, third, fourth = (
        start - n,
        start - 2 * n + 1,
        start - 3 * n + 3,
        start - 4 * n + 6,
    )
    triangle[start + n] = 1.0
    for k in range(n):
        if 2 * k < n - 3:
            triangle[start + k] = (
                4.0 * (triangle[first + k] + triangle[third + k])
                - 6.0 * triangle[second + k]
                - triangle[fourth + k]
            )
        elif k >= 4:
            triangle[start + k] = (
                4.0 * (triangle[first + k - 1] + triangle[third + k - 3])
                - 6.0 * triangle[second + k - 2]
                - triangle[fourth + k - 4]
            )
        else:
            triangle[start + k] = triangle[first + k]


@kernel
def _right_hand_side(
    model, T, fields, inverse_initial, h, correlation, response, magnetisation, n, kernels,
    integrals, slopes,
):  # fmt: skip
    """Time derivatives of row n into ``slopes``, m too; returns energy and multiplier."""
    start = n * (n + 1) // 2
    force, self_energy = kernels[0], kernels[1]
    energy = 0.0
    multiplier = 0.0
    moment = 0.0
    for k in range(n + 1):
        c, r = correlation[start + k], response[start + k]
        first, second = derivatives_at(model, c)
        weight = h * (0.5 if k == 0 or k == n else 1.0) if n > 0 else 0.0
        energy -= weight * first * r
        multiplier += weight * (second * c + first) * r
        moment += weight * fields[k] * r
        force[k] = h * first
        self_energy[k] = h * second * r
    start_force = force[0] / h * inverse_initial
    energy -= covariance_at(model, correlation[start]) * inverse_initial
    multiplier += T + start_force * correlation[start]
    magnetisation[n] = moment
    energy -= fields[n] * moment
    multiplier += fields[n] * moment
    half_force, half_self_energy = 0.5 * force[0], 0.5 * self_energy[0]
    self_energy[n] *= 0.5
    force[0] = half_force
    _memory_integrals(correlation, response, n, force, self_energy, integrals)
    for k in range(n):
        in_column = correlation[k * (k + 1) // 2]
        from_c = integrals[0, k] - half_self_energy * in_column
        from_d = integrals[1, k] - 0.5 * force[k] if k > 0 else 0.0
        slopes[0, k] = (
            from_c + from_d + start_force * in_column + fields[n] * magnetisation[k]
            - multiplier * correlation[start + k]
        )  # fmt: skip
        from_r = integrals[2, k] - 0.5 * self_energy[k]
        slopes[1, k] = from_r - multiplier * response[start + k]
    # t' = t: what the definition of the multiplier makes of the equations
    slopes[0, n] = -T
    slopes[1, n] = -multiplier
    return energy, multiplier


@kernel
def _memory_integrals(correlation, response, n, force, self_energy, integrals):
    """Sums over s <= n of Sigma_s C(s,k), of D_s R(k,s) and of Sigma_s R(s,k), for k <= n.

    One sweep through the triangles serves all three: row s adds to the columns k < s, and its
    scalar products with the kernels add to column s. Eight partial sums keep the order of the
    additions, hence the last bits, the same on every machine.
    """
    with_c, with_d, with_r = integrals[0], integrals[1], integrals[2]
    with_c[: n + 1] = 0.0
    with_r[: n + 1] = 0.0
    for s in range(n + 1):
        start = s * (s + 1) // 2
        c = correlation[start : start + s]
        r = response[start : start + s]
        weight = self_energy[s]
        for k in range(s):
            with_c[k] += weight * c[k]
        for k in range(s):
            with_r[k] += weight * r[k]
        with_c[s] = weight + _dot(self_energy, c)
        with_r[s] = weight
        with_d[s] = force[s] + _dot(force, r)


@kernel
def _dot(left, right):
    a = b = c = d = e = f = g = h = 0.0
    whole = right.size - right.size % 8
    for k in range(0, whole, 8):
        a += left[k] * right[k]
        b += left[k + 1] * right[k + 1]
        c += left[k + 2] * right[k + 2]
        d += left[k + 3] * right[k + 3]
        e += left[k + 4] * right[k + 4]
        f += left[k + 5] * right[k + 5]
        g += left[k + 6] * right[k + 6]
        h += left[k + 7] * right[k + 7]
    for k in range(whole, right.size):
        a += left[k] * right[k]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))
