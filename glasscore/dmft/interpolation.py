"""How a two-time function is stored in a result file, and how to read it between its points.

A function of (t, t') is stored at chosen times t and at fractions x = t'/t that are uniform in
y = ln(x / (1 - x)). At fixed t this variable follows ln t' where t' is far from t, and -ln(t - t')
where t' is close to t, so that fast relaxation and aging are both resolved evenly on a logarithmic
axis. The ends 0 and 1 are included.
"""

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy.interpolate import CubicSpline, RectBivariateSpline
from scipy.special import expit, logit

from glasscore.models.covariance import Values

SPACING_OF_FILES = 0.2
LEAST_REACH = 12.0
# the shortest t' and t - t' that are resolved at the last time, in units of the microscopic time
SHORTEST_IN_FILES = 1e-3


def fractions(longest: float) -> Values:
    """The fractions t'/t of a file, ascending from 0 to 1.

    Parameters
    ----------
    longest
        The last time, in units of the microscopic time.
    """
    half = int(np.ceil(max(LEAST_REACH, np.log(longest / SHORTEST_IN_FILES)) / SPACING_OF_FILES))
    return np.concatenate([[0.0], expit(SPACING_OF_FILES * np.arange(-half, half + 1)), [1.0]])


def read_between(
    dataset: xr.Dataset, name: str, time: npt.ArrayLike, earlier: npt.ArrayLike
) -> Values:
    """C, R or chi at any (t, t') that the file covers, by quintic splines in ln t and y.

    Parameters
    ----------
    dataset
        Result with dimensions ``time`` and ``fraction``.
    name
        ``"correlation"``, ``"response"`` or ``"integrated_response"``.
    time, earlier
        t >= t' >= 0, broadcast against each other; t up to the file's last time.

    Returns
    -------
    ndarray
        Values of the broadcast shape; interpolation adds errors of a few 1e-6.

    Raises
    ------
    ValueError
        If a time lies beyond the file or t' outside [0, t].
    """
    late, early = np.broadcast_arrays(np.asarray(time, float), np.asarray(earlier, float))
    times, fraction = dataset.time.values, dataset.fraction.values
    if np.any(late > times[-1] * (1 + 1e-12)):
        raise ValueError(f"times must lie in [0, {times[-1]:g}]")
    if np.any(early < 0) or np.any(early > late):
        raise ValueError("the earlier time must lie between 0 and the later one")
    values = dataset[name].transpose("time", "fraction").values
    # The axis of the splines is linear in t up to the first times of the file, and in ln t later.
    crossover = times[1] / np.min(np.diff(np.log(times[1:])))
    grid, wanted_time = np.log1p(times / crossover), np.log1p(late / crossover)
    wanted = np.where(late > 0, early / np.where(late > 0, late, 1.0), 1.0)
    inner = RectBivariateSpline(
        grid, logit(fraction[1:-1]), values[:, 1:-1], kx=min(5, grid.size - 1), ky=5, s=0
    )
    clipped = np.clip(wanted, fraction[1], fraction[-2])
    result = inner(wanted_time, logit(clipped), grid=False)
    for end, neighbour, beyond in ((0, 1, wanted < fraction[1]), (-1, -2, wanted > fraction[-2])):
        at_end = CubicSpline(grid, values[:, end])(wanted_time)
        share = (wanted - fraction[end]) / (fraction[neighbour] - fraction[end])
        result = np.where(beyond, at_end + share * (result - at_end), result)
    return result
