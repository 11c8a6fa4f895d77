"""axe finds nothing on the pages of the journeys: both languages, light and dark, narrow and wide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import review, task, unsaved
from articles.models import Article, ExternalLink, FactValue, Image, LinkUse, PolicyFact, Translation, Vote
from articles.review import Act
from articles.vote import Reason
from flows.clock import site_time
from flows.figures import Counted
from flows.models import Flow, FlowCount, StepLink
from search.models import LoggedSearch
from tests.browser.conftest import NewPage
from tests.browser.test_customer_journeys import fill_details
from tests.contact.customer import a_request
from tests.factories import both, make_staff

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
RULES_OF_COLOUR = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
WIDTHS = (360, 1280)
# Colours are those of the scheme once nothing moves; what does not come to an end is not waited for.
STILL = """Promise.race([
  Promise.allSettled(document.getAnimations().map(each => each.finished)),
  new Promise(done => setTimeout(done, 1000)),
])"""
ARTICLE = {"en": "charge-i-do-not-recognise", "es": "cargo-que-no-reconozco"}
PICTURED = {"en": "how-to-track-my-parcel", "es": "como-seguir-mi-paquete"}  # with a table too
MISSPELT = {"en": "refnud", "es": "remebolso"}  # answered, with what was meant
FOREIGN = {"en": "contraseña", "es": "password"}  # answered in the other language
WALKED = (
    "destination=home&address=correct&delivery-details=not-solved&neighbours=not-solved&delivered-when=2026-01-02"
)
ADDRESSES = [
    "/",
    "/categories/orders-and-delivery/",
    "/articles/{article}/",
    "/articles/{other}/",
    "/articles/{pictured}/",
    "/search/",
    "/search/?q={misspelt}",
    "/search/?q=zzzzzz",
    "/search/?q={foreign}",
    "/resolve/parcel-says-delivered/",
    "/resolve/parcel-says-delivered/destination/",
    "/resolve/parcel-says-delivered/destination/?continue=1",
    "/resolve/parcel-says-delivered/neighbours/?destination=home&address=correct&delivery-details=not-solved",
    "/resolve/parcel-says-delivered/delivered-when/?destination=other-place&ask-there=could-not&continue=1",
    "/resolve/parcel-says-delivered/delivered-when/?destination=other-place&ask-there=could-not"
    "&delivered-when=other&delivered-when.day=soon&continue=1",
    "/resolve/parcel-says-delivered/read-waiting/?destination=other-place&ask-there=could-not&delivered-when=today",
    "/resolve/parcel-says-delivered/contact-search/?{walked}&seller=almendra",
    "/resolve/parcel-says-delivered/found/?destination=home&address=correct&delivery-details=solved",
    "/resolve/someone-in-my-account/locked-out/?can-you-sign-in=locked-out",
    "/resolve/ereader-problem/",
    "/contact/?urgent=someone-in-my-account&can-you-sign-in=locked-out",
    "/contact/?article=how-to-return",
    "/accessibility/",
    "/privacy/",
    "/nothing-here/",
]


def violations(page: Page, rules: Any) -> list[Any]:
    """What axe finds on the page as it is now; axe is put into it once, which takes a quarter of the time else."""
    if page.evaluate("!window.axe"):
        page.evaluate(AXE_SCRIPT)
    found: list[Any] = page.evaluate("rules => axe.run(rules).then(all => all.violations)", rules)
    return found


LIGHT, DARK = ("light", RULES), ("dark", RULES_OF_COLOUR)  # the rest is no matter of colour


def problems(
    page: Page, schemes: tuple[tuple[str, Any], ...] = (LIGHT, DARK), widths: tuple[int, ...] = WIDTHS
) -> list[str]:
    """What axe finds on the page, narrow and wide, light and dark, and whether it is wider than the screen."""
    said = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 850})
        for scheme, rules in schemes:
            page.emulate_media(color_scheme=scheme)
            page.evaluate(STILL)
            where = f"{page.url}, {width}, {scheme}"
            for one in violations(page, rules):
                said += [f"{where}: {one['id']}: {node['html'][:200]}" for node in one["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            said.append(f"{page.url}, {width}: wider than the screen")
    return said


def pages(page: Page, site: str, language: str) -> Iterator[Page]:
    """Every kind of page that a customer comes to, errors and the contact form with its receipt included."""
    given = {"article": ARTICLE[language], "other": ARTICLE["en"], "walked": WALKED}
    given |= {"misspelt": MISSPELT[language], "foreign": FOREIGN[language], "pictured": PICTURED[language]}
    for address in ADDRESSES:
        page.goto(f"{site}/{language}{address}".format(**given))
        yield page
    yield from voted(page, f"{site}/{language}/articles/{given['article']}/")
    page.goto(f"{site}/{language}/contact/details/?flow=parcel-says-delivered&{WALKED}&seller=almendra")
    yield page
    # Waited for, since axe takes a page whose stylesheet is still on its way for one without.
    page.locator("main form button.button").click()
    page.wait_for_url("**/contact/details/?check=1")
    yield page  # with the error summary
    fill_details(page, message="It never came. My password is hunter2.", email="ana@gmial.com")
    page.locator("main form button.button").click()
    page.wait_for_url("**/contact/check/")
    yield page
    page.locator("button[value=call]").click()
    page.wait_for_url("**/contact/callback/")
    page.locator("[name=number]").fill("12")
    page.locator("main form button.button").first.click()
    page.locator(".error-summary").wait_for()
    yield page  # with the error summary
    page.locator("[name=number]").fill("612 34 56 78")
    page.locator("main label[for^=id_window]").last.click()
    page.locator("main form button.button").first.click()
    page.wait_for_url("**/contact/check/")
    page.locator("main form button.button").last.click()
    page.wait_for_url("**/contact/requests/**")
    yield page
    page.locator("main a[href$='/callback/']").click()
    page.wait_for_url("**/callback/")
    yield page
    page.goto(f"{site}/{language}/contact/solved/")
    yield page


def voted(page: Page, address: str) -> Iterator[Page]:
    """After No, in the article and on a page of its own."""
    page.goto(address)
    page.locator("[data-vote] button[value=no]").click()
    page.locator("[data-vote] textarea").wait_for()
    yield page
    ticket = page.locator("[data-vote] [name=vote]").first.input_value()
    page.goto(f"{address}vote/?vote={ticket}")
    yield page


@pytest.mark.parametrize("language", ["en", "es"])
def test_finds_nothing(site: str, new_page: NewPage, language: str) -> None:
    page = new_page(reduced_motion="reduce")
    found = [problem for each in pages(page, site, language) for problem in problems(each)]
    assert found == []


def test_the_check_would_notice(new_page: NewPage) -> None:
    page = new_page()
    page.set_content(
        "<html lang=en><title>x</title><body style='background: white'><main><h1>Title</h1><img src='data:,'>"
        "<style>b { color: #222 } @media (prefers-color-scheme: dark) { b { color: #aaa } }</style>"
        "<b>In the dark</b>"
        "<p style='color: #aaa'>Too pale to read</p><p style='width: 1000px'>Too wide</p></main></body></html>"
    )
    found = {tuple(problem.removeprefix("about:blank, ").split(": ")[:2]) for problem in problems(page)}
    assert {
        ("360, light", "image-alt"),
        ("1280, light", "image-alt"),
        ("360, light", "color-contrast"),
        ("360", "wider than the screen"),
    } <= found
    assert ("1280", "wider than the screen") not in found
    assert any(problem.startswith("about:blank, 1280, dark: color-contrast: <b>") for problem in problems(page))


def test_the_pages_fit_320_pixels_with_long_words(site: str, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    for each in pages(page, site, "es"):
        assert not each.evaluate("document.documentElement.scrollWidth > innerWidth"), each.url


TEXT = "/admin/articles/article/text/{text}/"
DESK = [
    "/admin/",
    "/admin/waiting/",
    "/admin/articles/article/",
    "/admin/articles/article/?state=live&language=en&q=parcel",
    "/admin/articles/article/calendar/?month={month}",
    "/admin/articles/brand/",
    "/admin/articles/article/add/",
    "/admin/articles/article/{article}/change/",
    "/admin/articles/category/",
    "/admin/articles/category/add/",
    "/admin/articles/category/{category}/change/",
    "/admin/articles/policyfact/",
    "/admin/articles/policyfact/{fact}/change/",
    "/admin/articles/image/{image}/change/",
    "/admin/articles/article/{article}/delete/",
    "/admin/flows/flow/{flow}/change/",
    "/admin/flows/flowversion/{version}/change/",
    "/admin/flows/flowversion/{version}/change/?remove={step}",
    "/admin/flows/flowversion/{version}/preview/",
    "/admin/contact/contactrequest/",
    "/admin/contact/contactrequest/?promise=overdue",
    "/admin/contact/contactrequest/?promise=answered",
    "/admin/contact/contactrequest/{request}/change/",
    "/admin/contact/contactrequest/calls/?day={day}",
    "/admin/contact/channel/",
    "/admin/contact/channel/add/",
    "/admin/contact/solvedcount/",
    "/admin/search/loggedsearch/",
    "/admin/search/loggedsearch/?show=frequent&days=7",
    "/admin/search/loggedsearch/keyword/?language=en&keyword=parcel",
    "/admin/search/searchcase/",
    "/admin/search/synonym/add/?language=en&words=parcel",
    TEXT,
    f"{TEXT}compare/",
    f"{TEXT}compare/?view=inline",
    "/admin/articles/article/{article}/translate/es/",
    "/admin/articles/article/{article}/translate/es/?recover=1",
    "/admin/articles/article/coverage/",
    "/admin/articles/article/links/",
    "/admin/articles/article/unsaved/{unsaved}/",
    "/admin/articles/deed/",
    "/admin/articles/oldslug/",
    "/admin/articles/oldslug/add/",
    "/admin/articles/article/votes/",
    "/admin/articles/article/votes/?show=words",
    f"{TEXT}votes/",
    f"{TEXT}task/?reason=missing",
    "/admin/articles/article/due/",
    "/admin/articles/task/",
    "/admin/flows/flow/{flow}/work/",
    "/admin/flows/flow/{flow}/compare/",
    "/admin/flows/flow/{flow}/map/1/",
    "/admin/flows/flow/{flow}/map/2/",
    "/admin/flows/flowversion/{published}/change/?step={slug}#step-{slug}",
]


def prepare_desk() -> dict[str, Any]:
    """Something of everything: a review under way, an outdated translation, a draft, links, unsaved text."""
    eva = make_staff("author", "eva")
    flow = Flow.objects.published().first()
    draft = flow.make_draft(eva)
    step = draft.steps.first()
    step.title = both("Quite another question, and a long one at that")
    step.save()
    version = flow.published_version
    FlowCount.objects.add(version.pk, timezone.localdate(), Counted.START, version.graph().start.slug)
    review.do(Act.SUBMIT, draft, eva, words="Is this right?")
    article = Article.objects.get(key="how-to-return")
    text = article.source
    major = text.write(text.texts | {"title": "Quite another title"}, by=eva, significance="major")
    review.do(Act.PUBLISH, major, get_user_model().objects.get(username="ana"))
    text = article.source
    broken = "\n\nAsk maria.lopez@mail.es, or [nowhere](article:no-such-text)."  # for the checks to find
    changed = text.texts | {"body": text.body.replace("days", "weeks") + broken}
    waiting = text.write(changed, by=eva, note="What I changed")
    link = ExternalLink.objects.create(
        address="https://gone.example/a",
        digest="0" * 64,
        host="gone.example",
        status=404,
        checked_at=timezone.now(),
    )
    ExternalLink.objects.update(failing_since=timezone.now(), broken_since=timezone.now())
    LinkUse.objects.create(link=link, translation=text)
    StepLink.objects.create(link=link, step=version.steps.first())
    review.do(Act.SUBMIT, waiting, eva, words="Is this right?\nI am not sure.")
    review.do(Act.SHARE, waiting, eva, days=7)
    for number in range(6):
        said = {"reason": Reason.MISSING, "words": "How long does it take?"}
        Vote.objects.put(f"{number:032}", text.applied.pk, is_helpful=False, **said)
    task.make(text, "Say how long it takes.", eva, vote=Vote.objects.first())
    Article.objects.filter(pk=article.pk).update(check_by=timezone.localdate())
    later = timezone.now() + timedelta(days=9)
    FactValue.objects.create(fact=PolicyFact.objects.get(key="return_days"), number=60, starts_at=later, by=eva)
    return {
        "article": article.pk,
        "text": text.pk,
        "category": article.category_id,
        "fact": FactValue.objects.planned().values_list("fact", flat=True)[0],
        "image": Image.objects.values_list("pk", flat=True)[0],
        "flow": flow.pk,
        "version": draft.pk,
        "published": flow.published_version.pk,
        "step": step.pk,
        "slug": step.slug,
    }


def fill_desk(ana: AbstractUser) -> dict[str, Any]:
    """With what strangers sent and asked, too: for every address in DESK what it names."""
    rows = prepare_desk()
    place = f"/admin/articles/article/{rows['article']}/translate/es/"
    kept = unsaved.keep(ana, place, {"title": ["Typed and never saved"], "body": ["In {{ no_such_fact }} days"]})
    rows["unsaved"] = kept.pk
    a_request()
    sent = a_request()  # the second one of the same address
    rows["request"] = sent.pk
    call = timezone.now() + timedelta(days=1)
    type(sent).objects.update(callback_number="+34612345678", callback_at=call, callback_until=call)
    rows["day"] = site_time(call).date()
    rows["month"] = f"{site_time(call):%Y-%m}"
    live = Translation.objects.published().exclude(article=rows["article"]).first()
    review.do(Act.WITHDRAW, live.newest, ana, at=call)  # in the calendar, and among what is planned
    LoggedSearch.objects.create(asked="parcel from the moon", language="en", result_count=0, is_answered=False)
    return rows


def problems_in_english(page: Page) -> list[str]:
    """Narrow and wide, and the dark colours, which the desk has the same at any width, once."""
    return problems(page, schemes=(LIGHT,)) + problems(page, schemes=(DARK,), widths=WIDTHS[1:])


def tools_at_the_text(page: Page, look: Callable[[Page], list[str]]) -> list[str]:
    """With everything open that the editor's page has: help, the dark preview, each dialog with what it found."""
    page.locator(".writing-help summary").click()
    page.locator(".segments [value=dark]").first.check()
    expect(page.frame_locator("iframe").first.locator("html.dark")).to_have_count(1)
    found = look(page)
    for tool, box in (("links", "#choose-links"), ("facts", "#choose-facts"), ("picture", "#add-picture")):
        page.locator(f"[data-do={tool}]").first.click()
        if tool == "picture":
            page.locator(f"{box} [type=submit]").click()
            expect(page.locator(f"{box} [role=alert]")).not_to_be_empty()
            page.locator(f"{box} summary").click()
        expect(page.locator(f"{box} [role=option]").first).to_be_visible()
        found += look(page)
        page.keyboard.press("Escape")
    return found


