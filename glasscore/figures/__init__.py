"""Figures: one file each, drawn from the curves it computes.

A new file is a new word for ``figures:`` in the config; the text at its head is the caption.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from glasscore.contracts import EMPTY

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure as Picture

    from glasscore.figures.curves import Curve

    Results = dict[str, list[xr.Dataset]]


class Figure(Protocol):
    """What a module here must have and may have."""

    NEEDS: str | tuple[str, ...]
    """The stage whose results it shows; or several, of which the campaign must have the first and
    those that it has of the others are laid over."""
    ONLY: Mapping[str, Any] = EMPTY
    """Of which studies it is: values of keys of ``landscape:`` or ``model:`` of the config, None
    for a key that is not there, for instance ``{"energies": ["gaussian"]}``."""
    RECORDERS: tuple[str, ...] = ()
    """What all its studies must have recorded."""
    ANY_RECORDER: tuple[str, ...] = ()
    """Of which studies it is: those that have run one of these recorders."""
    OBSERVABLES: tuple[str, ...] = ()
    """Of which studies it is: those of the stage ``master`` with all of these observables."""
    SOLVES: tuple[str, ...] = ()
    """Of which studies of the stage ``theory`` it is, and must be there for these."""

    def curves(self, *results: "Results") -> "list[Curve]":
        """What is drawn: results by the title of their study, one mapping a stage of ``NEEDS``."""

    def draw(self, curves: "list[Curve]") -> "Picture":
        """The drawing of these curves."""
