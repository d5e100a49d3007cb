"""The numbers of every figure, from a small campaign of all figures.

A new figure is tested here as soon as its file exists.
"""

import functools
import io
import json
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common import discovery
from glasscore.common.errors import CampaignError
from glasscore.dmft import stage as two_time
from glasscore.figures import stage as figures
from glasscore.figures.dmft.dmft_energy import EXPONENT
from glasscore.figures.drawing.curves import SOLUTION, Curve, from_dataset, to_dataset
from glasscore.figures.drawing.page import draw_panels, panels
from glasscore.figures.drawing.style import applied
from glasscore.files.store import parameters_of, read, write
from glasscore.report.agreement import agreements, belongs
from tests.workflow.campaign_copy import CONFIG

ROOT = Path(__file__).resolve().parents[2]
STYLE = {"font_size": 8, "palette": "viridis"}
FIGURES = discovery.names("figures")
# All that a figure may require of a study of spins, and the clock that compiles fastest.
ALL = {"recorders": discovery.names("dynamics/recorders"), "clock": "rejection_free"}
SPINS = {name: {**CONFIG["activated"][name], "t_max": 1e5} for name in ("rem", "gauss")}
# Recorders that figures require of spin glasses only.
OF_STATES = ["configurations", "energy", "inherent_structures", "maximum_energy", "metabasins"]
CORRELATED = {"graph": "hypercube", "energies": "correlated", "alpha": 0.4}
WITH_MORE = {
    **CONFIG,
    "activated": {
        "traps": {**CONFIG["activated"]["traps"], "t_max": 1e5, "N": [3, float("inf")]},
        **SPINS,
        "rem": {**SPINS["rem"], "T": [0.5, 0.75, 0.9, 0.9999, 1.5]},
        "short": {**SPINS["gauss"], "t_max": 20.0, "samples": 1},
        # The balance of moves needs this number of samples.
        "correlated": {
            **SPINS["gauss"],
            "landscape": CORRELATED,
            **ALL,
            "t_max": 1e4,
            "samples": 60,
            "block": 60,
        },
        "pspin": {
            **SPINS["gauss"],
            "landscape": {"graph": "hypercube", "energies": "pspin", "p": 3},
            "N": [8, 12],
            "T": [0.4],
            "samples": 20,
            "block": 20,
            "threshold": 0.0,
            "recorders": OF_STATES,
            "clock": ALL["clock"],
        },
        "planted": {
            **SPINS["gauss"],
            "landscape": {"graph": "hypercube", "energies": "pspin", "p": 3},
            "N": [6, 7, 8, 9],
            "T": [0.66, 1.0],
            "samples": 40,
            "block": 40,
            "start": "planted",
            "recorders": ["energy", "memory"],
            "clock": ALL["clock"],
        },
        "hot_traps": {
            **CONFIG["activated"]["traps"],
            "N": [float("inf")],
            "T": [1.5, 2.0],
            "t_max": 1e4,
            "samples": 40,
            "block": 40,
            "start": "equilibrium",
            "recorders": ["energy", "memory"],
        },
        # Correlations along a sequence of traps need sequences as long as here.
        "large": {
            **SPINS["gauss"],
            "landscape": {**CORRELATED, "alpha": 6 / 14},
            "N": [14],
            "T": [1.0],
            **ALL,
        },
    },
    "dmft": {
        **CONFIG["dmft"],
        "cycle": {
            **CONFIG["dmft"]["pspin"],
            "ramps": [{"begin": 0.3, "end": 0.5, "T": 0.2}, {"begin": 0.6, "end": 1.0, "T": 0.5}],
        },
        "field": {**CONFIG["dmft"]["pspin"], "T": [0.3, 0.5], "field": 0.3},
    },
    "theory": {
        **CONFIG["theory"],
        "line": {"solve": "almeida_thouless_line", "T": [0.01, 0.3, 0.5, 1.0]},
        "parisi": {"solve": "parisi_function", "T": [0.3, 0.6, 1.1], "steps": 2},
        "rem": {"solve": "random_energy_model", "T": [0.0, 0.5, 1.0]},
        "ising": {"solve": "ising_pspin", "p": [3], "T": [0.3, 0.66, 0.67, 1.0]},
        "spherical": {"solve": "spherical_pspin", "p": [3], "T": [0.3, 0.59, 0.6, 1.0]},
        "spiked": {"solve": "spiked_tensor", "r": [0.5, 0.84, 1.0], "overlaps": 20},
        "linear": {"solve": "linear_model", "r0": [2.2, 3.0]},
        "coupled": {
            "solve": "mode_coupling",
            "covariance": {3: 0.5},
            "T": [0.6, 0.6125, 0.613, 0.614, 0.615, 0.8],
            "t_max": 1e8,
            "points": 64,
        },
    },
    "langevin": {
        "quench": {**CONFIG["langevin"]["sphere"], "N": [4, 5, 6]},
        "cycle": {
            **CONFIG["langevin"]["sphere"],
            **{"T": [0.5], "N": [4, 6], "ramps": [{"begin": 0.2, "T": 0.2, "field": 0.1}]},
        },
        "equilibrium": {
            **CONFIG["langevin"]["linear"],
            **{"start": "equilibrium", "response": True, "frequencies": [0.0, 1.0]},
        },
        "spike": {
            **CONFIG["langevin"]["sphere"],
            "model": {"name": "spiked_tensor", "r": 2.0},
        },
        "wells": {
            "model": {"name": "soft", "r": 0.0, "u": 1.0},
            **{"start": "planted", "N": [8, 12, 16], "T": [1.2], "samples": 4, "t_max": 4.0},
        },
    },
    "figures": FIGURES,
}
SINGLE_SITE = {
    "model": {"single_site": "glauber"},
    "T": [1.0, 1.05, 1.1, 1.15, 1.2, 1.25],
    "T_initial": "equilibrium",
    "t_max": 4.0,
    "tolerance": 0.1,
    "ensembles": 2,
    "trajectories": 128,
}
WITH_MORE["dmft"]["ising"] = SINGLE_SITE
WITH_MORE["dmft"]["wells"] = {
    **SINGLE_SITE,
    "model": {"single_site": "soft"},
    "T": [1.2],
    "time_step": 0.05,
}


