"""Links to other sites in the steps of flows: known to the worker, listed where broken, and warned of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import TestCase, override_settings
from django.utils import timezone

from articles import linkcheck
from articles.external import digest
from articles.models import ExternalLink, LinkUse
from flows import checking, linkedby
from flows.models import Flow, FlowVersion, Step, StepLink
from flows.problems import Code
from tests.articles.desk import person
from tests.articles.test_link_check import at
from tests.articles.webservers import site
from tests.factories import FewerThan, both, make_flow, make_staff, make_topic, make_translation

pytestmark = pytest.mark.ignore_template_errors

GONE = "https://gone.example/a"
PAGE = "/admin/articles/article/links/"


def make_linked(slug: str = "", *, published: bool = True, **bodies: str) -> Flow:
    """A flow whose first step has these texts, by language."""
    end = {"kind": "outcome", "outcome": "contact", "topic": make_topic()}
    body = {"en": "-", "es": "-"} | bodies
    steps = {"start": {"options": {"not-sure": "end"}, "body": body}, "end": end}
    return make_flow(slug, steps, published=published)


def held(version: FlowVersion | None) -> set[str]:
    return set(StepLink.objects.filter(step__version=version).values_list("link__address", flat=True))


def known() -> set[str]:
    return set(ExternalLink.objects.values_list("address", flat=True))


def write(version: FlowVersion, slug: str, **bodies: str) -> None:
    step = version.steps.get(slug=slug)
    step.body = {"en": "-", "es": "-"} | bodies
    step.save()


def broken(*addresses: str) -> None:
    now = timezone.now()
    for address in addresses:
        found = {"status": 404, "checked_at": now, "failing_since": now, "broken_since": now}
        given = {"address": address, "host": "gone.example"} | found
        ExternalLink.objects.update_or_create(given, digest=digest(address))


@override_settings(CHECK_LINKS=True)
class CollectTests(TestCase):
    def test_links_of_what_customers_walk_and_of_the_draft_are_known_in_every_language(self):
        flow = make_linked(en="[a](https://one.example/a#x) `https://code.example/`", es="<https://uno.example/>")
        draft = flow.make_draft()
        write(draft, "start", en="[b](HTTPS://two.example/b)", es="[c](mailto:a@b.example)")
        linkcheck.collect(every=0)
        assert held(flow.published_version) == {"https://one.example/a", "https://uno.example/"}
        assert held(draft) == {"HTTPS://two.example/b"}
        assert ExternalLink.objects.get(digest=digest("HTTPS://two.example/b")).host == "two.example"

    def test_what_an_earlier_version_held_is_forgotten(self):
        flow = make_linked(en="[a](https://one.example/)")
        linkcheck.collect(every=0)
        assert known() == {"https://one.example/"}
        draft = flow.make_draft()
        write(draft, "start", en="[b](https://two.example/)")
        draft.publish()
        linkcheck.collect(every=0)
        assert known() == {"https://two.example/"}

    def test_a_withdrawn_flow_without_a_draft_holds_nothing_until_somebody_edits_it(self):
        flow = make_linked(en="[a](https://one.example/)")
        linkcheck.collect(every=0)
        assert known()
        flow.refresh_from_db()
        flow.withdraw()
        linkcheck.collect(every=0)
        assert not known() and not StepLink.objects.exists()
        flow.make_draft()
        linkcheck.collect(every=0)
        assert known() == {"https://one.example/"}

    def test_steps_written_in_bulk_are_read_too_and_each_only_once(self):
        flow = make_linked(en="[a](https://one.example/)")
        linkcheck.collect(every=0)
        assert linkedby.collect(100) == 0
        Step.objects.filter(version=flow.published_version, slug="start").update(body=both("No link."))
        linkcheck.collect(every=0)
        assert not known()
        Step.objects.filter(version=flow.published_version, slug="end").update(body=both("<https://b.example/>"))
        assert linkedby.collect(100) == 1
        assert known() == {"https://b.example/"}

    def test_reads_at_most_so_many_at_a_time(self):
        for number in range(3):
            make_linked(en=f"<https://one.example/{number}>")
        assert [linkedby.collect(2) for _round in range(3)] == [2, 1, 0]
        assert len(known()) == 3

    def test_costs_no_queries_for_steps_that_were_read_or_hold_none(self):
        make_linked(en="[a](https://one.example/)")
        linkcheck.collect(every=0)
        with self.assertNumQueries(3):
            linkedby.collect(100)
        for _number in range(3):
            make_linked(en="Nothing to follow.")
        with self.assertNumQueries(3):
            linkedby.collect(100)

    def test_a_link_is_kept_as_long_as_a_step_or_a_text_holds_it(self):
        translation = make_translation(body="[a](https://one.example/)")
        flow = make_linked(en="[a](https://one.example/)", published=False)
        linkcheck.collect(every=0)
        assert (LinkUse.objects.count(), StepLink.objects.count()) == (1, 1)
        link = ExternalLink.objects.get()
        translation.delete()
        linkcheck.collect(every=0)
        assert ExternalLink.objects.get() == link
        flow.draft_version.steps.all().delete()
        linkcheck.collect(every=0)
        assert not known()

    def test_nothing_is_read_where_it_is_switched_off(self):
        make_linked(en="[a](https://one.example/)")
        with override_settings(CHECK_LINKS=False):
            linkcheck.collect(every=0)
        assert not known()

    def test_what_is_too_much_to_be_laid_out_holds_nothing(self):
        make_linked(en="[a](https://one.example/)" + "[" * 1_001)
        make_linked(en="x" * 50_001 + "[a](https://one.example/)")
        linkcheck.collect(every=0)
        assert not known() and linkedby.collect(100) == 0
        make_linked(en="[a](https://one.example/)" + "[" * 999)
        linkcheck.collect(every=0)
        assert known()

    def test_the_worker_asks_for_it_and_calls_it_broken_after_two_days(self):
        noon = timezone.now().replace(hour=12) + timedelta(days=1)
        with site(gone=404) as there, override_settings(LINK_HOSTS=[there.host]):
            graph = make_linked(en=f"[a]({there.url}/gone)").graph()
            for days, count in ((0, 0), (1.01, 1)):
                with at(noon + timedelta(days=days)):
                    linkcheck.collect(every=0)
                    linkcheck.check_due()
                found = [one for one in checking.warnings(graph) if one.code == Code.BROKEN]
                assert len(found) == count
        assert there.asked[0] == "HEAD /gone"


@override_settings(CHECK_LINKS=True)
class BrokenLinksPageTests(TestCase):
    def setUp(self) -> None:
        self.client.force_login(person("editor"))
        broken(GONE)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """The places of the only broken link, as the page lists them."""
        linkcheck.collect(every=0)
        page = self.client.get(PAGE)
        ((_link, holders, self.more),) = page.context["rows"]
        for holder in holders:
            if holder.url:
                self.assertContains(page, f'<a href="{holder.url}">{holder.title}</a>')
        return [(one.title, one.what, one.state, one.url) for one in holders]

    def test_a_step_that_customers_walk_leads_to_where_a_draft_is_made(self):
        flow = make_linked("parcel", en=f"x\n\n[a]({GONE})")
        address = f"/admin/flows/flowversion/{flow.published_version.pk}/change/"
        what = "flow, step “start”: English"
        assert self.rows() == [("Flow parcel (en)", what, "customers see it", f"{address}?step=start")]
        page = self.client.get(f"{address}?step=start")
        self.assertContains(page, '<span id="step-start" class="wanted">start (question)')
        self.assertContains(page, '<span id="step-end">end (outcome')
        self.assertContains(page, "Edit the step “start”")
        self.assertContains(page, '<a href="?step=start#step-start">1. Step start (en): The link ')
        self.assertContains(page, '<input type="hidden" name="step" value="start">')
        made = self.client.post(f"/admin/flows/flow/{flow.pk}/draft/", {"step": "start"})
        draft = f"/admin/flows/flowversion/{flow.draft_version.pk}/change/"
        self.assertRedirects(made, f"{draft}#step-start", fetch_redirect_response=False)
        made = self.client.post(f"/admin/flows/flow/{flow.pk}/draft/", {"step": '"><b>\0'})
        self.assertRedirects(made, draft, fetch_redirect_response=False)

    def test_a_step_of_the_draft_leads_to_it_and_counts_once(self):
        flow = make_linked("parcel", en=f"[a]({GONE})", es=f"[a]({GONE})")
        draft = flow.make_draft()
        address = f"/admin/flows/flowversion/{draft.pk}/change/#step-start"
        what = "flow, step “start”: English, Spanish"
        assert self.rows() == [("Flow parcel (en)", what, "customers see it", address)]
        Flow.objects.update(withdrawn_at=timezone.now())
        assert [row[2] for row in self.rows()] == ["customers do not see it"]
        Flow.objects.update(published_version=None)
        assert self.rows() == [("Flow parcel (en)", what, "in the draft version", address)]

    def test_what_is_mended_in_the_draft_leads_to_its_publication(self):
        flow = make_linked("parcel", en=f"[a]({GONE})")
        write(flow.make_draft(), "start", en="Mended.")
        ((_title, _what, state, url),) = self.rows()
        assert state == "customers see it; in the draft version it is mended already"
        assert url == f"/admin/flows/flow/{flow.pk}/work/"
        assert self.client.get(url).status_code == 200

    def test_steps_stand_beside_texts_and_the_link_that_most_hold_comes_first(self):
        make_translation(title="Where it is", body=f"[a]({GONE})")
        for number in range(22):
            make_linked(f"flow-of-{number}", en=f"[a]({GONE})")
        rows = self.rows()
        assert (len(rows), self.more) == (21, 2)
        assert rows[0][0] == "Where it is" and rows[1][0] == "Flow flow-of-0 (en)"
        other = "https://gone.example/first"
        broken(other)
        for _number in range(24):
            make_linked(en=f"[a]({other})")
        linkcheck.collect(every=0)
        page = self.client.get(PAGE)
        assert [link.address for link, _holders, _more in page.context["rows"]] == [other, GONE]
        self.assertContains(page, "And 4 more.")

    def test_who_may_not_see_steps_is_led_to_the_flow_or_nowhere(self):
        flow = make_linked(en=f"[a]({GONE})")
        translator = make_staff("translator-es")
        self.client.force_login(translator)
        ((*_others, url),) = self.rows()
        assert url == flow.work_url and self.client.get(url).status_code == 200
        nobody = make_staff("agent")
        nobody.groups.clear()
        nobody.user_permissions.add(Permission.objects.get(codename="view_translation"))
        self.client.force_login(nobody)
        ((*_others, url),) = self.rows()
        assert url == ""
        self.assertNotContains(self.client.get(PAGE), 'href=""')

    def test_asks_no_more_for_many(self):
        def make(numbers: Iterable[int]) -> None:
            for number in numbers:
                broken(f"https://gone.example/{number}")
                flow = make_linked(en=f"[a](https://gone.example/{number}) [b]({GONE})")
                write(flow.make_draft(), "start", es=f"[b]({GONE})")
            linkcheck.collect(every=0)

        make(range(2))
        self.client.get(PAGE)  # the site's own rows are read once
        with self.assertNumQueries(FewerThan(10)):
            self.client.get(PAGE)
        make(range(2, 12))
        with self.assertNumQueries(FewerThan(10)):
            self.client.get(PAGE)

    def test_says_it_in_spanish(self):
        make_linked("parcel", es=f"[a]({GONE})")
        linkcheck.collect(every=0)
        self.client.cookies["django_language"] = "es"
        page = self.client.get(PAGE, headers={"accept-language": "es"})
        self.assertContains(page, "los clientes lo ven")
        self.assertContains(page, "flujo, paso «start»: español")


@override_settings(CHECK_LINKS=True)
class WarningTests(TestCase):
    def warned(self, flow: Flow) -> list[tuple[str, str]]:
        found = checking.warnings(flow.graph())
        return [(one.step, one.about) for one in found if one.code == Code.BROKEN]

    def test_a_broken_link_is_a_warning_with_its_languages_and_stops_nothing(self):
        flow = make_linked(en=f"[a]({GONE}#x) <https://fine.example/>", es=f"[a]({GONE}#x)")
        assert self.warned(flow) == []
        broken(GONE)
        ((step, about),) = self.warned(flow)
        assert step == "start" and about.startswith(f"{GONE}#x (English, Spanish) answered 404 on ")
        assert checking.problems(flow.graph()) == []

    def test_a_text_that_only_speaks_of_it_is_not_warned_of(self):
        broken(GONE)
        assert self.warned(make_linked(en=f"`{GONE}` and https://gone.example/b")) == []
        assert len(self.warned(make_linked(en=f"<{GONE}>."))) == 1

    def test_an_address_that_nobody_can_be_asked_for_is_warned_of(self):
        broken("http://")
        ExternalLink.objects.update(host="")
        assert len(self.warned(make_linked(en="[a](http://)"))) == 1

    def test_nothing_is_said_where_links_are_not_checked(self):
        broken(GONE)
        flow = make_linked(en=f"[a]({GONE})")
        with override_settings(CHECK_LINKS=False):
            assert self.warned(flow) == []
        assert len(self.warned(flow)) == 1

    def test_one_query_for_all_steps_and_none_without_links(self):
        broken(GONE)
        without, linked = make_linked(en="None.").graph(), self.long(30).graph()
        with self.assertNumQueries(0):
            checking.warnings(without)
        with self.assertNumQueries(1):
            assert len([one for one in checking.warnings(linked) if one.code == Code.BROKEN]) == 30

    def long(self, count: int) -> Flow:
        chain: dict[str, Any] = {
            f"s{n}": {"options": {"go": f"s{n + 1}"}, "body": both(f"[a]({GONE})")} for n in range(count)
        }
        end = {"kind": "outcome", "outcome": "contact", "topic": make_topic()}
        return make_flow("long", chain | {f"s{count}": end})

    def test_the_editors_page_and_the_map_lead_to_the_step(self):
        self.client.force_login(person("editor"))
        broken(GONE)
        flow = make_linked(en=f"[a]({GONE})")
        draft = flow.make_draft()
        page = self.client.get(f"/admin/flows/flowversion/{draft.pk}/change/")
        said = f"The link {GONE} (English) answered 404 on "
        self.assertContains(page, f'<a href="#step-start">1. Step start (en): {said}')
        self.assertContains(page, f'<li class="warned">{said}')
        self.assertContains(page, "No problems: it can be published")
        drawn = self.client.get(f"/admin/flows/flow/{flow.pk}/map/{draft.number}/")
        self.assertContains(drawn, said)
        self.assertContains(drawn, f"/admin/flows/flowversion/{draft.pk}/change/#step-start")

    def test_an_address_is_text_on_the_page(self):
        self.client.force_login(person("editor"))
        address = "https://gone.example/{about}<script>"
        broken(address)
        draft = make_linked(en=f"[a](<{address}>)").make_draft()
        page = self.client.get(f"/admin/flows/flowversion/{draft.pk}/change/")
        self.assertNotContains(page, "about}<script>")
