"""The verbs of a workspace of the complete graph, which draws how its state is left."""

from glasscore.kernels.compilation import generic


@generic
def fill(work, landscape, rule, position):
    """Write down what the other verbs need to know of ``position``."""


@generic
def wait(work, landscape, rule, position, rng):
    """Draw the time until a move is proposed."""


@generic
def propose(work, landscape, rule, position, rng):
    """Draw where that move leads, and write it down."""


@generic
def proposed_energy(work):
    """Energy of the state where it leads."""


@generic
def write_down(work, destination):
    """Write where the proposal, or the accepted attempt, leads into ``destination``, shape (2,)."""


@generic
def read_back(work, destination):
    """Take over what ``write_down`` wrote."""


@generic
def try_any(work, landscape, rule, position, rng):
    """Attempt a move to a uniformly drawn state; return whether it is accepted."""


@generic
def go(work, landscape, position, rng):
    """Go where the proposal, or the accepted attempt, leads."""
