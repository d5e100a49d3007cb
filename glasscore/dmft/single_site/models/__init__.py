"""What the single spin is, one model a file."""
