"""Contact: topic → details → check your answers → sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import brand
from articles.guards import private
from articles.languages import offered
from articles.models import Category
from articles.network import network_of
from articles.origin import is_from_here
from articles.patience import TROUBLE
from flows import clock, counting
from flows.models import Topic

from . import (
    callback,
    callpages,
    drafts,
    earlier,
    handoff,
    reaching,
    record,
    redaction,
    sending,
    spam,
    status,
    suggesting,
    typed,
    words,
    work,
)
from .channels import Case
from .file_views import change as change_files
from .filesfield import files_field, lost_names
from .forms import OWN, DetailsForm, TopicForm, WordedForm, as_typed, keep_words, kept_rows
from .models import ContactRequest, DraftRequest, Refusal
from .promise import answer_by
from .topics import posted_topic
from .trouble import come_back, keeps_text, keeps_text_in_a_hurry

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
SEARCH_WORDS = 200
FILES = "id_files"  # where the page is after an upload without a script


@private
@keeps_text
@get_or_post
def contact(request: HttpRequest) -> HttpResponse:
    """What is it about?  Carries the article or category the customer comes from."""
    if "urgent" in request.GET and request.method != "POST":
        return _urgent(request)
    draft = drafts.find_unsent(request)
    if request.method != "POST":
        came_from = {name: typed.one_line(request.GET.get(name, "")) for name in ("article", "category")}
        chosen = draft.topic.key if draft.topic else ""
        form = TopicForm(_first(draft, came_from), initial={"topic": chosen, **came_from})
        return _topic_page(request, form, draft)
    form = TopicForm(_first(draft, request.POST), request.POST)
    if not form.is_valid():
        return _topic_page(request, form, draft)
    draft.topic = form.chosen
    drafts.carry_article(draft, form.cleaned_data["article"], form.cleaned_data["category"])
    return _go_on("contact_details", draft)


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
    response = _go_on("contact", draft)
    response.status_code = 303
    return response


@private
@keeps_text
@get_or_post
def contact_details(request: HttpRequest) -> HttpResponse:
    """Only what the topic needs; all that was typed is kept, right or wrong."""
    if request.method == "POST":
        return _take_details(request)
    if "flow" in request.GET:
        return _hand_off(request)
    draft = drafts.find(request)
    if draft is None:
        return _nothing_found(request)
    if receipt := _receipt(draft):
        return redirect(receipt)
    if draft.topic is None:
        return redirect("contact")
    handoff.prefill_tried(draft)
    typed_so_far = as_typed(draft)
    is_checked = "check" in request.GET
    form = DetailsForm(draft.topic, typed_so_far if is_checked else None, initial=typed_so_far)
    return _details_page(request, form, draft)


@private
@keeps_text_in_a_hurry
@require_POST
def contact_save(request: HttpRequest) -> HttpResponse:
    """What is being typed, kept by JavaScript from time to time; 204, or 503 where it may try again."""
    draft = drafts.find(request)
    topic = posted_topic(request)
    if draft and "worded" in request.POST and not draft.sent:
        form = WordedForm(request.POST)
        if form.is_valid():
            draft.update(worded=form.changed)
    elif draft and topic and topic == draft.topic and not draft.sent:
        DetailsForm(topic, request.POST).save_to(draft)
        draft.update(**{name: getattr(draft, name) for name in (*OWN, "details", "remedy")})
    return HttpResponse(status=204)


@private
@keeps_text
@get_or_post
def contact_check(request: HttpRequest) -> HttpResponse:
    """Check your answers; POST sends them, once."""
    draft = drafts.find(request)
    if draft is None:
        return _nothing_found(request)
    if request.method == "POST":
        return _send(request, draft)
    if receipt := _receipt(draft):
        return redirect(receipt)
    return _check_page(request, draft)


@private
@keeps_text
@require_POST
def contact_discard(request: HttpRequest) -> HttpResponse:
    """What was typed is gone, as on a computer that others use; what was sent stays."""
    draft = drafts.find(request)
    if draft and not draft.sent:
        draft.delete()
    response = redirect("contact")
    drafts.forget(response)
    return response


@private
@require_safe
def contact_sent(request: HttpRequest, signed: str) -> HttpResponse:
    """The request's own page: how it stands, what was sent, and the record, as often as it is asked for."""
    sent = get_object_or_404(ContactRequest.objects.signed(signed))
    context = status.page(sent) | {"signed": signed, "record_url": reverse("contact_record", args=[signed])}
    context |= {
        "call": words.call(sent),
        "may_change_call": not callback.is_too_late(sent) and bool(callback.windows(besides=sent)),
    }
    return render(request, "contact/sent.html", context)


