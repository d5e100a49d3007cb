"""Costs of each clock: one file per clock, with the name of the clock's file.

A clock without a file uses the values of this module. The cost files are separate from the clocks,
so that an estimate need not import the compiler, and a change of an estimate does not make results
outdated.
"""

NANOSECONDS_OF_AN_ATTEMPT = 0.0
"""CPU time in nanoseconds per unit of simulated time, if the clock makes every attempt."""
LEAPS = False
"""Does the clock leap over visits, if no recorder must see every visit?"""
