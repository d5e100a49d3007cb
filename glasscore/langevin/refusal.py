"""What a study of Langevin dynamics may not ask of its model: told before any job, and by a job."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from glasscore.common.errors import Refusal
from glasscore.langevin.protocol import protocol_of

ROUNDING = 1e-12


def refusal(study: Mapping[str, Any]) -> Refusal | None:
    """What is refused of a study, or of a job with its size and its temperature in lists.

    Parameters
    ----------
    study
        ``model``, ``start``, ``N``, ``T`` and ``time_step``; ``T_initial`` if the start has a
        temperature of its own; and ``ramps`` if temperature or field change.
    """
    options, step = study["model"], study["time_step"]
    model = import_module(f"glasscore.langevin.models.{options['name']}")
    changed = [ramp["field"] for ramp in study.get("ramps", ()) if "field" in ramp]
    if changed and "field" not in model.OPTIONS:
        requirement = f"be left out, since the model {options['name']} has no field"
        return "ramps.field", changed[0], requirement
    for T in study["T"] if hasattr(model, "longest_step") else ():
        protocol = protocol_of({**study, "T": T})
        T, field = protocol.hottest(), protocol.strongest_field()
        longest = model.longest_step({**options, "field": field}, T)
        if step > longest * (1 + ROUNDING):
            requirement = f"be at most {longest:.3g} with these couplings and wells at T = {T:.6g}"
            if changed or options["name"] == "spherical":
                requirement += f" in the field {field:.6g}"
            return "time_step", step, requirement
    if study["start"] == "planted" and hasattr(model, "cannot_be_planted"):
        key = "T_initial" if "T_initial" in study else "T"
        for T in [study[key]] if key == "T_initial" else filter(None, study[key]):
            refused = model.cannot_be_planted(options, T=T)
            if refused:
                of, value, requirement = _of_study(refused, options)
                return key if of == "T" else of, value, requirement
    for N in study["N"]:
        refused = model.refusal(options, N=N)
        if refused:
            return _of_study(refused, options)
    return None


def _of_study(refused: Refusal, options: Mapping[str, Any]) -> Refusal:
    """What a model refuses, with the place of its options in a study."""
    key, value, requirement = refused
    return (f"model.{key}" if key in options else key), value, requirement
