"""What there is to repair, for the first page of the desk: each a section, for those who may repair it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from i18nfield.strings import LazyI18nString

from articles.models import Revision, Translation
from contact import answering, desk, status
from contact.admin import STUCK
from contact.delivery import Delivery
from contact.models import ContactRequest
from contact.status import Due
from flows.models import Flow, FlowVersion
from search.models import LoggedSearch

from .startpage import SHOWN, Button, Item, Section, first

DAYS = 30
MANY_REQUESTS = 3  # in these days, above which a topic without an article is worth one
MOST_PLANNED = 200


def searches(user: Any) -> Section | None:
    """What people looked for and nothing answered; one click from becoming a keyword."""
    if not user.has_perm("search.view_loggedsearch"):
        return None
    rows, count = first(LoggedSearch.objects.since(DAYS).unanswered().by_question())
    page = "admin:search_loggedsearch_keyword"
    may_repair = user.has_perm("articles.publish_translation")
    report = reverse("admin:search_loggedsearch_changelist")
    items = []
    for row in rows:
        times = ngettext("%(count)d time", "%(count)d times", row["times"]) % {"count": row["times"]}
        asked = urlencode({"language": row["language"], "keyword": row["asked"]})
        url = f"{reverse(page)}?{asked}" if may_repair else report
        items.append(Item(row["asked"], url, f"{row['language']} · {times}"))
    return Section(
        "searches", _("Searches without an answer"), _("Every search had an answer."), items, count, all_url=report
    )


def planned(user: Any) -> Section | None:
    """What is going to be published or withdrawn, the next first; one query for texts and flows."""
    if not user.has_perm("articles.publish_translation"):
        return None
    now = timezone.now()
    texts, flows = Translation.objects.order_by(), Flow.objects.order_by()
    versions = FlowVersion.objects.scheduled().order_by()
    columns = [
        _plan(texts.filter(published_at__gt=now), "text", "show", "pk", "title", "published_at"),
        _plan(texts.filter(withdrawn_at__gt=now), "text", "hide", "pk", "title", "withdrawn_at"),
        _plan(Revision.objects.scheduled().order_by(), "text", "show", "translation", "title", "apply_at"),
        _plan(flows.filter(withdrawn_at__gt=now), "flow", "hide", "pk", "title", "withdrawn_at"),
        _plan(versions, "flow", "show", "flow", "flow__title", "apply_at"),
    ]
    rows = list(columns[0].union(*columns[1:], all=True).order_by("the_moment", "the_subject")[: MOST_PLANNED + 1])
    words = {"show": _("published on %(moment)s"), "hide": _("withdrawn on %(moment)s")}
    items = []
    for kind, what, subject, label, moment in rows[:SHOWN]:
        page = "admin:flows_work" if kind == "flow" else "admin:articles_text"
        title = str(LazyI18nString(label)) if kind == "flow" else label
        said = words[what] % {"moment": date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")}
        items.append(Item(title, reverse(page, args=[subject]), said))
    return Section(
        "planned",
        _("Planned"),
        _("Nothing is planned."),
        items,
        min(len(rows), MOST_PLANNED),
        is_more=len(rows) > MOST_PLANNED,
        all_url=reverse("admin:articles_calendar"),
    )


def requests(user: Any) -> Section | None:
    """What waits for an answer, in the order in which it is due."""
    if not user.has_perm(answering.MAY_ANSWER):
        return None
    light = ContactRequest.objects.filter(answered_at=None).select_related("topic")
    light = light.only("topic", "topic_name", "reference", "promise", "answered_at", "name", "email")
    rows, count = first(light.order_by("promise", "created_at"))
    items = [
        Item(
            row.topic_title,
            desk.address_of(row),
            " · ".join([desk.promised(row, date_format(row.promise, "SHORT_DATE_FORMAT")), row.name or row.email]),
        )
        for row in rows
    ]
    return Section(
        "requests",
        _("Requests to answer"),
        _("Every request is answered."),
        items,
        count,
        all_url=reverse("admin:contact_contactrequest_changelist"),
        is_urgent=bool(rows) and status.due(rows[0]) in (Due.OVERDUE, Due.TODAY),
    )


def deliveries(user: Any) -> Section | None:
    """Mails that were given up; one button sends each again."""
    if not user.has_perm("contact.change_delivery"):
        return None
    light = Delivery.objects.stuck().defer("body", "html", "facts", "headers")
    rows, count = first(light.order_by("-created_at", "-pk"))
    page = reverse("admin:contact_delivery_changelist")
    items = [
        Item(
            row.subject,
            reverse("admin:contact_delivery_change", args=[row.pk]),
            f"{row.recipient} · {row.state.label} · {row.last_error[:80]}",
            button=Button(
                _("Send again"), page, {"action": "send_again", "_selected_action": str(row.pk), "index": "0"}
            ),
        )
        for row in rows
    ]
    url = f"{page}?{urlencode({'state': STUCK})}"
    return Section(
        "deliveries",
        _("Mails that did not leave"),
        _("No mail is stuck."),
        items,
        count,
        all_url=url,
        is_urgent=True,
    )


def topics(user: Any) -> Section | None:
    """Topics that many write about, in whose category readers find no article; one click from writing it."""
    if not user.has_perm("articles.add_article"):
        return None
    own = Q(article__category=OuterRef("topic__category"))
    below = Q(article__category__parent=OuterRef("topic__category"))
    readable = Translation.objects.published().filter(own | below)
    since = timezone.now() - timedelta(days=DAYS)
    grouped = (
        ContactRequest.objects.filter(~Exists(readable), created_at__gt=since, topic__isnull=False)
        .order_by()
        .values("topic", category=F("topic__category"), label=F("topic__name"))
        .annotate(times=Count("pk"))
        .filter(times__gte=MANY_REQUESTS)
        .order_by("-times", "topic")
    )
    rows, count = first(grouped)
    add = reverse("admin:articles_article_add")
    items = [
        Item(
            str(row["label"]),
            f"{add}?{urlencode({'category': row['category']})}",
            ngettext("%(count)d request", "%(count)d requests", row["times"]) % {"count": row["times"]},
        )
        for row in rows
    ]
    return Section(
        "topics", _("Much asked, and no article"), _("What people write about has articles."), items, count
    )


def _plan(rows: QuerySet[Any], kind: str, what: str, subject: str, label: str, moment: str) -> QuerySet[Any, Any]:
    words = {"kind": Value(kind, output_field=CharField()), "what": Value(what, output_field=CharField())}
    named = words | {"subject": F(subject), "label": F(label), "moment": F(moment)}
    return rows.annotate(**{f"the_{name}": value for name, value in named.items()}).values_list(
        *(f"the_{name}" for name in named)
    )
