"""A reproducible computational campaign for the physics of glassy dynamics.

The packages follow the data: ``landscapes`` -> ``dynamics`` -> ``traps`` -> ``figures``, with
``dmft`` and ``theory`` beside them. Each stage is a function of its parameters and of the files
of the stage before it; see README.md for the map.
"""
