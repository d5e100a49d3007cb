"""Time steps of several trajectories in a well and a bath, side by side.

Each step is split symmetrically into three: half a step in the well alone, which takes S to
growth S / sqrt(1 + bend S^2), a step in all other forces, which are linear, and again half a step
in the well.
"""

import numpy as np

from glasscore.kernels.compilation import kernel


@kernel
def march(start, white, coloured, force, rate, growth, bend, step):
    """Run trajectories side by side, with the memory of the bath as a sum of exponentials.

    With n_j' = rate_j (S - n_j), n_j(0) = S(0), the retarded self-interaction and the bias of the
    noise by the spin's past are together (J^2 / T) sum_j weight_j n_j. ``force`` is
    step (J^2 / T) weight_j, and ``coloured`` is step times the noise.
    """
    steps, count = white.shape
    spins = np.empty((steps + 1, count))
    decay, first, last = _interpolated(rate, step)
    implicit = np.sum(force * last)
    inverse = 1.0 / (1.0 - 0.5 * implicit)
    seen = np.empty((rate.size, count))
    before = np.empty(count)
    now = np.empty(count)
    middle = np.empty(count)
    after = np.zeros(count)
    spin = start.copy()
    for one in range(count):
        spins[0, one] = spin[one]
        before[one] = np.sum(force) * spin[one]
        for term in range(rate.size):
            seen[term, one] = spin[one]
    for number in range(steps):
        for one in range(count):
            middle[one] = growth * spin[one] / np.sqrt(1.0 + bend * spin[one] * spin[one])
            now[one] = 0.0
        for term in range(rate.size):
            a, b, c, f = decay[term], decay[term] * last[term], first[term], force[term]
            for one in range(count):
                # the contribution of the spin at the end of the previous step is added here
                kept = a * seen[term, one] + b * after[one] + c * middle[one]
                seen[term, one] = kept
                now[one] += f * kept
        for one in range(count):
            colour = 0.5 * (coloured[number, one] + coloured[number + 1, one])
            field = 0.5 * (before[one] + now[one])
            moved = (middle[one] + field + colour + white[number, one]) * inverse
            after[one] = moved
            before[one] = now[one] + implicit * moved
            spin[one] = growth * moved / np.sqrt(1.0 + bend * moved * moved)
            spins[number + 1, one] = spin[one]
    return spins


@kernel
def _interpolated(rate, step):
    """Coefficients of a step of n' = rate (S - n), S linear: decay n + first S_0 + last S_1."""
    decay = np.empty(rate.size)
    first = np.empty(rate.size)
    last = np.empty(rate.size)
    for term in range(rate.size):
        x = rate[term] * step
        decay[term] = np.exp(-x)
        # (1 - exp(-x)) / x, from its series at small x, where digits would cancel
        mean = -np.expm1(-x) / x if x > 1e-3 else 1.0 - x / 2 + x * x / 6 - x**3 / 24
        last[term] = 1.0 - mean if x > 1e-3 else x / 2 - x * x / 6 + x**3 / 24
        first[term] = mean - decay[term]
    return decay, first, last
