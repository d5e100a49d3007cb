"""Cost of jobs against samples, N and t_max, measured and estimated: ``docs/cost.png``.

    python -m tests.benchmarks.scaling

takes about ten minutes to measure, and writes ``docs/cost.csv`` and the figure. Points that the
file already has are not measured again, so that an interrupted run can be continued. ``--draw``
draws the points in the file. A point is one job, run as the workflow runs it: its ordinate is the
CPU time of the process from start to end, with all kernels compiled before. A line is the estimate
of that job.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from glasscore.campaign import cost, listing
from glasscore.campaign.configuration import validated
from glasscore.campaign.job_list import job_list
from glasscore.common.errors import CampaignError
from glasscore.common.plans import Job
from glasscore.figures.drawing.style import PAGE_WIDTH, PANEL_HEIGHT, POINT, applied

DOCS = Path(__file__).resolve().parents[2] / "docs"
NUMBERS, PICTURE = DOCS / "cost.csv", DOCS / "cost.png"
# Only points with at most so many estimated CPU seconds are measured.
LONGEST = 15.0
FACTOR = 3.0
PALETTE = "viridis"
STYLE = {"font_size": 8, "palette": PALETTE}


class Series(NamedTuple):
    """The reference point of a study, and the style of its points in the panels."""

    label: str
    section: str
    study: dict[str, Any]
    colour: float
    marker: str


def _spins(energies: str, N: int, T: float) -> dict[str, Any]:
    landscape = {"graph": "hypercube", "energies": energies}
    return {"landscape": landscape, "rule": "metropolis", "N": [N], "T": [T]}


TRAPS = {
    "landscape": {"graph": "complete", "energies": "exponential"},
    "rule": "arrhenius",
    "N": [float("inf")],
    "T": [0.5],
}
MANY = {"samples": 5000, "block": 5000, "t_max": 1e8}
FEW = {"samples": 100, "block": 100, "t_max": 1e6}
QUENCH = {"model": {"covariance": {3: 0.5}}, "T": [0.5], "t_max": 1e6, "tolerance": 1e-6}
SERIES = [
    Series("trap model", "activated", TRAPS | MANY, 0.0, "o"),
    Series("REM, exponential", "activated", _spins("exponential", 20, 0.5) | MANY, 0.25, "s"),
    Series("REM, Gaussian", "activated", _spins("gaussian", 20, 0.5662) | MANY, 0.5, "D"),
    Series("SK", "activated", _spins("sk", 64, 0.5) | FEW, 0.7, "^"),
    Series("DMFT, p = 3", "dmft", QUENCH, 0.85, "v"),
]
VALUES: dict[str, tuple[float, ...]] = {
    "samples": (1, 10, 100, 1000, 10_000, 100_000),
    "N": (8, 12, 16, 24, 32, 64, 128, 256),
    "t_max": tuple(10.0**power for power in range(2, 16)),
}


def job(one: Series, quantity: str, value: float) -> Job | None:
    """The job of a point; None if the study has no such key or does not allow the value."""
    study = dict(one.study)
    if quantity not in study:
        return None
    if quantity == "samples":
        study |= {"samples": int(value), "block": int(value)}
    else:
        study[quantity] = [int(value)] if quantity == "N" else value
    try:
        config = validated({"campaign": "cost", "seed": 1, one.section: {"one": study}})
    except CampaignError:
        return None
    stage = "dynamics" if one.section == "activated" else one.section
    return next(each for each in listing.jobs(config).values() if each.stage == stage)


def estimated(wanted: Job) -> float:
    """The estimated CPU seconds of a job."""
    found = cost.of_jobs({wanted.output: wanted})[wanted.output]
    assert found is not None
    return found.seconds


def measured(wanted: Job, folder: Path) -> float:
    """CPU seconds of the process that runs a job."""
    listed = job_list(folder, [wanted])
    listed.write()
    command = [sys.executable, "-m", "glasscore", wanted.stage, "--jobs", str(listed.path)]
    process = subprocess.Popen(
        [*command, "--output", str(folder / wanted.output)], stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    # The next job would otherwise continue from this restart file.
    for left in folder.rglob("*.*"):
        left.unlink()
    return usage.ru_utime + usage.ru_stime


def points(one: Series) -> Iterator[tuple[str, float, Job]]:
    """The quantity, the value and the job of each point that is cheap enough."""
    for quantity, values in VALUES.items():
        for value in values:
            wanted = job(one, quantity, value)
            if wanted is not None and estimated(wanted) <= LONGEST:
                yield quantity, value, wanted


def measure() -> None:
    """Measure the points that the file lacks, and add them."""
    known = {row[:3] for row in rows()}
    with NUMBERS.open("a", newline="") as file, tempfile.TemporaryDirectory() as folder:
        writer = csv.writer(file, lineterminator="\n")
        if not known:
            writer.writerow(("study", "quantity", "value", "seconds"))
        for one in SERIES:
            compiled = set()
            for quantity, value, wanted in points(one):
                if (one.label, quantity, value) in known:
                    continue
                # Kernels are compiled for these numbers of words.
                words = 1 if quantity != "N" or value <= 64 else 2
                if words not in compiled:
                    measured(wanted, Path(folder))
                    compiled.add(words)
                seconds = measured(wanted, Path(folder))
                writer.writerow((one.label, quantity, f"{value:g}", f"{seconds:.2f}"))
                file.flush()


def rows() -> list[tuple[str, str, float, float]]:
    """Rows of the file: study, quantity, value of the quantity, CPU seconds."""
    if not NUMBERS.exists():
        return []
    with NUMBERS.open(newline="") as file:
        return [
            (row["study"], row["quantity"], float(row["value"]), float(row["seconds"]))
            for row in csv.DictReader(file)
        ]


def draw() -> None:
    """Draw measured points over lines of estimates, one panel for each quantity."""
    labels = {
        "samples": "disorder samples",
        "N": r"spins $N$",
        "t_max": r"$t_{\mathrm{max}}$ (attempts; DMFT: $1/J$)",
    }
    with applied(STYLE):
        import matplotlib.pyplot as plt

        colours = plt.get_cmap(PALETTE)
        figure, grid = plt.subplots(
            1, 3, figsize=(PAGE_WIDTH, 0.85 * PANEL_HEIGHT), sharey=True, layout="constrained"
        )
        for letter, axes, quantity in zip("abc", grid, VALUES, strict=True):
            for one in SERIES:
                found = [row[2:] for row in rows() if row[:2] == (one.label, quantity)]
                if found:
                    colour = colours(one.colour)
                    x, y = np.array(found).T
                    axes.plot(x, y, one.marker, color=colour, label=one.label, **POINT)
                    axes.plot(*_line(one, quantity, min(x), max(x)), color=colour)
            axes.axhline(cost.START, color="0.6", linestyle=":", zorder=0)
            axes.set_xscale("log", base=2 if quantity == "N" else 10)
            axes.set(yscale="log", xlabel=labels[quantity], title=f"({letter})")
            axes.title.set_horizontalalignment("left")
            axes.title.set_x(0.0)
            axes.set_ylim(0.7, 110.0)
        grid[0].set_ylabel("CPU time of a job (s)")
        # The last panel has points of every study.
        grid[2].legend(loc="upper left")
        figure.savefig(PICTURE, metadata={"Software": None})
        plt.close(figure)


def _line(
    one: Series, quantity: str, smallest: float, largest: float
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the estimate between the smallest and the largest measured value."""
    values = np.geomspace(smallest, largest, 200)
    if quantity != "t_max":
        values = np.unique(np.round(values))
    jobs = [(value, job(one, quantity, value)) for value in values]
    found = [(value, estimated(wanted)) for value, wanted in jobs if wanted is not None]
    x, y = np.array(found).T
    return x, y


def main() -> None:
    """Measure unless ``--draw`` is given, draw, and print how good the estimates are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draw", action="store_true", help="draw the numbers that are there")
    if not parser.parse_args().draw:
        measure()
    draw()
    series = {one.label: one for one in SERIES}
    ratios = []
    for label, quantity, value, seconds in rows():
        wanted = job(series[label], quantity, value)
        assert wanted is not None
        ratios.append(estimated(wanted) / seconds)
        print(f"{label:18s} {quantity:8s} {value:8g} {seconds:8.2f} s {ratios[-1]:6.2f}")
    print(f"median {np.median(ratios):.2f}")
    near = sum(1 / FACTOR <= ratio <= FACTOR for ratio in ratios)
    print(f"{near} of {len(ratios)} jobs took what was estimated, within a factor of {FACTOR:g}")


if __name__ == "__main__":
    main()
