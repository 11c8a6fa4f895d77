"""The editor's page in a real browser: the journey of a new editor, the toolbar, pictures, the preview."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from PIL import Image as Picture
from playwright.sync_api import Locator, Page, expect

from articles.models import Image, Translation
from tests.browser.conftest import NewPage
from tests.browser.test_hostile_texts import POKE, PREPARE
from tests.factories import make_article, make_category, make_fact, make_staff, make_translation
from tests.hostile import HOSTILE_MARKDOWN

pytestmark = pytest.mark.browser
BATCH = 36
PASTE = """(area, [data, name, type, way]) => {
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, {type}));
    const given = {bubbles: true, cancelable: true};
    area.dispatchEvent(way === 'drop' ? new DragEvent('drop', {...given, dataTransfer: transfer})
                                       : new ClipboardEvent('paste', {...given, clipboardData: transfer}));
}"""

PASTE_WORDS = """(area, words) => {
    const transfer = new DataTransfer();
    transfer.setData('text/plain', words);
    area.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, cancelable: true, clipboardData: transfer}));
}"""


def photo(colour: str = "red", size: tuple[int, int] = (1200, 600)) -> bytes:
    file = io.BytesIO()
    Picture.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def bring(
    text: Locator, data: bytes, name: str = "image.png", *, by: str = "drop", kind: str = "image/png"
) -> None:
    """The file comes into the text by paste or drop."""
    text.evaluate(PASTE, [base64.b64encode(data).decode(), name, kind, by])


def entered(page: Page, address: str, user: Any) -> Page:
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    return page


@pytest.fixture
def writing(live_server, transactional_db, new_page: NewPage) -> Page:
    """The page of a new article, in English."""
    make_category(slug="returns")
    chief = get_user_model().objects.create_superuser("chief")
    page = entered(new_page(locale="en", viewport={"width": 1400, "height": 900}), live_server.url, chief)
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    return page


def text_of(page: Page) -> Locator:
    return page.locator("textarea.markdown").first


class Hands:
    """Counts what somebody does: clicks, runs of typing, keys."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def go(self, field: Locator) -> None:
        self.count += 1
        field.click()

    def type(self, words: str) -> None:
        self.count += 1
        self.page.keyboard.type(words)

    def press(self, key: str, times: int = 1) -> None:
        self.count += times
        for _time in range(times):
            self.page.keyboard.press(key)

    def choose(self, field: Locator, words: str) -> None:
        self.count += 1
        field.select_option(label=words)

    def use(self, tool: str) -> None:
        self.go(self.page.get_by_role("toolbar").first.get_by_role("button", name=tool, exact=True))

    def paste_picture(self) -> None:
        self.count += 1
        bring(text_of(self.page), photo(), by="paste")

    def finish(self, button: Locator) -> None:
        with self.page.expect_navigation():
            self.go(button)


class KeyboardAlone(Hands):
    def go(self, field: Locator) -> None:
        target = field.element_handle()
        for _time in range(60):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not come to {field}")

    def choose(self, field: Locator, words: str) -> None:
        self.go(field)
        self.type(words)

    def use(self, tool: str) -> None:
        button = self.page.get_by_role("toolbar").first.get_by_role("button", name=tool, exact=True)
        self.press("Shift+Tab")
        for _time in range(20):
            if button.evaluate("element => element === document.activeElement"):
                break
            self.press("ArrowRight")
        self.press("Enter")

    def finish(self, button: Locator) -> None:
        self.go(button)
        with self.page.expect_navigation():
            self.press("Enter")


