"""The gallery in the manual says what the captions say."""

from tests.figures import gallery


def test_the_gallery_is_up_to_date():
    command = "python -m tests.figures.gallery"
    assert gallery.PAGE.read_text(encoding="utf-8") == gallery.text_of_page(), command
    pictures = {path.stem for path in (gallery.DOCS / "gallery").glob("*.png")}
    assert pictures == set(gallery.GALLERY)
