r"""The stationary self-consistent single site, by iterating an ensemble of effective trajectories.

In equilibrium the response is G = -C'/T, and the process of one spin with retarded
self-interaction J^2 G and Gaussian noise of covariance J^2 C (besides its own at temperature T)
has, from an equilibrated start, the force

.. math:: \frac{J^2}{T} \left[ C(0) S(t) - \int_0^t C(t - t') \dot S(t') dt' \right] + \phi(t)

with noise :math:`\phi` independent of the start. One iteration

1. runs trajectories with the present C, with the same random numbers in each iteration,
2. takes their correlation, and from it the memory of the spin alone (``dyson_equation``),
3. solves Dyson's equation with that memory for the next C.

The memory hardly depends on C, so that few iterations are enough. This holds even at T_g, where an
iteration of C itself would suffer from the critical slowing down of the dynamics.

References
----------
H. Eissfeller and M. Opper, Phys. Rev. Lett. 68 (1992) 2094, for trajectories of a single site;
the iteration through the local memory is a derivation of this project.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import fftconvolve

from glasscore.common.errors import CampaignError
from glasscore.dmft.single_site import dyson_equation, noise
from glasscore.dmft.single_site.exponentials import fitted, in_time, positive
from glasscore.dmft.single_site.interface import (
    Array,
    Bath,
    Statics,
    Trajectories,
    kicks,
    trajectories,
)
from glasscore.dmft.single_site.trajectories import march
from glasscore.kernels.compilation import kernels_running

# Trajectories that are computed side by side.
TOGETHER = 16
# Duration of a trajectory, in units of the longest time lag.
DURATION = 4
TIMES_PER_DECADE = 12
# Fastest rate, and largest s, times the time step; slowest rate times the longest time lag.
FASTEST, SLOWEST = 3.0, 0.1
# Slowest rate of the local memory, times the lag at which C / C(0) has fallen to ENDED (or times
# the longest lag if it does not fall so far).
SLOWEST_MEMORY, ENDED = 2.0, 0.03
# Least error that a fit assumes for C / C(0), since the actual error vanishes at short times.
FLOOR = 1e-2


class Plan(NamedTuple):
    """How an ensemble is computed.

    Attributes
    ----------
    step, steps
        Time step and number of steps of a trajectory.
    lags
        Time lags, in steps, ascending from 0; shape (lags,).
    groups
        Trajectories in the ensemble, in groups of :data:`TOGETHER`.
    iterations
        Largest number of iterations.
    tolerance
        Largest change of C / C(0) that is accepted in the last iteration.
    """

    step: float
    steps: int
    lags: NDArray[np.int64]
    groups: int
    iterations: int
    tolerance: float

    @property
    def time(self) -> Array:
        """The time lags."""
        return np.asarray(self.step * self.lags, float)


class Ensemble(NamedTuple):
    """A converged ensemble.

    Attributes
    ----------
    bath, memory
        The self-consistent correlation and local memory as sums of exponentials.
    correlation
        C at the time lags at each iteration, from the first guess on;
        shape (iterations + 1, lags).
    change
        Largest change of C / C(0) at each iteration, shape (iterations,).
    sampled_correlation, sampled_response
        C and the integrated response as averages over new trajectories, shape (lags,).
    """

    bath: Bath
    memory: Bath
    correlation: Array
    change: Array
    sampled_correlation: Array
    sampled_response: Array


def plan(t_max: float, step: float, groups: int, iterations: int, tolerance: float) -> Plan:
    """The plan for time lags up to t_max that are uniform on a logarithmic axis."""
    longest = max(int(np.ceil(t_max / step)), 2)
    count = int(np.ceil(TIMES_PER_DECADE * np.log10(longest))) + 1
    lags = np.unique(np.rint(np.geomspace(1, longest, count)).astype(np.int64))
    steps = noise.length(DURATION * longest)
    return Plan(step, steps, np.concatenate([[0], lags]), groups, iterations, tolerance)


def solve(
    model: Any, at: Statics, plan: Plan, random: Callable[[int], np.random.Generator]
) -> Ensemble:
    """Iterate one ensemble to self-consistency.

    Parameters
    ----------
    model, at
        A model and its statics at a temperature not below T_g.
    plan
        Time step, lags, and the numbers of trajectories and iterations.
    random
        Returns the random generator of a group of trajectories by the number of the group. Each
        call must return a generator of the same random numbers. The first ``plan.groups`` groups
        serve the iterations; as many more serve the averages at the end.

    Raises
    ------
    CampaignError
        If C still changes by more than the tolerance after the last iteration.
    """
    longest, shortest = plan.time[-1], plan.time[1]
    memory = Bath(np.empty(0), np.empty(0))
    bath = dyson_equation.self_consistent(memory, at, shortest, longest)
    history, changes = [in_time(bath, plan.time)], []
    for _ in range(plan.iterations):
        sampled = _sampled(model, at, plan, random, bath)[0]
        memory = _memory(sampled, bath, at, plan)
        bath = dyson_equation.self_consistent(memory, at, shortest, longest)
        history.append(in_time(bath, plan.time))
        changes.append(np.abs(history[-1] - history[-2]).max() / at.second_moment)
        if changes[-1] <= plan.tolerance:
            break
    else:
        raise CampaignError(
            f"the single site at T = {at.T:.6g} did not converge: in iteration {len(changes)} "
            f"C / C(0) still changed by {changes[-1]:.2g}, more than the tolerance "
            f"{plan.tolerance:.2g}. More trajectories, more iterations or a larger tolerance help."
        )
    # The averages use other random numbers than those that the solution has been fitted to.
    sampled, response = _sampled(
        model, at, plan, lambda group: random(plan.groups + group), bath, with_response=True
    )
    return Ensemble(bath, memory, np.array(history), np.array(changes), sampled, response)


def _sampled(
    model: Any,
    at: Statics,
    plan: Plan,
    random: Callable[[int], np.random.Generator],
    bath: Bath,
    with_response: bool = False,
) -> tuple[Array, Array]:
    """Correlation, normalised to the exact C(0), and integrated response of trajectories in a bath.

    The correlation of a linear spin in the same bath is known exactly. Such a spin is moved by the
    same noise, and its correlation serves as a control variate, because most of the sampling error
    is common to both spins.
    """
    covariance = at.J**2 * in_time(bath, plan.step * np.arange(plan.steps + 1))
    products, of_linear = np.empty((2, plan.groups, plan.lags.size))
    response = np.zeros(plan.lags.size)
    force = plan.step * at.mobility * at.J**2 / at.T * bath.weight
    growth = np.exp(-at.mobility * at.stiffness * plan.step / 2)
    for group in range(plan.groups):
        generator = random(group)
        drawn = kicks(model, at, plan.step, (plan.steps, TOGETHER), generator)
        white = generator.standard_normal((2 * plan.steps, TOGETHER))
        field = noise.stationary(covariance, white)
        with kernels_running():
            found = trajectories(model, at, plan.step, drawn, field, bath)
            coloured = plan.step * at.mobility * field
            linear = march(drawn.start, found.innovations, coloured, force, bath.rate, growth, 0.0,
                           plan.step)  # fmt: skip
        products[group] = _autocorrelation(found.spins, plan.lags)
        of_linear[group] = _autocorrelation(linear, plan.lags)
        if with_response:
            response += _integrated_response(found, plan.lags) / plan.groups
    exact = dyson_equation.in_a_bath(bath, at, plan.time[1], plan.time[-1])
    correlation = _controlled(products, of_linear, in_time(exact, plan.time))
    return at.second_moment * correlation / correlation[0], response


def _controlled(values: Array, control: Array, exact: Array) -> Array:
    """Mean of values over groups, by regression on a control variate of known mean."""
    deviation = control - control.mean(axis=0)
    scale = np.sum(deviation**2, axis=0)
    covariance = np.sum(deviation * values, axis=0)
    slope = np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 0)
    return values.mean(axis=0) - slope * (control.mean(axis=0) - exact)


def _autocorrelation(spins: Array, lags: NDArray[np.int64]) -> Array:
    """Mean of S(t) S(t + lag) over times and trajectories, by Fourier transformation."""
    count = spins.shape[0]
    period = next_fast_len(count + int(lags[-1]), real=True)
    power = np.sum(np.abs(rfft(spins, period, axis=0)) ** 2, axis=1)
    return irfft(power, period)[lags] / ((count - lags) * spins.shape[1])


def _integrated_response(found: Trajectories, lags: NDArray[np.int64]) -> Array:
    """Response of a spin to a field switched on one lag before, from the scores of the steps."""
    steps, count = found.scores.shape
    products = fftconvolve(found.spins[1:], found.scores[::-1], axes=0)[steps - 1 :].sum(axis=1)
    response = products / (count * np.arange(steps, 0, -1))
    return np.concatenate([[0.0], np.cumsum(response)])[lags]


def _memory(sampled: Array, bath: Bath, at: Statics, plan: Plan) -> Bath:
    """The local memory that explains a sampled correlation, with positive weights."""
    fastest, density = FASTEST / plan.step, dyson_equation.RATES_PER_DECADE
    rate = dyson_equation.logarithmic(SLOWEST / plan.time[-1], fastest, density)
    # Correlations are normalised to the exact C(0), so that their errors vanish at short lags.
    error = np.sqrt(1 - np.minimum(sampled / sampled[0], 1) ** 2 + FLOOR**2)
    basis = np.exp(-np.outer(plan.time, rate))
    correlation = fitted(basis, sampled, 1 / error, at.second_moment, rate)
    # The local memory is made of products of three correlations, so it decays before one of them.
    normalised = in_time(bath, plan.time) / at.second_moment
    end = np.exp(np.interp(-ENDED, -normalised[1:], np.log(plan.time[1:])))
    s = dyson_equation.logarithmic(1 / end, fastest, density)
    values = dyson_equation.local_memory(correlation, bath, at, s)
    rate = dyson_equation.logarithmic(SLOWEST_MEMORY / end, fastest, density)
    # Small s, that is long times, are known less well.
    weight = np.sqrt(s / (s + at.decay))
    found = positive(weight[:, None] / np.add.outer(s, rate), weight * values)
    kept = found > 0
    return Bath(found[kept], rate[kept])
