"""Every kind of page a respondent can meet, as the server really sends it.

A small questionnaire holds each type of question; a client walks through it and keeps
each page empty, with a mistake, filled in, and where an unusual answer is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle

from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from harken.service.interview.calm import trouble
from harken.service.sampling.queries import issued
from harken.service.study.models import Study
from tests.make.contact import make_invitation
from tests.make.sitting import NOW, make_open_study

LANGUAGES = ("en", "pl", "ur")

QUESTIONS = """\
questionnaire: showcase
version: "1"
lists:
  areas: {file: lists/areas.csv, translate: no}
sections:
  - id: start
    title: Taking part
    questions:
      - {id: agree, type: consent, purpose: take_part, required: yes, text: Do you agree?}
  - id: private
    title: Private
    if: "agree == 'yes'"
    sensitive: yes
    announcement: The next questions are more personal. You can leave them out.
    questions:
      - id: one
        type: single
        text: Who answered you first?
        hint: Think of the first time.
        options: [{code: a, text: A person}, {code: b, text: A machine}]
        refusals: [dont_know, prefer_not_to_say]
      - {id: sure, type: yes_no, text: Were you told why?}
      - {id: rate, type: scale, from: 0, to: 4, labels: {0: Bad, 4: Good}, text: Rate it.}
      - id: some
        type: multiple
        text: What helped?
        options:
          - {code: a, text: A letter}
          - {code: b, text: A call}
          - {code: none, text: Nothing, exclusive: yes}
        refusals: [prefer_not_to_say]
      - id: rank
        type: ranking
        text: What matters most?
        options: [{code: a, text: Speed}, {code: b, text: Care}, {code: c, text: Facts}]
      - {id: place, type: lookup, list: areas, text: Where was it?}
      - id: treated
        type: matrix
        text: "How did {row} treat you?"
        rows: [{id: police, text: the first office}]
        options: [{code: well, text: Well}, {code: badly, text: Badly}]
      - id: hours
        type: number
        text: How many hours did it take?
        unit: hours
        refusals: [dont_know]
        checks: [{if: "hours > 16", say: That is more than most people wait., soft: yes}]
      - {id: cost, type: currency, currency: GBP, text: What did it cost you?}
      - {id: lasted, type: duration, units: [hours, minutes], text: How long did it last?}
      - {id: born, type: date, text: When was the appointment?}
      - {id: since, type: month, text: Since when?}
      - {id: in_year, type: year, text: In which year?}
      - {id: happened, type: about, text: When was the letter written?}
      - {id: at, type: time, text: At what time?}
      - {id: name_it, type: line, text: Say it in a few words., max_length: 60}
      - id: tell
        type: text
        text: What should be better?
        hint: Only about the service.
        max_length: 200
        refusals: [prefer_not_to_say]
  - id: offices
    title: Offices
    roster: {fixed: 1}
    questions:
      - {id: visit, type: yes_no, text: Did you go there?}
  - id: end
    title: End
    questions:
      - {id: thanks, type: information, text: That was the last question.}
