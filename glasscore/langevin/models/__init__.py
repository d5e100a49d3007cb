"""Energies of continuous spins: one named tuple a file, a new file a new ``name`` in the config.

A module here has a named tuple with two methods on states of shape (N, n), one column a trajectory:
``force(states)``, -dH/dS, of the same shape, and ``energy(states)``, H / N, of shape (n,). It may
have ``observables(states)``, further numbers by name, each of shape (n,). Besides it has

``draw(N, options, generator)``
    the couplings of one disorder sample, which are all that the generator is used for;
``refusal(N, options)``
    ``None``, or a key (an option, or ``N``) and what it must be, to complete "<key> is <value>,
    but must ...";
``equilibrium(model, T, shape, generator)``
    states drawn from the Boltzmann distribution, if ``STARTS`` has ``equilibrium``;
``OBSERVABLES``
    what is written of ``observables``, if there are any: its long name and symbol by name;

and the literal constants ``SPACE`` (``"flat"`` or ``"sphere"``), ``STARTS`` and ``OPTIONS`` (the
JSON schemas of further keys of ``model:`` in the config).
"""
