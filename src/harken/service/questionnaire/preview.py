"""The live preview: an author's own machine shows each page while the file is written.

It listens on the loopback address alone, answers only to its own name and takes a form
only with its token, so that no other page of the browser can reach it. Answers typed in
stay in memory, are never logged and are gone when the command ends.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.template.loader import render_to_string
from django.utils import timezone

from harken.method.errors import Exit, Finding, HarkenError, errors_in
from harken.method.interview import Interview, answer, begin, go_to, route
from harken.method.questionnaire import Question, Questionnaire, Value
from harken.method.questionnaire import route as routing
from harken.method.questionnaire.wording import Wording, right_to_left
from harken.method.terms import Arm, Language, Missing, Mode
from harken.service import terminal
from harken.service.questionnaire import sources
from harken.service.questionnaire.sources import Source

HOST = "127.0.0.1"
LONGEST_FORM = 65_536
STATIC = Path(__file__).parent / "static" / "questionnaire"
LOOKS = {"/preview.css": "text/css", "/preview.js": "text/javascript"}
PAUSE = 0.4
"""Seconds between two looks at the files."""

Examine = Callable[[Source], tuple[tuple[Finding, ...], Questionnaire | None, Any]]


@dataclass
class Desk:
    """What the preview shows: the instrument as last saved, and one invented interview."""

    name: str
    examine: Examine
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    stamp: int = 0
    source: Source | None = None
    findings: tuple[Finding, ...] = ()
    instrument: Questionnaire | None = None
    proof: Any = None
    interview: Interview | None = None
    problem: str = ""
    stale: bool = False
    """Whether the files cannot be read, and the instrument shown is that of before."""

    def refresh(self) -> None:
        """Read and prove the files anew; the interview keeps its answers."""
        try:
            self.source = sources.find(self.name)
            self.findings, read, self.proof = self.examine(self.source)
        except HarkenError as error:
            self.findings, read, self.proof = error.findings, None, None
        self.stale = read is None
        if read is not None:
            self.instrument = read
            self.interview = self.kept(read)
        self.stamp += 1

    def kept(self, read: Questionnaire) -> Interview:
        """The interview so far, carried over to the instrument as it now is."""
        held = self.interview
        mode = held.mode if held else Mode.WEB
        arm = held.arm if held else Arm.SAMPLE
        language = held.language if held else read.source_language
        if language not in read.languages:
            language = read.source_language
        fresh = begin(
            read, mode=mode, arm=arm, language=language, started=timezone.localdate()
        )
        answers = held.answers if held else {}
        known = {name: value for name, value in answers.items() if name in read.ids}
        carried = replace(fresh, answers=known)
        return go_to(read, carried)

    def restart(self, form: Mapping[str, Sequence[str]]) -> None:
        """Begin again, in another mode, arm or language."""
        if self.instrument is None:
            return
        self.problem = ""
        language = Language(_one(form, "language"))
        if language not in self.instrument.languages:
            language = self.instrument.source_language
        mode, arm = _one(form, "mode"), _one(form, "arm")
        self.interview = begin(
            self.instrument,
            mode=Mode(mode) if mode in set(Mode) else Mode.WEB,
            arm=Arm(arm) if arm in set(Arm) else Arm.SAMPLE,
            language=language,
            started=timezone.localdate(),
        )

    def answer(self, form: Mapping[str, Sequence[str]]) -> str:
        """Take an answer; the id of the page to show next."""
        self.problem = ""
        if self.instrument is None or self.interview is None:
            return ""
        name = _one(form, "question")
        try:
            self.interview = answer(self.instrument, self.interview, name, form)
        except HarkenError as error:
            self.problem = " ".join(str(finding) for finding in error.findings)
            return name
        return self.interview.position or ""

    def page(self, wanted: str) -> str:
        """The whole preview as HTML."""
        context: dict[str, Any] = {
            "name": self.name,
            "token": self.token,
            "stamp": self.stamp,
            "problem": self.problem,
            "stale": self.stale,
            "findings": [(self._spot(one), one) for one in self.findings],
            "errors": len(errors_in(self.findings)),
            "proof": self.proof,
            "instrument": self.instrument,
            "interview": self.interview,
            "modes": tuple(Mode),
            "arms": tuple(Arm),
        }
        if self.instrument is not None and self.interview is not None:
            context |= self._shown(self.instrument, self.interview, wanted)
        return render_to_string("questionnaire/preview.html", context)

    def _spot(self, finding: Finding) -> str:
        return self.source.spot(finding) if self.source else str(finding.place or "")

    def _shown(
        self, read: Questionnaire, interview: Interview, wanted: str
    ) -> dict[str, Any]:
        asked = route(read, interview)
        names = [question.id for question in asked]
        current = wanted if wanted in read.ids else interview.position
        current = current or (names[-1] if names else read.questions[0].id)
        question = read.question(current)
        return {
            "question": question,
            "on_path": current in names,
            "path": [
                (one, _said(interview.answers.get(one.id)), one.id == current)
                for one in asked
            ],
            "others": [one for one in read.questions if one.id not in names],
            "wordings": [_wording(read, question, mode, interview) for mode in Mode],
            "at_end": interview.position is None,
        }


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    values = form.get(name, ())
    return values[0] if values else ""


def _said(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Missing):
        return value.word.replace("_", " ")
    return ", ".join(value) if isinstance(value, tuple) else f"{value}"


def _wording(
    read: Questionnaire, question: Question, mode: Mode, interview: Interview
) -> dict[str, Any]:
    """One page in the words of one mode, the answers so far filled in."""
    way = routing.route(read, interview.answers, interview.context)
    spoken = Wording(read, way.values, mode, interview.language)

    def text(key: str) -> str:
        return spoken.text(key, question).value

    return {
        "mode": mode,
        "direction": "rtl" if right_to_left(interview.language) else "ltr",
        "text": text(f"{question.id}.text"),
        "hint": text(f"{question.id}.hint"),
        "note": text(f"{question.id}.note") if mode is Mode.TELEPHONE else "",
        "unit": text(f"{question.id}.unit"),
        "options": [(code, text(f"{question.id}.{code}")) for code in question.codes],
        "refusals": [
            (one.word, text(f"refusal.{one.word}")) for one in question.refusals
        ],
    }


def stamp_of(name: str) -> tuple[tuple[str, int], ...]:
    """Names and times of every file of a source, to see when one is saved."""
    path = Path(name)
    if path.is_dir():
        among = [*path.rglob("*")]
    else:
        beside = (path.parent / one for one in sources.BESIDE)
        among = [path, *(file for folder in beside for file in folder.glob("*"))]
    found = []
    for file in sorted(among):
        try:
            found.append((str(file), file.stat().st_mtime_ns))
        except OSError:
            continue
    return tuple(found)


def server(desk: Desk, port: int) -> ThreadingHTTPServer:
    """The preview's server on the loopback address; port 0 takes any free one."""
    lock = threading.Lock()

    class Handler(_Handler):
        """Serves one desk."""

    Handler.desk, Handler.lock = desk, lock
    return ThreadingHTTPServer((HOST, port), Handler)


