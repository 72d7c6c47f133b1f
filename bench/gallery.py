"""Pictures of the respondent's pages for the manual: ``script/bench gallery [--quick]``.

Writes docs/gallery: every kind of page on a phone in English, a choice of them in the
other languages, at a desk, in large print, in text only and in forced colours. Look at
them after every change of a template. ``--quick`` writes nothing and says how many there
would be.
"""

from __future__ import annotations

import argparse
import base64
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.accessibility import house, pages

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "gallery"
NAMES = {"en": "English", "pl": "Polish", "ur": "Urdu"}
CHOSEN = {
    "start",
    "agree",
    "before",
    "private_ok",
    "one",
    "some",
    "rank",
    "place",
    "hours",
    "lasted",
    "born",
    "tell",
    "stop_page",
    "done",
    "help",
    "easy",
}
AT_A_DESK = {
    "start",
    "code",
    "agree",
    "before",
    "one",
    "some",
    "born",
    "tell",
    "check",
    "done",
    "stop_page",
    "message",
    "help",
    "easy",
}
DRESSED = {"one", "born", "tell", "done"}
FORCED = {"start", "one", "some", "rank", "born", "done"}
STATES = {"not_yet", "letter", "telephone", "closed"}
"""What is pictured at a desk, in large print and in text only, in forced colours; and
the states of the door, pictured in English."""
WRONG = {"one", "born"}
"""Whose mistakes are pictured; all of them look alike."""
LIMIT = 3_000_000
TO_WEBP = """async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  const scale = image.width > 1000 ? 0.75 : 1;
  [canvas.width, canvas.height] = [image.width * scale, image.height * scale];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/webp", 0.2);
}"""


def pictures(shown: Sequence[Any]) -> Iterator[tuple[str, Any, int]]:
    """Which pages are pictured, and how wide: the file's name, the page, the width."""
    for one in shown:
        name = f"{one.name.replace('#', '-')}-{one.state}"
        if one.dress:
            said = {"one": "mistake", "born": "mistake"}.get(one.name, "empty")
            if one.name in DRESSED and one.state == said:
                yield f"{one.dress}-{one.language}-{name}", one, 360
            continue
        if one.state == "filled" or (one.state == "mistake" and one.language == "pl"):
            continue
        if one.state in STATES and one.language != "en":
            continue
        wrong = one.state == "mistake" and one.name not in WRONG
        if one.language == "en" and one.name in FORCED and one.state == "empty":
            yield f"forced-en-{name}", one, 360
        if one.language == "en" and not wrong:
            yield f"phone-en-{name}", one, 360
        elif (one.name in CHOSEN or one.state in STATES) and not (
            one.language == "en" or wrong
        ):
            yield f"phone-{one.language}-{name}", one, 360
        at_desk = one.name in AT_A_DESK and one.state != "mistake"
        if at_desk and one.language in {"en", "ur"}:
            yield f"desk-{one.language}-{name}", one, 1280


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures and write the page that shows them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="only count")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with house():
        chosen = list(pictures(pages()))
        if not options.quick:
            take(chosen)
    size = sum(file.stat().st_size for file in FOLDER.glob("*.webp"))
    seconds = time.monotonic() - began
    sys.stdout.write(f"{len(chosen)} pictures, {size / 1000:.0f} kB, {seconds:.0f} s\n")
    return 5 if size > LIMIT else 0


def take(chosen: Sequence[tuple[str, Any, int]]) -> None:
    """One picture of each, and the page that shows them."""
    from tests.make.axe import Cell, Site
    from tests.make.journey import make_browser

    FOLDER.mkdir(exist_ok=True)
    for file in FOLDER.glob("*.webp"):
        file.unlink()
    with make_browser() as browser, Site() as site:
        page = browser.new_context(reduced_motion="reduce").new_page()
        press = browser.new_page()
        for name, shown, width in chosen:
            site.show(page, Cell(shown, width, script=True))
            colours: Any = "active" if name.startswith("forced") else "none"
            page.emulate_media(forced_colors=colours)
            picture = page.screenshot(full_page=True)
            (FOLDER / f"{name}.webp").write_bytes(smaller(press, picture))
    index(chosen)


def smaller(press: Any, picture: bytes) -> bytes:
    """A PNG as WebP, by the browser itself."""
    address = "data:image/png;base64," + base64.b64encode(picture).decode()
    data: str = press.evaluate(TO_WEBP, address)
    return base64.b64decode(data.partition(",")[2])


def index(chosen: Sequence[tuple[str, Any, int]]) -> None:
    """The page of the manual that shows every picture."""
    lines = [
        "# The respondent's pages",
        "<!-- Written by script/bench gallery; change the templates, not this page. -->",
        "",
        "Every kind of page as the server sends it, from a small study that has one "
        "question of each type. The Urdu and Polish words wait for a translator.",
    ]
    groups = (
        ("phone", "360 pixels wide"),
        ("desk", "1280 pixels wide"),
        ("large", "large print"),
        ("plain", "text only"),
        ("forced", "forced colours"),
    )
    for prefix, title in groups:
        for language, word in NAMES.items():
            start = f"{prefix}-{language}-"
            found = [(n, s) for n, s, _ in chosen if n.startswith(start)]
            if not found:
                continue
            lines += ["", f"## {word}, {title}", ""]
            width = 480 if prefix == "desk" else 240
            lines += [
                f'<img src="{name}.webp" width="{width}" alt="{shown.name}, {shown.state}">'
                for name, shown in found
            ]
    (FOLDER / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
