"""Exact laws, which are functions of parameters alone and never of simulated data."""
