"""Stationary Gaussian noise of a given correlation, exact on a grid of times."""

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from glasscore.dmft.single_site.interface import Array


def stationary(covariance: Array, white: Array) -> Array:
    r"""Gaussian noise with :math:`\langle \phi_m \phi_n \rangle = c_{|m - n|}`, exactly.

    The covariance is continued to a period of twice its length, c_0 .. c_n .. c_1, whose Fourier
    transform is positive where c is positive, decreasing and convex (Dietrich and Newsam, SIAM J.
    Sci. Comput. 18 (1997) 1088); its root shapes white noise.

    Parameters
    ----------
    covariance
        c_0 .. c_n, shape (n + 1,), n = :func:`length`.
    white
        Independent standard normal numbers, shape (2 n, series).

    Returns
    -------
    ndarray
        Shape (n + 1, series).
    """
    n = covariance.size - 1
    power = rfft(np.concatenate([covariance, covariance[-2:0:-1]])).real
    amplitude = np.sqrt(np.maximum(power, 0.0))
    return irfft(rfft(white, axis=0) * amplitude[:, None], n=2 * n, axis=0)[: n + 1]


def length(at_least: int) -> int:
    """The smallest n, not below a given number, for which Fourier transforms are fast."""
    return int(next_fast_len(at_least, real=True))
