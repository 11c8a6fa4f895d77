"""U1 and U3: what is stored is a copy that does nothing; what would be too much to look at is not looked at."""

import io
import struct
import zlib

import pikepdf
import pytest
from PIL import Image

from tests.contact import uploads
from tests.contact.uploads import PLACE, copied, pdf, picture, png_of

IMAGES = {
    "jpeg": (uploads.photo_with_place(), "image/jpeg"),
    "jpeg of two pictures": (picture("MPO"), "image/jpeg"),
    "jpeg of a printer": (picture("JPEG", mode="CMYK"), "image/jpeg"),
    "png": (picture(), "image/png"),
    "png with a veil": (picture(mode="RGBA"), "image/png"),
    "png of 16 bits": (picture(mode="I;16"), "image/png"),
    "webp": (picture("WEBP"), "image/jpeg"),
    "gif": (uploads.animation(), "image/png"),
    "heic": (uploads.heic(), "image/jpeg"),
    "avif": (picture("AVIF"), "image/jpeg"),
}
BEHIND = {"html": uploads.HTML, "zip": uploads.archive(word_document=b"x" * 9999), "php": b"<?php hit() ?>"}
ACTIVE = {
    "a script at the start": pdf(OpenAction=uploads.script()),
    "a script with a name": pdf(
        Names=pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", uploads.script()]))
    ),
    "a script on leaving": pdf(AA=pikepdf.Dictionary(WC=uploads.script())),
    "a program": pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")),
    "a form that sends": pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="https://example.org")),
    "a form that thinks": pdf(AcroForm=pikepdf.Dictionary(XFA="<x/>", Fields=[])),
    "another file": pdf(Names=pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=[]))),
    "a film": pdf(Extra=pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia)),
}
UNKNOWN = {
    "svg": uploads.SVG,
    "html": uploads.HTML,
    "html after a comment": b"\xef\xbb\xbf \n<!-- x --><html>",
    "docm": uploads.archive(word_vbaProject=b"x", word_document=b"<xml/>"),
    "zip bomb": uploads.archive(zeros=bytes(10_000_000)),
    "program": b"MZ\x90\x00" + bytes(200),
    "elf": b"\x7fELF" + bytes(range(256)),
    "eps": b"%!PS-Adobe-3.0\n\x00",
    "tiff": picture("TIFF"),
    "bmp": picture("BMP"),
    "ico": picture("ICO"),
    "film": b"\x00\x00\x00\x18ftypmp42" + bytes(300),
    "text with a NUL": b"Dear\x00all",
}
DAMAGED = {
    "half a jpeg": uploads.photo_with_place()[:-300],
    "half a png": picture()[:60],
    "a png of noise": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "half a pdf": pdf()[:400],
    "a pdf of words": b"%PDF-1.7\nhello\n%%EOF",
    "a pdf without pages": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "text of half letters": b"\xff\xfea\xd8",
}
TEXT_BOMB = (b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000)))
ICC_BOMB = (b"iCCP", b"x\0\0" + zlib.compress(bytes(80_000_000)))
BOMBS = {
    "10⁹ pixels": png_of(40_000, 25_000),
    "a row of 2 · 10⁹ pixels": png_of(2_000_000_000, 1),
    "a text of 80 MB": png_of(10, 10, TEXT_BOMB),
    "colours of 80 MB": png_of(10, 10, ICC_BOMB),
    "jpeg of 4 · 10⁹ pixels": picture("JPEG").replace(
        struct.pack("!HH", 40, 64), struct.pack("!HH", 65_500, 65_500)
    ),
    "gif of 4 · 10⁹ pixels": b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + uploads.animation()[10:],
    "zip bomb": uploads.archive(zeros=bytes(10_000_000)),
    "pdf of 400 MB": uploads.pdf_bomb(400),
    "pdf of 200,000 numbers": pdf(Extra=pikepdf.Dictionary(A=pikepdf.Array([0] * 200_000))),
}


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_is_its_pixels_alone(name):
    content, kind = IMAGES[name]
    said, copy, *_ = copied(content)
    assert said == kind
    with Image.open(io.BytesIO(copy)) as shown:
        shown.load()
        assert not shown.getexif() and not shown.info.keys() & {
            "exif",
            "comment",
            "icc_profile",
            "xmp",
            "photoshop",
        }
        assert getattr(shown, "n_frames", 1) == 1
    for secret in (PLACE.encode(), b"Maker of telephones", b"Exif", b"GPS"):
        assert secret not in copy


