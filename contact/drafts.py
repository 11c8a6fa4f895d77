"""Where the draft request is found and kept: a cookie that only contact pages set, and a hidden field."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from articles.languages import current_language
from articles.links import articles
from articles.models import Article, Category
from flows.models import Topic

from . import handoff
from .draftrequest import KEPT, new_token
from .models import DraftRequest

COOKIE = "draft"
FIELD = "draft"
STARTED = "started"
SALT = "contact.started"
MOST_SENT_BEFORE = 20


def token_of(request: HttpRequest) -> str:
    """The token that came with the form, else with the browser; empty where there is none."""
    return request.POST.get(FIELD) or request.COOKIES.get(COOKIE, "")


def find(request: HttpRequest) -> DraftRequest | None:
    """The draft that this browser holds the token of, in the language it is being read in now."""
    return _with_token(token_of(request))


def find_by_cookie(request: HttpRequest) -> DraftRequest | None:
    """The same for a form that may come from elsewhere: its hidden token could be that of who made the form."""
    return _with_token(request.COOKIES.get(COOKIE, ""))


def _shown(request: HttpRequest) -> dict[str, str] | None:
    """What `started` wrote into the form, where we did and it is not too old."""
    try:
        page: dict[str, str] = signing.loads(request.POST.get(STARTED, ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    return page


def _with_token(token: str) -> DraftRequest | None:
    known = DraftRequest.objects.known(token.replace("\0", ""))
    draft = known.select_related("topic", "remedy", "article", "category__parent").first()
    if draft:
        draft.language = current_language()
    return draft


def find_unsent(request: HttpRequest) -> DraftRequest:
    """The browser's draft; a new one, not saved yet, where it has none or has sent it."""
    draft = find(request)
    return draft if draft and not draft.sent else begin(request)


def find_for(request: HttpRequest, topic: Topic | None) -> DraftRequest:
    """The form's draft, about its topic where it names one; a new one where it is unknown by now."""
    draft = find(request) or begin(request)
    if (sent := draft.sent) and topic and sent.topic != topic:
        draft = begin(request)  # another matter, not a second version of the one that was sent
    draft.topic = topic or draft.topic
    return draft


def begin_anew() -> DraftRequest:
    """A new draft, not saved yet, that nobody else knows the token of."""
    return DraftRequest(language=current_language())


def begin(request: HttpRequest) -> DraftRequest:
    """A new draft, not saved yet; begun when the form's page was shown, where the form can prove that."""
    draft = begin_anew()
    if (last := find(request)) and last.sent:
        draft.sent_before = [*last.sent_before, last.pk.hex][-MOST_SENT_BEFORE:]
    if page := _shown(request):
        draft.token, draft.created_at = page["token"], datetime.fromisoformat(page["at"])
    return draft


def keeps_no_cookies(request: HttpRequest) -> bool:
    """Whether the form's page was shown within the last 24 hours, and yet no cookie has come back with it."""
    return settings.CSRF_COOKIE_NAME not in request.COOKIES and _shown(request) is not None


def started(draft: DraftRequest) -> str:
    """Proves to `begin` when the draft was begun: once, since the draft takes the token that is in it."""
    return signing.dumps({"token": draft.token, "at": draft.created_at.isoformat()}, salt=SALT)


def save(draft: DraftRequest) -> None:
    """The draft is stored; one whose token was used already is a draft begun now."""
    if not draft._state.adding:
        draft.save()
        return
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        draft.token, draft.created_at = new_token(), timezone.now()
        draft.save()


def keep(response: HttpResponseBase, draft: DraftRequest) -> None:
    """The browser finds the draft again, for as long as it is kept."""
    response.set_cookie(
        COOKIE,
        draft.token,
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def go_on(page: str, draft: DraftRequest) -> HttpResponse:
    """The draft is saved and found again by the next page."""
    save(draft)
    response = redirect(page)
    keep(response, draft)
    return response


def nothing_found(request: HttpRequest) -> HttpResponse:
    """Without a token: start at the beginning.  With one that is too old: say so, kindly."""
    if not token_of(request):
        return redirect("contact")
    return render(request, "contact/nothing_found.html", status=404)


def forget(response: HttpResponseBase) -> None:
    """The browser holds no draft any more."""
    response.delete_cookie(COOKIE, samesite="Lax")


def carry_article(draft: DraftRequest, key: str, category_slug: str) -> None:
    """The draft says where the customer comes from; a trail about another kind of problem stays behind."""
    article = Article.objects.filter(key=key).select_related("category__parent").first() if key else None
    if article and articles([article.key], draft.language):
        draft.article, draft.category = article, article.category
    if category := Category.objects.select_related("parent").named(category_slug).first():
        draft.category = category
    if draft.flow and draft.category and not _is_about(draft, draft.category):
        handoff.drop_flow(draft)


def forget_old() -> None:
    """Drafts that nobody has touched for 24 hours are gone; looks at most once a minute."""
    if cache.add("contact.drafts.forget_old", True, timeout=60):
        DraftRequest.objects.old().delete()


def _is_about(draft: DraftRequest, category: Category) -> bool:
    """Whether the draft's flow belongs to the same category of the home page."""
    flow = handoff.flow_of(draft)
    return flow is not None and (flow.category.parent or flow.category) == (category.parent or category)
