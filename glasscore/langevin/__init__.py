"""Langevin dynamics of finitely many continuous spins in stored couplings.

dS = -grad H dt + sqrt(2 T) dW, with all spins free or on a sphere: the finite-size partner of the
self-consistent equations, in the same units.
"""
