"""The agents' desk: requests and deliveries to read; what did not leave can be sent again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import callsheet
from . import channeldesk as channeldesk
from .delivery import Delivery, DeliveryQuerySet, State
from .models import ContactRequest, LaterVersion, Refusal
from .reference import as_written
from .words import call


class WrittenOnce:
    """What came from a customer is not rewritten."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DeliveryInline(WrittenOnce, admin.TabularInline):
    model = Delivery
    fields = ["recipient", "fate", "delivered_at", "attempts", "last_error"]
    readonly_fields = ["fate"]
    can_delete = False
    show_change_link = True
    extra = 0

    @admin.display(description=_("state"))
    def fate(self, delivery: Delivery) -> str:
        return str(delivery.state.label)


class LaterVersionInline(WrittenOnce, admin.StackedInline):
    model = LaterVersion
    fields = ["created_at", "words"]
    readonly_fields = ["words"]
    can_delete = False
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is part of the request: who may read that reads all of it."""
        return request.user.has_perm("contact.view_contactrequest")

    @admin.display(description=_("what was sent"))
    def words(self, version: LaterVersion) -> SafeString:
        return as_list((row["label"], row["value"]) for row in version.content)


@admin.register(ContactRequest)
class ContactRequestAdmin(WrittenOnce, admin.ModelAdmin):
    list_display = ["reference", "topic_name", "email", "created_at", "promise", "mails"]
    list_filter = [("topic", admin.RelatedOnlyFieldListFilter), "language"]
    search_fields = ["reference", "email"]
    list_per_page = 50
    inlines = [LaterVersionInline, DeliveryInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "reference",
                    "topic_name",
                    "worded",
                    "message",
                    "remedy",
                    "detail_list",
                    "promise",
                    "call",
                ]
            },
        ),
        (
            _("What was done before"),
            {"fields": ["tried", "flow_title", "trail", "article_title", "search_words"]},
        ),
        (_("Customer"), {"fields": ["name", "email", "language", "created_at"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        return [*callsheet.urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactRequest]:
        return super().get_queryset(request).prefetch_related("deliveries")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ContactRequest], search_term: str
    ) -> tuple[QuerySet[ContactRequest], bool]:
        return super().get_search_results(request, queryset, as_written(search_term.strip()))

    @admin.display(description=_("mails"))
    def mails(self, sent: ContactRequest) -> SafeString:
        """Whether they have left, to whom: what has not is seen without opening the request."""
        ends = {
            (_("customer") if delivery.mailbox else _("support"), delivery.state.label)
            for delivery in sent.deliveries.all()
        }
        return format_html_join(", ", "{}: {}", sorted(ends))

    @admin.display(description=_("call"))
    def call(self, sent: ContactRequest) -> str:
        return call(sent)

    @admin.display(description=_("details"))
    def detail_list(self, sent: ContactRequest) -> SafeString:
        return as_list((detail["label"], detail["value"]) for detail in sent.details)


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        state = self.value()
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


def as_list(lines: Iterable[tuple[str, str]]) -> SafeString:
    return format_html_join("", "<p><strong>{}:</strong> {}</p>", ((label, text or "–") for label, text in lines))
