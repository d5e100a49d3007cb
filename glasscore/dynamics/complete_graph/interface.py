"""The verb that workspaces of the complete graph have besides the verbs of all workspaces."""

from glasscore.kernels.compilation import generic


@generic
def drawn_energy(work):
    """Energy of the destination of the move that was drawn last."""
