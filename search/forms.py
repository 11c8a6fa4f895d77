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
    exact = forms.BooleanField(required=False)  # no word is replaced by another one
    all = forms.BooleanField(required=False)  # results that only share a word with the question, too

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

    @property
    def is_exact(self) -> bool:
        return bool(self.cleaned_data.get("exact"))

    @property
    def wants_all(self) -> bool:
        return bool(self.cleaned_data.get("all"))

    def address(self, category: Category | None = None, page: int = 1, **others: bool) -> str:
        """The results of the same question in a category, on a page."""
        flags = {"exact": self.is_exact, "all": self.wants_all} | others
        wanted = {"q": self.question, "category": category and category.slug, "page": page if page > 1 else ""}
        wanted |= {name: "1" for name, is_set in flags.items() if is_set}
        return f"{reverse('search')}?{urlencode({name: value for name, value in wanted.items() if value})}"
