r"""Statics of the Sherrington-Kirkpatrick model with k steps of replica-symmetry breaking.

In units of :mod:`glasscore.theory.sk`, with overlaps q_0 < ... < q_k and breaking points
0 = x_0 < x_1 < ... < x_k < x_{k+1} = 1, q(x) = q_j between x_j and x_{j+1}, Parisi's functional

.. math:: -\beta f = \frac{\beta^2}{4} \left[ 1 - 2 q_k + \int_0^1 q(x)^2 dx \right]
                     + \int Dz \, g_0(h + \sqrt{q_0} z)

    g_k(y) = \ln 2 \cosh \beta y, \qquad
    g_{j-1}(y) = \frac{1}{x_j} \ln \int Dz \, e^{x_j g_j(y + \sqrt{q_j - q_{j-1}} z)}

is minimised over all q_j and x_j. This is Parisi's solution with k steps: k = 0 is the
replica-symmetric one, and k = 1 has the ground-state energy -0.7653. Without a field q_0 > 0 at any
k too; it tends to 0 as k grows. The result is a lower bound of the free energy at any k, and
converges to it as k grows (Parisi's partial differential equation). At the minimum

.. math:: q_j = \int P_j(y) m_j(y)^2 dy, \qquad m_j = g_j' / \beta

where P_j is the law of the local field at level j. Near T = 1 and without a field

.. math:: f - f_k = \frac{2}{45} \frac{(1 - T)^5}{(2 k + 1)^4} [1 + O(1 - T)],

since q(x) = x / 2 up to x = 2 (1 - T), and a slope dx/dq = 2 that is replaced by a step of the
width w in q costs w^5 / 360 of beta f; there are k steps and half of one, below q_0, whose widths
add up to 1 - T. At any T the error falls as k^-4 for large k. All gradients are exact. The fields
are on a uniform grid, on which Gaussian convolutions converge exponentially.

References
----------
G. Parisi, J. Phys. A 13 (1980) L115 and 1101. F. Guerra, Commun. Math. Phys. 233 (2003) 1;
M. Talagrand, Ann. Math. 163 (2006) 221, for the bound and its limit. A. Crisanti and T. Rizzo,
Phys. Rev. E 65 (2002) 046137, for the ground state. A. Auffinger and W.-K. Chen, Commun. Math.
Phys. 335 (2015) 1429: the minimum is unique.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize, root
from scipy.special import softmax

from glasscore.common.errors import CampaignError
from glasscore.theory.sk import ReplicaSymmetric, replica_symmetric

Array = NDArray[np.float64]

LOWEST_TEMPERATURE = 0.03
"""Lowest temperature at which all powers exp(x beta |y|) are within the range of a double."""

LARGEST_FIELD = 5.0

WIDTHS = 8.5
"""Number of standard deviations at which Gaussians are cut off; a share of 2e-17 is left out."""

MARGIN = 9.5
"""Margin of the grid of fields around h: eight standard deviations, and the shift by the weight
exp(x g)."""

RESIDUAL = 1e-4
"""Largest |q_j - <m_j^2>| / (q_k - q_0) at which a minimum is accepted."""


class Breaking(NamedTuple):
    """The best k-step solution at one temperature and field.

    Attributes
    ----------
    overlaps
        q_0 .. q_k, shape (k + 1,).
    breaking_points
        x_1 .. x_k, shape (k,); there are none where replica symmetry holds.
    free_energy, energy, entropy
        Free energy, which is a lower bound at any k, energy and entropy per spin.
    susceptibility
        beta (1 - int q dx), which converges to 1 below the transition at h = 0 for k to infinity.
    replicon
        1 - beta^2 <sech^4 beta y>_k, which is negative and converges to 0 (marginal stability) for
        k to infinity.
    residual
        The largest |q_j - <m_j^2>|, which would be 0 at the exact minimum.
    """

    overlaps: Array
    breaking_points: Array
    free_energy: float
    energy: float
    entropy: float
    susceptibility: float
    replicon: float
    residual: float

    def overlap(self, x: ArrayLike) -> Array:
        """q(x), of the shape of x, which lies between 0 and 1."""
        return self.overlaps[np.searchsorted(self.breaking_points, x, side="right")]


def breaking(T: float, h: float = 0.0, steps: int = 8) -> Breaking:
    """Free energy, energy and q(x) with k steps of replica-symmetry breaking.

    Parameters
    ----------
    T
        Temperature in units of J, at least 0.03.
    h
        Field in units of J, from 0 to 5.
    steps
        The number k of steps, at least 1. Above the line of de Almeida and Thouless the solution
        has no step, whatever k is.

    Returns
    -------
    Breaking
        At T = 0.05 the energy for k = 8 differs from that for infinite k by 5e-6.

    Raises
    ------
    CampaignError
        If an argument is out of its range, or the minimum is not found.
    """
    return breakings(T, h, steps)[-1]


def breakings(T: float, h: float = 0.0, steps: int = 8) -> list[Breaking]:
    """The best solutions with 1 .. k steps, each of which is the first guess for the next one.

    Parameters and errors are those of :func:`breaking`. Where replica symmetry holds, all solutions
    are the same.
    """
    if not LOWEST_TEMPERATURE <= T < np.inf:
        raise CampaignError(
            f"T = {T:g} is out of range: Parisi's equation is solved from T = "
            f"{LOWEST_TEMPERATURE:g}."
        )
    if not 0 <= h <= LARGEST_FIELD:
        raise CampaignError(f"h = {h:g} is out of range: it must be from 0 to {LARGEST_FIELD:g}.")
    if steps != int(steps) or steps < 1:
        raise CampaignError(f"steps = {steps:g} must be a whole number, at least 1.")
    symmetric = replica_symmetric(T, h)
    if symmetric.replicon >= 0:
        return [_symmetric_solution(T, symmetric)] * int(steps)
    q, x = _first_guess(symmetric, h)
    found: list[Breaking] = []
    for k in range(1, int(steps) + 1):
        if k > 1:
            q, x = _guess_with_one_more_step(q, x, h)
        found.append(_minimise(T, h, q, x))
        q, x = found[-1].overlaps, found[-1].breaking_points
    return found


def _symmetric_solution(T: float, symmetric: ReplicaSymmetric) -> Breaking:
    return Breaking(
        overlaps=np.array([symmetric.overlap]),
        breaking_points=np.empty(0),
        free_energy=symmetric.energy - T * symmetric.entropy,
        energy=symmetric.energy,
        entropy=symmetric.entropy,
        susceptibility=symmetric.susceptibility,
        replicon=symmetric.replicon,
        residual=0.0,
    )


def _minimise(T: float, h: float, q: Array, x: Array) -> Breaking:
    """The solution at the minimum of the functional, starting from a guess."""
    residual = np.inf
    # If levels move so close together that the grid is too coarse, a second try uses a finer grid.
    for _ in range(2):
        functional = _Functional(T, h, q, x)
        # Trial levels may coincide. The functional is then not finite, and the trial is rejected.
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            q, x = functional.minimum(q, x)
            if not np.all(np.isfinite(q)):
                break
            value, *_, residual, replicon = functional(q, x)
        if functional.resolves(q):
            break
    if not (residual < RESIDUAL * (q[-1] - q[0]) and functional.resolves(q)):
        raise CampaignError(
            f"Parisi's functional at T = {T:g}, h = {h:g} has not reached its minimum with "
            f"{x.size} steps (overlaps are left {residual:.1e} from their averages): take fewer."
        )
    widths = np.diff(np.concatenate([[0.0], x, [1.0]]))
    free_energy = -T * value
    energy = -(1 - float(widths @ q**2)) / (2 * T) - h * functional.magnetisation
    return Breaking(
        q,
        x,
        free_energy,
        energy,
        (energy - free_energy) / T,
        (1 - float(widths @ q)) / T,
        replicon,
        residual,
    )


def ground_state_energy(steps: int = 8) -> float:
    """Energy at T = 0 and h = 0, extrapolated from T = 0.05.

    The entropy vanishes as 3 a T^2, so that f = e_0 - a T^3, e = e_0 + 2 a T^3, and
    e_0 = (2 f + e) / 3.

    Parameters
    ----------
    steps
        The number k of steps; infinitely many would give -0.7631667 (Crisanti and Rizzo 2002).

    Returns
    -------
    float
        e_0 per spin, 4e-6 too low at k = 8.

    Raises
    ------
    CampaignError
        As for :func:`breaking`.
    """
    found = breaking(0.05, 0.0, steps)
    return (2 * found.free_energy + found.energy) / 3


class _Convolution(NamedTuple):
    """How level j - 1 of the functional follows from level j, on the grid of fields.

    Attributes
    ----------
    gaussian
        Weights of the Gaussian with the variance q_j - q_(j-1).
    weight
        exp(x_j g_j), up to a factor.
    total
        Its average over the Gaussian.
    """

    gaussian: Array
    weight: Array
    total: Array


class _Functional:
    """Parisi's functional -beta f and its gradient, on a grid of fields."""

    def __init__(self, T: float, h: float, q: Array, x: Array) -> None:
        self.beta, self.h, self.steps = 1 / T, h, x.size
        finest = 0.6 * np.sqrt(np.min(np.diff(q, prepend=0.0)))
        # tanh(beta y) has poles at i pi T / 2: a spacing of T / 3 leaves an error of exp(-3 pi^2).
        self.spacing = max(min(T / 3, finest), T / 100)
        half = int(np.ceil((MARGIN * min(1.0, 1.2 * np.sqrt(q[-1])) + h) / self.spacing))
        self.fields = self.spacing * np.arange(-half, half + 1)
        self.magnetisation = 0.0

    def resolves(self, q: Array) -> bool:
        """Whether Gaussians between the levels are wide enough for the grid."""
        return bool(np.sqrt(np.min(np.diff(q, prepend=0.0))) > 1.2 * self.spacing)

    def minimum(self, q: Array, x: Array) -> tuple[Array, Array]:
        """The levels q and x at the minimum, from a guess."""
        start = np.concatenate([_logits(q), _logits(x)])
        scale = np.max(np.abs(self.of_logits(start)[1]))

        def scaled(logits: Array) -> tuple[float, Array]:
            value, gradient = self.of_logits(logits)
            return value / scale, gradient / scale

        if scale > 1e-9:  # otherwise the differences of values are lost in rounding
            start = minimize(scaled, start, jac=True, method="BFGS", options={"gtol": 1e-5}).x
        # Where the functional is flat, its minimum is found only as a root of the gradient.
        return self.levels(root(lambda logits: scaled(logits)[1], start, tol=1e-12).x)

    def levels(self, logits: Array) -> tuple[Array, Array]:
        """q_0 .. q_k and x_1 .. x_k, ascending between 0 and 1."""
        split = self.steps + 1
        q = np.cumsum(softmax(np.append(logits[:split], 0.0)))[:-1]
        x = np.cumsum(softmax(np.append(logits[split:], 0.0)))[:-1]
        return q, x

    def of_logits(self, logits: Array) -> tuple[float, Array]:
        """The value and its gradient by the logits of q and x."""
        q, x = self.levels(logits)
        if not (np.all(np.isfinite(q)) and np.all(np.isfinite(x))):
            return np.inf, np.full(logits.size, np.nan)
        value, by_q, by_x, *_ = self(q, x)
        by_logits = [_gradient_by_logits(q, by_q), _gradient_by_logits(x, by_x)]
        return value, np.concatenate(by_logits)

    def __call__(self, q: Array, x: Array) -> tuple[float, Array, Array, float, float]:
        """The value, its derivatives by q and x, the residual and the replicon."""
        beta, k = self.beta, self.steps
        g, m, convolutions = self._functions_of_levels(q, x)
        means, squares, law = self._averages_of_levels(q[0], g, m, convolutions)
        widths = np.diff(np.concatenate([[0.0], x, [1.0]]))
        value = 0.25 * beta**2 * (1 - 2 * q[k] + widths @ q**2) + means[0]
        off = q - np.array(squares)
        by_q = 0.5 * beta**2 * widths * off
        by_x = -0.25 * beta**2 * np.diff(q**2) + np.diff(means) / x
        replicon = 1 - beta**2 * float(law @ (1 - m[k] ** 2) ** 2)
        return float(value), by_q, by_x, float(np.max(np.abs(off))), replicon

    def _functions_of_levels(
        self, q: Array, x: Array
    ) -> tuple[list[Array], list[Array], list[_Convolution]]:
        """g_j and m_j of all levels, and how level j - 1 follows from level j, for j = 1 .. k."""
        beta, y, k = self.beta, self.fields, self.steps
        g = [np.empty(0)] * (k + 1)
        m = [np.empty(0)] * (k + 1)
        convolutions = []
        g[k], m[k] = np.logaddexp(beta * y, -beta * y), np.tanh(beta * y)
        for j in range(k, 0, -1):
            gaussian = self._gaussian(q[j] - q[j - 1], x[j - 1] * beta)
            reach = gaussian.size // 2
            beyond = beta * self.spacing * np.arange(1, reach + 1)
            outside = np.concatenate([g[j][0] + beyond[::-1], g[j], g[j][-1] + beyond])
            # The weights exp(x g) are summed without logarithms. Since all are positive, no digit
            # is lost at any field.
            shift = 0.5 * outside[-1]
            weight = np.exp(x[j - 1] * (outside - shift))
            magnetisation = np.pad(m[j], reach, mode="edge")
            total = np.convolve(weight, gaussian, "valid")
            g[j - 1] = np.log(total) / x[j - 1] + shift
            m[j - 1] = np.convolve(weight * magnetisation, gaussian, "valid") / total
            convolutions.append(_Convolution(gaussian, weight[reach : weight.size - reach], total))
        return g, m, convolutions[::-1]

    def _averages_of_levels(
        self, q_0: float, g: list[Array], m: list[Array], convolutions: list[_Convolution]
    ) -> tuple[list[float], list[float], Array]:
        """<g_j> and <m_j^2> over the law of the field at each level, and the law at level k."""
        y = self.fields
        law = np.exp(-0.5 * (y - self.h) ** 2 / q_0)
        law /= np.sum(law)
        means = [float(law @ g[0])]
        squares = [float(law @ m[0] ** 2)]
        self.magnetisation = float(law @ m[0])
        for j, (gaussian, weight, total) in enumerate(convolutions, start=1):
            law = weight * np.convolve(law / total, gaussian, "same")
            means.append(float(law @ g[j]))
            squares.append(float(law @ m[j] ** 2))
        return means, squares, law

    def _gaussian(self, variance: float, slope: float) -> Array:
        """Weights of a normal law on the grid, for integrands that grow as exp(slope |y|)."""
        reach = WIDTHS * np.sqrt(variance) + slope * variance
        half = max(1, min(int(np.ceil(reach / self.spacing)), self.fields.size // 2))
        z = self.spacing * np.arange(-half, half + 1)
        weights = np.exp(-0.5 * z * z / max(variance, 1e-300))
        return weights / np.sum(weights)


def _first_guess(symmetric: ReplicaSymmetric, h: float) -> tuple[Array, Array]:
    """A guess of one step around the symmetric solution, wider the more unstable this is."""
    q, away = symmetric.overlap, min(1.0, -symmetric.replicon)
    T = (1 - q) / symmetric.susceptibility
    if h == 0:
        # Near T = 1, where q(x) = x / 2, these are exact; at T = 0 it is q_0 = .48, x_1 = 1.36 T.
        return np.array([(1.5 - 0.5 * T) / 3 * q, q]), np.array([4 / 3 * min(T, q)])
    lowest = min(q * (1 - 0.5 * away**4), q - 0.4 * away * (1 - q))
    top = 1 - (1 - q) * (1 - 0.4 * away)
    x = 0.7 * min(T, q)
    x += (1 - away) * (0.45 - x)  # about its value on the line of de Almeida and Thouless
    return np.array([lowest, top]), np.array([x])


def _guess_with_one_more_step(q: Array, x: Array, h: float) -> tuple[Array, Array]:
    """A guess with one more step, whose levels lie on the same curve q(x)."""
    k = x.size
    # In a field q(x) begins at q_0. Without one it begins at 0, half a step below q_0.
    below = 0.0 if h > 0 else 0.5
    old = (np.arange(k + 2) - 0.5 + below) / (k + below)
    first = 0.0 if k == 1 or h == 0 else max(0.5 * x[0], x[0] - 0.5 * (x[1] - x[0]))
    last = 0.5 * (x[-1] + min(1.0, 2 * x[-1] - (x[-2] if k > 1 else 0.0)))
    old[0], old[-1] = 0.0, 1.0
    new = (np.arange(k + 1) + 0.5 + below) / (k + 1 + below)
    new_x = np.interp(new, old, np.concatenate([[first], x, [last]]))
    old = (np.arange(k + 1) + below) / (k + below)
    new = (np.arange(k + 2) + below) / (k + 1 + below)
    if h == 0:
        old, q = np.append(0.0, old), np.append(0.0, q)
    return np.interp(new, old, q), new_x


def _logits(levels: Array) -> Array:
    """Logarithms of the increments of levels, divided by the last increment, which leads to 1."""
    return np.log(np.diff(levels, prepend=0.0) / (1 - levels[-1]))


def _gradient_by_logits(levels: Array, gradient: Array) -> Array:
    """Gradient by the logits of ascending levels, from the gradient by the levels."""
    increments = np.diff(levels, prepend=0.0)
    by_increment = np.cumsum(gradient[::-1])[::-1]
    return increments * (by_increment - increments @ by_increment)
