"""Restart files: a run longer than a job is a chain of jobs, with the same results to the bit.

The future of a sample follows from its position, the present visit, the state of its random stream
and its rows of the record. A job keeps these at the stops of
``glasscore.models.schedule.next_stop``, and a longer run goes on from the last stop.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasscore.common.log import say
from glasscore.files.provenance import canonical_json, versions
from glasscore.files.restart_file import Arrays, RestartFile
from glasscore.models.schedule import Schedule, next_stop

# A job that takes less time than this writes no restart file.
SECONDS_BETWEEN_WRITES = 60.0
LARGEST_SHARE_OF_WRITING = 0.02
# The parameters in which a run may differ from the run that it continues.
MAY_GROW = ("t_max", "samples", "first_sample")
SUFFIX = ".restart.npz"
NAME = re.compile(r"samples(\d+)-(\d+)\.restart\.npz")
HALF = 64
LOWER_HALF = (1 << HALF) - 1

Generator = np.random.Generator


def restart_file(output: str | Path, parameters: dict[str, Any], source_hash: str) -> RestartFile:
    """The restart file of a block.

    The file is named after the samples in the block, not after the number of the block: a longer
    run may divide its samples into other blocks, and each block looks for its samples in all files.

    Parameters
    ----------
    output
        The path of the block's result. A result ``<campaign>/dynamics/<study>/<point>/<block>.nc``
        has its restart file in ``<campaign>/restart/<study>/<point>/``, that of further
        trajectories in the folder ``replica<k>`` there; for any other path the restart file stands
        beside the result.
    parameters, source_hash
        As in the result file. A run may continue another one if they differ in ``MAY_GROW`` alone.
    """
    path = Path(output).with_suffix(SUFFIX)
    if len(path.parts) > 3 and path.parts[-4] == "dynamics":
        first, samples = parameters["first_sample"], parameters["samples"]
        name = f"samples{first}-{first + samples - 1}{SUFFIX}"
        further = [f"replica{parameters['replica']}"] if "replica" in parameters else []
        path = Path(*path.parts[:-4], "restart", *path.parts[-3:-1], *further, name)
    fixed = {key: value for key, value in parameters.items() if key not in MAY_GROW}
    libraries = {name: versions()[name] for name in ("numba", "numpy")}
    return RestartFile(path, canonical_json([fixed, source_hash, libraries]))


def _of_other_blocks(file: RestartFile, samples: range) -> Iterator[RestartFile]:
    """Other restart files in the same folder whose names say that they hold some of ``samples``."""
    for path in sorted(file.path.parent.glob(f"samples*{SUFFIX}")):
        named = NAME.fullmatch(path.name)
        held = range(int(named[1]), int(named[2]) + 1) if named else range(0)
        if path != file.path and held.start < samples.stop and samples.start < held.stop:
            yield file._replace(path=path)


def rows_of(
    name: str, create: Callable[..., Any], landscape: Any, plan: Schedule, recorder: Any
) -> Arrays:
    """The arrays of a recorder that have one row per sample, by name."""
    one, two = (create(landscape, plan, samples) for samples in (1, 2))
    return dict(_rows(name, recorder, one, two))


def _rows(name: str, recorder: Any, one: Any, two: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    for field, part, of_one, of_two in zip(recorder._fields, recorder, one, two, strict=True):
        if hasattr(part, "_fields"):
            yield from _rows(f"{name}.{field}", part, of_one, of_two)
        elif np.shape(of_one) != np.shape(of_two):
            yield f"{name}.{field}", part


class Checkpoints:
    """The states and records of samples that a job takes over and leaves to the next job.

    Parameters
    ----------
    file
        The restart file; without one, nothing is taken over and nothing is written.
    end
        The time at which the run ends.
    where, visit
        A position and a visit, of which only the shapes and types are used.
    record
        The arrays of all recorders with one row per sample, by name.
    first_sample
        The number of the sample in the first row.
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
        # The time of the last stop of each sample (0 for none), and the state of the sample there.
        self.stop = np.zeros(samples)
        parts = {**where._asdict(), "visit": visit, "stream": np.zeros(6, np.uint64)}
        self.state = {name: _room(part.shape, part, samples) for name, part in parts.items()}
        # If the end is a stop of every sample, the record at the last stop is the final record;
        # otherwise it needs a copy.
        self.ends_with_a_stop = next_stop(np.nextafter(end, 0.0), 0.0) == end
        self.rows = record
        if not self.ends_with_a_stop:
            self.rows = {
                name: _room(rows.shape[1:], rows, samples) for name, rows in record.items()
            }
        self.last_write = time.monotonic()
        self.interval = SECONDS_BETWEEN_WRITES
        # A short job does not spend time on keeping states; a job that continues another is not
        # short.
        self.keeping = self.unwritten = False
        self.first_sample = first_sample
        if file:
            self._take_over_all(file)

    def _take_over_all(self, file: RestartFile) -> None:
        """Take over the block's samples from its own file and from the files of other blocks."""
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
        """Take over the samples of another job that have come further than those of this job."""
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
            # The observations of a shorter run are the first observations of a longer run; the
            # others are blank.
            kept[stopped] = self.record[name][stopped]
            first_ones: tuple[Any, ...] = tuple(slice(length) for length in rows.shape[1:])
            kept[(stopped, *first_ones)] = rows[further]
        if saved["end"] == self.end:
            done = theirs[saved["done"][theirs]]
            self.done[done + shift] = True
            for name, kept in self.record.items():
                kept[done + shift] = saved[f"record.{name}"][done]

    def resume(self, index: int, where: Any, visit: NDArray[Any], rng: Generator) -> bool:
        """Bring a sample to its last stop; if it has none, change nothing and return False."""
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
        self,
        index: int,
        until: float,
        where: Any,
        visit: NDArray[Any],
        rng: Generator,
        done: bool = False,
    ) -> None:
        """Keep the state of a sample at a stop, or when it is done; write all if it is time."""
        self.done[index] = done
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
        """Write the restart file, if states have been kept since it was last written."""
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
    # Arrays of zeros from the operating system take no memory before they are written to.
    return np.zeros((samples, *shape), like.dtype)


def _words(rng: Generator) -> NDArray[np.uint64]:
    """The state of a PCG64 random stream as six 64-bit words."""
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
