"""What can be better in a text before it is published: the rules, without the database.

Each rule yields findings; what they need of the rest of the help center is handed to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import facts, lookalikes, readability
from .checklist import Check
from .findings import Finding, Surroundings, Target, Text
from .lookalikes import What
from .markdown import DECORATION
from .readability import Band
from .reading import Held, read, split

LONGEST_TITLE, LONGEST_SUMMARY = 70, 200
MOST_LISTED = 7  # of one check, one by one
FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|webp|svg|heic)|(?:IMG|DSC|Screenshot)[\w-]*\d+", re.IGNORECASE)


def findings(text: Text, held: Held, around: Surroundings) -> Iterator[Finding]:
    """All that can be found without asking anybody, the gravest checks first; of each a few, and how many more."""
    found = [
        links(text, held, around),
        anchors(text, held, around),
        unknown_facts(held),
        alternatives(held),
        external(held, around),
        headings(held),
        title(text),
        summary(text, around),
        keywords(text),
        hard_to_read(text, around),
        long_sentences(text, around),
        *personal(text, around),
    ]
    for some in found:
        yield from _few(list(some))


def _few(found: list[Finding]) -> Iterator[Finding]:
    """Those that cannot be mild first, so that what stops a text is among them."""
    listed = sorted(found, key=lambda one: one.is_mild)
    yield from listed[:MOST_LISTED]
    if (more := len(listed) - MOST_LISTED) > 0:
        words = ngettext("%(count)s more of this kind.", "%(count)s more of this kind.", more)
        yield replace(listed[MOST_LISTED], words=words % {"count": more}, line=None)


def links(text: Text, held: Held, around: Surroundings) -> Iterator[Finding]:
    for link in held.links:
        kind, key, _anchor = split(link.target)
        given = {"name": f"{kind}:{key}"}
        if kind == "article" and key != text.key:
            target = around.articles.get(key)
            if target is None:
                yield Finding(Check.LINKS, "body", _("There is no article “%(name)s”.") % given, link.line)
            elif target.anchors is None:
                yield _unreachable(target, key, link.line)
        elif kind == "flow" and key not in around.flows:
            words = _("There is no guide “%(name)s” that readers can reach in this language.") % given
            yield Finding(Check.LINKS, "body", words, link.line)
    for picture in held.pictures:
        kind, key, _anchor = split(picture.target)
        if kind != "image":
            words = _("A picture of another site is not shown: “%(name)s”. Upload it here.")
            yield Finding(Check.LINKS, "body", words % {"name": picture.target[:80]}, picture.line)
        elif key not in around.images:
            words = _("There is no image “%(name)s”.") % {"name": picture.target}
            yield Finding(Check.LINKS, "body", words, picture.line)


def _unreachable(target: Target, key: str, line: int | None) -> Finding:
    given = {"title": target.title or key, "name": f"article:{key}"}
    if target.waits_for_us:
        words = _("“%(title)s” (%(name)s) is not published yet and links here too: publish it next.")
    else:
        words = _("Readers cannot reach “%(title)s” (%(name)s). Publish it first, or take the link out.")
    return Finding(Check.LINKS, "body", words % given, line, is_mild=target.waits_for_us)


def anchors(text: Text, held: Held, around: Surroundings) -> Iterator[Finding]:
    """Parts of this text or of a linked one that no heading has."""
    for link in held.links:
        kind, key, anchor = split(link.target)
        is_own = link.target.startswith("#") or (kind == "article" and key == text.key)
        target = around.articles.get(key) if kind == "article" else None
        there = held.anchors if is_own else target.anchors if target else None
        if not anchor or there is None or anchor in there:
            continue
        known = ", ".join(f"#{name}" for name in sorted(there)[:8]) or "–"
        if is_own:
            words = _("This text has no heading “#%(anchor)s”. It has: %(known)s") % {
                "anchor": anchor,
                "known": known,
            }
        else:
            words = _("“%(name)s” has no heading “#%(anchor)s”. It has: %(known)s") % {
                "name": f"article:{key}",
                "anchor": anchor,
                "known": known,
            }
        yield Finding(Check.ANCHORS, "body", words, link.line)


def unknown_facts(held: Held) -> Iterator[Finding]:
    for key, line in held.unknown_facts:
        words = _("There is no policy fact “%(key)s”. Make it first, or correct its name.") % {"key": key}
        yield Finding(Check.FACTS, "body", words, line)


def alternatives(held: Held) -> Iterator[Finding]:
    for picture in held.pictures:
        given = {"name": picture.target.removeprefix("image:")}
        if not picture.words:
            words = _(
                "“%(name)s” says nothing to who cannot see it. Write in the brackets what it shows, or - where it "
                "is mere decoration."
            )
        elif picture.words != DECORATION and (
            picture.words == given["name"] or FILE_NAME.fullmatch(picture.words)
        ):
            words = _("“%(name)s” is described by a file name. Write in the brackets what it shows.")
        else:
            continue
        yield Finding(Check.ALTERNATIVES, "body", words % given, picture.line)


def external(held: Held, around: Surroundings) -> Iterator[Finding]:
    for link in held.external:
        if said := around.broken.get(link.target):
            words = _("%(address)s %(said)s.") % {"address": link.target, "said": said}
            yield Finding(Check.EXTERNAL, "body", words, link.line)


def headings(held: Held) -> Iterator[Finding]:
    before = 1  # the title
    for heading in held.headings:
        if heading.level == 1:
            words = _("“%(words)s” is on the level of the title. Headings of a text start at ##.")
            yield Finding(Check.HEADINGS, "body", words % {"words": heading.words}, heading.line)
        elif heading.level > before + 1:
            given = {"words": heading.words, "given": "#" * heading.level, "wanted": "#" * (before + 1)}
            if before == 1:
                words = _("“%(words)s” skips a level: below the title comes %(wanted)s, not %(given)s.") % given
            else:
                given["before"] = "#" * before
                words = _("“%(words)s” skips a level: after %(before)s comes %(wanted)s, not %(given)s.") % given
            yield Finding(Check.HEADINGS, "body", words, heading.line)
        before = max(heading.level, 2)


def title(text: Text) -> Iterator[Finding]:
    if (length := len(text.title)) > LONGEST_TITLE:
        words = _("The title has %(length)s characters; lists and search engines cut it after %(most)s.")
        yield Finding(Check.TITLE, "title", words % {"length": length, "most": LONGEST_TITLE})


def summary(text: Text, around: Surroundings) -> Iterator[Finding]:
    length = len(facts.fill_with(text.summary, around.facts).strip())
    if not length:
        words = _("There is no summary. Lists and search results show it, and many need nothing more.")
        yield Finding(Check.SUMMARY, "summary", words)
    elif length > LONGEST_SUMMARY:
        words = _("The summary has %(length)s characters. Answer in %(most)s or fewer; the text has the rest.")
        yield Finding(Check.SUMMARY, "summary", words % {"length": length, "most": LONGEST_SUMMARY})


def keywords(text: Text) -> Iterator[Finding]:
    if not text.keywords.strip():
        words = _(
            "There are no keywords. Write how customers ask this, one way on each line: search needs them most."
        )
        yield Finding(Check.KEYWORDS, "keywords", words)


def ease(text: Text, around: Surroundings) -> readability.Ease | None:
    return readability.ease(facts.fill_with(text.body, around.facts), text.language)


def hard_to_read(text: Text, around: Surroundings) -> Iterator[Finding]:
    found = ease(text, around)
    if found and found.is_hard:
        words = _("%(said)s Aim for %(aim)s: shorter sentences, and shorter words.")
        yield Finding(Check.READABILITY, "body", words % {"said": ease_in_words(found), "aim": found.aim})


def ease_in_words(found: readability.Ease) -> str:
    """The number with what it means."""
    said = {
        Band.VERY_EASY: _("very easy, as in a comic"),
        Band.EASY: _("easy for nearly everybody"),
        Band.PLAIN: _("plain, as in a newspaper"),
        Band.HARD: _("hard, as in a specialist’s magazine"),
        Band.VERY_HARD: _("very hard, as in a contract"),
    }
    words = _("Reading ease: %(score)s of 100 (%(formula)s): %(said)s; %(count)s words to a sentence.")
    return words % {
        "score": found.score,
        "formula": found.formula,
        "said": said[found.band],
        "count": found.words_per_sentence,
    }


def long_sentences(text: Text, around: Surroundings) -> Iterator[Finding]:
    for sentence in readability.long_sentences(facts.fill_with(text.body, around.facts), text.language):
        begins = " ".join(sentence.words.split()[:5])
        words = _("The sentence “%(begins)s …” has %(count)s words. Make two of it.")
        given = {"begins": begins, "count": sentence.count}
        yield Finding(Check.SENTENCES, "body", words % given, sentence.line)


def personal(text: Text, around: Surroundings) -> Iterator[Iterator[Finding]]:
    """What looks like somebody's, field by field."""
    for name in ("title", "summary", "keywords", "body"):
        yield _personal_in(name, getattr(text, name), around)


def _personal_in(name: str, said: str, around: Surroundings) -> Iterator[Finding]:
    sentences = {
        What.EMAIL: _("“%(words)s” looks like somebody’s e-mail address."),
        What.PHONE: _("“%(words)s” looks like somebody’s telephone number."),
        What.CARD: _("“%(words)s” looks like the number of a payment card."),
        What.ACCOUNT: _("“%(words)s” looks like a bank account."),
        What.IDENTITY: _("“%(words)s” looks like an identity number."),
        What.REFERENCE: _("“%(words)s” looks like the reference of a request."),
        What.NUMBER: _("“%(words)s” looks like the number of an order or a customer."),
    }
    for found in lookalikes.personal_in(said, around.own_contacts, around.country):
        line = found.line if name in ("body", "keywords") else None
        yield Finding(Check.PERSONAL, name, sentences[found.what] % {"words": found.words}, line)


def held_by(text: Text, known_facts: Mapping[str, str]) -> Held:
    return read(text.body, known_facts)
