"""Figures of results of the stage theory."""
