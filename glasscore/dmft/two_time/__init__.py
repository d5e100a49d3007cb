"""Solvers of two-time equations of motion, whichever the equations are.

``march`` solves row after row on a grid that scales with time (``grid``), with the memory integrals
of ``past`` and ``residual``; ``accuracy`` runs three marches to estimate their errors, and
``solution`` is what they find. ``interface`` says what the equations in
:mod:`glasscore.dmft.equations` tell them. ``uniform_grid`` is an independent solver for several
coupled components, on equal time steps.
"""
