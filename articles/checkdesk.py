"""The checks as the desk shows them: the box with its links to the places, and what a save says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .findings import Finding, Text
from .inspecting import Blocked, Report, inspect, text_of
from .models import Revision, Translation
from .revision import label_of
from .staleness import translate_url

FIELDS = ("title", "summary", "body", "keywords")


@dataclass(frozen=True)
class Row:
    """A finding with the link to its place."""

    words: str
    place: str  # what the link says: the field, and the line
    line: int | None
    url: str


@dataclass(frozen=True)
class Box:
    """What the box of a text's checks shows."""

    report: Report
    language: str
    blocking: list[Row]
    advising: list[Row]


def box(report: Report, form_url: str = "") -> Box:
    """The box; its links lead into the form at that address, or, without one, into the form of the same page."""
    rows = [[_row(found, report.text, form_url) for found in some] for some in (report.blocking, report.advising)]
    return Box(report, report.text.language, *rows)


def _row(found: Finding, text: Text, form_url: str) -> Row:
    label = label_of(found.field)
    place = _("%(field)s, line %(line)s") % {"field": label, "line": found.line} if found.line else label
    url = _address(form_url, text.language, found.field, found.line)
    return Row(found.words, place[:1].upper() + place[1:], found.line, url)


def _address(form_url: str, language: str, field: str, line: int | None) -> str:
    query = f"?line={line}" if form_url and line else ""
    return f"{form_url}{query}#at-{language}-{field}"


def box_of(translation: Translation, newest: Revision | None, user: Any) -> Box | None:
    """The box on the text's own page; None for a text that says nothing yet."""
    if newest is None:
        return None
    return box(inspect([text_of(newest)])[0], form_url(translation, user))


def form_url(translation: Translation, user: Any) -> str:
    """Where this person can mend it: translators beside the source."""
    if user.has_perm("articles.change_translation") or translation.is_source:
        return reverse("admin:articles_article_change", args=[translation.article_id])
    return translate_url(translation.article, translation.language)


def place_url(translation: Translation, field: str, line: int | None, user: Any) -> str:
    """The link to a line of a field in the form where this person can mend it."""
    return _address(form_url(translation, user), translation.language, field, line)


class ChecksMixin:
    """The article's form shows the checks of each language, and comes back after its buttons of one language.

    Where a publication was stopped one mends it there; where it was not, the message links to what readers see.
    """

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        forms = [form for inline in context["inline_admin_formsets"] for form in inline.formset.forms]
        written = [(form, text) for form in forms if (text := _written_in(form, context.get("original")))]
        for (form, _text), report in zip(written, inspect([text for _form, text in written]), strict=True):
            form.checks = box(report)
        rendered: HttpResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        return rendered

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        # Without Django's message: ours have said what was saved, and what became of it.
        return _back_to_form(request, obj) or super().response_add(request, obj, *args, **kwargs)  # type: ignore[misc]

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return _back_to_form(request, obj) or super().response_change(request, obj)  # type: ignore[misc]


def _written_in(form: Any, article: Any) -> Text | None:
    """What the form says: what is being typed where it came back unsaved, else what was written last."""
    newest = getattr(form, "newest", None)
    if newest is None or article is None or not set(FIELDS) <= set(form.fields):  # who may only look has none
        return None
    said = {name: str(form[name].value() or "").replace("\r\n", "\n") for name in FIELDS}
    return Text(key=article.key, language=newest.translation.language, **said)


def say_what_stops(request: HttpRequest, saved: Translation, error: Blocked) -> None:
    """The findings that stop it, each with the link to its place; the form is shown again."""
    request.stopped_by_checks = True  # type: ignore[attr-defined]
    rows = box(error.report, form_url(saved, request.user)).blocking
    words = format_html(_("“{}” is saved and not published. First mend this:"), _title(saved))
    messages.error(request, format_html("{} {}", words, _list(rows)))


def say_what_was_found(request: HttpRequest, saved: Translation) -> None:
    """After a save: how much the checks found, with the link to it; nothing where there is nothing."""
    newest = saved.newest
    report = inspect([text_of(newest)])[0] if newest else None
    if report is None or not (report.blocking or report.advising):
        return
    address = f"{form_url(saved, request.user)}#checks-{saved.language}"
    words = format_html(
        '{}: <a href="{}">{}</a>.',
        _("Checks of “%(title)s”") % {"title": _title(saved)},
        address,
        report.counts,
    )
    say = messages.warning if report.blocking else messages.info
    say(request, words)


def _title(saved: Translation) -> str:
    newest = saved.newest
    return newest.title if newest else saved.title


def _list(rows: list[Row]) -> SafeString:
    # No list: the admin's own style makes every item within a message a message.
    given = ((row.url, row.place, row.words) for row in rows)
    return format_html_join("", '<div class="stop"><a href="{}">{}</a>: {}</div>', given)


def _back_to_form(request: HttpRequest, article: Any) -> HttpResponse | None:
    is_of_one_language = not {"_publish", "_submit"}.isdisjoint(request.POST)
    if IS_POPUP_VAR in request.POST or not is_of_one_language:
        return None
    return redirect("admin:articles_article_change", article.pk)
