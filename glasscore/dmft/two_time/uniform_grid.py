r"""Two-time equations of coupled spherical components on a uniform grid, second order.

Component a has N spins on a sphere of its own, an energy H_a of covariance <H_a(s) H_b(s')> =
N f_ab(s.s'/N), linear forces of the others, which need not be reciprocal, and a field h_a(t) along
a direction g that all components share, g.g = N:

    ds_a/dt = -mu_a s_a - dH_a/ds_a + sum_b K_ab s_b + h_a g + xi_a,   <xi_a xi_b> = 2 T_a delta_ab.

Components with the same couplings have f_ab = f_aa; components with independent couplings have
f_ab = 0. The initial state is a Boltzmann state of the energies H_a, without forces and field, with
temperatures T0_a; infinite T0_a means random states. Let C_ab(t,t') = s_a(t).s_b(t') / N, let
R_ab(t,t') be the response of s_a to a field on s_b, Sigma_ab = f''_ab(C_ab) R_ab and
D_ab = f'_ab(C_ab). Then, for t > t' and with sums over c,

    dC_ab(t,t')/dt = -mu_a C_ab + K_ac C_cb + int_0^t Sigma_ac(t,s) C_cb(s,t') ds
                     + int_0^t' D_ac(t,s) R_bc(t',s) ds + D_ac(t,0) C_bc(t',0) / T0_c
                     + h_a(t) m_b(t')
    dR_ab(t,t')/dt = -mu_a R_ab + K_ac R_cb + int_t'^t Sigma_ac(t,s) R_cb(s,t') ds
    m_a(t)  = int_0^t R_ac(t,s) h_c(s) ds
    mu_a(t) = T_a + K_ac C_ca(t,t) + int_0^t [Sigma_ac C_ac + D_ac R_ac](t,s) ds
              + D_ac(t,0) C_ac(t,0) / T0_c + h_a m_a
    E_a(t)  = -int_0^t D_ac(t,s) R_ac(t,s) ds - f_ac(C_ac(t,0)) / T0_c - h_a m_a

with C_aa(t,t) = 1 and R_ab(t+,t) = delta_ab; dC_ab(t,t)/dt is the sum of both derivatives.

The field may be uniform or random, which is the same, because couplings and start have no preferred
direction. If g_i is Gaussian, it is one more Gaussian force on a spin: wherever D stands as the
covariance of forces it gains h_a(t) h_c(s), whence h_a(t) m_b(t') in the equation of C. R and its
integrals describe the response to a further small field whose direction is independent of g. The
initial state enters through the overlaps with it, C(t,0). This is exact wherever the Boltzmann
state is replica symmetric, that is, for T0 above the static transition.

For one component this is an independent reference for :mod:`glasscore.dmft.quench`, slow and
simple. For several components there is no other solver. The grid that scales with time does not
serve non-reciprocal forces: they make C oscillate with a fixed frequency for ever, also at t - t'
of the order of t, where that grid is too coarse for such oscillations.

Source: Cugliandolo and Kurchan, Phys. Rev. Lett. 71, 173 (1993); with a Boltzmann start: Barrat,
Burioni and Mezard, J. Phys. A 29, L81 (1996); for forces without an energy: Cugliandolo, Kurchan,
Le Doussal and Peliti, Phys. Rev. Lett. 78, 350 (1997).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from glasscore.common.errors import CampaignError
from glasscore.kernels.compilation import inlined_kernel, kernel, kernels_running
from glasscore.models.covariance import Covariance, Values, covariance_at, derivatives_at

ITERATIONS = 60
CONVERGED = 1e-13
# The covariance f_ab of components with independent couplings.
NO_COVARIANCE = Covariance(np.array([2.0]), np.array([0.0]))


class Solution(NamedTuple):
    """Two-time functions of n components on the grid t_i = i h, i = 0..steps.

    The result of ``solve``, which is for one component, lacks the axes of components.

    Attributes
    ----------
    time
        t, shape (steps + 1,).
    energy, multiplier, magnetisation
        E_a(t), mu_a(t) and m_a(t), shape (n, steps + 1).
    correlation, response
        C_ab(t_i, t_k) and R_ab(t_i, t_k), k <= i, rows one after another: shape
        (n, n, (steps + 1)(steps + 2) / 2); read a row with :func:`row`.
    """

    time: Values
    energy: Values
    multiplier: Values
    magnetisation: Values
    correlation: Values
    response: Values


def row(triangle: Values, index: int) -> Values:
    """One row of packed lower triangles: the values at t_0..t_index (a view)."""
    start = index * (index + 1) // 2
    return triangle[..., start : start + index + 1]


def bytes_of_solution(steps: int, components: int = 1) -> int:
    """Bytes held by a solution of that many steps."""
    pairs = components**2
    return 8 * (pairs * (steps + 1) * (steps + 2) + (3 * components + 1) * (steps + 1))


def solve(
    model: Covariance,
    T: float | Values,
    T_initial: float,
    t_max: float,
    steps: int,
    field: float | Values = 0.0,
) -> Solution:
    """Solve the equations of one component.

    Parameters
    ----------
    model
        The energy covariance f.
    T
        Temperature of the noise, >= 0, in units of energy: one number, or one for each time, shape
        (steps + 1,).
    T_initial
        Temperature of the initial Boltzmann state, or infinity.
    t_max
        Last time, in units of the Langevin time.
    steps
        Number of steps; h = t_max / steps.
    field
        Strength of the field: one number, or one for each time, shape (steps + 1,).

    Returns
    -------
    Solution
        Without the axes of components.

    Raises
    ------
    CampaignError
        As in :func:`solve_components`.
    """
    forces, start = np.zeros((1, 1)), np.array([T_initial])
    temperatures, fields = np.atleast_2d(T), np.atleast_2d(field)
    found = solve_components([[model]], forces, temperatures, t_max, steps, start, fields)
    return Solution(
        found.time, found.energy[0], found.multiplier[0], found.magnetisation[0],
        found.correlation[0, 0], found.response[0, 0],
    )  # fmt: skip


def solve_components(
    covariances: Sequence[Sequence[Covariance | None]],
    forces: npt.ArrayLike,
    T: npt.ArrayLike,
    t_max: float,
    steps: int,
    T_initial: npt.ArrayLike = np.inf,
    field: npt.ArrayLike = 0.0,
) -> Solution:
    """Solve the equations of n components.

    The trapezoid rule is used in time and in the memory integrals. Each row is iterated to
    convergence, so that the error has an expansion in even powers of h. CPU time grows as
    ``n**3 steps**3``, memory as ``n**2 steps**2``.

    Parameters
    ----------
    covariances
        f_ab, symmetric, n rows of n; None where couplings are independent.
    forces
        K, shape (n, n).
    T
        Temperatures T_a: shape (n,), or (n, steps + 1) for one at each time.
    t_max
        Last time, in units of the Langevin time.
    steps
        Number of steps; h = t_max / steps.
    T_initial
        Temperatures T0_a of the initial Boltzmann state, or infinity; shape (n,) or one number.
    field
        Strength of the field h_a, in the shapes of T, or one number.

    Raises
    ------
    CampaignError
        If shapes do not fit, covariances are not symmetric or lack a diagonal, values are not
        finite, a temperature is negative, or a row does not converge because the step is too large.
    """
    n = len(covariances)
    K, temperatures = np.array(forces, float), np.array(T, float)
    fields, initial = np.array(field, float), np.array(T_initial, float)
    if not isinstance(steps, int | np.integer) or steps < 1:
        raise CampaignError(f"steps is {steps}, but must be a whole number of at least 1.")
    if not 0 < t_max < np.inf:
        raise CampaignError(f"t_max is {t_max:g}, but must be a finite time above 0.")
    _check(covariances, K, temperatures, fields, initial, steps)
    models = _in_one_array([one or NO_COVARIANCE for others in covariances for one in others], n)
    size, shape = (steps + 1) * (steps + 2) // 2, (n, steps + 1)
    correlation, response = np.zeros((n, n, size)), np.zeros((n, n, size))
    energy, multiplier, magnetisation = (np.empty(shape) for _ in range(3))
    step = t_max / steps
    driving = _Driving(
        K, _at_each_time(temperatures, shape), _at_each_time(fields, shape),
        1.0 / np.array(np.broadcast_to(initial, n)), step,
    )  # fmt: skip
    with kernels_running():
        reached = _integrate(
            models, driving, correlation, response, energy, multiplier, magnetisation
        )
    if reached < steps:
        raise CampaignError(
            f"steps = {steps} to t_max = {t_max:g} are too few: the row at "
            f"t = {(reached + 1) * step:g} does not converge; give more steps."
        )
    time = np.arange(steps + 1, dtype=np.float64) * step
    return Solution(time, energy, multiplier, magnetisation, correlation, response)


class _Driving(NamedTuple):
    """K (n, n), T_a and h_a at each time (n, steps + 1), 1 / T0_a (n,), and the step h."""

    forces: Values
    temperatures: Values
    fields: Values
    inverse_initial: Values
    step: float


class _Work(NamedTuple):
    """Arrays of the newest row.

    Attributes
    ----------
    force, self_energy
        h D_ab and h Sigma_ab, shape (n, n, steps + 1).
    integrals
        The memory integrals, shape (3, n, n, steps + 1).
    slope_c, slope_r
        dC_ab/dt and dR_ab/dt, shape (n, n, steps + 1).
    start_force, half_self_energy
        D_ab(t,0) / T0_b, and h Sigma_ab(t,0) / 2, shape (n, n).
    """

    force: Values
    self_energy: Values
    integrals: Values
    slope_c: Values
    slope_r: Values
    start_force: Values
    half_self_energy: Values


class _Covariances(NamedTuple):
    """Powers and weights of all f_ab, (n, n, terms). Kernels are compiled once for any n."""

    exponents: Values
    coefficients: Values


def _in_one_array(models: Sequence[Covariance], n: int) -> _Covariances:
    """All f_ab, those of few terms filled up with terms of weight zero."""
    terms = max(one.exponents.size for one in models)
    exponents = [np.resize(one.exponents, terms) for one in models]
    weights = [np.pad(one.coefficients, (0, terms - one.coefficients.size)) for one in models]
    shape = (n, n, terms)
    return _Covariances(np.reshape(exponents, shape), np.reshape(weights, shape))


@inlined_kernel
def _between(models, a, b):
    """f_ab."""
    return Covariance(models.exponents[a, b], models.coefficients[a, b])


def _at_each_time(values: Values, shape: tuple[int, int]) -> Values:
    if values.ndim == 1:
        values = values[:, None]
    return np.array(np.broadcast_to(values, shape))


@kernel
def _integrate(models, driving, correlation, response, energy, multiplier, magnetisation):
    """Iterate row after row to convergence; return the last row that converged."""
    n, times = energy.shape
    h = driving.step
    shape = (n, n, times)
    work = _Work(
        np.empty(shape), np.empty(shape), np.empty((3, n, n, times)), np.empty(shape),
        np.empty(shape), np.empty((n, n)), np.empty((n, n)),
    )  # fmt: skip
    contraction = min(1.0, h * _rate(models, driving))
    before_c, before_r = np.empty(shape), np.empty(shape)
    for i in range(times):
        if i == 0:
            for a in range(n):
                correlation[a, a, 0] = response[a, a, 0] = 1.0
            _right_hand_side(
                models, driving, correlation, response, energy, multiplier, magnetisation, i, work
            )
            continue
        for a in range(n):
            for b in range(n):
                _predict(correlation[a, b], i, 1.0 if a == b else correlation[a, b, _last(i - 1)])
                _predict(response[a, b], i, 1.0 if a == b else 0.0)
        for a in range(n):
            for b in range(n):
                for k in range(i):
                    before_c[a, b, k] = work.slope_c[a, b, k]
                    before_r[a, b, k] = work.slope_r[a, b, k]
        for _ in range(ITERATIONS):
            _right_hand_side(
                models, driving, correlation, response, energy, multiplier, magnetisation, i, work
            )
            change = _correct(correlation, response, before_c, before_r, multiplier, i, h, work)
            if not change < 1e3:
                return i - 1
            if contraction * change < CONVERGED:
                break
        else:
            return i - 1
    return times - 1


@kernel
def _rate(models, driving):
    """A bound on the rates of the equations; an iteration reduces a change by h times this rate."""
    n, stiffness = driving.forces.shape[0], 0.0
    for a in range(n):
        for b in range(n):
            stiffness = max(stiffness, derivatives_at(_between(models, a, b), 1.0)[1])
    linear = _largest(driving.temperatures) + _largest(driving.fields)
    return linear + _largest(driving.forces) * n + 2.0 * np.sqrt(stiffness * n)


@kernel
def _largest(matrix):
    """The largest absolute value in a matrix."""
    found = 0.0
    for row in range(matrix.shape[0]):
        for column in range(matrix.shape[1]):
            found = max(found, abs(matrix[row, column]))
    return found


@inlined_kernel
def _last(i):
    """Index of t' = t in row i of a packed triangle."""
    return i * (i + 1) // 2 + i


