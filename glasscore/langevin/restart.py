"""Restart files: a job goes on with the samples that another one has finished."""

from functools import partial

from glasscore.files.restart_of_result import restart_of_result

restart_file = partial(
    restart_of_result,
    stage="langevin",
    folder="restart/langevin",
    may_grow="samples",
    libraries=("numpy", "scipy"),
)
"""Of a study at one size and temperature, by the result's path, parameters and source hash."""
