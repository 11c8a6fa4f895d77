from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from articles.models import Category

from .analysis import MAX_QUESTION


class SearchForm(forms.Form):
    """The question as it came in the address; what cannot be one counts as empty."""

    q = forms.CharField(required=False)
    category = forms.SlugField(required=False)

    @classmethod
    def of(cls, request: HttpRequest) -> SearchForm:
        form = cls(request.GET)
        form.is_valid()
        return form

    @property
    def question(self) -> str:
        """What is asked, cut to the length that the engine looks at."""
        return self.cleaned_data.get("q", "")[:MAX_QUESTION].strip()

    def place(self) -> Category | None:
        """Where it is looked for; None: everywhere, as with a category that is no more."""
        slug = self.cleaned_data.get("category")
        return Category.objects.select_related("parent").filter(slug=slug).first() if slug else None

    def address(self, category: Category | None = None, page: int = 1) -> str:
        """The results of the same question in a category, on a page."""
        wanted = {"q": self.question, "category": category and category.slug, "page": page if page > 1 else ""}
        return f"{reverse('search')}?{urlencode({name: value for name, value in wanted.items() if value})}"
