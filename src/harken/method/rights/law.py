"""Which law a study's papers answer to: what each place asks, and how the house answers it.

An engineer's map, as the law stands since the Data (Use and Access) Act 2025: what
``counsel`` marks has been added or moved by that Act, or is for the controller's lawyer to
judge in any case, and must be confirmed before use.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provision:
    """One place in the law: what it asks, and how the house answers."""

    law: str
    asks: str
    answer: str
    counsel: bool = False


REIDENTIFYING = (
    "To find out whose row it is without the controller's consent, knowingly or "
    "recklessly, is an offence (Data Protection Act 2018, section 171)."
)
"""Said wherever rows are handed out."""

LAW = (
    Provision(
        "UK GDPR Article 5(1)(b), with Article 8A",
        "Use data for another purpose only when it is compatible with the first; research "
        "with the safeguards of Article 84B counts as compatible.",
        "Records of the police are used for the statistics of this review alone; nothing "
        "about a person goes back.",
        counsel=True,
    ),
    Provision(
        "Data Protection Act 2018, section 36(4)",
        "What a force collected for law enforcement serves another purpose only where the "
        "law authorises it.",
        "Not shown by the house: the controller names the authority before a force is "
        "asked for a sample.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Article 5(1)(e), with Article 84B",
        "Keep data that identify no longer than needed; research may keep longer only "
        "with safeguards.",
        "Keys are destroyed by the promised day; a signed certificate says so.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Article 6(1)(e); Data Protection Act 2018, section 8",
        "A public task needs its basis in the law of the land.",
        "The lawful basis is named in the charter; a study without one does not load.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Articles 4(11) and 7",
        "A consent is free and specific, and as easy to take back as to give.",
        "Only to be contacted again rests on consent: asked apart, with its own end, taken "
        "back by a code, and once codes are gone by a telephone number, address or name.",
    ),
    Provision(
        "UK GDPR Article 9(2)(j); Data Protection Act 2018, Schedule 1, paragraph 4",
        "Special category data for research need that condition and the safeguards.",
        "Named in the charter; weighed in the impact assessment.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Article 10; Data Protection Act 2018, sections 10(5) and 11(2), Schedule 1",
        "Data on offences, those of victims and witnesses too, need official authority or "
        "a condition.",
        "Broad groups of crime only; own words are sealed until a person has read them.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Articles 11 and 12(2)",
        "Nobody must keep identities only to be able to answer requests.",
        "After the destruction the answer is: we cannot identify you, certificate n.",
    ),
    Provision(
        "UK GDPR Articles 12 and 12A",
        "Answer requests within a month of their coming; the clock stands still while the "
        "person is asked who they are, or which data or use a request for a copy means.",
        "The register of requests, with its clocks: from the day a letter came, past "
        "weekends and bank holidays. For who they are the Act may begin the month anew; "
        "the house only stops it, which is never later.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Articles 13 and 14",
        "Tell people, per arm, before or when data come in.",
        "The notices of the study folder, checked item by item.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Articles 15, 16, 18 and 21; Data Protection Act 2018, Schedule 2, "
        "paragraph 27",
        "A copy, mistakes put right, limits, objection; research may restrict these where "
        "they would seriously impair it, with the safeguards of Article 84B.",
        "The register of requests; a restriction is a decision with its reason, and the "
        "person is told.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Article 17(1) and 17(3)(d)",
        "Erase on request, unless that would seriously impair research.",
        "Withdrawal is never refused here; keys die at the next rotation.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Articles 22A to 22D",
        "No significant decision about a person by a machine alone without safeguards.",
        "No decision about anybody is made with these data.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Articles 24, 25 and 32",
        "Protection by design, proportionate to the risk.",
        "Sealed identities, roles in three places, tests named in the manual.",
    ),
    Provision(
        "UK GDPR Article 28(3)(g) and (h)",
        "The processor deletes at the end and proves it.",
        "The certificate of destruction and its independent verifier.",
    ),
    Provision(
        "UK GDPR Article 30",
        "A record of processing, of the controller and of the processor.",
        "The record of processing made from this folder.",
    ),
    Provision(
        "UK GDPR Articles 33 and 34",
        "Report a breach within 72 hours; tell people when the risk is high.",
        "The register of incidents; texts that are safe to send.",
    ),
    Provision(
        "UK GDPR Articles 35 and 36",
        "Assess the impact: large scale, vulnerable people, crime; ask the Commissioner "
        "when a high risk is left.",
        "The impact assessment, to be completed by people.",
    ),
    Provision(
        "UK GDPR Articles 84A to 84D",
        "Research needs safeguards: no decisions about the people, no likely damage or "
        "distress, anonymous data where they serve as well.",
        "Three stores, sealed link, pseudonymous responses, gated file; nobody decides "
        "about anybody with these data.",
        counsel=True,
    ),
    Provision(
        "Data Protection Act 2018, section 164A",
        "Make complaining easy, acknowledge within 30 days, answer without delay.",
        "The register of complaints, with its clock.",
        counsel=True,
    ),
    Provision(
        "Data Protection Act 2018, section 171",
        "Re-identifying people from the file is an offence.",
        "Said where the file is handed out.",
    ),
    Provision(
        "Privacy and Electronic Communications Regulations 2003, regulation 6 and "
        "Schedule A1",
        "Store nothing on a device without consent but what is strictly necessary.",
        "One cookie that carries the visit and ends with it; nobody is measured.",
        counsel=True,
    ),
)
