"""What an operator should hear before customers notice it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from .folder import IndexFolder


@register()
def the_index_is_private(**_: Any) -> list[CheckMessage]:
    """Who can write there runs code as the help center; what is there is not for everybody."""
    found: list[CheckMessage] = []
    for alias, options in settings.HAYSTACK_CONNECTIONS.items():
        path = Path(options["PATH"])
        for public in (settings.MEDIA_ROOT, settings.STATIC_ROOT):
            if path.resolve().is_relative_to(Path(public).resolve()):
                said = f"The search index “{alias}” lies in {public}, which is served to everybody."
                found.append(Error(said, hint="Set its PATH to a folder of its own.", id="search.E001"))
        if path.is_dir() and path.stat().st_mode & 0o077:
            said = f"Others than the owner may enter the search index in {path}."
            found.append(Warning(said, hint=f"chmod 700 {path}", id="search.W001"))
    return found


@register(deploy=True)
def the_index_is_there(**_: Any) -> list[CheckMessage]:
    missing = [
        options["LANGUAGE"]
        for options in settings.HAYSTACK_CONNECTIONS.values()
        if not IndexFolder(options["PATH"]).exists
    ]
    if not missing:
        return []
    said = f"There is no search index for {', '.join(missing)}; searches read titles from the database."
    return [Warning(said, hint="Start the worker, which builds it.", id="search.W002")]
