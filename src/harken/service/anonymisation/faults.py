"""The destruction room's part of the catalogue."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NOT_CLOSED = Fault(
    "ANO-101",
    "The study {study} is {state}; only a closed study is destroyed.",
    "While fieldwork is open people may still answer or ask for help.",
    "Close it first: 'harken destroy close {study}'.",
    exit=Exit.REFUSED,
)
NOT_COLLECTED = Fault(
    "ANO-102",
    "{count} ended interviews of {study} have not been collected.",
    "Their answers can be read only with the keys that are to be destroyed.",
    "Run 'harken response collect {study}' first.",
    exit=Exit.REFUSED,
)
SAMPLE_OPEN = Fault(
    "ANO-103",
    "The issued cases of {study} were not written to the answers zone.",
    "Response rates and weights need them, and the cases themselves will be gone.",
    "Run 'harken response close {study}' first.",
    exit=Exit.REFUSED,
)
NO_PLAN = Fault(
    "ANO-104",
    "There is no plan to destroy {study}.",
    "Nothing was planned, or the destruction has ended.",
    "Run 'harken destroy plan {study}'.",
    exit=Exit.REFUSED,
)
NO_PART = Fault(
    "ANO-122",
    "Nobody in {study} was given a later promise than those whose day comes next.",
    "The promise was never extended, or the others are destroyed already.",
    "Plan the destruction of everybody: 'harken destroy plan {study}'.",
    exit=Exit.REFUSED,
)
NOTHING_TO_DESTROY = Fault(
    "ANO-105",
    "Nothing of {study} is left to destroy in the class {retention}.",
    "Its keys were destroyed before, or nobody was ever enrolled.",
    "See 'harken vault status {study}' and the certificates.",
    exit=Exit.REFUSED,
)
UNDER_WAY = Fault(
    "ANO-106",
    "The destruction of {study} is under way and cannot be planned anew.",
    "It began and was interrupted, or is running now.",
    "Run 'harken destroy run {study}': it goes on where it stopped.",
    exit=Exit.REFUSED,
)
NOT_APPROVED = Fault(
    "ANO-107",
    "The plan lacks the approval of the {side}.",
    "Destroying is asked twice: the collector's guardian and the commissioner agree.",
    "Ask them to approve it under /guard/.",
    exit=Exit.REFUSED,
)
WRONG_SIDE = Fault(
    "ANO-108",
    "The role {role} approves for neither side.",
    "The data guardian approves for the processor, the controller for itself.",
    "Ask the person of that role.",
    exit=Exit.REFUSED,
)
SAME_PERSON = Fault(
    "ANO-109",
    "One person cannot approve for both sides.",
    "Two people must agree, so that no mistake of one destroys.",
    "Ask another person.",
    exit=Exit.REFUSED,
)
STALE_PLAN = Fault(
    "ANO-110",
    "The plan is not what it was when it was made.",
    "Since then somebody was enrolled, withdrew, or agreed to be contacted again, or the "
    "file to be kept is no longer the one that was judged.",
    "Plan again and have the new counts approved.",
    exit=Exit.REFUSED,
)
OTHER_PLAN = Fault(
    "ANO-111",
    "The plan you looked at is not the plan that stands.",
    "A newer plan was made in the meantime.",
    "Look at the new plan and decide again.",
    exit=Exit.REFUSED,
)
BUSY = Fault(
    "ANO-112",
    "Another process is planning, destroying or certifying {study} at this moment.",
    "Two at once would write two plans or two certificates.",
    "Wait for it to end, then look at the study's page and its certificates.",
    exit=Exit.BUSY,
)
NOT_FOUND = Fault(
    "ANO-113",
    "No response can be withdrawn with this receipt code.",
    "It is unknown, was used, or its time is over; nobody is told which.",
    "Compare the code with the one on the receipt. Without it the data guardian can still "
    "answer: note a request under Requests, with how the person was recognised.",
    exit=Exit.REFUSED,
)
TOO_LATE = Fault(
    "ANO-114",
    "The response can no longer be told from the others.",
    "The link between person and answers was destroyed on the promised day.",
    "Tell the person so; the notice said until when a response can be withdrawn.",
    exit=Exit.REFUSED,
)
NO_CERTIFICATE = Fault(
    "ANO-115",
    "There is no certificate of {study}.",
    "Its destruction has not ended.",
    "Run 'harken destroy run {study}'.",
)
NO_FRAME = Fault(
    "ANO-116",
    "The frame of {study} is gone; the kept file can no longer be judged.",
    "How many people share a combination can be counted only while the frame is there.",
    "Judge it before the destruction; afterwards treat the answers as personal data.",
    exit=Exit.REFUSED,
)
NOT_DECLARED = Fault(
    "ANO-117",
    "The study {study} does not say what the columns of its kept file are.",
    "Its folder has no kept-file.yaml.",
    "Give a file with --declaration, or put kept-file.yaml into the folder next time.",
)
NOT_TRIED = Fault(
    "ANO-118",
    "That is no result of the exercise for {study}.",
    "No file was judged yet, nobody was guessed at, or more were right than were tried.",
    "Judge the file first; then say how many records were guessed at, and how many rightly.",
)
NOT_JUDGED = Fault(
    "ANO-119",
    "The file that will be kept of {study} was not judged as its answers are now.",
    "Nobody judged it, it was refused, somebody was recognised in it, or answers came or "
    "went since. Once the frame is gone nobody can judge it any more.",
    "Run 'harken destroy judge {study}'. To keep the promised day without a judged file, "
    "plan with --without-kept-file: both sides then approve a plan that says so.",
    exit=Exit.REFUSED,
)
OTHERS_FIRST = Fault(
    "ANO-120",
    "Those of {study} who agreed to be contacted again cannot be destroyed yet.",
    "They are last: a destruction removes all rows that lead to people, and the keys of "
    "everybody else are still there.",
    "Destroy the standard class first: plan without --recontact.",
    exit=Exit.REFUSED,
)
INCOMPLETE_COPY = Fault(
    "ANO-121",
    "The copy was not entered: who has it or how many people are in it is missing.",
    "Without both nobody can ask the recipient for a confirmation, or count.",
    "Say who has it, and give the number of people in figures; 0 when it is not known.",
)
