"""Models that several stages compute with."""
