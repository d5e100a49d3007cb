"""The jobs of a campaign: which file needs which parameters, inputs and code.

Everything here is a pure function of the validated configuration, so that the workflow files hold
no decisions and tests can ask what a change would run.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from glasscore.common import discovery
from glasscore.models.schedule import extra_windows

Parameters = dict[str, Any]
PICTURES = (".png", ".pdf", ".svg")
# Stages that compute with a landscape itself.
ON_LANDSCAPES = ("landscapes", "dynamics", "barriers", "master")
# Keys of an activated study that its dynamics alone depends on.
OF_THE_RUN = ("clock", "t_max", "times_per_decade", "waiting_times_per_decade")
# Keys of a study of a single site that no other study has.
OF_SINGLE_SITES = ("ensembles", "trajectories", "iterations", "time_step")


class Job(NamedTuple):
    """One file to be made.

    Attributes
    ----------
    stage
        The stage that makes it.
    output
        Its path below the campaign's folder.
    parameters
        All values that its numbers depend on, and no others: the workflow reruns a job when they
        change.
    inputs
        Paths of the files it reads.
    """

    stage: str
    output: str
    parameters: Parameters
    inputs: tuple[str, ...] = ()


def jobs(config: dict[str, Any]) -> dict[str, Job]:
    """All jobs of a validated configuration, by output path, in the order of the data."""
    listed = [*_activated(config), *_barriers(config), *_master(config), *_dmft(config)]
    listed += _theory(config)
    listed += _langevin(config)
    listed += [_figure(name, config, listed) for name in config["figures"]]
    return {job.output: job for job in listed}


def targets(jobs: dict[str, Job]) -> list[str]:
    """The results that a campaign is for: all but blocks, which may be deleted when averaged."""
    return [output for output, job in jobs.items() if job.stage != "dynamics"]


def pictures_beside(job: Job) -> list[str]:
    """The pictures that a job makes beside its output."""
    stem = job.output.removesuffix(".nc")
    return [stem + ending for ending in PICTURES] if job.stage == "figures" else []


def reported(jobs: dict[str, Job]) -> list[str]:
    """All files that a campaign's page is about: its results, and the pictures of its figures."""
    return targets(jobs) + [name for job in jobs.values() for name in pictures_beside(job)]


def report(config: dict[str, Any]) -> Parameters:
    """All that the page of a campaign says by itself: the configuration and figures' captions."""
    return {
        "config": config,
        "captions": {name: discovery.caption(name) for name in config["figures"]},
    }


def modules(stage: str, parameters: Parameters) -> list[str]:
    """Modules whose code a job runs: first the one with ``run``, then those that it picks."""
    site = parameters.get("model", {}).get("single_site") if stage == "dmft" else None
    if site is not None:
        part = "glasscore.dmft.single_site"
        return [f"{part}.stage", f"{part}.models.{site}"]
    named = [f"glasscore.{stage}.stage"]
    if "landscape" in parameters and stage in ON_LANDSCAPES:
        model = parameters["landscape"]
        named += [
            f"glasscore.landscapes.graphs.{model['graph']}",
            f"glasscore.landscapes.energies.{model['energies']}",
        ]
    if stage == "dynamics":
        named += [
            f"glasscore.dynamics.graphs.{parameters['landscape']['graph']}",
            f"glasscore.dynamics.rules.{discovery.name_of(parameters['rule'])}",
            f"glasscore.dynamics.clocks.{parameters['clock']}",
        ]
        named += [f"glasscore.dynamics.recorders.{name}" for name in parameters["recorders"]]
    if stage == "master":
        named.append(f"glasscore.dynamics.rules.{discovery.name_of(parameters['rule'])}")
        named += [f"glasscore.master.observables.{name}" for name in parameters["observables"]]
    if stage == "theory":
        named.append(f"glasscore.theory.studies.{parameters['solve']}")
    if stage == "langevin":
        named.append(f"glasscore.langevin.models.{parameters['model']['name']}")
    if stage == "figures":
        named.append(discovery.module("figures", parameters["figure"]))
    return named


def number(value: float) -> str:
    """A number as it appears in paths: ``0.5``, ``20``, ``inf``."""
    return f"{value:.12g}"


def _activated(config: dict[str, Any]) -> Iterator[Job]:
    for study, chosen in config["activated"].items():
        model = {"study": study, "landscape": chosen["landscape"], **_disorder(chosen)}
        for N in chosen["N"]:
            size = {"seed": config["seed"], **model, "N": N}
            yield Job("landscapes", f"landscapes/{study}/N{number(N)}.nc", size)
            for T in chosen["T"]:
                yield from _point(study, chosen, size, T)


def _disorder(chosen: dict[str, Any]) -> Parameters:
    """The study whose disorder samples a study shares; its own name stands for its own ones."""
    return {"disorder": chosen["disorder"]} if "disorder" in chosen else {}


