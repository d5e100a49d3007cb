"""What a module or a test of this project depends on, read from the sources; nothing is imported.

A module depends on what it imports, directly or not. Imports are found in three ways:

- ``import`` statements, wherever they stand in the file;
- ``import_module(...)`` of a text, of an f-string, whose fields may stand for any module, and of
  ``discovery.module("folder", name)``, which may be any part of the folder (a constant of the
  module may stand for its text);
- in tests only: names of modules in any text, such as a script for another process.

Three things are not seen: an ``import_module`` whose argument is neither of these
(:attr:`Imports.unread` lists them), names that are put together elsewhere and handed over, and
files that are read or run by their path. A test that does one of these is therefore taken to depend
on the whole project: see :func:`reads_the_project`.
"""

import ast
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = ("glasscore", "snakemake_logger_plugin_glasscore", "tests")
# Functions that load a module by its name.
LOADERS = {"import_module", "__import__"}
# Any name of a module, in place of a field of an f-string.
ANY = r"\w+(?:\.\w+)*"
# A name of a module in a text, and one in an ``import`` statement in a text.
NAME = re.compile(r"\b(?:glasscore|tests)(?:\.\w+)+")
STATEMENT = re.compile(r"\bfrom (\w[\w.]*) import \(?([\w, ]+)")
# The arguments of a process that runs nothing but a text.
RUNS_A_TEXT = re.compile(r"\[sys\.executable, ('-W', 'ignore', )?'-c', ")
# Modules that read the sources of other modules. The first finds out which parts there are. The
# others compute names of caches and fingerprints of results, on which no number depends.
READS_PARTS = {"glasscore.common.discovery"}
READS_TO_NAME = {"glasscore.files.provenance", "glasscore.files.sources"}
# A test that uses one of these may read or run any file of the project.
OF_FILES = {"__file__", "rootpath", "PACKAGE", "runpy", "subprocess"}
# A test that imports one of these reads the sources, or runs arbitrary commands.
ABOUT_ALL = {"glasscore.__main__", *READS_PARTS, *READS_TO_NAME}


class Imports(NamedTuple):
    """The modules that a module loads, according to its source.

    Attributes
    ----------
    stated
        Names in ``import`` statements: modules, and things in modules.
    by_string
        Regular expressions of the modules that ``import_module`` may be asked for.
    unread
        Source text of each use of ``import_module`` whose modules cannot be determined.
    """

    stated: frozenset[str]
    by_string: frozenset[str]
    unread: tuple[str, ...]


def files() -> dict[str, Path]:
    """All modules of the project, by their dotted names."""
    found = [path for package in PACKAGES for path in sorted((PROJECT / package).rglob("*.py"))]
    return {name_of(path): path for path in found}


def name_of(path: Path) -> str:
    """Dotted name of a module of the project, from its path."""
    parts = (PROJECT / path).relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_in(tree: ast.Module, package: str = "") -> Imports:
    """The modules that a source loads.

    Parameters
    ----------
    tree
        The source.
    package
        Dotted name of the package that relative imports start from.
    """
    stated: set[str] = set()
    by_string: set[str] = set()
    unread: list[str] = []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {id(call.func) for call in calls}
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                stated |= {alias.name for alias in names}
            case ast.ImportFrom(module, names, level):
                above = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                base = ".".join([*above, *([module] if module else [])])
                stated |= {base} | {f"{base}.{alias.name}" for alias in names}
            case ast.Call() if _is_loader(node.func):
                pattern = _pattern(node.args[0], constants) if node.args else None
                if pattern is None:
                    unread.append(ast.unparse(node))
                else:
                    by_string.add(pattern)
            case ast.Name() | ast.Attribute() if _is_loader(node) and id(node) not in called:
                unread.append(ast.unparse(node))  # handed over: what it is called with is not seen
    return Imports(frozenset(stated), frozenset(by_string), tuple(unread))


def _is_loader(node: ast.expr) -> bool:
    return getattr(node, "id", getattr(node, "attr", "")) in LOADERS


def _pattern(argument: ast.expr, constants: dict[str, ast.Constant]) -> str | None:
    """Regular expression of the modules that an argument of ``import_module`` may name."""
    match argument:
        case ast.Constant(str(text)) if not text.startswith("."):
            return re.escape(text)
        case ast.JoinedStr(values):
            return "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANY
                for part in values
            )
        case ast.Call(ast.Attribute(ast.Name("discovery"), "module"), [folder, *_]):
            if isinstance(folder, ast.Name):
                folder = constants.get(folder.id, folder)
            if isinstance(folder, ast.Constant):
                return re.escape(f"glasscore.{folder.value.replace('/', '.')}.") + ANY
    return None


