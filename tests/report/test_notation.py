"""Labels with mathematical notation are converted to plain text."""

import pytest

from glasscore.report.notation import plain


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (r"$H_x(\omega)$, local REM", "H_x(ω), local REM"),
        (r"exact, $N=\infty$", "exact, N=∞"),
        (r"$\alpha=0.4$, $T=0.5$", "α=0.4, T=0.5"),
        (r"$t_w=10^{5.25}$", "t_w=10^5.25"),
        (r"slope $-T_c\,\ln t$", "slope −T_c ln t"),
        (r"$\tau^{-(1+x)}$", "τ^(−(1+x))"),
        (r"$q_{\rm EA}$", "q_EA"),
        (r"$t \to \infty$", "t → ∞"),
        ("well-known", "well-known"),
        ("", ""),
        ("one $ sign", "one sign"),
    ],
)
def test_labels_are_read(label, text):
    assert plain(label) == text
