"""What each clock costs, one file a clock, with the name of the clock's file.

A clock without a file has what stands here. The files stand apart from the clocks, so that an
estimate starts no compiler, and a better estimate makes no result look old.
"""

NANOSECONDS_OF_AN_ATTEMPT = 0.0
"""CPU time of a unit of time, if the clock makes every attempt."""
LEAPS = False
"""Does the clock leap over visits where no recorder must be told of each?"""
