"""Figures of results of the stage langevin."""
