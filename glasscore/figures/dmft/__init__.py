"""Figures of results of the stage dmft."""
