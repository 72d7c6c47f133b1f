"""Those kept ask what is held of them, and for it to end. Proves DP-05, DP-13, PRV 20, 21, 35."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from harken.method.contact.again import Ending
from harken.method.errors import HarkenError
from harken.method.rights import RequestKind
from harken.method.terms import CaseRef, Role
from harken.method.vault.keyring import Fact
from harken.service.anonymisation.models import Certificate
from harken.service.contact import again
from harken.service.rights import actions, queries
from harken.service.rights.models import Request
from harken.service.vault import queries as keys
from harken.service.vault.models import RecontactConsent
from harken.service.vault.queries import KeyStatus
from tests.make.accounts import sign_in
from tests.make.anonymisation import Ready, make_certificate, make_ready
from tests.make.vault import (
    AFTER_DEADLINE,
    GUARDIAN,
    HELPDESK,
    MANAGER,
    make_identity,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

LATER = AFTER_DEADLINE + dt.timedelta(days=1)
END = dt.datetime(2028, 4, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def ready() -> Ready:
    """A destroyed study of which two people are kept."""
    made = make_ready()
    make_certificate(made)
    return made


def asked(ready: Ready, kind: RequestKind, at: dt.datetime = LATER) -> Request:
    """A request of the first of those kept, found by their whole telephone number."""
    number = make_identity(0).telephone
    row = actions.take_in(
        ready.study,
        kind,
        channel="phone",
        known=(Fact.TELEPHONE.value, number),
        by=HELPDESK,
        at=at,
    )
    assert queries.asker(row) == ready.kept[0]
    return row


def answered(row: Request) -> None:
    actions.answer(row, checked="called_back", reason="Asked.", by=GUARDIAN, at=LATER)


def number_of(ready: Ready) -> str:
    """The number of the study's certificate."""
    made = Certificate.objects.get(run__study=ready.study.slug)
    return str(made.file_name).removesuffix(".json")


def test_the_copy_holds_the_contact_the_consent_and_what_was_done(
    ready: Ready,
) -> None:
    RecontactConsent.objects.update(
        ways={"phone": True, "post": False, "hours": "10:00 to 12:00 on weekday"}
    )
    for by_hand in (Ending.TRY_AGAIN, Ending.CONTACTED):
        again.open_next(ready.study, "interviews", by=MANAGER, at=AFTER_DEADLINE)
        again.settle(ready.study, by_hand, by=MANAGER, at=AFTER_DEADLINE)
    text = actions.copy_for(
        asked(ready, RequestKind.ACCESS), checked="in_person", by=GUARDIAN, at=LATER
    ).text()
    person = make_identity(0)
    for words in (
        person.surname,
        person.telephone,
        person.postcode,
        "You agreed on: 2 March 2026",
        "For: interviews",
        "Until: 31 March 2028",
        "We may ring you: yes",
        "We may write to you: no",
        "It is safe for you: 10:00 to 12:00 on weekday",
        "1 October 2026: we ",
        "because you agreed to be contacted again: interviews",
        "We can no longer tell which answers are yours.",
        f"Certificate {number_of(ready)} proves it.",
    ):
        assert words in text, words
    for gone in (person.crime_reference, "Date of birth", "What you told us"):
        assert gone not in text
    row = queries.agreed(ready.study, ready.kept[0])
    assert row is not None
    assert len(row.done) == 1


def test_before_the_destruction_the_copy_tells_of_the_consent_and_no_certificate() -> (
    None
):
    made = make_ready()
    assert queries.severed(made.study, made.kept[0]) == ""
    given = queries.agreed(made.study, made.kept[0])
    assert given is not None
    assert given.purposes == ("interviews",)
    assert queries.agreed(made.study, made.doomed[0]) is None


def test_no_copy_of_somebody_else_and_none_after_the_last_day(ready: Ready) -> None:
    row = asked(ready, RequestKind.ACCESS)
    with pytest.raises(HarkenError, match="VAU-105"):
        actions.copy_for(row, checked="in_person", by=GUARDIAN, at=END)
    for ref in (ready.doomed[0], ready.withdrawn[0]):
        row.asker.ref = ref
        row.asker.save()
        with pytest.raises(HarkenError, match=r"VAU-10[27]"):
            actions.copy_for(row, checked="in_person", by=GUARDIAN, at=LATER)


@pytest.mark.parametrize(
    "kind",
    [
        RequestKind.ERASURE,
        RequestKind.WITHDRAWAL,
        RequestKind.OBJECTION,
        RequestKind.RECONTACT_END,
    ],
)
def test_who_was_kept_ends_it_by_any_request(ready: Ready, kind: RequestKind) -> None:
    answered(asked(ready, kind))
    assert keys.status(ready.study, ready.kept[0]) is KeyStatus.WITHDRAWN
    assert keys.status(ready.study, ready.kept[1]) is KeyStatus.RECONTACT
    left = RecontactConsent.objects.filter(study=ready.study.slug)
    assert [CaseRef(row.ref) for row in left] == [ready.kept[1]]


def test_who_asks_not_to_be_used_for_now_stays_and_is_not_opened(ready: Ready) -> None:
    RecontactConsent.objects.filter(ref=ready.kept[1]).delete()
    answered(asked(ready, RequestKind.RESTRICTION))
    assert keys.status(ready.study, ready.kept[0]) is KeyStatus.RECONTACT
    with pytest.raises(HarkenError, match="CON-027"):
        again.open_next(ready.study, "interviews", by=MANAGER, at=LATER)
    row = queries.agreed(ready.study, ready.kept[0])
    assert row is not None
    assert row.done[0].how is Ending.RESTRICTED


def test_asking_while_the_details_are_open_does_not_lose_how_it_ended(
    ready: Ready,
) -> None:
    RecontactConsent.objects.filter(ref=ready.kept[1]).delete()
    again.open_next(ready.study, "interviews", by=MANAGER, at=LATER)
    answered(asked(ready, RequestKind.RESTRICTION))
    again.settle(ready.study, Ending.CONTACTED, by=MANAGER, at=LATER)
    row = RecontactConsent.objects.get()
    assert [one["how"] for one in row.done] == ["contacted", "restricted"]


def test_the_guardians_page_says_what_is_left_of_whom_and_shows_the_copy(
    ready: Ready, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    row = asked(ready, RequestKind.ACCESS)
    url = f"/guard/rights/requests/{row.number}/"
    sign_in(client, Role.GUARDIAN)
    page = client.get(url).content.decode()
    assert f"certificate {number_of(ready)} proves it" in page
    assert "agreed to be contacted again" in page
    assert make_identity(0).surname not in page
    copy = client.post(f"{url}copy", {"checked": "in_person"})
    said = copy.content.decode()
    assert make_identity(0).surname in said
    assert "What nobody can find any more" in said
    assert copy.headers["Cache-Control"] == "no-store"
    sign_in(client, Role.CONTROLLER)
    assert client.post(f"{url}copy", {"checked": "in_person"}).status_code == 403
    unfound = actions.take_in(
        ready.study, RequestKind.ACCESS, channel="phone", by=HELPDESK, at=LATER
    )
    assert queries.kept(unfound) == ""
