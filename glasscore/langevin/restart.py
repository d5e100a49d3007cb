"""Restart files, by which a job goes on with the samples that an earlier one has finished."""

from functools import partial

from glasscore.files.restart_of_result import restart_of_result

restart_file = partial(
    restart_of_result,
    stage="langevin",
    folder="restart/langevin",
    may_grow="samples",
    libraries=("numpy", "scipy"),
)
"""The restart file of a job, from its result's path, its parameters and its source hash."""
