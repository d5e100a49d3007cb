"""The workflow's stage ``theory``: one study of one exact law or stationary equation."""

from importlib import import_module
from typing import Any

import xarray as xr

from glasscore.common.errors import refuse

UNITS = {
    "time_unit": "1 (nothing here depends on time)",
    "energy_unit": "J (energies per spin, as normalised in config/README.md)",
}


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Solve one study.

    Parameters
    ----------
    parameters
        ``solve``, a file of ``glasscore/theory/studies``, and its options: see config/README.md.
    inputs
        Not used: the stage reads no files.

    Returns
    -------
    xarray.Dataset
        The results of the study, whose dimensions are the lists in the config: see
        results/README.md.

    Raises
    ------
    CampaignError
        If a value is out of range, or a solver does not converge; then the sentence tells the
        residual.
    """
    module = import_module(f"glasscore.theory.studies.{parameters['solve']}")
    if hasattr(module, "refusal"):
        refuse(module.refusal(parameters))
    solved: xr.Dataset = module.solve(parameters)
    return solved.assign_attrs({**UNITS, **solved.attrs})
