"""How the contracts of parts are written: what the modules of a folder must have and may have.

The contract of a folder is one ``typing.Protocol`` in its ``__init__``. Its attributes and methods
are those of a module, instead of an object. A module must have the constants that have no value in
the contract; it may leave out those with a value, which then is their default. A module must have
all functions, except those that are marked ``optional``. The test tests/common/test_contracts.py
compares all parts of all folders with their contracts.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

EMPTY: Mapping[str, Any] = MappingProxyType({})
Function = TypeVar("Function", bound=Callable[..., object])


def optional(function: Function) -> Function:
    """Mark a function of a contract that a module may leave out."""
    function.is_optional = True  # type: ignore[attr-defined]
    return function
