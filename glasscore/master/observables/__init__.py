"""What the exact dynamics is asked: one file an observable, a new file a new word in the config."""

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import xarray as xr

    from glasscore.master.sample import Sample


class Observable(Protocol):
    """What a module here must have and may have."""

    LARGEST_N: int
    """The largest N for which it can be computed."""
    PARAMETERS: tuple[str, ...] = ()
    """Keys of a study that the numbers depend on, beyond those of all observables."""

    def of_sample(self, sample: "Sample", parameters: dict[str, Any]) -> dict[str, Any]:
        """The numbers of one disorder sample, by name."""

    def variables(
        self, rows: dict[str, list[Any]], parameters: dict[str, Any]
    ) -> "dict[str, xr.Variable]":
        """What is written of the numbers of all samples, lists by name."""
