"""The promised day, the clock, the limits and the blind marks, at the holder's own desk.

Proves DP-04 (no later day without a reason), PRV 17, 18, 19, 21, 34, 36, 55, 59.
"""

from __future__ import annotations

import datetime as dt
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from harken.method.errors import HarkenError
from harken.method.ledger import Event, Signer, sign_note
from harken.method.terms import Actor, CaseRef, Role
from harken.method.vault import KeyName, keyring
from harken.method.vault.keyring import Fact, Retention
from harken.service.ledger import queries as ledger
from harken.service.vault import actions, controller, custody, holder, witness
from harken.service.vault.custody import Purpose
from harken.service.vault.keyholder import wire
from harken.service.vault.keyholder.desk import Caller, Desk, end_of
from harken.service.vault.keystore import Keystore
from harken.service.vault.models import Sealed
from tests.make.cohorts import WHY
from tests.make.holder import journal
from tests.make.vault import (
    AFTER_DEADLINE,
    AT,
    GUARDIAN,
    HELPDESK,
    INTERVIEWER,
    MANAGER,
    make_identity,
    make_people,
    make_policy,
    make_ref,
    make_start,
    make_study,
)

DEADLINE = end_of(make_policy(), "destroy_by")
DAY = 86_400.0
HOLDER = Signer("harken/holder-test", bytes(range(32)))


class Clock:
    """The machine's clock, in the test's hand."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Own:
    """A desk on its own clock with one sealed person and one draft."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self.root, self.clock = root, clock
        self.ref = make_ref()
        desk = self.desk()
        desk.store("small").begin(
            replace(make_start(stated_clock=False), clock=clock())
        )
        self.part = make_identity(1).part(KeyName.CONTACT)
        person = wire.pack([self.ref.encode(), b"contact", self.part])
        (answer,) = desk.prepare(caller := Caller(), [b"small", b"new", person])
        assert desk.add(caller, "small", 1) == 1
        self.sealed = wire.unpack(answer)[1]
        (self.draft,) = desk.seal(self._record(b"draft"))

    def desk(self) -> Desk:
        """The holder as it is after a restart."""
        return Desk(self.root, lambda: HOLDER, clock=self.clock, stated=False)

    def open(self, *, said: float = 0.0) -> bytes:
        """Open the person for a letter; ``said`` is what the caller says the time is."""
        words = (b"small\nletter\nmanager\nm", self.ref.encode())
        fields = [*words, wire.time(said or self.clock()), b"contact", self.sealed]
        return self.desk().identity(fields)[0]

    def open_draft(self) -> bytes:
        """Open what the person wrote."""
        return self.desk().open(self._record(self.draft))[0]

    def _record(self, last: bytes) -> list[bytes]:
        return [b"small", self.ref.encode(), b"text", b"draft", last]


def test_at_the_promised_hour_everything_is_refused_whatever_the_caller_says(
    tmp_path: Path,
) -> None:
    own = Own(tmp_path, Clock(DEADLINE - DAY))
    assert own.open() == own.part
    own.clock.now = DEADLINE - 1
    assert own.open_draft() == b"draft"
    own.clock.now = DEADLINE
    for opening in (lambda: own.open(said=DEADLINE - DAY), own.open_draft):
        with pytest.raises(HarkenError, match="VAU-104"):
            opening()


