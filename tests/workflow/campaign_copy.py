"""A copy of the project in which a test may run campaigns and change anything."""

import copy
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.workflow import ready_jobs, ready_snakemake

PARTS = (
    "Snakefile", "glasscore", "snakemake_logger_plugin_glasscore", "workflow", "profiles"
)  # fmt: skip
# Three landscapes, one of which is also solved exactly, a mean-field model, two exact laws and
# figures. All are as small as possible.
CONFIG: dict[str, Any] = {
    "campaign": "test",
    "seed": 1,
    "activated": {
        "traps": {
            "landscape": {"graph": "complete", "energies": "exponential"},
            "rule": "arrhenius",
            "N": [float("inf")],
            "T": [0.5],
            "samples": 4,
            "block": 2,
            "t_max": 100.0,
        },
        "rem": {
            "landscape": {"graph": "hypercube", "energies": "exponential"},
            "rule": "metropolis",
            "N": [4],
            "T": [0.5, 0.75],
            "samples": 4,
            "block": 2,
            "t_max": 100.0,
        },
        "gauss": {
            "landscape": {"graph": "hypercube", "energies": "gaussian"},
            "rule": "metropolis",
            "N": [5],
            "T": [0.6],
            "samples": 2,
            "block": 2,
            "t_max": 100.0,
        },
    },
    "barriers": {
        "rem": {
            "landscape": {"graph": "hypercube", "energies": "exponential"},
            "N": [4],
            "samples": 2,
        }
    },
    "master": {
        "rem": {
            "landscape": {"graph": "hypercube", "energies": "exponential"},
            "rule": "metropolis",
            "N": [4],
            "T": [0.5],
            "samples": 2,
            "observables": [
                "aging_functions",
                "escape_time",
                "markov_states",
                "relaxation_times",
                "trap_aging",
            ],
            "t_max": 64.0,
            "passages": 5,
        }
    },
    "dmft": {
        "pspin": {
            "model": {"covariance": {3: 0.5}},
            "T": [0.5],
            "t_max": 1.0,
            "tolerance": 1e-3,
        }
    },
    "theory": {
        "line": {"solve": "almeida_thouless_line", "T": [0.5]},
        "points": {"solve": "complexity", "p": [3]},
    },
    "langevin": {
        "linear": {
            "model": {"name": "linear", "r0": 3.0},
            "N": [8],
            "T": [0.5],
            "samples": 2,
            "trajectories": 2,
            "t_max": 1.0,
        },
        "sphere": {
            "model": {"name": "spherical", "covariance": {3: 0.5}},
            "N": [4],
            "T": [0.5],
            "samples": 2,
            "trajectories": 2,
            "t_max": 1.0,
        },
    },
    "figures": ["energy_relaxation", "local_exponent", "dmft_energy"],
}
# The few jobs of one study: a landscape, two blocks, their average, a figure.
SMALL: dict[str, Any] = {
    **CONFIG,
    "activated": {"traps": CONFIG["activated"]["traps"]},
    "barriers": {},
    "master": {},
    "dmft": {},
    "theory": {},
    "langevin": {},
    "figures": ["energy_relaxation"],
}


class CampaignCopy:
    """The project in a folder of its own, with the configuration of the tests."""

    arguments = ("--cores", "2", "--configfile", "config.yaml")

    def __init__(self, source: Path, folder: Path, config: dict[str, Any] = CONFIG) -> None:
        self.folder = folder
        self.original = copy.deepcopy(config)
        folder.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            if (source / part).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source / part, folder / part, ignore=ignored)
            else:
                shutil.copy(source / part, folder / part)
        self.configure(self.original)

    def clone(self, folder: Path) -> "CampaignCopy":
        """Another copy, with the results and Snakemake's account of them."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        clone = copy.copy(self)
        clone.folder = folder
        return clone

    @property
    def results(self) -> Path:
        return self.folder / "results" / "test"

    def configure(self, config: dict[str, Any]) -> None:
        (self.folder / "config.yaml").write_text(yaml.safe_dump(config))

    @contextmanager
    def changed(self):
        """Hand out the configuration for changing; put the original back in the end."""
        config = copy.deepcopy(self.original)
        yield config
        self.configure(self.original)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "snakemake", *self.arguments, *arguments]

    @property
    def environment(self) -> dict[str, str]:
        # The copy's package comes before the installed one, and keeps its bytecode: a campaign
        # starts many processes.
        variables = {**os.environ, "PYTHONPATH": str(self.folder)}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        return variables

    def snakemake(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run Snakemake as its command does, without the time to import Snakemake and libraries."""
        words = [*self.arguments, *arguments]
        environment = ready_jobs.environment_with_ready_jobs(self.environment)
        done = ready_snakemake.run(words, self.folder, environment)
        assert done.returncode == 0 or not check, done.stderr[-4000:]
        return done

    def planned(self, name: str = "test") -> set[str]:
        """The netCDF files that the workflow would make now, by path below a campaign's results."""
        table = self.snakemake("--summary").stdout.splitlines()
        columns = table[0].split("\t")
        rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in table[1:]]
        prefix = f"results/{name}/"
        return {
            row["output_file"].removeprefix(prefix)
            for row in rows
            if row["plan"] != "no update" and row["output_file"].endswith(".nc")
        }

    def files(self) -> dict[str, bytes]:
        """All result files, by path below the results."""
        return {
            str(path.relative_to(self.results)): path.read_bytes()
            for path in sorted(self.results.rglob("*"))
            if path.suffix in (".nc", ".png", ".pdf", ".svg")
        }
