"""Compilation of kernels, and the arithmetic and random numbers that they share."""
