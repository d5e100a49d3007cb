"""Files from which a later job can continue the work of an interrupted one."""

import os
from contextlib import suppress
from glob import escape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasscore.common.log import say

Arrays = dict[str, NDArray[Any]]


class RestartFile(NamedTuple):
    """The path of a restart file, and the identity of the runs that it belongs to."""

    path: Path
    identity: str

    def read(self) -> Arrays | None:
        """The arrays in the file; None, with a line in the log, if they cannot be used."""
        # Any error is caught, since a run can always start from the beginning.
        try:
            for stray in self.path.parent.glob(f".{escape(self.path.name)}.*.partial"):
                stray.unlink(missing_ok=True)
            if not self.path.exists():
                return None
            with self.path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                if str(file["identity"]) == self.identity:
                    return {name: file[name] for name in file.files if name != "identity"}
            reason = "is of other parameters, code or versions"
        except Exception as error:
            reason = f"cannot be read ({type(error).__name__}: {error})"
        self.refuse(reason)
        return None

    def refuse(self, reason: str) -> None:
        """Write to the log that the file is not used, and why."""
        say(f"{self.path} is not used: it {reason}")

    def write(self, arrays: Arrays) -> None:
        """Write the file. If this fails, the old one stays, and the log says so."""
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}.partial")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                named: dict[str, Any] = {"identity": np.array(self.identity), **arrays}
                np.savez(file, **named)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, self.path)
        except OSError as error:
            say(f"no restart file was written: {error}")
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
