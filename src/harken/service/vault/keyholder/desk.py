"""What the key holder does when asked. It believes the caller's words and checks its own rules.

One record at a time; identities only for a stated purpose, role, actor and case; nothing
after the promised day; nothing while the clock stands behind a time already seen.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Signer
from harken.method.terms import CaseRef, Role
from harken.method.vault import KeyName, envelope, keyring
from harken.method.vault.keyring import Fact, KeyedHash, Keyring, Retention
from harken.service.vault.faults import (
    CLOCK_BACK,
    FLAGGED,
    GONE,
    NO_KEYRING,
    NOT_RECONTACT,
    NOT_UNDERSTOOD,
    PAST_DEADLINE,
    WITHDRAWN,
)
from harken.service.vault.keyholder import limits, wire
from harken.service.vault.keyholder.journal import Journal
from harken.service.vault.keyholder.limits import Limits, Purpose, Rule, Who
from harken.service.vault.keyholder.promise import NOTE, read_extension
from harken.service.vault.keystore import Keystore
from harken.service.vault.slots import Slots

LONDON = ZoneInfo("Europe/London")
TOLERANCE = 120.0
"""A clock may be corrected by so many seconds without being called set back."""
REMEMBER = 3600.0
"""How often a new time reaches the keyring file."""
CONTEXT = "identity"
NONCES = envelope.NONCE // 2
"""For each part come two fields, its name and its text, and one nonce is drawn."""
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
OF_THOSE_KEPT = frozenset({Purpose.RECONTACT, Purpose.ACCESS})
"""What the keys of those kept may be used for; for nothing else."""
FORBIDDEN_WAYS = {Purpose.LETTER: b"phone_only", Purpose.CALL: b"post_only"}
PARTS = {one.value.encode(): one for one in KeyName}
"""By their names as they come over the socket; there are no others."""


@dataclass(slots=True)
class Caller:
    """One connection: who is at the other end, and enrolments not yet finished."""

    pid: int = 0
    pending: list[tuple[str, bytes]] = field(default_factory=list)


class Desk:
    """The keystores of all studies under one folder, behind the rules."""

    def __init__(
        self,
        root: Path,
        signer: Callable[[], Signer],
        *,
        clock: Callable[[], float],
        stated: bool,
        slots: Callable[[Path, str], Slots] | None = None,
    ) -> None:
        self.root = root
        self.stated = stated
        self.alone = False
        self.lost_places = 0
        self._slots = slots
        self.clock = clock
        self.signer = signer
        self.journal = Journal(root / "holder.log")
        self.stale = False
        self.ending = False
        self.guard_words: Mapping[str, bool] = {}
        self._stores: dict[str, Keystore] = {}
        self._limits: dict[str, Limits] = {}
        self._remembered: dict[str, float] = {}
        self._hashes: dict[tuple[str, str], tuple[bytes, KeyedHash]] = {}
        self._guard = Lock()

    def store(self, slug: str) -> Keystore:
        """The keystore of a study."""
        found = self._stores.get(slug)
        if found is None:
            if not SLUG.fullmatch(slug):
                raise refuse(NOT_UNDERSTOOD)
            with self._guard:
                folder = self.root / "studies" / slug
                slots = self._slots(folder, slug) if self._slots else None
                made = Keystore(folder, slug, self.signer, slots, alone=self.alone)
                found = self._stores.setdefault(slug, made)
        return found

    def limits(self, slug: str) -> Limits:
        """The counts of a study."""
        found = self._limits.get(slug)
        return found or self._limits.setdefault(slug, Limits())

    def alarms(self) -> int:
        """How often somebody was shut out, in all studies."""
        return sum(counts.alarms for counts in self._limits.values())

    def look(self) -> None:
        """See whether the epoch keys in use are still where they should be."""
        lost = sum(store.lost() for store in list(self._stores.values()))
        if lost > self.lost_places:
            self.journal.lost(lost)
        self.lost_places = lost

    def extend(self, slug: str, note: str, at: float | None) -> Mapping[str, object]:
        """Give those enrolled from now on a later promise; returns it.

        The same note once more changes nothing: what was cut short is simply asked again.
        """
        ring = self._standard(slug)
        if ring.header.policies[-1].get(NOTE) == note:
            return ring.header.policies[-1]
        if self._now(slug, ring, at) >= end_of(ring.header.policies[-1], "destroy_by"):
            day = ring.header.policies[-1]["destroy_by"]
            raise refuse(PAST_DEADLINE, date=day, study=slug)
        policy = read_extension(note, ring.header)
        self.store(slug).append(Retention.STANDARD, keyring.new_policy(policy))
        return policy

    def seal(self, fields: Sequence[bytes]) -> list[bytes]:
        """Study, case, key, context, plaintext: the sealed bytes."""
        slug, ref, key, context, plaintext = _five(fields)
        ring, name = self._standard(slug), _own_key(key)
        record = living(ring, keyring.ref_bytes(CaseRef(ref)))
        place = about(ring, record, fields[1], name, context)
        nonce = os.urandom(envelope.NONCE)
        return [envelope.seal_at(key_of(record, name), plaintext, place, nonce)]

    def open(self, fields: Sequence[bytes]) -> list[bytes]:
        """Study, case, key, context, sealed bytes: the plaintext of one record.

        Only what a person wrote or is linked to; identities have their own way.
        """
        slug, ref, key, context, sealed = _five(fields)
        ring, name = self._standard(slug), _own_key(key)
        raw = keyring.ref_bytes(CaseRef(ref))
        policy = ring.policy_in(ring.records.get(raw))
        self._check_day(ring, policy, self._now(slug, ring, None))
        record = living(ring, raw)
        place = about(ring, record, fields[1], name, context)
        return [envelope.unseal_at(key_of(record, name), sealed, place)]

    def identity(self, fields: Sequence[bytes]) -> list[bytes]:
        """Study, purpose, role and actor as one; case, time; parts and sealed bytes."""
        if len(fields) < 5 or not len(fields) % 2:
            raise refuse(NOT_UNDERSTOOD)
        slug, purpose, role, label, rule = _asked(fields[0])
        case, who = CaseRef(fields[1].decode()), Who(role, label, 0.0)
        parts = [PARTS[name] for name in fields[3::2]]
        opened = []
        try:
            at = wire.read_time(fields[2])
            ring, record = self._ring_for(slug, purpose, case, who, at)
            limits.allowed_parts(purpose, rule, parts)
            self.limits(slug).check(purpose, rule, who, ref=case, people=len(ring))
            for part, sealed in zip(parts, fields[4::2], strict=True):
                place = about(ring, record, fields[1], part, CONTEXT)
                plain = envelope.unseal_at(key_of(record, part), sealed, place)
                _check_flag(purpose, part, plain)
                opened.append(plain)
        except HarkenError as error:
            self._refused(slug, purpose, who, error)
            raise
        named = ring.header
        if named.retention is not Retention.STANDARD:
            named = self._any(slug).header
        handle = self._hash(slug, "handle", named.handle_pepper)
        self.journal.opened(slug, purpose, who, handle.of(fields[1]).hex()[:32])
        return opened

    def hash(self, fields: Sequence[bytes]) -> list[bytes]:
        """Study, pepper's purpose, texts: hashes under a pepper that never leaves."""
        if len(fields) < 2:
            raise refuse(NOT_UNDERSTOOD)
        slug, purpose = fields[0].decode(), fields[1].decode()
        if purpose == "code":
            pepper = self._standard(slug).header.code_pepper
        elif purpose == "handle":
            pepper = self._any(slug).header.handle_pepper
        else:
            raise refuse(NOT_UNDERSTOOD)
        return list(map(self._hash(slug, purpose, pepper).of, fields[2:]))

    def prepare(self, caller: Caller, fields: Sequence[bytes]) -> list[bytes]:
        """Study, ``new`` or ``more``, then for each person a case and its parts.

        Answers with each one's commitment and sealed parts.

        The keys wait in memory until ``add`` writes them; a lost connection drops them,
        and so does a new beginning.
        """
        slug = fields[0].decode()
        if fields[1] == b"new":
            caller.pending = [item for item in caller.pending if item[0] != slug]
        ring = self._standard(slug)
        number = len(ring.header.policies) - 1
        policy = ring.header.policies[number]
        promise = policy["policy_version"], policy["digest"]
        marker = keyring.Marker(ring.header.index_pepper)
        places = {
            part.value.encode(): (
                part,
                *_around(slug, *promise, part, CONTEXT),
            )
            for part in KeyName
        }
        crowd = list(map(wire.unpack, fields[2:]))
        needed = sum(keyring.ENROL_BYTES + NONCES * (len(one) - 1) for one in crowd)
        draw = BytesIO(os.urandom(needed)).read
        answers = []
        for raw, *parts in crowd:
            fresh = keyring.enrol(
                CaseRef(raw.decode()), draw(keyring.ENROL_BYTES), policy=number
            )
            texts = parts[1::2]
            sealed = []
            for name, text in zip(parts[::2], texts, strict=True):
                part, before, after = places[name]
                place = b"%b%b%b" % (before, raw, after)
                nonce = draw(envelope.NONCE)
                sealed.append(envelope.seal_at(fresh.key(part), text, place, nonce))
            payload = fresh.marked(marker.marks(_known(texts)))
            caller.pending.append((slug, payload))
            answers.append(wire.pack([fresh.commitment, *sealed]))
        return answers

    def add(self, caller: Caller, slug: str, people: int) -> int:
        """Write the keys of everybody prepared on this connection: one append.

        Writes nothing unless so many are waiting, all of them under the promise that is
        given now; returns how many were.
        """
        own = [payload for name, payload in caller.pending if name == slug]
        caller.pending = [item for item in caller.pending if item[0] != slug]
        if not own or len(own) != people:
            return len(own)
        now = len(self._standard(slug).header.policies) - 1
        if any(keyring.promise_in(payload) != now for payload in own):
            return 0
        self.store(slug).append(Retention.STANDARD, b"".join(own))
        return len(own)

    def look_up(self, slug: str, kind: str, text: str, who: Who) -> list[CaseRef]:
        """Who carries this telephone number, reference or the like; exact, and counted.

        Each until their own day: those who may be contacted again until that for it.
        """
        ring = self._any(slug)
        who.at = self._now(slug, ring, who.at or None)
        try:
            self._check_end(ring, who.at)
            self.limits(slug).check(
                "look_up", limits.LOOK_UP, who, ref=None, people=len(ring)
            )
        except HarkenError as error:
            self._refused(slug, "look_up", who, error)
            raise
        self.journal.looked_up(slug, who)
        return list(self._found(slug, Fact(kind), text, who.at))

    def _found(self, slug: str, fact: Fact, text: str, now: float) -> Iterable[CaseRef]:
        """Who carries a fact in either class, once, and their day of it is not over."""
        found: dict[CaseRef, None] = {}
        for retention in Retention:
            ring = self.store(slug).ring(retention)
            if ring is not None:
                carry = keyring.find(ring, fact, text)
                day = retention.day
                found |= dict.fromkeys(
                    ref for ref in carry if now < end_of(ring.policy_of(ref), day)
                )
        return found

    def check_day(self, slug: str, purpose: Purpose, at: float | None) -> None:
        """Raise when nothing at all opens any more for a purpose."""
        again = purpose is Purpose.RECONTACT
        ring = self._any(slug) if again else self._standard(slug)
        now, policy = self._now(slug, ring, at), ring.header.policies[-1]
        if again and now >= end_of(policy, "recontact_until"):
            raise refuse(NOT_RECONTACT)
        if not again:
            self._check_day(ring, policy, now)

    def _check_end(self, ring: Keyring, now: float) -> None:
        """Raise when the last promised day of a keyring's own class is over."""
        policy = ring.header.policies[-1]
        if ring.header.retention is Retention.STANDARD:
            self._check_day(ring, policy, now)
        elif now >= end_of(policy, "recontact_until"):
            raise refuse(NOT_RECONTACT)

    def _ring_for(
        self, slug: str, purpose: Purpose, case: CaseRef, who: Who, at: float | None
    ) -> tuple[Keyring, bytes]:
        """The keyring that may be used for a purpose now, the person in it, or a refusal.

        To be contacted again nobody opens but from the class of those kept. A copy of
        what is held of somebody kept comes from there too, once nothing else is left.
        """
        store, raw = self.store(slug), keyring.ref_bytes(case)
        ring, again = store.ring(Retention.STANDARD), None
        if purpose in OF_THOSE_KEPT:  # where there is none, the answer is slow
            again = store.ring(Retention.RECONTACT)
        first = ring or again
        if first is None:
            raise refuse(NO_KEYRING, study=slug, retention=Retention.STANDARD.value)
        now = who.at = self._now(slug, first, at)
        if purpose is Purpose.RECONTACT and (again is None or raw not in again.records):
            raise refuse(NOT_RECONTACT)
        left = ring is None or raw not in ring.records
        if again is None or not (
            purpose is Purpose.RECONTACT or (purpose is Purpose.ACCESS and left)
        ):
            self._check_day(first, first.policy_in(first.records.get(raw)), now)
            return first, living(first, raw)
        policy = again.policy_in(again.records.get(raw))
        if now >= end_of(policy, "recontact_until"):
            raise refuse(NOT_RECONTACT)
        return again, living(again, raw)

    def _hash(self, slug: str, purpose: str, pepper: bytes) -> KeyedHash:
        """The hashing under a pepper of this study, begun; another pepper begins anew."""
        held = self._hashes.get((slug, purpose))
        if held is None or held[0] != pepper:
            held = pepper, KeyedHash(pepper, purpose)
            self._hashes[slug, purpose] = held
        return held[1]

    def _refused(self, slug: str, word: str, who: Who, error: HarkenError) -> None:
        self.journal.refused(slug, word, who, error)
        if self.limits(slug).news():
            self.journal.alarm(slug, who)

    def _check_day(
        self, ring: Keyring, policy: Mapping[str, object], now: float
    ) -> None:
        if now >= end_of(policy, "destroy_by"):
            day = str(policy["destroy_by"])
            raise refuse(PAST_DEADLINE, date=day, study=ring.header.study)

    def _now(self, slug: str, ring: Keyring, at: float | None) -> float:
        """The holder's clock, or in a rehearsal the latest time it was told."""
        latest = max(ring.clock, self._remembered.get(slug, 0.0))
        if ring.header.stated_clock:
            now = max(at or 0.0, latest)
        else:
            now = self.clock()
            if now < latest - TOLERANCE:
                raise refuse(CLOCK_BACK)
        if now > latest:
            self._remembered[slug] = now
            if now >= ring.clock + REMEMBER and ring.header.retention == "standard":
                self.store(slug).append(Retention.STANDARD, keyring.clock_reading(now))
        return now

    def _standard(self, slug: str) -> Keyring:
        return self.store(slug).need(Retention.STANDARD)

    def _any(self, slug: str) -> Keyring:
        store = self.store(slug)
        return store.ring(Retention.STANDARD) or store.need(Retention.RECONTACT)


