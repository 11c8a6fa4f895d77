"""How the help center itself is reached: its addresses and numbers are nobody's secret in a text."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings

from articles import brand

from .models import Channel
from .reference import EXAMPLE


def contacts() -> set[str]:
    """Where requests go and mails come from, the channels, what the brand names, and the reference of examples."""
    channels = Channel.objects.exclude(address="").values_list("address", flat=True)
    known = brand.current()
    senders = (parseaddr(address)[1] for address in (settings.SUPPORT_EMAIL, settings.DEFAULT_FROM_EMAIL))
    return {*senders, *filter(None, (known.support_email, known.phone)), EXAMPLE, *channels}
