"""A value used in many texts: what it says now, what it says from which moment on, and what it said before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from i18nfield.strings import LazyI18nString

from .languages import current_language


class Said(NamedTuple):
    """A number, the same in every language, or a phrase by language."""

    number: Decimal | None
    phrase: dict[str, str]

    @classmethod
    def of(cls, number: Any, phrase: Any) -> Said:
        data = getattr(phrase, "data", phrase)
        texts = {settings.LANGUAGE_CODE: data} if isinstance(data, str) else dict(data or {})
        return cls(
            None if number is None else Decimal(str(number)),
            {code: words for code, words in texts.items() if words},
        )

    def words(self, language: str) -> str:
        """As texts in the language say it."""
        if self.number is None:
            return str(LazyI18nString(self.phrase).localize(language))
        decimals = 0 if self.number == self.number.to_integral_value() else 2
        with translation.override(language):
            return number_format(self.number, decimal_pos=decimals)

    @property
    def is_number(self) -> bool:
        return self.number is not None

    @property
    def is_sound(self) -> bool:
        return self.is_number != bool(self.phrase)


class PolicyFactQuerySet(models.QuerySet["PolicyFact"]):
    def at(self, moment: datetime | None = None) -> Self:
        """With what each says at the moment, else now: asked of the database once for all."""
        due = FactValue.objects.due(moment).filter(fact=OuterRef("pk")).order_by("-starts_at", "-pk")
        return self.annotate(
            due_value=Subquery(due.values("pk")[:1]),
            due_number=Subquery(due.values("number")[:1]),
            due_phrase=Subquery(due.values("phrase")[:1]),
        )


class PolicyFact(models.Model):
    """A value used in many texts, as {{ key }}: the return window is 30 days.

    Its row holds what it said when the worker last looked; `said` knows what has become due since.
    """

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", _("Lower-case letters, digits and underscores only."))],
        help_text=_("Texts use it as {{ key }}."),
    )
    number = models.DecimalField(
        _("number"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("The same in every language. Leave empty for a phrase."),
    )
    phrase = I18nCharField(
        _("phrase"), blank=True, help_text=_("Words, in each language. Leave empty for a number.")
    )

    objects = PolicyFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy fact")
        verbose_name_plural = _("policy facts")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key

    @transaction.atomic
    def save(self, *, by: Any = None, since: datetime | None = None, **kwargs: Any) -> None:
        """Saved; a value that it did not have is one more of its history, and ends what was due before."""
        before = PolicyFact.objects.filter(pk=self.pk).first() if self.pk else None
        super().save(**kwargs)
        given = Said.of(self.number, self.phrase)
        if before is None or Said.of(before.number, before.phrase) != given:
            now = timezone.now()
            self.values.due().update(settled_at=now)
            FactValue.objects.create(
                fact=self, number=given.number, phrase=given.phrase, starts_at=since or now, settled_at=now, by=by
            )
            vars(self).pop("due_value", None)

    def clean(self) -> None:
        given = Said.of(self.number, self.phrase)
        if not given.is_sound:
            raise ValidationError(_("Give either a number or a phrase."))
        refuse(self.key, given)

    @transaction.atomic
    def settle(self) -> bool:
        """The row says what has become due, and whoever listens to it is told; false where nothing has."""
        row = PolicyFact.objects.select_for_update().get(pk=self.pk)
        due = list(row.values.due().order_by("starts_at", "pk"))
        if not due:
            return False
        row.values.filter(pk__in=[value.pk for value in due]).update(settled_at=timezone.now())
        row.number, row.phrase = due[-1].number, due[-1].phrase
        models.Model.save(row)
        return True

    @property
    def said(self) -> Said:
        """What it says now."""
        if "due_value" not in vars(self):
            due = self.values.due().order_by("-starts_at", "-pk").first() if self.pk else None
            return due.said if due else Said.of(self.number, self.phrase)
        if vars(self)["due_value"] is not None:
            return Said.of(vars(self)["due_number"], vars(self)["due_phrase"])
        return Said.of(self.number, self.phrase)

    @property
    def desk_url(self) -> str:
        return reverse("admin:articles_policyfact_change", args=[self.pk])


class FactValueQuerySet(models.QuerySet["FactValue"]):
    def due(self, moment: datetime | None = None) -> Self:
        """Those whose moment has come and which the fact's own row does not say yet."""
        return self.filter(settled_at=None, starts_at__lte=moment or timezone.now())

    def planned(self) -> Self:
        """Those whose moment is to come."""
        return self.filter(settled_at=None, starts_at__gt=timezone.now())

    def past(self) -> Self:
        """What the fact says and has said, the newest first."""
        return self.exclude(pk__in=self.planned().values("pk")).order_by(
            models.F("starts_at").desc(nulls_last=True), "-pk"
        )


class FactValue(models.Model):
    """What a policy fact says from a moment on, until the next one begins."""

    fact = models.ForeignKey(
        PolicyFact, verbose_name=_("policy fact"), on_delete=models.CASCADE, related_name="values"
    )
    starts_at = models.DateTimeField(
        _("from"), null=True, help_text=_("Readers see it from this moment; nobody need press anything.")
    )  # empty: since before anybody wrote it down
    number = models.DecimalField(_("number"), max_digits=12, decimal_places=2, null=True, blank=True)
    phrase = I18nCharField(_("phrase"), blank=True)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)  # since when the fact's row knows
    made_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    by_name = models.CharField(max_length=150, blank=True, editable=False)  # outlives the person

    objects = FactValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("later value")
        verbose_name_plural = _("later values")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "starts_at"],
                condition=Q(settled_at=None),
                name="one_planned_value_per_moment",
                violation_error_message=_("Another value begins at this moment already."),
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="fact_value_due", condition=Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        words = self.said.words(current_language())
        if self.starts_at is None:
            return words
        moment = date_format(timezone.localtime(self.starts_at), "SHORT_DATETIME_FORMAT")
        return translation.gettext("%(words)s from %(moment)s") % {"words": words, "moment": moment}

    def save(self, **kwargs: Any) -> None:
        if self.by and not self.by_name:
            self.by_name = self.by.get_username()
        super().save(**kwargs)

    def clean(self) -> None:
        if self.starts_at and self.starts_at <= timezone.now():
            raise ValidationError(
                {"starts_at": _("Choose a moment to come. What holds from now on is written above.")}
            )
        if self.said.is_number != self.fact.said.is_number or not self.said.is_sound:
            raise ValidationError(_("Say what it is from then on: a number for a number, words for words."))
        refuse(self.fact.key, self.said)

    @property
    def said(self) -> Said:
        return Said.of(self.number, self.phrase)

    @property
    def who(self) -> str:
        return self.by_name or str(_("the system"))


def refuse(key: str, given: Said) -> None:
    """ValidationError with what could not go on with this value, as a flow that waits so many days."""
    reasons: list[str] = []
    for name in settings.FACT_GUARDS:
        reasons += reasons_of(name, key, given)
    if reasons:
        raise ValidationError(reasons)


def reasons_of(name: str, key: str, given: Said) -> Iterable[str]:
    found: Iterable[str] = import_string(name)(key, given)
    return found
