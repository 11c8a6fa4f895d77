"""The last page before sending: check your answers, change the words, send them once."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from articles import brand
from articles.guards import get_or_post, private
from articles.network import network_of
from articles.patience import TROUBLE

from . import callback, drafts, earlier, mistyped, reaching, redaction, sending, spam, suggesting, words, work
from .forms import DetailsForm, WordedForm, as_typed, kept_rows
from .models import DraftRequest
from .trouble import come_back, keeps_text


@private
@keeps_text
@get_or_post
def contact_check(request: HttpRequest) -> HttpResponse:
    """Check your answers; POST sends them, once."""
    draft = drafts.find(request)
    if draft is None:
        return drafts.nothing_found(request)
    if request.method == "POST":
        return _send(request, draft)
    if receipt := draft.receipt:
        return redirect(receipt)
    return check_page(request, draft)


def _send(request: HttpRequest, draft: DraftRequest) -> HttpResponse:
    is_ours = request.POST.get("keep") == "ours"
    form = WordedForm(request.POST) if "worded" in request.POST and not is_ours else None
    if form and not form.is_valid():
        return check_page(request, draft)
    worded = "" if is_ours else form.changed if form else None
    if kept := _keep(request, draft, worded):
        return kept
    try:
        given = {"shown": "shown", "after": "after", "answer": work.FIELD}
        said = {name: request.POST.get(field, "") for name, field in given.items()}
        sent = sending.send(draft, network=network_of(request), worded=worded, **said)
    except DraftRequest.DoesNotExist:
        return drafts.nothing_found(request)
    except sending.NotAsShown:
        again = drafts.find(request) or draft
        if worded:  # where a detail is missing by now, another page comes, which does not carry them
            again.worded = worded
            again.update(worded=worded)
        return check_page(request, again, has_changed=True)
    except spam.Refused as refused:
        return _refuse(request, draft, refused)
    except TROUBLE as error:
        return come_back(check_page(request, draft, has_trouble=True), error)
    response = redirect(sent)
    drafts.keep(response, draft)
    return response


def _keep(request: HttpRequest, draft: DraftRequest, worded: str | None) -> HttpResponse | None:
    """Where the buttons lead that keep the worded request (empty: as we word it); None where it is to be sent."""
    button = request.POST.get("keep")
    if button is None:
        return None
    if worded is not None:
        draft.worded = worded
        drafts.save(draft)
    if button == "call":
        return redirect("contact_callback")
    return None if worded is None else redirect(f"{reverse('contact_check')}#id_worded")


def _refuse(request: HttpRequest, draft: DraftRequest, refused: spam.Refused) -> HttpResponse:
    """The check page again, with what to do; nothing has been sent, and nothing is lost."""
    spam.note(refused.reason)
    page = check_page(request, draft, refused=refused, status=429)
    page["Retry-After"] = str(max(1, int(refused.wait.total_seconds())))
    return page


def check_page(
    request: HttpRequest,
    draft: DraftRequest,
    *,
    has_changed: bool = False,
    has_expired: bool = False,
    has_trouble: bool = False,
    refused: spam.Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    if missed_call := callback.is_lost(draft):
        callback.leave_out(draft)
        drafts.save(draft)
    prepared = sending.prepare(draft)
    if prepared is None or draft.topic is None:
        return redirect("contact_details" if draft.topic else "contact")
    worded = WordedForm.of(prepared.request.worded, request.POST)
    asked = DetailsForm(draft.topic, as_typed(draft))
    sent = draft.sent
    context = {
        "draft": draft,
        "kept": kept_rows(asked, draft, request.GET.getlist("kept")),
        "rows": [row for row in words.rows(prepared.request) if row.field != "worded"],
        "form": worded,
        "as_worded": worded.mark_of(prepared.request.worded),
        "is_changed": bool(draft.worded),
        "other_words": prepared.worded,
        "shown": draft.digest_of_answers,
        "sent": sent,
        "after": len(sent.digests) if sent else 0,
        "earlier": earlier.of_browser(draft),
        "has_changed": has_changed and not missed_call,
        "has_expired": has_expired,
        "keeps_no_cookies": has_expired and drafts.keeps_no_cookies(request),
        "refused": refused,
        # Pages say minutes: the next whole one, since the one that has begun is too early.
        "again_at": timezone.localtime() + refused.wait + timedelta(seconds=59) if refused else None,
        "has_trouble": has_trouble,
        "challenge": work.challenge(draft),
        "ways": reaching.ways(reaching.case_of(prepared.request, prepared.trail, has_files=bool(draft.files))),
        "meant": mistyped.meant(draft.email),
        "missed_call": missed_call,
        "has_call": prepared.request.callback_at is not None,
        "pointed_out": redaction.point_out(prepared.request, draft.topic.details.values_list("forms", flat=True)),
        "suggestions": suggesting.suggest(draft, f"{draft.message} {prepared.request.worded}"),
        "support_email": brand.support_email(),
    }
    return render(request, "contact/check.html", context, status=status)
