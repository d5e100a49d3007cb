"""What is refused of a study of a single site, by the check of a campaign and by each job."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from glasscore.common.errors import Refusal
from glasscore.dmft.single_site.interface import checked_temperature, longest_step, statics

# Least and largest t_max in time steps. At the largest, arrays of a job take less than a gigabyte.
FEWEST_STEPS, MOST_STEPS = 10, 50_000


def refusal(study: Mapping[str, Any]) -> Refusal | None:
    """What is refused of a study, or of a job whose one temperature is given as a list.

    Parameters
    ----------
    study
        ``model``, ``T``, ``t_max`` and, if it is not the model's default, ``time_step``.

    Raises
    ------
    CampaignError
        If the model is unstable, or has no equilibrium at one of the temperatures.
    """
    module = import_module(f"glasscore.dmft.single_site.models.{study['model']['single_site']}")
    model = module.create(study["model"])
    step = study.get("time_step", module.TIME_STEP)
    for T in study["T"]:
        longest = longest_step(model, statics(model, checked_temperature(model, T)))
        if step > longest:
            return "time_step", step, f"be at most {longest:.3g} with these wells at T = {T:.6g}"
    if not FEWEST_STEPS * step <= study["t_max"] <= MOST_STEPS * step:
        requirement = (
            f"be from {FEWEST_STEPS * step:.12g} to {MOST_STEPS * step:.12g} with time steps of "
            f"{step:.12g}"
        )
        return "t_max", study["t_max"], requirement
    return None