@kernel
def _predict(triangle, n, same_time):
    """Extrapolate row n from the rows before, at fixed t' if t' is old, else at fixed t - t'."""
    start = n * (n + 1) // 2
    first, second, third, fourth = (
        start - n,
        start - 2 * n + 1,
        start - 3 * n + 3,
        start - 4 * n + 6,
    )
    triangle[start + n] = same_time
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
def _correct(correlation, response, before_c, before_r, multiplier, i, h, work):
    """Bring row i closer to the solution of the trapezoid rule; return the largest change."""
    n, start = correlation.shape[0], i * (i + 1) // 2
    last, change = start - i, 0.0
    for a in range(n):
        mu = multiplier[a, i]
        damping = 1.0 / (1.0 + 0.5 * h * mu)
        for b in range(n):
            C, R = correlation[a, b], response[a, b]
            slope_c, slope_r = work.slope_c[a, b], work.slope_r[a, b]
            earlier_c, earlier_r = before_c[a, b], before_r[a, b]
            for k in range(i):
                # the term of the multiplier is taken implicitly, so that iterations converge faster
                old_c, old_r = C[start + k], R[start + k]
                rest_c = slope_c[k] + mu * old_c
                rest_r = slope_r[k] + mu * old_r
                new_c = damping * (C[last + k] + 0.5 * h * (earlier_c[k] + rest_c))
                new_r = damping * (R[last + k] + 0.5 * h * (earlier_r[k] + rest_r))
                C[start + k] = new_c
                R[start + k] = new_r
                change = max(change, abs(new_c - old_c), abs(new_r - old_r))
    for a in range(n):
        for b in range(a):
            # at equal times both arguments of C_ab change
            slope = before_c[a, b, i - 1] + before_c[b, a, i - 1]
            slope += work.slope_c[a, b, i] + work.slope_c[b, a, i]
            new_c = correlation[a, b, last + i - 1] + 0.5 * h * slope
            change = max(change, abs(new_c - correlation[a, b, start + i]))
            correlation[a, b, start + i] = correlation[b, a, start + i] = new_c
    return change


