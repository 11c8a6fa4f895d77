"""Which changes are recorded, and what in an index each of them touches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.signals import post_delete, post_save

from articles.models import Article, Category, PolicyFact, Translation
from articles.wake import wake_worker
from flows.models import Flow, FlowVersion

from .models import IndexChange

Keys = set[int]
Touched = dict[type[Model], Keys]


def listen() -> None:
    """From now on every save and delete of content leaves a row; the save never waits for an index."""
    for sender in (Translation, Article, Category, PolicyFact, Flow, FlowVersion):
        for signal in (post_save, post_delete):
            signal.connect(_record, sender=sender, dispatch_uid=f"search.{sender.__name__}")


def _record(instance: Model, using: str, **_rest: Any) -> None:
    changed, pk = (Flow, instance.flow_id) if isinstance(instance, FlowVersion) else (type(instance), instance.pk)
    IndexChange.objects.using(using).create(label=changed._meta.label_lower, object_pk=pk)
    wake_worker()


def touched_by(changes: Iterable[IndexChange]) -> Touched:
    """The translations and flows whose documents these changes may have changed."""
    keys: dict[str, Keys] = {}
    for change in changes:
        keys.setdefault(change.label, set()).add(change.object_pk)
    touched: Touched = {Translation: set(), Flow: set()}
    for label, of_label in keys.items():
        for model, found in TOUCHES.get(label, _nothing)(of_label).items():
            touched[model] |= set(found)
    return touched


Found = Mapping[type[Model], Iterable[int]]


def _nothing(keys: Keys) -> Found:
    return {}


def _of_articles(keys: Keys) -> Found:
    return {Translation: _keys(Translation.objects.filter(article__in=keys))}


def _of_categories(keys: Keys) -> Found:
    return {
        Translation: _keys(Translation.objects.filter(article__category__in=keys)),
        Flow: _keys(Flow.objects.filter(category__in=keys)),
    }


def _of_facts(keys: Keys) -> Found:
    # All texts with facts: one that was deleted or got another key can no longer be asked who used it.
    # Flows are few.
    using_facts = Q(body__contains="{{") | Q(summary__contains="{{")
    return {Translation: _keys(Translation.objects.filter(using_facts)), Flow: _keys(Flow.objects.all())}


def _keys(queryset: QuerySet[Any]) -> QuerySet[Any, int]:
    return queryset.values_list("pk", flat=True)


TOUCHES: dict[str, Callable[[Keys], Found]] = {
    Translation._meta.label_lower: lambda keys: {Translation: keys},
    Article._meta.label_lower: _of_articles,
    Category._meta.label_lower: _of_categories,
    PolicyFact._meta.label_lower: _of_facts,
    Flow._meta.label_lower: lambda keys: {Flow: keys},
}
