"""What each step's card on the map says: number, kind, title, rule, outcome, problems, figures, options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext, ngettext

from .columns import Box
from .figures import Figures
from .fitting import lines, shortened, width
from .graph import Due, Graph, Kind, Outcome, Step
from .labels import name_of
from .models import Step as StepRow
from .waiting import Unit, WaitRule
from .words import option_label

WIDTH, PAD = 264, 12
TITLE, SMALL = 16, 12  # sizes of letters; the title's are 14 px and bold, which makes them wider
ENTRY = 22  # where lines arrive, below the card's top
TITLE_LINE, NOTE_LINE, ROW = 19, 18, 26
ROOM = WIDTH - 2 * PAD


@dataclass(frozen=True)
class Remarks:
    """What the map says besides the steps themselves."""

    language: str
    address: str = ""  # of the page with all steps, where each has its id
    topics: Mapping[str, str] = field(default_factory=dict)  # their names, by key
    articles: Mapping[str, str] = field(default_factory=dict)  # their titles, by key
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)  # sentences, by the slug of a step
    warnings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    figures: Figures | None = None


@dataclass(frozen=True)
class Words:
    """A line of text where it stands, below the card's top."""

    y: int
    text: str
    tone: str = ""


@dataclass(frozen=True)
class Row:
    """An option, with the port that its line leaves by."""

    top: int
    y: int
    label: str
    words: str  # the label as long as it fits
    leads_to: str
    count: int | None

    @property
    def port(self) -> int:
        return self.top + ROW // 2


@dataclass(frozen=True)
class Card:
    number: int
    step: Step
    title: str
    kind: str
    url: str
    is_start: bool
    problems: Sequence[str]
    warnings: Sequence[str]
    words: Sequence[Words]
    rows: Sequence[Row]
    height: int
    figures: Figures | None

    @property
    def icon(self) -> str:
        """The name of the kind's sign, which for an outcome says how it ends."""
        return str(self.step.outcome or self.step.kind)

    @property
    def box(self) -> Box:
        return Box(self.step.slug, WIDTH, self.height, ENTRY, tuple(row.port for row in self.rows))

    @property
    def label(self) -> str:
        """What is heard: 3. Ask at the pick-up point, something to try, 1 problem."""
        said = [f"{self.number}. {self.title}", self.kind.lower()]
        said += [gettext("start")] * self.is_start + [gettext("urgent")] * self.step.is_urgent
        return ", ".join([*said, *_how_many(self.problems, self.warnings)])

    @property
    def about(self) -> str:
        """What a pointer that rests on it shows: the label, and all that is wrong, in full."""
        return "\n".join([self.label, *self.problems, *self.warnings])

    @property
    def arrived(self) -> int:
        return self.figures.arrived[self.step.slug] if self.figures else 0

    @property
    def handed_off(self) -> int:
        return self.figures.handed_off[self.step.slug] if self.figures else 0

    @property
    def left(self) -> int | None:
        """How many left here; nobody leaves at the end of the way."""
        if self.figures is None or self.step.kind == Kind.OUTCOME:
            return None
        return self.figures.left[self.step.slug]

    @property
    def share_left(self) -> str:
        return gettext("%(share)d%%") % {"share": self.figures.share_left(self.step.slug) if self.figures else 0}


def cards(graph: Graph, remarks: Remarks) -> list[Card]:
    """One for each step, in the editor's order."""
    return [_card(number, step, graph, remarks) for number, step in enumerate(graph.steps.values(), 1)]


def _card(number: int, step: Step, graph: Graph, remarks: Remarks) -> Card:
    title = name_of(step.title, step.slug, remarks.language)
    problems, warnings = remarks.problems.get(step.slug, ()), remarks.warnings.get(step.slug, ())
    words, y = [], ENTRY + 5
    for line in lines(title, ROOM, TITLE, 2):
        y += TITLE_LINE
        words.append(Words(y, line, "title"))
    for line, tone in _notes(step, problems, warnings, remarks):
        y += NOTE_LINE
        words.append(Words(y, shortened(line, ROOM, SMALL), tone))
    top = y + 11
    rows = [_row(top + ROW * place, step, place, graph, remarks) for place in range(len(step.options))]
    return Card(
        number=number,
        step=step,
        title=title,
        kind=kind_words(step),
        url=f"{remarks.address}#step-{step.slug}",
        is_start=number == 1,
        problems=problems,
        warnings=warnings,
        words=words,
        rows=rows,
        height=top + ROW * len(rows) + (0 if rows else 3),
        figures=remarks.figures,
    )


