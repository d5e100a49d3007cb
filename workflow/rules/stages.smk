# The rule of a stage follows from its plan (glasscore/<stage>/plan.py) and is written once for all
# stages. Jobs of some stages keep a restart file, from which they go on if they were cut off. It is
# not declared as an output, because Snakemake deletes the outputs of jobs that were cut off.

import re

# Names of studies and figures may contain underscores; numbers in paths do not.
WHOLE, BETWEEN = "[^/]+", "[^/_]+"


def outputs(plan):
    """The result of a job and its pictures, of which the PNG is shown in Snakemake's report."""
    stem = plan.path.removesuffix(".nc")
    found = {"result": result(plan.path)}
    for ending in plan.beside:
        picture = result(stem + ending)
        if ending == ".png":
            picture = report(picture, caption="../report/figure.rst", category="Figures")
        found[ending.removeprefix(".")] = picture
    return found


def constraints(plan):
    """Regular expressions for the names in braces in a plan's path."""
    words = re.findall(r"{(\w+)}", plan.path)
    parts = plan.path.removesuffix(".nc").split("/")
    return {word: WHOLE if f"{{{word}}}" in parts else BETWEEN for word in words}


def described(plan):
    """What a job is about, for the log: its stage, its study, and its point."""
    words = re.findall(r"{(\w+)}", plan.path)
    whole = [f"{{wildcards.{word}}}" for word in words if word in ("study", "figure")]
    point = [f"{word} = {{wildcards.{word}}}" for word in words if word not in ("study", "figure")]
    return ", ".join([f"{plan.stage} {' '.join(whole)}", *point])


def resources(plan):
    """Memory and time that a job requests from a cluster, and whether several jobs run as one."""
    turns = {"turns": 1} if plan.takes_turns else {}
    return {"mem_mb": memory(plan.path), "runtime": runtime(plan.path), **turns}


for PLAN in plans().values():

    rule:
        name:
            PLAN.stage
        input:
            inputs(PLAN.path),
        output:
            **outputs(PLAN),
        log:
            result(f"logs/{PLAN.path.removesuffix('.nc')}.log"),
        benchmark:
            result(f"benchmarks/{PLAN.path.removesuffix('.nc')}.tsv")
        wildcard_constraints:
            **constraints(PLAN),
        threads: 1
        resources:
            **resources(PLAN),
        params:
            stage=PLAN.stage,
            jobs=jobs_file,
            parameters=parameters(PLAN.path),
            code=code(PLAN.path),
        message:
            described(PLAN)
        shell:
            "python -m glasscore {params.stage:q} --jobs {params.jobs:q} --output {output.result:q} 2> {log:q}"
