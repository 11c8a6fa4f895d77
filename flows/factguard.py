"""Which values of a policy fact flows could not count with."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from articles.policyfact import Said

from .models import Step
from .waiting import Unit, WaitRule


def why_not(key: str, given: Said) -> Iterator[str]:
    """Why a policy fact may not have this value: for each flow that counts with it and could not."""
    steps = Step.objects.filter(wait_fact__key=key).select_related("version__flow")
    seen = set()
    for step in steps:
        flow = step.version.flow
        is_walked = step.version.is_draft or flow.published_version_id == step.version_id
        number = given.number
        whole = int(number) if number is not None and number == int(number) else None
        rule = WaitRule(whole, Unit(step.wait_unit))
        if is_walked and not rule.is_sound and (flow.pk, step.slug) not in seen:
            seen.add((flow.pk, step.slug))
            yield gettext(
                "The flow “%(flow)s” waits this long at its step “%(step)s”: it must be a whole number of "
                "%(unit)s from 0 to %(most)d."
            ) % {"flow": flow, "step": step.slug, "unit": step.get_wait_unit_display(), "most": rule.most}
