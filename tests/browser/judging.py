"""What is looked for on a page: axe with all its rules, sideways scrolling, targets too small to press."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
from flask import Flask
from playwright.sync_api import Browser, Page, Route

NARROW = {"width": 320, "height": 740}
SITE = "http://site.test"
TARGET_PX = 44
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
ALL_RULES = """axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"""
COLOURS = """axe.run(document, {resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block']})"""
WIDTH = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
SMALL = """(least) => {
  const small = [], seen = new Set();
  const shown = node => node.checkVisibility({checkVisibilityCSS: true}) && node.getClientRects().length > 0;
  const runs = node => {  // a link inside running text
    if (node.tagName !== 'A' || getComputedStyle(node).display !== 'inline') return false;
    return [...node.parentNode.childNodes].some(one => one.nodeType === 3 && one.data.trim().length > 1);
  };
  for (const node of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    const pressed = node.matches('input[type=radio], input[type=checkbox]') ? node.closest('label') || node : node;
    if (!shown(pressed) || seen.has(pressed) || runs(pressed) || pressed.matches('.skip-nav')) continue;
    seen.add(pressed);
    const box = pressed.getBoundingClientRect();
    if (box.width < least - 0.1 || box.height < least - 0.1)
      small.push([pressed.tagName, (pressed.innerText || pressed.name || '').slice(0, 40), box.width, box.height]);
  }
  return small;
}"""

Findings = list[tuple[str, ...]]


@contextmanager
def looker(browser: Browser, app: Flask, pages: Mapping[str, str], **told: object) -> Iterator[Page]:
    """A narrow phone that gets these pages, each at the address `SITE/NAME`, with their style but without script."""
    context = browser.new_context(viewport=NARROW, bypass_csp=True, service_workers="block", **told)
    client = app.test_client()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.endswith(".css"):
            route.fulfill(body=client.get(path).data, content_type="text/css")
        elif path.startswith("/page/"):
            route.fulfill(body=pages[names[int(path.removeprefix("/page/"))]], content_type="text/html; charset=utf-8")
        else:
            route.abort()

    names = list(pages)
    context.route("**/*", answer)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def judge(page: Page, pages: Mapping[str, str], schemes: Mapping[str, str], *, layout: bool) -> Findings:
    """What is wrong with the pages. schemes: `light` or `dark`, with the call of axe for each."""
    found: Findings = []
    for number, name in enumerate(pages):
        page.emulate_media(color_scheme=next(iter(schemes)))
        page.goto(f"{SITE}/page/{number}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        page.evaluate(AXE)
        for scheme, call in schemes.items():
            page.emulate_media(color_scheme=scheme)
            for one in page.evaluate(call)["violations"]:
                places = " | ".join(node["html"][:160] for node in one["nodes"][:3])
                found.append((name, scheme, str(one["impact"]), one["id"], places))
        if layout:
            width, room = page.evaluate(WIDTH)
            found += [(name, "wider than the phone", str(width))] if width > room else []
            found += [(name, "small", *map(str, one)) for one in page.evaluate(SMALL, TARGET_PX)]
    return found
