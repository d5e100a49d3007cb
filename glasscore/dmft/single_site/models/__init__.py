"""Models of the single spin, one a file: a new file adds a word for ``single_site:``.

Each file registers implementations of the functions in ``glasscore.dmft.single_site.interface``
for the type of the named tuple that its function ``create`` makes.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from glasscore.common.contracts import EMPTY


class SingleSite(Protocol):
    """What a module here must have and may have."""

    OPTIONS: Mapping[str, Any] = EMPTY
    """JSON schemas of further keys of ``model:`` in the config; ``options`` holds their values."""
    TIME_STEP: float
    """The time step of trajectories if the config gives none."""
    TIME_UNIT: str
    """What one unit of time is, for result files."""
    NAME: str
    """What the spins are called in result files."""

    def create(self, options: dict[str, Any]) -> Any:
        """The model of these options, a named tuple."""
