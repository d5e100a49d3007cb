"""What the rejection clock costs: it makes every attempt."""

NANOSECONDS_OF_AN_ATTEMPT = 5.0
