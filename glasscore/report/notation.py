"""Formulas of captions and labels: as MathML in the page, and as plain text where that must be."""

import re
from html import unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

from glasscore.report.elements import Content

WORDS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "Delta": "Δ", "epsilon": "ε", "eta": "η",
    "lambda": "λ", "mu": "μ", "nu": "ν", "pi": "π", "psi": "ψ", "rho": "ρ", "sigma": "σ",
    "Sigma": "Σ", "tau": "τ", "chi": "χ", "omega": "ω", "Pi": "Π", "phi": "φ", "xi": "ξ",
    "infty": "∞", "langle": "⟨", "rangle": "⟩", "propto": " ∝ ", "to": " → ",
    "rightarrow": " → ", "times": " × ", "cdot": " · ", "leq": " ≤ ", "geq": " ≥ ", "sim": " ~ ",
    "approx": " ≈ ", "pm": " ± ", "rm": "", "mathrm": "", "left": "", "right": "",
}  # fmt: skip


def with_formulas(text: str) -> list[Content]:
    r"""Text such as ``"slope $-T_c\,\ln t$"``, whose formulas become elements of MathML.

    A text with an odd number of dollar signs has no formulas.
    """
    parts = text.split("$")
    if len(parts) % 2 == 0:
        return [text]
    found = [_mathml(part) if odd % 2 else part for odd, part in enumerate(parts)]
    return [one for one in found if one != ""]


def _mathml(formula: str) -> Element:
    made = convert_to_element(formula)
    # The converter writes signs as the entities of a page, which would be escaped once more.
    for part in made.iter():
        part.text = unescape(part.text) if part.text else part.text
    return made


def plain(label: str) -> str:
    r"""Text of a label such as ``"$H_x(\omega)$, $T=0.5$"``: ``"H_x(ω), T=0.5"``.

    An index or a power of several signs keeps its brackets. TeX commands that are not known keep
    their name, without the backslash.
    """
    parts = label.split("$")
    return "".join(_formula(part) if odd % 2 else part for odd, part in enumerate(parts))


def _formula(text: str) -> str:
    text = re.sub(r"\\[,;:! ]", " ", text)
    text = re.sub(r"\\([A-Za-z]+) ?", lambda found: WORDS.get(found[1], f"{found[1]} "), text)
    inner = re.compile(r"\{([^{}]*)\}")
    while inner.search(text):
        text = inner.sub(_bracketed, text)
    return re.sub(" +", " ", text.replace("-", "−")).strip()


def _bracketed(found: re.Match[str]) -> str:
    content = found[1].strip()
    return content if re.fullmatch(r"[\w.]*|\(.*\)|.", content) else f"({content})"
