"""A reproducible computational campaign for the physics of glassy dynamics.

The packages follow the data: ``landscapes`` -> ``dynamics`` -> ``traps`` -> ``figures``, with
``dmft`` and ``theory`` beside them. Each stage is a function of its parameters and of the files
of the stage before it; see README.md for the map.
"""


def __getattr__(name: str) -> str:
    """The version, ``glasscore.__version__``, which is looked up only where it is asked for."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version(__name__)
