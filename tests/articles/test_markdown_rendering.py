"""The one door from Markdown to HTML: our dialect, and nothing that could run."""

import re
from html.parser import HTMLParser

from django.test import TestCase

from articles.markdown import plain_text, render
from articles.models import Image
from tests.factories import make_article, make_fact, make_flow, make_translation
from tests.hostile import HOSTILE_MARKDOWN


def html(text: str, language: str = "en") -> str:
    return str(render(text, language).html).strip()


class DialectTests(TestCase):
    def test_numbers_steps_and_emphasises(self):
        assert html("1. Open **My orders**.\n2. Press *Track*.") == (
            "<ol>\n<li>Open <strong>My orders</strong>.</li>\n<li>Press <em>Track</em>.</li>\n</ol>"
        )

    def test_a_first_level_heading_becomes_a_second_one(self):
        assert html("# One\n\n## Two") == '<h2 id="s-one">One</h2>\n<h2 id="s-two">Two</h2>'

    def test_lists_the_headings_of_the_second_level(self):
        headings = render("## Where & when\n\n### Smaller\n\n## Then", "en").headings
        assert [(heading.anchor, heading.text) for heading in headings] == [
            ("s-where-when", "Where & when"),
            ("s-then", "Then"),
        ]

    def test_a_table_scrolls_by_itself_and_keeps_its_alignment(self):
        made = html("| Wait | Days |\n|:--|--:|\n| Card | 5 |")
        assert made.startswith('<section aria-label="Table" class="table" tabindex="0">\n<table>')
        assert '<th class="right" scope="col">Days</th>' in made
        assert '<td class="right">5</td>' in made

    def test_two_tables_have_two_names(self):
        made = html("| A |\n|--|\n| 1 |\n\nThen\n\n| B |\n|--|\n| 2 |")
        assert re.findall('aria-label="([^"]*)"', made) == ["Table 1", "Table 2"]

    def test_a_callout_without_a_title_is_named_in_the_language_of_the_text(self):
        assert '<p class="admonition-title">Warning</p>' in html("!!! warning\n    Stop.")
        assert '<p class="admonition-title">Atención</p>' in html("!!! warning\n    Para.", "es")

    def test_code_keeps_what_looks_like_a_fact(self):
        make_fact("return_days", 30)
        assert html("`{{ return_days }}`") == "<p><code>{{ return_days }}</code></p>"

    def test_the_first_paragraph_is_the_answer(self):
        rendered = render("Yes.\n\nMore.", "en")
        assert (rendered.answer, rendered.rest.strip()) == ("<p>Yes.</p>", "<p>More.</p>")
        assert render("## First\n\nText.", "en").answer == ""


class FactTests(TestCase):
    def test_a_number_is_written_as_the_language_writes_it(self):
        make_fact("price", 1299)
        assert html("{{price}} euros") == "<p>1299 euros</p>"

    def test_a_phrase_is_that_of_the_language_and_is_no_markup(self):
        make_fact("hours", phrase={"en": "9 to 6 <b>*daily*</b>", "es": "de 9 a 18"})
        assert html("Open {{ hours }}.") == "<p>Open 9 to 6 &lt;b&gt;*daily*&lt;/b&gt;.</p>"
        assert html("Abierto {{ hours }}.", "es") == "<p>Abierto de 9 a 18.</p>"

    def test_an_unknown_fact_stays_as_written_and_is_reported(self):
        rendered = render("{{ nothing }}", "en")
        assert rendered.html.strip() == "<p>{{ nothing }}</p>"
        assert rendered.missing == ("{{ nothing }}",)