def end_of(policy: Mapping[str, object], name: str) -> float:
    """The first instant after a promised day, in the study's own time zone."""
    day = str(policy[name])
    found = _ENDS.get(day)
    if found is None:
        after = dt.date.fromisoformat(day) + dt.timedelta(days=1)
        found = dt.datetime.combine(after, dt.time(), LONDON).timestamp()
        _ENDS[day] = found
    return found


def living(ring: Keyring, raw: bytes) -> bytes:
    """A person's record in a keyring; raises when they withdrew or have no keys here."""
    if raw in ring.withdrawn:
        raise refuse(WITHDRAWN)
    record = ring.records.get(raw)
    if record is None:
        raise refuse(GONE)
    return record


def key_of(record: bytes, name: KeyName) -> bytes:
    """One key of a person's record; raises when it is gone."""
    key = keyring.key_in(record, name)
    if key is None:
        raise refuse(GONE)
    return key


def about(
    ring: Keyring, record: bytes | None, ref: bytes, name: KeyName, context: str
) -> bytes:
    """What a record of this person and purpose is bound to, encoded."""
    policy = ring.policy_in(record)
    before, after = _around(
        ring.header.study, policy["policy_version"], policy["digest"], name, context
    )
    return b"%b%b%b" % (before, ref, after)


