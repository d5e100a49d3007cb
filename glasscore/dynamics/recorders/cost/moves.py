"""What the recorder of moves costs: a look at every visit."""

NANOSECONDS_OF_A_VISIT = 20.0
