"""Mean energies of the configuration, its maximum and its inherent structure; variances.

The variance over samples and trajectories of the energy is known in equilibrium; so it is given
where trajectories begin there.
"""

import xarray as xr

from glasscore.estimates.samples import mean_and_error, variance_and_error
from glasscore.files.store import measured, parameters_of
from glasscore.traps.stationarity import is_stationary

# By recorder: the quantity that it writes, and the long name and the symbol of its mean.
ENERGIES = {
    "energy": ("energy", "mean energy", r"\langle E \rangle"),
    "maximum_energy": (
        "maximum_energy",
        "mean maximum energy in [t/2, t]",
        r"\langle E_{\max} \rangle",
    ),
    "inherent_structures": (
        "inherent_energy",
        "mean energy of the inherent structure",
        r"\langle E_{IS} \rangle",
    ),
}


def energies(blocks: xr.Dataset, recorders: list[str]) -> dict[str, xr.Variable]:
    """Means over disorder samples of the energies that were recorded, such as ``energy(time)``."""
    variables: dict[str, xr.Variable] = {}
    for recorder, (name, long_name, symbol) in ENERGIES.items():
        if recorder in recorders:
            mean, error = mean_and_error(blocks[name].values)
            variables |= {
                "time": blocks.time.variable,
                **measured(name, "time", mean, error, long_name, symbol, "J"),
            }
    if "energy" in recorders and is_stationary(parameters_of(blocks)):
        spread = variance_and_error(blocks.energy.values)
        variables |= measured(
            "energy_variance", "time", *spread, "variance of the energy in equilibrium",
            r"\langle \delta E^2 \rangle", "J^2",
        )  # fmt: skip
    return variables
