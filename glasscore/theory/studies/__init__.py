"""What the stage ``theory`` can solve. Each file is a study, named in the config by ``solve:``."""

from typing import TYPE_CHECKING, Any, Protocol

from glasscore.common.contracts import optional

if TYPE_CHECKING:
    import xarray as xr


class Study(Protocol):
    """What a file in this folder must define and may define."""

    OPTIONS: dict[str, Any]
    """JSON schemas of the keys of a study, other than ``solve`` and ``title``."""

    def solve(self, parameters: dict[str, Any]) -> "xr.Dataset":
        """The dataset of one study, whose dimensions are the lists in the config."""

    @optional
    def refusal(self, study: dict[str, Any]) -> tuple[str, Any, str] | None:
        """A key, its value and what it must be, where keys depend on each other."""