class LinkTests(TestCase):
    def test_a_key_leads_to_the_article_in_the_language_of_the_text(self):
        article = make_article(key="returns")
        make_translation(article, "en", slug="how-to-return")
        make_translation(article, "es", slug="como-devolver")
        assert 'href="/es/articles/como-devolver/#s-plazo"' in html("[x](article:returns#s-plazo)", "es")
        assert 'href="/en/articles/how-to-return/"' in html("[x](article:returns)")

    def test_a_missing_translation_leads_to_the_original_and_says_so(self):
        make_translation(make_article(key="returns"), "en", slug="how-to-return")
        assert 'hreflang="en"' in html("[x](article:returns)", "es")

    def test_a_hidden_article_is_no_link(self):
        make_translation(make_article(key="returns"), published=False)
        rendered = render("See [returns](article:returns).", "en")
        assert rendered.html.strip() == '<p>See <span class="missing">returns</span>.</p>'
        assert rendered.missing == ("article:returns",)

    def test_a_link_by_reference_is_resolved_like_any_other(self):
        make_flow("lost-parcel")
        assert 'href="/en/resolve/lost-parcel/"' in html("[guide][1]\n\n[1]: flow:lost-parcel")

    def test_many_links_cost_one_query_for_each_kind(self):
        for key in "abc":
            make_translation(make_article(key=key))
        text = "[1](article:a) [2](article:b) [3](article:c) [4](flow:x) [5](flow:y)"
        with self.assertNumQueries(2):
            render(text, "en")


class PictureTests(TestCase):
    def test_ours_has_its_size_and_its_alternative_text(self):
        Image.objects.create(name="serial.png", sha256="a" * 64, extension="png", width=300, height=200)
        made = html("![The number under the stand](image:serial.png)")
        assert 'alt="The number under the stand"' in made
        assert f'src="/images/{"a" * 64}.png"' in made
        assert 'width="300" height="200"' in made or ('width="300"' in made and 'height="200"' in made)

    def test_one_that_is_decoration_says_nothing_to_who_hears_the_page(self):
        Image.objects.create(name="dots.png", sha256="a" * 64, extension="png", width=9, height=9)
        assert 'alt=""' in html("![-](image:dots.png)")
        assert 'alt="-5 °C"' in html("![-5 °C](image:dots.png)")
        assert '<span class="missing"></span>' in html("![-](image:gone.png)")

    def test_a_foreign_one_is_not_fetched(self):
        rendered = render("![cat](https://example.com/cat.png)", "en")
        assert rendered.html.strip() == '<p><span class="missing">cat</span></p>'
        assert rendered.missing == ("https://example.com/cat.png",)


class _Targets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


FORBIDDEN = {
    "script",
    "svg",
    "math",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "base",
    "meta",
    "template",
}


def dangers(html: str) -> list[str]:
    """What in the HTML could run: forbidden tags, handlers and styles, targets that are no ordinary address."""
    page = _Targets()
    page.feed(html)
    found = [tag for tag, _attributes in page.tags if tag in FORBIDDEN]
    for _tag, attributes in page.tags:
        found += [
            name for name in attributes if name.startswith("on") or name in {"style", "srcdoc", "formaction"}
        ]
        if not (attributes.get("srcset") or "/images/").startswith("/images/"):
            found.append("srcset")
        target = attributes.get("href") or attributes.get("src") or ""
        scheme = re.match(r"[\x00-\x20]*([a-z][a-z0-9+.\-]*):", target, re.IGNORECASE)
        if scheme and scheme[1].lower() not in {"http", "https", "mailto", "tel"}:
            found.append(target)
    return found


class HostileTests(TestCase):
    def test_leaves_nothing_that_could_run(self):
        for text in HOSTILE_MARKDOWN:
            with self.subTest(text=text[:60]):
                assert dangers(html(text)) == []

    def test_the_check_above_would_notice(self):
        assert dangers('<a href="javascript:alert(1)" onclick="x">') == ["onclick", "javascript:alert(1)"]
        assert dangers("<script>hit()</script>") == ["script"]
        assert dangers('<source srcset="https://example.com/x 1w">') == ["srcset"]

    def test_nests_and_grows_without_an_error(self):
        for text in (
            ">" * 5_000 + " x",
            "[" * 3_000,
            "*" * 5_000 + "x",
            "- " * 1_000 + "x",
            "# a\n" * 9_000,
            "a" * 99_999,
        ):
            with self.subTest(text=text[:5]):
                assert render(text, "en").html


class PlainTextTests(TestCase):
    def test_has_the_words_without_markup_and_with_facts(self):
        make_fact("return_days", 30)
        text = "Open **My orders**, then [this](article:x).\n\n- {{ return_days }} days\n- A & B <b>c</b>"
        assert plain_text(text, "en") == "Open My orders, then this.\n30 days\nA & B <b>c</b>"
