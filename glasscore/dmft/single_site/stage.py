"""The stage ``dmft`` for single sites: equilibrium of one model at one temperature."""

from importlib import import_module
from typing import Any

import numpy as np
import xarray as xr

from glasscore.common.errors import refuse
from glasscore.common.log import say
from glasscore.dmft.single_site import dyson_equation, equilibrium
from glasscore.dmft.single_site.exponentials import in_time
from glasscore.dmft.single_site.interface import (
    Array,
    Bath,
    Statics,
    checked_temperature,
    glass_temperature,
    statics,
)
from glasscore.dmft.single_site.refusal import refusal
from glasscore.estimates.samples import mean_and_error
from glasscore.files.restart_file import RestartFile
from glasscore.files.store import quantity
from glasscore.kernels.compilation import compiled_once
from glasscore.kernels.random_streams import generator

ENERGY_UNIT = "1 (energy per spin, <J_ij^2> = J^2 / N)"
ERROR = "standard error over independent ensembles of the"


def run(
    parameters: dict[str, Any], inputs: list[str], restart: RestartFile | None = None
) -> xr.Dataset:
    """Solve for the equilibrium of one model at one temperature T >= T_g.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``model`` (``single_site`` and its options), ``T``, ``t_max`` (the
        longest time lag), ``tolerance``, ``ensembles``, ``trajectories`` (of an ensemble),
        ``iterations`` (the most) and ``time_step``: see config/README.md.
    inputs, restart
        Not used: the stage reads no files, and its jobs take minutes and need no restart file.

    Returns
    -------
    Dataset
        See results/README.md. Errors are standard errors over ensembles, each of which is
        self-consistent by itself.

    Raises
    ------
    CampaignError
        If T is below T_g, the model is unstable, steps are too long, or an ensemble does not
        converge.
    """
    name, T = parameters["model"]["single_site"], float(parameters["T"])
    module = import_module(f"glasscore.dmft.single_site.models.{name}")
    refuse(refusal({**parameters, "T": [T]}))
    model = module.create(parameters["model"])
    at = statics(model, checked_temperature(model, T))
    step = float(parameters.get("time_step", module.TIME_STEP))
    groups = parameters["trajectories"] // equilibrium.TOGETHER
    plan = equilibrium.plan(
        float(parameters["t_max"]), step, groups, parameters["iterations"],
        float(parameters["tolerance"]),
    )  # fmt: skip
    with compiled_once(f"single-site-{name}"):
        _warm(model, at, step)
    ensembles = []
    for number in range(parameters["ensembles"]):

        def random(group: int, number: int = number) -> np.random.Generator:
            role = f"single site T={T!r} group={group}"
            return generator(parameters["seed"], parameters["study"], np.inf, number, role)

        ensembles.append(equilibrium.solve(model, at, plan, random))
        changes = ", ".join(f"{change:.2g}" for change in ensembles[-1].change)
        say(f"ensemble {number + 1}: C changed by {changes}")
    return _dataset(ensembles, at, plan.time).assign_attrs(
        time_unit=module.TIME_UNIT,
        energy_unit=ENERGY_UNIT,
        glass_temperature=glass_temperature(model),
        time_step=step,
        model=module.NAME,
    )


def _warm(model: Any, at: Statics, step: float) -> None:
    plan = equilibrium.plan(8 * step, step, 1, 1, np.inf)
    equilibrium.solve(model, at, plan, lambda group: np.random.default_rng(group))


def _dataset(ensembles: list[equilibrium.Ensemble], at: Statics, time: Array) -> xr.Dataset:
    longest = max(len(one.change) for one in ensembles)
    # an ensemble that has converged does not change in later iterations
    changes = [np.pad(one.change, (0, longest - one.change.size)) for one in ensembles]
    history = [
        np.pad(one.correlation, ((0, longest + 1 - len(one.correlation)), (0, 0)), mode="edge")
        for one in ensembles
    ]
    found = np.array([one.correlation[-1] for one in ensembles])
    response = np.array([_response(one.bath, at, time) for one in ensembles])
    slopes = np.array([dyson_equation.slope(one.memory, at) for one in ensembles])
    times = np.array([dyson_equation.relaxation_time(one.memory, at) for one in ensembles])
    variables = {
        "energy": quantity((), at.energy, "energy per spin, exactly", "E"),
        "second_moment": quantity((), at.second_moment, "C(0), exactly", r"\langle S^2 \rangle"),
        "local_relaxation_time": quantity("ensemble", slopes, "d(1/G + J^2 G)/ds at s = 0", "b"),
        "relaxation_time": quantity("ensemble", times, "d(1/G)/ds at s = 0", r"\tau"),
        "correlation_of_ensemble": quantity(
            ("ensemble", "time"), found, "correlation of each ensemble", "C(t)"
        ),
        "change": quantity(
            "iteration", np.max(changes, axis=0), "largest change of C / C(0) in an iteration",
            r"\Delta C / C(0)",
        ),
        "correlation_by_iteration": quantity(
            ("iteration", "time"), np.mean(history, axis=0)[1:], "correlation after an iteration",
            "C(t)",
        ),
    }  # fmt: skip
    sampled = np.array([one.sampled_correlation for one in ensembles])
    integrated = np.array([one.sampled_response for one in ensembles])
    for name, values, text, symbol in (
        ("correlation", found, "self-consistent correlation", "C(t)"),
        ("response", response, "self-consistent response density, -C'(t) / T", "G(t)"),
        ("sampled_correlation", sampled, "correlation of new trajectories", "C(t)"),
        ("sampled_integrated_response", integrated,
         "integrated response of new trajectories", r"\chi(t)"),
    ):  # fmt: skip
        mean, error = mean_and_error(values)
        variables[name] = quantity("time", mean, text, symbol)
        variables[f"{name}_error"] = quantity("time", error, f"{ERROR} {text}", rf"\Delta {symbol}")
    coordinates = {
        "time": quantity("time", time, "time lag", "t"),
        "iteration": quantity("iteration", np.arange(1, longest + 1), "iteration", "k"),
        "ensemble": quantity("ensemble", np.arange(len(ensembles)), "independent ensemble", "e"),
    }
    return xr.Dataset(variables, coordinates)


def _response(bath: Bath, at: Statics, time: Array) -> Array:
    return in_time(Bath(bath.weight * bath.rate / at.T, bath.rate), time)
