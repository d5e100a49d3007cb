"""Figures of results of the stage barriers."""
