"""The first page: what a request is about, carried along from the article, category or search it comes from."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles import brand
from articles.guards import get_or_post, private
from articles.models import Category
from articles.origin import is_from_here

from . import drafts, fromflow, handoff, reaching, typed
from .forms import TopicForm
from .models import DraftRequest
from .trouble import keeps_text

SEARCH_WORDS = 200


@private
@keeps_text
@get_or_post
def contact(request: HttpRequest) -> HttpResponse:
    """What is it about?  Carries the article or category the customer comes from."""
    if "urgent" in request.GET and request.method != "POST":
        return fromflow.urgent(request)
    draft = drafts.find_unsent(request)
    if request.method != "POST":
        came_from = {name: typed.one_line(request.GET.get(name, "")) for name in ("article", "category")}
        # Who comes from an article or a category now may have another matter than the guide they left earlier.
        likely = "" if any(came_from.values()) else handoff.likely_topic(draft)
        chosen = draft.topic.key if draft.topic else likely
        form = TopicForm(first_category(draft, came_from), initial={"topic": chosen, **came_from})
        return topic_page(request, form, draft)
    form = TopicForm(first_category(draft, request.POST), request.POST)
    if not form.is_valid():
        return topic_page(request, form, draft)
    draft.topic = form.chosen
    drafts.carry_article(draft, form.cleaned_data["article"], form.cleaned_data["category"])
    return drafts.go_on("contact_details", draft)


@private
@csrf_exempt
@keeps_text
@require_POST
def contact_from_search(request: HttpRequest) -> HttpResponse:
    """The search page hands over its words, which so stay out of our addresses.

    The page it stands on has no cookie, hence no token: the browser says where the form was.
    """
    if not is_from_here(request):
        return redirect("contact")
    draft = drafts.find_unsent(request)
    draft.search_words = typed.one_line(request.POST.get("search", ""))[:SEARCH_WORDS]
    response = drafts.go_on("contact", draft)
    response.status_code = 303
    return response


def topic_page(
    request: HttpRequest,
    form: TopicForm,
    draft: DraftRequest,
    *,
    has_expired: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "chosen": form["topic"].value() or "",
        "draft": draft,
        "started": drafts.started(draft),
        "search_words": draft.search_words,
        "trail": handoff.trail(draft),
        "is_likely": bool(form.initial.get("topic")) and draft.topic is None,
        "ways": reaching.ways(),
        "has_expired": has_expired,
        "keeps_no_cookies": has_expired and drafts.keeps_no_cookies(request),
        "support_email": brand.support_email(),
    }
    return render(request, "contact/topic.html", context, status=status)


def first_category(draft: DraftRequest, came_from: Mapping[str, str]) -> Category | None:
    """The category whose topics come first: that of the page the customer comes from."""
    categories = Category.objects.select_related("parent")
    if slug := typed.one_line(came_from.get("category") or ""):
        return categories.filter(slug=slug).first()
    if key := typed.one_line(came_from.get("article") or ""):
        return categories.filter(articles__key=key).first()
    return draft.category
