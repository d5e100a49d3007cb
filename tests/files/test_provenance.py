"""The fingerprint sees every change of code, and nothing else."""

import ast
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib import import_module

import numpy as np
import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import read, validated
from glasscore.campaign.schema import schema
from glasscore.files import provenance, sources
from glasscore.files.provenance import PACKAGE, canonical_json, dependencies
from glasscore.files.sources import Sources
from glasscore.files.whole_file import read_cached
from glasscore.kernels import compilation
from tests.workflow.campaign_copy import CONFIG

SOURCES = {
    "__init__.py": "",
    "stage.py": '"""A stage."""\nfrom toy.physics import law\nfrom toy import unused\n',
    "physics/__init__.py": "",
    "physics/law.py": (
        '"""A law."""\nfrom ..deep import constant\n\ndef f(x):\n    """Square."""\n'
        "    return constant * x * x  # in J\n"
    ),
    "deep.py": "constant = 2\n",
    "unused.py": "import numpy\n",
    "lazy.py": "def f():\n    from toy import deep\n    return deep.constant\n",
    "typed.py": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from toy import deep\n"
        "else:\n    from toy import other\n"
    ),
    "other.py": "y = 1\n",
}


@pytest.fixture
def toy(tmp_path, monkeypatch):
    package = tmp_path / "toy"
    for name, text in SOURCES.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    monkeypatch.setattr(provenance, "PACKAGE", package)
    forget()
    yield package
    forget()


def forget():
    for function in (provenance._source, provenance._imports):
        function.cache_clear()


def hash_after(toy, name, text):
    (toy / name).write_text(text)
    forget()
    return provenance.source_hash(["toy.stage"])


def test_dependencies_are_followed_through_packages_and_functions(toy):
    assert provenance.dependencies(["toy.stage"]) == [
        "toy", "toy.deep", "toy.physics", "toy.physics.law", "toy.stage", "toy.unused",
    ]  # fmt: skip
    assert provenance.dependencies(["toy.lazy"]) == ["toy", "toy.deep", "toy.lazy"]


def test_imports_for_type_checking_do_not_count(toy):
    assert provenance.dependencies(["toy.typed"]) == ["toy", "toy.other", "toy.typed"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deep.py", "constant = 3\n"),
        ("physics/law.py", SOURCES["physics/law.py"].replace("x * x", "x * x * x")),
        ("physics/__init__.py", "z = 1\n"),
        ("stage.py", "import toy.other\n" + SOURCES["stage.py"]),
    ],
)
def test_code_counts(toy, name, text):
    before = provenance.source_hash(["toy.stage"])
    assert hash_after(toy, name, text) != before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("physics/law.py", SOURCES["physics/law.py"].replace("Square.", "The square of x.")),
        ("physics/law.py", SOURCES["physics/law.py"].replace("A law.", "One law.")),
        ("physics/law.py", SOURCES["physics/law.py"].replace("# in J", "# joule")),
        ("physics/law.py", SOURCES["physics/law.py"].replace("x * x", "x  *  (x)")),
        ("other.py", "y = 2\n"),
    ],
)
def test_docstrings_comments_layout_and_strangers_do_not_count(toy, name, text):
    before = provenance.source_hash(["toy.stage"])
    assert hash_after(toy, name, text) == before


def test_an_unknown_module_is_an_error(toy):
    with pytest.raises(ModuleNotFoundError, match=r"toy\.nowhere"):
        provenance.source_hash(["toy.nowhere"])


@pytest.fixture
def caches(tmp_path):
    """A folder of caches for programs, without kernels, which need not parse all sources."""
    compilation.cache_folder()
    folder = tmp_path / "cache" / "glasscore"
    folder.mkdir(parents=True)
    with suppress(FileNotFoundError):  # where the caches of this process cannot be written
        shutil.copy(sources.sources()._file, folder)
    return folder


STALE = """
import numpy as np
from glasscore.barriers.participation import participation_ratios
print(float(participation_ratios(np.array([0.0, 1.0]), 1.0)[0]))
"""


