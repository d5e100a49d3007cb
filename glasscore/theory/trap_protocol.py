r"""Energy of Bouchaud's trap model with infinitely many traps whose temperature changes in time.

At a change of temperature the occupied trap stays the same, and all exit rates change from
exp(E / T) to exp(E / T'). With the probability p(v) of a trap of depth v = -E / T_c at the time 0
of the change, the rates u = exp(-v / x) from then on, and the density exp(-v) of the depths,

.. math:: \hat p(v, s) = \frac{p(v)}{s + u}
          + \frac{e^{-v}}{s + u} \frac{a(s)}{s I(s)}, \qquad
          a(s) = \int_0^\infty \frac{u \, p(v)}{s + u} dv, \quad
          I(s) = \int_0^\infty \frac{e^{-v}}{s + u} dv

(renewal at every jump; derivation). The transform is inverted along the contour of
:mod:`glasscore.theory.trap_model`, at a fixed rule of depths for all temperatures, so that any
number of changes follow one another.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glasscore.theory.arguments import not_negative
from glasscore.theory.trap_model import NEGLIGIBLE, check_ratio, contour, unit_panel

Array = NDArray[np.float64]


def energy(
    time: ArrayLike, changes: Sequence[tuple[float, float]], critical_temperature: float = 1.0
) -> Array:
    """Mean energy at any time after a quench from infinite temperature.

    Parameters
    ----------
    time
        Attempts since the quench, any shape, zero included.
    changes
        Times in rising order, the first of them 0, each with the value of T / T_c from then on.
    critical_temperature
        T_c, the unit of energy.

    Returns
    -------
    ndarray
        Energies of the shape of ``time``. Error below 1e-11 T_c max(1, ln t) for each change.

    Raises
    ------
    ValueError
        If a ratio is not positive, a time is negative or infinite, or times do not rise from 0.
    """
    times = not_negative(time, "time")
    begins = np.array([begin for begin, _ in changes])
    if begins[0] != 0 or np.any(np.diff(begins) <= 0):
        raise ValueError(f"times of changes must rise from 0, got {begins.tolist()}")
    for _, x in changes:
        check_ratio(x)
    depth, density = _depths([x for _, x in changes], max(begins[-1], times.max(initial=1.0)))
    result = np.full(times.shape, -critical_temperature)
    occupied = density
    for number, (begin, x) in enumerate(changes):
        end = begins[number + 1] if number + 1 < len(changes) else np.inf
        for index in np.ndindex(times.shape):
            if begin < times[index] <= end:
                at_time = _after(occupied, float(times[index]) - begin, depth, density, x)
                result[index] = -critical_temperature * (at_time @ depth)
        if end < np.inf:
            occupied = _after(occupied, end - begin, depth, density, x)
    return result


def _after(occupied: Array, duration: float, depth: Array, density: Array, x: float) -> Array:
    """The probabilities of all depths after a time at one temperature."""
    points, weights = contour()
    s = points[:, np.newaxis] / duration
    rates = np.exp(-depth / x)
    remain = 1.0 / (s + rates)
    arrivals = (occupied * rates * remain).sum(axis=1) / (density * remain).sum(axis=1)
    found = s * occupied * remain + density * remain * arrivals[:, np.newaxis]
    return (weights[:, np.newaxis] * found).real.sum(axis=0)


def _depths(ratios: Sequence[float], longest: float) -> tuple[Array, Array]:
    """Depths v and the weights of a rule for the integral of exp(-v) f(v).

    Panels are so short that the rate changes by a factor e at most in a panel, at each temperature.
    They end where no rate matters any more until the ``longest`` time; all deeper traps are one
    point at their mean depth.
    """
    smallest = np.abs(contour()[0]).min()
    end = max(ratios) * (NEGLIGIBLE + np.log(max(1.0, longest) / smallest))
    edges = np.linspace(0.0, end, int(np.ceil(end / min(1.0, *ratios))) + 1)
    nodes, weights = unit_panel()
    length = edges[1]
    depth = (edges[:-1, np.newaxis] + length * nodes).ravel()
    shares = np.tile(length * weights, edges.size - 1) * np.exp(-depth)
    return np.append(depth, end + 1.0), np.append(shares, np.exp(-end))
