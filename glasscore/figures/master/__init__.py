"""Figures of results of the stage master."""
