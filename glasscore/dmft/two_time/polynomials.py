"""Interpolating polynomials through any points; kernels use ``grid.lagrange`` for equal spacing."""

import numpy as np

from glasscore.models.covariance import Values


def weights(nodes: Values, wanted: Values) -> Values:
    """Weights of the values at nodes in the interpolating polynomial at other places.

    Parameters
    ----------
    nodes
        Distinct places of known values, shape (..., points).
    wanted
        Places, of a shape that broadcasts against that of ``nodes`` without its last axis.

    Returns
    -------
    ndarray
        Lagrange's weights, shape (..., points).
    """
    distance = wanted[..., None] - nodes
    found = np.ones(distance.shape)
    for one in range(nodes.shape[-1]):
        for other in range(nodes.shape[-1]):
            if other != one:
                found[..., one] *= distance[..., other] / (nodes[..., one] - nodes[..., other])
    return found
