"""Makes a harmless copy of a file that somebody sent, in a process of its own (see copying.py).

A file that crashes a decoder, or wants more time and memory than there is, takes nobody along; and there is no
secret here for it to find.  stdin: the file.  stdout: its copy.  The last line of stderr: the type of the copy, or
in one word why there is none.  Knows no Django.
"""

from __future__ import annotations

import codecs
import io
import logging
import os
import re
import resource
import sys
from contextlib import suppress
from typing import Any, BinaryIO

MEMORY = 640 * 1024 * 1024  # bytes of address space, libraries included …
PDF_MEMORY = 200 * 1024 * 1024  # … and where nothing has to be decoded
SECONDS = 10  # of the processor
LONGEST_SIDE = 4032  # pixels of the copy: all that a telephone's camera sees, enough for any label
# More pixels are refused before one of them is decoded.  A JPEG is decoded at half, a quarter or an eighth of its
# size, so it may have more.
PIXELS = {"JPEG": 64_000_000, "HEIF": 50_000_000}
OTHER_PIXELS = 20_000_000
LARGEST_PNG = 6 * 1024 * 1024  # bytes; a photo that was saved as PNG becomes a JPEG
IMAGES = (
    ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ("PNG", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("GIF", re.compile(rb"GIF8[79]a")),
    ("WEBP", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    ("HEIF", re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)", re.DOTALL)),
    ("AVIF", re.compile(rb".{4}ftypavi[fs]", re.DOTALL)),
)
TRANSPARENT = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
# What makes a PDF do something, or carry something: scripts, programs to start, films, forms to send, other files.
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent"})
ACTIVE_VALUES = {
    "/S": {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE", "/RichMediaExecute"},
    "/Subtype": {"/RichMedia", "/Movie", "/Screen", "/3D", "/FileAttachment"},
}
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
MARKUP = re.compile(r"\s*<[!?a-zA-Z]")
BYTE_ORDERS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Refused(Exception):
    """There is no harmless copy; says why in one word."""


def main() -> int:
    _bound()
    logging.disable()  # libraries warn on stderr, where our answer goes
    try:
        said, code = _answer(), 0
    except Refused as refused:
        said, code = str(refused), 1
    sys.stderr.write(f"\n{said}\n")
    return code


def _answer() -> str:
    """The copy is written; its type."""
    copied = io.BytesIO()
    try:
        kind = copy(sys.stdin.buffer, copied)
    except MemoryError:
        raise Refused("huge") from None
    except Refused:
        raise
    except Exception:  # whatever a library makes of what anybody sends
        raise Refused("damaged") from None
    try:
        left = copied.getbuffer()
        while left:
            left = left[os.write(1, left) :]
    except OSError:
        raise Refused("full") from None
    return kind


def copy(file: BinaryIO, into: BinaryIO) -> str:
    """The harmless copy is written; its type.  What the file is, it says itself; its name does not count."""
    start = file.read(32)
    file.seek(0)
    if start.startswith(b"%PDF-"):
        return _pdf(file, into)
    for name, signature in IMAGES:
        if signature.match(start):
            return _image(file, name, into)
    return _text(file.read(), into)


def _image(file: BinaryIO, name: str, into: BinaryIO) -> str:
    """The pixels alone, the right way up: no place, no camera, no comment, nothing behind the end."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # ours come first, and are fewer
    if name == "HEIF":
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    with Image.open(file, formats=[name]) as opened:
        if opened.width * opened.height > PIXELS.get(name, OTHER_PIXELS):
            raise Refused("huge")
        scale = min(1.0, LONGEST_SIDE / max(opened.size))
        wanted = (max(1, int(opened.width * scale)), max(1, int(opened.height * scale)))
        opened.draft("RGB", wanted)
        opened.load()
        is_transparent = opened.mode in TRANSPARENT or "transparency" in opened.info
        if scale < 1.0:
            opened.thumbnail(wanted, reducing_gap=None)
        ImageOps.exif_transpose(opened, in_place=True)
        picture: Any = opened
        if picture.mode != (mode := "RGBA" if is_transparent else "RGB"):
            picture = picture.convert(mode)  # each copy of a photo is 50 MB
        picture.info.clear()
        return _write(picture, name in ("PNG", "GIF") or is_transparent, into)


def _write(picture: Any, is_drawn: bool, into: BinaryIO) -> str:
    if is_drawn and (drawn := _as_png(picture)):
        into.write(drawn)
        return "image/png"
    _on_white(picture).save(into, "JPEG", quality=88)
    return "image/jpeg"


def _as_png(picture: Any) -> bytes:
    """Empty where it would be a very large file."""
    drawn = io.BytesIO()
    picture.save(drawn, "PNG")
    return drawn.getvalue() if drawn.tell() <= LARGEST_PNG else b""


def _on_white(picture: Any) -> Any:
    from PIL import Image

    if picture.mode == "RGB":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _pdf(file: BinaryIO, into: BinaryIO) -> str:
    """Its objects, written anew: whatever else the file was besides is left behind."""
    import pikepdf

    _limit(resource.RLIMIT_AS, PDF_MEMORY)
    file.seek(-min(1024, file.seek(0, io.SEEK_END)), io.SEEK_END)
    if b"%%EOF" not in file.read():
        raise Refused("damaged")
    file.seek(0)
    try:
        with pikepdf.open(file) as pdf:
            if any(_is_active(found) for found in pdf.objects):
                raise Refused("active")
            if not len(pdf.pages):
                raise Refused("damaged")
            pdf.save(into, deterministic_id=True)
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    return "application/pdf"


def _is_active(found: Any) -> bool:
    """Whether this object of a PDF, or one that lies within it, does more than show something."""
    import pikepdf

    waiting = [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            keys = set(each.keys())
            if keys & ACTIVE_KEYS:
                return True
            if any(str(each[key]) in values for key, values in ACTIVE_VALUES.items() if key in keys):
                return True
            inner = [each.get(key) for key in keys]
        else:
            inner = list(each) if isinstance(each, pikepdf.Array) else []
        # Those with a number of their own are asked by themselves.
        waiting += [one for one in inner if isinstance(one, pikepdf.Object) and not one.is_indirect]
    return False


def _text(content: bytes, into: BinaryIO) -> str:
    """The same words as UTF-8; what is no text, or is meant for a browser, is refused."""
    text = _decoded(content)
    if NO_TEXT.search(text) or MARKUP.match(text):
        raise Refused("unknown")
    into.write(text.encode())
    return "text/plain"


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in BYTE_ORDERS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise Refused("damaged") from None
    try:
        return content.decode("cp1252")  # Latin-1 as Windows writes it
    except UnicodeDecodeError:
        raise Refused("unknown") from None


def _bound() -> None:
    """This process ends before it takes more than its share; where a system knows no such limit, without it."""
    for kind, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        _limit(kind, limit)


def _limit(kind: int, limit: int) -> None:
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    sys.exit(main())
