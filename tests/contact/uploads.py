"""Files that customers send, and that others do: made here, none of them is anybody's."""

from __future__ import annotations

import hashlib
import io
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_settings
from PIL import Image
from pillow_heif import from_pillow

from contact import copier

PLACE = "Calle Mayor 1"  # a secret that a photo carries
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<!doctype html><html><script>hit()</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="hit()"><script>hit()</script></svg>'


def picture(format: str = "PNG", size: tuple[int, int] = (64, 40), mode: str = "RGB", **options: Any) -> bytes:
    """A photo of something: its left half is red."""
    made = Image.new(mode, size, "white")
    made.paste("red", (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    made.save(written, format, **options)
    return written.getvalue()


def photo_with_place(orientation: int = 1) -> bytes:
    """As a telephone makes it: with where it was taken, its maker, a comment, and perhaps lying on its side."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x010E] = orientation, "Maker of telephones", PLACE
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 25.0, 1.0), 3: "W", 4: (3.0, 42.0, 1.0)})
    return picture("JPEG", exif=exif, comment=PLACE.encode())


def heic() -> bytes:
    written = io.BytesIO()
    from_pillow(Image.open(io.BytesIO(photo_with_place()))).save(
        written, exif=Image.open(io.BytesIO(photo_with_place())).info["exif"]
    )
    return written.getvalue()


def animation(format: str = "GIF") -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, format, save_all=True, append_images=frames[1:])
    return written.getvalue()


def pdf(**root: Any) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    for key, value in root.items():
        made.Root[f"/{key}"] = made.make_indirect(value)
    written = io.BytesIO()
    made.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)  # nothing to be seen from outside
    return written.getvalue()


def pdf_with_password() -> bytes:
    with pikepdf.open(io.BytesIO(pdf())) as made:
        written = io.BytesIO()
        made.save(written, encryption=pikepdf.Encryption(owner="o", user="u"))
    return written.getvalue()


def pdf_bomb(megabytes: int) -> bytes:
    """A PDF of which one object lies in a packed stream with very many blanks behind it."""
    packed = zlib.compress(b"3 0 \n<</A 1>>" + b" " * (megabytes * 1024 * 1024))
    inner = b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/X 3 0 R>>",
        2: b"<</Type/Pages/Kids[5 0 R]/Count 1>>",
        4: inner,
        5: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>",
    }
    written, places = b"%PDF-1.5\n", {0: (0, 0, 65535), 3: (2, 4, 0)}
    for number, content in objects.items():
        places[number] = (1, len(written), 0)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    places[6] = (1, len(written), 0)
    table = zlib.compress(b"".join(struct.pack("!BIH", *places[number]) for number in range(7)))
    head = b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(table)
    return written + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % places[6][1]


def script() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def archive(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name.replace("_", "/"), content)
    return written.getvalue()


def png_of(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG that claims a size; its pixels would be zeros without end."""
    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b"")]
    parts = (
        struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
        for kind, data in body
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


class Copied(NamedTuple):
    """What the process that copies said and wrote, and what it took."""

    said: str
    content: bytes
    seconds: float  # of the processor
    megabytes: float


WRAPPED = f"""
import re, resource, runpy, sys
try:
    runpy.run_path({str(Path(copier.__file__))!r}, run_name="__main__")
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
most = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
sys.stderr.write(f"{{used.ru_utime + used.ru_stime}} {{most}}")
"""


def copied(content: bytes) -> Copied:
    """The very process that the site starts, with a look at what it needed."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as into:
        given.write(content)
        given.seek(0)
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-c", WRAPPED],
            stdin=given,
            stdout=into,
            stderr=subprocess.PIPE,
            env={},
            check=True,
        )
        into.seek(0)
        said, seconds, most = done.stderr.decode().split()[-3:]
        return Copied(said, into.read(), float(seconds), int(most) / 1024)


def file(name: str = "photo.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo_with_place() if content is None else content)


def upload(client: Client, *files: SimpleUploadedFile, **more: str) -> Any:
    """As the script does: the list of files afterwards."""
    page = client.get("/en/contact/details/")
    return client.post("/en/contact/files/", {"draft": page.context["draft"].token, "files": list(files), **more})


def content_of(response: Any) -> bytes:
    """The bytes of an answer, read to their end, so that its file is closed."""
    return b"".join(response)


def stored() -> dict[str, bytes]:
    """Every file in the storage by its name; none of them under a name that its bytes do not have."""
    folder = Path(storages["attachments"].location)
    found = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert all(hashlib.sha256(content).hexdigest() == name for name, content in found.items())
    return found


def storage_in(folder: object) -> override_settings:
    """Files are stored there, and on their way in and copied beside it."""
    options = {"BACKEND": "contact.storage.SyncedFolder", "OPTIONS": {"location": f"{folder}/attachments"}}
    return override_settings(
        STORAGES=settings.STORAGES | {"attachments": options},
        INCOMING_FOLDER=Path(f"{folder}/incoming"),
        KEPT_FREE=0,
    )


class OwnStorage:
    """For a TestCase: an empty storage of its own."""

    def setUp(self) -> None:
        super().setUp()  # type: ignore[misc]
        cache.clear()
        folder = tempfile.mkdtemp(prefix="helpcenter-files-")
        self.addCleanup(shutil.rmtree, folder)  # type: ignore[attr-defined]
        self.folder = Path(folder)
        own = storage_in(folder)
        own.enable()
        self.addCleanup(own.disable)  # type: ignore[attr-defined]
