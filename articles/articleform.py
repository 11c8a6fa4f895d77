"""The form of an article with those of its languages, on one page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Case, F, QuerySet, When
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext

from . import newarticle
from .consequences import CarefulForm, Consequence, of_moving, refuse_renaming
from .languages import current_language
from .models import Article, Translation
from .textform import TranslationForm
from .uses import Kind


def own_first() -> list[str]:
    """The site's languages, that of who writes before the others."""
    return sorted(dict(settings.LANGUAGES), key=lambda code: code != current_language())


class TranslationInline(admin.StackedInline):
    model = Translation
    form = TranslationForm
    template = "admin/articles/article/_translations.html"
    extra = 0
    view_on_site = False

    def get_extra(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> int:
        """An empty form for every language that is missing."""
        return len(settings.LANGUAGES) - (obj.translations.count() if obj else 0)

    def get_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Who may only look sees the text's own fields; what a change is about is for who makes one."""
        if request.user.has_perm("articles.change_translation"):
            return super().get_fields(request, obj)
        return [*TranslationForm.Meta.fields, "published_at", "withdrawn_at"]

    def get_formset(
        self, request: HttpRequest, obj: Article | None = None, **kwargs: Any
    ) -> type[BaseInlineFormSet]:
        kwargs["form"] = type("TranslationForm", (TranslationForm,), {"by": request.user})
        written = set(obj.translations.values_list("language", flat=True)) if obj else set()
        missing = [code for code in own_first() if code not in written]

        class Formset(super().get_formset(request, obj, **kwargs)):  # type: ignore[misc]
            def __init__(self, data: Any = None, *args: Any, **given: Any) -> None:
                # What was typed under another language's page keeps the order that it had there.
                posted = newarticle.languages_in(data or {})
                order = sorted(missing, key=lambda code: posted.get(code, len(posted)))
                given["initial"] = [{"language": code} for code in order]
                super().__init__(data, *args, **given)

            def add_fields(self, form: Any, index: int | None) -> None:
                super().add_fields(form, index)
                if box := form.fields.get("DELETE"):
                    box.label = gettext("Delete this language")
                    box.help_text = gettext(
                        "With its history, when you save. To take it from readers, withdraw it."
                    )

        return Formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Translation]:
        """The language that it is written in stands first."""
        is_source = Case(When(language=F("article__source_language"), then=0), default=1)
        return super().get_queryset(request).order_by(is_source, "language")


class ArticleForm(CarefulForm):
    class Meta:
        model = Article
        fields = ["key", "category", "position", "is_featured", "source_language", "owner", "check_by"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("source_language"):
            field.required = field.show_hidden_initial = False
        if self.instance.pk is None and (field := self.fields.get("key")):
            field.required = False
            field.help_text = gettext("Links use it; it never shows. Left empty, it is made from the title.")

    def clean_key(self) -> str:
        """Left empty for a new article, it is made from what the article is called."""
        key = self.cleaned_data["key"]
        if self.instance.pk is None:
            return key or newarticle.key_from(newarticle.titles_in(self.data, self.instance.source_language))
        refuse_renaming(Kind.ARTICLE, self.initial.get("key", ""), key)
        return key

    def what_follows(self, cleaned: dict[str, Any]) -> list[Consequence]:
        stored = Article.objects.select_related("category").get(pk=self.instance.pk)
        return of_moving(stored, cleaned.get("category"))

    def clean_source_language(self) -> str:
        """Where nothing is chosen it stays what it is; a new article is written in the language that it has."""
        chosen = self.cleaned_data["source_language"] or self.instance.source_language
        if self.instance.pk is None and chosen == self.instance.source_language:
            return next(iter(newarticle.titles_in(self.data, chosen)), chosen)
        return chosen
