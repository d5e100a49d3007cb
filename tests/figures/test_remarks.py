"""Captions say how many samples there are, and what J is; no entry of the legend is added."""

import numpy as np
import pytest
import xarray as xr

from glasscore.common import discovery
from glasscore.figures.drawing.caption import notes
from glasscore.figures.drawing.curves import Curve, from_dataset, to_dataset
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples, on_unit
from glasscore.figures.drawing.style import applied
from glasscore.figures.plan import style_by_default
from glasscore.files.provenance import canonical_json

ONE = np.ones(1)


def point(N=8, samples=100, critical=1.0, **landscape):
    parameters = {"N": N, "landscape": {"energies": "sk", **landscape}}
    attributes = {"parameters": canonical_json(parameters), "critical_temperature": critical}
    return xr.Dataset({"samples": samples}, attrs=attributes)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([(8, 100), (12, 100)], "Averages are over 100 disorder samples."),
        ([(8, 1)], "Averages are over one disorder sample."),
        (
            [(8, 100), (24, 12), (12, 100), (np.inf, 3)],
            r"Averages are over 100 disorder samples at $N = 8, 12$, 12 disorder samples at "
            r"$N = 24$ and 3 disorder samples at $N = \infty$.",
        ),
    ],
)
def test_the_number_of_samples_is_told_by_size(points, said):
    (remark,) = on_samples(["a"], [point(N, count) for N, count in points])
    assert remark.note == said


@pytest.mark.parametrize("energies", discovery.names("landscapes/energies"))
def test_the_unit_is_told_for_all_energies(energies):
    (remark,) = on_unit(["a"], point(energies=energies, p=3))
    assert "$" in remark.note
    assert remark.note.endswith(r"$T_c = 1\,J$.")


@pytest.mark.parametrize("critical", [0.0, np.inf, np.nan])
def test_no_transition_is_told_where_none_is_known(critical):
    (remark,) = on_unit(["a"], point(critical=critical))
    assert remark.note == "The couplings have the variance $J^2/N$."


def test_the_difference_of_sums_has_the_unit_of_the_numbers():
    model = {"energies": "number_partitioning", "logarithm": False}
    (remark,) = on_unit(["a"], point(critical=0.0, **model))
    assert remark.note == "The numbers lie between 0 and $J$."


def test_remarks_are_said_and_not_drawn():
    drawn = [Curve(panel, "data", "points", ONE, ONE, None, 0.5, 8.0) for panel in "ab"]
    remarks = on_samples("a", [point()])
    kept = from_dataset(to_dataset([*drawn, *remarks], "1", "1"))
    assert notes({}, kept) == "(a) Averages are over 100 disorder samples."
    with applied(style_by_default()):
        looks = []
        for curves in (drawn, kept):
            figure, axes = draw_panels(curves)
            texts = [text.get_text() for one in figure.legends for text in one.get_texts()]
            looks.append((texts, [line.get_color() for line in axes["a"].get_lines()]))
    assert looks[0] == looks[1]
