"""The staff's groups: author, editor, agent, and a translator for each language.  Administrators are superusers.

Permissions do not exist yet while migrations run, hence a receiver of `post_migrate`.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

AUTHOR = {
    "articles.article": "add change view",
    "articles.translation": "add change view",
    "articles.image": "add view",  # a changed one would show in live texts
    "articles.category": "view",
    "articles.policyfact": "view",
    "articles.factvalue": "view",
    "articles.deed": "view",
    "articles.vote": "view",
    "articles.task": "add change view",
    "flows.flow": "view",
    "search.loggedsearch": "view",
    "flows.flowversion": "change view",
    "flows.step": "add change delete view",
    "flows.option": "add change delete view",
}
EDITOR = {
    "articles.article": "add change delete view",
    "articles.translation": "add change delete view publish review",
    "articles.image": "add change delete view",
    "articles.category": "add change delete view",
    "articles.policyfact": "add change delete view",
    "articles.factvalue": "add change delete view",
    "articles.deed": "view",
    "articles.vote": "view",
    "articles.task": "add change delete view",
    "articles.servicenotice": "add change delete view",
    "articles.brand": "change view",
    "articles.oldslug": "add change delete view",
    "flows.flow": "add change delete view publish review",
    "flows.flowversion": "add change delete view",
    "flows.step": "add change delete view",
    "flows.option": "add change delete view",
    "flows.topic": "add change delete view",
    "flows.topicdetail": "add change delete view",
    "flows.topicremedy": "add change delete view",
    "flows.detail": "add change delete view",
    "flows.detailchoice": "add change delete view",
    "flows.flowcase": "add change delete view",
    "flows.remedy": "add change delete view",
    "contact.channel": "add change delete view",
    "contact.solvedcount": "view",
    "search.synonym": "add change delete view",
    "search.searchcase": "add change delete view",
    "search.loggedsearch": "view",
    "search.searchcount": "view",
}
AGENT = {
    "articles.article": "view",
    "articles.translation": "view",
    "flows.flow": "view",
    "contact.contactrequest": "view answer",
    "contact.delivery": "view change",
    "contact.refusal": "view",
    "contact.channel": "view",
}
TRANSLATOR = {
    "articles.article": "view",
    "articles.translation": "view",
    "articles.vote": "view",
    "articles.task": "view",
    "articles.category": "view",
    "articles.policyfact": "view",
    "articles.factvalue": "view",
    "flows.flow": "view",
}
GROUPS = {"author": AUTHOR, "editor": EDITOR, "agent": AGENT}


def make_groups(sender: AppConfig, **kwargs: Any) -> None:
    """Each group exists with exactly its permissions, as often as migrations are run."""
    if sender.label != list(apps.app_configs)[-1]:
        return  # before the last app's turn some permissions are not there yet
    for name, permissions in GROUPS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(permissions))
    for code, _name in settings.LANGUAGES:
        group, _created = Group.objects.get_or_create(name=f"translator-{code}")
        group.permissions.set([*_permissions(TRANSLATOR), _may_translate(code)])


def _may_translate(language: str) -> Permission:
    """The permission to write this language; a row, not a migration, since a language is a setting."""
    kind = ContentType.objects.get_by_natural_key("articles", "translation")
    given = {"name": f"Can translate into {language}"}
    permission, _created = Permission.objects.get_or_create(
        given, content_type=kind, codename=f"translate_{language}"
    )
    return permission


def _permissions(wanted: dict[str, str]) -> list[Permission]:
    condition = Q(pk__in=[])
    for model, actions in wanted.items():
        app_label, name = model.split(".")
        codenames = [f"{action}_{name}" for action in actions.split()]
        condition |= Q(content_type__app_label=app_label, codename__in=codenames)
    return list(Permission.objects.filter(condition))
