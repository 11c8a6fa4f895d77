"""Categories, policy facts, pictures and articles from content files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.validators import validate_slug

from .contentfiles import Fields, Report, put, read_fields, read_front_matter, read_yaml
from .factfiles import import_fact
from .markdown import MAX_LENGTH
from .models import Article, Category, Image, Translation, languages
from .pictures import keep
from .staleness import put_in_step

CATEGORY = ("slug", "name", "description", "icon", "children")
NEUTRAL = ("category", "position", "featured")
ARTICLE = (*NEUTRAL, "slug", "title", "summary", "keywords", "published_at", "withdrawn_at")


def import_articles(folder: Path, report: Report) -> None:
    """What the folder says of this app is in the database, but for what the report tells."""
    path = folder / "categories.yaml"
    listed = (read_yaml(path, report) if path.is_file() else None) or []
    if not isinstance(listed, list):
        report.add(path, 1, "This file must be a list of categories.")
        listed = []
    _import_categories(listed, None, path, report)
    for key, fields in read_fields(folder / "facts.yaml", report).mappings():
        import_fact(key, fields)
    for path in sorted((folder / "media").glob("[!.]*.*")):  # not .DS_Store
        import_image(path.name, path, report)
    keys: dict[str, list[tuple[Fields, str, str]]] = {}
    for path in sorted((folder / "articles").glob("*.md")):
        key, _dot, language = path.stem.partition(".")
        fields, body, _line = read_front_matter(path, report)
        keys.setdefault(key, []).append((fields, language, body))
    for key, files in keys.items():
        _import_article(key, files)


def _import_categories(listed: list[Any], parent: Category | None, path: Path, report: Report) -> None:
    for position, fields in enumerate(listed):
        if not isinstance(fields, Fields):
            report.add(path, 1, "Each category must be a mapping.")
            continue
        fields.expect(*CATEGORY)
        values = {
            "name": fields.label("name", required=True),
            "description": fields.label("description"),
            "icon": fields.choice("icon", Category.Icon.values, parent.icon if parent else Category.Icon.MESSAGE),
            "parent": parent,
            "position": position,
        }
        category = put(Category, {"slug": slug_of(fields, "slug")}, values)
        children = fields.items_of("children")
        if parent and children:
            fields.mistake("Categories have two levels, not three.", "children")
        else:
            _import_categories(children, category, path, report)


def _import_article(key: str, files: list[tuple[Fields, str, str]]) -> None:
    first = files[0][0]
    if not re.fullmatch(r"[\w-]{1,50}", key, re.ASCII):  # as the desk takes it, and links name it
        first.mistake(
            f"“{key}” cannot be a key: 50 letters without accents, digits, hyphens and underscores at most."
        )
        return
    neutral = {
        name: fields[name] for fields, _language, _body in reversed(files) for name in NEUTRAL if name in fields
    }
    for fields, _language, _body in files:
        for name in NEUTRAL:
            if name in fields and fields[name] != neutral[name]:
                fields.mistake(f"“{name}” differs from the article's other files.", name)
    merged = Fields(first.path, first.report, first.line)
    merged.update(neutral)
    category = Category.objects.filter(slug=merged.text("category", required=True)).first()
    if category is None:
        first.mistake(f"There is no category “{merged.text('category')}”.", "category")
        return
    values = {
        "category": category,
        "position": merged.number("position"),
        "is_featured": merged.flag("featured"),
    }
    article = put(Article, {"key": key}, values)
    for fields, language, body in files:
        if language in dict(languages()):
            _import_translation(article, language, fields, body)
        else:
            fields.mistake(
                f"The file's name must end in .LANGUAGE.md; “{language}” is none of the site's languages."
            )
    put_in_step(article, {language for _fields, language, _body in files})


def _import_translation(article: Article, language: str, fields: Fields, body: str) -> None:
    fields.expect(*ARTICLE)
    published_at, withdrawn_at = fields.moment("published_at"), fields.moment("withdrawn_at")
    values = {
        "slug": slug_of(fields, "slug"),
        "title": fields.text("title", required=True, most=150),
        "summary": fields.text("summary", most=300),
        "keywords": "\n".join(str(keyword).strip() for keyword in fields.items_of("keywords")),
        "body": body,
        "published_at": published_at,
        "withdrawn_at": withdrawn_at,
    }
    if len(body) > MAX_LENGTH:
        fields.mistake(f"The text has {len(body)} characters; {MAX_LENGTH} are the most.")
    if not values["slug"]:
        return
    others = Translation.objects.filter(language=language, slug=values["slug"]).exclude(article=article)
    if other := others.first():
        fields.mistake(f"The slug is that of the article “{other.article.key}” already.", "slug")
        return
    if withdrawn_at and not (published_at and published_at < withdrawn_at):
        fields.mistake("“withdrawn_at” must be later than “published_at”.", "withdrawn_at")
        return
    put(Translation, {"article": article, "language": language}, values)


def slug_of(fields: Fields, name: str) -> str:
    slug = fields.text(name, required=True, most=150)
    try:
        validate_slug(slug or "-")
    except ValidationError:
        fields.mistake(f"“{name}” may hold only letters without accents, digits, hyphens and underscores.", name)
    return slug


def import_image(name: str, path: Path, report: Report) -> None:
    """The picture is stored under the digest of its bytes, with its size, so that pages do not jump."""
    if not re.fullmatch(r"[\w.-]{1,120}", name):  # a space or a bracket would end the name in a text
        report.add(path, 1, "A picture's name may hold only letters, digits, dots, hyphens and underscores.")
        return
    data = path.read_bytes()
    image = Image.objects.filter(name=name).first() or Image(name=name)
    if image.pk and image.sha256 == hashlib.sha256(data).hexdigest() and default_storage.exists(image.path):
        return
    try:
        keep(image, data, path.suffix)
    except ValueError as error:
        report.add(path, 1, str(error))
        return
    image.save()
