"""What a result was made from: written into averages and figures, and held against the campaign."""

from collections.abc import Iterable
from typing import Any

from glasscore.files.provenance import canonical_json


def of_trajectories(block: dict[str, Any], samples: int, source_hash: str) -> dict[str, str]:
    """What made trajectories, whatever blocks they came in: one run of all samples.

    Parameters
    ----------
    block
        The parameters of any of the blocks.
    samples
        Of all blocks together.
    source_hash
        Fingerprint of the code that computed them.
    """
    run = {key: value for key, value in block.items() if key != "first_sample"}
    parameters = canonical_json({**run, "samples": samples})
    return {"dynamics_parameters": parameters, "dynamics_source_hash": source_hash}


def of_results(files: Iterable[tuple[dict[str, Any], str, str]]) -> str:
    """What a figure shows, as JSON: each file's parameters, fingerprint of code, and checksum."""
    keys = ("parameters", "source_hash", "checksum")
    return canonical_json([dict(zip(keys, file, strict=True)) for file in files])
