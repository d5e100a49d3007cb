"""The page in a browser fits on a phone, is light or dark, and fetches nothing."""

import re
import shutil
import subprocess

import pytest

from glasscore.report import page
from tests.report.test_page import HOSTILE, parameters, pretended

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
# This script is added here only: the page has none of its own, and its policy would block it.
MEASURE = """<script>document.title = [document.documentElement.scrollWidth, innerWidth,
[...document.images].every(image => image.complete && image.naturalWidth > 0),
getComputedStyle(document.body).backgroundColor].join(" ")</script></body>"""


@pytest.mark.skipif(BROWSER is None, reason="needs Chromium: apt-get install chromium")
@pytest.mark.parametrize("width", [360, 1280])
def test_page_fits_its_window(tmp_path, width):
    pretended(HOSTILE, tmp_path)
    text = page.page(parameters(HOSTILE), tmp_path).decode()
    text = re.sub("<meta http-equiv[^>]*>", "", text).replace("</body>", MEASURE)
    # Headless windows are at least 500 pixels wide, but a frame in them may be narrower.
    (tmp_path / "page.html").write_text(text)
    frame = f'<iframe src="page.html" width="{width}" height="800" style="border:0"></iframe>'
    script = """<script>addEventListener("load", () => document.title =
        frames[0].document.title)</script>"""
    (tmp_path / "frame.html").write_text(f"<title></title>{frame}{script}")
    done = subprocess.run(
        [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
         "--allow-file-access-from-files", f"--user-data-dir={tmp_path / 'profile'}",
         (tmp_path / "frame.html").as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    title = re.search("<title>(.*?)</title>", done.stdout)
    needed, inner, pictures, background = title[1].split(" ", 3)
    assert int(inner) == width
    assert int(needed) <= width
    assert pictures == "true"
    assert background == "rgb(255, 255, 255)"
