"""Every view without a mouse: what is used is reached with Tab, seen when reached, and left again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

MOST = 60  # presses of Tab that a view may take
STOPS = """() => { const one = document.activeElement; if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const at = (x, y) => { const top = document.elementFromPoint(x, y); return top && (one.contains(top) || top.contains(one)); };
    const x = Math.min(innerWidth - 2, Math.max(1, box.x + Math.min(box.width / 2, 12)));
    const seen = [box.y + 3, box.y + box.height / 2, box.bottom - 3].filter((y) => y > 0 && y < innerHeight);
    let whole = true;  // of a field: a box around it that hides what reaches over its edge would cut the ring
    for (let up = one.parentElement; one.matches('input, textarea') && up !== document.body; up = up.parentElement) {
    const edge = up.getBoundingClientRect();
    if (getComputedStyle(up).overflowX === 'hidden' && (edge.left > box.left - 3 || edge.bottom < box.bottom + 3)) whole = false; }
    return { name: one.outerHTML.slice(0, 120), seen: seen.some((y) => at(x, y)),
    ringed: whole && style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 3 }; }"""
VIEWS = {
    "/find?q=village": "#found tbody tr",
    "/leads?body=Harbour+University": "#leads ul.entries",
    "/changes": "#changes tbody tr",
    "/documents": "#documents tbody tr",
    "/quality": "#quality p",
}


def focused(one: Locator) -> bool:
    """Whether an element is there and has the focus."""
    return one.count() > 0 and bool(one.evaluate("one => one === document.activeElement"))


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until the element has the focus; it must come within so many presses."""
    for _ in range(MOST):
        if focused(wanted):
            return
        page.keyboard.press(key)
    pytest.fail(f"{wanted} is not reached with {key}")


def test_a_conversation(page: Page, address: str, ask: Callable[[str], None]) -> None:
    """Ask, open a source, turn its pages, come back, rate, comment, and ask what leads on."""
    page.goto(address)
    expect(page.locator("#chat .example").first).to_be_visible()
    question = page.locator("#question textarea")
    tab_to(page, question)
    ask("which plan covers reducing loneliness?")
    expect(page.locator("#chat button.option").first).to_be_visible()
    assert focused(question)
    cite = page.locator("#chat a.cite").first
    tab_to(page, cite, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#source .source-title")).to_be_focused()
    onward = page.get_by_role("button", name="Next page")
    tab_to(page, onward)
    page.keyboard.press("Enter")
    expect(page.locator("#source .facts")).to_contain_text("4 of ")
    expect(onward).to_be_focused()
    expect(page.locator("#announce")).to_contain_text("4 of ")
    page.keyboard.press("Escape")
    expect(cite).to_be_focused()
    tab_to(page, page.locator("#chat").get_by_role("button", name="Helpful", exact=True).last)
    page.keyboard.press("Enter")
    comment = page.get_by_label("What was good or wrong about this answer?")
    expect(comment).to_be_focused()
    page.keyboard.type("as it should be")
    tab_to(page, page.get_by_role("button", name="Send comment"))
    page.keyboard.press("Enter")
    expect(question).to_be_focused()
    expect(page.locator("#announce")).to_have_text("Thank you. Your comment is kept.")
    option = page.locator("#chat button.option").first
    text = option.inner_text()
    tab_to(page, option, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .said").last).to_have_text(text)


def test_narrowing(page: Page, address: str) -> None:
    """The filters are opened and set with keys alone."""
    page.goto(address)
    expect(page.locator("#chat .example").first).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Narrow the question"))
    page.keyboard.press("Enter")
    document = page.get_by_role("combobox", name="Document")
    tab_to(page, document)
    page.keyboard.type("minutes")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(document).to_have_value("Board minutes, December 2023")
    radio = page.get_by_label("Current documents")
    tab_to(page, radio)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Drafts and earlier versions")).to_be_checked()


def test_an_organisation(page: Page, address: str) -> None:
    """Its page is chosen, and an entry's source opened and left."""
    page.goto(f"{address}/leads")
    expect(page.locator("#leads table").first).to_be_visible()
    tab_to(page, page.get_by_role("combobox", name="Organisation"))
    page.keyboard.type("harbour")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    entry = page.locator("#leads ul.entries a").first
    expect(entry).to_be_visible()
    tab_to(page, entry)
    page.keyboard.press("Enter")
    expect(page.locator("#source .source-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(entry).to_be_focused()


def test_a_change_and_a_document(page: Page, address: str) -> None:
    """A change opens its source; a document is opened and turned to a page."""
    page.goto(f"{address}/changes")
    see = page.locator("#changes a.see").first
    expect(see).to_be_visible()
    tab_to(page, see)
    page.keyboard.press("Enter")
    expect(page.locator("#source .source-title")).to_be_focused()
    page.goto(f"{address}/documents")
    title = page.get_by_role("link", name="Eastmere Wellbeing Plan 2024-2026", exact=True)
    expect(title).to_be_visible()
    tab_to(page, title)
    page.keyboard.press("Enter")
    expect(page.locator("#source .source-title")).to_be_focused()
    tab_to(page, page.locator("#source .goto input"))
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(page.locator("#source .reading")).to_contain_text("Village Bus Scheme")


def unseen(page: Page) -> list[str]:
    """What has the focus at some press of Tab without a ring around it, or out of sight."""
    found = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOPS)
        if stop is None:
            break
        if not (stop["ringed"] and stop["seen"]):
            found.append(f"{'' if stop['ringed'] else 'no whole ring, '}{stop['name']}")
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_the_focus_is_always_seen(page: Page, address: str, view: str) -> None:
    """Every stop has a ring of at least three pixels and lies under nothing (WCAG 2.4.7, 2.4.11, 2.4.13)."""
    page.goto(address + view)
    expect(page.locator(VIEWS[view]).first).to_be_visible()
    page.wait_for_timeout(300)
    assert unseen(page) == []


@pytest.mark.parametrize("size", [(1280, 720), (360, 740)], ids=["desktop", "phone"])
def test_the_focus_is_seen_in_a_conversation(
    page: Page, ask: Callable[[str], None], size: tuple[int, int]
) -> None:
    """The same above the box that stays at the foot of the screen."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    ask("who leads reducing loneliness?")
    ask("what does Harbour University lead?")
    expect(page.locator("#chat button.option").first).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    page.locator("a.skip").focus()
    assert unseen(page) == []


def test_names_are_those_that_are_shown(page: Page, ask: Callable[[str], None]) -> None:
    """Who speaks to the computer says what stands on a button (WCAG 2.5.3); a thumb says that it is chosen."""
    ask("who leads reducing loneliness?")
    buttons = page.locator("#chat .icon-button:visible")
    expect(buttons).to_have_count(3)
    for button in buttons.all():
        shown = button.evaluate("one => getComputedStyle(one, '::before').content").strip('"')
        assert button.get_attribute("aria-label") == shown
    thumb = page.locator("#chat").get_by_role("button", name="Not helpful")
    expect(thumb).to_have_attribute("aria-pressed", "false")
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
