"""Cost of the superbasin clock, which leaps over visits."""

LEAPS = True
