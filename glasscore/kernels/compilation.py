"""Compilation of kernels, the cache of their machine code, and functions with bodies by type.

``kernel`` compiles a function and keeps the machine code on disk. A compiled kernel contains the
functions of other files that it calls, but the compiler's own cache does not notice when those
files change. So the folder of the cache is named by the fingerprint of all modules that compiled
code can reach. Copies of the package with the same kernels share one folder, wherever the copies
are.

``generic`` makes a function whose body is chosen by the type of its first argument. In compiled
code the choice is made during compilation, so that it takes no time at run time and the result can
be cached; in plain Python ``functools.singledispatch`` makes it. Landscapes, rules and recorders
are named tuples of arrays and numbers that register their own bodies; with ``of_each`` a function
acts on several of them, one after the other.

This is the one way in which compiled code depends on the model: by the type of what it is given.
Python code asks a part for what the ``Protocol`` of its folder declares, constants and functions of
its module, and asks for an optional function by ``getattr(module, name, None)``.
"""

import hashlib
import os
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, singledispatch
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core.caching import CacheImpl, FunctionCache, UserProvidedCacheLocator
from numba.core.errors import TypingError
from numba.core.registry import CPUDispatcher
from numba.core.types.containers import BaseTuple
from numba.extending import intrinsic, overload

from glasscore.common.log import say
from glasscore.files.provenance import PACKAGE, decorators, source_hash
from glasscore.files.sources import cache_root, sources

# A module with one of these decorators holds compiled code: kernels, or bodies by type.
DECORATORS = {
    "kernel",
    "inlined_kernel",
    "borrowing_kernel",
    "generic",
    "generic_with_default",
    "register",
}
# The package switches SVML off before it imports the compiler; see its ``__init__``.
if numba.config.USING_SVML:
    warnings.warn(
        "numba was imported before glasscore and uses Intel's vector mathematics (SVML), so that "
        "the last bits of numbers may differ from those elsewhere: import glasscore first.",
        stacklevel=2,
    )


@cache
def cache_folder() -> Path:
    """Folder of the compiled kernels, named by their sources and by the versions of the compiler.

    The folder may not exist, and it may be impossible to make it: see ``KernelCache``.
    """
    compilers = f"numba{numba.__version__}-numpy{np.__version__}"
    return cache_root() / source_hash(modules_of_kernels()) / compilers


def modules_of_kernels() -> list[str]:
    """Modules of the package that define compiled code, by their dotted names.

    This is a kernel, or a body that ``generic`` may compile into a kernel.
    """
    names = (
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "__init__.py"
    )
    return [name for name in names if DECORATORS.intersection(decorators(name))]


class PackageCacheLocator(UserProvidedCacheLocator):
    """Where the machine code of a function of the package is kept.

    The compiler's own locators use the path and the time of the source file. This one uses its path
    within the package and its content, which may have changed after the fingerprint was taken.
    """

    def __init__(self, function: Any, file: str) -> None:
        super().__init__(function, file)
        inside = Path(file).resolve().parent.relative_to(PACKAGE)
        self._cache_path = str(cache_folder() / "glasscore" / inside)

    def get_source_stamp(self) -> str:
        """Digest of the source file."""
        return hashlib.sha256(Path(self._py_file).read_bytes()).hexdigest()

    @classmethod
    def from_function(cls, function: Any, file: str) -> "PackageCacheLocator | None":
        """The locator of a function of this package; None for other functions."""
        return cls(function, file) if Path(file).resolve().is_relative_to(PACKAGE) else None


numba.config.CACHE_DIR = str(cache_folder())
# The compiler's own locators follow, for kernels outside of the package, for instance in a
# notebook.
numba.config.CACHE_LOCATOR_CLASSES = ",".join(
    f"{locator.__module__}.{locator.__name__}"
    for locator in (PackageCacheLocator, *CacheImpl._locator_classes)
)

PROCESS = uuid.uuid4().hex[:12]


