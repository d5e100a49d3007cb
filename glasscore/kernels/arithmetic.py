"""Logarithm and exponential from additions, multiplications and one division.

Hot loops compute millions of logarithms of the energies of neighbours. These functions have no
branches and no tables, so that a compiler can turn a loop over neighbours into vector instructions.
And because IEEE arithmetic defines every bit of its results, they return the same last bit on every
machine, which library functions do not promise.
"""

import numpy as np

from glasscore.kernels.compilation import inlined_kernel

LN2 = 0.6931471805599453
# ln 2 = LN2_HIGH + LN2_LOW. The last 21 bits of LN2_HIGH are zero, so that its products with
# integers are exact.
LN2_HIGH = 0.6931471803691238
LN2_LOW = 1.9082149292705877e-10
SQRT_HALF_BITS = np.int64(0x3FE6A09E667F3BCD)
ONE_BITS = np.int64(0x3FF0000000000000)
MANTISSA_WIDTH = np.int64(52)
# The sum of a number and 1.5 * 2**52 has the nearest integer in the last bits of its mantissa.
ROUNDING = 6755399441055744.0
ROUNDING_BITS = np.int64(0x4338000000000000)


@inlined_kernel
def logarithm(x):
    """Natural logarithm of a normal positive double, to 1e-15 relative to max(1, |ln x|).

    With x = 2^n m and 1/sqrt 2 < m < sqrt 2: ln x = n ln 2 + 2 artanh(s), s = (m - 1)/(m + 1), and
    the series 2 artanh(s) = 2 s (1 + s^2/3 + s^4/5 + ...) is cut where s^2 < 0.0295 leaves 1e-17.
    """
    bits = np.float64(x).view(np.int64)
    n = (bits - SQRT_HALF_BITS) >> MANTISSA_WIDTH
    m = np.int64(bits - (n << MANTISSA_WIDTH)).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    series = 1.0 / 21.0
    series = series * z + 1.0 / 19.0
    series = series * z + 1.0 / 17.0
    series = series * z + 1.0 / 15.0
    series = series * z + 1.0 / 13.0
    series = series * z + 1.0 / 11.0
    series = series * z + 1.0 / 9.0
    series = series * z + 1.0 / 7.0
    series = series * z + 1.0 / 5.0
    series = series * z + 1.0 / 3.0
    power = np.float64(n)
    return power * LN2_HIGH + (2.0 * s + (2.0 * s * z * series + power * LN2_LOW))


@inlined_kernel
def exponential(x):
    """Exponential, to 1e-15 relative for |x| <= 700; beyond, its value at -700 or 700.

    With x = n ln 2 + r and |r| <= ln(2)/2: exp(x) = 2^n exp(r), and the Taylor series of exp(r) is
    cut after r^13, which leaves 5e-18.
    """
    x = min(max(x, -700.0), 700.0)
    shifted = x * (1.0 / LN2) + ROUNDING
    n = shifted - ROUNDING
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    series = 1.0 / 6227020800.0
    series = series * r + 1.0 / 479001600.0
    series = series * r + 1.0 / 39916800.0
    series = series * r + 1.0 / 3628800.0
    series = series * r + 1.0 / 362880.0
    series = series * r + 1.0 / 40320.0
    series = series * r + 1.0 / 5040.0
    series = series * r + 1.0 / 720.0
    series = series * r + 1.0 / 120.0
    series = series * r + 1.0 / 24.0
    series = series * r + 1.0 / 6.0
    series = series * r + 0.5
    series = series * r + 1.0
    series = series * r + 1.0
    n_bits = np.float64(shifted).view(np.int64) - ROUNDING_BITS
    return series * np.int64((n_bits << MANTISSA_WIDTH) + ONE_BITS).view(np.float64)
