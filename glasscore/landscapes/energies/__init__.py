"""Laws of the energies: one named tuple a file, with its level at a state.

A module here has a named tuple, its registered ``level``, ``create(N, key, options)``, the law
``density(energy, N)``, and the constants ``CRITICAL_TEMPERATURE`` (T_c of the model, units of J),
``INFINITE_N`` (does the law exist for N = infinity) and ``OPTIONS`` (the JSON schemas of further
keys of ``landscape:`` in the config).
"""
