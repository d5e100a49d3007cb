"""What the recorder of the maximum energy costs: a look at every visit."""

NANOSECONDS_OF_A_VISIT = 20.0
