"""Compiled kernels, and the arithmetic and random numbers that all of them share."""