@cache
def tree_of(path: Path) -> ast.Module:
    """The source of a module of the project."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> Imports:
    """The modules that a module of the project loads."""
    name = name_of(path)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return imports_in(tree_of(path), package)


def loaded_by_string(path: Path, modules: Iterable[str]) -> set[str]:
    """The modules, out of some given ones, that a module may load with ``import_module``."""
    patterns = [re.compile(pattern) for pattern in imports_of(path).by_string]
    return {name for name in modules if any(pattern.fullmatch(name) for pattern in patterns)}


@cache
def _texts(path: Path) -> tuple[str, ...]:
    """All texts in a source, also the parts of f-strings."""
    nodes = (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant))
    return tuple(node.value for node in nodes if isinstance(node.value, str))


def named_in_texts(path: Path) -> set[str]:
    """Modules, and things in modules, that the texts in a source name."""
    found: set[str] = set()
    for text in _texts(path):
        found |= set(NAME.findall(text))
        for module, things in STATEMENT.findall(text):
            found |= {f"{module}.{thing.strip()}" for thing in things.split(",")}
    return found


@cache
def reads_the_project(path: Path) -> bool:
    """Whether a test, or a helper of tests, may depend on any file of the project.

    It does if it reads or runs files by their path, starts programs, asks what stands in the
    sources, or loads a module whose name cannot be read. An exception is a process that runs a text
    of the test and nothing else (``[sys.executable, "-c", TEXT]``): the modules that the text
    imports are found in it.
    """
    tree = tree_of(path)
    used = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(tree)}
    used |= imports_of(path).stated
    of_files = used & OF_FILES
    functions = {name for name in used if name.startswith("subprocess.")}
    if of_files <= {"subprocess", "rootpath"} and not functions and _runs_texts_alone(tree):
        of_files = set()
    names_a_file = any(_is_file(text) for text in _texts(path))
    return bool(of_files or used & ABOUT_ALL or imports_of(path).unread or names_a_file)


def _runs_texts_alone(tree: ast.Module) -> bool:
    """Whether all processes of a test run a text and use the project's folder only to run in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("subprocess."):
            command = ast.unparse(node.args[0]) if node.args else ""
            if not RUNS_A_TEXT.match(command):
                return False
    places = [node for node in ast.walk(tree) if getattr(node, "attr", "") == "rootpath"]
    keywords = [node for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    return {id(one) for one in places} <= {id(one.value) for one in keywords if one.arg == "cwd"}


def _is_file(text: str) -> bool:
    if not text or len(text) > 200 or not re.fullmatch(r"[\w./ -]+", text):
        return False
    return (PROJECT / text).is_file()


class Reach:
    """The dependencies of each module and test.

    Parameters
    ----------
    also
        Names of modules that were deleted.
    """

    def __init__(self, also: Iterable[str] = ()) -> None:
        self._files = files()
        self._known = {*self._files, *also}
        self._direct: dict[str, set[str]] = {}

    def direct(self, name: str) -> set[str]:
        """The modules that a module loads itself, and the packages they lie in."""
        if name not in self._direct:
            path = self._files.get(name)
            found = set()
            if path is not None:
                found = imports_of(path).stated | loaded_by_string(path, self._known)
                if name.startswith("tests."):
                    found |= named_in_texts(path)
                if name in READS_PARTS:
                    found |= {one for one in self._known if one.startswith("glasscore.")}
            found = {*found, *_packages({name, *found})}
            self._direct[name] = found & self._known
        return self._direct[name]

    def of(self, name: str) -> set[str]:
        """All modules that a module depends on, itself included."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting.extend(self.direct(one))
        return found

    def is_of_the_project(self, name: str) -> bool:
        """Whether a test, or a helper that it loads, may depend on any file of the project."""
        helpers = (one for one in self.of(name) if one.startswith("tests."))
        return any(reads_the_project(self._files[one]) for one in helpers if one in self._files)


def _packages(names: Iterable[str]) -> set[str]:
    parts = [name.split(".") for name in names]
    return {".".join(one[:count]) for one in parts for count in range(1, len(one))}
