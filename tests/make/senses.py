"""What axe cannot see: the Tab key's way, 400 per cent, forced colours, things that move.

Every function looks at the page that is loaded, and says in words what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

ZOOMED = {"width": 320, "height": 256}
"""A window of 1280 by 1024 pixels at 400 per cent (WCAG 1.4.10)."""
CONTROLS = """
  const controls = [...document.querySelectorAll("a[href], button, input, select, textarea")]
    .filter((one) => one.type !== "hidden" && !one.closest("dialog")
                     && one.checkVisibility({ visibilityProperty: true }));
"""
"""What a person can reach now, in the order of the document."""

MOVES = """() => {
  const found = new Set();
  for (const one of document.querySelectorAll("body, body *"))
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(one, part);
      const still = [style.animationName, style.animationDuration, style.transitionDuration];
      if (style.animationName !== "none" || style.transitionDuration.split(", ")
          .some((time) => parseFloat(time) > 0))
        found.add(`moves: ${one.tagName} ${one.className} ${part ?? ""} ${still}`);
    }
  if (document.getAnimations().length) found.add("an animation runs");
  return [...found].slice(0, 3);
}"""

ORDER = (
    f"() => {{{CONTROLS}"
    + """
  const found = [...document.querySelectorAll("[tabindex]")]
    .filter((one) => one.tabIndex > 0).map((one) => `tabindex: ${one.outerHTML.slice(0, 80)}`);
  const flows = controls.filter((one) => !one.closest(".govuk-exit-this-page, .govuk-skip-link")
    && !one.closest(".app-exit-link"));
  const rtl = document.documentElement.dir === "rtl";
  for (let n = 1; n < flows.length; n += 1) {
    const [a, b] = [flows[n - 1].getBoundingClientRect(), flows[n].getBoundingClientRect()];
    const above = b.bottom <= a.top + 1;
    const level = b.top < a.bottom - 4 && a.top < b.bottom - 4;
    const before = level && (rtl ? b.left >= a.right - 1 : b.right <= a.left + 1);
    if (above || before) found.push(`read before: ${flows[n].outerHTML.slice(0, 80)}`);
  }
  return found.slice(0, 3);
}"""
)

TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
"""One press, half the messages that a library's press takes."""

WATCH = """() => {
  if (!window.reached)
    document.addEventListener("focusin", (event) => window.reached.push(event.target));
  window.reached = [];
  document.activeElement?.blur();
  getSelection().removeAllRanges();
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  const groups = new Set();
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea,"
    + " summary, [tabindex]")].filter((one) => one.type !== "hidden"
    && one.checkVisibility({ visibilityProperty: true })
    && !(one.type === "radio" && groups.size === groups.add(one.name).size));
  return stops.length + 10 * document.querySelectorAll("audio, video").length;
}"""

REACHED = (
    f"() => {{{CONTROLS}"
    + """
  const all = [...document.querySelectorAll("*")];
  const places = window.reached.filter((one) => one !== document.body)
    .map((one) => all.indexOf(one));
  const back = places.findIndex((place, n) => n > 0 && place <= places[n - 1]);
  const round = back < 0 ? places : places.slice(0, back);
  const seen = new Set(round);
  const names = new Set(round.map((place) => all[place].name).filter(Boolean));
  const left = controls.filter((one) => !seen.has(all.indexOf(one))
    && !(one.type === "radio" && names.has(one.name)));
  const found = left.slice(0, 3).map((one) => `not by Tab: ${one.outerHTML.slice(0, 80)}`);
  if (back > 0 && places[back] !== Math.min(...places))
    found.push(`Tab goes back to: ${all[places[back]].outerHTML.slice(0, 80)}`);
  return found;
}"""
)

