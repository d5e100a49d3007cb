"""Integrals by Gauss-Legendre quadrature on several intervals, which are called panels."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def gauss_legendre_panels(edges: Array, nodes_per_panel: int) -> tuple[Array, Array]:
    """Nodes and weights of the Gauss-Legendre rule on each of some adjacent panels.

    Parameters
    ----------
    edges
        Edges of the panels, ascending, shape (panels + 1,).
    nodes_per_panel
        Number of nodes in each panel.

    Returns
    -------
    tuple of ndarray
        Nodes, ascending, and weights, both of shape (panels * nodes_per_panel,).
    """
    nodes, weights = np.polynomial.legendre.leggauss(nodes_per_panel)
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    return (edges[:-1, np.newaxis] + half * (1.0 + nodes)).ravel(), (half * weights).ravel()
