"""Standard normal variables from uniform words, with accurate tails on both sides."""

import math

import numpy as np

from glasscore.kernels.arithmetic import logarithm
from glasscore.kernels.compilation import inlined_kernel
from glasscore.kernels.hashing import uniform

SIGN = np.uint64(63)


@inlined_kernel
def normal(word, finer):
    """Standard normal variable from two uniform words, such as those of ``hashed_words``.

    Its sign is the last bit of the first word. Its absolute value is the quantile whose upper tail
    is half of the ``uniform`` number of the two words, so that both tails reach down to 2^-106.
    """
    size = upper_quantile(0.5 * uniform(word, finer))
    bits = np.float64(size).view(np.uint64) ^ (word << SIGN)
    return np.uint64(bits).view(np.float64)


@inlined_kernel
def normal_quantile(word):
    """Standard normal variable from a uniform 64-bit word, with which it increases.

    With u = (word + 1/2) / 2^64 the value is Phi^{-1}(u), to 1e-15 relative. It is computed in the
    lower tail, onto which the upper half of the words is reflected, so that no digits are lost.
    """
    sign_mask = np.uint64(word).view(np.int64) >> np.int64(63)
    folded = word ^ np.int64(sign_mask).view(np.uint64)
    sign = -1.0 - 2.0 * np.float64(sign_mask)
    return sign * upper_quantile((np.float64(folded) + 0.5) * 2.0**-64)


@inlined_kernel
def upper_quantile(tail):
    """The value that a standard normal variable exceeds with a probability from 2^-106 to 1/2.

    The error is 1e-15 relative to the larger of 1 and the value.

    Source: M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37, 477 (1988). The three
    regions of the algorithm are all evaluated and one is selected, so that loops vectorise.
    """
    q = 0.5 - tail
    depth = math.sqrt(-logarithm(tail))
    # Weights of 0 and 1 select one of the regions exactly, and without a branch.
    central = np.float64(q <= 0.425)
    near = np.float64(depth <= 5.0)

    r = 0.180625 - q * q
    above = 2509.0809287301226727 * r + 33430.575583588128105
    above = above * r + 67265.770927008700853
    above = above * r + 45921.953931549871457
    above = above * r + 13731.693765509461125
    above = above * r + 1971.5909503065514427
    above = above * r + 133.14166789178437745
    above = above * r + 3.387132872796366608
    below = 5226.495278852545925 * r + 28729.085735721942674
    below = below * r + 39307.89580009271061
    below = below * r + 21213.794301586595867
    below = below * r + 5394.1960214247511077
    below = below * r + 687.1870074920579083
    below = below * r + 42.313330701600911252
    below = below * r + 1.0
    above = above * q

    s = depth - 1.6
    above_near = 7.7454501427834140764e-4 * s + 0.0227238449892691845833
    above_near = above_near * s + 0.24178072517745061177
    above_near = above_near * s + 1.27045825245236838258
    above_near = above_near * s + 3.64784832476320460504
    above_near = above_near * s + 5.7694972214606914055
    above_near = above_near * s + 4.6303378461565452959
    above_near = above_near * s + 1.42343711074968357734
    below_near = 1.05075007164441684324e-9 * s + 5.475938084995344946e-4
    below_near = below_near * s + 0.0151986665636164571966
    below_near = below_near * s + 0.14810397642748007459
    below_near = below_near * s + 0.68976733498510000455
    below_near = below_near * s + 1.6763848301838038494
    below_near = below_near * s + 2.05319162663775882187
    below_near = below_near * s + 1.0

    s = depth - 5.0
    above_far = 2.01033439929228813265e-7 * s + 2.71155556874348757815e-5
    above_far = above_far * s + 0.0012426609473880784386
    above_far = above_far * s + 0.026532189526576123093
    above_far = above_far * s + 0.29656057182850489123
    above_far = above_far * s + 1.7848265399172913358
    above_far = above_far * s + 5.4637849111641143699
    above_far = above_far * s + 6.6579046435011037772
    below_far = 2.04426310338993978564e-15 * s + 1.4215117583164458887e-7
    below_far = below_far * s + 1.8463183175100546818e-5
    below_far = below_far * s + 7.868691311456132591e-4
    below_far = below_far * s + 0.0148753612908506148525
    below_far = below_far * s + 0.13692988092273580531
    below_far = below_far * s + 0.59983220655588793769
    below_far = below_far * s + 1.0

    above_tail = near * above_near + (1.0 - near) * above_far
    below_tail = near * below_near + (1.0 - near) * below_far
    above = central * above + (1.0 - central) * above_tail
    below = central * below + (1.0 - central) * below_tail
    return above / below
