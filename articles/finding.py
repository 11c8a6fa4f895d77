"""Finding among many articles at the desk: by words, state, language, owner, category, and what is outdated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.admin import SimpleListFilter
from django.contrib.auth import get_user_model
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .folded import FoldedText
from .models import Article, Category, Revision, Translation
from .numbers import whole
from .stages import Significance

MISSING = "-"  # before a language: the article has no text in it
MINE, NOBODY = "me", "nobody"
SOON = timedelta(days=60)


def saying(articles: QuerySet[Article], question: str) -> QuerySet[Article]:
    """Those of which a text says all the words, or whose key does; accents and capitals do not matter."""
    if not question.strip():
        return articles
    texts = FoldedText.objects.saying(question).filter(translation__article=OuterRef("pk"))
    return articles.filter(Q(key__icontains=question.strip()) | Q(Exists(texts)))


def _withdrawn() -> Q:
    return Q(withdrawn_at__lte=timezone.now())


def _draft() -> Q:
    return Q(published_at=None)


def _live() -> Q:
    return Q(published_at__lte=timezone.now()) & ~_withdrawn()


def _waits() -> Q:
    """Somebody has written a newer one than readers see, or will."""
    newer = Revision.objects.unapplied().filter(translation=OuterRef("pk"), number__gt=OuterRef("applied__number"))
    return Q(Exists(newer)) & Q(published_at__isnull=False) & ~_withdrawn()


def _scheduled() -> Q:
    planned = Revision.objects.scheduled().filter(translation=OuterRef("pk"))
    return (Q(published_at__gt=timezone.now()) & ~_withdrawn()) | Q(Exists(planned))


def _leaving() -> Q:
    return Q(withdrawn_at__gt=timezone.now())


def _outdated() -> Q:
    return Q(stale_since__isnull=False)


def _behind() -> Q:
    """The source that readers see has changed, by more than a typo, since the text was made from it."""
    made_from = Coalesce(OuterRef("applied__made_from__translation"), Value(0), output_field=BigIntegerField())
    changed = Revision.objects.filter(
        translation__article=OuterRef("article"),
        translation__language=OuterRef("article__source_language"),
        discarded_at=None,
        significance__in=[Significance.MINOR, Significance.MAJOR],
        number__lte=F("translation__applied__number"),
    )
    newer = Q(translation_id=made_from, number__gt=OuterRef("applied__made_from__number"))
    changed = changed.filter(newer | ~Q(translation_id=made_from))
    return Q(Exists(changed)) & ~Q(language=F("article__source_language"))


STATES: dict[str, tuple[Any, Callable[[], Q]]] = {
    "draft": (_("draft only"), _draft),
    "live": (_("readers see it"), _live),
    "waits": (_("a newer one waits"), _waits),
    "scheduled": (_("scheduled"), _scheduled),
    "leaving": (_("going to be withdrawn"), _leaving),
    "withdrawn": (_("withdrawn"), _withdrawn),
}
STALE: dict[str, tuple[Any, Callable[[], Q]]] = {
    "outdated": (_("outdated: readers are told"), _outdated),
    "behind": (_("behind its source"), _behind),
}


def _state(value: str) -> Q | None:
    return STATES[value][1]() if value in STATES else None


def _stale(value: str) -> Q | None:
    return STALE[value][1]() if value in STALE else None


def _written(value: str) -> Q | None:
    return Q(language=value) if value in dict(settings.LANGUAGES) else None


# What the filters ask of a text, by their names in the address.
OF_TEXTS: dict[str, Callable[[str], Q | None]] = {"state": _state, "language": _written, "stale": _stale}


def conditions(chosen: QueryDict) -> dict[str, Q]:
    """What is asked of a text.  One and the same must answer all of it: drafts in Spanish are Spanish drafts."""
    asked = {name: condition(chosen.get(name, "")) for name, condition in OF_TEXTS.items()}
    return {name: found for name, found in asked.items() if found is not None}


class TextFilter(SimpleListFilter):
    """A filter by what a text is; the first of those that are chosen asks for all of them at once."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        asked = conditions(request.GET)
        if self.parameter_name != next(iter(asked), None):
            return queryset
        texts = Translation.objects.filter(*asked.values(), article=OuterRef("pk"))
        return queryset.filter(Exists(texts))


class StateFilter(TextFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, words) for value, (words, _condition) in STATES.items()]


class StaleFilter(TextFilter):
    title = _("translation")
    parameter_name = "stale"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, words) for value, (words, _condition) in STALE.items()]


class LanguageFilter(TextFilter):
    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        written = [(code, _("written in %(language)s") % {"language": name}) for code, name in settings.LANGUAGES]
        missing = [
            (f"{MISSING}{code}", _("missing in %(language)s") % {"language": name})
            for code, name in settings.LANGUAGES
        ]
        return [*written, *missing]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        sign, language = (self.value() or "")[:1], (self.value() or "")[1:]
        if sign == MISSING and language in dict(settings.LANGUAGES):
            return queryset.filter(~Exists(Translation.objects.filter(article=OuterRef("pk"), language=language)))
        return super().queryset(request, queryset)


class CheckFilter(SimpleListFilter):
    """By the day on which somebody looks at it again."""

    title = _("check")
    parameter_name = "check"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", _("due now")), ("soon", _("due within 60 days")), ("never", _("never due"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        today = timezone.localdate()
        chosen = {
            "due": Q(check_by__lte=today),
            "soon": Q(check_by__gt=today, check_by__lte=today + SOON),
            "never": Q(check_by=None),
        }
        return queryset.filter(chosen.get(self.value() or "", Q()))


class OwnerFilter(SimpleListFilter):
    title = _("owner")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Me, nobody, and each of the others who keeps an article true."""
        owning = Article.objects.filter(owner=OuterRef("pk"))
        owners = get_user_model().objects.filter(Exists(owning))
        others = [one for one in owners.order_by("username") if one != request.user]
        named = [(str(one.pk), one.get_username()) for one in others]
        return [(MINE, _("me")), (NOBODY, _("nobody")), *named]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        value = self.value() or ""
        if value == NOBODY:
            return queryset.filter(owner=None)
        owner = request.user.pk if value == MINE else whole(value)
        return queryset if owner is None else queryset.filter(owner=owner)


class CategoryFilter(SimpleListFilter):
    """A category holds what stands in those below it, as on its page."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(one.pk), one.path) for one in in_tree_order()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        value = whole(self.value() or "")
        if value is None:
            return queryset
        return queryset.filter(Q(category=value) | Q(category__parent=value))


def in_tree_order() -> list[Category]:
    """All categories, each followed by those below it."""
    found = list(Category.objects.select_related("parent"))
    place = {one.pk: number for number, one in enumerate(found)}
    return sorted(found, key=lambda one: [place[upper.pk] for upper in one.line()])
