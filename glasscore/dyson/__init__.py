"""Stationary self-consistent (Dyson) equations: functions of one time or frequency."""
