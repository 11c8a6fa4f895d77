"""When the database does not do its part: nobody waits long, and what was typed stays on the page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.patience import TROUBLE, patience

from .forms import PREFIX, DetailsForm

Given = ParamSpec("Given")
View = Callable[Concatenate[HttpRequest, Given], HttpResponse]

PATIENCE = 5.0  # seconds to wait for a lock while a customer looks at the button
SAVE_PATIENCE = 0.5  # the script tries again; it must not use up the threads that serve the pages
COME_BACK = 30  # seconds

logger = logging.getLogger(__name__)


def keeps_text(view: View[Given]) -> View[Given]:
    """Where the view cannot do its work, its page says so, with everything that was sent to it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        try:
            with patience(PATIENCE):
                return view(request, *args, **kwargs)
        except TROUBLE as error:
            return come_back(not_now(request), error)

    return wrapped


def come_back(page: HttpResponse, error: Exception) -> HttpResponse:
    """The page as an answer that is to be asked for again."""
    # These errors are the database's own words; they hold nothing that anybody typed.
    logger.error("The database did not do its part: %s: %s", type(error).__name__, error)
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
    context = {"sent": sent, "shown": shown, "support_email": settings.SUPPORT_EMAIL}
    return render(request, "contact/not_now.html" if sent else "503.html", context)
