"""What can be wrong with requests, complaints and incidents. No entry says who asked."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NO_REQUEST = Fault(
    "RIG-001",
    "There is no request, complaint or incident {number}.",
    "The number is mistyped, or belongs to another study.",
    "See `harken rights list`.",
)
ALREADY_DECIDED = Fault(
    "RIG-002",
    "{number} is closed; a decision is written once.",
    "Whoever reads the register later must be able to trust it.",
    "Take in a new request.",
    exit=Exit.REFUSED,
)
NEEDS_REASON = Fault(
    "RIG-003",
    "A decision needs its reason.",
    "Rights are never refused in silence (DP-07).",
    "Write the reason in a sentence or two, without a name.",
)
NOT_LINKED = Fault(
    "RIG-004",
    "No person is tied to {number}, so it cannot be carried out.",
    "Nobody was found by what the person gave, or the link has been destroyed.",
    "Answer that the person cannot be identified, with the certificate's number.",
    exit=Exit.REFUSED,
)
WRONG_GROUND = Fault(
    "RIG-005",
    "The ground {ground} cannot answer a request for {kind}.",
    "Each ground limits only the rights the law names with it; leaving is always free.",
    "Choose another ground, or do what was asked.",
)
TELLS_TOO_MUCH = Fault(
    "RIG-006",
    "The message says too much to a stranger: {words}.",
    "Somebody else in the home may open it first.",
    "Write it in neutral words.",
)
NOT_CHECKED = Fault(
    "RIG-007",
    "Say first how you made sure that it is the right person.",
    "A copy of answers given to the wrong person can put somebody in danger.",
    "Ring back on the number held, or compare two facts; then choose how.",
    exit=Exit.REFUSED,
)
UNKNOWN_WORD = Fault(
    "RIG-008",
    "Choose {what}.",
    "Nothing was chosen, or the form sent what this version does not know.",
    "It must be one of those offered.",
)
NOT_REPORTED = Fault(
    "RIG-009",
    "An incident with a risk to people must be reported before it is closed.",
    "The Information Commissioner must hear of it within 72 hours (Article 33).",
    "Note the report first, or decide with a reason that there is no risk.",
    exit=Exit.REFUSED,
)
SECOND_PERSON = Fault(
    "RIG-010",
    "Whoever asked cannot allow it.",
    "No one person opens an identity outside their own work.",
    "Ask a colleague whose role may allow it.",
    exit=Exit.REFUSED,
)
EMERGENCY_OVER = Fault(
    "RIG-011",
    "This emergency opens nothing: it was not allowed, is over, or is not yours.",
    "It lasts thirty minutes from when a second person allowed it, for who asked.",
    "Ask anew, with the reason.",
    exit=Exit.REFUSED,
)
SEVERAL = Fault(
    "RIG-012",
    "More than one person is known by this.",
    "People of one household may share a telephone number or an address.",
    "Ask for something that is theirs alone: the reference, or the code of their letter.",
    exit=Exit.REFUSED,
)
NO_SUCH_FACT = Fault(
    "RIG-013",
    "Nobody can be looked up by this.",
    "The form was changed, or the field beside it is empty.",
    "Choose what the person told you, and type the whole of it.",
)
THIRD_PERSON = Fault(
    "RIG-015",
    "Whoever asked for it or allowed it cannot review it.",
    "A review is the look of somebody whose act it was not.",
    "Ask the other side: a data guardian or one of the controller's people.",
    exit=Exit.REFUSED,
)
NO_REVIEW = Fault(
    "RIG-016",
    "The emergency {number} does not wait for this.",
    "It opened nobody, still runs, was reviewed already, or was found justified.",
    "Look at its page again; a review is written once, when it is over.",
    exit=Exit.REFUSED,
)
NOT_THAT_DAY = Fault(
    "RIG-017",
    "It cannot have come on that day.",
    "The day is still to come, is more than 180 days ago, or is none of the calendar; or "
    "what was asked back was answered before it was asked, or asked before it came.",
    "Write the day on which it reached the house, by post mark or entry stamp.",
)
CLOCK_STANDS = Fault(
    "RIG-018",
    "The clock of {number} stands still already, or runs already.",
    "One question at a time stops it, and its answer lets it run on.",
    "Look at the request's page again: it says since when it stands.",
    exit=Exit.REFUSED,
)
MONTH_OVER = Fault(
    "RIG-014",
    "The time of the request {number} has passed and cannot be made longer.",
    "Article 12(3) gives two months more only to whoever tells the person so within the "
    "first.",
    "Answer it now, and say why it is late.",
    exit=Exit.REFUSED,
)
NO_JUDGEMENT = Fault(
    "RIG-019",
    "The emergency {number} cannot be closed in that way.",
    "While the reason it was asked for can be read, somebody judges it. Once it is gone "
    "with the person's keys, nobody can.",
    "Look at its page again: it offers what is possible now.",
    exit=Exit.REFUSED,
)
