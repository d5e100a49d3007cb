r"""Replica-symmetric statics of the Sherrington-Kirkpatrick model in a field.

.. math:: H = -\sum_{i<j} J_{ij} s_i s_j - h \sum_i s_i, \qquad s_i = \pm 1, \qquad
          \langle J_{ij}^2 \rangle = 1 / N

Energies per spin and temperatures are in units of J, so that T_c = 1 and Var H = N / 2 at h = 0.
The local field :math:`g = h + \sqrt q z` is Gaussian, and all averages below are over the normal
variable z.

The solution is stable above the line of de Almeida and Thouless. Below it the solution is wrong
(its entropy becomes negative at low temperature), and :mod:`glasscore.theory.parisi` has the right
one.

References
----------
D. Sherrington and S. Kirkpatrick, Phys. Rev. Lett. 35 (1975) 1792; S. Kirkpatrick and
D. Sherrington, Phys. Rev. B 17 (1978) 4384. J. R. L. de Almeida and D. J. Thouless, J. Phys. A 11
(1978) 983. That the overlap is unique in a field: F. Guerra, Fields Inst. Commun. 30 (2001) 161.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import erf

from glasscore.common.errors import CampaignError

Array = NDArray[np.float64]

REACH = 20.0
"""Local fields in units of T beyond which sech^2 and similar functions are below rounding."""

CLOSE_TO_ONE = 3e-4
"""Largest 1 - T at which the line of de Almeida and Thouless is given by a series, to 1e-9."""

STEP = 0.2
"""Step of the trapezoidal rule. Poles at i pi / 2 cause an error of exp(-pi^2 / STEP), which is
below rounding."""


class ReplicaSymmetric(NamedTuple):
    """The replica-symmetric state at one temperature and field.

    Attributes
    ----------
    overlap
        The overlap q of two replicas.
    susceptibility
        chi = (1 - q) / T, the response of a spin to a field on this spin alone.
    magnetisation
        The magnetisation m per spin.
    energy, entropy
        Energy and entropy per spin. The entropy is negative at low temperature, where the solution
        is wrong.
    replicon
        1 - <sech^4(g / T)> / T^2: the solution is unstable where it is negative.
    """

    overlap: float
    susceptibility: float
    magnetisation: float
    energy: float
    entropy: float
    replicon: float


def replica_symmetric(T: float, h: float = 0.0) -> ReplicaSymmetric:
    r"""Overlap, energy and entropy of the replica-symmetric state.

    .. math:: q &= \langle \tanh^2(g / T) \rangle, \qquad m = \langle \tanh(g / T) \rangle \\
              e &= -\frac{1 - q^2}{2 T} - h m \\
              s &= \left\langle \ln 2 \cosh \frac gT - \frac gT \tanh \frac gT \right\rangle
                   - \frac{\chi^2}{4}

    Parameters
    ----------
    T
        Temperature in units of J, zero included, where ``q = 1``,
        ``chi = sqrt(2 / pi) exp(-h^2 / 2)`` and ``s = -chi^2 / 4``.
    h
        Field in units of J, not negative.

    Returns
    -------
    ReplicaSymmetric
        With the accuracy of rounding, about 1e-15, also in the limits T to 0 and q to 0.

    Raises
    ------
    CampaignError
        If T or h is negative or not finite.

    Notes
    -----
    Source: Sherrington and Kirkpatrick (1975). The form of the entropy, in which nothing cancels,
    follows by a Gaussian integration by parts (derivation).
    """
    _check(T, h)
    if T == 0:
        chi = float(np.sqrt(2 / np.pi) * np.exp(-0.5 * h * h))
        m = float(erf(h / np.sqrt(2)))
        # The replicon diverges, since <sech^4> / T^2 is 2 chi / (3 T).
        return ReplicaSymmetric(1.0, chi, m, -chi - h * m, -0.25 * chi**2, -np.inf)
    q, chi = _overlap(T, h)
    # The average of erf(g / T) is known, and tanh(g / T) - erf(g / T) decays at large fields.
    m = _mean(lambda y: np.tanh(y) - erf(y), T, h, q) + float(erf(h / np.sqrt(T**2 + 2 * q)))
    energy = -0.5 * chi * (1 + q) - h * m
    entropy = _mean(_entropy_of_a_spin, T, h, q) - 0.25 * chi**2
    replicon = 1 - _mean(lambda y: _slope_of_tanh(y) ** 2, T, h, q) / T / T
    return ReplicaSymmetric(q, chi, float(m), float(energy), float(entropy), float(replicon))


def almeida_thouless_field(T: float) -> float:
    r"""Field h(T) below which replica symmetry is broken.

    .. math:: q = \langle \tanh^2(g / T) \rangle, \qquad
              \langle \operatorname{sech}^4(g / T) \rangle = T^2

    with :math:`h^2 \to \frac43 (1 - T)^3` at T = 1 and :math:`h^2 \to 2 \ln(1 / T)` at T = 0.

    Parameters
    ----------
    T
        Temperature in units of J, above 0 and at most 1.

    Raises
    ------
    CampaignError
        If T is not in (0, 1]. At T = 0 symmetry is broken in any field, and above T = 1 in none.

    Notes
    -----
    Source: de Almeida and Thouless (1978). It is believed, but not proved, that symmetry holds
    everywhere above the line.
    """
    if not 0 < T <= 1:
        raise CampaignError(
            f"T = {T:g} has no de Almeida-Thouless field: T must be above 0 and at most 1."
        )
    if T == 1:
        return 0.0
    distance = 1 - T
    if distance < CLOSE_TO_ONE:
        # The replicon is of order (1 - T)^2, so that rounding would hide where it vanishes.
        return float(np.sqrt(4 / 3 * distance**3 * (1 + distance + 3.4 * distance**2)))
    # This bound of the field follows from 2 chi / (3 T) >= <sech^4> / T^2 at low T; near T = 1 the
    # field is below 3.
    highest = 3 + np.sqrt(2 * np.log(1 / T))
    return float(brentq(lambda h: replica_symmetric(T, h).replicon, 0.0, highest, xtol=1e-15))


def almeida_thouless_temperature(h: float) -> float:
    """Temperature T(h) below which replica symmetry is broken, the inverse of the line h(T).

    Parameters
    ----------
    h
        Field in units of J, from 0 to 8 (where T is 1e-14).

    Raises
    ------
    CampaignError
        If h is not in [0, 8].
    """
    if not 0 <= h <= 8:
        raise CampaignError(
            f"h = {h:g} has no de Almeida-Thouless temperature: h must be from 0 to 8."
        )
    if h == 0:
        return 1.0
    return float(brentq(lambda T: replica_symmetric(T, h).replicon, 1e-16, 1.0, xtol=1e-15))


def exponent_parameter(T: float, h: float) -> float:
    r"""The parameter lambda of critical slowing down, on the line of de Almeida and Thouless.

    .. math:: \lambda = \frac{2 \langle \tanh^2(g / T) \operatorname{sech}^4(g / T) \rangle}
                            {\langle \operatorname{sech}^6(g / T) \rangle}

    Parameters
    ----------
    T
        Temperature in units of J, above 0.
    h
        Field in units of J, not negative.

    Returns
    -------
    float
        It is 0 at h = 0 and T = 1, and 1 / 2 in the limit T to 0 along the line.

    Raises
    ------
    CampaignError
        If T is not positive or h is negative.

    Notes
    -----
    On the line lambda is the x at which q(x) begins to vary. There Parisi's equation,
    differentiated twice, gives <m''^2> = 2 beta x <m'^3> for m = tanh(y / T) (derivation). G.
    Parisi and T. Rizzo, Phys. Rev. E 87 (2013) 012101, obtain it as the ratio w2 / w1 of two cubic
    couplings.
    """
    _check(T, h)
    if T == 0:
        raise CampaignError("T = 0 has no exponent parameter: T must be above 0.")
    q = _overlap(T, h)[0]
    third = _mean(lambda y: _slope_of_tanh(y) ** 3, T, h, q)
    second = _mean(lambda y: (np.tanh(y) * _slope_of_tanh(y)) ** 2, T, h, q)
    return 2 * second / third


def _overlap(T: float, h: float) -> tuple[float, float]:
    """The overlap q and chi = (1 - q) / T, both without loss of digits."""
    if h == 0 and T > 1 - 1e-12:
        q = max(0.0, 1 - T)  # the next term of the series is (1 - T)^2 / 3
        return q, (1 - q) / T
    # Because of tanh(y)^2 >= y^2 - 2 y^4 / 3, the average exceeds q for all q below twice this
    # lower bound, and even more so in a field or at a lower temperature. Without the bound,
    # rounding would hide this where q is close to 0 in a weak field.
    warm = max(T, 0.5)
    lowest = 0.25 * warm**2 * (1 - warm**2) if T <= 1 - 1e-12 else 0.0
    if T > 0.5:

        def rise(q: float) -> float:
            # If the law of fields may be wider than T, the integrand must decay. Otherwise this
            # form keeps all digits of a small q.
            if q > 0.25:
                return 1 - _mean(_slope_of_tanh, T, h, q) - q
            return _mean(_square_of_tanh, T, h, q) - q

        q = brentq(rise, lowest, 1.0, xtol=1e-300, maxiter=5000)
        return float(q), float((1 - q) / T)

    def excess(chi: float) -> float:
        return chi - _mean(_slope_of_tanh, T, h, 1 - T * chi) / T

    chi = float(brentq(excess, 0.0, (1 - lowest) / T, xtol=1e-300))
    return 1 - T * chi, chi


def _mean(function: Callable[[Array], Array], T: float, h: float, q: float) -> float:
    """Average of function(g / T), where g is normal with mean h and variance q.

    The trapezoidal rule is applied in z if the width of the normal law is below T, and in g / T if
    it is above, where the function must decay. Both converge exponentially.
    """
    width = np.sqrt(q) / T
    if width < 1:
        z = np.arange(-45, 46) * STEP
        weights = np.exp(-0.5 * z * z) * STEP / np.sqrt(2 * np.pi)
        return float(weights @ function(h / T + width * z))
    y = np.arange(-REACH, REACH + STEP, STEP)
    weights = np.exp(-0.5 * ((y - h / T) / width) ** 2) * STEP / (np.sqrt(2 * np.pi) * width)
    return float(weights @ function(y))


def _square_of_tanh(y: Array) -> Array:
    return np.tanh(y) ** 2


def _slope_of_tanh(y: Array) -> Array:
    decay = np.exp(-2 * np.abs(y))
    return 4 * decay / (1 + decay) ** 2


def _entropy_of_a_spin(y: Array) -> Array:
    y = np.abs(y)
    decay = np.exp(-2 * y)
    return np.log1p(decay) + 2 * y * decay / (1 + decay)


def _check(T: float, h: float) -> None:
    if not 0 <= T < np.inf:
        raise CampaignError(f"T = {T:g} is not a temperature: it must be at least 0 and finite.")
    if not 0 <= h < np.inf:
        raise CampaignError(f"h = {h:g} is not a field: it must be at least 0 and finite.")