HIDDEN = (
    f"() => {{{CONTROLS}"
    + """
  const found = [];
  for (const one of controls) {
    one.focus();
    const ticked = one.type === "radio" || one.type === "checkbox";
    const box = (ticked ? one.parentElement : one).getBoundingClientRect();
    const shown = [[0.1, 0.1], [0.5, 0.5], [0.9, 0.9], [0.1, 0.9], [0.9, 0.1]].some(([x, y]) => {
      const at = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return at && (one.contains(at) || (ticked && one.parentElement.contains(at)));
    });
    if (!shown) found.push(`focus is covered: ${one.outerHTML.slice(0, 80)}`);
  }
  scrollTo(0, 0);
  return found.slice(0, 3);
}"""
)

PARTS = """() => [...document.querySelectorAll(
    "a, button, input, select, textarea, label, h1, h2, h3, p, li, dt, dd, legend, strong")]
  .filter((one) => one.type !== "hidden" && one.checkVisibility({ opacityProperty: true,
     visibilityProperty: true }) && !one.closest("dialog"))
  .map((one) => [one, one.type === "radio" || one.type === "checkbox"
     ? one.parentElement.getBoundingClientRect() : one.getBoundingClientRect()])
  .filter(([one, box]) => box.width > 3 && box.height > 3 && box.right > 3)
  .map(([one, box]) => [one.outerHTML.slice(0, 80), box.left + scrollX, box.top + scrollY,
     box.width, box.height])"""

WHOLE = {"format": "png", "captureBeyondViewport": True, "optimizeForSpeed": True}
"""A picture of the page to its end, as fast as the browser can."""

EMPTY = """async ([picture, parts]) => {
  // Not as the source of an image: the policy of the page lets in its own files alone.
  const bytes = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0);
  return parts.filter(([, x, y, width, height]) => {
    const { data } = pen.getImageData(x, y, Math.max(1, width), Math.max(1, height));
    for (let n = 4; n < data.length; n += 4)
      if (data[n] !== data[0] || data[n + 1] !== data[1] || data[n + 2] !== data[2]) return false;
    return true;
  }).map(([name]) => `gone in forced colours: ${name}`).slice(0, 3);
}"""

LINED = (
    f"() => {{{CONTROLS}"
    + """
  const found = [];
  for (const one of controls) {
    const look = () => [one, one.labels?.[0], one.parentElement].filter(Boolean).flatMap((part) =>
      [null, "::before", "::after"].map((bit) => {
        const style = getComputedStyle(part, bit);
        return style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor;
      })).join();
    one.blur();
    const before = look();
    one.focus({ focusVisible: true });
    const name = one.outerHTML.slice(0, 80);
    if (look() === before) found.push(`focus unseen in forced colours: ${name}`);
  }
  return found.slice(0, 3);
}"""
)


def of_the_page(page: Page) -> Iterator[str]:
    """What moves, what is gone in forced colours, and where the focus is unseen."""
    yield from page.evaluate(MOVES)
    yield from in_forced_colours(page)


def enlarged(page: Page) -> Iterator[str]:
    """What 400 per cent does: nothing wider than the window, no focus covered."""
    page.set_viewport_size({**ZOOMED})
    if page.evaluate("document.documentElement.scrollWidth") > ZOOMED["width"]:
        yield "wider than 320 pixels"
    yield from page.evaluate(HIDDEN)


def of_the_width(page: Page) -> Iterator[str]:
    """The order of reading, and what stands outside the window."""
    yield from page.evaluate(ORDER)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "wider than the window"


def by_the_keyboard(page: Page) -> Iterator[str]:
    """The Tab key reaches every part, in the order in which they are read."""
    stops, session = page.evaluate(WATCH) + 3, page.context.new_cdp_session(page)
    for _ in range(stops):
        session.send("Input.dispatchKeyEvent", TAB)
    session.detach()
    yield from page.evaluate(REACHED)
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")


def in_forced_colours(page: Page) -> Iterator[str]:
    """Every text and control still there, and the focus seen on each."""
    page.emulate_media(forced_colors="active")
    parts = page.evaluate(PARTS)
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", WHOLE)
    session.detach()
    yield from page.evaluate(EMPTY, [taken["data"], parts])
    yield from page.evaluate(LINED)
    page.emulate_media(forced_colors="none")
