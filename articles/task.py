"""Something that somebody is to do to a text: because of what readers said, or because a colleague asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from . import trail
from .trail import What
from .vote import Reason, Vote

if TYPE_CHECKING:
    from .translation import Translation

NOBODY = Q(assigned_to=None) | Q(assigned_to__is_active=False) | Q(assigned_to__is_staff=False)


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def waiting_for(self, user: Any) -> Self:
        """Those that this person must do; an editor also those of nobody who could."""
        mine = Q(assigned_to=user.pk)
        return self.open().filter(mine | NOBODY if user.has_perm("articles.publish_translation") else mine)

    def with_people(self) -> Self:
        return self.select_related("translation", "assigned_to", "made_by", "done_by", "vote")


class Task(models.Model):
    """What is to be done to a text, by whom; done at a moment.

    A reader's own words stay with the vote, which forgets them in time, and are never copied here.
    """

    MOST_WORDS = 1_000

    translation = models.ForeignKey(
        "articles.Translation", verbose_name=gettext_lazy("text"), on_delete=models.CASCADE, related_name="tasks"
    )
    words = models.TextField(
        gettext_lazy("what is to be done"), max_length=MOST_WORDS, help_text=gettext_lazy("In a sentence or two.")
    )
    vote = models.ForeignKey(Vote, null=True, editable=False, on_delete=models.SET_NULL, related_name="tasks")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("assigned to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=gettext_lazy("Nobody: any editor."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("made by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    made_at = models.DateTimeField(gettext_lazy("made at"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(gettext_lazy("done at"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("done by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("task")
        verbose_name_plural = gettext_lazy("tasks")
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["assigned_to"], name="task_open", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return self.words

    def may_be_done_by(self, user: Any) -> bool:
        """Whose it is, and who may change every text."""
        return bool(self.assigned_to_id == user.pk or user.has_perm("articles.change_task"))


@transaction.atomic
def make(
    translation: Translation, words: str, by: Any, *, assigned_to: Any = None, vote: Vote | None = None
) -> Task:
    """The task is there, in the trail, and in a mail to whose it is."""
    task = Task.objects.create(
        translation=translation, words=words.strip(), vote=vote, assigned_to=assigned_to, made_by=by
    )
    tell(task, by)
    return task


def tell(task: Task, by: Any) -> None:
    """Whose task it is gets a mail, but not of what they gave themselves."""
    deed = trail.record(task.translation, What.TASK, by, words=task.words)
    with override(settings.LANGUAGE_CODE):
        said = _("There is something to do on “%(title)s”.") % {"title": task.translation.title}
        trail.tell(deed, [task.assigned_to], said, task.translation.work_url)


@transaction.atomic
def do(task: Task, by: Any) -> bool:
    """It is done, which the trail knows; false where somebody has done it already."""
    if not Task.objects.open().filter(pk=task.pk).update(done_at=timezone.now(), done_by=by):
        return False
    trail.record(task.translation, What.TASK_DONE, by, words=task.words)
    return True


@transaction.atomic
def undo(task: Task, by: Any) -> bool:
    """It is to be done after all; false where it was not done."""
    if not Task.objects.filter(pk=task.pk, done_at__isnull=False).update(done_at=None, done_by=None):
        return False
    trail.record(task.translation, What.TASK, by, words=task.words)
    return True


def words_for(reason: str) -> str:
    """What a task made of votes with this reason begins with."""
    match reason:
        case Reason.CONFUSING:
            return _("Readers find it confusing: say it more clearly.")
        case Reason.MISSING:
            return _("Readers miss something: add it.")
        case Reason.DID_NOT_WORK:
            return _("It did not work for readers: try every step, and correct it.")
    return _("Readers say something about it: look at their votes.")
