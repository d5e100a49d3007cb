"""Mean energies of the configuration, its maximum and its inherent structure, and quantiles.

The variance over samples and trajectories of the energy is known in equilibrium; so it is given
where trajectories begin there. So is the mean change of the energy since the first observation,
which is 0 and fluctuates less than the energy, since it is a difference within each trajectory.
"""

import numpy as np
import xarray as xr

from glasscore.estimates.distribution import variance_and_error
from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured, parameters_of
from glasscore.traps.quantiles import quantile_axis, quantiles
from glasscore.traps.stationarity import is_stationary

# By recorder: the quantity that it writes, what it is, and its symbol.
ENERGIES = {
    "energy": ("energy", "energy", "E"),
    "maximum_energy": ("maximum_energy", "maximum energy in [t/2, t]", r"E_{\max}"),
    "inherent_structures": ("inherent_energy", "energy of the inherent structure", "E_{IS}"),
}


def energies(blocks: xr.Dataset, recorders: list[str]) -> dict[str, xr.Variable]:
    """Means and quantiles over disorder samples of the energies that were recorded.

    They have names such as ``energy(time)`` and ``energy_quantile(time, quantile)``.
    """
    variables: dict[str, xr.Variable] = {}
    for recorder, (name, what, symbol) in ENERGIES.items():
        if recorder in recorders:
            values = blocks[name].values
            variables |= {
                "time": blocks.time.variable,
                **quantile_axis(),
                **measured(
                    name, "time", *mean_and_error(values), f"mean {what}",
                    rf"\langle {symbol} \rangle", "J",
                ),
                **measured(
                    f"{name}_quantile", ("time", "quantile"),
                    *quantiles(np.sort(values, axis=0).T), f"quantile of the {what}",
                    rf"{symbol}(p)", "J",
                ),
            }  # fmt: skip
    if "energy" in recorders and is_stationary(parameters_of(blocks)):
        spread = variance_and_error(blocks.energy.values.T)
        variables |= measured(
            "energy_variance", "time", *spread, "variance of the energy in equilibrium",
            r"\langle \delta E^2 \rangle", "J^2",
        )  # fmt: skip
        change = blocks.energy.values - blocks.energy.values[:, :1]
        variables |= measured(
            "energy_change", "time", *mean_and_error(change),
            "mean change of the energy since the first time, in equilibrium",
            r"\langle E(t) - E(t_1) \rangle", "J",
        )  # fmt: skip
    return variables