@kernel
def _right_hand_side(
    models, driving, correlation, response, energy, multiplier, magnetisation, i, work
):
    """Compute E, mu and m of row i, and write its time derivatives into ``work``."""
    n, h, start = energy.shape[0], driving.step, i * (i + 1) // 2
    for a in range(n):
        energy[a, i], multiplier[a, i], magnetisation[a, i] = 0.0, 0.0, 0.0
        for c in range(n):
            model, C, R = _between(models, a, c), correlation[a, c], response[a, c]
            force, self_energy = work.force[a, c], work.self_energy[a, c]
            for k in range(i + 1):
                first, second = derivatives_at(model, C[start + k])
                weight = h * (0.5 if k == 0 or k == i else 1.0) if i > 0 else 0.0
                energy[a, i] -= weight * first * R[start + k]
                pull = second * C[start + k] + first
                multiplier[a, i] += weight * pull * R[start + k]
                magnetisation[a, i] += weight * driving.fields[c, k] * R[start + k]
                force[k] = h * first
                self_energy[k] = h * second * R[start + k]
    for a in range(n):
        of_start, of_others = driving.temperatures[a, i], 0.0
        for c in range(n):
            b = driving.inverse_initial[c]
            C = correlation[a, c, start]
            energy[a, i] -= covariance_at(_between(models, a, c), C) * b
            of_start += work.force[a, c, 0] / h * b * C
            of_others += driving.forces[a, c] * correlation[c, a, start + i]
        multiplier[a, i] += of_start + of_others
        energy[a, i] -= driving.fields[a, i] * magnetisation[a, i]
        multiplier[a, i] += driving.fields[a, i] * magnetisation[a, i]
    for a in range(n):
        for b in range(n):
            work.start_force[a, b] = work.force[a, b, 0] / h * driving.inverse_initial[b]
            # the ends of the trapezoid rule count half
            work.half_self_energy[a, b] = 0.5 * work.self_energy[a, b, 0]
            work.self_energy[a, b, i] *= 0.5
            work.force[a, b, 0] *= 0.5
    for a in range(n):
        for b in range(n):
            for integral in range(3):
                for k in range(i + 1):
                    work.integrals[integral, a, b, k] = 0.0
            for c in range(n):
                _add_memory_integrals(correlation, response, a, b, c, i, work)
    for a in range(n):
        for b in range(n):
            _slopes(driving, correlation, response, multiplier, magnetisation, a, b, i, work)


