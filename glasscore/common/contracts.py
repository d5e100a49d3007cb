"""How the contracts of parts are written: what the modules of a folder must have and may have.

The contract of a folder is one ``typing.Protocol`` in its ``__init__``, with modules in the place
of objects. Constants without a value must be there. Constants with one may be: it holds where they
are not. Functions must be there, but for those that are marked ``optional``. All parts of all
folders are held against their contracts in tests/common/test_contracts.py.
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