def write_an_article(hands: Hands) -> None:
    page = hands.page
    english = page.locator(".translation").first
    text = text_of(page)
    hands.choose(page.locator("#id_category"), "Returns")
    hands.go(english.get_by_label("Title"))
    hands.type("How do I send something back?")
    hands.go(english.get_by_label("Summary"))
    hands.type("Print the label, and bring the parcel to a shop.")
    hands.go(text)
    hands.type("You can send it back within ")
    hands.use("Policy fact")
    expect(page.locator("#choose-facts input")).to_be_focused()
    hands.type("return days")
    hands.press("Enter")
    expect(text).to_have_value("You can send it back within {{ return_days }}")
    hands.type(" days.")
    hands.press("Enter", 2)
    hands.use("Numbered steps")
    hands.type("Open My orders.")
    hands.press("Enter")
    hands.type("Press Send back.")
    hands.paste_picture()
    expect(page.locator("#picture-alt")).to_be_focused()
    hands.type("The button Send back, below the order")
    hands.press("Enter")
    expect(text).to_be_focused()
    hands.press("Enter", 3)
    hands.type("Then wait for ")
    hands.press("Control+k")
    expect(page.locator("#choose-links input")).to_be_focused()
    hands.type("refund")
    hands.press("Enter")
    expect(text).to_be_focused()
    hands.go(english.get_by_label("Keywords"))
    hands.type("return label")
    hands.finish(english.get_by_role("button", name="Save and publish this language"))


@pytest.mark.parametrize(("kind", "most"), [(Hands, 39), (KeyboardAlone, 75)], ids=["mouse", "keyboard"])
def test_a_new_editor_writes_illustrates_links_and_publishes(
    live_server, transactional_db, new_page: NewPage, kind: type[Hands], most: int
) -> None:
    call_command("migrate", verbosity=0)
    make_category(slug="returns", name={"en": "Returns", "es": "Devoluciones"})
    make_fact("return_days", 30)
    refund = make_translation(make_article(key="refund"), title="Where is my refund?", slug="where-is-my-refund")
    page = entered(new_page(locale="en"), live_server.url, make_staff("editor"))
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    hands = kind(page)
    write_an_article(hands)
    assert hands.count <= most, hands.count

    written = Translation.objects.get(slug="how-do-i-send-something-back")
    assert written.body == (
        "You can send it back within {{ return_days }} days.\n\n1. Open My orders.\n2. Press Send back. "
        "![The button Send back, below the order](image:the-button-send-back-below-the-order.png)\n\n"
        "Then wait for [Where is my refund?](article:refund)"
    )
    page.goto(live_server.url + written.get_absolute_url())
    expect(page.locator("main p").first).to_have_text("You can send it back within 30 days.")
    expect(page.locator("main ol > li")).to_have_count(2)
    expect(page.locator("main").get_by_role("link", name="Where is my refund?")).to_have_attribute(
        "href", refund.get_absolute_url()
    )
    shown = page.get_by_role("img", name="The button Send back, below the order")
    fitting = f"{live_server.url}/images/{Image.objects.get().sha256}-960.webp"
    expect(shown).to_have_js_property("currentSrc", fitting)
    expect(shown).to_have_js_property("complete", True)


MARKS = [  # what is there, with the selection between ⟨ and ⟩; the tool; what is there then
    ("one ⟨two⟩ three", "Bold", "one **⟨two⟩** three"),
    ("one **⟨two⟩** three", "Bold", "one ⟨two⟩ three"),
    ("one ⟨⟩three", "Italic", "one *⟨⟩*three"),
    ("**⟨two⟩**", "Italic", "***⟨two⟩***"),
    ("***⟨two⟩***", "Italic", "**⟨two⟩**"),
    ("**done⟨⟩**", "Bold", "**done**⟨⟩"),
    ("one\nt⟨⟩wo", "Heading", "one\n\n## two⟨⟩"),
    ("## tw⟨⟩o", "Heading", "two⟨⟩"),
    ("## tw⟨⟩o", "Smaller heading", "### two⟨⟩"),
    ("⟨one\ntwo⟩\nthree", "Bulleted list", "⟨- one\n- two⟩\n\nthree"),
    ("⟨- one\n- two⟩", "Numbered steps", "⟨1. one\n2. two⟩"),
    ("⟨1. one\n2. two⟩", "Numbered steps", "⟨one\ntwo⟩"),
    ("3. one\ntw⟨⟩o", "Numbered steps", "3. one\n4. two⟨⟩"),
    ("⟨one\ntwo⟩", "Tip", "⟨!!! tip\n    one\n    two⟩"),
    ("⟨!!! tip\n    one\n    two⟩", "Warning", "⟨one\ntwo⟩"),
    ("⟨a\tb\n1\t2|3⟩", "Table", "⟨| a | b |\n|---|---|\n| 1 | 2\\|3 |⟩"),
    ("⟨⟩", "Table", "| Column 1 | Column 2 |\n|---|---|\n|  |  |⟨⟩"),
]


