"""Langevin dynamics of finitely many continuous spins in stored couplings.

The equation is dS = -grad H dt + sqrt(2 T) dW, where the spins are free or live on a sphere. The
stage simulates at finite size, and in the same units, what the self-consistent equations of
``glasscore.dmft`` describe for infinitely many spins.
"""
