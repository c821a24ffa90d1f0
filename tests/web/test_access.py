"""For everyone: axe-core on every view, landmarks, small screens, zoom, dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

VIEWS = {
    "/": "#chat .example",
    "/find": "#found tbody tr",
    "/leads": "#leads tbody tr",
    "/leads?body=Eastmere+Borough+Council": "#leads ul.entries",
    "/changes": "#changes tbody tr",
    "/documents?document=eastmere-plan-2024&page=3": "#source .page-image",
    "/quality": "#quality p",
}
Found = list[dict[str, Any]]


def serious(page: Page, axe: str) -> list[str]:
    """The serious and critical issues axe-core finds on the page as it stands."""
    page.evaluate(axe)
    told = page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.filter(one =>"
        " ['serious', 'critical'].includes(one.impact)).flatMap(one => one.nodes.map(node =>"
        " `${one.id}: ${node.html.slice(0, 160)} (${(node.any[0] || {}).message || ''})`)))"
    )
    return list(told)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    """Light and dark."""
    return str(request.param)


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(page: Page, address: str, axe: str, view: str, scheme: str) -> None:
    """No serious or critical issue on any view, light or dark."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address + view)
    expect(page.locator(VIEWS[view]).first).to_be_visible()
    page.wait_for_timeout(300)
    assert serious(page, axe) == []


def test_axe_finds_nothing_serious_in_a_conversation(
    page: Page, ask: Callable[[str], None], axe: str, scheme: str
) -> None:
    """The same with an answer, its source, the filters and the comment form open."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    ask("who leads reducing loneliness?")
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#source mark").first).to_be_visible()
    page.get_by_role("button", name="Narrow the question").click()
    page.locator("#chat details summary").last.click()
    page.get_by_role("button", name="Not helpful").last.click()
    expect(page.get_by_role("button", name="Send comment")).to_be_visible()
    page.wait_for_timeout(300)
    assert serious(page, axe) == []


@pytest.mark.parametrize("view", VIEWS)
def test_landmarks_title_and_one_main_heading(page: Page, address: str, view: str) -> None:
    """Header, navigation with the page marked, main, one first-level heading, a title of its own."""
    page.goto(address + view)
    expect(page.locator(VIEWS[view]).first).to_be_visible()
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    here = page.get_by_role("navigation", name="Views").locator("a[aria-current=page]")
    expect(here).to_have_count(1)
    expect(page).to_have_title(f"{here.inner_text()} - Ledby")
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", [(360, 740), (320, 256)], ids=["phone", "400% zoom of 1280 by 1024"])
def test_nothing_scrolls_sideways(page: Page, address: str, view: str, size: tuple[int, int]) -> None:
    """At 360 pixels, and at the 320 that 400% zoom leaves, the page is no wider than the screen."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address + view)
    page.locator(VIEWS[view]).first.wait_for(state="attached")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("size", [(360, 740), (320, 256)], ids=["phone", "400% zoom of 1280 by 1024"])
def test_a_conversation_does_not_scroll_sideways(
    page: Page, ask: Callable[[str], None], size: tuple[int, int]
) -> None:
    """Nor does an answer with its references, filters, comment form and source opened."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    ask("who leads reducing loneliness?")
    page.get_by_role("button", name="Narrow the question").click()
    page.locator("#chat details summary").last.click()
    page.locator("#chat").get_by_role("button", name="Not helpful").last.click()
    expect(page.get_by_role("button", name="Send comment")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#source mark").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate("document.querySelector('#source').scrollWidth") <= size[0]


def test_on_a_phone_the_source_covers_the_answer_and_closes(page: Page, ask: Callable[[str], None]) -> None:
    """The source fills the screen; closing it goes back to the number it was opened from."""
    page.set_viewport_size({"width": 360, "height": 740})
    ask("who leads reducing loneliness?")
    cite = page.locator("#chat a.cite").first
    cite.click()
    expect(page.locator("#source mark").first).to_be_visible()
    box = page.locator("#source").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, 360)
    page.get_by_role("button", name="Close source").click()
    expect(page.locator("#source")).to_be_hidden()
    expect(cite).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_targets_are_large_enough(page: Page, ask: Callable[[str], None]) -> None:
    """Buttons and citation numbers are at least 24 by 24 pixels (WCAG 2.2, 2.5.8)."""
    ask("who leads reducing loneliness?")
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#source mark").first).to_be_visible()
    small = page.evaluate(
        "() => [...document.querySelectorAll('button, a.cite')].filter(one => one.offsetParent !== null)"
        ".map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])"
        ".filter(([html, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"
    )
    assert small == []
