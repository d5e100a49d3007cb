"""Restart files: a run longer than a job is a chain of jobs, with the same numbers to the bit.

The future of a sample follows from its position, the visit going on, the state of its random
stream and its rows of the record. They are kept at the stops of
``glasscore.models.schedule.next_stop``; a longer run goes on from there.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasscore.common.log import say
from glasscore.dynamics.interface import DEPARTURE
from glasscore.files.provenance import canonical_json, versions
from glasscore.files.restart_file import Arrays, RestartFile
from glasscore.models.schedule import Schedule, next_stop

# A job that takes less writes nothing.
SECONDS_BETWEEN_WRITES = 60.0
LARGEST_SHARE_OF_WRITING = 0.02
# The parameters in which a run may differ from one that it goes on with.
MAY_GROW = ("t_max", "samples", "first_sample")
SUFFIX = ".restart.npz"
NAME = re.compile(r"samples(\d+)-(\d+)\.restart\.npz")
HALF = 64
LOWER_HALF = (1 << HALF) - 1

Generator = np.random.Generator


def restart_file(output: str | Path, parameters: dict[str, Any], source_hash: str) -> RestartFile:
    """The restart file of a block.

    It is named by its samples, not by the number of the block, since a longer run may come in other
    blocks, which all look for their samples in the files that there are.

    Parameters
    ----------
    output
        The block's result. ``<campaign>/dynamics/<study>/<point>/<block>.nc`` has its restart file
        in ``<campaign>/restart/<study>/<point>/``, any other one beside itself.
    parameters, source_hash
        As in the result file. Runs that differ in ``MAY_GROW`` alone go on with one another.
    """
    path = Path(output).with_suffix(SUFFIX)
    if len(path.parts) > 3 and path.parts[-4] == "dynamics":
        first, samples = parameters["first_sample"], parameters["samples"]
        name = f"samples{first}-{first + samples - 1}{SUFFIX}"
        path = Path(*path.parts[:-4], "restart", *path.parts[-3:-1], name)
    fixed = {key: value for key, value in parameters.items() if key not in MAY_GROW}
    libraries = {name: versions()[name] for name in ("numba", "numpy")}
    return RestartFile(path, canonical_json([fixed, source_hash, libraries]))


def _of_other_blocks(file: RestartFile, samples: range) -> Iterator[RestartFile]:
    """Restart files beside one whose names tell that they hold some of these samples."""
    for path in sorted(file.path.parent.glob(f"samples*{SUFFIX}")):
        named = NAME.fullmatch(path.name)
        held = range(int(named[1]), int(named[2]) + 1) if named else range(0)
        if path != file.path and held.start < samples.stop and samples.start < held.stop:
            yield file._replace(path=path)


def rows_of(
    name: str, create: Callable[..., Any], landscape: Any, plan: Schedule, recorder: Any
) -> Arrays:
    """The arrays of a recorder that have one row a sample, by name."""
    one, two = (create(landscape, plan, samples) for samples in (1, 2))
    return dict(_rows(name, recorder, one, two))


def _rows(name: str, recorder: Any, one: Any, two: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    for field, part, of_one, of_two in zip(recorder._fields, recorder, one, two, strict=True):
        if hasattr(part, "_fields"):
            yield from _rows(f"{name}.{field}", part, of_one, of_two)
        elif np.shape(of_one) != np.shape(of_two):
            yield f"{name}.{field}", part


class Checkpoints:
    """What a job takes over from the one before it, and leaves to the next.

    Parameters
    ----------
    file
        The restart file; without one nothing is taken over and nothing left.
    end
        The length of the run.
    where, visit
        A position and a visit, for their shapes.
    record
        All that is written down: arrays with one row a sample.
    first_sample
        The sample of the first row.
    """

    def __init__(
        self,
        file: RestartFile | None,
        end: float,
        where: Any,
        visit: NDArray[Any],
        record: Arrays,
        first_sample: int = 0,
    ) -> None:
        self.file, self.end, self.record = file, end, record
        samples = len(next(iter(record.values())))
        self.done = np.zeros(samples, np.bool_)
        # The last stop of each sample, 0 for none, with its state and its record there.
        self.stop = np.zeros(samples)
        parts = {**where._asdict(), "visit": visit, "stream": np.zeros(6, np.uint64)}
        self.state = {name: _room(part.shape, part, samples) for name, part in parts.items()}
        # After an end that is a stop of every sample, the record stays as it is there.
        self.ends_with_a_stop = next_stop(np.nextafter(end, 0.0), 0.0) == end
        self.rows = record
        if not self.ends_with_a_stop:
            self.rows = {
                name: _room(rows.shape[1:], rows, samples) for name, rows in record.items()
            }
        self.last_write = time.monotonic()
        self.interval = SECONDS_BETWEEN_WRITES
        # Short jobs save the time to keep states; one that goes on with another is not short.
        self.keeping = self.unwritten = False
        self.first_sample = first_sample
        if file:
            self._take_over_all(file)

    def _take_over_all(self, file: RestartFile) -> None:
        """Take over from the block's own file, and from those of other blocks with its samples."""
        samples = range(self.first_sample, self.first_sample + self.done.size)
        for each in (file, *_of_other_blocks(file, samples)):
            saved = each.read()
            if saved and saved["end"] > self.end:
                each.refuse("is of a longer run")
            elif saved:
                self.keeping = True
                self._take_over(saved)
        if self.keeping:
            say(
                f"goes on with {np.count_nonzero(self.done | (self.stop > 0.0))} of "
                f"{self.done.size} samples, {np.count_nonzero(self.done)} of them done"
            )

    def _take_over(self, saved: Arrays) -> None:
        """Take over what another job has left of these samples, where it came further."""
        shift = int(saved["first_sample"]) - self.first_sample
        theirs = np.arange(saved["stop"].size)
        theirs = theirs[(theirs + shift >= 0) & (theirs + shift < self.done.size)]
        theirs = theirs[~self.done[theirs + shift]]
        further = theirs[saved["stop"][theirs] > self.stop[theirs + shift]]
        stopped = further + shift
        for name, kept in {"stop": self.stop, **self.state}.items():
            kept[stopped] = saved[name][further]
        for name, kept in self.rows.items():
            rows = saved.get(f"rows.{name}", saved[f"record.{name}"])
            # The observations of a shorter run are the first ones of a longer; the rest is blank.
            kept[stopped] = self.record[name][stopped]
            first_ones: tuple[Any, ...] = tuple(slice(length) for length in rows.shape[1:])
            kept[(stopped, *first_ones)] = rows[further]
        if saved["end"] == self.end:
            done = theirs[saved["done"][theirs]]
            self.done[done + shift] = True
            for name, kept in self.record.items():
                kept[done + shift] = saved[f"record.{name}"][done]

    def resume(self, index: int, where: Any, visit: NDArray[Any], rng: Generator) -> bool:
        """Bring a sample to its last stop; without one, leave it as it is and return False."""
        if self.stop[index] == 0.0:
            return False
        *kept, words = (rows[index] for rows in self.state.values())
        for array, values in zip((*where, visit), kept, strict=True):
            array[:] = values
        _set_words(rng, words)
        if not self.ends_with_a_stop:
            for name, rows in self.record.items():
                rows[index] = self.rows[name][index]
        return True

    def keep(
        self, index: int, until: float, where: Any, visit: NDArray[Any], rng: Generator
    ) -> None:
        """Keep the state of a sample that has come to a stop or the end; write it if it is time."""
        self.done[index] = visit[DEPARTURE] > self.end
        due = time.monotonic() - self.last_write >= self.interval
        if self.file is None or not (self.keeping or due):
            return
        self.keeping = self.unwritten = True
        if until < self.end or self.ends_with_a_stop:
            now = (*where, visit, _words(rng))
            for kept, array in zip(self.state.values(), now, strict=True):
                kept[index] = array
            if not self.ends_with_a_stop:
                for name, rows in self.record.items():
                    self.rows[name][index] = rows[index]
            self.stop[index] = until
        if due:
            self.write()

    def write(self) -> None:
        """Write down what was kept since the last time."""
        if self.file is None or not self.unwritten:
            return
        begin = time.monotonic()
        count = np.max(np.flatnonzero(self.done | (self.stop > 0.0)), initial=-1) + 1
        arrays = {"stop": self.stop, "done": self.done, **self.state}
        arrays |= {f"record.{name}": rows for name, rows in self.record.items()}
        if not self.ends_with_a_stop:
            arrays |= {f"rows.{name}": rows for name, rows in self.rows.items()}
        saved = {name: rows[:count] for name, rows in arrays.items()}
        numbers = {"end": np.array(self.end), "first_sample": np.array(self.first_sample)}
        self.file.write({**numbers, **saved})
        self.unwritten = False
        self.last_write = time.monotonic()
        seconds = self.last_write - begin
        self.interval = max(SECONDS_BETWEEN_WRITES, seconds / LARGEST_SHARE_OF_WRITING)


def _room(shape: tuple[int, ...], like: NDArray[Any], samples: int) -> NDArray[Any]:
    # Zeros of the operating system: they take no memory before they are used.
    return np.zeros((samples, *shape), like.dtype)


def _words(rng: Generator) -> NDArray[np.uint64]:
    """The state of a PCG64 stream."""
    state: dict[str, Any] = dict(rng.bit_generator.state)
    halves = [
        half
        for number in (state["state"]["state"], state["state"]["inc"])
        for half in (number >> HALF, number & LOWER_HALF)
    ]
    return np.array([*halves, state["has_uint32"], state["uinteger"]], np.uint64)


def _set_words(rng: Generator, words: NDArray[np.uint64]) -> None:
    high, low, increment_high, increment_low, has_half, half = (int(word) for word in words)
    rng.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {
            "state": high << HALF | low,
            "inc": increment_high << HALF | increment_low,
        },
        "has_uint32": has_half,
        "uinteger": half,
    }
