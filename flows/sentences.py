"""What is wrong with a flow, in a sentence that says how to mend it."""

from django.conf import settings
from django.utils.translation import gettext as _

from .graph import Kind, Outcome
from .problems import Code, Problem
from .waiting import Unit


def sentence(problem: Problem) -> str:
    """The problem in the editor's language, with the step it is about in front."""
    words = words_about(problem)
    return f"“{problem.step}”: {words}" if problem.step else words


def words_about(problem: Problem) -> str:
    """The same where the step is named already."""
    about = _missing_texts(problem.about) if problem.code == Code.LABEL else problem.about
    return _sentences()[problem.code].format(about=about)


def _missing_texts(about: str) -> str:
    """What the problem names as “title, en; yes, es”, as an editor knows it."""
    fields = {"title": _("title"), "text": _("text"), "because": _("because")}
    languages = dict(settings.LANGUAGES)
    option = _("option “%(key)s”")
    named = (part.rpartition(", ") for part in about.split("; "))
    return "; ".join(
        f"{fields.get(name, option % {'key': name})} ({languages.get(code, code)})" for name, _comma, code in named
    )


def _sentences() -> dict[Code, str]:
    return {
        Code.EMPTY: _("The flow has no steps. Add the first one."),
        Code.RESERVED: _("This slug is used by the pages themselves. Choose another one."),
        Code.DEAD_END: _("This step has no options, so customers get stuck here. Add some."),
        Code.LOST_OPTION: _("The option “{about}” does not say which step follows. Choose one."),
        Code.TRY_OPTIONS: _(
            "A step to try needs exactly the options “solved”, “not-solved” and “could-not”. Add or remove some."
        ),
        Code.DATE_OPTIONS: _("A date needs exactly the options “too-early” and “due”. Add or remove some."),
        Code.NO_WAIT: _(
            "A date needs its wait rule: how many hours (up to 2160), days (365) or working days (250)."
        ),
        Code.OUTCOME_OPTIONS: _("An outcome ends the flow. Remove its options, or make it a question."),
        Code.NO_OUTCOME: _("Say how it ends: solved, read an article, or contact us."),
        Code.NO_TOPIC: _("“Contact us” needs the topic of the request. Choose one."),
        Code.URGENT_END: _("An urgent step asks nothing more. Make it the outcome “contact us”, or not urgent."),
        Code.URGENT_WAIT: _("Nobody whose matter is urgent must wait. Lead here without a date before it."),
        Code.NO_ARTICLE: _("“Read this article” needs the article. Choose one."),
        Code.UNREACHABLE: _("No option leads to this step. Lead one here, or remove the step."),
        Code.LOOP: _("Customers would go round in a circle: {about}. Lead one option elsewhere."),
        Code.LABEL: _("There is no text yet for: {about}. Write it."),
        Code.NO_CONTACT: _("No path ends in “contact us”. Add such an outcome, and lead an option to it."),
        Code.HIDDEN: _("Readers cannot reach “{about}”. Publish it, or lead elsewhere."),
        Code.NOT_SURE: _(
            "Who does not know the answer gets stuck here. Add “I’m not sure”, where that is honest."
        ),
        Code.MANY_OPTIONS: _("{about} options are a lot to read. Seven or fewer; ask in two steps."),
        Code.LONG_PATH: _("The longest path has {about} steps. Ten or fewer; leave out what few need."),
        Code.BROKEN: _("The link {about}. Lead it elsewhere, or take it out."),
    }


def outline_word(word: str) -> str:
    """A word of an outline in the language of who reads it."""
    words = {
        "urgent": _("urgent"),
        "topic": _("topic"),
        "article": _("article"),
        "wait": _("wait"),
        "because": _("because"),
        Kind.QUESTION: _("question"),
        Kind.TRY: _("to try"),
        Kind.DATE: _("date"),
        Kind.OUTCOME: _("outcome"),
        Outcome.SOLVED: _("solved"),
        Outcome.READ: _("read"),
        Outcome.CONTACT: _("contact"),
        Unit.HOURS: _("hours"),
        Unit.DAYS: _("days"),
        Unit.WORKING_DAYS: _("working days"),
    }
    return words.get(word, word)
