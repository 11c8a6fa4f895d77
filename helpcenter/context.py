"""What every template may use."""

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.urls import reverse, translate_url

from articles import brand


def site(request: HttpRequest) -> dict[str, object]:
    """The brand's name, this page's address in each language, and contact's (a view may give better ones)."""
    known = brand.current()
    return {
        "brand": known.shown_name,
        "site_brand": known,
        "site_url": settings.SITE_URL,
        "alternates": alternates(request),
        "contact_url": reverse("contact"),
        "typed": typed(request),
    }


def alternates(request: HttpRequest) -> dict[str, str]:
    """Language → the address of the same page there."""
    here = request.get_full_path()
    return {code: translate_url(here, code) for code in brand.current().languages}


def typed(request: HttpRequest) -> str:
    """What was typed into the search box; nothing where the address cannot be read, as on the 400 page."""
    try:
        return request.GET.get("q", "")[:200]
    except (BadRequest, SuspiciousOperation):
        return ""
