r"""The interface of the solver to equations of motion: a row, and the functions that it needs.

The solver integrates, for t > t' and C(t,t) = R(t+,t) = 1,

.. math::
    \partial_t C(t,t') &= -\mu(t) C(t,t') + \int_0^t \Sigma(t,s) C(s,t') ds
        + \int_0^{t'} D(t,s) R(t',s) ds + b\, F(t)\, C(t',0) + h(t)\, m(t') \\
    \partial_t R(t,t') &= -\mu(t) R(t,t') + \int_{t'}^t \Sigma(t,s) R(s,t') ds

The equations of a system give, from C and R in the row t, the memory kernel Sigma(t,s), the
covariance of the forces D(t,s), the multiplier mu(t), the force of the initial state b F(t), the
field h(t) and the magnetisation m(t). Sigma(t,s) may depend on C and R at the same (t,s), D(t,s) on
C(t,s), and F(t) on C(t,0); m(t) is an integral over R in the row. D(t,s) leaves out the white
noise, of covariance 2 T(t) delta(t - s). The multiplier must keep C(t,t) = 1, which the solver
imposes:

.. math::
    \mu(t) = T(t) + \int_0^t [\Sigma(t,s) C(t,s) + D(t,s) R(t,s)] ds
        + b\, F(t)\, C(t,0) + h(t)\, m(t)
"""

from typing import NamedTuple

from glasscore.kernels.compilation import generic, kernel
from glasscore.models.covariance import Values


class Row(NamedTuple):
    """C and R at one time t, and how functions of the row are integrated.

    Attributes
    ----------
    first, last
        The columns k in use; they belong to earlier times t'_k, ascending.
    weight
        Weights of the integral over t' from 0 to t; that of column k is ``weight[k - first]``.
    correlation, response
        C(t,t'_k) and R(t,t'_k), shape (columns,).
    start
        C(t,0), read off the first columns: the sum over i of ``start_weight[i]`` times
        C at column ``first + i start_skip``.
    start_weight, start_skip
        The weights, and the distance of columns, in ``start``.
    """

    first: int
    last: int
    weight: Values
    correlation: Values
    response: Values
    start: float
    start_weight: Values
    start_skip: int


class MemoryKernels(NamedTuple):
    """Kernels of the memory integrals in the columns of a row, each of shape (columns,).

    Attributes
    ----------
    memory, noise
        Sigma(t,t') and D(t,t').
    memory_by_c, memory_by_r, noise_by_c
        dSigma/dC, dSigma/dR and dD/dC at the same (t,t').
    """

    memory: Values
    noise: Values
    memory_by_c: Values
    memory_by_r: Values
    noise_by_c: Values


class Gradients(NamedTuple):
    """Derivatives of one-time functions with respect to a row's values, each of shape (columns,).

    Attributes
    ----------
    multiplier_by_c, multiplier_by_r
        dmu/dC(t,t'_k) and dmu/dR(t,t'_k).
    magnetisation_by_r
        dm/dR(t,t'_k).
    """

    multiplier_by_c: Values
    multiplier_by_r: Values
    magnetisation_by_r: Values


class OneTime(NamedTuple):
    """Functions of t alone.

    Attributes
    ----------
    energy, multiplier, magnetisation
        E(t), mu(t) and m(t).
    field
        h(t).
    start_strength, start_force, start_stiffness
        b, F(t), and dF/dC(t,0).
    """

    energy: float
    multiplier: float
    magnetisation: float
    field: float
    start_strength: float
    start_force: float
    start_stiffness: float


@generic
def one_time_functions(equations, row, kernels, gradients):
    """Fill in the kernels and the gradients of a row, in the columns in use.

    Parameters
    ----------
    equations
        The equations at the time of the row, a named tuple.
    row
        C and R, a :class:`Row`.
    kernels, gradients
        :class:`MemoryKernels` and :class:`Gradients` to be filled.

    Returns
    -------
    OneTime
        The one-time functions of the row.
    """


@kernel
def add_by_start(row, factor, gradient):
    """Add ``factor`` dC(t,0)/dC(t,t'_k) to the gradient of a function of C(t,0)."""
    for point in range(row.start_weight.size):
        column = row.first + point * row.start_skip
        gradient[column] += factor * row.start_weight[point]