class KernelCache(FunctionCache):
    """Machine code of one kernel, by the types of its arguments, shared between processes.

    The compiler's own cache has two faults, which this class avoids. It numbers the files of a
    kernel by their entry in an index; two processes that add files at the same time take the same
    number, so that the code for one type could be used for another. Here the process is part of the
    name of a file. And types that other processes cannot import, for instance those of a script,
    make the index unreadable for them. Here code for such types is not kept.

    A fault of the cache never makes a kernel fail. If a file of the cache cannot be read or
    written, the log says so once, and this process compiles for itself.
    """

    _has_complained = False

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache_file._data_name_pattern = f"{PROCESS}.{self._cache_file._data_name_pattern}"

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The code that is kept for some types; None if there is none, or if it cannot be read."""
        try:
            return super().load_overload(sig, target_context)
        except Exception as error:  # a damaged file may cause any error
            self._give_up(error)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for some types, if it can be written."""
        shared = isinstance(self._impl.locator, PackageCacheLocator)
        # The folder is named by the sources as they were when they were read. If they have changed
        # since, this code may belong to the old ones or to the new ones, and is not kept.
        if not shared or (_packages_of(sig) <= {"glasscore"} and not sources().changed()):
            try:
                super().save_overload(sig, data)
            except Exception as error:
                self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            with suppress(OSError):  # so that the damaged file is written again
                os.unlink(self._cache_file._index_path)
        if not KernelCache._has_complained:
            KernelCache._has_complained = True
            reason = getattr(error, "strerror", None) or repr(error)
            say(
                f"kernels are compiled for this job alone, as {self.cache_path} cannot be used "
                f"({reason}): set GLASSCORE_CACHE to a folder with room that is yours"
            )


def _packages_of(types: Iterable[Any]) -> set[str]:
    """The packages in which the classes and functions among some types are defined."""
    found = set()
    for one in types:
        function = getattr(getattr(one, "dispatcher", None), "py_func", None)
        for source in (getattr(one, "instance_class", None), function):
            if source is not None:
                found.add(source.__module__.partition(".")[0])
        found |= _packages_of(getattr(one, "types", ()))
    return found


# All options are given, because the compiler takes missing ones from the first caller. Entries for
# callers in C would take a tenth of the time of compiling, and nothing uses them.
OPTIONS = {"error_model": "numpy", "no_cfunc_wrapper": True}


