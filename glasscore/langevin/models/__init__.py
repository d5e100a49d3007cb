"""Energies of continuous spins: one named tuple a file, a new file a new ``name`` in the config.

A module here has a named tuple with two methods on states of shape (N, n), one column a trajectory:
``force(states)``, -dH/dS, of the same shape, and ``energy(states)``, H / N, of shape (n,). It may
have ``observables(states)``, further numbers by name, each of shape (n,). If it has
``in_wells(states, time)`` and ``from_others(states)``, it moves by steps of
``glasscore.langevin.split_steps``. Besides it has

``draw(N, options, generator)``
    the couplings of one disorder sample, which are all that the generator is used for;
``refusal(N, options)``
    ``None``, or a key (an option, or ``N``) and what it must be, to complete "<key> is <value>,
    but must ...";
``equilibrium(model, T, shape, generator)``
    states drawn from the Boltzmann distribution, if ``STARTS`` has ``equilibrium``;
``planted(N, options, T, of_couplings, of_state)``
    couplings and a state in equilibrium, drawn together, if ``STARTS`` has ``planted``; and
    ``cannot_be_planted(options, T)``, like ``refusal``;
``LONGEST_STEP``
    the longest time step in units of 1/J, if there is one;
``OBSERVABLES``
    what is written of ``observables``, if there are any: its long name and symbol by name;

and the literal constants ``SPACE`` (``"flat"`` or ``"sphere"``), ``STARTS`` and ``OPTIONS`` (the
JSON schemas of further keys of ``model:`` in the config).
"""
