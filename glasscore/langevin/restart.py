"""Restart files: a job goes on with the samples that another one has finished."""

from pathlib import Path
from typing import Any

from glasscore.provenance import canonical_json, versions
from glasscore.restart_file import RestartFile

# the parameter in which a run may differ from the one that it goes on with
MAY_GROW = "samples"


def restart_file(output: str | Path, parameters: dict[str, Any], source_hash: str) -> RestartFile:
    """The restart file of a study at one size and temperature.

    Parameters
    ----------
    output
        The result. ``<campaign>/langevin/<study>/<point>.nc`` has its restart file in
        ``<campaign>/restart/langevin/<study>/``, any other one beside itself.
    parameters, source_hash
        As in the result file. Runs that differ in ``samples`` alone share a restart file.
    """
    path = Path(output).with_suffix("")
    path = path.with_name(f"{path.name}.restart.npz")
    if len(path.parts) > 2 and path.parts[-3] == "langevin":
        path = Path(*path.parts[:-3], "restart", *path.parts[-3:])
    fixed = {key: value for key, value in parameters.items() if key != MAY_GROW}
    libraries = {name: versions()[name] for name in ("numpy", "scipy")}
    return RestartFile(path, canonical_json([fixed, source_hash, libraries]))
