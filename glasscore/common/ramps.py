"""The key ``ramps`` of simulations: changes of temperature and field, in the order of time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from glasscore.common.errors import shown
from glasscore.common.keys import Schema, manual, number, number_above, word

OF_DURATION = ("course", "steps")


def ramps_of_runs(
    longest: float, unit: str, more: Mapping[str, Schema], allowed: str = ""
) -> Schema:
    """The schema of the key ``ramps`` of a simulation.

    Parameters
    ----------
    longest
        The longest run, in units of time.
    unit
        The unit of time.
    more
        Further keys of a change that takes time.
    allowed
        What the manual says of allowed changes, besides their order.
    """
    time = number_above(0, longest, "a time")
    keys = {
        "begin": manual(
            time,
            "time at which the temperature or the field begins to change",
            symbol="t_1",
            unit=unit,
            allowed="above 0, below `t_max`; not before the end of the previous change",
        ),
        "end": manual(
            time,
            "time at which the change is complete",
            symbol="t_2",
            unit=unit,
            default="`begin`: the change happens at once",
            allowed="after `begin`",
        ),
        "T": number(0, 1e6, "a temperature"),
        "field": number(-1000, 1000),
        "course": manual(
            {**word("smooth", "linear"), "description": "smooth or linear"},
            "how a change that takes time comes about. `smooth`: smoothly in ln t, as in `dmft`; "
            "`linear`: at a constant rate",
            default="`smooth`",
            allowed="`smooth` or `linear`, only with `end`",
        ),
        **more,
    }
    changes: Schema = {
        "description": "a list of mappings such as {begin: 100, T: 0.3}",
        "type": "array",
        "default": [],
        "in_order": True,
        "items": {
            "description": "a mapping with the keys begin, and T, field or both",
            "type": "object",
            "additionalProperties": False,
            "required": ["begin"],
            "properties": keys,
        },
    }
    return manual(
        changes,
        "later changes of the temperature, of the field, or of both: a list of mappings in the "
        "order of time, each with the key `begin` and with `T`, `field` or both, the values after "
        "the change, and further keys if the change takes time",
        allowed=allowed,
    )


def problems_of_ramps(
    where: str, ramps: Sequence[Mapping[str, Any]], t_max: float
) -> Iterator[str]:
    """Complaints about changes that change nothing, come too late, or are out of order."""
    free = 0.0
    at_once: dict[str, float] = {}
    for ramp in ramps:
        begin, end = ramp["begin"], ramp.get("end", ramp["begin"])
        told = f"{where}.ramps has the begin {shown(begin)}"
        if not {"T", "field"} & ramp.keys():
            yield f"{told} without a change, but must have T, field or both."
        for key in sorted({"T", "field"} & ramp.keys()) if "end" not in ramp else ():
            if at_once.get(key) == begin:
                yield f"{told} twice with {key}, but must change {key} once at a time."
            at_once[key] = begin
        if begin >= t_max:
            yield f"{told}, but must begin before {where}.t_max, {shown(t_max)}."
        if begin < free:
            yield (
                f"{told}, but must be in the order of time: the change before ends at "
                f"{shown(free)}."
            )
        if "end" in ramp and end <= begin:
            yield (
                f"{where}.ramps has the end {shown(end)}, but must end after its begin "
                f"{shown(begin)}; a change at once has no end."
            )
        for key in OF_DURATION:
            if key in ramp and "end" not in ramp:
                yield (
                    f"{where}.ramps has {key} {shown(ramp[key])} for the begin {shown(begin)}, but "
                    "must have it only with end: a change at once has no course."
                )
        free = max(free, end)