"""

AREAS = """\
code,text
E1,Ashford
E2,Barking
E3,Barnet
E4,Bexley
E5,Brent
E6,Camden
E7,Croydon
E8,Ealing
E9,Enfield
E10,Harrow
"""

WORDS = {
    "pl": {
        "refusal.dont_know": "Nie wiem",
        "refusal.prefer_not_to_say": "Wolę nie mówić",
        "consent.yes": "Tak",
        "consent.no": "Nie",
        "yes_no.yes": "Tak",
        "yes_no.no": "Nie",
        "announcement.continue": "Przejdź do tych pytań",
        "announcement.skip": "Pomiń te pytania",
        "unit.hours": "godziny",
        "unit.minutes": "minuty",
        "section.start.title": "Udział",
        "section.private.title": "Osobiste",
        "section.private.announcement": "Następne pytania są bardziej osobiste.",
        "section.offices.title": "Urzędy",
        "section.end.title": "Koniec",
        "agree.text": "Czy wyraża Pan/Pani zgodę?",
        "one.text": "Kto odpowiedział najpierw?",
        "one.hint": "Chodzi o pierwszy raz.",
        "one.a": "Człowiek",
        "one.b": "Automat",
        "sure.text": "Czy podano powód?",
        "rate.text": "Proszę to ocenić.",
        "rate.0": "Źle",
        "rate.4": "Dobrze",
        "some.text": "Co pomogło?",
        "some.a": "List",
        "some.b": "Telefon",
        "some.none": "Nic",
        "rank.text": "Co jest najważniejsze?",
        "rank.a": "Szybkość",
        "rank.b": "Troska",
        "rank.c": "Fakty",
        "place.text": "Gdzie to było?",
        "treated.text": "Jak potraktował Pana/Panią {row}?",
        "treated.row.police": "pierwszy urząd",
        "treated.well": "Dobrze",
        "treated.badly": "Źle",
        "hours.text": "Ile godzin to trwało?",
        "hours.unit": "godz.",
        "hours.check.1": "To dłużej, niż czeka większość osób.",
        "cost.text": "Ile to kosztowało?",
        "lasted.text": "Jak długo to trwało?",
        "born.text": "Kiedy była wizyta?",
        "since.text": "Od kiedy?",
        "in_year.text": "W którym roku?",
        "happened.text": "Kiedy napisano list?",
        "at.text": "O której godzinie?",
        "name_it.text": "Proszę to powiedzieć w kilku słowach.",
        "tell.text": "Co powinno być lepsze?",
        "tell.hint": "Tylko o usłudze.",
        "visit.text": "Czy był/była tam Pan/Pani?",
        "thanks.text": "To było ostatnie pytanie.",
    },
    "ur": {
        "refusal.dont_know": "معلوم نہیں",
        "refusal.prefer_not_to_say": "میں بتانا نہیں چاہتا / چاہتی",
        "consent.yes": "ہاں",
        "consent.no": "نہیں",
        "yes_no.yes": "ہاں",
        "yes_no.no": "نہیں",
        "announcement.continue": "ان سوالوں پر جائیں",
        "announcement.skip": "یہ سوال چھوڑ دیں",
        "unit.hours": "گھنٹے",
        "unit.minutes": "منٹ",
        "section.start.title": "حصہ لینا",
        "section.private.title": "ذاتی",
        "section.private.announcement": "اگلے سوال زیادہ ذاتی ہیں۔ آپ انہیں چھوڑ سکتے ہیں۔",
        "section.offices.title": "دفاتر",
        "section.end.title": "اختتام",
        "agree.text": "کیا آپ حصہ لینے پر راضی ہیں؟",
        "one.text": "سب سے پہلے آپ کو کس نے جواب دیا؟",
        "one.hint": "پہلی بار کے بارے میں سوچیں۔",
        "one.a": "کسی شخص نے",
        "one.b": "مشین نے",
        "sure.text": "کیا آپ کو وجہ بتائی گئی؟",
        "rate.text": "اس کی درجہ بندی کریں۔",
        "rate.0": "خراب",
        "rate.4": "اچھا",
        "some.text": "کس چیز سے مدد ملی؟",
        "some.a": "خط سے",
        "some.b": "فون سے",
        "some.none": "کسی سے نہیں",
        "rank.text": "سب سے اہم کیا ہے؟",
        "rank.a": "جلدی",
        "rank.b": "خیال رکھنا",
        "rank.c": "معلومات",
        "place.text": "یہ کہاں تھا؟",
        "treated.text": "{row} نے آپ کے ساتھ کیسا سلوک کیا؟",
        "treated.row.police": "پہلا دفتر",
        "treated.well": "اچھا",
        "treated.badly": "برا",
        "hours.text": "اس میں کتنے گھنٹے لگے؟",
        "hours.unit": "گھنٹے",
        "hours.check.1": "یہ اس سے زیادہ ہے جتنا اکثر لوگ انتظار کرتے ہیں۔",
        "cost.text": "اس پر آپ کا کتنا خرچ آیا؟",
        "lasted.text": "یہ کتنی دیر چلا؟",
        "born.text": "ملاقات کب تھی؟",
        "since.text": "کب سے؟",
        "in_year.text": "کس سال میں؟",
        "happened.text": "خط کب لکھا گیا تھا؟",
        "at.text": "کس وقت؟",
        "name_it.text": "چند الفاظ میں بتائیں۔",
        "tell.text": "کیا بہتر ہونا چاہیے؟",
        "tell.hint": "صرف خدمت کے بارے میں۔",
        "visit.text": "کیا آپ وہاں گئے تھے؟",
        "thanks.text": "یہ آخری سوال تھا۔",
    },
}

Form = Mapping[str, Sequence[str] | str]

GOOD: Mapping[str, Form] = {
    "agree": {"value": "yes"},
    "private_ok": {"value": "continue"},
    "one": {"value": "a"},
    "sure": {"value": "yes"},
    "rate": {"value": "3"},
    "some": {"value": ["a", "b"]},
    "rank": {"rank_b": "1", "rank_a": "2"},
    "place": {"value": "E1"},
    "treated_police": {"value": "well"},
    "hours": {"value": "4"},
    "cost": {"value": "12.50"},
    "lasted": {"part_hours": "1", "part_minutes": "30"},
    "born": {"day": "27", "month": "3", "year": "2025"},
    "since": {"month": "3", "year": "2025"},
    "in_year": {"value": "2025"},
    "happened": {"year": "2025"},
    "at": {"hour": "14", "minute": "30"},
    "name_it": {"value": "Slow"},
    "tell": {"value": "They could ring back."},
    "visit#1": {"value": "no"},
    "thanks": {},
}
BAD: Mapping[str, Form] = {
    "agree": {},
    "one": {"value": ["a", "b"]},
    "sure": {"value": "perhaps"},
    "rate": {"value": "99"},
    "some": {"value": ["a", "none"]},
    "rank": {"rank_a": "1", "rank_b": "1"},
    "place": {"value": "nowhere"},
    "treated_police": {"value": "so"},
    "hours": {"value": "lots"},
    "cost": {"value": "dear"},
    "lasted": {"part_hours": "x"},
    "born": {"day": "31", "month": "2", "year": "2025"},
    "since": {"month": "13", "year": "2025"},
    "in_year": {"value": "25"},
    "happened": {"day": "31", "month": "2", "year": "2025"},
    "at": {"hour": "25", "minute": "0"},
    "name_it": {"value": "x" * 70},
    "tell": {"value": "x" * 300},
}
OTHER: Mapping[str, Mapping[str, Form]] = {
    "hours": {"unusual": {"do": "answer", "value": "20"}},
    "place": {
        "found": {"do": "search", "search": "ba"},
        "nothing": {"do": "search", "search": "zzz"},
    },
}
"""Further states of some questions: what to send, by the name of the state."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page as it was sent: which, in which state and language, with its headers."""

    name: str
    state: str
    language: str
    html: str
    headers: Mapping[str, str]
    dress: str = ""

    @property
    def label(self) -> str:
        """Its name in reports."""
        dress = f", {self.dress}" if self.dress else ""
        return f"{self.name}, {self.state}, {self.language}{dress}"

    @property
    def plain(self) -> bool:
        """Whether it is the page in text only."""
        return self.dress == "plain"


