"""Laws of the energies: one named tuple a file, with its level at a state.

A module here has a named tuple, its registered ``level``, ``create(N, key, options)``, the law
``density(energy, N, options)``, ``critical_temperature(options)``, and the constants ``INFINITE_N``
(does the law exist for N = infinity) and ``OPTIONS`` (the JSON schemas of further keys of
``landscape:`` in the config, each with a default; their values are the ``options``).
"""
