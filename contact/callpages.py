"""The pages of a call: asked for before sending, moved or cancelled afterwards."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from articles import brand
from articles.guards import get_or_post, private
from flows.models import Detail

from . import callback, drafts, reaching, sentpages, spam
from .callback import CallbackForm
from .models import ContactRequest, DraftRequest
from .trouble import keeps_text

SWITCH = "switch"  # the button that shows the same page in another language


@private
@keeps_text
@get_or_post
def contact_callback(request: HttpRequest) -> HttpResponse:
    """The draft asks for a call, or for none any more."""
    draft = drafts.find(request)
    if draft is None or draft.topic is None:
        return redirect("contact_check")  # it knows what to say
    if sent := draft.sent:
        return redirect(sent.url_of("contact_callback_change"))
    if "none" in request.POST:
        callback.leave_out(draft)
        return drafts.go_on("contact_check", draft)
    form = _form(request, draft, draft.language)
    if form.is_bound and form.is_valid():
        callback.put(draft, form.chosen)
        return drafts.go_on("contact_check", draft)
    return _draft_page(request, draft, form)


@private
@keeps_text
@get_or_post
def contact_callback_change(request: HttpRequest, signed: str) -> HttpResponse:
    """Who holds the request's link moves its call, cancels it or asks for one."""
    sent = get_object_or_404(ContactRequest.objects.signed(signed))
    form = _form(request, sent, sent.language)
    is_cancelled = "none" in request.POST
    if request.method != "POST" or not (is_cancelled or form.is_valid()):
        return _sent_page(request, sent, form)
    try:
        callback.change(sent, None if is_cancelled else form.chosen)
    except callback.TooLate:
        return _sent_page(request, sent, form, status=409)
    except callback.Full:  # in this very moment; the page offers what is left
        return _sent_page(request, sent, _form(request, sent, sent.language), status=409)
    except spam.Refused as refused:
        spam.note(refused.reason)
        return _sent_page(request, sent, form, is_refused=True, status=429)
    said = sentpages.CANCELLED if is_cancelled else sentpages.BOOKED
    return redirect(f"{sent.url_of('contact_sent')}?{urlencode({sentpages.CALL: said})}")


def expired(request: HttpRequest) -> HttpResponse | None:
    """The page again with what was typed, whose form came without a good token; None where it was another page."""
    page = request.resolver_match
    if page and page.url_name == "contact_callback_change":
        sent = get_object_or_404(ContactRequest.objects.signed(page.kwargs["signed"]))
        form = CallbackForm(callback.windows(besides=sent), initial=request.POST.dict())
        return _sent_page(request, sent, form, has_expired=True, status=403)
    draft = drafts.find_by_cookie(request)
    if page and page.url_name == "contact_callback" and draft and draft.topic:
        form = CallbackForm(callback.windows(), initial=request.POST.dict())
        return _draft_page(request, draft, form, has_expired=True, status=403)
    return None


def _form(request: HttpRequest, of: DraftRequest | ContactRequest, language: str) -> CallbackForm:
    """What was typed, checked; not yet where only the page's language is switched, and everything comes along."""
    shown = callback.as_shown(of, language)
    free = callback.windows(besides=of if isinstance(of, ContactRequest) else None)
    if SWITCH in request.POST:
        return CallbackForm(free, initial=shown | request.POST.dict())
    is_typed = request.method == "POST" and "none" not in request.POST
    return CallbackForm(free, request.POST if is_typed else None, initial=shown)


def _draft_page(
    request: HttpRequest, draft: DraftRequest, form: CallbackForm, *, has_expired: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft,
        "is_asked_for": draft.callback_at is not None,
        "asked": _asked(draft),
        "back_url": reverse("contact_check"),
        "has_expired": has_expired,
        "keeps_no_cookies": False,
        "support_email": brand.support_email(),
        "ways": reaching.ways(),
    }
    return render(request, "contact/callback.html", context, status=status)


def _sent_page(
    request: HttpRequest,
    sent: ContactRequest,
    form: CallbackForm,
    *,
    has_expired: bool = False,
    is_refused: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "sent": sent,
        "is_asked_for": sent.callback_at is not None,
        "is_too_late": callback.is_too_late(sent),
        "asked": [detail["label"] for detail in sent.details],
        "back_url": sent.url_of("contact_sent"),
        "has_expired": has_expired,
        "is_refused": is_refused,
        "keeps_no_cookies": False,
        "support_email": brand.support_email(),
        "ways": reaching.ways(),
    }
    return render(request, "contact/callback.html", context, status=status)


def _asked(draft: DraftRequest) -> list[str]:
    """What whoever calls will ask for: what the topic needs."""
    details = Detail.objects.filter(topic_details__topic=draft.topic).order_by("topic_details__position")
    return [str(detail.label) for detail in details]
