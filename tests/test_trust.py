"""A configuration or a result file is data: nothing in it runs, no name leaves ``results/``."""

import ast
import copy
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.common.plans import plans
from glasscore.common.studies import StudyPlan
from glasscore.files.restart_file import RestartFile
from tests.workflow.campaign_copy import CONFIG, CampaignCopy

PROJECT = Path(__file__).resolve().parents[1]
SOURCES = [
    PROJECT / "start.py",
    *sorted((PROJECT / "glasscore").rglob("*.py")),
    *sorted((PROJECT / "snakemake_logger_plugin_glasscore").rglob("*.py")),
]
# Functions that run text, or make objects of any class from bytes.
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "unsafe_load", "full_load"}
MODULES = {"pickle", "cPickle", "dill", "marshal", "shelve", "joblib", "code", "runpy"}
WORKFLOW = [PROJECT / "Snakefile", *sorted((PROJECT / "workflow").rglob("*.smk"))]
# Directives that say which program a rule runs, and the only one that is allowed, a shell command.
RUNS = ("shell", "run", "script", "notebook", "wrapper", "cwl", "template_engine")
DIRECTIVE = re.compile(rf"^(?P<indent>[ \t]*)(?P<word>{'|'.join(RUNS)})[ \t]*:(?P<rest>.*)$")
RULE = re.compile(r"^[ \t]*(?:rule|checkpoint)\b[^:\n]*:", re.MULTILINE)


def misuses(tree):
    """Places in a source that use what no source may contain."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
            yield from (name for name in names if name.partition(".")[0] in MODULES)
        if isinstance(node, ast.Call):
            function = node.func
            # re.compile is a method, the builtin is a name
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            if name in CALLS and (isinstance(function, ast.Name) or name != "compile"):
                yield name
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            if given.get("shell", "False") != "False":
                yield "shell=True"
            if given.get("allow_pickle", "False") != "False":
                yield "allow_pickle=True"
            if ast.unparse(function) == "yaml.load" and given.get("Loader") != "_StrictLoader":
                yield "yaml.load"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_source_runs_text_or_unpickles(path):
    assert list(misuses(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')", "import pickle", "from pickle import load", "import os; os.system('x')",
        "np.load(file, allow_pickle=True)", "run(x, shell=True)", "yaml.load(file, Loader=Loader)",
        "yaml.unsafe_load(file)",
    ],
)  # fmt: skip
def test_misuses_would_be_found(text):
    assert len(list(misuses(ast.parse(text)))) == 1


def directives(text):
    """The directives in a text by which rules run programs, each with all its lines."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        found = DIRECTIVE.match(line)
        if found:
            block = [found["rest"]]
            for later in lines[number + 1 :]:
                indent = later[: len(later) - len(later.lstrip())]
                if later.strip() and len(indent) <= len(found["indent"]):
                    break
                block.append(later)
            yield found["word"], "\n".join(block)


def faults_of_commands(text):
    """Sentences on commands of rules by which a name could be run as a command."""
    for word, block in directives(text):
        if word != "shell":
            yield f"{word} instead of shell"
            continue
        try:
            command = ast.literal_eval(f"({block})")
        except (SyntaxError, ValueError):
            yield f"no plain text: {block}"
            continue
        if not isinstance(command, str):
            yield f"no text: {block}"
            continue
        words = re.findall(r"\{(.*?)\}", command)
        yield from (f"{{{word}}} is not quoted" for word in words if not word.endswith(":q"))


@pytest.mark.parametrize("path", WORKFLOW, ids=lambda path: path.name)
def test_every_word_of_a_command_is_quoted(path):
    """``:q`` quotes values for the shell; without it, parts of a value could be run."""
    assert list(faults_of_commands(path.read_text(encoding="utf-8"))) == []


def test_the_commands_of_all_rules_are_looked_at():
    """Each rule has one command, save the one that only asks for files."""
    texts = [path.read_text(encoding="utf-8") for path in WORKFLOW]
    commands = [block for text in texts for _, block in directives(text)]
    assert len(commands) == sum(len(RULE.findall(text)) for text in texts) - 1
    assert len(commands) >= 2
    for command in commands:
        assert "python -m glasscore" in command
        assert len(re.findall(r"\{.*?:q\}", command)) >= 3