@kernel
def _slopes(driving, correlation, response, multiplier, magnetisation, a, b, i, work):
    """Write dC_ab/dt and dR_ab/dt of row i into ``work``."""
    n, start, mu = multiplier.shape[0], i * (i + 1) // 2, multiplier[a, i]
    with_c, with_d = work.integrals[0, a, b], work.integrals[1, a, b]
    with_r, slope_c, slope_r = work.integrals[2, a, b], work.slope_c[a, b], work.slope_r[a, b]
    C, R = correlation[a, b], response[a, b]
    force, self_energy = work.force[a, b], work.self_energy[a, b]
    h_now, m = driving.fields[a, i], magnetisation[b]
    for k in range(i + 1):
        from_c, from_start, from_others_c, from_others_r = with_c[k], 0.0, 0.0, 0.0
        column = k * (k + 1) // 2
        for c in range(n):
            in_column = correlation[b, c, column]
            from_c -= work.half_self_energy[a, c] * in_column
            from_start += work.start_force[a, c] * in_column
            from_others_c += driving.forces[a, c] * correlation[c, b, start + k]
            from_others_r += driving.forces[a, c] * response[c, b, start + k]
        from_d = with_d[k] - 0.5 * force[k] if k > 0 else 0.0
        slope_c[k] = from_c + from_d + from_start + h_now * m[k] + from_others_c - mu * C[start + k]
        slope_r[k] = with_r[k] - 0.5 * self_energy[k] + from_others_r - mu * R[start + k]
    # at t' = t the derivatives follow from the definition of the multiplier
    if a == b:
        slope_c[i] = -driving.temperatures[a, i]
    slope_r[i] = driving.forces[a, b] - (mu if a == b else 0.0)


