"""Pictures for texts: drawn anew, stored under the digest of their bytes, in several widths for readers."""

from __future__ import annotations

import hashlib
import io
import struct
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext
from PIL import ExifTags, ImageCms, ImageOps, ImageSequence
from PIL import Image as Picture

from .models import Image

# MPO: a JPEG with another one inside, as telephones make them.
FORMATS = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg", "WEBP": "webp", "GIF": "gif"}
WIDTHS = (480, 960, 1600)  # of a phone, a text column, and the same on a screen of twice the density
MOST_PIXELS = 60_000_000  # of all frames together: a large camera's photo, some 300 MB while it is drawn
MOST_FRAMES = 2_000  # a minute of a screen; small files hold hundreds of thousands, each slow to draw
ON_ITS_SIDE = {5, 6, 7, 8}  # of EXIF's orientations
HIGHEST_WEBP = 16_383  # pixels: the format knows no more
# What Pillow says of broken pictures: found by changing bytes of good ones.
BROKEN = (
    ValueError,
    LookupError,
    OSError,
    EOFError,
    OverflowError,
    RuntimeError,
    TypeError,
    SyntaxError,
    struct.error,
    Picture.DecompressionBombError,
    Picture.DecompressionBombWarning,
)


def redraw(upload: UploadedFile) -> ContentFile:
    """The picture's pixels and nothing else of the file; ValidationError if it is no picture we show."""
    if getattr(upload, "reason", None) or (upload.size or 0) > settings.FILE_SIZE:
        most = filesizeformat(settings.FILE_SIZE)
        raise ValidationError(gettext("This picture is too large: %(most)s are the most.") % {"most": most})
    try:
        with _opened(upload.read()) as picture:
            _refuse_too_much(picture)
            extension = FORMATS[picture.format or ""]
            data = _moving(picture) if _moves(picture) else _still(picture)
    except BROKEN as error:
        raise ValidationError(gettext("This is not a picture in PNG, JPEG, WebP or GIF.")) from error
    return ContentFile(data, name=f"picture.{extension}")


def _refuse_too_much(picture: Any) -> None:
    frames = picture.n_frames if _moves(picture) else 1
    if picture.width * picture.height * frames > MOST_PIXELS:
        raise ValidationError(gettext("This picture has too many pixels. Make it smaller first."))
    if frames > MOST_FRAMES:
        raise ValidationError(gettext("This animation has too many frames. Make it shorter first."))


def add(upload: UploadedFile, name: str) -> tuple[Image, bool]:
    """The stored picture, and whether it is new; one with the same pixels is taken as it is, whatever its name."""
    content = redraw(upload)
    data = content.read()
    known = Image.objects.filter(sha256=hashlib.sha256(data).hexdigest()).first()
    if known:
        return known, False
    extension = (content.name or "").rpartition(".")[2]
    image = Image(name=free_name(name, extension))
    keep(image, data, extension)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError:  # somebody has taken the name meanwhile: for the same picture, as a second click does?
        if known := Image.objects.filter(sha256=image.sha256).first():
            return known, False
        image.name = free_name(name, extension)
        image.save()
    return image, True


def free_name(wanted: str, extension: str) -> str:
    """A name that texts can use and no picture has: of the wanted words, with a number where it is taken."""
    stem = slugify(wanted.removesuffix(f".{extension}"))[:100].strip("-") or "picture"
    taken = set(Image.objects.filter(name__startswith=stem).values_list("name", flat=True))
    numbered = (f"{stem}{number and f'-{number + 1}' or ''}.{extension}" for number in range(len(taken) + 1))
    return next(name for name in numbered if name not in taken)


def keep(image: Image, data: bytes, suffix: str = "") -> None:
    """The picture and its widths are in the storage, and the row, still to be saved, says so; ValueError: none."""
    image.sha256 = hashlib.sha256(data).hexdigest()
    image.extension, image.width, image.height = measure(data, suffix)
    _store(image.path, data)
    image.widths = _store_widths(image, data)


def make_missing_widths() -> None:
    """Pictures from before there were widths get them.  A worker's duty."""
    for image in Image.objects.filter(widths__isnull=True)[:20]:
        try:
            with default_storage.open(image.path) as file:
                image.widths = _store_widths(image, file.read())
        except BROKEN:
            image.widths = []  # what is not there, or cannot be read, is not tried for ever
        Image.objects.filter(pk=image.pk, sha256=image.sha256).update(widths=image.widths)


