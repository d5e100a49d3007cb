"""Cost of the p-spin model: all couplings are drawn and stored, and visits climb barriers."""

from typing import Any

from glasscore.common.cost import NANOSECOND
from glasscore.landscapes.energies.cost import couplings, visits_over_barriers


def seconds(N: float, options: dict[str, Any]) -> float:
    """CPU seconds, at ten nanoseconds per coupling."""
    return 10.0 * NANOSECOND * couplings(N, options.get("p", 2))


def memory(N: float, options: dict[str, Any]) -> float:
    """Bytes of all couplings, at four per coupling, for two samples."""
    return 2 * 4 * couplings(N, options.get("p", 2))


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Number of visits over barriers that grow with p."""
    return visits_over_barriers(options.get("p", 2), 1.0, T, t)


def nanoseconds_of_a_visit(N: float, options: dict[str, Any]) -> float:
    """CPU time in nanoseconds of a visit; with many spins, the changes of all fields dominate."""
    return 50.0 + 2.7 * N if N > 64 else 60.0 + 1.5 * N
