"""Figures of results of the stage walks."""