def shown_by_the_campaign(names):
    """The figures among some for which the campaign has studies."""

    def is_shown(*some):
        try:
            validated({**WITH_MORE, "figures": list(some)})
        except CampaignError:
            return False
        return True

    return names if is_shown(*names) else [name for name in names if is_shown(name)]


def results(folder, names=None):
    """Results of a small campaign, with temperatures above and below T_c, for some figures.

    For each figure, its parameters and the files that it reads.
    """
    names = shown_by_the_campaign(FIGURES) if names is None else names
    listed = listing.jobs(validated({**WITH_MORE, "figures": names}))
    needed = {path for name in names for path in listed[f"figures/{name}.nc"].inputs}
    needed |= {path for output in needed for path in listed[output].inputs}
    for job in listed.values():
        if job.output in needed:
            inputs = [str(folder / path) for path in job.inputs]
            stage = import_module(listing.modules(job.stage, job.parameters)[0])
            result = stage.run(job.parameters, inputs)
            result = result.assign_attrs(stage=job.stage)
            write(result, folder / job.output, parameters=job.parameters, source_hash="0" * 12)
    return {
        name: (
            listed[f"figures/{name}.nc"].parameters,
            [str(folder / path) for path in listed[f"figures/{name}.nc"].inputs],
        )
        for name in names
    }


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    return results(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def numbers(jobs):
    """The numbers of a figure by its name, computed once for all tests."""
    return functools.cache(lambda name: figures.run(*jobs[name]))


@pytest.fixture(scope="module")
def curves_of(numbers):
    return lambda name: from_dataset(numbers(name))


def test_the_manual_names_all_variables_of_results(jobs, numbers):
    """They stand there as ``name``, or as ``start`` and ``_end`` for names with the same start."""
    manual = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    written = set(re.findall(r"[\w<>]+", " ".join(re.findall(r"`([^`]+)`", manual))))

    def is_named(variable):
        parts = variable.split("_")
        ends = (("_".join(parts[:k]), "_" + "_".join(parts[k:])) for k in range(1, len(parts)))
        return variable in written or any(end in written and is_named(start) for start, end in ends)

    files = {one for _, inputs in jobs.values() for one in inputs}
    found = {str(name) for one in files for name in read(one).variables}
    found |= {str(name) for name in numbers("dmft_energy").variables}
    traps = {name: re.sub("(meta)?basin", "<trap>", name) for name in found}
    assert {name for name in found if not (is_named(name) or is_named(traps[name]))} == set()


def test_each_result_has_the_size_and_temperature_of_its_job_as_coordinates(jobs, tmp_path):
    inputs = {Path(one) for _, files in jobs.values() for one in files}
    some = next(path for path in inputs if path.parts[-3] == "traps")
    blocks = (some.parents[2] / "dynamics").rglob("*.nc")
    sizes = {"seed": 1, "study": "rem", "landscape": SPINS["rem"]["landscape"], "N": 4}
    looks = (
        import_module("glasscore.landscapes.stage").run(sizes, []).assign_attrs(stage="landscapes")
    )
    write(looks, tmp_path / "N4.nc", parameters=sizes, source_hash="0" * 12)
    found = {}
    for file in [*inputs, *blocks, tmp_path / "N4.nc"]:
        one = read(file)
        parameters = parameters_of(one)
        if one.attrs["stage"] != "theory":
            here = {name: float(one[name]) for name in ("N", "T") if name in one.coords}
            assert here == {name: parameters[name] for name in ("N", "T") if name in parameters}
            found.setdefault(one.attrs["stage"], set()).update(here)
    on_both = {stage: {"N", "T"} for stage in ("dynamics", "traps", "master", "langevin")}
    assert found == {**on_both, "landscapes": {"N"}, "barriers": {"N"}, "dmft": {"T"}}


@pytest.mark.parametrize(
    ("stage", "study", "along"),
    [("traps", "rem", "T"), ("traps", "pspin", "N"), ("langevin", "quench", "N")],
)
def test_the_files_of_a_study_are_joined_by_a_coordinate(jobs, stage, study, along):
    inputs = {one for _, files in jobs.values() for one in files}
    files = sorted(one for one in inputs if Path(one).parts[-3:-1] == (stage, study))
    points = [read(one)[["energy"]] for one in files]
    joined = xr.concat(points, along, join="outer", combine_attrs="drop_conflicts")
    assert joined.sizes[along] == len(files) > 1
    for point in points:
        there = joined.energy.sel({along: float(point[along])}).sel(time=point.time)
        assert np.array_equal(there, point.energy, equal_nan=True)


@pytest.mark.parametrize("name", FIGURES)
def test_points_and_lines_are_finite(name, curves_of):
    for curve in curves_of(name):
        assert np.isfinite(curve.x).all()
        assert np.isfinite(curve.y).all()
        assert curve.x.size > 0 or curve.note


@pytest.mark.parametrize(
    "name",
    [
        "energy_relaxation", "trapping_times", "aging_function",
        "finite_size_aging", "participation_ratio",
        "correlated_aging", "dmft_energy", "dmft_correlation", "dmft_fdt", "dmft_fdt_ratio",
        "critical_slowing", "finite_size_dynamics", "finite_size_equilibrium",
        "linear_simulation", "signal_descent", "dmft_magnetisation", "threshold_energy",
        "equilibrium_energy", "relaxation_times",
    ],
)  # fmt: skip
def test_theory_is_drawn_over_data(name, curves_of):
    curves = curves_of(name)
    roles = {curve.role for curve in curves}
    assert "theory" in roles
    assert roles & {"data", SOLUTION}


@pytest.mark.parametrize("name", ["energy_relaxation", "trapping_times"])
def test_laws_of_infinitely_many_states_are_exact_for_these_only(name, curves_of):
    lines = [curve for curve in curves_of(name) if (curve.panel, curve.role) == ("traps", "theory")]
    assert lines
    for line in lines:
        assert line.exact == line.label.startswith("exact") == np.isinf(line.marker)


@pytest.mark.parametrize("name", FIGURES)
def test_an_exact_law_is_computed_at_each_point_that_it_passes(name, curves_of):
    """The report compares points and laws there, and does not interpolate."""
    curves = curves_of(name)
    for line in curves:
        assert not (line.exact and line.role == "data")
        for points in curves if line.exact and np.ptp(line.y) > 0 else ():
            if points.role == "data" and belongs(line, points):
                passed = (points.x >= line.x.min()) & (points.x <= line.x.max())
                assert np.isin(points.x[passed], line.x).all()


def test_exact_laws_are_found_where_they_are_claimed(curves_of):
    """Each of these figures has an exact law beside points in the campaign above."""
    for name in ("aging_function", "barrier_statistics", "energy_relaxation",
                 "equilibrium_energy", "escape_times", "finite_size_aging", "participation_ratio",
                 "relaxation_times", "trapping_times"):  # fmt: skip
        compared = list(agreements(curves_of(name)))
        assert any(one.exact for one in compared), name


def test_the_closed_forms_of_two_spin_models_are_met_to_the_error_of_the_solution(tmp_path):
    """This holds in all three figures that draw them, for p = 2 quenched to T = 0."""
    study = {"model": {"covariance": {2: 0.5}}, "T": [0.0], "t_max": 100.0, "tolerance": 1e-6}
    names = ["dmft_correlation", "dmft_energy", "dmft_memory"]
    listed = listing.jobs(validated({"campaign": "two", "dmft": {"p2": study}, "figures": names}))
    solved = listed["dmft/p2/T0.nc"]
    result = two_time.run(solved.parameters, []).assign_attrs(stage="dmft")
    path = tmp_path / "T0.nc"
    write(result, path, parameters=solved.parameters, source_hash="0" * 12)
    error = max(result.attrs["energy_error_reached"], result.attrs["correlation_error_estimate"])
    for name in names:
        curves = from_dataset(figures.run(listed[f"figures/{name}.nc"].parameters, [str(path)]))
        laws = [one for one in agreements(curves) if one.exact]
        assert laws
        # Errors of a solution are estimated from a coarser one, and known up to a factor of two.
        # A local exponent is the difference of two logarithms of energies.
        laws = [one for one in laws if not one.panel.endswith(EXPONENT)]
        assert max(one.difference for one in laws) < 2.0 * error, name


def test_no_curves_make_an_empty_panel():
    with applied(STYLE):
        _, axes = panels([])
    assert [one.get_title(loc="left") for one in axes.values()] == ["no data"]


def test_results_of_another_stage_are_refused(jobs):
    parameters, _ = jobs["energy_relaxation"]
    _, inputs = jobs["barrier_statistics"]
    with pytest.raises(CampaignError, match="of the stage barriers, but the figure energy_relax"):
        figures.run(parameters, inputs)


def test_titles_name_the_panels(jobs):
    parameters, inputs = jobs["energy_relaxation"]
    titles = {"traps": {**parameters["titles"]["traps"], "rem": "random energy model"}}
    numbers = figures.run({**parameters, "titles": titles}, inputs)
    assert any(name.startswith("random energy model") for name in numbers.panel.values)


CURVES = [
    Curve(
        "one: a", "data", "point", np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([0.1, 0.2])
    ),
    Curve("one: a", "theory", "law", np.array([1.0, 2.0, 3.0]), np.array([3.0, 4.0, 5.0])),
    Curve("two", "theory", "", np.array([0.0, 1.0]), np.array([0.0, 1.0]), None, np.nan),
]


def test_curves_survive_their_file(tmp_path):
    write(
        to_dataset(CURVES, "attempts", "J"), tmp_path / "f.nc", parameters={}, source_hash="0" * 12
    )
    for before, after in zip(CURVES, from_dataset(read(tmp_path / "f.nc")), strict=True):
        for field in Curve._fields:
            left, right = getattr(before, field), getattr(after, field)
            assert np.array_equal(left, right, equal_nan=True) if field in "xy" else True
            assert json.dumps(np.asarray(left).tolist()) == json.dumps(np.asarray(right).tolist())


def test_legend_lists_each_label_once_and_splits_colours_from_markers():
    grid = [
        Curve("p", "data", f"{T} {N}", np.ones(2), np.ones(2), None, T, N, f"T={T}", f"N={N}")
        for T in (0.5, 0.6, 0.7)
        for N in (16, 20)
    ]
    laws = [Curve("p", "theory", "law", np.ones(2), np.ones(2), None, T) for T in (0.5, 0.6)]
    with applied(STYLE):
        figure, _ = draw_panels([*grid, *laws])
        texts = [text.get_text() for one in figure.legends for text in one.get_texts()]
    assert texts == ["T=0.5", "T=0.6", "T=0.7", "N=16", "N=20", "law"]


def test_panel_titles_leave_out_what_only_tells_panels_apart():
    with applied(STYLE):
        _, axes = panels(CURVES)
        assert axes["one: a"].get_title(loc="left") == "(a) one"


def test_sizes_are_told_by_colour_where_all_temperatures_are_one():
    sizes = [
        Curve("p", "data", f"N={N}", np.ones(2), np.ones(2), None, 0.5, N, "T=0.5", f"N={N}")
        for N in (16, 20, 24)
    ]
    law = Curve("p", "theory", "law", np.ones(2), np.ones(2), None, 0.5)
    with applied(STYLE):
        _, axes = draw_panels([*sizes, law])
        colours = {container.lines[0].get_color() for container in axes["p"].containers}
    assert len(colours) == len(sizes)


def test_titles_are_drawn_in_the_chosen_font():
    """Characters that it lacks are drawn in the default font, whatever the user's own settings."""
    import matplotlib

    with matplotlib.rc_context({"text.usetex": True}), applied({**STYLE, "font": "DejaVu Serif"}):
        assert not matplotlib.rcParams["text.usetex"]
        figure, _ = panels([Curve("Стекло a\\frac{", "data", "", np.ones(1), np.ones(1))])
        drawn = io.BytesIO()
        figure.savefig(drawn, format="pdf")
    used = set(re.findall(rb"/BaseFont /(?:[A-Z]{6}[+])?([\w-]+)", drawn.getvalue()))
    assert used == {b"DejaVuSerif"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"titles": {"traps": {"rem": "玻璃"}}},
            "must be in characters of the font DejaVu Sans, wi",
        ),
        ({"style": {**STYLE, "font": "gone"}}, "style.font is 'gone', but must be the name of a f"),
    ],
)
def test_jobs_refuse_titles_and_fonts_that_this_machine_cannot_draw(changes, said):
    parameters = {"figure": "energy_relaxation", "titles": {}, "style": STYLE, **changes}
    with pytest.raises(CampaignError, match=said):
        figures.run(parameters, ["traps.nc"])
