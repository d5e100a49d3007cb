"""Laws of the energies: one named tuple a file, with its verbs of ``landscapes.interface``.

A module here has a named tuple, its registered verbs (``level`` alone, or those of energies that
are kept up to date), ``create(N, key, options)``, ``critical_temperature(options)``, and the
constants ``INFINITE_N`` (does the law exist for N = infinity), ``LARGEST_N`` (64, one word a state,
if it is not given) and ``OPTIONS`` (the JSON schemas of further keys of ``landscape:`` in the
config, each with a default; their values are the ``options``).

It may have ``density(energy, N, options)``, the law of the energies; ``correlation(N, options)``,
the exact correlation of neighbours' energies; ``threshold(N, options)``, the energy of states of
the hypercube that have one lower neighbour on average, or ``None`` where there are none so low; and
``refusal(N, options)``, which returns ``None``
or a key (an option, or ``N``) and what it must be, to complete "<key> is <value>, but must ...".
"""
