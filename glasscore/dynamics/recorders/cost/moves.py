"""Cost of the recorder of moves: some time at every visit."""

NANOSECONDS_OF_A_VISIT = 20.0
