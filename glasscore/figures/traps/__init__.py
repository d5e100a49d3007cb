"""Figures of results of the stage traps."""
