"""Solvers of two-time equations of motion, which do not depend on the system.

``march`` solves row after row on a grid that scales with time (``grid``), with the memory integrals
of ``past`` and ``residual``. ``accuracy`` runs three marches to estimate their errors, and
``solution`` holds the result. ``interface`` is what the solver needs from the equations in
:mod:`glasscore.dmft.equations`. ``uniform_grid`` is an independent solver for several coupled
components, on equal time steps.
"""
