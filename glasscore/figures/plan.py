"""The plan of figures: which studies they show, and how they look."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from glasscore.common import discovery, fonts
from glasscore.common.errors import CampaignError
from glasscore.common.errors import shown as shown_as_yaml
from glasscore.common.keys import (
    PRINTABLE,
    STUDY_NAME,
    TITLE,
    Schema,
    manual,
    number,
    part,
    text,
    word,
)
from glasscore.common.plans import Campaign, Job, Origin, Parameters, Plan, Results, plans
from glasscore.common.sentences import nearest, twins
from glasscore.common.studies import StudyPlan, require, sections
from glasscore.figures import selection
from glasscore.files.origin import of_results
from glasscore.files.parameters_in_words import read_as, shown
from glasscore.files.provenance import canonical_json

FIGURES: Schema = {
    "description": "a list of figure names, each given once",
    "type": "array",
    "default": [],
    "uniqueItems": True,
    "in_order": True,
    "items": part(selection.FOLDER),
    "manual": {
        "meaning": "figures to draw",
        "default": "none",
        "allowed": "names in the table of figures below, each once; the campaign must hold a study "
        "of the kind that the figure is about",
    },
}
STYLE: Schema = {
    "description": "a mapping with the keys font_size and palette, and font for titles in other "
    "scripts",
    "type": "object",
    "default": {},
    "additionalProperties": False,
    "manual": {"meaning": "how figures look", "default": "all defaults"},
    "properties": {
        "font": manual(
            text(64, "the name of an installed font", minLength=1, pattern=PRINTABLE),
            "font of the text; characters that it lacks are drawn in DejaVu Sans",
            default=f"`{fonts.DEFAULT}`",
            allowed="the name of an installed font that matplotlib knows; titles may only have "
            "characters that this font or DejaVu Sans has",
        ),
        "font_size": manual(
            number(6, 14, "a number of points", default=9), "size of the text", unit="points"
        ),
        "palette": manual(
            {
                **word("viridis", "cividis", "plasma", "magma", "mako", "rocket", "crest", "flare"),
                "default": "viridis",
            },
            "colours of curves",
        ),
    },
}
TITLES: Schema = {
    "description": "an object with a title for each study",
    "type": "object",
    "propertyNames": STUDY_NAME,
    "additionalProperties": TITLE,
}


def faults_of_results(
    job: Job,
    jobs: Mapping[str, Job],
    said: Mapping[str, str],
    fingerprint: Callable[[Job], str],
    checksum: Callable[[str], str],
) -> Iterator[str]:
    """What is wrong with the results that a figure was drawn from."""
    asked = [
        (jobs[name].parameters, fingerprint(jobs[name]), checksum(name)) for name in job.inputs
    ]
    drawn, wanted = read_as(said["inputs"], list), json.loads(of_results(asked))
    if len(drawn) != len(wanted):
        yield f"it shows {len(drawn)} results instead of {len(wanted)}"
    elif Counter(map(canonical_json, drawn)) != Counter(map(canonical_json, wanted)):
        yield "it shows other results than those beside it"


class FiguresPlan(Plan):
    """Figures: a job draws one figure, from the results of all studies that it is about."""

    place = 1000
    path = "figures/{figure}.nc"
    contents = "a figure, for print and for the screen, and the numbers it shows"
    takes_turns = True
    beside = (".png", ".pdf", ".svg")
    origin = Origin(("inputs", "pictures"), faults_of_results)

    @property
    def results(self) -> tuple[Results, ...]:
        """Dimensions and variables of its files."""
        return (
            Results(
                "figures",
                "`curve`, `point`",
                "`x`, `y`, `y_error(curve, point)`; for each curve its `panel`, `role` (data, "
                "solution or theory) and `label`, the values that its `colour` and `marker` stand "
                "for, with the texts of both in the legend, `colour_label` and `marker_label`, its "
                "`study` if several in a panel have the same sizes and temperatures, and `exact`, "
                "which is 1 for a law that the points of the same colour obey up to their errors "
                "(such a law is also given at the abscissae of these points), and `note`, a "
                "sentence on what was selected or left out; the attribute `notes` is the part of "
                "the caption that explains what this drawing shows, `inputs` names the results "
                "that the figure shows, and `pictures` holds the checksums of its pictures",
            ),
        )

    @property
    def keys(self) -> Mapping[str, Schema]:
        """The list of figures, and their style."""
        return {"figures": FIGURES, "style": STYLE}

    @property
    def tables(self) -> Mapping[str, Callable[[], Iterator[tuple[str, ...]]]]:
        """The table of figures: what each of them shows, and of which studies."""
        return {"figures": _rows_of_figures}

    def problems(self, campaign: Campaign) -> Iterator[str]:
        """Figures without studies, a style without figures, titles that cannot be drawn."""
        if campaign["style"] != style_by_default() and not campaign["figures"]:
            yield (
                "style is given, but has no effect without figures: it must only be given with "
                "them."
            )
        for figure in campaign["figures"]:
            yield from _problems_of_figure(figure, campaign)
        yield from _problems_of_titles(campaign)

    def remarks(self, campaign: Campaign) -> Iterator[str]:
        """Studies that a figure leaves out."""
        for figure in campaign["figures"]:
            for study, lacking in left_out(figure, campaign).items():
                yield f"{figure} leaves out {study}, which lacks {lacking}"

    def captions(self, campaign: Campaign) -> dict[str, str]:
        """What each figure shows, by the figure's name; its file adds what a drawing shows."""
        return {figure: selection.caption(figure) for figure in campaign["figures"]}

    def jobs(self, campaign: Campaign, before: Sequence[Job]) -> Iterator[Job]:
        """One job for each figure, which reads the results of all studies that it is about."""
        for figure in campaign["figures"]:
            stages = selection.needs(figure)
            shown = [
                job
                for job in before
                if job.stage in stages and selection.is_about(figure, job.parameters)
            ]
            titles: dict[str, dict[str, str]] = {}
            for job in shown:
                study = job.parameters["study"]
                chosen = campaign[section_of(job.stage)][study]
                title = chosen.get("title", study.replace("_", " "))
                titles.setdefault(job.stage, {})[study] = title
            parameters = {"figure": figure, "titles": titles, "style": campaign["style"]}
            yield self.job(parameters, [job.output for job in shown])

    def modules(self, parameters: Parameters) -> list[str]:
        """The module that draws all figures, and the module of this one."""
        figure = discovery.module(selection.FOLDER, parameters["figure"])
        return [*super().modules(parameters), figure]

    def by_hand(self, given: Parameters, checked: Callable[..., Any]) -> Parameters:
        """A figure's name, style and titles; its inputs tell which results it shows.

        Parameters
        ----------
        given
            The parameters of a job.
        checked
            Returns a value in its checked form. It takes the value, its schema, and the keys that
            lead to it, and raises ``CampaignError``.
        """
        require(given, "figure", "titles", "style")
        figure, titles = given["figure"], given["titles"]
        if figure not in selection.names():
            raise CampaignError(
                f"figure is {shown(figure)}, but must name a file in glasscore/figures."
            )
        style = checked(given["style"], STYLE, "style")
        _refuse_first(problems_of_font(style))
        require(given["style"], *style)
        stages = selection.needs(figure)
        if not isinstance(titles, dict) or not titles.keys() <= set(stages):
            raise CampaignError(
                f"titles is {shown(titles)}, but must be an object with titles of studies by stage,"
                f" and the figure {figure} shows {' and '.join(stages) or 'none'}."
            )
        for stage, titled in titles.items():
            if not isinstance(titled, dict):
                raise CampaignError(
                    f"titles.{stage} is {shown(titled)}, but must be an object with a title for "
                    "each study."
                )
            checked(titled, TITLES, "titles", stage)
            _refuse_first(twins(f"titles.{stage}", titled))
            for study, title in titled.items():
                _refuse_first(problems_of_title(f"titles.{stage}.{study}", title, style))
        return {"figure": figure, "titles": titles, "style": style}


