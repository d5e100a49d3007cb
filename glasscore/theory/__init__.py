"""Exact laws to compare with: functions of parameters, never of simulated data."""
