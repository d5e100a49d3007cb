"""How kernels are compiled: without any vendor's mathematics library, and for all callers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba._helperlib
import numpy as np
import pytest

from glasscore.kernels.compilation import inlined_kernel

ROOT = Path(__file__).resolve().parents[2]
# Some distributions build the compiler with support of the library.
SUPPORTED = "import llvmlite.binding.targets as targets; targets.has_svml = lambda: True; "
USED = "; print(numba.config.USING_SVML)"


@pytest.fixture
def python(tmp_path):
    """Run a program where a library of the vendor's name can be loaded."""
    shutil.copy(numba._helperlib.__file__, tmp_path / "libsvml.so")
    kept = {name: text for name, text in os.environ.items() if name != "NUMBA_DISABLE_INTEL_SVML"}
    environment = {**kept, "LD_LIBRARY_PATH": str(tmp_path), "PYTHONPATH": str(ROOT)}

    def run(program):
        command = [sys.executable, "-c", SUPPORTED + program + USED]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    return run


def test_the_compiler_uses_no_vector_mathematics_that_is_installed(python):
    assert python("import numba").stdout == "True\n"
    ours = python("import glasscore.kernels.compilation, numba")
    assert (ours.stdout, ours.stderr) == ("False\n", "")


def test_a_compiler_that_was_imported_before_is_told_of(python):
    late = python("import numba, glasscore.kernels.compilation")
    assert late.stdout == "True\n"
    assert "numba was imported before glasscore" in late.stderr
    assert "import glasscore first" in late.stderr


def test_an_inlined_kernel_can_also_be_called_from_python():
    """Its entry for such callers is compiled at the first call; without it, Python would crash."""

    @inlined_kernel
    def difference(first, second):
        return first - second

    assert difference(3, 1) == 2
    assert difference(np.ones(2), 0.5).tolist() == [0.5, 0.5]
