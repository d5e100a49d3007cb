"""What the stage ``theory`` can solve: one file each, its name the word for it in the config."""

from typing import TYPE_CHECKING, Any, Protocol

from glasscore.common.contracts import optional
from glasscore.common.errors import Refusal

if TYPE_CHECKING:
    import xarray as xr


class Study(Protocol):
    """What a module here must have and may have."""

    OPTIONS: dict[str, Any]
    """JSON schemas of the keys of its studies, beside ``solve`` and ``title``."""
    RESULTS: tuple[str, str]
    """Dimensions and variables of its file, as the manual has them."""

    def solve(self, parameters: dict[str, Any]) -> "xr.Dataset":
        """The dataset of one study, with the lists of the config as dimensions."""

    @optional
    def refusal(self, options: dict[str, Any]) -> Refusal | None:
        """What is refused of a study's keys, where they depend on each other."""
