"""Where everything is used is known, all of it, at the same price however many texts there are."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from articles import usedby, uses
from articles.models import Article, PolicyFact, TextUse, Translation
from articles.review import Act
from articles.uses import Kind, Place, State, named_in
from flows import usedby as flows_usedby
from flows.labels import texts
from flows.models import Detail, Flow, Remedy, Step, StepUse, Topic, TopicUse
from helpcenter.content import import_folder
from tests.articles.desk import do, person, write
from tests.factories import both, make_article, make_category, make_fact, make_flow, make_topic, make_translation


class TextTests(SimpleTestCase):
    def test_every_way_in_which_markdown_writes_a_target(self):
        ways = {
            "[x](article:a-b)": ("article", "a-b"),
            "[x](<article:a-b>)": ("article", "a-b"),
            '[x](article:a-b "Title")': ("article", "a-b"),
            "[x](article:a-b#s-part)": ("article", "a-b"),
            "[x][1]\n\n[1]: article:a-b": ("article", "a-b"),
            "<article:a-b>": ("article", "a-b"),
            "[![x](image:p.png)](flow:f)": ("image", "p.png"),
            "![x](image:photo(1).png)": ("image", "photo(1).png"),
            "![x](<image:my photo.png>)": ("image", "my photo.png"),
            "[x](flow:parcel-late).": ("flow", "parcel-late"),
            "{{return_days}} and {{ return_days }}": ("fact", "return_days"),
        }
        for text, named in ways.items():
            with self.subTest(text=text):
                assert named in named_in(text)

    def test_words_that_name_nothing(self):
        for text in ("An article: this one.", "https://x.test/article:a", "myarticle:a", "{{ Not a fact }}", ""):
            with self.subTest(text=text):
                assert named_in(text) == set()


def found(kind: str, key: str) -> list[tuple[str, State]]:
    return [(place.title, place.state) for place in uses.places(kind, key)]


class StateTests(TestCase):
    def setUp(self) -> None:
        self.by = person("editor")
        self.text = make_translation(title="Returns", body="{{ days }}")

    def test_what_readers_see_and_what_only_waits(self):
        make_fact("days", 3)
        make_translation(make_article(key="other"), title="Other")
        revision = write(self.text, self.by, body="{{ days }} [x](article:other)")
        assert found(Kind.FACT, "days") == [("Returns", State.LIVE)]
        assert found(Kind.ARTICLE, "other") == [("Returns", State.WAITING)]
        do(Act.PUBLISH, revision, self.by)
        assert found(Kind.ARTICLE, "other") == [("Returns", State.LIVE)]

    def test_what_the_newest_no_longer_names_is_still_what_readers_see(self):
        revision = write(self.text, self.by, body="Nothing.")
        assert found(Kind.FACT, "days") == [("Returns", State.LIVE)]
        do(Act.PUBLISH, revision, self.by)
        assert found(Kind.FACT, "days") == []

    def test_what_is_discarded_names_nothing_and_what_is_planned_does(self):
        make_flow(slug="f")
        revision = write(self.text, self.by, body="[x](flow:f)")
        do(Act.SCHEDULE, revision, self.by, at=timezone.now() + timedelta(days=1))
        newer = write(self.text, self.by, body="[x](image:i.png)")
        assert found(Kind.FLOW, "f") == found(Kind.IMAGE, "i.png") == [("Returns", State.WAITING)]
        do(Act.DISCARD, newer, self.by)
        assert found(Kind.IMAGE, "i.png") == []
        do(Act.UNSCHEDULE, revision, self.by)
        do(Act.DISCARD, revision, self.by)
        assert found(Kind.FLOW, "f") == []

    def test_a_text_that_readers_do_not_see(self):
        make_translation(title="Draft", body="{{ hours }}", published=False)
        assert found(Kind.FACT, "hours") == [("Draft", State.HIDDEN)]

    def test_a_text_that_is_gone_uses_nothing(self):
        self.text.article.delete()
        assert found(Kind.FACT, "days") == []

    def test_a_summary_too(self):
        make_translation(title="Short", summary="{{ hours }}")
        assert found(Kind.FACT, "hours") == [("Short", State.LIVE)]


class FlowTests(TestCase):
    def test_steps_by_version_each_once(self):
        article = make_article(key="late")
        fact = make_fact("days", 3)
        steps: dict[str, dict[str, Any]] = {
            "start": {"kind": "date", "wait_fact": fact, "wait_reason": both("{{ days }} days"), "options": {}},
            "read": {"kind": "outcome", "outcome": "read", "article": article, "body": both("[x](flow:other)")},
        }
        flow = make_flow("parcel", steps, published=False)
        whats = [(place.title, place.what, place.state) for place in uses.places(Kind.FACT, "days")]
        assert whats == [
            ("Flow parcel (en)", "flow, step “start”: text", State.WAITING),
            ("Flow parcel (en)", "flow, step “start”: wait rule", State.WAITING),
        ]
        assert [place.state for place in uses.places(Kind.ARTICLE, "late")] == [State.WAITING]
        assert found(Kind.FLOW, "other") == [("Flow parcel (en)", State.WAITING)]
        version = flow.draft_version
        assert version is not None
        version.mark(published_at=timezone.now())
        Flow.objects.update(published_version=version)
        flow.refresh_from_db()
        flow.make_draft()
        assert found(Kind.FLOW, "other") == [("Flow parcel (en)", State.LIVE)]

    def test_an_earlier_version_uses_what_it_counts_with_and_no_words(self):
        fact = make_fact("days", 3)
        flow = make_flow("parcel")
        old = flow.published_version
        start = Step.objects.get(slug="start")
        start.body, start.wait_fact = both("{{ days }}"), fact
        start.save()
        new = flow.make_draft()
        new.steps.filter(slug="start").update(wait_fact=None)
        changed = new.steps.get(slug="start")
        changed.body = {}
        changed.save()
        new.publish()
        assert old != new
        assert [place.what for place in uses.places(Kind.FACT, "days")] == ["flow, step “start”: wait rule"]
        assert found(Kind.FACT, "days") == [("Flow parcel (en)", State.EARLIER)]

    def test_topics_remedies_details_and_what_a_category_holds(self):
        topic = make_topic(wording=both("{{ days }}"))
        make_flow(category=topic.category)
        text = make_translation(make_article(category=topic.category, key="policy"))
        Remedy.objects.create(key="refund", label=both("Refund"), article=text.article)
        assert [place.what for place in uses.places(Kind.FACT, "days")] == ["topic, worded request"]
        assert [place.what for place in uses.places(Kind.ARTICLE, "policy")] == ["remedy, its policy"]
        whats = [place.what for place in uses.places(Kind.CATEGORY, topic.category.slug)]
        assert sorted(whats) == ["article, English", "flow", "topic"]


def expected_of_facts() -> dict[str, set[str]]:
    """By fact, the places that the rows themselves show when all of them are read."""
    wanted: dict[str, set[str]] = {key: set() for key in PolicyFact.objects.values_list("key", flat=True)}
    place = re.compile(r"\{\{\s*(\w+)\s*\}\}")
    for text in Translation.objects.all():
        for key in place.findall(f"{text.summary} {text.body}"):
            wanted[key].add(f"{text.title} / article, {text.get_language_display()}")
    for step in Step.objects.select_related("version__flow", "wait_fact"):
        said = " ".join([*texts(step.body).values(), *texts(step.wait_reason).values()])
        for key in place.findall(said):
            wanted[key].add(f"{step.version.flow} / flow, step “{step.slug}”: text")
        if step.wait_fact:
            wanted[step.wait_fact.key].add(f"{step.version.flow} / flow, step “{step.slug}”: wait rule")
    for topic in Topic.objects.all():
        for key in place.findall(" ".join(texts(topic.wording).values())):
            wanted[key].add(f"{topic} / topic, worded request")
    return wanted


def known_of_facts() -> dict[str, set[str]]:
    def key_of(place: Place) -> str:
        return f"{place.title} / {place.what}"

    keys = PolicyFact.objects.values_list("key", flat=True)
    return {key: {key_of(place) for place in uses.places(Kind.FACT, key)} for key in keys}


class DemoTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []
        wording = Topic.objects.exclude(wording="").first()
        assert wording is not None
        wording.wording = {code: words + " {{ answer_days }}" for code, words in texts(wording.wording).items()}
        wording.save()

    def test_every_place_of_a_fact_is_in_its_list_and_no_other(self):
        assert known_of_facts() == expected_of_facts()
        total = sum(len(places) for places in expected_of_facts().values())
        assert total > 100
        assert sum(uses.counts(Kind.FACT, list(expected_of_facts())).values()) == total

    def test_without_one_of_its_rows_it_is_not(self):
        """The control."""
        for model in (TextUse, StepUse, TopicUse):
            row = model._default_manager.filter(kind=Kind.FACT).first()
            assert row is not None
            row.delete()
            with self.subTest(model=model):
                assert known_of_facts() != expected_of_facts()
            type(row)._default_manager.bulk_create([row])
        assert known_of_facts() == expected_of_facts()

    def test_every_link_and_picture_is_in_the_list_of_its_target(self):
        link = re.compile(r"\]\((article|flow|image):([\w.-]+)")
        checked = 0
        for text in Translation.objects.all():
            for kind, key in link.findall(text.body):
                assert text.title in [place.title for place in uses.places(kind, key)], (kind, key)
                checked += 1
        for step in Step.objects.select_related("version__flow", "article"):
            named = link.findall(" ".join(texts(step.body).values()))
            for kind, key in [*named, *([("article", step.article.key)] if step.article else [])]:
                where = [place.what for place in uses.places(kind, key)]
                assert any(f"“{step.slug}”" in what for what in where), (kind, key)
                checked += 1
        for detail in Detail.objects.exclude(picture=None).select_related("picture"):
            assert detail.picture and uses.places(Kind.IMAGE, detail.picture.name)
        assert checked > 200

    def test_what_came_in_past_the_texts_own_save_is_mended_by_the_worker(self):
        before = known_of_facts()
        TextUse.objects.all().delete()
        StepUse.objects.all().delete()
        TopicUse.objects.all().delete()
        assert known_of_facts() != before
        usedby.mend(every=0)
        flows_usedby.mend(every=0)
        assert known_of_facts() == before


class PriceTests(TestCase):
    def grow(self, count: int) -> None:
        category = make_category()
        start = Article.objects.count()
        articles = [Article(key=f"many-{number}", category=category) for number in range(start, start + count)]
        Article.objects.bulk_create(articles)
        body = "{{ days }} [x](article:a)"
        made = [
            Translation(article=article, language="en", title=article.key, slug=article.key, body=body)
            for article in Article.objects.filter(translations=None)
        ]
        Translation.objects.bulk_create(made)
        usedby.mend(every=0)

    def test_as_many_queries_with_1000_texts_as_with_50(self):
        make_fact("days", 3)
        step = {"kind": "outcome", "outcome": "read", "body": both("{{ days }}")}
        make_flow("parcel", {"start": step}, published=False)
        self.grow(50)
        with self.assertNumQueries(8):
            assert uses.used(Kind.FACT, "days").count == 51
        with self.assertNumQueries(4):
            assert uses.counts(Kind.FACT, ["days"]) == {"days": 51}
        self.grow(950)
        with self.assertNumQueries(8):
            some = uses.used(Kind.FACT, "days")
        assert (some.count, len(some.places), some.more) == (1001, 201, 800)
        with self.assertNumQueries(4):
            assert uses.counts(Kind.FACT, ["days"]) == {"days": 1001}
