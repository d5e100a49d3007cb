"""One figure: first its numbers are computed from results, then they are drawn."""

from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from glasscore.common import discovery, fonts
from glasscore.common.errors import CampaignError
from glasscore.figures import selection
from glasscore.figures.drawing.caption import notes
from glasscore.figures.drawing.curves import MARK, Curve, from_dataset, to_dataset, without_mark
from glasscore.figures.drawing.page import finish
from glasscore.figures.drawing.style import applied
from glasscore.files.inputs import Result, check_alike, read_results
from glasscore.files.origin import of_results
from glasscore.files.parameters_in_words import shown
from glasscore.files.pictures import ATTRIBUTE, digests
from glasscore.files.provenance import canonical_json
from glasscore.files.seal import checksum
from glasscore.files.store import parameters_of
from glasscore.files.whole_file import whole_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The files hold no dates, so that the same numbers give the same bytes.
METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None},
    "png": {"Software": None},
    "svg": {"Date": None},
}
# Parameters in which the results of one study differ from each other.
POINT = ("N", "T")


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Compute the curves of one figure.

    Parameters
    ----------
    parameters
        ``figure``, its name; ``titles``, the titles of studies by stage and name; ``style``,
        which :func:`render` uses.
    inputs
        Files of the stages that the figure needs.
    """
    _refuse_what_cannot_be_drawn(parameters)
    figure, titles = parameters["figure"], parameters["titles"]
    module = import_module(discovery.module("figures", figure))
    stages = selection.needs(figure)
    found = read_results(f"the figure {figure}", inputs, stages)
    _check_shown(figure, titles, found)
    results = {stage: _by_title(titles, [one for one in found if one.stage == stage])
               for stage in stages}  # fmt: skip
    read_from = [one.dataset for one in found]
    units = read_from[0].attrs["time_unit"], read_from[0].attrs["energy_unit"]
    sources = of_results(
        (parameters_of(one), one.attrs["source_hash"], checksum(Path(file).read_bytes(), file))
        for file, one in zip(inputs, read_from, strict=True)
    )
    curves = [_of_study(curve) for curve in module.curves(*results.values())]
    said = notes(getattr(module, "EXPLAINED", {}), curves)
    return to_dataset(curves, *units).assign_attrs(
        inputs=sources, seed=read_from[0].attrs["seed"], notes=said
    )


def _by_title(
    titles: dict[str, dict[str, str]], found: list[Result]
) -> dict[str, list[xr.Dataset]]:
    """Results by the title of their study.

    Studies with the same title are one, unless two of them have results at the same size and
    temperature. The title of each is then marked with the name of the study, so that figures do not
    mix them.
    """
    titled: dict[str, dict[str, list[Result]]] = {}
    for one in found:
        study = one.parameters["study"]
        titled.setdefault(titles[one.stage][study], {}).setdefault(study, []).append(one)
    results: dict[str, list[xr.Dataset]] = {}
    for title, studies in titled.items():
        points = [
            point
            for alike in studies.values()
            for point in {point for one in alike for point in _points_of(one.parameters)}
        ]
        apart = len(set(points)) < len(points)
        for study, alike in studies.items():
            key = f"{title}{MARK}{study}{MARK}" if apart else title
            results.setdefault(key, []).extend(one.dataset for one in alike)
    return results


def _points_of(parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The sizes and temperatures of a result; those of theory may have lists of them."""
    values = (parameters.get(key) for key in POINT)
    return product(*(one if isinstance(one, list) else [one] for one in values))


def _of_study(curve: Curve) -> Curve:
    """A curve whose study was named in its title, with that name where it belongs."""
    texts = {name: getattr(curve, name).split(MARK) for name in ("panel", "label")}
    study = next((parts[1] for parts in texts.values() if len(parts) > 1), "")
    panel, label, note = (without_mark(one) for one in (curve.panel, curve.label, curve.note))
    return curve._replace(panel=panel, label=label, note=note, study=study)