def measure(data: bytes, suffix: str) -> tuple[str, int, int]:
    """Extension, width and height of the picture; ValueError with the reason if it is none we show."""
    if suffix.lower().removeprefix(".") == "svg":
        return ("svg", *_measure_svg(data))
    try:
        with _opened(data) as picture:
            extension, size = FORMATS[picture.format or ""], _turned_size(picture)
    except BROKEN as error:
        raise ValueError("This is not a picture in PNG, JPEG, WebP, GIF or SVG.") from error
    return extension, *size


def _turned_size(picture: Any) -> tuple[int, int]:
    """Its width and height as it is shown: a telephone held upright writes that its picture lies on its side."""
    width, height = picture.size
    return (height, width) if picture.getexif().get(ExifTags.Base.Orientation) in ON_ITS_SIDE else (width, height)


def _measure_svg(data: bytes) -> tuple[int, int]:
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - the operator's own files, never an upload
        _x, _y, width, height = (float(part) for part in root.get("viewBox", "").split())
    except (ElementTree.ParseError, ValueError) as error:
        raise ValueError("This SVG cannot be read, or has no viewBox.") from error
    return round(width), round(height)


def _opened(data: bytes) -> Any:
    return Picture.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP", "GIF"])


def _moves(picture: Any) -> bool:
    return picture.format != "MPO" and getattr(picture, "is_animated", False)


def _mode(picture: Any) -> str:
    return "RGBA" if picture.has_transparency_data else "RGB"


def _still(picture: Any) -> bytes:
    kind = "JPEG" if picture.format == "MPO" else picture.format
    ImageOps.exif_transpose(picture, in_place=True)  # a copy of a large photo is 150 MB
    turned = _in_srgb(picture)
    if "transparency" in turned.info:  # a colour that stands for it, as small PNGs have
        turned = turned.convert("RGBA")  # else its transparency goes with the rest of what the file says
    turned.info = {}
    drawn = io.BytesIO()
    turned.save(drawn, kind, **({"quality": 85} if kind == "JPEG" else {}))
    return drawn.getvalue()


def _moving(picture: Any) -> bytes:
    """The animation with its times, and without what else its frames carry."""
    loop = picture.info.get("loop")
    frames, times = [], []
    for frame in ImageSequence.Iterator(picture):
        times.append(frame.info.get("duration", 100))
        frames.append(frame.convert(_mode(frame)))
        frames[-1].info = {}
    drawn = io.BytesIO()
    again = {} if loop is None else {"loop": loop}
    frames[0].save(drawn, picture.format, save_all=True, append_images=frames[1:], duration=times, **again)
    return drawn.getvalue()


def _in_srgb(picture: Any) -> Any:
    """The colours as every screen takes them; a profile would go with the rest of what the file says."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        own, ours = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, own, ours, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture


def _store_widths(image: Image, data: bytes) -> list[int]:
    """The widths in which the storage has the picture as WebP; none of drawings, of what moves or is too high."""
    if image.extension == "svg":
        return []
    with _opened(data) as picture:
        if _moves(picture):
            return []
        widths = sorted({min(width, image.width) for width in WIDTHS})
        picture.draft("RGB", (widths[-1], widths[-1]))
        ImageOps.exif_transpose(picture, in_place=True)
        shape = image.height / image.width
        if widths[-1] * shape > HIGHEST_WEBP:
            return []
        has_few_colours = picture.format in ("PNG", "GIF")
        drawn = picture if picture.mode == _mode(picture) else picture.convert(_mode(picture))
        for width in widths:
            size = (width, max(1, round(width * shape)))
            smaller = drawn.resize(size, Picture.Resampling.LANCZOS, reducing_gap=2.0)
            _store(image.path_of_width(width), _webp(smaller, has_few_colours))
    return widths


def _webp(picture: Any, has_few_colours: bool) -> bytes:
    """As small as it gets: what is drawn, as screens are, is often smaller without loss."""
    ways: list[dict[str, Any]] = [{"quality": 80}]
    if has_few_colours:
        ways.append({"lossless": True, "quality": 40})
    made = []
    for way in ways:
        drawn = io.BytesIO()
        picture.save(drawn, "WEBP", method=4, **way)
        made.append(drawn.getvalue())
    return min(made, key=len)


def _store(path: str, data: bytes) -> None:
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(data))