def split(marked: str) -> tuple[str, list[int]]:
    """The text, and from where to where something is selected in it."""
    start, end = marked.index("⟨"), marked.index("⟩")
    return marked.replace("⟨", "").replace("⟩", ""), [start, end - 1]


def test_the_tools_work_on_the_selection_and_can_be_undone(writing: Page) -> None:
    text = text_of(writing)
    bar = writing.get_by_role("toolbar").first
    for before, tool, after in MARKS:
        words, selection = split(before)
        text.fill(words)
        text.evaluate("(area, [start, end]) => area.setSelectionRange(start, end)", selection)
        bar.get_by_role("button", name=tool, exact=True).click()
        wanted, selection = split(after)
        assert text.input_value() == wanted, (before, tool)
        assert text.evaluate("area => [area.selectionStart, area.selectionEnd]") == selection, (before, tool)
        if wanted != words:
            writing.keyboard.press("Control+z")
            assert text.input_value() == words, (before, tool)
    text.fill("")
    for keys in ("Control+b", "x", "Control+b", "!", "Enter", "-", "Space", "y", "Enter", "z"):
        writing.keyboard.press(keys)
    assert text.input_value() == "**x**!\n- y\n- z"


def test_a_dialog_gives_the_focus_back_and_a_foreign_address_is_taken_as_it_is(writing: Page) -> None:
    text = text_of(writing)
    text.fill("see this")
    text.evaluate("area => area.setSelectionRange(4, 8)")
    writing.keyboard.press("Control+k")
    writing.keyboard.press("Escape")
    expect(text).to_be_focused()
    writing.keyboard.press("Control+k")
    writing.keyboard.type("https://example.com/a_(b)")
    expect(writing.locator("#found-links [role=option]")).to_contain_text("Web address")
    writing.keyboard.press("Enter")
    expect(text).to_have_value("see [this](https://example.com/a_%28b%29)")
    writing.keyboard.press("Control+z")
    text.evaluate("area => area.setSelectionRange(4, 8)")
    text.evaluate(PASTE_WORDS, "https://example.com/pasted")
    expect(text).to_have_value("see [this](https://example.com/pasted)")
    writing.keyboard.press("Control+z")
    expect(text).to_have_value("see this")
    writing.get_by_role("toolbar").first.get_by_role("button", name="Link").click()
    writing.keyboard.press("Escape")
    expect(writing.get_by_role("toolbar").first.get_by_role("button", name="Link")).to_be_focused()


def test_a_picture_that_is_refused_loses_nothing(writing: Page) -> None:
    text, dialog = text_of(writing), writing.locator("#add-picture")
    text.fill("Before.")
    bring(text, b"%PDF", "order.pdf", kind="application/pdf")
    expect(dialog.get_by_role("alert")).to_have_text("This is not a picture in PNG, JPEG, WebP or GIF.")
    writing.keyboard.press("Escape")
    bring(text, b"no picture at all", "x.png")
    dialog.get_by_role("button", name="Put it into the text").click()
    expect(dialog.get_by_role("alert")).to_have_text("Say what it shows, or tick that it is only decoration.")
    dialog.locator("#picture-alt").fill("A parcel")
    expect(dialog.get_by_role("alert")).to_have_text("")
    dialog.get_by_role("button", name="Put it into the text").click()
    expect(dialog.get_by_role("alert")).to_have_text("This is not a picture in PNG, JPEG, WebP or GIF.")
    expect(dialog.locator("#picture-alt")).to_have_value("A parcel")
    dialog.get_by_role("button", name="Cancel").click()
    expect(text).to_have_value("Before.")
    for _time in range(2):
        bring(text, photo("blue"), "blue.png")
        dialog.get_by_label("It is only decoration").check()
        dialog.get_by_role("button", name="Put it into the text").click()
        expect(dialog).to_be_hidden()
    expect(text).to_have_value("Before.\n\n![-](image:blue.png)\n\n![-](image:blue.png)")
    assert Image.objects.count() == 1
    writing.keyboard.press("Control+z")
    expect(text).to_have_value("Before.\n\n![-](image:blue.png)")
    text.press("Control+Home")
    bring(text, photo("blue"), "blue.png")
    dialog.get_by_label("It is only decoration").check()
    dialog.get_by_role("button", name="Put it into the text").click()
    expect(text).to_have_value("![-](image:blue.png)\n\nBefore.\n\n![-](image:blue.png)")


