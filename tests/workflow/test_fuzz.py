"""A thousand mutated campaigns: each is accepted whole, or refused in one sentence.

Mutations are drawn, with a fixed seed, from mistakes that people and programs make: wrong types,
ranges, keys or nesting, unusual characters, huge and tiny numbers, names that would be paths or
commands, and broken text.
"""

import copy
import datetime
import json
import math
import random
import re
from collections import Counter
from pathlib import Path, PurePosixPath
from unicodedata import category

import pytest
import yaml

from glasscore.campaign import listing
from glasscore.campaign.configuration import read, sections, validated
from glasscore.common.errors import CampaignError
from glasscore.files.provenance import canonical_json
from tests.workflow.campaign_copy import CONFIG, CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
SEED = 20190129
COUNT = 1000


def with_only(kind, study, figures, **changes):
    return {
        "campaign": "test",
        "seed": 1,
        kind: {"one": {**CONFIG[kind][study], **changes}},
        "figures": figures,
    }


SITE = {"single_site": "soft", "r": 0.0, "u": 1.0}
OF_SITE = {"model": SITE, "T": [1.2], "T_initial": "equilibrium", "t_max": 10, "time_step": 0.05}
RAMP = {"begin": 0.3, "end": 0.6, "T": 0.2}
BASES = [
    with_only("activated", "rem", ["energy_relaxation"], threshold=-1.0, windows=[0.5, 1.0]),
    with_only("activated", "rem", [], T=[0.0, 0.5], block="auto"),
    with_only("activated", "traps", ["aging_function"], title="Traps", block=3),
    with_only("barriers", "rem", ["barrier_statistics"], branches=8),
    with_only("master", "rem", ["escape_times"]),
    with_only("theory", "line", ["de_almeida_thouless_line"], title="Line"),
    with_only(
        "langevin",
        next(iter(CONFIG["langevin"])),
        [],
        t_max=5.0,
        waiting_times=[0, 1],
        response=True,
    ),
    {"campaign": "test", "seed": 1, "dmft": {"one": OF_SITE}, "figures": ["critical_slowing"]},
    with_only("dmft", "pspin", ["dmft_energy"], ramps=[RAMP], T_initial=0.7)
    | {"style": {"font_size": 10, "palette": "mako"}},
]
DEEP = [0]
for _ in range(60):
    DEEP = [DEEP]
# This stands for a number with more digits than Python writes in decimals, but reads in base 16.
HUGE = 918273645546372819
NUMBERS = [
    0, -0.0, -1, 1, 0.5, 1e-300, 5e-324, 1e308, -1e308, math.inf, -math.inf, math.nan, 2**31, 2**63,
    2**64, -(2**63) - 1, 10**40, 10**400, HUGE, 1e15, 1e6, 4096, 65, 1 + 1e-13, True,
]  # fmt: skip
TEXTS = [
    "", " ", "~", "1e8", "1e999", "-.inf", "0x10", "1_000", "1:30", "½", "٣", "²", "é" * 40, "名前",
    "a\u202eb", "\u2028", "\x00", "\x1b[31m", "a\nb", "a\r\nb", "\ufeff", "\ud83d\ude00", "..", ".",
    "../../etc", "/tmp/x", "a/b", "a\\b", "-rf", "$(touch owned)", "`touch owned`",
    "'; touch owned; '",
    '" & touch owned & "', "{study}", "{", "%s", "$HOME", "*", "a b", "x" * 10000, "CON", "NUL.nc",
    "__init__", "interface", "metropolis", "energy", "hypercube", "exponential", "pspin", "sk",
    "correlated", "equilibrium", "typical", "null", "true", "<script>", "$x_{$", "a:b",
]  # fmt: skip
OTHERS = [
    None, [], {}, [[]], [{}], {"": 0}, {None: None}, {1: 2}, {True: False}, [None], DEEP,
    [1, [2, [3]]],
    {"a": {"b": {"c": {}}}}, [1, 1], list(range(2, 3000)), datetime.date(2019, 1, 29),
    datetime.datetime(2019, 1, 29, 1, 2, 3), b"\xff\x00", {"graph": "hypercube"},
]  # fmt: skip
PIECES = [
    b"", b"\t", b"\n", b": ", b"- ", b"{", b"]", b"&a ", b"*a", b"!!python/name:os.system ",
    b"<<: ", b"'", b"#", b"\xff", b"\x00", b"\xef\xbb\xbf", b"---\n", b"? ", b"!!binary ", b"|\n",
]  # fmt: skip
KEYS = [
    *("N", "T", "samples", "block", "t_max", "windows", "recorders", "threshold", "seed", "title"),
    *("landscape", "rule", "clock", "alpha", "p", "field", "bits", "logarithm", "ramps", "begin"),
    *("observables", "passages", "tolerance", "covariance", "style", "figures", "dmft", "Sampels"),
]


def places(value, here=()):
    """Paths to all parts of a configuration."""
    yield here
    entries = {dict: dict.items, list: enumerate}.get(type(value), lambda _: ())
    for key, part in entries(value):
        yield from places(part, (*here, key))


def odd(draw):
    kind = draw.random()
    if kind < 0.4:
        return draw.choice(NUMBERS)
    return copy.deepcopy(draw.choice(TEXTS if kind < 0.75 else OTHERS))


