"""The vault room's part of the catalogue. No entry ever carries a case or a name."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NO_KEYRING = Fault(
    "VAU-101",
    "The study {study} has no keyring of the class {retention}.",
    "Nobody was enrolled yet, or the keyring was destroyed at its date.",
    "See 'harken vault status' for what there is.",
    exit=Exit.REFUSED,
)
GONE = Fault(
    "VAU-102",
    "The key of this record is gone.",
    "The person withdrew, or the date of destruction has passed.",
    "Nothing can open it again; that was the promise.",
    exit=Exit.REFUSED,
)
WITHDRAWN = Fault(
    "VAU-103",
    "The person has withdrawn.",
    "From the moment of withdrawal nothing of theirs is opened.",
    "Leave the person alone; the keys die at the next rotation.",
    exit=Exit.REFUSED,
)
PAST_DEADLINE = Fault(
    "VAU-104",
    "The date of destruction, {date}, has passed.",
    "Identities were promised to be unreadable after that day.",
    "Run the destruction: 'harken destroy plan {study}'.",
    exit=Exit.REFUSED,
)
NOT_RECONTACT = Fault(
    "VAU-105",
    "The person has not agreed to be contacted again for this, or the time is over.",
    "Only a consent of their own, for its purposes and until its date, allows it.",
    "Do not contact the person.",
    exit=Exit.REFUSED,
)
NOT_A_PERSON = Fault(
    "VAU-106",
    "The operator at the shell may not open one identity.",
    "Each opening is somebody's work for a purpose, under their own name.",
    "Sign in as the person whose work it is.",
    exit=Exit.REFUSED,
)
NO_IDENTITY = Fault(
    "VAU-107",
    "There is no identity under this case.",
    "The case is of the open arm, or its identity was swept after destruction.",
    "Nothing is to be done.",
    exit=Exit.REFUSED,
)
STUDY_ENDED = Fault(
    "VAU-108",
    "The study {study} has been destroyed; nobody can be enrolled in it.",
    "A destroyed study stays destroyed.",
    "Load the study folder again under another name.",
    exit=Exit.REFUSED,
)
UNFIT_DISK = Fault(
    "VAU-109",
    "The key folder lies on {kind}, which keeps old versions of what is overwritten.",
    "Overwriting the epoch key there would not destroy it.",
    "Put HARKEN_DATA on ext4 or xfs without data journalling.",
    exit=Exit.REFUSED,
)
ALREADY = Fault(
    "VAU-110",
    "A person of this batch is enrolled already.",
    "The same case reference came twice; two sets of keys would lose one.",
    "Report this as a mistake of the program.",
    exit=Exit.FAULT,
)
NOT_SQLITE = Fault(
    "VAU-111",
    "The databases are on PostgreSQL; this backup copies SQLite files.",
    "A consistent copy of PostgreSQL is made by its own tools.",
    "Use pg_dump for the databases, as docs/how-to/destroy.md says, and copy the "
    "*.keyring, *.pointer and epochs.jsonl files of DATA/keys/studies.",
    exit=Exit.REFUSED,
)
BACKUP_EXISTS = Fault(
    "VAU-112",
    "The backup folder is not empty.",
    "A backup never writes over another.",
    "Name a folder that does not exist yet.",
    exit=Exit.REFUSED,
)
NO_COPY = Fault(
    "VAU-113",
    "No copy of this hash is in the register.",
    "The hash is mistyped, or the copy was handed over without being registered.",
    "See 'harken vault copies' for the register.",
)
HOLDER_GONE = Fault(
    "VAU-114",
    "The key holder cannot be reached.",
    "Its process is stopped, restarting, or not allowed to this user.",
    "Nothing is lost; try again. If it stays so, see docs/how-to/run-the-key-holder.md.",
    exit=Exit.BUSY,
)
NOT_THIS_PURPOSE = Fault(
    "VAU-115",
    "The key holder opens nothing to the role {role} for the purpose {purpose}.",
    "Its rules name the roles and the parts of an identity for each purpose.",
    "Ask the person whose work it is.",
    exit=Exit.REFUSED,
)
ONE_AT_A_TIME = Fault(
    "VAU-116",
    "Another case is open to this person.",
    "An interviewer holds one case at a time, for twenty minutes at most.",
    "Record the outcome of the open case first.",
    exit=Exit.REFUSED,
)
TOO_MANY = Fault(
    "VAU-117",
    "The key holder has opened {limit} identities within the hour; no more now.",
    "Each kind of work has a limit an hour, so that nobody can copy everybody.",
    "Wait; if the work truly needs more, the limit belongs into a decision.",
    exit=Exit.REFUSED,
)
SHUT_OUT = Fault(
    "VAU-118",
    "The key holder opens nothing more to this person for an hour.",
    "They were refused too often, which looks like trying one case after another.",
    "Ask the data guardian to look at 'harken vault holder status'.",
    exit=Exit.REFUSED,
)
CLOCK_BACK = Fault(
    "VAU-119",
    "The machine's clock is behind a time already seen.",
    "It was set back, or runs wrong; a clock set back could put off the promised day.",
    "Set the clock right. The key holder opens again by itself.",
    exit=Exit.REFUSED,
)
FLAGGED = Fault(
    "VAU-120",
    "The person may not be contacted in this way.",
    "Their sealed record says which way of contact is safe for them.",
    "Use the safe way; the rule is held here, whatever a list says.",
    exit=Exit.REFUSED,
)
NOT_UNDERSTOOD = Fault(
    "VAU-121",
    "The key holder does not understand what was asked.",
    "Another version of Harken, or another program, speaks with it.",
    "Restart the key holder and the servers after an upgrade.",
    exit=Exit.FAULT,
)
ENROL_AGAIN = Fault(
    "VAU-122",
    "The key holder was restarted, or a promise extended, while people were enrolled.",
    "The new keys were only in its memory; none reached the keyring.",
    "Nothing was stored; do it again.",
    exit=Exit.BUSY,
)
WITNESS_GONE = Fault(
    "VAU-123",
    "The controller's witness cannot be reached.",
    "Its program is stopped, or the line to it is down; half of each epoch key is there.",
    "Nothing is lost. Ask the controller to start 'harken vault witness', then try again.",
    exit=Exit.BUSY,
)
NO_RECEIPT = Fault(
    "VAU-124",
    "The witness's receipt does not say that the share was destroyed.",
    "It is of another share, or of another study.",
    "Tell the controller; the destruction goes on when a right receipt comes.",
    exit=Exit.NOT_VERIFIED,
)
NO_SHARE = Fault(
    "VAU-125",
    "The controller has no share of this epoch key.",
    "It was destroyed, or never made.",
    "Destroyed is destroyed: what was sealed under this epoch cannot be read again.",
    exit=Exit.REFUSED,
)
SHARE_THERE = Fault(
    "VAU-126",
    "The controller has a share of this epoch key already.",
    "A share that may be in use is never replaced.",
    "Run the rotation again; it takes the next generation.",
    exit=Exit.REFUSED,
)
MODULE_GONE = Fault(
    "VAU-127",
    "The hardware module cannot be used.",
    "Its library, its token or its PIN is not what the key holder was told.",
    "Check --pkcs11, --token and --pin-file of the key holder.",
    exit=Exit.BUSY,
)
NO_CONTROLLER = Fault(
    "VAU-128",
    "The promise of {study} cannot be extended: no controller's key was bound to it.",
    "The key is bound when the first person is enrolled, and never afterwards.",
    "Keep the promise as it stands.",
    exit=Exit.REFUSED,
)
NO_EXTENSION = Fault(
    "VAU-129",
    "The extension is not one of this promise.",
    "It is of another study or an earlier promise, or its dates are not later.",
    "Ask the controller to sign it for the digest that 'harken vault status' shows.",
    exit=Exit.REFUSED,
)
CONTROLLER_NAMED = Fault(
    "VAU-130",
    "Another controller's key was named already.",
    "Promises were bound to it; it cannot be exchanged unseen.",
    "Keep the key that was named first.",
    exit=Exit.REFUSED,
)
HOLDER_MISSING = Fault(
    "VAU-131",
    "{count} of the registered holders of {study}'s epoch keys cannot sign.",
    "The key holder was started without its second place or without the witness, or a "
    "signing key was lost.",
    "Start it as before. A place's signing key (holder.key) opens nothing; keep a copy.",
    exit=Exit.BUSY,
)
TRANSIT_GONE = Fault(
    "VAU-132",
    "OpenBao cannot be used: {problem}.",
    "It is sealed, stopped or elsewhere, or the token may not do what is asked.",
    "Nothing is lost. Check --openbao, --token-file and the token's policy, then try again.",
    exit=Exit.BUSY,
)
BAD_EXTENSION = Fault(
    "VAU-133",
    "The later days break the calendar: {later} ({late}) would come before {earlier} "
    "({early}).",
    "Each promise keeps the order of days that the launch gate asked of the first.",
    "Agree on other days with the controller, and have them signed anew.",
    exit=Exit.REFUSED,
)
WITHOUT_REASON = Fault(
    "VAU-134",
    "The extension gives no reason of {fewest} to {most} characters, on one line.",
    "Keeping identities for longer is the controller's decision, and it stands in the "
    "certificate with its reason.",
    "Say in a sentence why the later date is needed; name nobody in it.",
    exit=Exit.REFUSED,
)
