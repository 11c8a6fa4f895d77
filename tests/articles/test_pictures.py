"""Pictures: pixels and nothing else, in the widths that readers need, each picture once."""

import io
import struct
import tempfile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from PIL import Image as Picture
from PIL import ImageCms

from articles import pictures
from articles.markdown import render
from articles.models import Image
from tests.articles.forms import Opened
from tests.factories import make_staff


def drawn(size: tuple[int, int] = (40, 30), kind: str = "PNG", colour: Any = "red", **options: Any) -> bytes:
    file = io.BytesIO()
    Picture.new("RGB", size, colour).save(file, kind, **options)
    return file.getvalue()


def upload(data: bytes, name: str = "photo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def reopened(data: bytes) -> Any:
    return Picture.open(io.BytesIO(data))


def blinking(frames: int) -> bytes:
    """A GIF of one pixel that is now black, now white: 23 bytes a frame."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    shown = [
        b"\x21\xf9\4\0\1\0\0\0\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + pixel
        for pixel in (b"\2\2\x4c\1\0", b"\2\2\x44\1\0")
    ]
    return head + b"".join(shown) * (frames // 2) + b";"


# Good pictures with one byte changed, at which Pillow stumbles over its own feet.
STUMBLING = (
    "474946383761020002008100000000030000000000000000002c00000000020002000008060001080410100021f90401000001002c0000"
    "000002000200da2800030000000000000000000806000108041010003b",
    "52494646a400000057454250565038580a00000002000000010000010097414e494d06000000000000000000414e4d4634000000000000"
    "00000001000001000000000002565038201c0000003001009d012a0200020001402625a400037000fefd37416828000000414e4d463c00"
    "00000000000000000100000100000000000056503820240000003401009d012a020002000000262500008c3000fefc98c7ee6f072bbffc"
    "50f35bd832a000",
)


class RedrawTests(TestCase):
    def test_nothing_but_the_pixels_is_kept(self):
        taken = drawn(kind="JPEG", exif=b"Exif\0\0CANARY", comment=b"CANARY")
        assert b"CANARY" in taken
        made = pictures.redraw(upload(taken)).read()
        assert b"CANARY" not in made
        assert reopened(made).size == (40, 30)

    def test_a_picture_with_few_colours_stays_transparent(self):
        file = io.BytesIO()
        Picture.new("P", (4, 4), 0).save(file, "PNG", transparency=0)
        assert reopened(pictures.redraw(upload(file.getvalue())).read()).convert("RGBA").getpixel((0, 0))[3] == 0

    def test_a_colour_that_stands_for_transparency_stays_transparent(self):
        for mode, colour in (("RGB", (1, 2, 3)), ("L", 7)):
            file = io.BytesIO()
            Picture.new(mode, (4, 4), colour).save(file, "PNG", transparency=colour)
            made = reopened(pictures.redraw(upload(file.getvalue())).read())
            assert made.convert("RGBA").getpixel((0, 0))[3] == 0

    def test_the_colours_of_a_profile_become_those_of_every_screen(self):
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        made = reopened(pictures.redraw(upload(drawn(kind="JPEG", colour=(200, 30, 30), icc_profile=lab))).read())
        assert "icc_profile" not in made.info
        assert all(abs(a - b) < 6 for a, b in zip(made.getpixel((5, 5)), (200, 30, 30), strict=True))

    def test_an_animation_keeps_its_frames_and_times_and_loses_its_comment(self):
        frames = [Picture.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
        file = io.BytesIO()
        frames[0].save(
            file, "GIF", save_all=True, append_images=frames[1:], duration=[50, 90, 200], loop=3, comment=b"CANARY"
        )
        data = pictures.redraw(upload(file.getvalue(), "x.gif")).read()
        made = reopened(data)
        times = []
        for number in range(made.n_frames):
            made.seek(number)
            times.append(made.info["duration"])
        assert (times, made.info["loop"], b"CANARY" in data) == ([50, 90, 200], 3, False)

    def test_what_is_no_picture_is_refused(self):
        for data in (b"<svg onload=hit()>", b"", drawn()[:60], b"GIF89a"):
            with self.subTest(data=data[:10]), pytest.raises(ValidationError, match="not a picture"):
                pictures.redraw(upload(data))

    def test_a_broken_picture_is_refused_however_it_is_broken(self):
        for data in STUMBLING:
            with self.subTest(data=data[:12]), pytest.raises(ValidationError, match="not a picture"):
                pictures.redraw(upload(bytes.fromhex(data)))

    def test_a_small_file_with_very_many_frames_is_refused_before_they_are_drawn(self):
        with pytest.raises(ValidationError, match="too many frames"):
            pictures.redraw(upload(blinking(pictures.MOST_FRAMES + 2)))
        assert reopened(pictures.redraw(upload(blinking(10))).read()).n_frames == 10

    @override_settings(FILE_SIZE=100)
    def test_a_file_that_is_too_large_is_refused_with_the_limit(self):
        with pytest.raises(ValidationError, match="100.*bytes are the most"):
            pictures.redraw(upload(drawn((400, 300))))

    def test_a_small_file_with_very_many_pixels_is_refused_before_it_is_drawn(self):
        with pytest.raises(ValidationError, match="too many pixels"):
            pictures.redraw(upload(drawn((8_000, 8_000))))


class WidthsTests(TestCase):
    def setUp(self) -> None:
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(self.settings(MEDIA_ROOT=folder))

    def add(self, data: bytes, name: str = "My photo") -> Image:
        image, is_new = pictures.add(upload(data), name)
        assert is_new
        return image

    def stored(self, image: Image, width: int) -> Any:
        with default_storage.open(image.path_of_width(width)) as file:
            return reopened(file.read())

    def test_readers_get_the_width_that_they_need_and_nothing_jumps(self):
        image = self.add(drawn((2000, 1000)))
        assert image.widths == [480, 960, 1600]
        assert [self.stored(image, width).size for width in image.widths] == [(480, 240), (960, 480), (1600, 800)]
        made = str(render(f"![A tap](image:{image.name})", "en").html)
        address = f"/images/{image.sha256}"
        assert f'srcset="{address}-480.webp 480w, {address}-960.webp 960w, {address}-1600.webp 1600w"' in made
        for part in ("<picture>", 'type="image/webp"', f'src="{address}.png"', 'width="2000"', 'height="1000"'):
            assert part in made
        answer = self.client.get(f"{address}-480.webp")
        assert (answer["Content-Type"], "immutable" in answer["Cache-Control"]) == ("image/webp", True)
        assert reopened(b"".join(answer.streaming_content)).size == (480, 240)

    def test_one_that_lies_on_its_side_is_stood_up_in_every_width(self):
        exif = Picture.Exif()
        exif[0x0112] = 6  # what a telephone writes that was held upright
        file = io.BytesIO()
        lying = Picture.new("RGB", (1000, 600), "red")
        lying.paste("blue", (0, 0, 500, 600))
        lying.save(file, "JPEG", exif=exif)
        image = Image(name="upright.jpg")
        pictures.keep(image, file.getvalue(), ".jpg")
        assert (image.width, image.height, image.widths) == (600, 1000, [480, 600])
        for width in image.widths:
            with default_storage.open(image.path_of_width(width)) as stored:
                made = reopened(stored.read())
            assert made.size == (width, round(width / 0.6))
            top, bottom = made.getpixel((width // 2, 10)), made.getpixel((width // 2, made.height - 10))
            assert top[2] > 200 > 50 > top[0] and bottom[0] > 200 > 50 > bottom[2]

    def test_one_gets_another_name_without_its_file(self):
        self.client.force_login(make_staff("editor"))
        image, _is_new = pictures.add(upload(drawn()), "photo")
        address = f"/admin/articles/image/{image.pk}/change/"
        assert Opened(self.client, address).save(name="parcel.png").status_code == 302
        renamed = Image.objects.get()
        assert (renamed.name, renamed.sha256, renamed.widths) == ("parcel.png", image.sha256, image.widths)
        self.assertContains(self.client.post("/admin/articles/image/add/", {"name": "new.png"}), "required")

    def test_one_whose_file_is_gone_is_not_found(self):
        image = Image.objects.create(
            name="gone.png", sha256="a" * 64, extension="png", width=1, height=1, widths=[]
        )
        assert self.client.get(image.get_absolute_url()).status_code == 404

    def test_none_is_larger_than_the_picture(self):
        assert self.add(drawn((600, 30), "JPEG")).widths == [480, 600]
        assert self.add(drawn((70, 3000))).widths == [70]

    def test_only_widths_that_there_are_have_an_address(self):
        image = self.add(drawn((600, 30), "JPEG"))
        for name in ("-481.webp", "-480.jpg", "-0480x.webp", ".png", "-480"):
            assert self.client.get(f"/images/{image.sha256}{name}").status_code == 404, name
        whole = self.client.get(image.get_absolute_url())
        assert reopened(b"".join(whole.streaming_content)).size == (600, 30)

    def test_what_moves_stays_as_it_is(self):
        frames = [Picture.new("RGB", (800, 8), colour) for colour in ("red", "blue")]
        file = io.BytesIO()
        frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
        image = self.add(file.getvalue())
        assert (image.widths, image.extension) == ([], "gif")
        assert "<source" not in render(f"![x](image:{image.name})", "en").html

    def test_what_is_higher_than_webp_can_be_is_shown_as_it_is(self):
        image = self.add(drawn((1080, 20_000)))
        assert (image.widths, image.height) == ([], 20_000)
        assert "<source" not in render(f"![x](image:{image.name})", "en").html
        whole = self.client.get(image.get_absolute_url())
        assert reopened(b"".join(whole.streaming_content)).size == (1080, 20_000)

    def test_a_screenshot_becomes_smaller_without_loss(self):
        image = self.add(drawn((1600, 900), colour="white"))
        assert self.stored(image, 1600).getpixel((5, 5)) == (255, 255, 255)
        assert default_storage.size(image.path_of_width(1600)) < default_storage.size(image.path)

    def test_the_same_picture_twice_is_stored_once(self):
        first = self.add(drawn(), "One")
        again, is_new = pictures.add(upload(drawn(), "other.png"), "Two")
        assert (again, is_new, Image.objects.count()) == (first, False, 1)

    def test_names_are_those_that_texts_can_use(self):
        names = [self.add(drawn(colour=colour), "¿Dónde está (el botón)?").name for colour in ("red", "blue")]
        assert names == ["donde-esta-el-boton.png", "donde-esta-el-boton-2.png"]
        assert self.add(drawn(colour="green"), "日本").name == "picture.png"
        assert self.add(drawn(colour="white"), "order.png").name == "order.png"

    def test_the_worker_makes_the_widths_of_pictures_from_before(self):
        image = self.add(drawn((600, 300)))
        lost = Image.objects.create(name="lost.png", sha256="0" * 64, extension="png", width=1, height=1)
        Image.objects.filter(pk=image.pk).update(widths=None)
        default_storage.delete(image.path_of_width(480))
        pictures.make_missing_widths()
        image.refresh_from_db()
        lost.refresh_from_db()
        assert (image.widths, lost.widths) == ([480, 600], [])
        assert self.stored(image, 480).size == (480, 240)
        with self.assertNumQueries(1):
            pictures.make_missing_widths()
