"""Equations of motion of C(t,t') and R(t,t'): one system a file.

A file here states one row of its equations, that is, the equations at one time t for all earlier
times t', and the derivatives of that row with respect to the values of C and R in it. An object of
the type ``Equations`` is an argument of :class:`glasscore.dmft.two_time.march.March`, which
integrates any equations of this form.
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
            Its type must be one for which ``one_time_functions`` of
            :mod:`glasscore.dmft.two_time.interface` has an implementation.
        """
