"""Files on the contact pages: taken and removed without leaving the page, and given to whoever may have them."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from articles import brand
from articles.guards import private
from articles.network import network_of
from articles.patience import TROUBLE

from . import drafts, files
from .attachment import Attachment
from .filesfield import files_field, lost_names, uploads_of
from .models import ContactRequest, DraftRequest
from .topics import posted_topic
from .trouble import come_back, keeps_text

Response = TypeVar("Response", bound=HttpResponseBase)


@private
@keeps_text
@require_POST
def contact_files(request: HttpRequest) -> HttpResponse:
    """The list of files as it is after the script's upload or removal, with a sentence for what was not taken."""
    draft = drafts.find_for(request, posted_topic(request))
    try:
        change(request, draft)
    except TROUBLE as error:
        return come_back(_list(request, draft, lost_names(request)), error)
    except DraftRequest.DoesNotExist:  # its page begins another one, with the next file or the next button
        return _list(request, drafts.begin(request), lost_names(request))
    response = _list(request, draft)
    drafts.keep(response, draft)
    return response


def change(request: HttpRequest, draft: DraftRequest) -> None:
    """The draft is stored, without the file that is to be removed and with those that came.

    DraftRequest.DoesNotExist where it was deleted meanwhile: what its customer has thrown away stays away.
    """
    if "more" not in request.POST:  # the script sends several one after the other
        draft.refused = []
    if draft._state.adding:
        drafts.save(draft)
    elif not draft.update(topic=draft.topic, refused=draft.refused):
        raise DraftRequest.DoesNotExist
    if pk := request.POST.get("remove"):
        files.remove(draft, pk)
    files.take_all(draft, uploads_of(request), network_of(request))


@private
@require_safe
def contact_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A file of the draft, for the browser that holds its token."""
    draft = drafts.find_by_cookie(request)
    if draft is None:
        raise Http404
    return download(get_object_or_404(Attachment.objects.of(draft.pk), pk=pk))


@private
@require_safe
def contact_sent_file(request: HttpRequest, signed: str, pk: UUID) -> HttpResponseBase:
    """A file of the request, for whoever holds its link."""
    sent = get_object_or_404(ContactRequest.objects.signed(signed))
    return download(get_object_or_404(sent.attachments, pk=pk))


def download(attachment: Attachment) -> FileResponse:
    """The file to be saved, never shown by the browser as a page; 404 while it is withheld."""
    if attachment.is_withheld:
        raise Http404
    try:
        response = FileResponse(
            attachment.open(), as_attachment=True, filename=attachment.name, content_type=attachment.kind
        )
    except FileNotFoundError:
        raise Http404 from None
    return sandboxed(response)


def sandboxed(response: Response) -> Response:
    """Even opened as a page it could do nothing, and nobody keeps it."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response


def _list(request: HttpRequest, draft: DraftRequest, lost: list[str] | None = None) -> HttpResponse:
    context = {
        "files": files_field(draft, is_checked=False, lost=lost or ()),
        "draft": draft,
        "support_email": brand.support_email(),
    }
    return render(request, "contact/_attached.html", context)
