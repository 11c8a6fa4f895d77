"""One more way in which people ask for a text, added from elsewhere than its form."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from . import review, writing
from .models import Translation
from .review import Act
from .stages import NotAllowed, Significance


@transaction.atomic
def add_keyword(translation: Translation, keyword: str, by: Any) -> bool:
    """The text's newest revision has the keyword; whether the search may use it now.

    It may not where somebody else's unapplied revision waits, or where the rules ask for a review first, or
    where something stops the text: then the keyword waits with it.  NotAllowed where the text cannot be written
    before somebody gives it another address.
    """
    writing.lock(translation)
    translation = Translation.objects.get(pk=translation.pk)
    newest = translation.newest
    texts = newest.texts if newest else translation.texts
    known = [line.strip() for line in texts["keywords"].splitlines() if line.strip()]
    is_waiting = translation.waiting is not None
    if keyword.casefold() in map(str.casefold, known):
        return not is_waiting
    texts |= {"keywords": "\n".join([*known, keyword])}
    note = _("Keyword from the searches: %(keyword)s") % {"keyword": keyword}
    revision = translation.write(texts, by=by, note=note[:300], significance=Significance.TYPO)
    if not translation.is_locked:
        return True
    if is_waiting or review.refusal(Act.PUBLISH, revision, by):
        return False
    try:
        review.do(Act.PUBLISH, revision, by)
    except NotAllowed:  # a check, or an address that another text has: it was so before
        return False
    return True