COMMAND = '"python -m glasscore traps --output {output:q} 2> {log:q}"'
IN_A_LOOP = "for stage in STAGES:\n\n    rule:\n        name:\n            stage\n"


@pytest.mark.parametrize(
    "before", ["rule a:\n", IN_A_LOOP, "if x:\n    for s in y:\n        rule:\n"]
)
@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (f"shell:\n    {COMMAND}", None),
        (f"shell:\n    {COMMAND}\n    ' --more {{params.more:q}}'", None),
        (f"shell: {COMMAND}", None),
        ("shell:\n    'cat {input}'", "{input} is not quoted"),
        ("shell: 'cat {input}'", "{input} is not quoted"),
        ("shell :\n    'cat {input:q}'\n\n    ' > {output}'", "{output} is not quoted"),
        ("shell:\n    f'cat {stage} {{input:q}}'", "no plain text"),
        ("shell:\n    COMMANDS[stage]", "no plain text"),
        ("run:\n    shell('cat {input}')", "run instead of shell"),
        ("script:\n    'scripts/a.py'", "script instead of shell"),
        ("notebook: 'a.ipynb'", "notebook instead of shell"),
    ],
)
@pytest.mark.parametrize("indent", ["    ", "        ", "            ", "\t"])
def test_a_command_that_is_not_quoted_would_be_found(before, given, fault, indent):
    rule = "".join(f"{indent}{line}\n" for line in ["threads: 1", *given.splitlines()])
    found = list(faults_of_commands(f"{before}{rule}\nrule all:\n    input: x\n"))
    assert len(found) == (fault is not None)
    assert fault is None or found[0].startswith(fault)


NAMES = [
    "..", ".", "../x", "/tmp/x", "a/b", "a\\b", "a b", "a\nb", "a\n", "-rf", "", "~", "$HOME",
    "$(id)", "`id`", "a;b", "a'b", 'a"b', "a{b}", "*", "x" * 65, "é", "a\x00b", ".hidden",
]  # fmt: skip


SECTIONS = {plan.section for plan in plans().values() if isinstance(plan, StudyPlan)}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["campaign", *sorted(SECTIONS)])
def test_names_that_would_be_paths_or_commands_are_refused(kind, name):
    config = copy.deepcopy(CONFIG)
    if kind == "campaign":
        config["campaign"] = name
    else:
        config[kind] = {name: next(iter(config[kind].values()))}
    with pytest.raises(CampaignError, match=r"^config: .*\.$"):
        validated(config)


class Touching:
    """An object that makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_restart_file_is_not_unpickled(tmp_path):
    owned = tmp_path / "owned"
    objects = np.empty(1, object)
    objects[0] = Touching(owned)
    path = tmp_path / "block0.restart.npz"
    np.savez(path, identity=objects, state=objects)
    assert RestartFile(path, "identity").read() is None
    assert not owned.exists()


def test_folders_may_have_any_name_and_nothing_is_written_outside_the_results(tmp_path):
    """Paths of the project and of the environment are quoted; the results folder may be a link."""
    name = 'it\'s "$(touch owned)" `touch owned` & $HOME'
    campaign = CampaignCopy(PROJECT, tmp_path / name / "project")
    environment = tmp_path / name / "environment"
    environment.symlink_to(sys.prefix)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (campaign.folder / "results").symlink_to(scratch)
    before = {path for path in campaign.folder.rglob("*") if "__pycache__" not in path.parts}
    command = campaign.command("--keep-going", "results/test/landscapes/gauss/N5.nc")
    done = subprocess.run(
        [str(environment / "bin" / "python"), *command[1:]],
        cwd=campaign.folder,
        env={**campaign.environment, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    made = {path for path in campaign.folder.rglob("*") if "__pycache__" not in path.parts} - before
    assert {path.relative_to(campaign.folder).parts[0] for path in made} <= {".snakemake"}
    assert (scratch / "test" / "landscapes" / "gauss" / "N5.nc").exists()
    assert not list(tmp_path.rglob("owned"))