def kind_words(step: Step) -> str:
    """Something to try; of an outcome, how it ends."""
    if step.outcome:
        return str(StepRow.OutcomeChoices(step.outcome).label)
    return str(StepRow.KindChoices(step.kind).label)


def wait_words(rule: WaitRule | None) -> str:
    """How long after the date: 48 hours."""
    if rule is None or rule.amount is None:
        return gettext("no wait yet")
    forms = {
        Unit.HOURS: ngettext("%(count)d hour", "%(count)d hours", rule.amount),
        Unit.DAYS: ngettext("%(count)d day", "%(count)d days", rule.amount),
        Unit.WORKING_DAYS: ngettext("%(count)d working day", "%(count)d working days", rule.amount),
    }
    return gettext("Wait: %(time)s") % {"time": forms[rule.unit] % {"count": rule.amount}}


def _notes(
    step: Step, problems: Sequence[str], warnings: Sequence[str], remarks: Remarks
) -> Iterator[tuple[str, str]]:
    """The lines below the title, with their tones."""
    if step.is_urgent:
        yield gettext("Urgent"), "urgent"
    if step.kind == Kind.DATE:
        yield wait_words(step.wait), ""
    if step.outcome == Outcome.CONTACT and step.topic:
        yield gettext("Topic: %(name)s") % {"name": remarks.topics.get(step.topic, step.topic)}, ""
    if step.article:
        yield gettext("Article: %(name)s") % {"name": remarks.articles.get(step.article, step.article)}, ""
    for words in _how_many(problems, ()):
        yield words, "problem"
    for words in _how_many((), warnings):
        yield words, "warning"
    if remarks.figures:
        yield _came(step, remarks.figures), "figure"


def _came(step: Step, figures: Figures) -> str:
    """How many came, and what became of them where they did not go on."""
    slug = step.slug
    arrived = figures.arrived[slug]
    came = ngettext("%(count)d came", "%(count)d came", arrived) % {"count": arrived}
    parts = [came]
    if step.kind != Kind.OUTCOME:
        parts.append(gettext("%(share)d%% left here") % {"share": figures.share_left(slug)})
    if handed_off := figures.handed_off[slug]:
        parts.append(gettext("%(count)d to contact") % {"count": handed_off})
    return " · ".join(parts)


def _how_many(problems: Sequence[str], warnings: Sequence[str]) -> list[str]:
    said = []
    if count := len(problems):
        said.append(ngettext("%(count)d problem", "%(count)d problems", count) % {"count": count})
    if count := len(warnings):
        said.append(ngettext("%(count)d warning", "%(count)d warnings", count) % {"count": count})
    return said


def _row(top: int, step: Step, place: int, graph: Graph, remarks: Remarks) -> Row:
    option = step.options[place]
    label = _label(step, place, remarks.language)
    count = remarks.figures.chosen[step.slug, option.key] if remarks.figures else None
    room = ROOM - (0 if count is None else width(f"  {count}", SMALL))
    leads_to = option.leads_to if option.leads_to in graph.steps else ""
    return Row(top, top + 17, label, shortened(label, room, SMALL), leads_to or "", count)


def _label(step: Step, place: int, language: str) -> str:
    """The option in words: a date's and a try step's own, where the editor has written none; else its key."""
    option = step.options[place]
    given = {Due.TOO_EARLY: gettext("Too early"), Due.DUE: gettext("Due")}
    if step.kind == Kind.DATE and option.key in given and not any(option.label.values()):
        return given[Due(option.key)]
    try:
        return option_label(step, option, language)
    except ValueError:  # a step to try with an option that it must not have
        return option.key
