"""The agents' desk: requests and deliveries to read; what did not leave can be sent again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from flows.clock import site_time

from . import answerdesk, callsheet, desk, finding, status, words
from . import channeldesk as channeldesk
from .answerdesk import PromiseFilter
from .attachment import Attachment
from .delivery import Delivery, DeliveryQuerySet, State
from .file_views import download, sandboxed
from .models import ContactRequest, Refusal
from .status import Due
from .thumbnails import thumbnail

STUCK = "stuck"


class WrittenOnce:
    """What came from a customer is not rewritten."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ChannelFilter(admin.SimpleListFilter):
    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("email", _("E-mail")), ("callback", _("Call"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ContactRequest]) -> QuerySet[ContactRequest]:
        chosen = {"email": True, "callback": False}.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(callback_at__isnull=chosen)


@admin.register(ContactRequest)
class ContactRequestAdmin(WrittenOnce, admin.ModelAdmin):
    list_display = ["reference", "promised", "about", "customer", "mails"]
    list_select_related = ["topic"]
    list_filter = [PromiseFilter, ("topic", admin.RelatedOnlyFieldListFilter), ChannelFilter, "language"]
    search_fields = ["reference", "email"]
    list_per_page = 50
    actions = ["mark_answered", "undo_answered"]
    fields = ["reference"]  # the page is drawn by its template

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        sent = self.get_object(request, object_id)
        context = desk.page(sent) if sent else {}
        context["may_answer"] = answerdesk.may_answer(request)
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Contact requests")} | (extra_context or {}))

    def has_answer_permission(self, request: HttpRequest) -> bool:
        return answerdesk.may_answer(request)

    @admin.action(description=_("Mark as answered"), permissions=["answer"])
    def mark_answered(self, request: HttpRequest, queryset: QuerySet[ContactRequest]) -> None:
        answerdesk.mark(request, queryset)

    @admin.action(description=_("Not answered after all"), permissions=["answer"])
    def undo_answered(self, request: HttpRequest, queryset: QuerySet[ContactRequest]) -> None:
        answerdesk.undo(request, queryset)

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return answerdesk.order(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactRequest]:
        # What a mail says, in three forms, is not read for a list.
        mails = Delivery.objects.defer("body", "html", "facts", "headers")
        return super().get_queryset(request).prefetch_related(Prefetch("deliveries", mails))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ContactRequest], search_term: str
    ) -> tuple[QuerySet[ContactRequest], bool]:
        """By reference and address; by number, telephone and name too, however they are typed."""
        term = search_term.strip()
        found, may_repeat = super().get_search_results(request, queryset, term)
        if not term:
            return found, may_repeat
        return queryset.filter(Q(pk__in=found.values("pk")) | finding.meant(term)), may_repeat

    @admin.display(description=_("promise"), ordering="promise")
    def promised(self, sent: ContactRequest) -> SafeString | str:
        if sent.answered_at:
            day = date_format(site_time(sent.answered_at).date(), "SHORT_DATE_FORMAT")
            return gettext("answered: %(day)s") % {"day": day}
        said = desk.promised(sent, date_format(sent.promise, "SHORT_DATE_FORMAT"))
        return format_html("<strong>{}</strong>", said) if status.due(sent) == Due.OVERDUE else said

    @admin.display(description=_("topic"), ordering="topic__position")
    def about(self, sent: ContactRequest) -> str:
        """Whatever tells requests apart without opening them: topic, what is asked for, and the call."""
        lines = [(line,) for line in (sent.remedy, _call(sent)) if line]
        below = format_html_join("", '<div class="quiet">{}</div>', lines)
        return format_html("{}{}", sent.topic_title, below)

    @admin.display(description=_("customer"), ordering="email")
    def customer(self, sent: ContactRequest) -> str:
        known = " · ".join(filter(None, [sent.name, str(sent.get_language_display())]))
        return format_html('{}<div class="quiet">{}</div>', sent.email, known)

    @admin.display(description=_("mails"))
    def mails(self, sent: ContactRequest) -> str:
        """What has not left is seen without opening the request."""
        ends = {
            (str(_("customer") if delivery.mailbox else _("support")), delivery.state.short)
            for delivery in sent.deliveries.all()
            if delivery.state != State.DELIVERED
        }
        return ", ".join(f"{end}: {state}" for end, state in sorted(ends)) or str(State.DELIVERED.label)

    def get_urls(self) -> list[Any]:
        place = "<uuid:request_pk>/files/<uuid:pk>/"
        own = [
            path(place, self.file_view, name="contact_file"),
            path(f"{place}thumbnail/", self.thumbnail_view, name="contact_thumbnail"),
        ]
        return [*own, *answerdesk.urls(self.admin_site), *callsheet.urls(self.admin_site), *super().get_urls()]

    def file_view(self, request: HttpRequest, request_pk: UUID, pk: UUID) -> HttpResponseBase:
        return download(self._file(request, request_pk, pk))

    def thumbnail_view(self, request: HttpRequest, request_pk: UUID, pk: UUID) -> HttpResponseBase:
        found = self._file(request, request_pk, pk)
        if not found.is_image or found.is_withheld:
            raise Http404
        try:
            small = thumbnail(found)
        except OSError:  # its bytes are gone; the page says what there was
            raise Http404 from None
        return sandboxed(HttpResponse(small, content_type="image/jpeg"))

    def _file(self, request: HttpRequest, request_pk: UUID, pk: UUID) -> Attachment:
        """404, and no way to log in, for whoever may not read requests."""
        is_staff = request.user.is_active and request.user.is_staff
        if request.method not in ("GET", "HEAD") or not is_staff or not self.has_view_permission(request):
            raise Http404
        return get_object_or_404(Attachment, request=request_pk, pk=pk)


