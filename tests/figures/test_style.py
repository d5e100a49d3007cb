"""The style of figures is that of seaborn, which is loaded only for its own palettes."""

import subprocess
import sys

import matplotlib
import pytest
import seaborn

from glasscore.figures.drawing import style


def test_ticks_are_those_of_seaborn():
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(style.TICKS)
        expected = seaborn.axes_style("ticks")
        del expected["image.cmap"]  # the config names another
        assert {key: matplotlib.rcParams[key] for key in expected} == expected


@pytest.mark.parametrize(("palette", "is_seaborns"), [("viridis", False), ("mako", True)])
def test_seaborn_is_loaded_for_its_palettes_alone(palette, is_seaborns, pytestconfig):
    script = (
        "import sys; from glasscore.figures.drawing.style import applied, colours\n"
        f"with applied({{'font_size': 8, 'palette': {palette!r}}}): colours([0.5, 1.0])\n"
        "print('seaborn' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=pytestconfig.rootpath,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{is_seaborns}\n"
