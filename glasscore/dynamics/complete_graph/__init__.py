"""Workspaces of the complete graph, one per file: they draw the moves out of a state.

The module ``traps`` serves rules whose rates do not depend on the destination of a move. The
modules ``fresh_states`` and ``sorted_states`` serve Metropolis's rule: the first among infinitely
many states, the second among M states. The module ``thinned`` serves every other rule with detailed
balance.
"""
