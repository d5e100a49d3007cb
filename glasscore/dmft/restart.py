"""Restart files of two-time solutions: a longer run goes on where a shorter one ended."""

from functools import partial

from glasscore.files.restart_of_result import restart_of_result

restart_file = partial(
    restart_of_result,
    stage="dmft",
    folder="restart",
    may_grow="t_max",
    libraries=("numba", "numpy", "scipy"),
)
"""The restart file of a study at one temperature, by path, parameters and source hash."""
