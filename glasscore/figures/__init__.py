"""Figures: one file each, in the folder of the stage whose results it shows.

A new file is a new word for ``figures:`` in the config; the text at its head is the caption.
Studies that lack what a figure needs are left out of it, and the report says so.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from glasscore.common.contracts import EMPTY

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure as Picture

    from glasscore.figures.drawing.curves import Curve

    Results = dict[str, list[xr.Dataset]]


class Figure(Protocol):
    """What a module here must have and may have."""

    BESIDE: tuple[str, ...] = ()
    """Other stages whose results are laid over those of its own stage, where the campaign has
    them."""
    ONLY: Mapping[str, Any] = EMPTY
    """Of which studies it is: values of keys of ``landscape:`` or ``model:`` of the config, None
    for a key that is not there, for instance ``{"energies": ["gaussian"]}``."""
    RECORDERS: tuple[str, ...] = ()
    """All that a study must have recorded to be shown."""
    ANY_RECORDER: tuple[str, ...] = ()
    """Of these recorders a study must have run one to be shown."""
    OBSERVABLES: tuple[str, ...] = ()
    """All that a study of the stage ``master`` must have observed to be shown."""
    SOLVES: tuple[str, ...] = ()
    """Of which studies of the stage ``theory`` it is, and must be there for these."""

    def curves(self, *results: "Results") -> "list[Curve]":
        """What is drawn: results by the title of their study, one mapping for each stage."""

    def draw(self, curves: "list[Curve]") -> "Picture":
        """The drawing of these curves."""
