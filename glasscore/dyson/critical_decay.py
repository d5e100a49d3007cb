r"""Critical decay of correlations, from the exponent parameter of the statics.

Where a spin glass becomes marginal, the equilibrium correlation decays as a power of time,

.. math:: C(t) - q \sim t^{-\nu}, \qquad
          \frac{\Gamma(1 - \nu)^2}{\Gamma(1 - 2 \nu)} = \lambda

where lambda follows from statics alone. In frequency this is :math:`C(\omega) \sim \omega^{\nu -
1}` and :math:`G(0) - G(\omega) \sim \omega^\nu`. Without a field lambda = 0 and nu = 1 / 2; on the
line of de Almeida and Thouless (:func:`glasscore.theory.sk.exponent_parameter`) nu is smaller.

References
----------
H. Sompolinsky and A. Zippelius, Phys. Rev. B 25 (1982) 6860. G. Parisi and T. Rizzo, Phys. Rev. E
87 (2013) 012101.
"""

import numpy as np
from scipy.optimize import brentq
from scipy.special import gamma, rgamma

from glasscore.common.errors import CampaignError


def decay_exponent(parameter: float) -> float:
    """The exponent nu between 0 and 1 / 2.

    Parameters
    ----------
    parameter
        lambda, from 0 to 1.

    Raises
    ------
    CampaignError
        If the parameter is out of range, where there is no such decay.
    """
    if not 0 <= parameter <= 1:
        raise CampaignError(f"parameter = {parameter:g} must be from 0 to 1.")

    def excess(nu: float) -> float:
        return float(gamma(1 - nu) ** 2 * rgamma(1 - 2 * nu)) - parameter

    return float(brentq(excess, 0.0, 0.5, xtol=4 * np.finfo(float).eps))