def test_the_secrets_were_there():
    """The control: what is looked for would be found."""
    for content in (uploads.photo_with_place(), uploads.heic()):
        assert PLACE.encode() in content and b"Maker of telephones" in content and b"Exif" in content
    with Image.open(io.BytesIO(uploads.photo_with_place())) as opened:
        assert opened.getexif().get_ifd(0x8825)[2] == (40.0, 25.0, 1.0)


@pytest.mark.parametrize(("orientation", "red"), [(1, (2, 2)), (3, (62, 2)), (6, (2, 2)), (8, (2, 62))])
def test_a_photo_stands_upright(orientation, red):
    with Image.open(io.BytesIO(copied(uploads.photo_with_place(orientation)).content)) as shown:
        assert shown.size == ((40, 64) if orientation in (6, 8) else (64, 40))
        r, g, b = shown.getpixel(red)
        assert r > 200 and g < 60 and b < 60


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("before", ["jpeg", "png", "gif", "webp", "pdf"])
def test_what_stands_behind_the_end_is_left_behind(before, behind):
    content = pdf() if before == "pdf" else IMAGES[before][0]
    copy = copied(content + BEHIND[behind] + (b"\n%%EOF" if before == "pdf" else b"")).content
    assert copy
    assert BEHIND[behind] not in copy and b"<script" not in copy and b"PK\x05\x06" not in copy


@pytest.mark.parametrize("name", ACTIVE)
def test_a_pdf_that_does_something_is_refused(name):
    assert copied(ACTIVE[name])[:2] == ("active", b"")
    assert b"JavaScript" not in ACTIVE[name]  # packed: a look at the bytes would find nothing


def test_a_pdf_that_only_shows_something_is_taken():
    said, copy, *_ = copied(pdf(Lang=pikepdf.String("es"), OpenAction=pikepdf.Array([0, pikepdf.Name.Fit])))
    assert said == "application/pdf"
    with pikepdf.open(io.BytesIO(copy)) as opened:
        assert len(opened.pages) == 1


def test_a_pdf_with_a_password_is_told_apart():
    assert copied(uploads.pdf_with_password()).said == "locked"


@pytest.mark.parametrize("name", UNKNOWN)
def test_other_kinds_are_refused(name):
    assert copied(UNKNOWN[name])[:2] == ("unknown", b"")


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_damaged_is_refused(name):
    assert copied(DAMAGED[name])[:2] == ("damaged", b"")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_the_same_words_as_utf_8(encoding):
    words = "Mañana llega. Aquí 9 < 10.\r\n\tSí"
    assert copied(words.encode(encoding))[:2] == ("text/plain", words.encode())


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little(name):
    """U3: at most a second and 100 MB."""
    said, _copy, seconds, megabytes = copied(BOMBS[name])
    print(f"{name}: {said}, {seconds:.2f} s, {megabytes:.0f} MB")  # noqa: T201
    assert said in ("huge", "damaged", "unknown", "application/pdf", "image/png")
    assert seconds <= 1
    assert megabytes <= 100


def test_looked_at_without_a_limit_a_bomb_would_take_gigabytes():
    """The control: what the claimed pixels would take, 3 bytes each."""
    with Image.open(io.BytesIO(png_of(10_000, 8_000))) as small:  # Pillow itself refuses the large one
        assert small.width * small.height * 3 > 200 * 1024 * 1024
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(BOMBS["10⁹ pixels"]))


def test_a_large_photo_becomes_smaller_and_costs_little():
    said, copy, seconds, megabytes = copied(picture("JPEG", size=(8064, 6048)))
    with Image.open(io.BytesIO(copy)) as shown:
        assert (said, shown.size) == ("image/jpeg", (4032, 3024))
    assert seconds <= 1 and megabytes <= 100
