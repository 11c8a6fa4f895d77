"""Role × act × state, generated: what each may do with texts and flows, by the rules and by hand-made posts.

roles_matrix.txt is what the rules say, for a person to read; a cell that changes is a change to be meant.
`ROLES_MATRIX=write make test ARGS=tests/helpcenter/test_roles_matrix.py` writes it anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import TestCase, override_settings
from django.utils import timezone

from articles import review
from articles.models import Deed, Revision
from articles.review import Act
from articles.revision import Stage
from flows.models import FlowVersion
from tests.articles.desk import do, person, write
from tests.factories import make_flow, make_translation

pytestmark = pytest.mark.ignore_template_errors
FILE = Path(__file__).with_name("roles_matrix.txt")
STAGES = [Stage.WRITING, Stage.REVIEW, Stage.RETURNED, Stage.APPROVED, Stage.SCHEDULED, Stage.APPLIED]
NOW = timezone.now()
MOMENTS: dict[Stage, dict[str, Any]] = {
    Stage.WRITING: {},
    Stage.REVIEW: {"submitted_at": NOW},
    Stage.RETURNED: {"submitted_at": NOW, "returned_at": NOW},
    Stage.APPROVED: {"submitted_at": NOW, "approved_at": NOW},
    Stage.SCHEDULED: {"submitted_at": NOW, "approved_at": NOW, "apply_at": NOW + timedelta(days=9)},
}


class MatrixTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.writer = person("author", "writer")
        cls.people = {
            "its author": cls.writer,
            "another author": person("author", "author"),
            "editor": person("editor", "editor"),
            "translator en": person("translator-en", "translator-en"),
            "translator es": person("translator-es", "translator-es"),
            "agent": person("agent", "agent"),
            "administrator": get_user_model().objects.create_superuser("chief", password="password"),
            "staff without a group": get_user_model().objects.create_user("nobody", is_staff=True),
        }
        cls.works = {"text": cls.texts(), "flow": cls.flows()}

    @classmethod
    def texts(cls) -> dict[Stage, Revision]:
        works = {stage: write(make_translation(), cls.writer) for stage in STAGES}
        for stage, moments in MOMENTS.items():
            works[stage].mark(**moments)
        do(Act.PUBLISH, works[Stage.APPLIED], cls.people["editor"])
        return {stage: Revision.objects.get(pk=work.pk) for stage, work in works.items()}

    @classmethod
    def flows(cls) -> dict[Stage, FlowVersion]:
        works = {stage: make_flow().make_draft(cls.writer) for stage in STAGES}
        for stage, moments in MOMENTS.items():
            works[stage].mark(**moments)
        do(Act.PUBLISH, works[Stage.APPLIED], cls.people["editor"])
        return {stage: FlowVersion.objects.get(pk=work.pk) for stage, work in works.items()}

    def cells(self) -> Iterator[tuple[str, Act, Stage, Any, list[str]]]:
        for kind, works in self.works.items():
            for act in Act:
                for stage, work in works.items():
                    may = [role for role, user in self.people.items() if not review.refusal(act, work, user)]
                    yield kind, act, stage, work, may

    def table(self) -> str:
        lines = []
        for setting in ("off", "advised", "required"):
            with override_settings(REVIEW=setting):
                for kind, act, stage, _work, may in self.cells():
                    lines.append(f"{setting} | {kind} | {act} | {stage} | {', '.join(may) or '–'}")
        return "\n".join(lines) + "\n"

    def test_each_state_is_what_its_name_says(self):
        for works in self.works.values():
            assert [work.stage for work in works.values()] == STAGES

    def test_the_rules_are_those_of_the_file(self):
        if os.environ.get("ROLES_MATRIX") == "write":
            FILE.write_text(self.table(), encoding="utf-8")
        assert self.table().splitlines() == FILE.read_text(encoding="utf-8").splitlines()

    def test_whoever_may_not_cannot_by_a_hand_made_request_either(self):
        tried = 0
        for setting in ("off", "required"):
            with override_settings(REVIEW=setting):
                for _kind, act, stage, work, may in self.cells():
                    if stage not in (Stage.REVIEW, Stage.APPROVED):
                        continue
                    for role in self.people.keys() - set(may):
                        self.refused(act, work, self.people[role])
                        tried += 1
        assert tried > 250

    def refused(self, act: Act, work: Any, user: Any) -> None:
        self.client.force_login(user)
        before = self.state(work)
        given = {"act": act, "number": work.number, "words": "x", "days": "1", "at": "2099-01-01T09:00"}
        response = self.client.post(work.subject.work_url, given)
        assert response.status_code in (200, 403), (act, user)
        assert self.state(work) == before, (act, user)

    def state(self, work: Any) -> Any:
        row = type(work).objects.filter(pk=work.pk).values().get()
        return row, type(work.subject).objects.filter(pk=work.subject.pk).values().get(), Deed.objects.count()

    def test_whoever_may_can(self):
        """The control: the same requests, by those whom the rules let through, change something."""
        done = set()
        for _kind, act, _stage, work, may in self.cells():
            for role in may[:1]:
                with transaction.atomic():
                    self.client.force_login(self.people[role])
                    given = {"act": act, "number": work.number, "words": "x", "days": "1"}
                    given |= {"at": "2099-01-01T09:00"} if act == Act.SCHEDULE else {}
                    if self.client.post(work.subject.work_url, given).status_code == 302:
                        done.add(act)
                    transaction.set_rollback(True)
        # What can be kept or revoked must first be withdrawn or shared: see test_revisions, test_preview_links.
        assert done == set(Act) - {Act.KEEP, Act.REVOKE}
