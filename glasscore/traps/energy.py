"""Mean energies after the quench: of the configuration, and of what was recorded beside it."""

import xarray as xr

from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured

# Recorder, the quantity that it writes, and its mean's name and symbol.
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
    """Means over disorder samples, ``energy(time)`` and the like, of those recorded."""
    variables: dict[str, xr.Variable] = {}
    for recorder, (name, long_name, symbol) in ENERGIES.items():
        if recorder in recorders:
            mean, error = mean_and_error(blocks[name].values)
            variables |= {
                "time": blocks.time.variable,
                **measured(name, "time", mean, error, long_name, symbol, "J"),
            }
    return variables
