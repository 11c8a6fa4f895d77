"""Did this answer your question?  The press of Yes or No, and the page that says thanks and asks why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from . import voting
from .guards import get_or_post, private
from .models import Translation
from .origin import is_from_here, is_robot
from .views import alternates
from .vote import REASONS
from .voting import Ticket

VOTES = {"yes": True, "no": False}
MOST_WORDS = 500


class Words(forms.CharField):
    def to_python(self, value: Any) -> str:
        """Lines end in one character, as the browser counted them."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class WhyForm(forms.Form):
    """Why it helped, or did not; nothing is required."""

    reason = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    words = Words(
        label=_("In your words"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "At most 500 characters, and nothing about you: no names, addresses or numbers. Nobody can answer you "
            "here; if you need an answer, contact us."
        ),
    )

    def __init__(self, is_helpful: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason: Any = self.fields["reason"]
        reason.choices = [(one.value, one.label) for one in REASONS[is_helpful]]
        reason.label = _("What was good?") if is_helpful else _("What was wrong?")


@csrf_exempt  # reading pages have no cookie, hence no token: see is_from_here
@private
@get_or_post
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """A vote is taken or changed, with its reason if there is one; the answer is the page that says thanks."""
    translation = _find(slug)
    if request.method != "POST":
        shown = Ticket.read(request.GET.get("vote", ""), translation.pk)
        return _thanks(request, translation, shown) if shown else redirect(translation)
    if not is_from_here(request):
        raise PermissionDenied
    ticket, said = _ticket(request, translation), {}
    if "words" in request.POST:
        form = WhyForm(ticket.is_helpful, request.POST)
        if not form.is_valid():
            return _thanks(request, translation, ticket, form)
        said = form.cleaned_data
    if not is_robot(request):
        ticket = voting.take(request, ticket, **said)
    given = {"vote": ticket.signed} | ({"sent": "1"} if said else {})
    return redirect(f"{reverse('vote', args=[translation.slug])}?{urlencode(given)}")


def _find(slug: str) -> Translation:
    """By its address, or by one that it had: the page may have been stored somewhere on its way."""
    language = get_language()
    by_old = Q(old_slugs__slug=slug, old_slugs__language=language)
    published = Translation.objects.published().in_language(language).select_related("article__category__parent")
    translation = published.filter(Q(slug=slug) | by_old).first()
    if translation is None:
        raise Http404
    return translation


def _ticket(request: HttpRequest, translation: Translation) -> Ticket:
    """What is voted: under the ticket that was posted, else on the revision that the page showed."""
    known = Ticket.read(request.POST.get("vote", ""), translation.pk)
    is_helpful = VOTES.get(request.POST.get("helpful", ""))
    if is_helpful is None:
        raise BadRequest
    if known:
        return known.turned(is_helpful)
    number = request.POST.get("revision", "")
    seen = translation.revisions.filter(applied_at__isnull=False)  # nobody has read another one
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    revision = seen.filter(number=number).first() if is_number else None
    if revision is None:
        raise BadRequest
    return Ticket(translation.pk, revision.pk, revision.number, is_helpful)


def _thanks(
    request: HttpRequest, translation: Translation, ticket: Ticket, form: WhyForm | None = None
) -> HttpResponse:
    is_sent = "sent" in request.GET
    if form is None and ticket.key and not is_sent:
        form = WhyForm(ticket.is_helpful)
    context = {
        "translation": translation,
        "category": translation.article.category,
        "ticket": ticket,
        "form": form,
        "is_sent": is_sent,
        "alternates": alternates(translation),
        "contact_url": translation.contact_url,
    }
    return render(request, "articles/vote.html", context)