@kernel
def _add_memory_integrals(correlation, response, a, b, c, i, work):
    """Add one component's sums over s of Sigma_ac C_cb(s,k), D_ac R_bc(k,s), Sigma_ac R_cb(s,k).

    One sweep through the triangles serves all three: row s adds to the columns k < s, and its
    scalar products with the kernels add to column s. Eight partial sums keep the order of the
    additions, hence the last bits, the same on every machine.
    """
    force, self_energy = work.force[a, c], work.self_energy[a, c]
    with_c, with_d, with_r = (
        work.integrals[0, a, b],
        work.integrals[1, a, b],
        work.integrals[2, a, b],
    )
    same = 1.0 if b == c else 0.0
    for s in range(i + 1):
        start = s * (s + 1) // 2
        C = correlation[c, b, start : start + s]
        R = response[c, b, start : start + s]
        weight = self_energy[s]
        for k in range(s):
            with_c[k] += weight * C[k]
        for k in range(s):
            with_r[k] += weight * R[k]
        with_c[s] += weight * correlation[c, b, start + s] + _dot(
            self_energy, correlation[b, c, start : start + s]
        )
        with_r[s] += same * weight
        with_d[s] += same * force[s] + _dot(force, response[b, c, start : start + s])


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


def _same(one: Covariance | None, other: Covariance | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(np.array_equal(*parts) for parts in zip(one, other, strict=True))


def _check(
    covariances: Sequence[Sequence[Covariance | None]],
    forces: Values,
    temperatures: Values,
    fields: Values,
    initial: Values,
    steps: int,
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
    shapes = ((n,), (n, 1), (n, steps + 1))
    allowed = (temperatures >= 0) & (temperatures < np.inf)
    if temperatures.shape not in shapes or not allowed.all():
        raise CampaignError(f"T must be {n} finite temperatures >= 0.")
    if fields.shape not in ((), *shapes) or not np.isfinite(fields).all():
        raise CampaignError(f"field must be one finite number or {n} of them.")
    if initial.shape not in ((), (n,)) or not np.all(initial > 0):
        raise CampaignError(f"T_initial must be one temperature above 0 or {n} of them.")
