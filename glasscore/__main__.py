"""``python -m glasscore STAGE`` runs one job of a campaign, by hand or in the workflow.

A stage is a function of its parameters and of the files of the stage before; its result becomes one
netCDF file. ``python -m glasscore validate FILE`` checks a configuration, ``python -m glasscore
estimate FILE`` says what it will cost, ``python -m glasscore report`` makes one page of the results
of a campaign, ``python -m glasscore verify results`` says whether result files are undamaged, and
``python -m glasscore verify --configfile FILE`` says which of them belong to a campaign.
``python -m glasscore --version`` prints the versions that a report of a fault should name.
"""

import argparse
import atexit
import gc
import os
import sys
import time
import traceback
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from glasscore.common.errors import CampaignError, sentence
from glasscore.common.log import say
from glasscore.common.plans import plans

MOST_CORES = 1_000_000
# Libraries read these variables when they are loaded. All are set to 1, because several threads add
# up products of matrices in another order, and because each job of a campaign has one processor.
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
)
# By default, Python looks for unused objects after every 700 new ones. Compiling and drawing make
# millions of objects that stay in use: looking less often saves about a twentieth of their time.
OBJECTS_BETWEEN_COLLECTIONS = 50_000
FAULT = (
    "this is a fault of glasscore. Please report it where your copy comes from (the command "
    "git remote get-url origin names the repository), with the lines above and with what "
    "python -m glasscore --version says."
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m glasscore", description=__doc__)
    parser.add_argument(
        "--version", action=ShowVersions, nargs=0, help="say what versions these are"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("validate", help="check a configuration file")
    check.add_argument("file")
    check.add_argument("--quiet", action="store_true", help="say nothing of a valid file")
    cost = commands.add_parser("estimate", help="say what a campaign will cost, before it starts")
    cost.add_argument("file")
    cost.add_argument("--cores", type=number_of_cores, default=2, help="that compute at one time")
    page = commands.add_parser("report", help="one page of a campaign's results")
    what = page.add_mutually_exclusive_group(required=True)
    what.add_argument("--configfile", help="the campaign's configuration file")
    what.add_argument("--parameters", help="configuration and captions, as JSON")
    what.add_argument("--jobs", help="the workflow's list of jobs, as for any stage")
    page.add_argument("--output", required=True, help="the page, report.html for instance")
    page.add_argument("--results", help="folder of the results, if not results/<campaign>")
    page.set_defaults(inputs=[])
    intact = commands.add_parser("verify", help="check result files")
    whose = intact.add_mutually_exclusive_group(required=True)
    whose.add_argument(
        "paths",
        nargs="*",
        default=[],
        help="netCDF files, pictures of figures, or folders with such files, to look for damage",
    )
    whose.add_argument("--configfile", help="say which files belong to this configuration")
    intact.add_argument("--results", help="folder of the results, if not results/<campaign>")
    intact.add_argument(
        "--delete", action="store_true", help="delete files that are damaged or do not belong"
    )
    commands.add_parser(
        "tables", help="bring the tables of config/README.md and results/README.md up to date"
    )
    for stage, plan in plans().items():
        job = commands.add_parser(stage, help=f"one job of the stage {stage}: {plan.contents}")
        what = job.add_mutually_exclusive_group(required=True)
        what.add_argument("--parameters", help="as JSON; they are checked as those of a campaign")
        what.add_argument(
            "--jobs",
            help="the list that a workflow writes when it starts: parameters and inputs of the job "
            "that makes the output stand there, come from a checked configuration and are not "
            "checked again",
        )
        job.add_argument(
            "--inputs", nargs="*", default=[], help="files of the stage before, with --parameters"
        )
        job.add_argument("--output", required=True, help="netCDF file to write")
    try:
        chosen = parser.parse_args(arguments)
        if chosen.command == "validate":
            validate(chosen.file, chosen.quiet)
        elif chosen.command == "estimate":
            estimate(chosen.file, chosen.cores)
        elif chosen.command == "report":
            report(chosen)
        elif chosen.command == "tables":
            tables()
        elif chosen.command == "verify" and chosen.configfile is not None:
            return belonging(chosen.configfile, chosen.results, chosen.delete)
        elif chosen.command == "verify":
            if chosen.results is not None:
                parser.error("--results goes with --configfile, not with paths")
            return verify(chosen.paths, chosen.delete)
        else:
            run(chosen.command, *asked(chosen), chosen.output)
    except CampaignError as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(sentence(error))
        return 1
    except ModuleNotFoundError as error:
        if not (error.name or "glasscore").startswith("glasscore"):
            raise
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def complain(sentence: str) -> None:
    """Say what is wrong in the log of the job or, if the disk of the log is full, on the screen."""
    line = f"error: {sentence}"
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        print(line, flush=True)


class ShowVersions(argparse.Action):
    """Print all versions that results may depend on, and end."""

    def __call__(self, parser: argparse.ArgumentParser, *others: Any) -> NoReturn:
        """Print the versions."""
        import platform

        from glasscore.files.provenance import commit, versions

        found = versions()
        where = "no git checkout" if commit() is None else f"commit {commit()}"
        print(f"glasscore {found.pop('glasscore')}, {where}")
        print(", ".join(f"{name} {number}" for name, number in found.items()))
        print(platform.platform())
        parser.exit()


def asked(chosen: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """Parameters and inputs of a job, from the workflow's list or as given by hand."""
    if chosen.jobs is None:
        parameters = import_module("glasscore.campaign.by_hand").checked(
            chosen.command, chosen.parameters
        )
        return parameters, chosen.inputs
    if chosen.inputs:
        raise CampaignError(f"--inputs is given, but {chosen.jobs} names the inputs of the job.")
    return import_module("glasscore.campaign.job_list").look_up(
        Path(chosen.jobs), chosen.command, chosen.output
    )


def validate(file: str, quiet: bool) -> None:
    """Check a configuration; say that it is valid and what its figures leave out."""
    from glasscore.campaign.configuration import read, validated

    config = validated(read(file), file)
    if quiet:
        return
    print(f"{file} is valid")
    for plan in plans().values():
        for remark in plan.remarks(config):
            print(remark)


def tables() -> None:
    """Write the tables of the manual anew, from all plans and parts."""
    from glasscore.campaign.tables import write
    from glasscore.files.provenance import PACKAGE

    changed = write(PACKAGE.parent)
    print(f"{' and '.join(changed)} changed" if changed else "all tables are up to date")


def number_of_cores(text: str) -> int:
    """A whole number of cores, for the command line."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_CORES:
        raise argparse.ArgumentTypeError(
            f"--cores is {text}, but must be a whole number from 1 to {MOST_CORES}"
        )
    return int(text)


def estimate(file: str, cores: int) -> None:
    """Print what the jobs of a configuration will cost."""
    from glasscore.campaign.configuration import read, validated
    from glasscore.campaign.cost import table
    from glasscore.campaign.listing import jobs

    print(table(jobs(validated(read(file), file)), cores))


def report(chosen: argparse.Namespace) -> None:
    """Make a page of the results of a campaign."""
    from glasscore.campaign import listing
    from glasscore.campaign.configuration import read, validated

    if chosen.configfile is not None:
        parameters = listing.report(validated(read(chosen.configfile), chosen.configfile))
    else:
        parameters, _ = asked(chosen)
    folder = chosen.results or Path("results", parameters["config"]["campaign"])
    import_module("glasscore.report.page").write(parameters, Path(chosen.output), Path(folder))


def verify(paths: list[str], delete: bool) -> int:
    """Check all files of the paths, name the damaged ones and, if asked, delete them."""
    from glasscore.campaign.verification import of_another_program, verified

    found = verified(map(Path, paths))
    wrong = {file: said for file, said in found.items() if said}
    foreign = [file for file in wrong if of_another_program(file)]
    for file, said in wrong.items():
        if file in foreign:
            complain(f"{file} was written by another program, and is left alone.")
        else:
            complain(said)
            if delete:
                file.unlink()
    damaged = len(wrong) - len(foreign)
    deleted = " and deleted" if delete and damaged else ""
    others = f", {len(foreign)} of other programs" if foreign else ""
    print(f"{len(found)} files, {damaged} damaged{deleted}{others}")
    return int(bool(foreign) or (bool(damaged) and not delete))


def belonging(configfile: str, results: str | None, delete: bool) -> int:
    """Say which files of a folder belong to a configuration; delete the others, if asked."""
    from glasscore.campaign import listing
    from glasscore.campaign.configuration import read, validated
    from glasscore.campaign.verification import NOT_THERE, sorted_out

    config = validated(read(configfile), configfile)
    folder = Path(results or Path("results", config["campaign"]))
    found = sorted_out(folder, listing.jobs(config), listing.report(config))
    for group in found:
        print(f"{group.heading}:", *group.names, sep="\n  ")
        if delete and not group.belongs:
            for name in group.names:
                (folder / name).unlink()
    strangers = sum(len(group.names) for group in found if not group.belongs)
    absent = sum(len(group.names) for group in found if group.heading == NOT_THERE)
    deleted = " and are deleted" if delete and strangers else ""
    print(
        f"{strangers} files in {folder} do not belong to {configfile}{deleted}; "
        f"{absent} of its files are not there"
    )
    return int(bool(strangers) and not delete)


def run(stage: str, parameters: dict, inputs: list[str], output: str) -> None:
    """Run one job and write its file."""
    from glasscore.campaign.listing import modules
    from glasscore.files.provenance import changed, commit, source_hash
    from glasscore.files.store import write
    from glasscore.files.whole_file import check_writable

    check_writable([Path(output).parent])
    # This comes first, because the sources may change while a job runs. What is noted down here
    # must be the code that the job loads.
    commit()
    code = modules(stage, parameters)
    fingerprint = source_hash(code)
    implementation, *_ = map(import_module, code)
    if files := changed(code):
        raise CampaignError(
            f"{files[0]} changed while this job was starting: the same command starts it again."
        )
    plan = plans()[stage]
    if plan.restarts:
        restart = import_module(f"glasscore.{stage}.restart")
        file = restart.restart_file(output, parameters, fingerprint)
        dataset = implementation.run(parameters, inputs, file)
    else:
        dataset = implementation.run(parameters, inputs)
    if plan.beside:
        dataset = implementation.render(parameters, dataset, output)
    write(dataset.assign_attrs(stage=stage), output, parameters=parameters, source_hash=fingerprint)
    compilation = sys.modules.get("glasscore.kernels.compilation")
    kernels = compilation.seconds_in_kernels() if compilation else 0.0
    compiling = compilation.seconds_of_compiling() if compilation else 0.0
    say(
        f"kernels: {kernels:.3f} of {time.process_time():.3f} CPU seconds, "
        f"{compiling:.3f} to compile or load them"
    )


def leave(status: int) -> NoReturn:
    """End the process at once, because freeing the compiler's memory takes half a second."""
    atexit._run_exitfuncs()
    # A standard stream that was closed before the process started is None.
    with suppress(OSError, AttributeError):
        sys.stderr.flush()
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        status = status or 1
        if not isinstance(error, BrokenPipeError):
            complain(sentence(error))
    os._exit(status)


def run_as_program() -> int:
    """Run the command with one thread; ask for a report if an unforeseen error occurs."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    if isinstance(sys.stdout, TextIOWrapper):  # names of files may not be valid text
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return main()
    except SystemExit as left:  # help, versions, and arguments that are refused
        return left.code if isinstance(left.code, int) else 1
    except MemoryError as error:
        complain(f"the memory does not suffice: {error}")
    except Exception:
        with suppress(OSError):  # the disk of the log may be full; complain() then uses the screen
            traceback.print_exc()
        complain(FAULT)
    return 1


if __name__ == "__main__":
    leave(run_as_program())