@private
@require_safe
def contact_record(request: HttpRequest, signed: str) -> HttpResponse:
    """The record, to keep."""
    sent = get_object_or_404(ContactRequest.objects.signed(signed))
    response = HttpResponse(record.archive(sent), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{sent.reference}.zip"'
    return response


@private
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """On contact pages what was typed is there again with a fresh token; nothing has been stored or sent.

    The form may be a stranger's, so the draft is the one of the browser's cookie: with one that the stranger knows
    they could read what is typed from here on.
    """
    page = request.resolver_match.url_name if request.resolver_match else ""
    draft = drafts.find_by_cookie(request) or drafts.begin_anew()
    topic = posted_topic(request) or draft.topic
    if page == "contact":
        topics = TopicForm(_first(draft, request.POST), initial=request.POST.dict())
        return _topic_page(request, topics, draft, has_expired=True, status=403)
    if page == "contact_details" and topic:
        draft.topic = topic
        details = DetailsForm(topic, initial=request.POST.dict())
        return _details_page(request, details, draft, has_expired=True, status=403)
    if page == "contact_check" and draft.topic:
        return _check_page(request, draft, has_expired=True, status=403)
    return callpages.expired(request) or render(request, "403.html", status=403)


def _take_details(request: HttpRequest) -> HttpResponse:
    """Keep what was typed, even where the draft is unknown by now; go on when nothing is missing."""
    draft = drafts.find_for(request, posted_topic(request))
    topic = draft.topic
    if topic is None:
        keep_words(draft, request.POST)
        drafts.save(draft)
        with suppress(DraftRequest.DoesNotExist):  # thrown away in another tab; the next page begins anew
            change_files(request, draft)
        return _go_on("contact", draft)
    if spam.is_trapped(request):
        spam.note(Refusal.Reason.TRAP)
        again = DetailsForm(topic, initial=request.POST.dict())
        return _details_page(request, again, draft, is_trapped=True, status=429)
    form = DetailsForm(topic, request.POST)
    left_empty = form.save_to(draft)
    try:
        drafts.save(draft)
        change_files(request, draft)
    except TROUBLE as error:
        return come_back(_details_page(request, form, draft, has_trouble=True), error)
    except DraftRequest.DoesNotExist:
        again = DetailsForm(topic, initial=request.POST.dict())
        draft = drafts.begin(request)
        draft.topic = topic
        return _details_page(request, again, draft, is_gone=True, status=409)
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


def _hand_off(request: HttpRequest) -> HttpResponse:
    """From a flow's outcome, or from any step of it; where the topic is not known yet it is asked first."""
    draft = drafts.find_unsent(request)
    if not _carry(request, draft, "flow"):
        return redirect("contact")
    return _go_on("contact_details" if draft.topic else "contact", draft)


def _urgent(request: HttpRequest) -> HttpResponse:
    """From an urgent step: the ways to reach us, the fastest first, and no further questions."""
    draft = drafts.find_unsent(request)
    if not _carry(request, draft, "urgent"):
        return redirect("contact")
    if draft.topic is None:
        return _go_on("contact", draft)
    drafts.save(draft)
    promise = answer_by(clock.site_time().date(), draft.topic.answer_days, clock.opening())
    ways = reaching.ways(Case(answer_by=reaching.end_of(promise), is_urgent=True))
    context = {"draft": draft, "ways": ways, "support_email": brand.support_email()}
    response = render(request, "contact/urgent.html", context)
    drafts.keep(response, draft)
    return response


def _carry(request: HttpRequest, draft: DraftRequest, name: str) -> bool:
    """The draft holds what was answered in the flow that the parameter names; False where there is none."""
    responses = {key: str(value) for key, value in request.GET.items() if key != name}
    carried = handoff.carry_flow(draft, typed.one_line(request.GET[name]), responses)
    if carried and carried.is_new:
        counting.note_hand_off(request, carried.flow, carried.step)
    return carried is not None


def _send(request: HttpRequest, draft: DraftRequest) -> HttpResponse:
    if request.POST.get("keep") == "ours":
        _keep_words(draft, "")
        return redirect(f"{reverse('contact_check')}#id_worded")
    form = WordedForm(request.POST) if "worded" in request.POST else None
    if form and not form.is_valid():
        return _check_page(request, draft)
    words = form.changed if form else None
    if "keep" in request.POST and words is not None:
        _keep_words(draft, words)
    if request.POST.get("keep") == "call":
        return redirect("contact_callback")
    if "keep" in request.POST and words is not None:
        return redirect(f"{reverse('contact_check')}#id_worded")
    try:
        shown, answer = (request.POST.get(name, "") for name in ("shown", work.FIELD))
        sent = sending.send(draft, shown=shown, network=network_of(request), answer=answer, worded=words)
    except DraftRequest.DoesNotExist:
        return _nothing_found(request)
    except sending.NotAsShown:
        again = drafts.find(request) or draft
        if words:  # where a detail is missing by now, another page comes, which does not carry them
            again.worded = words
            again.update(worded=words)
        return _check_page(request, again, has_changed=True)
    except spam.Refused as refused:
        return _refuse(request, draft, refused)
    except TROUBLE as error:
        return come_back(_check_page(request, draft, has_trouble=True), error)
    response = redirect(sent)
    drafts.keep(response, draft)
    return response


def _keep_words(draft: DraftRequest, words: str) -> None:
    """The worded request is kept as the customer changed it; empty: as we word it."""
    draft.worded = words
    drafts.save(draft)


def _refuse(request: HttpRequest, draft: DraftRequest, refused: spam.Refused) -> HttpResponse:
    """The check page again, with what to do; nothing has been sent, and nothing is lost."""
    spam.note(refused.reason)
    page = _check_page(request, draft, refused=refused, status=429)
    page["Retry-After"] = str(max(1, int(refused.wait.total_seconds())))
    return page


def _go_on(page: str, draft: DraftRequest) -> HttpResponse:
    """The draft is saved and found again by the next page."""
    drafts.save(draft)
    response = redirect(page)
    drafts.keep(response, draft)
    return response


def _topic_page(
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
        "ways": reaching.ways(),
        "has_expired": has_expired,
        "keeps_no_cookies": has_expired and drafts.keeps_no_cookies(request),
        "support_email": brand.support_email(),
    }
    return render(request, "contact/topic.html", context, status=status)


def _details_page(
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


def _check_page(
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
    context = {
        "draft": draft,
        "kept": kept_rows(asked, draft, request.GET.getlist("kept")),
        "rows": [row for row in words.rows(prepared.request) if row.field != "worded"],
        "form": worded,
        "as_worded": worded.mark_of(prepared.request.worded),
        "is_changed": bool(draft.worded),
        "other_words": prepared.worded,
        "shown": draft.digest_of_answers,
        "sent": draft.sent,
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
        "missed_call": missed_call,
        "has_call": prepared.request.callback_at is not None,
        "pointed_out": redaction.point_out(prepared.request, draft.topic.details.values_list("forms", flat=True)),
        "suggestions": suggesting.suggest(draft, f"{draft.message} {prepared.request.worded}"),
        "support_email": brand.support_email(),
    }
    return render(request, "contact/check.html", context, status=status)


def _nothing_found(request: HttpRequest) -> HttpResponse:
    """Without a token: start at the beginning.  With one that is too old: say so, kindly."""
    if not drafts.token_of(request):
        return redirect("contact")
    return render(request, "contact/nothing_found.html", status=404)


def _receipt(draft: DraftRequest) -> ContactRequest | None:
    """The request, where exactly this draft was sent already."""
    sent = draft.sent
    return sent if sent and sent.has(draft.digest) else None


def _first(draft: DraftRequest, came_from: Mapping[str, str]) -> Category | None:
    """The category whose topics come first: that of the page the customer comes from."""
    categories = Category.objects.select_related("parent")
    if slug := typed.one_line(came_from.get("category") or ""):
        return categories.filter(slug=slug).first()
    if key := typed.one_line(came_from.get("article") or ""):
        return categories.filter(articles__key=key).first()
    return draft.category
