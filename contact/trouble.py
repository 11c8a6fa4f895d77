"""When the database does not do its part: nobody waits long, and what was typed stays on the page."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles import brand
from articles.patience import TROUBLE, patience

from .filesfield import lost_names
from .forms import PREFIX, DetailsForm
from .refusals import Reason, sentence

Given = ParamSpec("Given")
View = Callable[Concatenate[HttpRequest, Given], HttpResponse]

PATIENCE = 5.0  # seconds to wait for a lock while a customer looks at the button
CROWDED = 1.0  # where two of this process wait already: long enough for a busy moment
HURRY = 0.5  # where a script tries again
COME_BACK = 30  # seconds
# Who waits for a lock keeps a thread from serving pages; a web process has four of them.
PLACES = threading.BoundedSemaphore(2)

logger = logging.getLogger(__name__)


def keeps_text(view: View[Given], *, in_a_hurry: bool = False) -> View[Given]:
    """Where the view cannot do its work, its page says so, with everything that was sent to it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        try:
            with patience(HURRY) if in_a_hurry else patience_while_few_wait():
                return view(request, *args, **kwargs)
        except TROUBLE as error:
            return come_back(not_now(request), error)

    return wrapped


def keeps_text_in_a_hurry(view: View[Given]) -> View[Given]:
    """The same for what a script sends and will send again: it waits for no lock."""
    return keeps_text(view, in_a_hurry=True)


def come_back(page: HttpResponse, error: Exception) -> HttpResponse:
    """The page as an answer that is to be asked for again."""
    # The first line is the database's own; PostgreSQL quotes the statement after it, with what was typed.
    said = str(error).partition("\n")[0]
    logger.error("The database did not do its part: %s: %s", type(error).__name__, said)
    page.status_code = 503
    page["Retry-After"] = str(COME_BACK)
    page["Cache-Control"] = "no-store"
    return page


def not_now(request: HttpRequest) -> HttpResponse:
    """A page that needs no database and whose one button sends the same again."""
    sent = {name: text for name, text in request.POST.items() if name != "csrfmiddlewaretoken"}
    labels = {name: str(field.label) for name, field in DetailsForm.base_fields.items()}
    shown = [
        (labels.get(name, name.removeprefix(PREFIX)), text)
        for name, text in sent.items()
        if text and (name in labels or name.startswith(PREFIX))
    ]
    lost = [sentence(Reason.AGAIN, name) for name in lost_names(request)]
    context = {"sent": sent, "shown": shown, "lost": lost, "support_email": brand.support_email()}
    return render(request, "contact/not_now.html" if sent else "503.html", context)


@contextmanager
def patience_while_few_wait() -> Iterator[None]:
    """Locks are waited for as long as a customer does, by two at a time; the others are told to come back soon."""
    has_place = PLACES.acquire(blocking=False)
    try:
        with patience(PATIENCE if has_place else CROWDED):
            yield
    finally:
        if has_place:
            PLACES.release()