class _Handler(BaseHTTPRequestHandler):
    """Shows the desk's page and takes its forms."""

    desk: Desk
    lock: threading.Lock

    def do_GET(self) -> None:
        """The page, or its stamp."""
        if not self._known():
            return
        parts = urlsplit(self.path)
        with self.lock:
            if parts.path == "/stamp":
                self._send(200, str(self.desk.stamp), "text/plain")
            elif parts.path in LOOKS:
                name, kind = parts.path[1:], LOOKS[parts.path]
                self._send(200, (STATIC / name).read_text(encoding="utf-8"), kind)
            elif parts.path == "/":
                wanted = _one(parse_qs(parts.query), "page")
                self._send(200, self.desk.page(wanted), "text/html")
            else:
                self._send(404, "Not here.", "text/plain")

    def do_POST(self) -> None:
        """One of the page's own forms."""
        if not self._known():
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LONGEST_FORM:
            self._send(413, "Too long.", "text/plain")
            return
        text = self.rfile.read(int(length)).decode("utf-8", "replace")
        form = parse_qs(text, keep_blank_values=True)
        if not secrets.compare_digest(_one(form, "csrf_token"), self.desk.token):
            self._send(403, "Not from this page.", "text/plain")
            return
        with self.lock:
            shown = ""
            if self.path == "/answer":
                shown = self.desk.answer(form)
            elif self.path == "/restart":
                self.desk.restart(form)
            else:
                self._send(404, "Not here.", "text/plain")
                return
        self.send_response(303)
        self.send_header("Location", f"/?page={shown}" if shown else "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _known(self) -> bool:
        """Only requests to this machine by its own name: a page elsewhere that points its
        name here (DNS rebinding) is refused."""
        server = self.server
        assert isinstance(server, ThreadingHTTPServer)  # noqa: S101 - made by server()
        port = server.server_port
        if self.headers.get("Host") in {f"{HOST}:{port}", f"localhost:{port}"}:
            return True
        self._send(403, "Only for this machine.", "text/plain")
        return False

    def _send(self, status: int, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; "
            "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        )
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Write nothing."""


def watch(name: str, *, port: int, examine: Examine, tell: Callable[..., None]) -> int:
    """Serve the preview and check again at each save, until interrupted."""
    desk = Desk(name, examine)
    serving = server(desk, port)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    terminal.say(f"Preview: http://{HOST}:{serving.server_port}/  (Ctrl-C ends it)")
    seen: object = None
    ended = threading.Event()
    try:
        while not ended.wait(PAUSE if seen else 0):
            now = stamp_of(name)
            if now != seen:
                seen = now
                desk.refresh()
                if desk.source is not None:
                    read = None if desk.stale else desk.instrument
                    tell(desk.source, desk.findings, read, desk.proof)
    except KeyboardInterrupt:
        terminal.say("The preview has ended.")
    finally:
        serving.shutdown()
        serving.server_close()
    return Exit.DONE
