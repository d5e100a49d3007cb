"""Figures of the results of the stage ``walks``."""
