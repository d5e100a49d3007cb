"""A reproducible computational campaign for the physics of glassy dynamics.

The packages follow the data: ``landscapes`` -> ``dynamics`` -> ``traps`` -> ``figures``, with
``dmft`` and ``theory`` beside them. Each stage is a function of its parameters and of the files
of the stage before it; see README.md for the map.
"""

import os

# A vendor's mathematics library would make the last bits of numbers depend on what happens to be
# installed. The compiler, numba, decides once whether it uses one: while it is imported.
os.environ["NUMBA_DISABLE_INTEL_SVML"] = "1"
