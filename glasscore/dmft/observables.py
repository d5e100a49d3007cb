r"""Quantities that follow from two-time functions: integrated responses, FDT ratio, plateau.

A weak field h(s) causes the magnetisation M(t) = int_0^t R(t,s) h(s) ds, to first order in h.
If the field is switched on at t_w (zero-field-cooled), M = h chi(t,t_w), where
chi(t,t') = int_t'^t R(t,s) ds; if it is switched off at t_w (thermoremanent),
M = h [chi(t,0) - chi(t,t_w)].
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr

from glasscore.dmft.interpolation import read_between
from glasscore.dmft.protocol import Protocol
from glasscore.models.covariance import Values
from glasscore.models.ramps import SMOOTH_STEP

# Step in t' of the finite difference for dC/dt', relative to the shorter of t' and t - t'. At this
# distance the splines of fifth degree, from which C is read, are smooth.
DIFFERENCE = 0.02
# The slow part of a parametric plot, well below the plateau q: the range of C / q that is fitted.
SLOW_PART = (0.3, 0.8)
# nodes of Gauss's rule on a ramp of the field, a polynomial of ninth degree in ln t
NODES_OF_A_RAMP = 24


def integrated_response(
    dataset: xr.Dataset, time: npt.ArrayLike, waiting_time: npt.ArrayLike
) -> Values:
    """chi(t,t_w) = int_{t_w}^t R(t,s) ds: response to a field switched on at t_w.

    Parameters
    ----------
    dataset
        Result of the stage.
    time, waiting_time
        t >= t_w >= 0, broadcast against each other.
    """
    return read_between(dataset, "integrated_response", time, waiting_time)


def thermoremanent_response(
    dataset: xr.Dataset, time: npt.ArrayLike, waiting_time: npt.ArrayLike
) -> Values:
    """int_0^{t_w} R(t,s) ds: response to a field switched off at t_w; arguments as above."""
    whole = integrated_response(dataset, time, np.zeros_like(np.asarray(time, float)))
    return whole - integrated_response(dataset, time, waiting_time)


def linear_magnetisation(dataset: xr.Dataset, protocol: Protocol, time: npt.ArrayLike) -> Values:
    """m(t) = int R(t,s) h(s) ds = h(0) chi(t,0) + int chi(t,s) dh(s), to first order in h.

    Parameters
    ----------
    dataset
        Result of the stage without a field.
    protocol
        The field in the course of time.
    time
        Times up to the last of the result.
    """
    late = np.asarray(time, float)
    found = protocol.field * integrated_response(dataset, late, np.zeros_like(late))
    nodes, weights = np.polynomial.legendre.leggauss(NODES_OF_A_RAMP)
    before = protocol.field
    for ramp, (_, after) in zip(protocol.ramps, protocol.stages()[1:], strict=True):
        share = (nodes + 1) / 2
        when = ramp.begin * (ramp.end / ramp.begin) ** share
        # the part of the ramp that is over at the time t
        over = late[..., None] > when
        if after != before:
            change = (after - before) * weights / 2 * SMOOTH_STEP.deriv()(share)
            answer = integrated_response(dataset, np.maximum(late[..., None], when), when)
            found += np.sum(np.where(over, change * answer, 0.0), axis=-1)
        before = after
    return found


def inverse_effective_temperature(
    dataset: xr.Dataset, time: npt.ArrayLike, waiting_time: npt.ArrayLike
) -> Values:
    """R(t,t') / (dC(t,t')/dt') = X(t,t') / T, which is 1 / T in equilibrium.

    X is the fluctuation-dissipation ratio, T / X the effective temperature; at T = 0 X / T stays
    finite. dC/dt' is a central difference of fourth order, whose step is 2 % of the shorter of t'
    and t - t'. Its relative error is about 1e-7 C divided by the change of C within one step.

    Parameters
    ----------
    dataset
        Result of the stage.
    time, waiting_time
        t > t' > 0, broadcast against each other.
    """
    late, early = np.broadcast_arrays(np.asarray(time, float), np.asarray(waiting_time, float))
    step = DIFFERENCE * np.minimum(early, late - early)

    def moved(by: int) -> Values:
        return read_between(dataset, "correlation", late, early + by * step)

    slope = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * step)
    return read_between(dataset, "response", late, early) / slope


class Parametric(NamedTuple):
    """chi(t,t_w) against C(t,t_w) at a fixed waiting time t_w, for growing t.

    Attributes
    ----------
    lag
        t - t_w.
    correlation, response
        C(t,t_w) and chi(t,t_w).
    """

    lag: Values
    correlation: Values
    response: Values


def parametric(dataset: xr.Dataset, waiting_time: float, shortest: float = 1e-2) -> Parametric:
    """The parametric plot of one waiting time, from a lag ``shortest`` to the end of the run."""
    longest = float(dataset.time[-1]) - waiting_time
    lag = np.geomspace(min(shortest, longest / 10), longest, 200)
    late = waiting_time + lag
    return Parametric(
        lag,
        read_between(dataset, "correlation", late, waiting_time),
        integrated_response(dataset, late, waiting_time),
    )


class Break(NamedTuple):
    """The slow part of a parametric plot as a line, chi = (1 - q) / T + y (q - C).

    Attributes
    ----------
    plateau
        q, the C at which this line meets the line of equilibrium, chi = (1 - C) / T. At T = 0 it
        is 1.
    slope
        y = X / T of the slow part.
    """

    plateau: float
    slope: float


def broken_line(plot: Parametric, T: float, plateau: float) -> Break:
    """Fit a line to the slow part of a parametric plot; find where it meets that of equilibrium.

    Parameters
    ----------
    plot
        See :func:`parametric`.
    T
        Temperature of the noise.
    plateau
        A first guess of q. The line is fitted to the points with C between 0.3 and 0.8 of it.
    """
    low, high = SLOW_PART
    slow = (plot.correlation > low * plateau) & (plot.correlation < high * plateau)
    slope, offset = np.polyfit(plot.correlation[slow], plot.response[slow], 1)
    # The lines meet where offset + slope C = (1 - C) / T.
    meeting = 1.0 if T == 0 else (1 - T * offset) / (1 + T * slope)
    return Break(float(meeting), float(-slope))
