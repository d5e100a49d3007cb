"""What the stage ``theory`` can solve. Each file is a study, named in the config by ``solve:``."""

from typing import TYPE_CHECKING, Any, Protocol

from glasscore.common.contracts import optional
from glasscore.common.errors import Refusal

if TYPE_CHECKING:
    import xarray as xr


class Study(Protocol):
    """What a file in this folder must define and may define."""

    OPTIONS: dict[str, Any]
    """JSON schemas of the keys of a study, other than ``solve`` and ``title``."""
    RESULTS: tuple[str, str]
    """Dimensions and variables of its file, as the manual has them."""

    def solve(self, parameters: dict[str, Any]) -> "xr.Dataset":
        """The dataset of one study, whose dimensions are the lists in the config."""

    @optional
    def refusal(self, options: dict[str, Any]) -> Refusal | None:
        """What is refused of a study's keys, where they depend on each other."""