def _cached(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    compiled = numba.njit(**OPTIONS, **options)

    def decorate(function: Callable[..., Any]) -> Any:
        dispatcher = compiled(function)
        if not numba.config.DISABLE_JIT:
            dispatcher._cache = KernelCache(function)
        return dispatcher

    return decorate


kernel = _cached(_nrt=True)
# This is for functions of many arrays inside hot loops. The usual counting of references to each
# array at every call would take longer than the function itself, and is left out. So neither these
# functions nor those that they call may make an array, or return one, since its memory would never
# be freed. For the same reason they may not take random generators from Python.
borrowing_kernel = _cached(_nrt=False)


class _Inlined(CPUDispatcher):
    """An inlined kernel. An entry for callers in Python is compiled when one of them calls it."""

    def __call__(self, *arguments: Any) -> Any:
        if not hasattr(self, "_entry"):
            inlined = self
            self._entry = numba.njit(**OPTIONS, _nrt=True)(lambda *given: inlined(*given))
        return self._entry(*arguments)


def inlined_kernel(function: Callable[..., Any]) -> Any:
    """Compile a small function for use inside hot loops of kernels.

    A loop that calls a function cannot be vectorised, so that this one becomes part of the loop.
    Most of these functions are called by kernels alone. Entries for callers in Python would take a
    sixth of the time of compiling.
    """
    inlined = _cached(_nrt=True, forceinline=True, no_cpython_wrapper=True)(function)
    if not numba.config.DISABLE_JIT:
        inlined.__class__ = _Inlined
    return inlined


def generic(stub: Callable[..., Any]) -> Any:
    """Make a function with one body for each type of its first argument.

    A body is registered with ``@function.register`` on a plain Python function whose first
    parameter is annotated with a named tuple. ``stub`` has the name and the docstring; it is never
    run.
    """

    def undefined(first: Any, *others: Any) -> Any:
        raise TypingError(f"{stub.__name__} is not defined for {first}")

    undefined.__doc__, undefined.__name__ = stub.__doc__, stub.__name__
    return _dispatched(undefined, None)


def generic_with_default(default: Callable[..., Any]) -> Any:
    """Make a function like ``generic``, with the body ``default`` for types without their own."""
    return _dispatched(default, default)


# Bodies by type are compiled into their callers, with these options whatever those of the caller
# are.
INTO_CALLERS = {**OPTIONS, "forceinline": True, "_nrt": True}
_several: set[type] = set()


def _dispatched(stub: Callable[..., Any], default: Callable[..., Any] | None) -> Any:
    function: Any = singledispatch(stub)
    function.several = set()

    def choose(first: Any, *others: Any) -> Callable[..., Any] | None:
        named_tuple = getattr(first, "instance_class", None)
        if named_tuple in function.several:
            return None  # the body of ``of_each`` applies
        if named_tuple in _several:
            raise TypingError(f"{stub.__name__} is not defined for several: see of_each.")
        body = function.registry.get(named_tuple, default)
        if body is None:
            stub(first)
        return body

    overload(function, strict=False, jit_options=INTO_CALLERS)(choose)
    return function


def of_each(function: Any, several: type, together: Callable[..., Any] | None = None) -> None:
    """Let ``function`` of several things act on each of them, in their order.

    Compiling a body that does nothing takes as long as compiling any other. So the function is
    compiled only for the things that have a body of their own.

    Parameters
    ----------
    function
        A function made by ``generic_with_default``. Its default does nothing, or returns a value
        that does not change the result of ``together``, such as infinity for ``min``. Bodies return
        numbers or nothing, and no arrays.
    several
        A class of named tuples with one field, ``each``, which is a tuple of the things.
    together
        How the values are combined: ``min`` or ``max``. None if the bodies return nothing.
    """
    _several.add(several)
    function.several.add(several)
    default = function.registry[object]

    @function.register(several)
    def _(things: Any, *others: Any) -> Any:
        # As when compiled, things without a body of their own are passed over.
        bodies = [(function.registry.get(type(one)), one) for one in things.each]
        values = [body(one, *others) for body, one in bodies if body]
        if not values:
            return default(things, *others)
        return together(values) if together else None

    def with_a_body(things: Any) -> list[tuple[int, Any]]:
        named = (
            (number, one, getattr(one, "instance_class", None))
            for number, one in enumerate(things.types[0].types)
        )
        return [(number, one) for number, one, kind in named if kind in function.registry]

    @intrinsic
    def in_turn(typing: Any, things: Any, others: Any) -> Any:
        """The values of the things that have a body of their own, as a tuple."""
        verb = typing.resolve_value_type(function)
        calls = [
            (number, verb.get_call_type(typing, (one, *others.types), {}))
            for number, one in with_a_body(things)
        ]
        kind = BaseTuple.from_types([signature.return_type for _, signature in calls])

        def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
            each = builder.extract_value(arguments[0], 0)
            rest = [builder.extract_value(arguments[1], n) for n in range(len(others.types))]
            values = []
            for number, signature in calls:
                call = context.get_function(verb, signature)
                values.append(call(builder, (builder.extract_value(each, number), *rest)))
            return context.make_tuple(builder, kind, values)

        return kind(things, others), generate

    def choose(things: Any, *others: Any) -> Callable[..., Any] | None:
        if getattr(things, "instance_class", None) is not several:
            return None
        if not with_a_body(things):
            return default
        if together is None:
            return lambda things, *others: in_turn(things, others)
        return lambda things, *others: together(in_turn(things, others))

    overload(function, strict=False, jit_options=INTO_CALLERS | {"_nrt": False})(choose)


def records(shape: int | tuple[int, ...], layout: np.dtype[Any]) -> np.ndarray:
    """Records of zeros whose fields are attributes, in compiled kernels and in plain Python.

    NumPy's record arrays would do as well, but the compiler takes a millisecond at every call of a
    kernel to find out their type.
    """
    zeros = np.zeros(shape, layout)
    return zeros.view(np.recarray) if numba.config.DISABLE_JIT else zeros


_seconds = 0.0
_seconds_of_compiling = 0.0


@contextmanager
def kernels_running() -> Iterator[None]:
    """Add the CPU time of the calls of kernels inside to the sum in the job's log."""
    global _seconds
    start = time.process_time()
    try:
        yield
    finally:
        _seconds += time.process_time() - start


def seconds_in_kernels() -> float:
    """CPU time spent in kernels so far."""
    return _seconds


def seconds_of_compiling() -> float:
    """CPU time spent so far on compiling kernels, or on reading them from the cache."""
    return _seconds_of_compiling


@contextmanager
def compiled_once(name: str) -> Iterator[None]:
    """Let one of many processes compile while the others wait and then read the cache.

    The time spent here counts as spent on compiling, and not as spent in kernels.

    Parameters
    ----------
    name
        What is compiled; processes that give the same name wait for each other.
    """
    global _seconds, _seconds_of_compiling
    before, start = _seconds, time.process_time()
    with ExitStack() as opened:
        # If there is no cache, or there are no locks, each process compiles for itself.
        with suppress(ImportError, OSError):
            import fcntl

            cache_folder().mkdir(parents=True, exist_ok=True)
            lock = opened.enter_context(open(cache_folder() / f"{name}.lock", "w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    _seconds = before
    _seconds_of_compiling += time.process_time() - start
