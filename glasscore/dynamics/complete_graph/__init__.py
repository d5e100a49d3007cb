"""How a state of the complete graph is left: one workspace a file.

``traps``: rules that do not look where a move leads. ``fresh_states`` and ``sorted_states``:
Metropolis's rule, among infinitely many states and among M. ``thinned``: any other rule with
detailed balance.
"""
