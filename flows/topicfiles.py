"""Topics with their details and remedies, from content files."""

from __future__ import annotations

from typing import Any

from articles.contentfiles import Fields, put
from articles.models import Article, Category, Image

from .models import Detail, DetailChoice, Remedy, Topic, TopicDetail, TopicRemedy
from .topics import LONG_ANSWER_DAYS, MOST_ANSWER_DAYS
from .wording import mistakes

TOPIC = ("category", "name", "answer_days", "details", "remedies", "wording")


def import_topics(topics: Fields) -> None:
    """What the file says of them is in the database, but for what its report tells."""
    topics.expect("details", "remedies", "topics")
    for key, fields in topics.children("details"):
        _import_detail(key, fields)
    for position, (key, fields) in enumerate(topics.children("remedies")):
        _import_remedy(key, fields, position)
    for position, (key, fields) in enumerate(topics.children("topics")):
        _import_topic(key, fields, position)


def category_of(fields: Fields) -> Category | None:
    slug = fields.text("category", required=True)
    found = Category.objects.filter(slug=slug).first()
    if slug and found is None:
        fields.mistake(f"There is no category “{slug}”.", "category")
    return found


def _import_detail(key: str, fields: Fields) -> None:
    fields.expect("label", "hint", "kind", "forms", "sentence", "picture", "choices")
    picture = fields.text("picture")
    if picture and not Image.objects.filter(name=picture).exists():
        fields.mistake(f"There is no picture “{picture}”.", "picture")
    values = {
        "label": fields.label("label", required=True),
        "hint": fields.label("hint"),
        "kind": fields.choice("kind", Detail.Kind.values, Detail.Kind.TEXT),
        "forms": fields.text("forms"),
        "sentence": fields.label("sentence"),
        "picture": Image.objects.filter(name=picture).first() if picture else None,
    }
    detail = put(Detail, {"key": key}, values)
    choices = dict(fields.children("choices"))
    if (values["kind"] == Detail.Kind.CHOICE) != bool(choices):
        fields.mistake("A choice, and nothing else, has “choices”.", "kind")
    detail.choices.exclude(key__in=choices).delete()
    for position, (name, label) in enumerate(choices.items()):
        put(DetailChoice, {"detail": detail, "key": name}, {"label": _label(label), "position": position})


def _import_remedy(key: str, fields: Fields, position: int) -> None:
    """A label by language, or a mapping of a label and its policy."""
    has_policy = "label" in fields
    if has_policy:
        fields.expect("label", "article", "wording")
    name = fields.text("article") if has_policy else ""
    article = Article.objects.filter(key=name).first() if name else None
    if name and article is None:
        fields.mistake(f"There is no article “{name}”.", "article")
    label = fields.label("label", required=True) if has_policy else _label(fields)
    wording = fields.label("wording") if has_policy else {}
    put(Remedy, {"key": key}, {"label": label, "article": article, "wording": wording, "position": position})


def _label(fields: Fields) -> dict[str, str]:
    return {code: fields.text(code) for code in fields}


def _import_topic(key: str, fields: Fields, position: int) -> None:
    fields.expect(*TOPIC)
    category = category_of(fields)
    if category is None:
        return
    values = {
        "category": category,
        "name": fields.label("name", required=True),
        "answer_days": _answer_days(fields),
        "wording": fields.label("wording"),
        "position": position,
    }
    topic = put(Topic, {"key": key}, values)
    wanted = [_topic_detail(fields, item) for item in fields.items_of("details")]
    for code, template in (values["wording"] or {}).items():
        for name in mistakes(template, (key for key, _required in wanted)):
            fields.mistake(f"The wording ({code}) names “{name}”, which is no detail of the topic.", "wording")
    topic.topic_details.exclude(detail__key__in=[name for name, _required in wanted]).delete()
    for place, (name, is_required) in enumerate(wanted):
        detail = Detail.objects.filter(key=name).first()
        if detail is None:
            fields.mistake(f"There is no detail “{name}”.", "details")
            continue
        values = {"is_required": is_required, "position": place}
        put(TopicDetail, {"topic": topic, "detail": detail}, values)
    _import_order(topic, fields)


def _import_order(topic: Topic, fields: Fields) -> None:
    """The topic has these remedies and no others, in the order of the file."""
    wanted = list(dict.fromkeys(str(name) for name in fields.items_of("remedies")))
    topic.topic_remedies.exclude(remedy__key__in=wanted).delete()
    for position, name in enumerate(wanted):
        if remedy := Remedy.objects.filter(key=name).first():
            put(TopicRemedy, {"topic": topic, "remedy": remedy}, {"position": position})
        else:
            fields.mistake(f"There is no remedy “{name}”.", "remedies")


def _answer_days(fields: Fields) -> Any:
    """A promise that nobody would wait for is not refused, and not made in silence; as in the admin."""
    days = fields.number("answer_days", 3)
    if not 1 <= days <= MOST_ANSWER_DAYS:
        fields.mistake(f"“answer_days” must be between 1 and {MOST_ANSWER_DAYS}.", "answer_days")
    elif days > LONG_ANSWER_DAYS:
        fields.warn(
            f"Customers are promised an answer within {days} working days: more than three weeks. Shorten it to "
            f"{LONG_ANSWER_DAYS} or less, or say in an article why it takes so long.",
            "answer_days",
        )
    return days


def _topic_detail(fields: Fields, item: Any) -> tuple[str, bool]:
    if isinstance(item, Fields):
        item.expect("detail", "optional")
        return item.text("detail", required=True), not item.flag("optional")
    return str(item), True
