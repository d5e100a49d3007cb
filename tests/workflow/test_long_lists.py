"""A valid campaign can be drawn, whatever the number and the length of its results' names."""

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.campaign.job_list import job_list
from glasscore.common.plans import Job
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import PAGE_HEIGHT, draw_panels, finish
from glasscore.figures.drawing.style import applied
from glasscore.figures.drawing.symbols import MOST_ENTRIES
from tests.test_trust import directives
from tests.workflow.campaign_copy import CONFIG

PROJECT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
LONGEST_WORD = 128 * 1024  # bytes, of a command on Linux
TEMPERATURES = [round(0.3 + 1e-4 * number, 4) for number in range(3500)]
MANY = {
    "campaign": "test",
    "dmft": {"s" * 64: {**CONFIG["dmft"]["pspin"], "T": TEMPERATURES, "title": "t" * 64}},
    "figures": ["dmft_energy"],
}


def command(rule: str, listed: str, output: str) -> str:
    """A rule's command for one job, as Snakemake hands it to bash."""
    file = {"report": "report"}.get(rule, "stages")
    text = (PROJECT / "workflow" / "rules" / f"{file}.smk").read_text(encoding="utf-8")
    ((_, block),) = directives(text)
    words = ast.literal_eval(f"({block})")
    given = {"params.stage": rule, "params.jobs": listed, "log": "job.log"}
    given |= {"output": output, "output.result": output}
    return re.sub(r"\{(.*?):q\}", lambda found: shlex.quote(given[found[1]]), words)


@pytest.mark.parametrize("rule", ["figures", "report"])
def test_the_job_that_reads_3500_results_is_run_by_bash(rule, tmp_path):
    config = validated(MANY)
    jobs = listing.jobs(config)
    page = Job("report", "report.html", listing.report(config))
    figure = jobs["figures/dmft_energy.nc"]
    folder = Path("results", "test")
    names = [str(folder / path) for path in figure.inputs]
    assert sum(len(name) + 1 for name in names) > 2 * LONGEST_WORD
    listed = job_list(tmp_path / folder, [*jobs.values(), page])
    listed.write()
    output = {"figures": figure.output, "report": page.output}[rule]
    said = command(rule, str(listed.path.relative_to(tmp_path)), str(folder / output))
    done = subprocess.run(
        ["bash", "-c", said],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{PROGRAMS}:{os.defpath}", "PYTHONPATH": str(PROJECT)},
        check=False,
    )
    log = (tmp_path / "job.log").read_text()
    if rule == "figures":
        # The job has tried to read its first input, which was never computed.
        assert log == f"error: {names[0]}: No such file or directory\n"
    else:
        assert done.returncode == 0, log
        page_made = (tmp_path / folder / output).read_text()
        assert f"0 of {len(names) + 1} result files current" in page_made


def test_a_legend_of_3500_temperatures_names_some_of_them():
    curves = [
        Curve("panel", "data", f"T={T}", np.array([1.0]), np.array([T]), None, T, 1.0)
        for T in TEMPERATURES[:100]
    ]
    with applied({"font_size": 8, "palette": "viridis"}):
        figure, axes = draw_panels(curves)
        finish(figure)
        texts = [text.get_text() for one in figure.legends for text in one.get_texts()]
        assert texts[:: MOST_ENTRIES - 1] == [curves[0].label, curves[-1].label]
        top = axes["panel"].get_tightbbox().y1
        assert all(one.get_window_extent().y0 > top for one in figure.legends)
        assert figure.get_size_inches()[1] < PAGE_HEIGHT
