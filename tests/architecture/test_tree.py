"""The tree itself: links resolve, scripts are short, no machine shows, pages are clean."""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.template.loader import get_template

from tests.architecture.tree import PACKAGE, ROOT, kept, shown
from tests.conftest import LONG

TEXT = {
    ".py",
    ".md",
    ".yaml",
    ".toml",
    ".html",
    ".css",
    ".js",
    ".sh",
    ".txt",
    ".cfg",
    "",
}
LINK = re.compile(
    r"(?<!!)\[[^\]]*\]\((?P<to>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)"
)
MACHINE = re.compile(r"(?<![\w.])/(work|home/\w+|root|Users/\w+|opt)/[\w.-]+")
INDEX = re.compile(
    r"--(extra-)?index-url|--find-links|index-url\s*=|registry\s*=|[/:]simple/|"
    r"https?://[\w.-]*(pypi|npm|proxy|mirror|artifact|nexus)[\w.-]*[:/]",
    re.IGNORECASE,
)
ALLOWED_INDEX = {"script/lock", "tests/architecture/test_tree.py"}


def texts() -> list[tuple[Path, str]]:
    """Every text file of the project."""
    found = []
    for path in kept():
        if path.suffix in TEXT or path.parent.name in {"script", ".ci"}:
            try:
                found.append((path, path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue
    return found


def test_links_between_documents_resolve() -> None:
    broken = []
    for path, text in texts():
        if path.suffix != ".md":
            continue
        for found in LINK.finditer(re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            to = (found["to"] or found["image"]).split("#")[0]
            outside = not to or "://" in to or to.startswith("mailto:")
            if not outside and not (path.parent / to).exists():
                broken.append(f"{shown(path)} -> {to}")
    assert broken == []


def test_every_page_of_the_manual_is_in_its_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [p for p in kept() if p.suffix == ".md" and ROOT / "docs" in p.parents]
    missing = [
        str(page.relative_to(ROOT / "docs"))
        for page in pages
        if page != ROOT / "docs" / "README.md"
        and f"({page.relative_to(ROOT / 'docs')})" not in index
    ]
    assert missing == []


def test_scripts_are_short_and_run() -> None:
    for path in kept():
        if path.parent in {ROOT / "script", ROOT / ".ci"}:
            lines = path.read_text(encoding="utf-8").splitlines()
            assert len(lines) < 40, shown(path)
            assert lines[0].startswith("#!"), shown(path)
            assert os.access(path, os.X_OK), shown(path)


def test_no_machine_shows_in_the_tree() -> None:
    found = [
        f"{shown(path)}: {hit[0]}"
        for path, text in texts()
        if path.name != "test_tree.py"
        for hit in MACHINE.finditer(text)
    ]
    assert found == []


def test_no_package_index_is_named() -> None:
    found = [
        f"{shown(path)}: {hit[0]}"
        for path, text in texts()
        if shown(path) not in ALLOWED_INDEX
        for hit in INDEX.finditer(text)
    ]
    assert found == []


def templates() -> list[Path]:
    """Every template of the package."""
    return [p for p in kept() if p.suffix == ".html" and PACKAGE in p.parents]


def test_every_template_compiles() -> None:
    for path in templates():
        get_template(str(path).split("/templates/")[1])


def test_templates_carry_no_style_no_script_and_no_handler() -> None:
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|\shx-", re.I
    )
    found = [
        f"{shown(path)}: {hit[0].strip()}"
        for path in templates()
        for hit in inline.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_form_that_posts_carries_its_token() -> None:
    found = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for form in re.findall(r"<form\b.*?</form>", text, re.S | re.I):
            if re.search(r'method="post"', form, re.I) and "csrf_token" not in form:
                found.append(shown(path))
    assert found == []


def test_no_upload_is_kept_as_a_file_or_served_again() -> None:
    """Two views take a file in; both read it as texts or refuse it. Nothing is scanned,
    for nothing that came in can go out to anybody as a file."""
    sources = {
        shown(path): path.read_text(encoding="utf-8")
        for path in kept()
        if path.suffix == ".py" and PACKAGE in path.parents
    }
    takers = [name for name, text in sources.items() if "request.FILES" in text]
    assert sorted(takers) == [
        "src/harken/service/sampling/views.py",
        "src/harken/service/study/views.py",
    ]
    keeping = re.compile(
        r"FileField|ImageField|FileResponse|MEDIA_ROOT|default_storage"
    )
    assert [name for name, text in sources.items() if keeping.search(text)] == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    outside = re.compile(r'(src|href|action)="(https?:)?//', re.I)
    found = [
        f"{shown(path)}: {hit[0]}"
        for path in templates()
        for hit in outside.finditer(path.read_text(encoding="utf-8"))
        if hit[1].lower() != "href"
    ]
    assert found == []


def test_the_test_files_begun_first_are_there() -> None:
    there = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    assert set(LONG) <= there