def near(value, draw):
    """A value that may still be allowed."""
    if isinstance(value, list):
        return draw.choice([value[::-1], value[:1], value * 2, value[0] if value else None])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return draw.choice([[value], {"value": value}])
    if abs(value) > 1e300:
        return -value
    changed = value * draw.choice([-1, 0, 0.5, 2, 3, 1.5, 1e-3, 1e3, 1e9, 1 + 1e-12])
    whole = int(changed) if math.isfinite(changed) else changed
    return draw.choice([changed, whole, whole, str(whole), f"{value}.0", [whole, value]])


def mutate(config, draw):
    """Change one place of a configuration, as it stands."""
    place = draw.choice(list(places(config))[1:])
    holder = config
    for key in place[:-1]:
        holder = holder[key]
    key, value = place[-1], holder[place[-1]]
    match draw.randrange(6):
        case 0:
            holder[key] = odd(draw)
        case 1 | 2:
            holder[key] = near(value, draw)
        case 3:
            del holder[key]
        case 4 if isinstance(holder, dict):
            name = draw.choice([*TEXTS, *KEYS, None, 1, 2.5, True])
            holder[name] = draw.choice([value, odd(draw)])
            if draw.random() < 0.5:
                holder.pop(key, None)
        case _:
            other = draw.choice(list(places(config))[1:])
            part = config
            for step in other:
                part = part[step]
            holder[key] = copy.deepcopy(part)


def garble(text, draw):
    """Break the text itself."""
    data = bytearray(text.encode())
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(data))
        piece = draw.choice(PIECES)
        data[at : at + draw.choice([0, 1, 5])] = piece
    return bytes(data)


def mutants():
    """The texts of all mutated campaigns."""
    draw = random.Random(SEED)
    for number in range(COUNT):
        config = copy.deepcopy(BASES[number % len(BASES)])
        for _ in range(draw.choice([1, 1, 1, 2])):
            if len(list(places(config))) > 1:
                mutate(config, draw)
        text = yaml.safe_dump(config, allow_unicode=draw.random() < 0.5, sort_keys=False)
        text = text.replace(str(HUGE), "0x" + 5000 * "f")
        yield garble(text, draw) if draw.random() < 0.15 else text.encode()


@pytest.fixture(scope="module")
def sorted_mutants(tmp_path_factory):
    """The texts of the mutants that are accepted, and of those that are refused."""
    folder = tmp_path_factory.mktemp("fuzz")
    file = folder / "config.yaml"
    accepted, refused = [], []
    for text in mutants():
        file.write_bytes(text)
        try:
            config = validated(read(file), str(file))
            assert_sound(config)
            accepted.append(text)
        except CampaignError as error:
            assert_one_sentence(str(error), str(file))
            refused.append((text, str(error)))
    assert [path.name for path in folder.iterdir()] == ["config.yaml"]
    return accepted, refused


def assert_sound(config):
    """Jobs can be listed, their paths stay in the results, and a second check changes nothing."""
    jobs = listing.jobs(config)
    assert jobs
    folder = PurePosixPath("results", config["campaign"])
    assert len(folder.parts) == 2
    for output, job in jobs.items():
        path = folder / output
        assert not {"..", ".", ""} & set(path.parts)
        assert re.fullmatch(r"[A-Za-z0-9_.+/-]+", str(path)), path
        assert all(read_first in jobs for read_first in job.inputs)
        assert all(name for name in listing.modules(job.stage, job.parameters))
        text = canonical_json(job.parameters)
        assert "\n" not in text
        assert canonical_json(json.loads(text)) == text
    for kind in sections():
        for study in config[kind].values():
            unwanted = {"Cc", "Cs", "Zl", "Zp"}  # controls, surrogates, separators
            assert not unwanted & {category(sign) for sign in study.get("title", "")}
    assert canonical_json(validated(config)) == canonical_json(config)


def assert_one_sentence(message, file):
    assert message.startswith(f"{file}: "), message
    assert message.endswith("."), message
    assert message.isprintable(), message
    assert len(message) < 1200, message
    assert "Traceback" not in message


def test_every_mutant_is_accepted_whole_or_refused_in_a_sentence(sorted_mutants):
    accepted, refused = sorted_mutants
    assert len(accepted) + len(refused) == COUNT
    # The mutations are useful only if some are accepted, and if there are many different refusals.
    assert len(accepted) > COUNT / 10
    assert len(refused) > COUNT / 2
    reasons = Counter(re.sub(r".* is .*?, but", "is ..., but", text) for _, text in refused)
    assert len(reasons) > 100


@pytest.mark.parametrize("which", range(4))
def test_workflow_answers_as_the_check_does(sorted_mutants, which, project):
    """Snakemake plans the accepted mutants, and refuses the others without leaving a file."""
    accepted, refused = sorted_mutants
    if which < 2:
        text = accepted[len(accepted) * which // 2]
    else:
        # Snakemake reads text first, and refuses text that is no YAML or no mapping.
        alike = [text for text, _ in refused if is_mapping(text) == (which == 2)]
        text = alike[len(alike) // 2]
    (project.folder / "config.yaml").write_bytes(text)
    done = project.snakemake("-n", "--quiet", check=False)
    said = done.stderr + done.stdout
    assert "Traceback" not in said
    assert (done.returncode == 0) == (which < 2), said[-2000:]
    if which >= 2:
        assert len(re.findall("^error: ", said, re.MULTILINE)) == 1, said[-2000:]
    assert not (project.folder / "results").exists()
    assert not list(project.folder.rglob("owned"))


def is_mapping(text):
    try:
        return isinstance(yaml.safe_load(text), dict)
    except (yaml.YAMLError, ValueError):
        return False


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return CampaignCopy(PROJECT, tmp_path_factory.mktemp("project"))