def test_an_opening_reads_no_file_once_the_keyring_is_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look at a class that is not there takes longer than the whole opening."""
    own = Own(tmp_path, Clock(DEADLINE - DAY))
    desk = own.desk()
    desk.alone = True
    words = (b"small\nletter\nmanager\nm", own.ref.encode())
    fields = [*words, wire.time(own.clock()), b"contact", own.sealed]
    assert desk.identity(fields) == [own.part]
    monkeypatch.delattr(Keystore, "_load")
    assert desk.identity(fields) == [own.part]


@pytest.mark.parametrize("back", [365 * DAY, DAY, 600.0])
def test_a_clock_set_back_opens_nothing_until_it_is_right_again(
    tmp_path: Path, back: float
) -> None:
    clock = Clock(DEADLINE - 400 * DAY)
    own = Own(tmp_path, clock)
    clock.now = DEADLINE - DAY
    own.open()
    clock.now -= back
    for opening in (own.open, own.open_draft):
        with pytest.raises(HarkenError, match="VAU-119"):
            opening()
    clock.now = DEADLINE - DAY - 60.0
    assert own.open() == own.part


def test_a_clock_set_back_after_the_day_brings_nothing_back(tmp_path: Path) -> None:
    own = Own(tmp_path, Clock(DEADLINE - DAY))
    own.clock.now = DEADLINE + DAY
    with pytest.raises(HarkenError, match="VAU-104"):
        own.open()
    own.clock.now = DEADLINE - DAY
    with pytest.raises(HarkenError, match="VAU-119"):
        own.open()


@pytest.mark.django_db(databases=["default", "answers"])
def test_only_the_controller_extends_a_promise_and_only_in_time(tmp_path: Path) -> None:
    office = tmp_path / "controller"
    actions.name_controller(witness.make_key(office, "controller.example"), by=MANAGER)
    study = make_study()
    early, later = make_people(1), make_people(1)
    custody.enrol(study, early, by=MANAGER, at=AT)
    digest = str(holder.store(study.slug).need(Retention.STANDARD).policy["digest"])
    days = ("2027-03-31", "2028-03-31")
    signed = witness.extension(office, study.slug, digest, days, WHY)
    processor = tmp_path / "processor"
    witness.make_key(processor, "controller.example")
    forged = witness.extension(processor, study.slug, digest, days, WHY)
    early_days = ("2026-08-31", days[1])
    sooner = witness.extension(office, study.slug, digest, early_days, WHY)
    for note, code in (
        (forged, "LED-007"),
        (signed.replace("2027", "2029"), "LED-007"),
        (witness.extension(office, "other", digest, days, WHY), "VAU-129"),
        (sooner, "VAU-129"),
    ):
        with pytest.raises(HarkenError, match=code):
            actions.extend(study, note, by=GUARDIAN, at=AT)
    assert actions.extend(study, signed, by=GUARDIAN, at=AT) == days[0]
    assert actions.extend(study, signed, by=GUARDIAN, at=AT) == days[0]
    longer = ("2027-04-30", days[1])
    again = witness.extension(office, study.slug, digest, longer, WHY)
    with pytest.raises(HarkenError, match="VAU-129"):
        actions.extend(study, again, by=GUARDIAN, at=AT)
    assert ledger.entries(study=study.slug, event=Event.POLICY_EXTENDED).count() == 1
    custody.enrol(study, later, by=MANAGER, at=AT)
    refs = [early[0][0], later[0][0]]
    opened = custody.open_batch(
        study, refs, purpose=Purpose.LETTER, by=MANAGER, at=AFTER_DEADLINE
    )
    assert [ref for ref, _ in opened] == refs[1:]
    with pytest.raises(HarkenError, match="VAU-104"):
        custody.open_identity(
            study, refs[0], purpose=Purpose.CALL, by=INTERVIEWER, at=AFTER_DEADLINE
        )
    second = witness.extension(
        office,
        study.slug,
        str(holder.store(study.slug).need(Retention.STANDARD).policies[-1]["digest"]),
        ("2027-12-31", days[1]),
        WHY,
    )
    late = dt.datetime(2027, 4, 1, tzinfo=dt.UTC)
    with pytest.raises(HarkenError, match="VAU-104"):
        actions.extend(study, second, by=GUARDIAN, at=late)


@pytest.mark.parametrize(
    "reason", ["", "because", "Two lines of a reason\nare not one reason.", "x" * 301]
)
@pytest.mark.django_db(databases=["default", "answers"])
def test_a_later_day_without_a_reason_is_neither_signed_nor_taken(
    reason: str, tmp_path: Path
) -> None:
    office = tmp_path / "controller"
    actions.name_controller(witness.make_key(office, "controller.example"), by=MANAGER)
    study = make_study()
    custody.enrol(study, make_people(1), by=MANAGER, at=AT)
    digest = str(holder.store(study.slug).need(Retention.STANDARD).policy["digest"])
    days = ("2027-03-31", "2028-03-31")
    with pytest.raises(HarkenError, match="VAU-134"):
        witness.extension(office, study.slug, digest, days, reason)
    lines = ["harken-policy-extension-v2", study.slug, digest, *days, reason]
    note = sign_note("\n".join(lines) + "\n", [witness.signer(office)])
    with pytest.raises(HarkenError, match=r"VAU-129|VAU-134"):
        actions.extend(study, note, by=GUARDIAN, at=AT)
    assert not ledger.entries(study=study.slug, event=Event.POLICY_EXTENDED).exists()


@pytest.mark.django_db(databases=["default", "answers"])
def test_a_promise_without_a_controller_is_never_extended(tmp_path: Path) -> None:
    study = make_study()
    custody.enrol(study, make_people(1), by=MANAGER, at=AT)
    digest = str(holder.store(study.slug).need(Retention.STANDARD).policy["digest"])
    office = tmp_path / "controller"
    key = witness.make_key(office, "controller.example")
    days = ("2027-03-31", "2028-03-31")
    note = witness.extension(office, study.slug, digest, days, WHY)
    with pytest.raises(HarkenError, match="VAU-128"):
        actions.extend(study, note, by=GUARDIAN, at=AT)
    controller.name(key)
    controller.name(key)
    with pytest.raises(HarkenError, match="VAU-130"):
        controller.name(witness.make_key(tmp_path / "two", "controller.example"))
    with pytest.raises(HarkenError, match="LED-008"):
        controller.name("no key")
    with pytest.raises(HarkenError, match="VAU-128"):
        actions.extend(study, note, by=GUARDIAN, at=AT)


@pytest.mark.django_db(databases=["default", "answers"])
@pytest.mark.parametrize(
    ("purpose", "role", "hourly"),
    [
        (Purpose.HELPDESK, Role.HELPDESK, 30),
        (Purpose.SAFEGUARDING, Role.SAFEGUARDING, 30),
    ],
)
def test_nobody_opens_more_than_the_hours_share(
    data: Path, purpose: Purpose, role: Role, hourly: int
) -> None:
    study, people = make_study(), make_people(hourly + 1)
    custody.enrol(study, people, by=MANAGER, at=AT)
    who = Actor("one", role)
    for ref, _ in people[:hourly]:
        custody.open_identity(study, ref, purpose=purpose, by=who, at=AT)
    with pytest.raises(HarkenError, match="VAU-117"):
        custody.open_identity(study, people[-1][0], purpose=purpose, by=who, at=AT)
    hour = AT + dt.timedelta(hours=1)
    custody.open_identity(study, people[-1][0], purpose=purpose, by=who, at=hour)
    rows = [row["what"] for row in journal(data / "keys")]
    assert (rows.count("opened"), rows.count("refused")) == (hourly + 1, 1)


@pytest.mark.django_db(databases=["default", "answers"])
def test_invented_names_do_not_lift_the_limit_of_all(data: Path) -> None:
    """Root on the web host says it is a hundred helpdesks; the holder counts them as one."""
    study, people = make_study(), make_people(310)
    custody.enrol(study, people, by=MANAGER, at=AT)
    opened = 0
    for number, (ref, _) in enumerate(people):
        who = Actor(f"invented-{number}", Role.HELPDESK)
        with suppress(HarkenError):
            custody.open_identity(study, ref, purpose=Purpose.HELPDESK, by=who, at=AT)
            opened += 1
    assert opened == 300


@pytest.mark.django_db(databases=["default", "answers"])
def test_the_holder_itself_holds_to_the_safe_way_of_contact() -> None:
    study = make_study()
    people = [
        (make_ref(), make_identity(n, safe_contact=way))
        for n, way in enumerate(("phone_only", "post_only", "any"))
    ]
    custody.enrol(study, people, by=MANAGER, at=AT)
    refs = [ref for ref, _ in people]
    with pytest.raises(HarkenError, match="VAU-120"):
        custody.open_identity(study, refs[0], purpose=Purpose.LETTER, by=MANAGER, at=AT)
    with pytest.raises(HarkenError, match="VAU-120"):
        custody.open_identity(
            study, refs[1], purpose=Purpose.CALL, by=INTERVIEWER, at=AT
        )
    letters = custody.open_batch(study, refs, purpose=Purpose.LETTER, by=MANAGER, at=AT)
    assert [ref for ref, _ in letters] == refs[1:]


@pytest.mark.django_db(databases=["default", "answers"])
def test_a_person_is_found_by_one_whole_fact_however_it_is_written() -> None:
    study = make_study()
    people = make_people(5)
    custody.enrol(study, people, by=MANAGER, at=AT)
    keys = holder.store(study.slug)

    def find(fact: Fact, text: str, by: Actor = HELPDESK) -> list[CaseRef]:
        return keys.look_up(fact, text, by=by, at=AT)

    wanted = [people[3][0]]
    assert find(Fact.TELEPHONE, "+44 7700 900003") == wanted
    assert find(Fact.TELEPHONE, "07700-900003") == wanted
    assert find(Fact.EMAIL, " VIREO3@quenhallow.example") == wanted
    assert find(Fact.CRIME_REFERENCE, "cr 0000003 26") == wanted
    assert find(Fact.NAME, "quenhallow3 zz99zz") == wanted
    assert find(Fact.TELEPHONE, "07700") == []
    assert find(Fact.NAME, "") == []
    with pytest.raises(HarkenError, match="VAU-115"):
        find(Fact.TELEPHONE, "07700 900003", INTERVIEWER)
    actions.withdraw(study, wanted[0], by=HELPDESK, at=AT)
    assert find(Fact.TELEPHONE, "07700 900003") == []


def test_without_the_pepper_a_mark_is_no_list_of_telephone_numbers() -> None:
    """The pepper and the marks lie in the keyring alone, and die with its epoch key."""
    old, new = os.urandom(32), os.urandom(32)
    numbers = [f"07700 900{n:03}" for n in range(1000)]
    old_marker, new_marker = keyring.Marker(old), keyring.Marker(new)
    (mark,) = old_marker.marks({"telephone": numbers[7]}).values()
    phone = Fact.TELEPHONE
    tried = {new_marker.marks({"telephone": one})[phone] for one in numbers}
    assert mark not in tried
    assert mark in {old_marker.marks({"telephone": one})[phone] for one in numbers}


@pytest.mark.django_db(databases=["default", "answers"])
def test_the_length_of_what_is_sealed_tells_no_name() -> None:
    study = make_study()
    names = [
        "Jo",
        "Annabelle-Persephone",
        "Li",
        "Maximilian",
    ]
    people = [(make_ref(), make_identity(1, given_name=name)) for name in names]
    custody.enrol(study, people, by=MANAGER, at=AT)
    rows = Sealed.objects.filter(study=study.slug, part="contact")
    lengths = {len(bytes(row.blob)) for row in rows}
    assert {(length - 29) % 256 for length in lengths} == {0}
    assert len(lengths) == 1
