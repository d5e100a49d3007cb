"""Restart files of two-time solutions: a longer run goes on where a shorter one ended."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from glasscore.provenance import canonical_json, versions

# the parameter in which a run may differ from the one that it goes on with
MAY_GROW = "t_max"


class RestartFile(NamedTuple):
    """Where a restart file is, and which runs it belongs to."""

    path: Path
    identity: str

    def read(self) -> dict[str, Any] | None:
        """What the file holds; None, with a line in the log, if it is no use."""
        # Whatever is wrong with the file: a run can always start from the beginning.
        try:
            if not self.path.exists():
                return None
            with self.path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                if str(file["identity"]) == self.identity:
                    return {name: file[name] for name in file.files if name != "identity"}
            reason = "is of other parameters, code or versions"
        except Exception as error:
            reason = f"cannot be read ({type(error).__name__}: {error})"
        self.refuse(reason)
        return None

    def refuse(self, reason: str) -> None:
        """Say that the file is not used."""
        _say(f"starts from the beginning: {self.path} {reason}")

    def write(self, arrays: dict[str, Any]) -> None:
        """Write the file; it appears whole, or the old one stays, with a line in the log."""
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}.partial")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                np.savez(file, identity=np.array(self.identity), **arrays)
            os.replace(beside, self.path)
        except OSError as error:
            _say(f"no restart file was written: {error}")
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def restart_file(output: str | Path, parameters: dict[str, Any], source_hash: str) -> RestartFile:
    """The restart file of a study at one temperature.

    Parameters
    ----------
    output
        The result. ``<campaign>/dmft/<study>/<T>.nc`` has its restart file in
        ``<campaign>/restart/<study>/``, any other one beside itself.
    parameters, source_hash
        As in the result file. Runs that differ in ``t_max`` alone share a restart file.
    """
    path = Path(output).with_suffix("")
    path = path.with_name(f"{path.name}.restart.npz")
    if len(path.parts) > 2 and path.parts[-3] == "dmft":
        path = Path(*path.parts[:-3], "restart", *path.parts[-2:])
    fixed = {key: value for key, value in parameters.items() if key != MAY_GROW}
    libraries = {name: versions()[name] for name in ("numba", "numpy", "scipy")}
    return RestartFile(path, canonical_json([fixed, source_hash, libraries]))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
