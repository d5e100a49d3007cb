"""What workspaces of the complete graph are asked besides the verbs of all workspaces."""

from glasscore.kernels.compilation import generic


@generic
def drawn_energy(work):
    """Energy of the state to which the move leads that was drawn last."""
