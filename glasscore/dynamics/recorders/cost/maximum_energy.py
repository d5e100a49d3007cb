"""Cost of the recorder of the maximum energy: some time at every visit."""

NANOSECONDS_OF_A_VISIT = 20.0