def test_a_change_in_another_file_reaches_cached_kernels(tmp_path, caches, pytestconfig):
    """The sums are compiled and cached; then the exponential, in another file, is changed."""
    shutil.copytree(pytestconfig.rootpath / "glasscore", tmp_path / "glasscore")

    def ratio() -> float:
        environment = {"XDG_CACHE_HOME": str(caches.parent), "PYTHONPATH": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", STALE], env=environment, cwd=tmp_path, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return float(done.stdout)

    before = ratio()
    assert before == pytest.approx((1 + np.exp(-2)) / (1 + np.exp(-1)) ** 2, rel=1e-14)
    assert ratio() == before
    file = tmp_path / "glasscore" / "kernels" / "arithmetic.py"
    changed = file.read_text().replace("series * r + 0.5\n", "series * r + 0.4\n")
    assert changed != file.read_text()
    file.write_text(changed)
    assert abs(ratio() - before) > 1e-3


def test_copies_of_the_package_share_their_kernels(tmp_path, caches, pytestconfig):
    script = (
        "from glasscore.kernels.arithmetic import exponential; exponential(1.0); "
        "print(sum(exponential.stats.cache_hits.values()))"
    )
    found = []
    for folder in ("one", "two"):
        shutil.copytree(pytestconfig.rootpath / "glasscore", tmp_path / folder / "glasscore")
        environment = {
            "XDG_CACHE_HOME": str(caches.parent),
            "PYTHONPATH": str(tmp_path / folder),
        }
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, cwd=tmp_path, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        found.append(int(done.stdout))
    assert found == [0, 1]


def test_sources_changed_after_their_fingerprint_leave_no_kernels_behind(
    tmp_path, caches, pytestconfig
):
    """A file is changed while a process starts, and restored later.

    Python's own files of compiled code tell sources apart by size and second, so that the process
    must not write them.
    """
    shutil.copytree(pytestconfig.rootpath / "glasscore", tmp_path / "glasscore")
    file = tmp_path / "glasscore" / "kernels" / "arithmetic.py"
    script = (
        "import glasscore.kernels.compilation; {}"
        "from glasscore.kernels.arithmetic import logarithm; print(logarithm(5.0))"
    )
    environment = {"XDG_CACHE_HOME": str(caches.parent), "PYTHONPATH": str(tmp_path)}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    original = file.read_text()
    changed = original.replace("LN2_HIGH + (2.0", "LN2_HIGH + (3.0")
    assert changed != original

    def logarithm(change: str) -> float:
        done = subprocess.run(
            [sys.executable, "-c", script.format(change)], env=environment, cwd=tmp_path,
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return float(done.stdout)

    assert abs(logarithm(f"open({str(file)!r}, 'w').write({changed!r}); ") - 1.609438) > 1e-3
    file.write_text(original)
    assert abs(logarithm("") - 1.609438) < 1e-6


def test_kernels_of_sources_that_changed_while_they_were_imported_are_not_kept(
    tmp_path, caches, pytestconfig
):
    """The exponential differs when it is imported, and is later restored to its fingerprint."""
    shutil.copytree(pytestconfig.rootpath / "glasscore", tmp_path / "glasscore")
    file = tmp_path / "glasscore" / "kernels" / "arithmetic.py"
    original = file.read_text()
    changed = original.replace("series * r + 0.5\n", "series * r + 0.4\n")
    while_starting = (
        f"import glasscore.kernels.compilation; open({str(file)!r}, 'w').write({changed!r})\n"
    )
    environment = {"XDG_CACHE_HOME": str(caches.parent), "PYTHONPATH": str(tmp_path)}
    found = []
    for before in (while_starting, ""):
        done = subprocess.run(
            [sys.executable, "-c", before + STALE], env=environment, cwd=tmp_path, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        found.append(float(done.stdout))
        file.write_text(original)
    exact = (1 + np.exp(-2)) / (1 + np.exp(-1)) ** 2
    assert abs(found[0] - exact) > 1e-3
    assert found[1] == pytest.approx(exact, rel=1e-14)


def test_kernels_need_no_folder_that_can_be_written(tmp_path, pytestconfig):
    (tmp_path / "file").write_text("")
    environment = {"PYTHONPATH": str(pytestconfig.rootpath), "TMPDIR": str(tmp_path)}
    script = "from glasscore.kernels.arithmetic import exponential; print(exponential(0.0))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment | {"NUMBA_CACHE_DIR": str(tmp_path / "file" / "kernels")},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert float(done.stdout) == 1.0
    assert "GLASSCORE_CACHE" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_processes_that_save_at_once_do_not_mix_up_types(tmp_path, caches, pytestconfig):
    """Two processes compile a kernel for two types, neither of which sees the other's index."""
    (tmp_path / "halves.py").write_text(
        "from glasscore.kernels.compilation import kernel\n\n"
        "@kernel\ndef half(x):\n    return x * 0.5\n"
    )
    environment = {
        "NUMBA_CACHE_DIR": str(caches),
        "PYTHONPATH": f"{pytestconfig.rootpath}:{tmp_path}",
    }

    def half(x: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", f"from halves import half; print(half({x}))"],
            env=environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    assert half("5.5") == "2.75"
    (index,) = caches.rglob("halves.half*.nbi")
    first = index.read_bytes()
    index.unlink()
    assert half("5") == "2.5"
    index.write_bytes(first)
    assert half("5.5") == "2.75"


def test_types_from_elsewhere_keep_no_process_from_the_shared_kernels(
    tmp_path, caches, pytestconfig
):
    (tmp_path / "elsewhere.py").write_text(
        "from typing import NamedTuple\n\nimport numpy as np\n\n"
        "from glasscore.landscapes.interface import copy_words\n\n"
        "class Words(NamedTuple):\n    first: int\n    second: int\n\n"
        "target = np.zeros(2, np.uint64)\n"
        "copy_words(Words(3, 4), target)\n"
        "assert target.tolist() == [3, 4]\n"
    )
    within = (
        "import numpy as np; from glasscore.landscapes.interface import copy_words as copy; "
        "target = np.zeros(2, np.uint64); copy(np.arange(2, dtype=np.uint64), target); "
        "print(sum(copy.stats.cache_hits.values()))"
    )
    hits = []
    for script, path in ((within, ""), ("import elsewhere", f":{tmp_path}"), (within, "")):
        done = subprocess.run(
            [sys.executable, "-c", script], check=True, capture_output=True, text=True,
            env={
                "NUMBA_CACHE_DIR": str(caches),
                "PYTHONPATH": f"{pytestconfig.rootpath}{path}",
            },
        )  # fmt: skip
        hits.append(done.stdout.strip())
    assert hits == ["0", "", "1"]


class TestSourcesThatAreKept:
    """What sources say is kept, so that no process need parse them again."""

    CODE = b"import toy.deep\n\n@kernel\n@toy.generic(1)\ndef f():\n    return 1\n"

    @pytest.fixture
    def module(self, tmp_path):
        file = tmp_path / "module.py"
        file.write_bytes(self.CODE)
        return file

    def kept(self, tmp_path, module):
        found = Sources(tmp_path / "kept" / "sources.json")
        source = found.read("toy.module", module)
        found.keep()
        return source

    def test_another_process_parses_nothing(self, tmp_path, module, monkeypatch):
        before = self.kept(tmp_path, module)
        assert before.imports == ("toy.deep",)
        assert before.decorators == ("generic", "kernel")
        monkeypatch.delattr(sources, "_parsed")
        assert self.kept(tmp_path, module) == before

    def test_what_changed_is_parsed_again(self, tmp_path, module):
        before = self.kept(tmp_path, module)
        module.write_bytes(self.CODE.replace(b"return 1", b"return 2"))
        changed = self.kept(tmp_path, module)
        assert changed.fingerprint != before.fingerprint
        module.write_bytes(self.CODE)
        assert self.kept(tmp_path, module) == before

    def test_relative_imports_depend_on_the_place(self, tmp_path, module):
        module.write_bytes(b"from . import deep\n")
        found = Sources(tmp_path / "sources.json")
        assert found.read("toy.module", module).imports == ("toy", "toy.deep")
        assert found.read("toy.inner.module", module).imports == ("toy.inner", "toy.inner.deep")

    @pytest.mark.parametrize("damage", [0, 40, 70, -1])
    def test_a_damaged_file_is_not_believed(self, damage, tmp_path, module):
        before = self.kept(tmp_path, module)
        file = tmp_path / "kept" / "sources.json"
        content = bytearray(file.read_bytes())
        content[damage] ^= 1
        for damaged in (content, content[:60], b""):
            file.write_bytes(damaged)
            assert read_cached(file) is None
            assert self.kept(tmp_path, module) == before
        assert len(read_cached(file)) == 1

    def test_nowhere_to_keep_it_is_no_harm(self, tmp_path, module):
        (tmp_path / "kept").write_text("")
        assert self.kept(tmp_path, module).imports == ("toy.deep",)

    def test_the_oldest_make_room(self, tmp_path, module, monkeypatch):
        monkeypatch.setattr(sources, "MOST_KEPT", 3)
        for number in range(5):
            module.write_bytes(self.CODE + f"number = {number}\n".encode())
            last = self.kept(tmp_path, module)
        kept = read_cached(tmp_path / "kept" / "sources.json")
        assert len(kept) == 3
        assert list(kept.values())[-1][0] == last.fingerprint

    def test_later_versions_of_python_find_the_same(self, tmp_path, module, monkeypatch):
        """In later versions a function has one more field, for parameters of types."""
        before = Sources(tmp_path / "none").read("toy.module", module)
        monkeypatch.setattr(ast.FunctionDef, "_fields", (*ast.FunctionDef._fields, "type_params"))
        monkeypatch.setattr(ast.FunctionDef, "type_params", [], raising=False)
        assert sources._parsed(self.CODE.decode(), "toy") == before

    def test_what_was_written_since_is_known_even_if_it_is_as_before(self, tmp_path, module):
        found = Sources(tmp_path / "none")
        found.read("toy.module", module)
        assert found.changed() == []
        time = module.stat().st_mtime_ns
        module.write_bytes(self.CODE)
        os.utime(module, ns=(time, time))
        assert found.changed() == [module]


class TestFingerprintOfTheKernels:
    """It names the folder of the kernels."""

    def test_it_names_the_folder(self):
        found = provenance.source_hash(compilation.modules_of_kernels())
        assert compilation.cache_folder().parent.name == found

    def test_every_compiled_function_is_in_it(self):
        """The fingerprint covers bodies that ``generic`` may compile, and all that they import."""
        reached = set(dependencies(compilation.modules_of_kernels()))
        compiled = set()
        for path in PACKAGE.rglob("*.py"):
            name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
            if path.name == "__init__.py" or name == "glasscore.__main__":
                continue
            for value in vars(import_module(name)).values():
                bodies = [getattr(value, "py_func", None)]
                bodies += getattr(value, "registry", {}).values()
                compiled |= {body.__module__ for body in bodies if body is not None}
        compiled = {name for name in compiled if name.startswith("glasscore.")}
        assert len(compiled) > 50
        assert compiled <= reached

    def test_what_only_draws_or_averages_is_not_in_it(self):
        reached = dependencies(compilation.modules_of_kernels())
        apart = tuple(
            f"glasscore.{part}"
            for part in ("figures", "report", "traps", "configuration", "campaign")
        )
        assert [name for name in reached if name.startswith(apart)] == []


class TestCommit:
    @pytest.fixture
    def checkout(self, tmp_path, monkeypatch):
        """A folder with a package and a page, of which a commit can be made."""
        (tmp_path / "glasscore").mkdir()
        (tmp_path / "glasscore" / "spins.py").write_text("spins = 3\n")
        (tmp_path / "README.md").write_text("# Spins\n")
        monkeypatch.setattr(provenance, "PACKAGE", tmp_path / "glasscore")
        provenance.commit.cache_clear()
        yield tmp_path
        provenance.commit.cache_clear()

    def git(self, folder, *arguments):
        command = ["git", "-c", "user.name=nobody", "-c", "user.email=nobody@localhost", *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def found(self):
        provenance.commit.cache_clear()
        return provenance.commit()

    def committed(self, folder):
        self.git(folder, "init", "--quiet")
        self.git(folder, "add", ".")
        self.git(folder, "commit", "--quiet", "--message", "Spins")
        return self.git(folder, "rev-parse", "HEAD")

    def test_it_is_that_of_the_checkout(self, checkout):
        assert self.found() is None
        assert self.committed(checkout) == self.found()
        (checkout / "README.md").write_text("# More spins\n")
        assert len(self.found()) == 40

    @pytest.mark.parametrize("file", ["spins.py", "new.py"])
    def test_changed_sources_are_marked(self, checkout, file):
        head = self.committed(checkout)
        (checkout / "glasscore" / file).write_text("spins = 4\n")
        assert self.found() == f"{head}+changes"
        self.git(checkout, "add", ".")
        assert self.found() == f"{head}+changes"

    def test_that_of_a_folder_around_is_not_taken(self, checkout, monkeypatch):
        self.committed(checkout)
        shutil.copytree(checkout / "glasscore", checkout / "unpacked" / "glasscore")
        monkeypatch.setattr(provenance, "PACKAGE", checkout / "unpacked" / "glasscore")
        assert self.found() is None

    def test_a_hook_of_another_repository_does_not_mislead(self, checkout, monkeypatch):
        head = self.committed(checkout)
        monkeypatch.setenv("GIT_DIR", str(checkout / "elsewhere"))
        assert self.found() == head

    def test_none_without_git_and_before_the_first_commit(self, checkout, monkeypatch):
        self.git(checkout, "init", "--quiet")
        assert self.found() is None
        monkeypatch.setenv("PATH", str(checkout))
        assert self.found() is None

    def test_it_decides_nothing(self, checkout):
        """The commit affects neither what is computed again nor which restart file is used."""
        forget()
        before = (provenance.versions(), provenance.source_hash(["glasscore.spins"]))
        head = self.committed(checkout)
        forget()
        assert self.found() == head
        assert (provenance.versions(), provenance.source_hash(["glasscore.spins"])) == before
        forget()


CAMPAIGNS = sorted((PACKAGE.parent / "config").rglob("*.yaml"))
SCHEMA = schema()
NUMBERS = [0, 1, -2, 10, 0.1, 1e-300, 1e22, 123456789012, float("inf")]


def examples(schema):
    """Values of every kind that a schema allows, with whole numbers and texts as keys."""
    for word in ("enum", "const", "default"):
        if word in schema:
            yield from schema[word] if word == "enum" else [schema[word]]
    for word in ("oneOf", "anyOf", "allOf"):
        for part in schema.get(word, []):
            yield from examples(part)
    kinds = schema.get("type", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if kind in ("number", "integer"):
            yield from (x for x in NUMBERS if kind == "number" or isinstance(x, int))
        elif kind == "string":
            yield from ("a word", "\u00e9 \u2028 \\ \" '")
        elif kind == "boolean":
            yield from (True, False)
        elif kind == "array":
            yield list(examples(schema.get("items", {})))
    named = schema.get("properties", {})
    if named or isinstance(schema.get("additionalProperties"), dict):
        yield {key: value for key, part in named.items() for value in [*examples(part)][-1:]}
        for key, part in named.items():
            yield from ({key: value} for value in examples(part))
        others = schema.get("additionalProperties")
        for value in examples(others) if isinstance(others, dict) else ():
            yield {10: value, 2: value, "11": value, "study": value}


def shuffled(value, draw):
    if isinstance(value, dict):
        keys = draw.sample(list(value), len(value))
        return {key: shuffled(value[key], draw) for key in keys}
    return [shuffled(part, draw) for part in value] if isinstance(value, list) else value


class TestCanonicalForm:
    """The same value always has the same text."""

    def test_keys_are_sorted_as_text(self):
        assert canonical_json({"covariance": {2: 0.3, 10: 0.2}}) == (
            '{"covariance":{"10":0.2,"2":0.3}}'
        )

    @pytest.mark.parametrize("powers", [(2, 10), (3, 4), (2, 3, 11, 100), (9, 10)])
    def test_every_parameter_of_every_stage_with_a_covariance(self, powers):
        covariance = dict.fromkeys(powers, 0.3)
        config = {
            **CONFIG,
            "dmft": {"mixed": {**CONFIG["dmft"]["pspin"], "model": {"covariance": covariance}}},
            "langevin": {
                "mixed": {
                    **CONFIG["langevin"]["sphere"],
                    "model": {"name": "spherical", "covariance": covariance},
                }
            },
            "figures": [],
        }
        if max(powers) > 4:
            del config["langevin"]
        self.assert_unchanged_by_json(validated(config))

    @pytest.mark.parametrize("file", CAMPAIGNS, ids=lambda path: path.stem)
    def test_every_parameter_of_every_campaign(self, file):
        self.assert_unchanged_by_json(validated(read(str(file))))

    def assert_unchanged_by_json(self, config):
        # The page hands the configuration over as JSON, a job its parameters.
        again = listing.jobs(validated(json.loads(json.dumps(config))))
        for output, job in listing.jobs(config).items():
            text = canonical_json(job.parameters)
            assert canonical_json(json.loads(json.dumps(job.parameters))) == text
            assert canonical_json(again[output].parameters) == text

    def test_whatever_the_schema_allows(self):
        draw = random.Random(20190129)
        values = list(itertools.islice(examples(SCHEMA), 5000))
        assert len(values) > 200
        for value in values:
            text = canonical_json(value)
            assert canonical_json(json.loads(text)) == text
            assert canonical_json(shuffled(value, draw)) == text

    def test_files_with_keys_of_one_digit_keep_their_text(self):
        for value in (
            {"b": {3: 0.5, 2: 1}, "a": [1.0, 2, float("inf")]},
            {},
            [None, True, "\u00e9"],
        ):
            assert canonical_json(value) == json.dumps(value, sort_keys=True, separators=(",", ":"))
