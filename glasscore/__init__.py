"""A reproducible computational campaign for the physics of glassy dynamics.

The packages follow the data: ``landscapes`` -> ``dynamics`` -> ``traps`` -> ``figures``, with
``dmft`` and ``theory`` beside them. Each stage is a function of its parameters and of the files
of the stage before it; see README.md for the map.
"""

import os

# A vendor's mathematics library would make the last bits of numbers depend on what happens to be
# installed. The compiler, numba, decides once whether it uses one: while it is imported.
os.environ["NUMBA_DISABLE_INTEL_SVML"] = "1"
# The HDF5 library locks each file that it opens, unless this is set before it is loaded. Result
# files need no locks, as they appear whole, and some file systems of clusters have none to give.
os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")


def __getattr__(name: str) -> str:
    """The version, ``glasscore.__version__``, which is looked up only where it is asked for."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version(__name__)
