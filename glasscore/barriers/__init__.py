"""The exact landscape of up to 24 spins: all minima, their basins, and the barriers between them.

Everything follows from the energies of all 2^N states and the flips of single spins between them:
no temperature and no dynamics enter.
"""
