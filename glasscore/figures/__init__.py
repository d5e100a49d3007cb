"""Figures: each has a file of its own, in the folder of the stage whose results it shows.

A new file makes a new word for ``figures:`` in the config. Its module docstring is the caption of
the figure in the report: it must hold for every drawing of the figure. Sentences that hold for some
drawings stand in ``EXPLAINED`` and in the notes of curves. Formulas stand between dollar signs.
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
    """What the module of a figure must define, and what it may define."""

    BESIDE: tuple[str, ...] = ()
    """Other stages whose results are drawn with those of its own stage, if there are any."""
    ONLY: Mapping[str, Any] = EMPTY
    """The studies that it shows: allowed values of keys of ``landscape:`` or ``model:`` of the
    config, None for a key that is not there, for instance ``{"energies": ["gaussian"]}``."""
    RECORDERS: tuple[str, ...] = ()
    """Recorders that a study must all have run to be shown."""
    ANY_RECORDER: tuple[str, ...] = ()
    """Recorders of which a study must have run at least one to be shown."""
    OBSERVABLES: tuple[str, ...] = ()
    """Observables that a study of the stage ``master`` must all have to be shown."""
    SOLVES: tuple[str, ...] = ()
    """The values of ``solve:`` whose studies of the stage ``theory`` it shows. A figure in the
    folder of this stage must define it."""

    PROTOCOLS: bool = False
    """Does it show simulations in a field, or whose temperature or field changes? The laws of other
    figures hold at a constant temperature without a field."""

    EXPLAINED: Mapping[str, str] = EMPTY
    """Sentences of the caption by a text, such as the label of a line. A sentence is part of the
    caption of a drawing in which a label, or the title of a panel, contains the text. It need be no
    literal, unlike the other constants."""

    def curves(self, *results: "Results") -> "list[Curve]":
        """Compute what is drawn from results by the title of their study, one mapping a stage."""

    def draw(self, curves: "list[Curve]") -> "Picture":
        """The drawing of these curves."""
