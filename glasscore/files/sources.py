"""What the sources of a package say: the fingerprint of each module's code, and what it imports.

To parse all sources takes a process two seconds. What was found is therefore kept in a file, by the
content of the sources, in the folder of caches (:func:`cache_root`).
"""

import ast
import hashlib
import os
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

from glasscore.files.whole_file import keep_note, kept_note, state_of

# The file holds so many sources at most: those of some twenty states of the package.
MOST_KEPT = 8000
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
GUARD = "TYPE_CHECKING"
# Later versions of Python have these too: what does not use them has the same code in all versions.
NEW_FIELDS = ("type_params", "default_value")


class Source(NamedTuple):
    """What a module says.

    Attributes
    ----------
    fingerprint
        Digest of its code: docstrings, comments and layout do not count.
    imports
        Dotted names that it imports, also inside functions, but not for type checking alone; some
        of them are modules, others functions or classes in modules.
    decorators
        Names of the decorators in it, without the modules before them.
    """

    fingerprint: str
    imports: tuple[str, ...]
    decorators: tuple[str, ...]


def cache_root() -> Path:
    """Folder of all caches, which need not be there, nor be one that can be made."""
    chosen = os.environ.get("GLASSCORE_CACHE") or os.environ.get("NUMBA_CACHE_DIR")
    shared = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        return Path(chosen or Path(shared, "glasscore")).expanduser().absolute()
    except RuntimeError:  # this user has no home
        return Path(os.devnull, "home")


class Sources:
    """The sources that have been looked at, in this process or an earlier one.

    Parameters
    ----------
    file
        Where they are kept.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        noted = kept_note(file) or {}
        self._kept = {
            key: Source(fingerprint, tuple(imports), tuple(decorators))
            for key, (fingerprint, imports, decorators) in noted.items()
        }
        self._is_new = False
        self._states: dict[Path, list[int]] = {}

    def read(self, name: str, path: Path) -> Source:
        """What a module says.

        Parameters
        ----------
        name
            Its dotted name.
        path
            The file that holds it.
        """
        self._states[path] = state_of(path)
        content = path.read_bytes()
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        key = hashlib.sha256(f"{sys.version}\n{package}\n".encode() + content).hexdigest()
        if key not in self._kept:
            self._kept[key] = _parsed(content.decode(), package)
            self._is_new = True
        return self._kept[key]

    def keep(self) -> None:
        """Write the file, if there is news and it can be written."""
        if not self._is_new:
            return
        self._is_new = False
        keep_note(self._file, dict(list(self._kept.items())[-MOST_KEPT:]))

    def changed(self) -> list[Path]:
        """The files that were written since they were read, even if they are as before again."""
        return [path for path, state in self._states.items() if not _is_as_before(path, state)]


@cache
def sources() -> Sources:
    """Those of this process; another version of this module has another file."""
    version = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    return Sources(cache_root() / f"sources-{version}.json")


def _is_as_before(path: Path, state: list[int]) -> bool:
    try:
        return state_of(path) == state
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
        All nodes and values of the tree but docstrings, in order.
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
        # What is imported for type checking alone never runs.
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