def _refuse_what_cannot_be_drawn(parameters: dict[str, Any]) -> None:
    """Refuse fonts and characters that this machine cannot draw.

    It may have other fonts than the machine that checked the configuration.
    """
    style = parameters["style"]
    if fonts.refusal(style):
        raise CampaignError(f"style.font is {style['font']!r}, but {fonts.refusal(style)}.")
    for title in (one for studies in parameters["titles"].values() for one in studies.values()):
        missing = fonts.lacking(title, style)
        if missing:
            raise CampaignError(
                f"the title {title!r} in titles must be in characters of the font "
                f"{' or '.join(fonts.families(style))}, without {missing!r}."
            )


def _check_shown(figure: str, titles: dict[str, dict[str, str]], found: list[Result]) -> None:
    """Refuse results that the figure is not about, that come twice, or that do not go together."""
    first = selection.needs(figure)[0]
    if all(one.stage != first for one in found):
        raise CampaignError(f"the figure {figure} needs results of the stage {first} as --inputs.")
    points: dict[tuple[str, str, str], str] = {}
    studies: dict[tuple[str, str], list[Result]] = {}
    seeds: dict[str, str] = {}
    for one in found:
        study = one.parameters["study"]
        titled = titles.get(one.stage, {})
        if study not in titled or not selection.is_about_the_model(figure, one.parameters):
            raise CampaignError(
                f"{one.file} is of the study {shown(study)} of the stage {one.stage}, but the "
                f"figure {figure} shows, of this stage, {', '.join(titled) or 'none'}."
            )
        lacking = selection.lacks(figure, one.parameters)
        if lacking:
            raise CampaignError(f"{one.file} lacks {lacking}, which the figure {figure} needs.")
        where = canonical_json({key: one.parameters.get(key) for key in POINT})
        point = one.stage, study, where
        if point in points:
            raise CampaignError(
                f"{one.file} and {points[point]} are both the result of the stage {one.stage} and "
                f"the study {study} at {where}, but a figure shows each result once."
            )
        points[point] = one.file
        studies.setdefault((one.stage, study), []).append(one)
        if "seed" in one.parameters:
            seeds.setdefault(shown(one.parameters["seed"]), one.file)
    for results in studies.values():
        check_alike(results, (*POINT, "source_hash", "dynamics_source_hash"))
    if len(seeds) > 1:
        (seed, file), (other, another) = list(seeds.items())[:2]
        raise CampaignError(
            f"{another} was made with seed {other} and {file} with seed {seed}, but a figure shows "
            "results of one campaign, which has one seed."
        )


def render(parameters: dict[str, Any], dataset: xr.Dataset, output: str) -> xr.Dataset:
    """Draw the curves of a dataset as PDF, PNG and SVG beside ``output``.

    Returns
    -------
    xarray.Dataset
        The same dataset, with the checksums of the pictures as an attribute.
    """
    with applied(parameters["style"]):
        from matplotlib.pyplot import close

        figure = laid_out(parameters["figure"], from_dataset(dataset))
        drawn = pictures(figure)
        close(figure)
    for suffix, content in drawn.items():
        with whole_file(Path(output).with_suffix(suffix)) as beside:
            beside.write_bytes(content)
    return dataset.assign_attrs({ATTRIBUTE: digests(drawn)})


def laid_out(name: str, curves: list[Curve]) -> "Figure":
    """A figure with these curves, in the style that applies, ready to be written."""
    figure: Figure = import_module(discovery.module("figures", name)).draw(curves)
    finish(figure)
    return figure


def pictures(figure: "Figure") -> dict[str, bytes]:
    """The contents of the files of a figure, by their suffixes."""
    drawn = {}
    for ending, metadata in METADATA.items():
        picture = BytesIO()
        figure.savefig(picture, format=ending, metadata=metadata)
        drawn[f".{ending}"] = picture.getvalue()
    return drawn
