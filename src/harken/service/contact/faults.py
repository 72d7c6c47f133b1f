"""What can go wrong in the field. No entry ever names a person."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

CODE_REFUSED = Fault(
    "CON-010",
    "This code does not open the survey.",
    "It may be mistyped, or it can no longer be used. We never say which.",
    "Check it against the letter; if it still does not work, ring the helpline.",
    exit=Exit.REFUSED,
)
TOO_MANY_TRIES = Fault(
    "CON-011",
    "Too many codes were tried. Please wait before trying again.",
    "Guessing is slowed down to protect the people who have a letter.",
    "Wait 15 minutes, or ring the helpline.",
    exit=Exit.BUSY,
)
NOT_IN_FIELD = Fault(
    "CON-012",
    "The study is not in the field.",
    "It is not open yet, or fieldwork has closed.",
    "Open the study first; after the close nobody is contacted any more.",
    exit=Exit.REFUSED,
)
NOT_DRAWN = Fault(
    "CON-013",
    "No case has been issued.",
    "The sample has not been drawn.",
    "Draw the sample first.",
    exit=Exit.REFUSED,
)
NO_LETTERS = Fault(
    "CON-014",
    "There is nobody to send this letter to.",
    "Everybody who may have it has had it, answered or said no.",
    "Nothing to do; look at the monitoring page.",
    exit=Exit.REFUSED,
)
NO_CASE = Fault(
    "CON-015",
    "There is no such case in this study.",
    "The code, or the link followed, belongs to no case.",
    "Look the case up again by the code on the letter.",
    exit=Exit.REFUSED,
)
NOT_LEASED = Fault(
    "CON-016",
    "The case is no longer open on your screen.",
    "A case is lent to one interviewer for 20 minutes.",
    "Take the next case.",
    exit=Exit.REFUSED,
)
BAD_TIME = Fault(
    "CON-017",
    "An appointment cannot be at that time: {why}.",
    "Appointments lie in the future, before fieldwork closes, on a day with calls.",
    "Offer another day or hour.",
    exit=Exit.REFUSED,
)
NOT_PRINTED = Fault(
    "CON-018",
    "There is no such print run waiting for confirmation.",
    "It was confirmed before, or the link is old.",
    "Look at the list of print runs.",
    exit=Exit.REFUSED,
)
LETTER_FAILED = Fault(
    "CON-019",
    "The letters could not be set.",
    "The typesetter refused the text, or has no letters for its language; nothing was "
    "sent or marked as sent.",
    "For Urdu or Arabic install fonts-paktype or fonts-noto-core; else report this as a "
    "fault of the program, with the study version.",
    exit=Exit.FAULT,
)
TOO_EARLY = Fault(
    "CON-020",
    "Reminders are not due before {day}.",
    "The study promises {days} days between the invitation and a reminder.",
    "Wait until then.",
    exit=Exit.REFUSED,
)
ALREADY_SAID_NO = Fault(
    "CON-021",
    "This person has asked not to be contacted.",
    "An opt-out through any channel stops every channel at once.",
    "Leave them in peace. Nothing undoes an opt-out.",
    exit=Exit.REFUSED,
)
CHANGED = Fault(
    "CON-022",
    "Somebody said no, or answered, while the letters were being set.",
    "A letter to them must not go out.",
    "Make the print run again; nothing was kept of this one.",
    exit=Exit.BUSY,
)
FOLDER_USED = Fault(
    "CON-023",
    "The folder for the letters cannot be used.",
    "It holds files already, or cannot be made: a run must not be mixed with another.",
    "Give a new or empty folder.",
    exit=Exit.USAGE,
)
BAD_SHARE = Fault(
    "CON-024",
    "The eligible share is not between 0 and 1.",
    "RR3 takes e as a share, such as 0.9.",
    "Give a number from 0 to 1, or leave --e out.",
    exit=Exit.USAGE,
)
NOT_AGREED = Fault(
    "CON-025",
    "Nobody agreed to be contacted again for this.",
    "People agreed to purposes that they were told; there is no other.",
    "Choose one of the purposes on the page.",
    exit=Exit.REFUSED,
)
STILL_OPEN = Fault(
    "CON-026",
    "You have opened somebody and not said yet how it ended.",
    "One person is open at a time, and is shown once.",
    "Say how it ended; if nothing was tried, say that.",
    exit=Exit.REFUSED,
)
NOBODY_DUE = Fault(
    "CON-027",
    "There is nobody to be opened for this now.",
    "They were all reached, tried today or often enough, opened by somebody else, or "
    "nobody is kept yet or any more.",
    "See the counts on the page; come back on another day.",
    exit=Exit.REFUSED,
)
NOBODY_OPEN = Fault(
    "CON-028",
    "You have nobody open.",
    "How it ended was written down already, the time was over and somebody else took "
    "over, or the person has left meanwhile.",
    "Open the next person.",
    exit=Exit.REFUSED,
)
OLD_PAGE = Fault(
    "CON-029",
    "The page was an old one: nobody was opened.",
    "Each page opens one person, once; going back or loading again opens nobody.",
    "Open the next person from the page as it is now.",
    exit=Exit.REFUSED,
)
NOT_SAID = Fault(
    "CON-030",
    "Nothing was chosen.",
    "How it ended decides whether anybody contacts this person again.",
    "Choose one of the endings.",
    exit=Exit.USAGE,
)
