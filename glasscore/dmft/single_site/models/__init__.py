"""What the single spin is: one model a file, a new file a new word for ``single_site:``.

The named tuple that ``create`` makes registers the verbs of
``glasscore.dmft.single_site.interface``.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from glasscore.common.contracts import EMPTY


class SingleSite(Protocol):
    """What a module here must have and may have."""

    OPTIONS: Mapping[str, Any] = EMPTY
    """JSON schemas of further keys of ``model:`` in the config; ``options`` holds their values."""
    TIME_STEP: float
    """The step of trajectories where the config gives none."""
    TIME_UNIT: str
    """What one unit of time is, for result files."""
    NAME: str
    """What the spins are called in result files."""

    def create(self, options: dict[str, Any]) -> Any:
        """The model of these options, a named tuple."""