def make_showcase(shift_days: int | None = None) -> Study:
    """An open study today with every type of question and three languages."""
    days = (timezone.localdate() - NOW.date()).days
    words = {
        f"translations/{language}.yaml": _file(language, texts)
        for language, texts in WORDS.items()
    }
    easy = (
        "# Easy\n\n## [talk] What it is\n\nA survey.\n\n## [clock] How long\n\nShort.\n"
    )
    return make_open_study(
        shift_days=days if shift_days is None else shift_days,
        languages="[en, pl, ur]",
        texts={
            "questionnaire.yaml": QUESTIONS,
            "lists/areas.csv": AREAS,
            "messages/easy-start.en.md": easy,
            "messages/easy-privacy.en.md": easy,
            **words,
        },
    )


def _file(language: str, texts: Mapping[str, str]) -> str:
    lines = [f"language: {language}", "texts:"]
    return "\n".join([*lines, *(f'  {key}: "{text}"' for key, text in texts.items())])


DRESSES: Mapping[str, Form] = {"plain": {"look": "plain"}, "large": {"size": "large"}}
"""Text only, and large print: what the person's choice sends."""


def dressed_pages(dress: str, *languages: str) -> Iterator[Shown]:
    """Each question as ``question_pages`` shows it, in text only or in large print."""
    client = Client()
    client.post("/look", {"next": "/start", **DRESSES[dress]})
    for one in question_pages(*languages, client=client):
        yield replace(one, dress=dress)


def question_pages(*languages: str, client: Client | None = None) -> Iterator[Shown]:
    """Each question empty, wrong, filled, and in its further states; then the end.

    With several languages each question is shown in the next one.
    """
    client = client or Client()
    _post(client, "how", how="open")
    for language in cycle(languages):
        _post(client, "language", language=language)
        answer = client.get("/start")
        asked = _field(answer, "question")
        if asked is None:
            if b'value="understood"' in answer.content:
                yield _shown("before", "empty", language, answer)
                _post(client, "understood")
                continue
            yield _shown("end", "empty", language, answer)
            break
        yield _shown(asked, "empty", language, answer)
        version = _field(answer, "version") or ""
        sent = {"question": asked, "version": version}
        if asked in BAD:
            wrong = _post(client, "answer", **sent, **BAD[asked])
            yield _shown(asked, "mistake", language, wrong)
        for state, form in OTHER.get(asked, {}).items():
            do = str(form["do"])
            rest = {name: text for name, text in form.items() if name != "do"}
            yield _shown(asked, state, language, _post(client, do, **sent, **rest))
        _post(client, "answer", **sent, **GOOD[asked])
        _post(client, "back")
        yield _shown(asked, "filled", language, client.get("/start"))
        version = _field(client.get("/start"), "version") or version
        sent["version"] = version
        _post(client, "answer", **sent, **GOOD[asked])
    yield from _end_pages(client, language)