@pytest.mark.parametrize("language", ["en", "es"])
def test_finds_nothing_at_the_desk(site: str, new_page: NewPage, language: str) -> None:
    # The desk's colours and its wide page are those of any language; longer words are narrow's trouble.
    look = problems_in_english if language == "en" else partial(problems, schemes=(LIGHT,), widths=WIDTHS[:1])
    call_command("migrate", verbosity=0)
    ana = get_user_model().objects.create_superuser("ana", password="password")
    rows = fill_desk(ana)
    # In frames, as that of the preview, axe itself writes styles, which the policy refuses and the console tells.
    page = new_page(may_complain=True, reduced_motion="reduce", locale=language)
    page.goto(f"{site}/admin/")
    found = look(page)
    page.locator("#id_username").fill("ana")
    page.locator("#id_password").fill("password")
    page.locator("input[type=submit]").click()
    page.wait_for_url(f"{site}/admin/")
    for address in DESK:
        page.goto(site + address.format(**rows))
        expect(page.locator("#content h1"), address).to_be_visible()
        found += look(page)
    page.goto(f"{site}/admin/articles/article/{rows['article']}/change/")
    found += tools_at_the_text(page, look)
    page.goto(f"{site}/admin/articles/article/?owner=nobody")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("withdraw_many")
    page.locator(".actions button[type=submit]").click()
    expect(page.locator("button[name=do]")).to_be_visible()
    found += look(page)
    page.goto(f"{site}/admin/articles/brand/")
    page.locator("#id_accent").fill("red")
    page.locator("button[name=save]").click()
    expect(page.locator(".errornote").first).to_be_visible()
    found += look(page)
    page.goto(site + TEXT.format(**rows))
    page.locator("button[value=send-back]").click()  # without a word about what should be changed
    expect(page.locator(".errornote")).to_be_visible()
    found += look(page)
    page.goto(site + TEXT.format(**rows))
    page.locator("details:has(button[value=withdraw]) summary").click()
    page.locator("details button[value=withdraw]").click()
    expect(page.locator("#follows")).to_be_visible()
    found += look(page)
    page.goto(site + "/admin/articles/category/{category}/change/".format(**rows))
    page.locator("#id_slug").fill("another")
    page.locator("[name=_save]").click()
    expect(page.locator("#confirmed")).to_be_visible()
    found += look(page)
    page.goto(site + TEXT.format(**rows))
    page.locator("input.address").first.evaluate("input => location.assign(new URL(input.value).pathname)")
    page.wait_for_url("**/preview/articles/**")
    found += look(page)
    page.goto(f"{site}/es/articles/{Translation.objects.get(article=rows['article'], language='es').slug}/")
    expect(page.locator(".outdated")).to_be_visible()
    assert found + look(page) == []
