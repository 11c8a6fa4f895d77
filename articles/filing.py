"""Where an article stands and who keeps it true: the doors to moving and assigning, one by one or many at once."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from . import trail
from .models import Article, Category
from .stages import NotAllowed
from .trail import What


def refusal_to_move(article: Article, by: Any) -> str:
    """Why this person may not move it; empty where they may."""
    if not by.has_perm("articles.change_article"):
        return _("Your role does not allow this.")
    is_live = any(found.is_locked for found in article.translations.all())
    if is_live and not by.has_perm("articles.publish_translation"):
        return _("Readers see it, or soon will: only who may publish moves it.")
    return ""


def refusal_to_assign(article: Article, by: Any) -> str:
    return "" if by.has_perm("articles.change_article") else _("Your role does not allow this.")


@transaction.atomic
def move(article: Article, category: Category, by: Any) -> None:
    """It stands in the category, and the trail says so; or NotAllowed, and nothing has changed."""
    found = _locked(article)
    if words := refusal_to_move(found, by):
        raise NotAllowed(words)
    before, found.category = found.category, category
    found.save(update_fields=["category"])
    note_move(found, before, by)


@transaction.atomic
def assign(article: Article, owner: Any, by: Any) -> None:
    """The owner keeps it true from now on, or nobody does, and the trail says so; or NotAllowed."""
    found = _locked(article)
    if words := refusal_to_assign(found, by):
        raise NotAllowed(words)
    before, found.owner = found.owner, owner
    found.save(update_fields=["owner"])
    note_assignment(found, before, by)


def note_move(article: Article, before: Category | None, by: Any) -> None:
    if before and before.pk != article.category_id:
        trail.record(article, What.MOVED, by, words=f"{before} → {article.category}")


def note_assignment(article: Article, before: Any, by: Any) -> None:
    if (before and before.pk) != article.owner_id:
        trail.record(article, What.ASSIGNED, by, words=f"{before or '–'} → {article.owner or '–'}")


def _locked(article: Article) -> Article:
    """The same as the database has it now; until the transaction ends nobody else changes it."""
    related = Article.objects.select_for_update(of=("self",)).select_related("category", "owner")
    found = related.filter(pk=article.pk).first()
    if found is None:
        raise NotAllowed(_("Somebody has deleted it meanwhile."))
    return found
