"""Reads analysis.yaml and the Code editions; every finding has its place and a hint.

It never reads an answer, and knows no question and no entitlement of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from harken.method.compliance import faults
from harken.method.compliance.edition import (
    CodeEdition,
    Entitlement,
    Indicator,
    Reportable,
)
from harken.method.compliance.plan import Plan, Pooling, WeightPlan
from harken.method.disclosure import Policy
from harken.method.errors import (
    Fault,
    Finding,
    HarkenError,
    Place,
    closest,
    errors_in,
    refuse,
)
from harken.method.questionnaire import (
    Expression,
    Questionnaire,
    QuestionType,
)
from harken.method.source import Node, Reader, read
from harken.method.terms import Missing

FREE = ("mode", "language", "proxy")
"""Variables of every response that may break figures down besides design variables."""


def read_code(text: str, source: str = "code.yaml") -> CodeEdition:
    """Read one edition of the Code; its id is the file's name without ``.yaml``.

    Raises HarkenError (SRC-..., CMP-030, CMP-031) with every finding.
    """
    findings: list[Finding] = []
    reader = Reader(read(text, source), findings)
    meta = reader.child("meta")
    agencies = {
        key: node.value
        for key, node in reader.entries("agencies")
        if isinstance(node.value, str)
    }
    stages = reader.words("stages", ())
    items: list[Entitlement] = []
    for entry in reader.children("entitlements"):
        item = _entitlement(entry)
        if any(item.id == other.id for other in items):
            entry.find(faults.ENTITLEMENT_TWICE, name=item.id)
        items.append(item)
    if not items:
        reader.find(faults.NO_ENTITLEMENTS)
    title = meta.text("title") if meta else ""
    published = meta.text("published", "") if meta else ""
    if errors_in(findings):
        raise HarkenError(*findings)
    order = {stage: at for at, stage in enumerate(stages)}
    items.sort(key=lambda item: order.get(item.stage, len(order)))
    name = source.rsplit("/", 1)[-1].removesuffix(".yaml")
    return CodeEdition(name, title, published, agencies, tuple(items))


def _entitlement(entry: Reader) -> Entitlement:
    return Entitlement(
        id=entry.text("id"),
        title=entry.text("title"),
        summary=entry.text("summary"),
        agencies=entry.words("agencies"),
        stage=entry.text("stage"),
        applies_to=entry.text("applies_to", "all"),
        victim_reportable=entry.choice("victim_reportable", Reportable),
        evidence=entry.text("evidence", ""),
    )


def read_plan(
    text: str,
    questionnaire: Questionnaire,
    design_names: Sequence[str],
    *,
    edition: CodeEdition | None = None,
) -> Plan:
    """Read an analysis plan against its questionnaire and the sample's variables.

    With ``edition``, entitlements, agencies and stages are checked against it. Raises
    HarkenError (SRC-..., QUE-..., CMP-010 to CMP-024) with every finding.
    """
    findings: list[Finding] = []
    reader = Reader(read(text, "analysis.yaml"), findings)
    known = _Known(questionnaire, tuple(design_names), edition)
    code = reader.text("code")
    if edition is not None and code != edition.id:
        place = reader.at("code")
        reader.find(faults.WRONG_CODE, place, wanted=code, given=edition.id)
    weights = _weights(reader.child("weights"), known)
    confidence = _share(reader, "confidence", 0.95)
    policy = _policy(reader.child("disclosure"))
    default = 0.5
    targets = reader.child("targets", required=False)
    if targets is not None:
        default = _share(targets, "default", default)
        targets.done()
    indicators = _indicators(reader, known, default)
    plan = Plan(
        code=code,
        weights=weights,
        confidence=confidence,
        policy=policy,
        breakdowns=_breakdowns(reader, known),
        headlines=_headlines(reader, indicators),
        indicators=indicators,
        pooling=_pooling(reader),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    reader.done()
    if errors_in(findings):
        raise HarkenError(*findings)
    return plan


@dataclass(frozen=True, slots=True)
class _Known:
    """What names of a plan may refer to."""

    questionnaire: Questionnaire
    design: tuple[str, ...]
    edition: CodeEdition | None


def _unknown(
    reader: Reader, fault: Fault, place: Place, name: str, words: Sequence[str]
) -> None:
    detail = {"name": name, "known": ", ".join(words)}
    reader.findings.append(Finding(fault, place, detail, closest(name, words)))


def _share(reader: Reader, key: str, default: float) -> float:
    value = reader.decimal(key, default)
    if not 0 < value < 1:
        reader.find(faults.NOT_A_SHARE, reader.at(key), key=key, value=value)
        return default
    return value


def _weights(reader: Reader | None, known: _Known) -> WeightPlan:
    if reader is None:
        return WeightPlan((), 0.0, float("inf"), 5, 0)
    margins = []
    node = reader.get("margins", required=True)
    for row in node.value if node is not None and isinstance(node.value, tuple) else ():
        margins.append(_margin(reader, row, known))
    if node is not None and not margins:
        reader.wrong(node.place, "margins", "a list of lists of design variables")
    trim = reader.child("trim", required=False)
    lower, upper = 0.0, float("inf")
    if trim is not None:
        lower, upper = trim.decimal("lower", 0.0), trim.decimal("upper", upper)
        if not 0 <= lower < 1 < upper:
            trim.wrong(trim.place, "trim", "a lower bound under 1 and an upper over 1")
        trim.done()
    smallest, seed = reader.number("smallest", 5), reader.number("seed", 0)
    reader.done()
    return WeightPlan(tuple(margins), lower, upper, smallest, seed)


def _margin(reader: Reader, row: Node, known: _Known) -> tuple[str, ...]:
    items = row.value if isinstance(row.value, tuple) else (row,)
    names = []
    for item in items:
        name = item.value if isinstance(item.value, str) else ""
        if name not in known.design:
            _unknown(reader, faults.UNKNOWN_DESIGN, item.place, name, known.design)
        names.append(name)
    return tuple(names)


def _policy(reader: Reader | None) -> Policy:
    if reader is None:
        reader = Reader(Node({}, Place("analysis.yaml"), {}), [])
    threshold = reader.number("threshold", 10)
    flag_below = reader.number("flag_below", 30)
    minority = reader.number("minority", 3)
    round_to = reader.decimal("round_to", 1.0)
    if not 0 < threshold <= flag_below:
        problem = f"threshold {threshold}, flag_below {flag_below}"
        reader.find(faults.THRESHOLDS, problem=problem)
        threshold, flag_below = 10, 30
    if minority < 0 or 2 * minority > threshold or round_to <= 0:
        problem = "minority is at most half of threshold, round_to over 0"
        reader.find(faults.THRESHOLDS, problem=problem)
        minority, round_to = 3, 1.0
    policy = Policy(
        threshold=threshold,
        flag_below=flag_below,
        minority=minority,
        round_to=round_to,
        reference=reader.text("policy"),
        owner=reader.text("owner"),
        reviewed=reader.day("reviewed"),
    )
    reader.done()
    return policy


def _breakdowns(reader: Reader, known: _Known) -> tuple[str, ...]:
    names = reader.words("breakdowns")
    place = reader.at("breakdowns")
    single = {
        question.id
        for question in known.questionnaire.questions
        if question.type in (QuestionType.SINGLE, QuestionType.CONSENT)
    }
    fit = sorted({*known.design, *FREE, *single})
    for name in names:
        if name not in fit:
            _unknown(reader, faults.BAD_BREAKDOWN, place, name, fit)
    if "mode" not in names:
        reader.find(faults.MODE_MISSING, place)
    return names


def _headlines(reader: Reader, indicators: Sequence[Indicator]) -> tuple[str, ...]:
    names = reader.words("headlines", ())
    known = [indicator.id for indicator in indicators]
    for name in names:
        if name not in known:
            place = reader.at("headlines")
            _unknown(reader, faults.UNKNOWN_INDICATOR, place, name, known)
    return names


def _pooling(reader: Reader) -> Pooling | None:
    if not reader.has("combined"):
        return None
    node = reader.get("combined")
    if node is None or not isinstance(node.value, dict):
        reader.find(faults.NEVER_POOLED, reader.at("combined"))
        return None
    wish = Reader(node, reader.findings)
    pooling = Pooling(wish.text("reason", ""), wish.text("owner", ""))
    wish.done()
    if not pooling.reason or not pooling.owner:
        reader.find(faults.NEVER_POOLED, node.place)
    return pooling


def _indicators(reader: Reader, known: _Known, default: float) -> tuple[Indicator, ...]:
    made: list[Indicator] = []
    for entry in reader.children("indicators"):
        indicator = _indicator(entry, known, default)
        if any(indicator.id == other.id for other in made):
            entry.find(faults.INDICATOR_TWICE, entry.at("id"), name=indicator.id)
        _check_code(entry, indicator, known.edition)
        made.append(indicator)
        entry.done()
    return tuple(made)


def _indicator(entry: Reader, known: _Known, default: float) -> Indicator:
    name = entry.text("id")
    base, positive = entry.text("base"), entry.text("positive")
    _condition(entry, "base", base, known)
    used = _condition(entry, "positive", positive, known)
    question = entry.text("question", "")
    ids = known.questionnaire.ids
    if question and question not in ids:
        place = entry.at("question")
        _unknown(entry, faults.UNKNOWN_NAME, place, question, sorted(ids))
    if not question:
        measured = [one for one in used if one in ids]
        if len(measured) == 1:
            question = measured[0]
        elif positive:
            entry.find(faults.NO_QUESTION, name=name)
    return Indicator(
        id=name,
        title=entry.text("title"),
        stage=entry.text("stage"),
        agency=entry.text("agency"),
        base=base,
        positive=positive,
        question=question,
        in_base=_in_base(entry),
        entitlements=entry.words("entitlements", ()),
        target=_share(entry, "target", default),
        among=entry.text("among", base),
    )


def _condition(entry: Reader, key: str, text: str, known: _Known) -> tuple[str, ...]:
    """Check a condition; the names it uses. Nothing to check when it is absent."""
    if not text:
        return ()
    try:
        return Expression.parse(
            text, entry.at(key), names=known.questionnaire.names(known.design)
        ).names
    except HarkenError as error:
        entry.findings.extend(error.findings)
        return ()


def _in_base(entry: Reader) -> tuple[Missing, ...]:
    words = {kind.word: kind for kind in Missing if kind is not Missing.NOT_ASKED}
    kinds = []
    for word in entry.words("in_base", ()):
        if word in words:
            kinds.append(words[word])
        else:
            place = entry.at("in_base")
            _unknown(entry, faults.UNKNOWN_KIND, place, word, sorted(words))
    return tuple(kinds)


def _check_code(
    entry: Reader, indicator: Indicator, edition: CodeEdition | None
) -> None:
    if edition is None:
        return
    if indicator.stage and indicator.stage not in edition.stages:
        detail = {
            "name": indicator.stage,
            "code": edition.id,
            "known": ", ".join(edition.stages),
        }
        near = closest(indicator.stage, edition.stages)
        entry.findings.append(
            Finding(faults.UNKNOWN_STAGE, entry.at("stage"), detail, near)
        )
    ids = [item.id for item in edition.entitlements]
    for name in indicator.entitlements:
        place = entry.at("entitlements")
        if name not in ids:
            detail = {"name": name, "code": edition.id}
            near = closest(name, ids)
            entry.findings.append(
                Finding(faults.UNKNOWN_ENTITLEMENT, place, detail, near)
            )
            continue
        owed = edition.entitlement(name).agencies
        if indicator.agency not in (*owed, "all") and "all" not in owed:
            known = ", ".join(owed)
            entry.find(
                faults.WRONG_AGENCY,
                place,
                name=name,
                agency=indicator.agency,
                known=known,
            )


def check_edition(plan: Plan, edition: CodeEdition) -> None:
    """Raise CMP-023 when the edition is not the one the plan measures."""
    if plan.code != edition.id:
        raise refuse(faults.WRONG_CODE, wanted=plan.code, given=edition.id)