def number_of_jobs(kind: str, study: str, chosen: dict[str, Any]) -> int:
    """How many jobs a study of some kind makes, without listing them."""
    if kind == "theory":
        return 1
    if kind != "activated":
        return len(chosen.get("N", [None])) * len(chosen.get("T", [None]))
    total = 0
    for N in chosen["N"]:
        size = {"seed": 0, "study": study, "landscape": chosen["landscape"], "N": N}
        total += 1
        for T in chosen["T"]:
            total += 1 - (-chosen["samples"] // _samples_of_a_job(chosen, _run(chosen, size, T)))
    return total


def _run(chosen: dict[str, Any], size: Parameters, T: float) -> Parameters:
    """What the dynamics of one N and T depends on, whichever samples."""
    run = {
        **size,
        **{key: chosen[key] for key in ("rule", "recorders", *OF_THE_RUN)},
        "T": T,
        "extra_windows": extra_windows(chosen["windows"]),
    }
    for key in ("threshold", "trajectories"):
        if discovery.is_needed(key, chosen["recorders"]):
            run[key] = chosen[key]
    return run


def _samples_of_a_job(chosen: dict[str, Any], run: Parameters) -> int:
    if chosen["block"] != "auto":
        return chosen["block"]
    return import_module("glasscore.dynamics.cost").samples_of_a_job(run)


def _point(study: str, chosen: dict[str, Any], size: Parameters, T: float) -> Iterator[Job]:
    """Dynamics and traps of one N and T."""
    point = f"{study}/N{number(size['N'])}_T{number(T)}"
    run = _run(chosen, size, T)
    of_a_job = _samples_of_a_job(chosen, run)
    blocks = []
    for block, first in enumerate(range(0, chosen["samples"], of_a_job)):
        count = min(of_a_job, chosen["samples"] - first)
        output = f"dynamics/{point}/block{block}.nc"
        blocks.append(output)
        yield Job("dynamics", output, {**run, "first_sample": first, "samples": count})
    shared = {"rule": chosen["rule"], "T": T, "recorders": chosen["recorders"]}
    averages = {**size, **shared, "samples": chosen["samples"], "windows": chosen["windows"]}
    yield Job("traps", f"traps/{point}.nc", averages, tuple(blocks))


def _barriers(config: dict[str, Any]) -> Iterator[Job]:
    for study, chosen in config["barriers"].items():
        fixed = {key: chosen[key] for key in ("landscape", "samples", "branches")}
        fixed |= _disorder(chosen)
        for N in chosen["N"]:
            parameters = {"seed": config["seed"], "study": study, **fixed, "N": N}
            yield Job("barriers", f"barriers/{study}/N{number(N)}.nc", parameters)


def _master(config: dict[str, Any]) -> Iterator[Job]:
    for study, chosen in config["master"].items():
        keys = ["landscape", "rule", "samples", "observables"]
        for name in chosen["observables"]:
            keys += discovery.constant("master/observables", name, "PARAMETERS", ())
        fixed = {**{key: chosen[key] for key in keys}, **_disorder(chosen)}
        for N in chosen["N"]:
            for T in chosen["T"]:
                parameters = {"seed": config["seed"], "study": study, **fixed, "N": N, "T": T}
                yield Job("master", f"master/{study}/N{number(N)}_T{number(T)}.nc", parameters)


def _dmft(config: dict[str, Any]) -> Iterator[Job]:
    for study, chosen in config["dmft"].items():
        for T in chosen["T"]:
            fixed = {key: chosen[key] for key in ("model", "T_initial", "t_max", "tolerance")}
            if "single_site" in chosen["model"]:
                fixed |= {key: chosen[key] for key in OF_SINGLE_SITES if key in chosen}
                fixed["seed"] = config["seed"]
            else:
                fixed |= {key: chosen[key] for key in ("field", "ramps")}
            yield Job("dmft", f"dmft/{study}/T{number(T)}.nc", {"study": study, **fixed, "T": T})


def _theory(config: dict[str, Any]) -> Iterator[Job]:
    for study, chosen in config["theory"].items():
        options = {key: value for key, value in chosen.items() if key != "title"}
        yield Job("theory", f"theory/{study}.nc", {"study": study, **options})


def _langevin(config: dict[str, Any]) -> Iterator[Job]:
    for study, chosen in config["langevin"].items():
        fixed = {key: value for key, value in chosen.items() if key not in ("title", "N", "T")}
        for N in chosen["N"]:
            for T in chosen["T"]:
                parameters = {"seed": config["seed"], "study": study, **fixed, "N": N, "T": T}
                yield Job("langevin", f"langevin/{study}/N{number(N)}_T{number(T)}.nc", parameters)


def _figure(name: str, config: dict[str, Any], results: list[Job]) -> Job:
    """A figure reads all results of the stages it needs, of the studies it is about."""
    stages = discovery.needs(name)
    shown = [
        job for job in results if job.stage in stages and discovery.is_about(name, job.parameters)
    ]
    titles: dict[str, dict[str, str]] = {}
    for job in shown:
        study = job.parameters["study"]
        chosen = config[discovery.STUDIES[job.stage]][study]
        title = chosen.get("title", study.replace("_", " "))
        titles.setdefault(job.stage, {})[study] = title
    parameters = {"figure": name, "titles": titles, "style": config["style"]}
    return Job("figures", f"figures/{name}.nc", parameters, tuple(job.output for job in shown))
