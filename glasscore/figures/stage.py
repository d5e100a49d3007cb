"""One figure: its numbers, then its drawing."""

from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import xarray as xr

from glasscore import fonts
from glasscore.errors import CampaignError
from glasscore.figures.curves import from_dataset, to_dataset
from glasscore.figures.style import applied
from glasscore.origin import of_results
from glasscore.pictures import ATTRIBUTE, digests
from glasscore.seal import checksum
from glasscore.store import parameters_of, read
from glasscore.whole_file import whole_file

# No dates in the files: the same numbers give the same bytes.
METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None},
    "png": {"Software": None},
    "svg": {"Date": None},
}


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Compute the curves of one figure.

    Parameters
    ----------
    parameters
        ``figure``, which one; ``titles`` of studies, by stage and name; ``style``, for
        :func:`render`.
    inputs
        Files of the stages that the figure needs.
    """
    if not inputs:
        raise CampaignError("figures needs result files as --inputs.")
    _refuse_what_cannot_be_drawn(parameters)
    module = import_module(f"glasscore.figures.{parameters['figure']}")
    stages = (module.NEEDS,) if isinstance(module.NEEDS, str) else module.NEEDS
    results: dict[str, dict[str, list[xr.Dataset]]] = {stage: {} for stage in stages}
    read_from = [read(file) for file in inputs]
    for file, dataset in zip(inputs, read_from, strict=True):
        stage, study = dataset.attrs.get("stage"), parameters_of(dataset)["study"]
        if stage not in results:
            raise CampaignError(
                f"--inputs has {file} of the stage {stage}, but the figure "
                f"{parameters['figure']} shows {' and '.join(stages)}."
            )
        title = parameters["titles"].get(stage, {}).get(study, study)
        results[stage].setdefault(title, []).append(dataset)
    units = read_from[0].attrs["time_unit"], read_from[0].attrs["energy_unit"]
    sources = of_results(
        (parameters_of(one), one.attrs["source_hash"], checksum(Path(file).read_bytes(), file))
        for file, one in zip(inputs, read_from, strict=True)
    )
    return to_dataset(module.curves(*results.values()), *units).assign_attrs(
        inputs=sources, seed=read_from[0].attrs["seed"]
    )


def _refuse_what_cannot_be_drawn(parameters: dict[str, Any]) -> None:
    """The machine that draws may have other fonts than the one that checked the configuration."""
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


def render(parameters: dict[str, Any], dataset: xr.Dataset, output: str) -> xr.Dataset:
    """Draw the curves of a dataset as PDF, PNG and SVG beside ``output``.

    Returns
    -------
    The dataset, with the checksums of the pictures as an attribute.
    """
    module = import_module(f"glasscore.figures.{parameters['figure']}")
    with applied(parameters["style"]):
        from matplotlib.pyplot import close

        figure = module.draw(from_dataset(dataset))
        # One layout for all endings: to find it takes as long as to draw.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        drawn = {}
        for ending, metadata in METADATA.items():
            picture = BytesIO()
            figure.savefig(picture, format=ending, metadata=metadata)
            drawn[f".{ending}"] = picture.getvalue()
        close(figure)
    for suffix, content in drawn.items():
        with whole_file(Path(output).with_suffix(suffix)) as beside:
            beside.write_bytes(content)
    return dataset.assign_attrs({ATTRIBUTE: digests(drawn)})