def _rows_of_figures() -> Iterator[tuple[str, ...]]:
    yield ("figure", "what it shows", "studies", "that record, observe or solve")
    order = {stage: place for place, stage in enumerate(plans())}
    names = sorted(selection.names(), key=lambda name: (order[selection.needs(name)[0]], name))
    for figure in names:
        studies = ", ".join(f"`{section_of(stage)}`" for stage in selection.needs(figure))
        head = discovery.head(selection.FOLDER, figure)
        yield f"`{figure}`", head, studies, _asked_of_studies(figure)


def _asked_of_studies(figure: str) -> str:
    """What studies must record, observe or solve for a figure to show them."""

    def words(constant: str) -> list[str]:
        named = discovery.constant(selection.FOLDER, figure, constant, ())
        return [f"`{name}`" for name in named]

    said = [*words("RECORDERS"), *words("OBSERVABLES")]
    for several in ("ANY_RECORDER", "SOLVES"):
        if any_of := words(several):
            said.append(" or ".join(any_of))
    return ", ".join(said)


def _refuse_first(problems: Iterator[str]) -> None:
    for problem in problems:
        raise CampaignError(problem)


def style_by_default() -> dict[str, Any]:
    """The style of figures if the campaign says nothing about it."""
    keys = STYLE["properties"].items()
    return {key: schema["default"] for key, schema in keys if "default" in schema}


