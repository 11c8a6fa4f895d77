"""The second page: only what the topic needs, with the files; all that was typed is kept."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from articles import brand
from articles.guards import get_or_post, private
from articles.languages import offered
from articles.patience import TROUBLE
from flows.models import Topic

from . import drafts, fromflow, handoff, spam
from .file_views import change as change_files
from .filesfield import files_field, lost_names
from .forms import DetailsForm, as_typed, keep_words, kept_rows
from .models import DraftRequest, Refusal
from .topics import posted_topic
from .trouble import come_back, keeps_text

FILES = "id_files"  # where the page is after an upload without a script


@private
@keeps_text
@get_or_post
def contact_details(request: HttpRequest) -> HttpResponse:
    """Only what the topic needs; all that was typed is kept, right or wrong."""
    if request.method == "POST":
        return _take_details(request)
    if "flow" in request.GET:
        return fromflow.hand_off(request)
    draft = drafts.find(request)
    if draft is None:
        return drafts.nothing_found(request)
    if receipt := draft.receipt:
        return redirect(receipt)
    if draft.topic is None:
        return redirect("contact")
    handoff.prefill_tried(draft)
    typed_so_far = as_typed(draft)
    is_checked = "check" in request.GET
    form = DetailsForm(draft.topic, typed_so_far if is_checked else None, initial=typed_so_far)
    return details_page(request, form, draft)


def _take_details(request: HttpRequest) -> HttpResponse:
    """Keep what was typed, even where the draft is unknown by now; go on when nothing is missing."""
    draft = drafts.find_for(request, posted_topic(request))
    topic = draft.topic
    if topic is None:
        keep_words(draft, request.POST)
        drafts.save(draft)
        with suppress(DraftRequest.DoesNotExist):  # thrown away in another tab; the next page begins anew
            change_files(request, draft)
        return drafts.go_on("contact", draft)
    if spam.is_trapped(request):
        spam.note(Refusal.Reason.TRAP)
        again = DetailsForm(topic, initial=request.POST.dict())
        return details_page(request, again, draft, is_trapped=True, status=429)
    form = DetailsForm(topic, request.POST)
    left_empty = form.save_to(draft)
    try:
        drafts.save(draft)
        change_files(request, draft)
    except TROUBLE as error:
        return come_back(details_page(request, form, draft, has_trouble=True), error)
    except DraftRequest.DoesNotExist:
        again = DetailsForm(topic, initial=request.POST.dict())
        draft = drafts.begin(request)
        draft.topic = topic
        return details_page(request, again, draft, is_gone=True, status=409)
    # What is wrong is said on a page of its own address: Back to an answered form is an error page in browsers.
    response = redirect(_other_language(request) or _after(request, topic, draft, left_empty))
    drafts.keep(response, draft)
    return response


def _after(request: HttpRequest, topic: Topic, draft: DraftRequest, left_empty: Sequence[str]) -> str:
    """Where the button leads: to the check page only from Continue, and when nothing is missing."""
    details = reverse("contact_details")
    if request.POST.keys() & {"upload", "remove"}:
        return f"{details}#{FILES}"
    now = as_typed(draft) | {name: request.POST[name] for name in request.POST.keys() & {"remedy"}}
    is_ready = DetailsForm(topic, now).is_valid() and not files_field(draft, is_checked=True).errors
    told = urlencode({"kept": left_empty} | ({} if is_ready else {"check": "1"}), doseq=True)
    return f"{reverse('contact_check') if is_ready else details}{told and f'?{told}'}"


def _other_language(request: HttpRequest) -> str:
    """Where the form goes on whose language was switched by its button; empty where another was pressed."""
    code = request.POST.get("language", "")
    if code not in offered():
        return ""
    with translation.override(code):
        return reverse("contact_details")


def details_page(
    request: HttpRequest,
    form: DetailsForm,
    draft: DraftRequest,
    *,
    has_expired: bool = False,
    has_trouble: bool = False,
    is_trapped: bool = False,
    is_gone: bool = False,
    status: int = 200,
) -> HttpResponse:
    has_failed = has_expired or has_trouble or is_trapped or is_gone
    lost = lost_names(request) if has_failed else []
    files = files_field(draft, is_checked=form.is_bound, lost=lost)
    ready, needed = form.ready()
    context = {
        "form": form,
        "files": files,
        "draft": draft,
        "ready": ready + bool(files.is_required and files.attached),
        "needed": needed + files.is_required,
        "started": drafts.started(draft),
        "kept": kept_rows(form, draft, request.GET.getlist("kept")),
        "is_trapped": is_trapped,
        "is_gone": is_gone,
        "has_expired": has_expired,
        "keeps_no_cookies": has_expired and drafts.keeps_no_cookies(request),
        "has_trouble": has_trouble,
        "suggests": settings.SUGGEST,
        "support_email": brand.support_email(),
    }
    return render(request, "contact/details.html", context, status=status)
