"""A reproducible computational campaign for the physics of glassy dynamics.

The packages follow the data: ``landscapes`` -> ``dynamics`` -> ``traps`` -> ``figures``, with
``dmft`` and ``theory`` beside them. Each stage is a function of its parameters and of the files
of the stage before it; see README.md for the map.
"""

import os

# The HDF5 library locks each file that it opens, unless this is set before it is loaded. Result
# files need no locks, as they appear whole, and some file systems of clusters have none to give.
os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")
