"""The workflow's stage ``langevin``: all disorder samples of one model, size and temperature."""

import time
from typing import Any

import numpy as np
import xarray as xr

from glasscore.common.errors import refuse
from glasscore.common.log import say
from glasscore.files.restart_file import RestartFile
from glasscore.langevin.dataset import dataset_of_samples
from glasscore.langevin.disorder_sample import simulate_sample
from glasscore.langevin.refusal import refusal
from glasscore.langevin.trajectories import Results

SECONDS_BETWEEN_WRITES = 60.0
SECONDS_BETWEEN_REPORTS = 10.0


def run(
    parameters: dict[str, Any], inputs: list[str], restart: RestartFile | None = None
) -> xr.Dataset:
    """Simulate all samples, or those that a restart file lacks.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``model``, ``start``, ``N``, ``T``, ``samples``, ``trajectories``,
        ``t_max``, ``time_step``, ``waiting_times``, ``response`` and ``frequencies``;
        ``T_initial``, if a planted start is not at ``T``; ``ramps``, if temperature or field change
        in the course of the run; and ``disorder``, if the couplings are
        those of another study: see config/README.md.
    inputs
        Not used: the stage reads no files.
    restart
        Where finished samples are kept if a job takes more than a minute.

    Returns
    -------
    Dataset
        Means over samples with their errors and, as ``_step_error``, what the length of the time
        steps adds to them: see results/README.md.

    Raises
    ------
    CampaignError
        If a sample is unstable or the time step is too long.
    """
    refuse(refusal({**parameters, "N": [int(parameters["N"])], "T": [float(parameters["T"])]}))
    samples = int(parameters["samples"])
    finished = _samples_in(restart, samples)
    if finished:
        say(f"goes on with {len(finished)} of {samples} samples")
    began = written = reported = time.monotonic()
    for sample in range(len(finished), samples):
        finished.append(simulate_sample(parameters, sample))
        now = time.monotonic()
        if now - reported > SECONDS_BETWEEN_REPORTS:
            reported = now
            say(f"{sample + 1} of {samples} samples")
        long = now - began > SECONDS_BETWEEN_WRITES
        due = now - written > SECONDS_BETWEEN_WRITES or sample == samples - 1
        if restart is not None and long and due:
            written = now
            restart.write({name: np.array([one[name] for one in finished]) for name in finished[0]})
    return dataset_of_samples(parameters, finished)


def _samples_in(restart: RestartFile | None, samples: int) -> list[Results]:
    """The finished samples in a restart file, ``samples`` at most; none if it is no use."""
    arrays = restart.read() if restart is not None else None
    if restart is None or arrays is None:
        return []
    counts = {len(values) for values in arrays.values()}
    if "energy" not in arrays or len(counts) != 1:
        restart.refuse("does not hold what it should")
        return []
    count = min(samples, counts.pop())
    return [{name: values[k] for name, values in arrays.items()} for k in range(count)]