def test_the_preview_follows_keeps_its_place_and_changes_its_colours(writing: Page) -> None:
    text, frame = text_of(writing), writing.frame_locator("iframe").first
    text.fill("First.\n\n" + "More.\n\n" * 80)
    expect(frame.locator("main p").first).to_have_text("First.")
    inner = writing.frame(name="preview-translations-0")
    assert inner is not None
    inner.evaluate("window.stays = true; scrollTo(0, 700)")
    text.press("Control+End")
    writing.keyboard.type("## Last")
    expect(frame.locator("h2")).to_have_text("Last")
    assert inner.evaluate("[window.stays, scrollY]") == [True, 700]
    text.fill("See [us](https://example.com/).\n\n## One\n\n## Two\n\n" + "More.\n\n" * 80 + "## Three")
    frame.locator(".contents a").last.click()
    expect(frame.locator("h2").last).to_be_in_viewport()
    writing.context.route("https://example.com/", lambda route: route.fulfill(body="Elsewhere"))
    with writing.context.expect_page() as beside:
        frame.get_by_role("link", name="us", exact=True).click()
    expect(beside.value.locator("body")).to_have_text("Elsewhere")
    assert inner.evaluate("window.stays")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = inner.evaluate(paper)
    writing.locator(".segments [value=dark]").first.check()
    expect(frame.locator("html.dark")).to_have_count(1)
    assert inner.evaluate(paper) != light
    writing.emulate_media(color_scheme="dark")
    writing.locator(".segments [value=light]").first.check()
    expect(frame.locator("html.light")).to_have_count(1)
    assert inner.evaluate(paper) == light
    assert inner.evaluate("innerWidth") == 375
    writing.locator(".segments [value=desktop]").first.check()
    expect(writing.locator("iframe").first).to_have_css("width", "1100px")
    assert inner.evaluate("innerWidth") == 1100
    box = writing.locator("iframe").first.bounding_box()
    assert box and box["width"] < 600  # shown smaller, beside the text
    expect(writing.locator("#writing .said")).not_to_be_empty()  # what was typed is kept


def hits(page: Page) -> int:
    """How often something ran in any frame, after everything a reader might do in the previews was done."""
    for frame in page.frames[1:]:
        frame.evaluate(POKE)
    page.wait_for_timeout(100)
    return sum(int(frame.evaluate("window.hits || 0")) for frame in page.frames)


def test_nothing_hostile_runs_in_the_preview(live_server, transactional_db, new_page: NewPage) -> None:
    """Without the policy, so that only the renderer stands between; the control has not even that."""
    chief = get_user_model().objects.create_superuser("chief")
    page = entered(new_page(bypass_csp=True, may_complain=True), live_server.url, chief)
    page.add_init_script(PREPARE)
    panel, frame = page.locator(".translation").first, page.frame_locator("iframe").first
    for number in range(0, len(HOSTILE_MARKDOWN), BATCH):
        page.goto(f"{live_server.url}/admin/articles/article/add/")
        panel.locator("textarea.markdown").fill("\n\n".join(HOSTILE_MARKDOWN[number : number + BATCH]))
        for way in ("loaded", "renewed"):
            panel.get_by_label("Title").fill(f"{way} {HOSTILE_MARKDOWN[number][:100]}")
            expect(frame.locator("h1")).to_contain_text(way)
            assert hits(page) == 0, (number, way)

    raw = "<!doctype html><body class=preview><main><h1>Control</h1><img src=x onerror='hit(); alt=1'></main>"
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    page.route("**/preview/", lambda route: route.fulfill(body=raw, content_type="text/html"))
    panel.get_by_label("Title").fill("Control")
    expect(frame.locator("img")).to_have_attribute("alt", "1")
    assert hits(page) > 0
