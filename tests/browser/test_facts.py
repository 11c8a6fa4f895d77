"""An editor without JavaScript changes a policy fact, now and from a moment on: an article, a flow and a wait rule
say so; and gives a flow another address."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import PolicyFact, Translation
from tests.browser.conftest import NewPage, work
from tests.factories import make_staff

pytestmark = pytest.mark.browser
FLOW = "/en/resolve/late-delivery/"


def log_in(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    page.locator("#id_username").fill("ana")
    page.locator("#id_password").fill("password")
    with page.expect_navigation():
        page.locator("input[type=submit]").click()


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("[name=_continue]").click()


def expect_days(page: Page, site: str, days: int, *, is_due: bool) -> None:
    """The article, the flow's text and its wait rule say this many working days."""
    text = Translation.objects.get(article__key="parcel-late", language="en")
    page.goto(site + text.get_absolute_url())
    expect(page.locator("main")).to_contain_text(f"{days} working days")
    last_day = timezone.localdate() - timedelta(days=20)
    page.goto(f"{site}{FLOW}last-day/?estimate=over&tracking=on-its-way&last-day={last_day}")
    if is_due:
        expect(page).to_have_url(re.compile("/late-delivery/seller/"))
    else:
        expect(page.locator("main")).to_contain_text("You can contact us from")
        expect(page.locator("main")).to_contain_text(f"within {days} working days")


def test_a_changed_fact_is_seen_everywhere_and_a_new_address_says_what_follows(
    site: str, new_page: NewPage
) -> None:
    call_command("migrate", verbosity=0)
    make_staff("editor", "ana")
    fact = PolicyFact.objects.get(key="late_working_days")
    reader = new_page(java_script_enabled=False, locale="en-GB")
    expect_days(reader, site, 3, is_due=True)

    page = new_page(java_script_enabled=False, locale="en-GB")
    log_in(page, site)
    page.goto(f"{site}/admin/articles/policyfact/{fact.pk}/change/")
    used = page.locator("#used")
    expect(used).to_contain_text("wait rule")
    expect(used).to_contain_text("article, English")
    page.locator("#id_number").fill("40")
    save(page)
    expect_days(reader, site, 40, is_due=False)

    moment = timezone.localtime() + timedelta(days=9)
    page.locator("#id_values-0-starts_at").fill(moment.strftime("%Y-%m-%dT%H:%M"))
    page.locator("#id_values-0-number").fill("2")
    save(page)
    expect(page.locator("#values-group")).to_contain_text("2 from")
    expect_days(reader, site, 40, is_due=False)
    then = datetime.fromtimestamp(moment.timestamp(), tz=moment.tzinfo)
    with patch("django.utils.timezone.now", lambda: then):
        expect_days(reader, site, 2, is_due=True)
        work()  # wakes the index, and the row says it
    fact.refresh_from_db()
    assert fact.number == 2

    with page.expect_navigation():
        page.locator("a.deletelink").click()
    expect(page.locator(".messagelist .error")).to_contain_text("cannot be deleted: it is used in")

    page.goto(f"{site}/admin/flows/flow/")
    with page.expect_navigation():
        page.get_by_role("link", name="My parcel is late").click()
    page.locator("#id_slug").fill("late-parcel")
    save(page)
    expect(page.locator("#consequences")).to_contain_text(f"from {FLOW} to /en/resolve/late-parcel/")
    page.get_by_label("I have read this: save it").check()
    with page.expect_navigation():
        page.locator("#consequences button").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    reader.goto(f"{site}{FLOW}")
    expect(reader).to_have_url(f"{site}/en/resolve/late-parcel/")
