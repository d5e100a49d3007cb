"""What the superbasin clock costs: leaps instead of visits."""

LEAPS = True
