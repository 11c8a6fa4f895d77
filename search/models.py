"""What changed in the content, what editors teach the search, and what people looked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Translation, languages
from flows.models import Flow

from .analysis import MAX_QUESTION, asked_words

KEPT = timedelta(days=7)


class IndexChangeQuerySet(models.QuerySet["IndexChange"]):
    def after(self, pk: int) -> Self:
        return self.filter(pk__gt=pk).order_by("pk")

    def old(self) -> Self:
        """Those that an index which has not seen them no longer needs: it compares itself as a whole."""
        return self.filter(changed_at__lt=timezone.now() - KEPT)

    def newest(self) -> int:
        """The number of the last change; 0 before the first one."""
        return self.aggregate(newest=models.Max("pk"))["newest"] or 0


class IndexChange(models.Model):
    """Something that search may show was saved or deleted.  Append-only."""

    label = models.CharField(_("model"), max_length=100)
    object_pk = models.BigIntegerField(_("number of the object"))
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)

    objects = IndexChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("index change")
        verbose_name_plural = _("index changes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.label} {self.object_pk}"


class RelatedTranslationQuerySet(models.QuerySet["RelatedTranslation"]):
    def visible(self) -> list[Translation]:
        """The related texts that readers may see, the nearest first."""
        shown = self.filter(other__in=Translation.objects.published()).select_related("other")
        return [row.other for row in shown.order_by("position")]


class RelatedTranslation(models.Model):
    """A text that says much of what another one says; the search's worker keeps these rows."""

    translation = models.ForeignKey(Translation, on_delete=models.CASCADE, related_name="related")
    other = models.ForeignKey(Translation, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    is_derived = True

    objects = RelatedTranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("related text")
        verbose_name_plural = _("related texts")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["translation", "other"], name="related_once")]

    def __str__(self) -> str:
        return f"{self.translation_id} → {self.other_id}"


class Synonym(models.Model):
    """Words that mean the same in one language: who asks with one of them finds the others, too."""

    MOST_LINES, LONGEST = 20, 60

    language = models.CharField(_("language"), max_length=12, choices=languages)
    words = models.TextField(
        _("words"),
        help_text=_(
            "Words or short phrases that mean the same, one per line: “parcel”, “package”. "
            "Whoever searches for one finds texts with the others. It works at once."
        ),
    )

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["language", "words"]

    def __str__(self) -> str:
        return " = ".join(self.entries)

    @property
    def entries(self) -> list[str]:
        return [line.strip() for line in self.words.splitlines() if line.strip()]

    def clean(self) -> None:
        entries = list(dict.fromkeys(self.entries))
        if len(entries) < 2:
            raise ValidationError({"words": _("Write at least two lines: words that mean the same.")})
        if len(entries) > self.MOST_LINES:
            raise ValidationError({"words": _("Write at most 20 lines; make two synonyms of more.")})
        for entry in entries:
            if len(entry) > self.LONGEST or not asked_words(entry):
                said = gettext("“%(entry)s” is no word or short phrase: use letters or digits, 60 at most.")
                raise ValidationError({"words": said % {"entry": entry[: self.LONGEST]}})
        self.words = "\n".join(entries)


class SearchCase(models.Model):
    """A question with the article or flow that must be among its first results."""

    FIRST = 5

    language = models.CharField(_("language"), max_length=12, choices=languages)
    question = models.CharField(
        _("question"), max_length=MAX_QUESTION, help_text=_("What somebody types into the search box.")
    )
    article = models.ForeignKey(
        Article,
        verbose_name=_("article"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="search_cases",
        help_text=_("It must be among the first five results. Leave empty for a flow."),
    )
    flow = models.ForeignKey(
        Flow,
        verbose_name=_("flow"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="search_cases",
        help_text=_("It must be among the first five results. Leave empty for an article."),
    )

    class Meta:
        verbose_name = _("search case")
        verbose_name_plural = _("search cases")
        ordering = ["language", "question"]
        constraints = [
            models.UniqueConstraint(fields=["language", "question"], name="one_search_case_per_question"),
            models.CheckConstraint(
                condition=Q(article=None, flow__isnull=False) | Q(article__isnull=False, flow=None),
                name="search_case_expects_one",
                violation_error_message=_("Choose either an article or a flow."),
            ),
        ]

    def __str__(self) -> str:
        return self.question


class LoggedSearchQuerySet(models.QuerySet["LoggedSearch"]):
    def since(self, days: int) -> Self:
        return self.filter(asked_at__gt=timezone.now() - timedelta(days=days))

    def by_question(self) -> models.QuerySet[LoggedSearch, dict[str, object]]:
        """A row for each question in each language, however it was capitalised; the most frequent first."""
        return (
            self.values("language", "asked")
            .annotate(
                times=Count("pk"),
                opened_count=Count("pk", filter=~Q(opened="")),
                results=Max("result_count"),
                answered_count=Count("pk", filter=Q(is_answered=True)),
                newest=Max("asked_at"),
            )
            .order_by("-times", "-newest", "asked")
        )

    def unopened(self) -> models.QuerySet[LoggedSearch, dict[str, object]]:
        """Questions with answers that nobody opened."""
        never = Q(opened_count=0) & Q(answered_count__gt=0)
        return self.by_question().filter(never)

    def unanswered(self) -> Self:
        return self.filter(is_answered=False)

    def over(self) -> Self:
        """Those that are only kept as counts from now on."""
        return self.filter(asked_at__lt=timezone.now() - timedelta(days=settings.SEARCH_LOG_DAYS))


class LoggedSearch(models.Model):
    """A question that somebody asked, without anything about who asked it; what looks personal is masked."""

    asked = models.CharField(_("question"), max_length=MAX_QUESTION)
    language = models.CharField(_("language"), max_length=12, choices=languages)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, db_index=True)
    result_count = models.PositiveIntegerField(_("results"))
    is_answered = models.BooleanField(_("answered"), help_text=_("Whether a result matched well."))
    is_corrected = models.BooleanField(_("corrected"), default=False)
    opened = models.CharField(_("opened result"), max_length=60, blank=True)

    objects = LoggedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return self.asked


class SearchCountQuerySet(models.QuerySet["SearchCount"]):
    def add(self, day: object, language: str, **counts: int) -> None:
        row, _created = self.get_or_create(day=day, language=language)
        self.filter(pk=row.pk).update(**{name: F(name) + count for name, count in counts.items()})


class SearchCount(models.Model):
    """How many searches there were on a day, when the searches themselves are no longer kept."""

    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=12, choices=languages)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    unanswered = models.PositiveIntegerField(_("without an answer"), default=0)
    corrected = models.PositiveIntegerField(_("corrected"), default=0)
    opened = models.PositiveIntegerField(_("with an opened result"), default=0)

    objects = SearchCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("searches of a day")
        verbose_name_plural = _("searches by day")
        ordering = ["-day", "language"]
        constraints = [models.UniqueConstraint(fields=["day", "language"], name="one_search_count_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.language}"
