"""What is on its way to readers, and whose turn it is: asked of the database at once, for texts and for flows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from articles import people, review
from articles.models import Revision, Translation
from articles.stages import Stage
from articles.unsaved import Unsaved
from flows.models import Flow, FlowVersion

from .startpage import SHOWN, Item, Section

MOST = 200  # that are counted and listed
COLUMNS = ("order", "kind", "subject", "label", "stage_word", "who", "moment")
NONE = Value("", output_field=CharField())
# Who writes or reviews; whoever has none of these only reads, and nothing of this waits for them.
TAKES_PART = (
    "articles.change_translation",
    "articles.review_translation",
    "articles.publish_translation",
    "flows.change_flowversion",
    "flows.review_flow",
    "flows.publish_flow",
)

# By the moments that are set, as Reviewable.stage_of_review has it.
SCHEDULED = Q(apply_at__isnull=False)
APPROVED = Q(apply_at=None, approved_at__isnull=False)
RETURNED = Q(apply_at=None, approved_at=None, returned_at__isnull=False)
REVIEW = Q(apply_at=None, approved_at=None, returned_at=None, submitted_at__isnull=False)
WRITING = Q(apply_at=None, approved_at=None, returned_at=None, submitted_at=None)
STAGES = {
    Stage.APPROVED: APPROVED,
    Stage.RETURNED: RETURNED,
    Stage.REVIEW: REVIEW,
    Stage.WRITING: WRITING,
}


@dataclass(frozen=True)
class Row:
    """A text or a flow on its way, or something typed and never saved."""

    order: int
    kind: str
    subject: int
    label: str
    stage_word: str
    who: str
    moment: datetime

    @property
    def title(self) -> str:
        if self.kind == "form":
            when = date_format(timezone.localtime(self.moment), "DATETIME_FORMAT")
            return _("Typed and never saved: %(when)s") % {"when": when}
        return str(LazyI18nString(self.label)) if self.kind == "flow" else self.label

    @property
    def url(self) -> str:
        if self.kind == "form":
            return f"{self.label}?recover=1"
        return reverse("admin:flows_work" if self.kind == "flow" else "admin:articles_text", args=[self.subject])

    @property
    def note(self) -> str:
        """How far it has come, and with whom it is; of a form, what it is about."""
        if self.kind == "form":
            return self.who
        words = str(Stage(self.stage_word).label)
        return f"{words}: {self.who}" if self.who else words


def own(user: Any) -> list[Row]:
    """What this person must do next and what they typed and never saved; the oldest first, one query."""
    return _rows([_typed(user), *_texts(user, is_own=True), _flows(user, is_own=True)])


def others(user: Any) -> list[Row]:
    """What others must do next, that this person may look at."""
    return _rows([*_texts(user, is_own=False), _flows(user, is_own=False)])


def section(user: Any) -> Section | None:
    """What waits for this person; nothing for those who neither write nor review."""
    languages = [f"articles.translate_{code}" for code, _name in settings.LANGUAGES]
    if not any(map(user.has_perm, [*TAKES_PART, *languages])):
        return None
    rows = own(user)
    return Section(
        name="own",
        title=_("Waits for you"),
        clear=_("Nothing waits for you."),
        items=[_item(row) for row in rows[:SHOWN]],
        count=min(len(rows), MOST),
        is_more=len(rows) > MOST,
        all_url=reverse("admin:waiting"),
        is_urgent=True,
    )


def _item(row: Row) -> Item:
    if row.kind == "form":
        only_read = (_("Only read it"), reverse("admin:articles_unsaved", args=[row.subject]))
        return Item(row.title, row.url, row.note, only_read)
    return Item(row.title, row.url, row.note)


def _rows(branches: list[QuerySet[Any, Any]]) -> list[Row]:
    union = branches[0].union(*branches[1:], all=True)
    rows = [Row(*row) for row in union.order_by("the_order", "the_moment", "the_kind", "the_subject")[: MOST + 1]]
    typed = [row.subject for row in rows if row.kind == "form"]
    about = (
        {found.pk: found.about or _kind(found) for found in Unsaved.objects.filter(pk__in=typed)} if typed else {}
    )
    return [replace(row, who=about.get(row.subject, "")) if row.kind == "form" else row for row in rows]


def _kind(typed: Unsaved) -> str:
    """What the form is for, where nothing in it says so yet: a category."""
    try:
        model_admin = getattr(resolve(typed.place).func, "model_admin", None)
    except Resolver404:
        model_admin = None
    return capfirst(model_admin.opts.verbose_name) if model_admin else typed.place


def _typed(user: Any) -> QuerySet[Any, Any]:
    rows = Unsaved.objects.filter(user=user).order_by()
    return _columns(rows, 0, "form", F("pk"), F("place"), NONE, NONE, F("kept_at"))


def _texts(user: Any, *, is_own: bool) -> list[QuerySet[Any, Any]]:
    """Of each text that is on its way to readers the newest revision: they see an older one, or none yet."""
    newer = Revision.objects.filter(
        translation=OuterRef("translation"), discarded_at=None, number__gt=OuterRef("number")
    )
    rows = Revision.objects.filter(~Exists(newer), ~SCHEDULED, discarded_at=None).order_by()
    if not (user.has_perm("articles.change_translation") or user.has_perm("articles.review_translation")):
        written = [code for code, _name in settings.LANGUAGES if user.has_perm(f"articles.translate_{code}")]
        rows = rows.filter(translation__language__in=written)
    turn = _turn(user, Translation.PERMISSIONS)
    rows = rows.filter(turn if is_own else ~turn)
    # A draft that was never handed on is its writer's to finish, and nobody else's business yet.
    unseen = Q(translation__published_at=None) & (Q(author=user) | Q(submitted_at__isnull=False))
    replacing = rows.filter(Q(translation__published_at__isnull=False) | unseen, applied_at=None)
    first = rows.filter(unseen, applied_at__isnull=False)
    columns = F("translation"), F("title"), _stage(), _who(), F("created_at")
    return [_columns(found, 1, "text", *columns) for found in (replacing, first)]


def _flows(user: Any, *, is_own: bool) -> QuerySet[Any, Any]:
    """The draft version of each flow that is not scheduled."""
    rows = FlowVersion.objects.filter(~SCHEDULED, published_at=None).order_by()
    if not (user.has_perm("flows.change_flowversion") or user.has_perm("flows.review_flow")):
        rows = rows.none()
    turn = _turn(user, Flow.PERMISSIONS)
    rows = rows.filter(turn if is_own else ~turn)
    return _columns(rows, 1, "flow", F("flow"), F("flow__title"), _stage(), _who(), F("created_at"))


def _turn(user: Any, permissions: dict[str, str]) -> Q:
    """Whether it is this person's turn: the same as review.next_actors says of one work, asked of all at once."""
    is_author, may_review = Q(author=user), _may("reviewer", permissions["review"])
    is_fit = may_review & ~Q(reviewer=F("author")) if review.is_on() else Q(pk__in=[])
    named = is_fit & Q(reviewer=user)
    anybody = ~is_fit & ~is_author if user.has_perm(permissions["review"]) else Q(pk__in=[])
    author_may, approver_may = _may("author", permissions["publish"]), _may("approved_by", permissions["publish"])
    publishes = (author_may & is_author) | (~author_may & approver_may & Q(approved_by=user))
    if user.has_perm(permissions["publish"]):
        publishes |= ~author_may & ~approver_may
    to_write = (WRITING | RETURNED) & is_author
    return to_write | (REVIEW & (named | anybody)) | (APPROVED & publishes)


def _may(field: str, permission: str) -> Q:
    # Not by Exists: who may is asked once, not for each work.
    return Q(**{f"{field}__in": people.holders(permission).order_by().values("pk")})


def _stage() -> Case:
    return Case(
        *(When(condition, then=Value(str(stage.value))) for stage, condition in STAGES.items()),
        output_field=CharField(),
    )


def _who() -> Case:
    """Whose turn it is, where that is one person."""
    return Case(
        When(REVIEW, then=Coalesce(F("reviewer__username"), NONE)),
        When(WRITING | RETURNED, then=Coalesce(F("author__username"), NONE)),
        default=NONE,
        output_field=CharField(),
    )


def _columns(rows: QuerySet[Any], order: int, kind: str, *columns: Any) -> QuerySet[Any, Any]:
    """The rows as these columns, the same of every kind, so that one query asks for all kinds."""
    values = dict(zip(COLUMNS, (Value(order), Value(kind, output_field=CharField()), *columns), strict=True))
    return rows.annotate(**{f"the_{name}": value for name, value in values.items()}).values_list(
        *(f"the_{name}" for name in COLUMNS)
    )