def section_of(stage: str) -> str:
    """The section of a campaign that holds the studies of a stage; the stage if there is none."""
    plan = plans().get(stage)
    return plan.section if isinstance(plan, StudyPlan) else stage


def left_out(figure: str, campaign: Campaign) -> dict[str, str]:
    """What studies lack that a figure leaves out although it is about their model.

    Returns
    -------
    dict
        From ``section.study`` to what :func:`~glasscore.figures.selection.lacks` says of it.
    """
    return {
        f"{section}.{name}": lacking
        for section in map(section_of, selection.needs(figure)[:1])
        for name, study in campaign[section].items()
        if selection.is_about_the_model(figure, study)
        and (lacking := selection.lacks(figure, study))
    }


def _problems_of_figure(figure: str, campaign: Campaign) -> Iterator[str]:
    """The sentence on a figure for which the campaign has no study."""
    section = section_of(selection.needs(figure)[0])
    if any(selection.is_about(figure, study) for study in campaign[section].values()):
        return
    begin = f"figures has {figure}, but must only have figures whose studies are in the campaign: "
    lacking = left_out(figure, campaign)
    if lacking:
        nearest_ones = ", ".join(f"{study} lacks {what}" for study, what in lacking.items())
        yield f"{begin}{nearest_ones}."
    else:
        asked = selection.asked_in_words(figure, _keys_of_models(section))
        yield f"{begin}this one needs a study in {section}{asked}."


def _keys_of_models(section: str) -> set[str]:
    """The keys that landscapes or models can have in the studies of a section."""
    study = (sections()[section].study or {})["properties"]
    keys: set[str] = set()
    for model in (study[name] for name in ("landscape", "model") if name in study):
        keys |= model["properties"].keys()
        for folder in model.get("options", {}).values():
            for name in discovery.names(folder):
                keys |= discovery.constant(folder, name, "OPTIONS", {}).keys()
    return keys


def _problems_of_titles(campaign: Campaign) -> Iterator[str]:
    """Fonts that are not installed, and titles with characters that the fonts lack."""
    style = campaign["style"]
    yield from problems_of_font(style)
    if fonts.refusal(style):
        return
    for section in sections():
        for name, study in campaign[section].items():
            yield from problems_of_title(f"{section}.{name}.title", study.get("title"), style)


def problems_of_font(style: Mapping[str, Any]) -> Iterator[str]:
    """A font that is not installed."""
    said = fonts.refusal(dict(style))
    if said:
        near = nearest(style["font"], fonts.installed())
        yield f"style.font is {shown_as_yaml(style['font'])}, but {said}{near}."


def problems_of_title(where: str, title: str | None, style: Mapping[str, Any]) -> Iterator[str]:
    """A title without a visible character, or with characters that the fonts lack."""
    if title is None:
        return
    if not fonts.is_visible(title):
        yield (f"{where} is {shown_as_yaml(title)}, but must have a character that can be seen.")
    missing = fonts.lacking(title, dict(style))
    if missing:
        yield (
            f"{where} is {shown_as_yaml(title)}, but must be in characters of the font "
            f"{' or '.join(fonts.families(dict(style)))}, without {shown_as_yaml(missing)}; "
            "style.font can name another installed font."
        )


PLAN = FiguresPlan()
