"""Observables of exact dynamics. Each file is one; its name stands under ``observables:``."""

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import xarray as xr

    from glasscore.master.sample import Sample


class Observable(Protocol):
    """What a file in this folder must define and may define."""

    LARGEST_N: int
    """The largest N for which the observable can be computed."""
    PARAMETERS: tuple[str, ...] = ()
    """Keys of a study that the numbers depend on, beyond those of all observables."""

    def of_sample(self, sample: "Sample", parameters: dict[str, Any]) -> dict[str, Any]:
        """The numbers of one disorder sample, by name."""

    def variables(
        self, rows: dict[str, list[Any]], parameters: dict[str, Any]
    ) -> "dict[str, xr.Variable]":
        """The variables of the result file, from lists of all samples' numbers by name."""