def _end_pages(client: Client, language: str) -> Iterator[Shown]:
    for name in ("check", "stop_page", "save_page"):
        _post(client, name)
        yield _shown(name, "empty", language, client.get("/start"))
    wrong = _post(client, "save", pin="111111")
    yield _shown("save_page", "mistake", language, wrong)
    _post(client, "stop_page")
    yield _shown("stop_page", "mistake", language, _post(client, "stop"))
    _post(client, "send")
    yield _shown("done", "empty", language, client.get("/start"))


def other_pages(study: Study, language: str) -> Iterator[Shown]:
    """The pages around the questions, and the ways to begin and to end."""
    client = Client()
    _post(client, "language", language=language)
    for path in PATHS:
        yield _shown(path, "empty", language, client.get(f"/{path}"))
    yield _shown("start", "mistake", language, _post(client, "how"))
    for page in ("code", "return", "refuse"):
        _post(client, "how", how=page)
        yield _shown(page, "empty", language, client.get("/start"))
    yield _shown("code", "mistake", language, _post(client, "code", code="4HQ7"))
    case = list(issued(study))[LANGUAGES.index(language)]
    refused = _post(client, "no_contact", code=make_invitation(study, case))
    yield _shown("opted_out", "empty", language, refused)
    _post(client, "how", how="open")
    _post(client, "idle")
    yield _shown("timed_out", "empty", language, client.get("/start"))
    _post(client, "front")
    _post(client, "how", how="open")
    _answer_agree(client, "no")
    yield _shown("declined", "empty", language, client.get("/start"))
    _post(client, "decline")
    yield _shown("stopped", "empty", language, client.get("/start"))
    _post(client, "front")
    _post(client, "how", how="open")
    saved = _post(client, "save", pin="240913")
    yield _shown("saved", "empty", language, saved)
    yield _calm_page(language, dict(saved.headers))


DOORS: Mapping[str, int] = {"not_yet": 40, "letter": -50, "closed": -90}
"""How many days away from its dates the survey is, by the state of its door."""


def door_pages(study: Study, language: str) -> Iterator[Shown]:
    """The first page, and who asks, in each further state of the study."""
    client = Client()
    _post(client, "language", language=language)
    stands, files, digest = study.shift_days, study.files, study.digest
    for state, days in DOORS.items():
        # What is remembered of a study goes by its digest, and its dates never move.
        moved = {"shift_days": stands + days, "digest": f"{days:064}"}
        Study.objects.filter(pk=study.pk).update(**moved)
        yield from _doors(client, state, language)
    charter = files["study.yaml"].replace("[web, telephone]", "[telephone]")
    Study.objects.filter(pk=study.pk).update(
        shift_days=stands, files={**files, "study.yaml": charter}, digest="0" * 64
    )
    yield from _doors(client, "telephone", language)
    Study.objects.filter(pk=study.pk).update(files=files, digest=digest)


def _doors(client: Client, state: str, language: str) -> Iterator[Shown]:
    for path in ("start", "message"):
        yield _shown(path, state, language, client.get(f"/{path}"))


def _calm_page(language: str, headers: Mapping[str, str]) -> Shown:
    """What is shown while the database is away, the answer kept on it."""
    sent = {"do": "answer", "question": "agree", "value": "yes"}
    request = RequestFactory().post(
        "/start", sent, headers={"Accept-Language": language}
    )
    try:
        raise OperationalError
    except OperationalError:
        html = trouble(request).content.decode()
    return Shown("calm", "empty", language, html, headers)


PATHS = (
    "start",
    "help",
    "privacy",
    "privacy-open",
    "message",
    "by-phone",
    "safety",
    "easy",
    "easy-data",
    "accessibility",
    "weather",
)


def _answer_agree(client: Client, value: str) -> None:
    version = _field(client.get("/start"), "version") or ""
    _post(client, "answer", question="agree", version=version, value=value)


def _post(client: Client, do: str, **fields: object) -> HttpResponse:
    answer: HttpResponse = client.post("/start", {"do": do, **fields})
    return answer


def _field(answer: HttpResponse, name: str) -> str | None:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    return found[1] if found else None


def _shown(name: str, state: str, language: str, answer: HttpResponse) -> Shown:
    if answer.status_code not in {200, 422}:
        raise AssertionError(f"{name}, {state}: {answer.status_code}")
    html = answer.content.decode()
    return Shown(name, state, language, html, dict(answer.headers))
