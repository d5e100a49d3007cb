"""Messages on faults of YAML name the line with the fault, in words that its author understands."""

import pytest

from glasscore.campaign.configuration import read
from glasscore.common.errors import CampaignError

SOUND = """\
campaign: talk
seed: 1
activated:
  rem:
    landscape: {graph: hypercube, energies: exponential}
    rule: metropolis
    N: [16, 20]
    T:
      - 0.5
      - 0.75
    samples: 2000
    t_max: 1.0e+8
figures: [energy_relaxation]
"""


def told(tmp_path, line, text):
    """The message on the sound campaign after one line was replaced."""
    lines = SOUND.splitlines()
    lines[line - 1] = text
    file = tmp_path / "talk.yaml"
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(CampaignError) as refused:
        read(file)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith(").")
    return sentence.removeprefix(f"{file}: ")


@pytest.mark.parametrize(
    ("line", "text", "indentation", "wanted"),
    [
        (2, " seed: 1", "1 blank", "0, as line 1"),
        (5, "     landscape: {graph: hypercube}", "5 blanks", "4, as line 6"),
        (5, "   landscape: {graph: hypercube}", "3 blanks", "4, as line 6"),
        (6, "   rule: metropolis", "3 blanks", "4, as line 5, or by 2, as line 4"),
        (6, "     rule: metropolis", "5 blanks", "4, as line 5"),
        (10, "     - 0.75", "5 blanks", "6, as line 9"),
        (10, "    - 0.75", "4 blanks", "6, as line 9"),
        (11, "   samples: 2000", "3 blanks", "4, as line 8, or by 2, as line 4"),
        (11, "     samples: 2000", "5 blanks", "4, as line 8"),
        (13, " figures: []", "1 blank", "2, as line 4, or by 0, as line 3"),
        (7, "  N: [16, 20]", "2 blanks", "4, as line 6"),
        (7, "N: [16, 20]", "0 blanks", "4, as line 6"),
        (1, " campaign: talk", "1 blank", "0, as line 2"),
    ],
)
def test_a_line_unlike_its_neighbours_is_named_with_its_indentation(
    tmp_path, line, text, indentation, wanted
):
    assert told(tmp_path, line, text) == (
        f"line {line}: this is not valid YAML (the line is indented by {indentation}, but must be "
        f"by {wanted})."
    )


def test_comments_and_lines_in_brackets_are_no_neighbours(tmp_path):
    text = "  # a note\n    N: [16,\n 20]\n   # another\n     T: 1"
    assert told(tmp_path, 7, text).startswith(
        "line 11: this is not valid YAML (the line is indented by 5 blanks, but must be by 4, as "
    )


@pytest.mark.parametrize(
    ("line", "text", "blamed", "problem"),
    [
        (6, "\trule: metropolis", 6, "the line is indented with a tab, but must be with blanks"),
        (6, "   \trule: metropolis", 6, "the line is indented with a tab, but must be with blanks"),
        (7, "    N: [16,\t20]", 7, "a tab stands where only blanks may"),
        (1, "campaign:talk", 1, "a blank is missing after the colon of 'campaign:talk'"),
        (6, "    rule:metropolis", 6, "a blank is missing after the colon of 'rule:metropolis'"),
        (12, "    t_max:1.0e+8", 12, "a blank is missing after the colon of 't_max:1.0e+8'"),
        (10, "      -0.75", 10, "a blank is missing after the dash of '-0.75'"),
        (4, "  rem", 4, "a colon is missing after 'rem'"),
        (6, "    rule:\n   metropolis", 7, "the line is indented by 3 blanks, but must be by 4,"),
        (
            6,
            "    rule:\n    metropolis",
            7,
            "the line is indented by 4 blanks, but must be by more",
        ),
        (7, "    N: [16, 20", 7, "the [ in column 8 is not closed, or lacks a comma behind it"),
        (7, "    N: [16, 20}", 7, "the [ in column 8 is not closed, or lacks a comma behind it"),
        (7, "    N: [16, 20]]", 7, "the ] in column 16 closes nothing"),
        (5, "    landscape: {graph: hypercube", 5, "the { in column 16 is not closed, or lacks a"),
        (5, "    landscape: {graph: a energies: b}", 5, "the { in column 16 is not closed, or lac"),
        (6, "    rule: 'metropolis", 6, "the quotation mark in column 11 is not closed"),
        (6, '    rule: "metropolis', 6, "the quotation mark in column 11 is not closed"),
        (6, "    title: a: b", 6, "text with a colon and a blank in it needs quotes"),
        (6, "    title: %x", 6, "text that begins with % needs quotes"),
        (6, "    title: *x", 6, "found undefined alias 'x'"),
        (3, "---", 3, "a second document begins here, but a file holds one campaign"),
    ],
)
def test_the_line_with_the_fault_is_named(tmp_path, line, text, blamed, problem):
    sentence = told(tmp_path, line, text)
    assert sentence.startswith(f"line {blamed}: this is not valid YAML ({problem}"), sentence
