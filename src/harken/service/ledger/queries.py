"""Reads of the ledger: entries, the current checkpoint, proofs, and the verification."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from harken.method.errors import HarkenError, refuse
from harken.method.ledger import (
    Event,
    Frontier,
    leaf_hash,
    merkle,
    open_note,
    read_checkpoint,
)
from harken.method.ledger import witness as rules
from harken.method.ledger.faults import (
    ENTRY_CHANGED,
    NO_WITNESS,
    ROOT_DIFFERS,
    TOO_SHORT,
)
from harken.service.ledger import models
from harken.service.ledger.signing import signer


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry with what shows that it is in the tree of ``size`` entries."""

    position: int
    body: str
    hashes: tuple[bytes, ...]


def entries(
    *, study: str = "", event: Event | None = None, subject: str = ""
) -> QuerySet[models.Entry]:
    """Entries in order, narrowed to a study, an event or a subject when given."""
    found = models.Entry.objects.all()
    if study:
        found = found.filter(study=study)
    if event:
        found = found.filter(event=event.value)
    if subject:
        found = found.filter(subject=subject)
    return found


def head() -> rules.Checkpoint:
    """The ledger's name, size and root as they stand."""
    row = models.Head.objects.first() or models.Head()
    frontier = frontier_of(row)
    return rules.Checkpoint(signer("ledger").name, frontier.size, frontier.root())


def frontier_of(row: models.Head) -> Frontier:
    """The right edge stored in the head row."""
    return Frontier.stored(row.size, row.peaks)


def prove(positions: Iterable[int], size: int) -> list[Proof]:
    """Inclusion proofs of these entries in the tree of the first ``size`` entries."""
    wanted = sorted(set(positions))
    rows = models.Entry.objects.filter(position__lt=size).order_by("position")
    leaves = [bytes.fromhex(leaf) for leaf in rows.values_list("leaf", flat=True)]
    bodies = dict(
        models.Entry.objects.filter(position__in=wanted).values_list("position", "body")
    )
    proofs = merkle.inclusion_proofs(leaves, wanted)
    return [
        Proof(position, bodies[position], tuple(hashes))
        for position, hashes in zip(wanted, proofs, strict=True)
    ]


def edge(size: int) -> list[bytes]:
    """The peaks of the tree of the first ``size`` entries, largest first."""
    rows = models.Entry.objects.filter(position__lt=size).order_by("position")
    leaves = rows.values_list("leaf", flat=True).iterator(chunk_size=2000)
    return Frontier.of(bytes.fromhex(leaf) for leaf in leaves).peaks


def witness() -> str:
    """The public key of the appointed witness; empty when there is none."""
    found = entries(event=Event.WITNESS_APPOINTED).last()
    return found.subject if found else ""


def need_witness() -> str:
    """The same; raises HarkenError LED-012 when none is appointed."""
    key = witness()
    if not key:
        raise refuse(NO_WITNESS)
    return key


def cosigned() -> models.Checkpoint | None:
    """The largest checkpoint that carries the appointed witness's co-signature."""
    key = witness()
    if not key:
        return None
    for row in models.Checkpoint.objects.order_by("-size", "-id"):
        try:
            rules.open_cosigned(row.note, key)
        except HarkenError:
            continue
        return row
    return None


def request(note: str, *, seen: int | None = None) -> rules.Request:
    """What the witness is asked: to co-sign this checkpoint over what it saw last.

    ``seen`` says where to start when the witness says otherwise than our own record.
    """
    point = read_checkpoint(open_note(note, signer("ledger").public_key))
    if seen is None:
        last = cosigned()
        seen = last.size if last else 0
    rows = models.Entry.objects.filter(position__lt=point.size).order_by("position")
    leaves = [bytes.fromhex(leaf) for leaf in rows.values_list("leaf", flat=True)]
    return rules.make_request(leaves, seen, note)


def verify(
    *, lodged: str | None = None, progress: Callable[[int, int], None] | None = None
) -> rules.Checkpoint:
    """Read every entry again and compare it with every checkpoint; returns the head.

    ``lodged`` is a signed note kept outside the house. Raises HarkenError LED-002 for a
    changed entry, LED-003 or LED-009 when a checkpoint disagrees, LED-007 for a note
    that this house did not sign.
    """
    key = signer("ledger").public_key
    notes = list(models.Checkpoint.objects.values_list("note", flat=True))
    held = [read_checkpoint(open_note(note, key)) for note in notes]
    if lodged is not None:
        held.append(read_checkpoint(open_note(lodged, key)))
    roots = {point.size: b"" for point in held}
    frontier = Frontier()
    current = head()
    for row in models.Entry.objects.order_by("position").iterator():
        leaf = leaf_hash(row.body.encode("utf-8"))
        if row.position != frontier.size or leaf.hex() != row.leaf:
            raise refuse(ENTRY_CHANGED, position=frontier.size)
        if frontier.size in roots:
            roots[frontier.size] = frontier.root()
        frontier.append(leaf)
        if progress and frontier.size % 500 == 0:
            progress(frontier.size, current.size)
    roots[frontier.size] = frontier.root()
    for point in [*held, current]:
        if point.size > frontier.size:
            raise refuse(TOO_SHORT, found=frontier.size, size=point.size)
        if roots.get(point.size, frontier.root()) != point.root:
            raise refuse(ROOT_DIFFERS, size=point.size)
    return current
