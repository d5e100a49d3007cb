"""The fingerprint of the code of each module of a package, and what it imports.

Parsing all sources takes two seconds. So the results are kept in a file in the folder of caches
(:func:`cache_root`), where they are found by the content of each source.
"""

import ast
import hashlib
import os
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

from glasscore.files.whole_file import file_state, read_cached, write_cached

# The file keeps so many sources at most, which is enough for some twenty versions of the package.
MOST_KEPT = 8000
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
GUARD = "TYPE_CHECKING"
# Fields of the syntax tree that only later versions of Python have. They are left out where they
# are empty, so that code that does not use them has the same fingerprint in all versions.
NEW_FIELDS = ("type_params", "default_value")


class Source(NamedTuple):
    """What is known about the code of a module.

    Attributes
    ----------
    fingerprint
        Digest of its code, without docstrings, comments and layout.
    imports
        Dotted names that it imports, also inside functions, but not those for type checking only.
        Some are names of modules, others of functions or classes in modules.
    decorators
        Names of the decorators that it uses, without the module names before them.
    """

    fingerprint: str
    imports: tuple[str, ...]
    decorators: tuple[str, ...]


def cache_root() -> Path:
    """The folder of all caches, which may not exist, and which it may be impossible to make."""
    chosen = os.environ.get("GLASSCORE_CACHE") or os.environ.get("NUMBA_CACHE_DIR")
    shared = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        return Path(chosen or Path(shared, "glasscore")).expanduser().absolute()
    except RuntimeError:  # this user has no home
        return Path(os.devnull, "home")


class Sources:
    """The sources that were parsed, in this process or in an earlier one.

    Parameters
    ----------
    file
        The file in which they are kept.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        noted = read_cached(file) or {}
        self._kept = {
            key: Source(fingerprint, tuple(imports), tuple(decorators))
            for key, (fingerprint, imports, decorators) in noted.items()
        }
        self._is_new = False
        self._states: dict[Path, list[int]] = {}

    def read(self, name: str, path: Path) -> Source:
        """What is known about a module.

        Parameters
        ----------
        name
            The dotted name of the module.
        path
            Its file.
        """
        self._states[path] = file_state(path)
        content = path.read_bytes()
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        key = hashlib.sha256(f"{sys.version}\n{package}\n".encode() + content).hexdigest()
        if key not in self._kept:
            self._kept[key] = _parsed(content.decode(), package)
            self._is_new = True
        return self._kept[key]

    def keep(self) -> None:
        """Write the file if it has changed and can be written."""
        if not self._is_new:
            return
        self._is_new = False
        write_cached(self._file, dict(list(self._kept.items())[-MOST_KEPT:]))

    def changed(self) -> list[Path]:
        """The files that were written since they were read, even if their content is the same."""
        return [path for path, state in self._states.items() if not _is_as_before(path, state)]


@cache
def sources() -> Sources:
    """The sources of this process. Each version of this module has a file of its own."""
    version = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    return Sources(cache_root() / f"sources-{version}.json")


def _is_as_before(path: Path, state: list[int]) -> bool:
    try:
        return file_state(path) == state
    except OSError:
        return False


def _parsed(text: str, package: str) -> Source:
    reader = _Reader(package)
    reader.visit(ast.parse(text))
    code = " ".join(reader.code)
    digest = hashlib.sha256(code.encode(errors="surrogatepass")).hexdigest()
    return Source(digest, tuple(sorted(reader.imports)), tuple(sorted(reader.decorators)))


class _Reader:
    """Reads a syntax tree once, from top to bottom.

    Parameters
    ----------
    package
        The package of the module, from which relative imports start.

    Attributes
    ----------
    code
        All nodes and values of the tree except docstrings, in order.
    imports, decorators
        As in ``Source``.
    """

    def __init__(self, package: str) -> None:
        self.package = package.split(".")
        self.code: list[str] = []
        self.imports: set[str] = set()
        self.decorators: set[str] = set()
        self._runs = True

    def visit(self, node: ast.AST) -> None:
        """Read a node, and all below it."""
        self.code.append(type(node).__name__)
        match node:
            case ast.Import(names) if self._runs:
                self.imports |= {alias.name for alias in names}
            case ast.ImportFrom(module, names, level) if self._runs:
                above = self.package[: len(self.package) - level + 1] if level else []
                base = ".".join([*above, *([module] if module else [])])
                self.imports |= {base} | {f"{base}.{alias.name}" for alias in names}
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.decorators |= set(map(_name, node.decorator_list))
        without = None
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            without = node.body[0]
        # Imports under ``if TYPE_CHECKING`` never run.
        ran, is_guard = self._runs, isinstance(node, ast.If) and _name(node.test) == GUARD
        for field in node._fields:
            self._runs = ran and not (is_guard and field == "body")
            value = getattr(node, field)
            if field in NEW_FIELDS and not value:
                continue
            if isinstance(value, list):
                self.code.append("[")
                for item in value:
                    if item is not without:
                        self._read(item)
                self.code.append("]")
            else:
                self._read(value)
        self._runs = ran

    def _read(self, value: object) -> None:
        if isinstance(value, ast.AST):
            self.visit(value)
        else:
            self.code.append(repr(value))


def _name(expression: ast.expr) -> str:
    """The last name of ``name``, ``module.name`` or a call of them; empty for anything else."""
    called = expression.func if isinstance(expression, ast.Call) else expression
    return getattr(called, "attr", getattr(called, "id", ""))
