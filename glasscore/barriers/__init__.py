"""The exact landscape of up to 24 spins: all minima, their basins, and the barriers between them.

Everything follows from the energies of all 2^N states and from the flips of single spins, which
make two states neighbours. Temperature and dynamics play no role.
"""
