"""The restart file of a result: its path, and which runs share it.

This is apart from ``restart_file``, which belongs to the code that computes results: a change of
this module makes no result out of date.
"""

from pathlib import Path
from typing import Any

from glasscore.files.provenance import canonical_json, versions
from glasscore.files.restart_file import RestartFile


def restart_of_result(
    output: str | Path,
    parameters: dict[str, Any],
    source_hash: str,
    *,
    stage: str,
    folder: str,
    may_grow: str,
    libraries: tuple[str, ...],
) -> RestartFile:
    """The restart file of a result.

    Parameters
    ----------
    output
        The path of the result. That of ``<campaign>/<stage>/<study>/<point>.nc`` has its restart
        file in ``<campaign>/<folder>/<study>/``, any other result in its own folder.
    parameters, source_hash
        As in the result file. Runs that differ only in the parameter ``may_grow`` share a file.
    stage, folder
        Names of folders in these paths.
    may_grow
        The parameter in which a run may differ from the one that it continues.
    libraries
        The libraries whose versions may affect the numbers.
    """
    path = Path(output).with_suffix("")
    path = path.with_name(f"{path.name}.restart.npz")
    if len(path.parts) > 2 and path.parts[-3] == stage:
        path = Path(*path.parts[:-3], folder, *path.parts[-2:])
    fixed = {key: value for key, value in parameters.items() if key != may_grow}
    depends_on = {name: versions()[name] for name in libraries}
    return RestartFile(path, canonical_json([fixed, source_hash, depends_on]))
