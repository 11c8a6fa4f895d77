"""Small pictures of the photos of a request, for agents; made of our own copies."""

from __future__ import annotations

import io

from PIL import Image

from .attachment import Attachment

SIDE = 240  # pixels


def thumbnail(attachment: Attachment) -> bytes:
    """The photo as a small JPEG."""
    with attachment.open() as file, Image.open(file, formats=["JPEG", "PNG"]) as picture:
        picture.draft("RGB", (SIDE, SIDE))
        picture.thumbnail((SIDE, SIDE))
        small = io.BytesIO()
        picture.convert("RGB").save(small, "JPEG", quality=80)
        return small.getvalue()
