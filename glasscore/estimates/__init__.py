"""Estimates over disorder samples, each with its standard error."""
