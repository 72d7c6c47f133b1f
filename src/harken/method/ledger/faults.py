"""The ledger's catalogue of faults."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NOT_CANONICAL = Fault(
    "LED-001",
    "A value of kind {kind} cannot be written in canonical form.",
    "Canonical JSON holds texts, whole numbers, true, false, null, lists and mappings.",
    "Write it as one of these; a decimal number as text.",
    exit=Exit.FAULT,
)
ENTRY_CHANGED = Fault(
    "LED-002",
    "The ledger's entry {position} was changed.",
    "Its text does not give the hash stored with it, or it is not in its place.",
    "Treat it as an incident: compare the ledger with a backup and with the "
    "checkpoints lodged with the controller.",
    exit=Exit.NOT_VERIFIED,
)
ROOT_DIFFERS = Fault(
    "LED-003",
    "The ledger does not agree with the checkpoint over {size} entries.",
    "Entries up to there were changed, removed, added or put in another order.",
    "Treat it as an incident: compare the ledger with a backup.",
    exit=Exit.NOT_VERIFIED,
)
NOT_INCLUDED = Fault(
    "LED-004",
    "The proof does not show that the entry is in the ledger.",
    "The entry, its position, the proof or the checkpoint was changed.",
    "Ask for the certificate again, from the operator's own copy.",
    exit=Exit.NOT_VERIFIED,
)
NOT_CONSISTENT = Fault(
    "LED-005",
    "The later checkpoint does not continue the earlier one.",
    "The ledger was rewritten between the two, or they are of two ledgers.",
    "Treat it as an incident: keep both checkpoints.",
    exit=Exit.NOT_VERIFIED,
)
BAD_NOTE = Fault(
    "LED-006",
    "The checkpoint is not readable: {problem}.",
    "A checkpoint has an origin, a size, a root, a blank line and signatures.",
    "Take the file again from where it was lodged.",
    exit=Exit.NOT_VERIFIED,
)
NOT_SIGNED = Fault(
    "LED-007",
    "The checkpoint does not carry a valid signature of the key given.",
    "It was signed by someone else, or changed after it was signed.",
    "Check that the key is the one published with the study.",
    exit=Exit.NOT_VERIFIED,
)
BAD_KEY = Fault(
    "LED-008",
    "The public key is not readable.",
    "A public key is one line: name, eight hexadecimal digits and base64, joined by +.",
    "Take the key from DATA/keys/ledger.pub or from the study's notice.",
    exit=Exit.BAD_INPUT,
)
TOO_SHORT = Fault(
    "LED-009",
    "The ledger has {found} entries, but a checkpoint covers {size}.",
    "Entries were cut off at the end, or an old backup was restored.",
    "Treat it as an incident: compare the ledger with a backup.",
    exit=Exit.NOT_VERIFIED,
)
BAD_REQUEST = Fault(
    "LED-010",
    "The request to the witness is not one: {problem}.",
    "A request is an old size, the hashes of a proof, a blank line and a checkpoint.",
    "Ask the operator for it again: 'harken ledger request'.",
    exit=Exit.BAD_INPUT,
)
OTHER_SIZE = Fault(
    "LED-011",
    "The witness has seen {size} entries; the request starts elsewhere.",
    "An earlier co-signature was not brought back, or the ledger is an old copy.",
    "Make the request again from there: 'harken ledger request --seen {size}'.",
    exit=Exit.REFUSED,
)
NO_WITNESS = Fault(
    "LED-012",
    "No witness is appointed.",
    "The controller has not given the public key of its witness yet.",
    "Make one with 'harken ledger witness --make', then 'harken ledger appoint'.",
    exit=Exit.REFUSED,
)
NO_SUCH_POINT = Fault(
    "LED-013",
    "No checkpoint of this house is co-signed by what was brought.",
    "The co-signature is over another ledger, or by another key than the appointed.",
    "Bring what the witness wrote for the newest 'harken ledger request'.",
    exit=Exit.BAD_INPUT,
)
