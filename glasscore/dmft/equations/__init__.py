"""Equations of motion of C(t,t') and R(t,t'): one system a file.

A file here states one row of its equations, that is all earlier times t' at one time t, and the
derivative of that row by the values of C and R in it. An object of the type ``Equations`` is an
argument of :class:`glasscore.dmft.two_time.march.March`, which integrates the equations without
knowing them.
"""

from typing import Any, Protocol

from glasscore.models.covariance import Values


class Equations(Protocol):
    """What the solver asks of the equations of a system."""

    def at(self, time: float, earlier: Values) -> Any:
        """The equations at one time, as kernels use them.

        Parameters
        ----------
        time
            t.
        earlier
            The earlier times t' of the row's columns, shape (columns,).

        Returns
        -------
        NamedTuple
            Of a type for which ``one_time_functions`` of
            :mod:`glasscore.dmft.two_time.interface` has a body.
        """
