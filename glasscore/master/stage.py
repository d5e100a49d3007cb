"""The workflow's stage ``master``: exact dynamics of disorder samples at one N and T."""

from importlib import import_module
from typing import Any

import numpy as np
import xarray as xr

from glasscore.common.progress import Progress
from glasscore.dynamics.rules import rule_at
from glasscore.files.store import quantity
from glasscore.kernels.compilation import compiled_once
from glasscore.landscapes.sample import options
from glasscore.master.sample import refuse_low_temperature, sample_of


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Solve the master equation of each sample for the observables.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``landscape``, ``rule``, ``N``, ``T``, ``samples``, ``observables``,
        ``t_max``, ``passages`` and perhaps ``disorder``: see config/README.md. The samples are
        those of an activated study of the same name and seed, or of the study ``disorder``.
    inputs
        Not used: the stage reads no files.

    Returns
    -------
    xarray.Dataset
        The variables of all observables: see results/README.md.

    Raises
    ------
    CampaignError
        If T is too low for one of the samples; this is found before any sample is solved.
    """
    model, count = parameters["landscape"], parameters["samples"]
    law = import_module(f"glasscore.landscapes.energies.{model['energies']}")
    rule = rule_at(parameters["rule"], parameters["T"])
    observables = [
        import_module(f"glasscore.master.observables.{name}") for name in parameters["observables"]
    ]
    rows: list[dict[str, list[Any]]] = [{} for _ in observables]
    progress = Progress()
    # Hashes overflow on purpose; NumPy warns of it when kernels run uncompiled.
    with np.errstate(over="ignore"):
        with compiled_once(f"master-{model['energies']}-{type(rule).__name__}"):
            refuse_low_temperature(parameters)
            sample_of(parameters, 0, rule)
        for number in range(count):
            sample = sample_of(parameters, number, rule)
            for columns, observable in zip(rows, observables, strict=True):
                for name, value in observable.of_sample(sample, parameters).items():
                    columns.setdefault(name, []).append(value)
            progress.report(f"{number + 1} of {count} samples")
    found = {
        "samples": quantity((), count, "disorder samples", "n"),
        "sample": quantity("sample", np.arange(count), "disorder sample", "k"),
    }
    for columns, observable in zip(rows, observables, strict=True):
        found |= observable.variables(columns, parameters)
    return xr.Dataset(
        found,
        attrs={
            "time_unit": "1 attempted move (divide by N for sweeps)",
            "energy_unit": "J, as normalised in config/README.md",
            "critical_temperature": law.critical_temperature(options(model)),
        },
    )
