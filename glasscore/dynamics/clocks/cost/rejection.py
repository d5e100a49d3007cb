"""Cost of the rejection clock, which makes every attempt."""

NANOSECONDS_OF_AN_ATTEMPT = 5.0