@lru_cache(maxsize=500)
def _asked(head: bytes) -> tuple[str, Purpose, Role, str, Rule]:
    """Study, purpose, role, actor and rule of a question; ValueError for another."""
    study, purpose, role, label = head.decode().split("\n")
    return study, Purpose(purpose), Role(role), label, limits.RULES[Purpose(purpose)]


@lru_cache(maxsize=500)
def _around(
    study: str, version: object, digest: object, name: KeyName, context: str
) -> tuple[bytes, bytes]:
    """What is bound before and after the case; the promise by its version and digest."""
    promise = f"{version}:{str(digest)[:32]}"
    return envelope.places(study, promise, f"{name}:{context}")


_ENDS: dict[str, float] = {}


def _known(documents: Sequence[bytes]) -> dict[str, object]:
    """All that the documents of one person hold, read at once."""
    known: dict[str, object] = {}
    for document in json.loads(f"[{b','.join(documents).decode()}]"):
        known |= document
    return known


def _own_key(name: str) -> KeyName:
    key = KeyName(name)
    if key in limits.BOTH:
        raise refuse(NOT_UNDERSTOOD)
    return key


def _five(fields: Sequence[bytes]) -> tuple[str, str, str, str, bytes]:
    if len(fields) != 5:
        raise refuse(NOT_UNDERSTOOD)
    a, b, c, d, last = fields
    return a.decode(), b.decode(), c.decode(), d.decode(), last


def _check_flag(purpose: Purpose, part: KeyName, plaintext: bytes) -> None:
    """The safe way of contact is in the sealed record itself; it is held here."""
    way = FORBIDDEN_WAYS.get(purpose)
    # Without a backslash JSON has each of its words as it is.
    if way is None or (way not in plaintext and b"\\" not in plaintext):
        return
    if (
        part is KeyName.CONTACT
        and json.loads(plaintext)["safe_contact"] == way.decode()
    ):
        raise refuse(FLAGGED)
