"""What is refused of a study of a covariance, because the equations or their grid exclude it.

The function here is called by the check of a campaign, before any job, and again by the stage.
Modules that take seconds to load are loaded only for the studies that need them.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from glasscore.common.errors import Refusal

# The time up to which the grid reaches, in units of 1 / sqrt(f''(1)).
LONGEST_RUN = 2e9
# In the same units, the Taylor series at short times hold up to 0.25 at most (found by a scan over
# covariances, temperatures and fields). A ramp that begins later than LATE never overlaps with
# them and needs no check.
LATE = 1.0
# A temperature that is below a transition by no more than this relative distance counts as equal to
# it, since people round the digits that they write.
ROUNDING = 1e-9

Terms = tuple[tuple[float, float], ...]


def refusal(study: Mapping[str, Any]) -> Refusal | None:
    """What is refused of a study, or of a job whose one temperature is given as a list.

    Parameters
    ----------
    study
        ``model``, ``T``, ``T_initial`` and ``t_max``; ``field`` and ``ramps`` may be left out.
    """
    coefficients = study["model"]["covariance"]
    terms = tuple(sorted((float(power), float(a)) for power, a in coefficients.items()))
    start, t_max = study["T_initial"], float(study["t_max"])
    unit = sum(a * power * (power - 1) for power, a in terms) ** -0.5
    longest = LONGEST_RUN * unit
    if t_max > longest * (1 + ROUNDING):
        requirement = f"be at most {longest:.12g}, as far as the grid of this covariance reaches"
        return "t_max", t_max, requirement
    key, coldest = ("T", min(study["T"])) if start == "equilibrium" else ("T_initial", float(start))
    if coldest < float("inf"):
        static = _static_temperature(terms)
        if coldest < static * (1 - ROUNDING):
            requirement = (
                f"be at least {static:.12g}, the static transition of this model, below which the "
                "equations of a Boltzmann start do not hold"
            )
            return key, coldest, requirement
    begin = float(study["ramps"][0]["begin"]) if study.get("ramps") else float("inf")
    if begin < LATE * unit:
        for T in study["T"]:
            inverse = 1 / (T if start == "equilibrium" else float(start))
            earliest = _earliest_change(terms, T, inverse, float(study.get("field", 0.0)))
            if begin < earliest:
                requirement = (
                    f"be at least {1.005 * earliest:.3g} at T = {T:.6g}: the solver begins "
                    "there, with series in time that know of no ramps"
                )
                return "ramps.begin", begin, requirement
    return None


@lru_cache
def _static_temperature(terms: Terms) -> float:
    from glasscore.models.covariance import covariance
    from glasscore.theory.spherical_pspin import static_transition

    return static_transition(covariance(dict(terms))).temperature


@lru_cache(maxsize=10_000)
def _earliest_change(terms: Terms, T: float, inverse_initial: float, field: float) -> float:
    from glasscore.dmft.short_times import solve
    from glasscore.models.covariance import covariance

    return solve(covariance(dict(terms)), T, inverse_initial, field).reach()