def _call(sent: ContactRequest) -> str:
    """The call in as few words as a list has room for: 27 Nov 2026, 11:00–13:00."""
    if sent.callback_at is None:
        return ""
    day = date_format(site_time(sent.callback_at).date(), "SHORT_DATE_FORMAT")
    return gettext("Call: %(window)s") % {"window": f"{day}, {words.call_times(sent)}"}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*State.choices, (STUCK, _("failed or quarantined"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        state = self.value()
        if state == STUCK:
            return Delivery.objects.stuck() & queryset
        return Delivery.objects.in_state(state) & queryset if state in State.values else queryset


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    list_display = ["subject", "recipient", "fate", "age", "attempts", "due_at", "last_error"]
    list_filter = [StateFilter, "kind"]
    search_fields = ["recipient", "subject", "message_id"]
    list_per_page = 50
    actions = ["send_again", "release"]
    fields = [
        "subject",
        "recipient",
        "fate",
        "attempts",
        "last_error",
        "created_at",
        "due_at",
        "leased_until",
        "give_up_at",
        "delivered_at",
        "failed_at",
        "quarantined_at",
        "suppressed_at",
        "message_id",
        "request",
        "body",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """Nobody edits a delivery; who may change deliveries may have them sent again."""
        return obj is None and super().has_change_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Delivery | None = None) -> list[Any]:
        return list(self.fields)

    @admin.display(description=_("state"))
    def fate(self, delivery: Delivery) -> str:
        return str(delivery.state.label)

    @admin.display(description=_("age"), ordering="-created_at")
    def age(self, delivery: Delivery) -> str:
        return timesince(delivery.created_at)

    @admin.action(description=_("Send again those that have not been delivered"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: DeliveryQuerySet) -> None:
        count = queryset.send_again()
        words = ngettext("%(count)d delivery is sent again.", "%(count)d deliveries are sent again.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS)

    @admin.action(description=_("Release those that a worker holds which has died"), permissions=["change"])
    def release(self, request: HttpRequest, queryset: DeliveryQuerySet) -> None:
        count = queryset.release()
        words = ngettext("%(count)d delivery is released.", "%(count)d deliveries are released.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS)


@admin.register(Refusal)
class RefusalAdmin(WrittenOnce, admin.ModelAdmin):
    list_display = ["day", "reason", "count"]
    list_display_links = None
    list_filter = ["reason"]
    date_hierarchy = "day"

    def has_delete_permission(self, request: HttpRequest, obj: Refusal | None = None) -> bool:
        return False
