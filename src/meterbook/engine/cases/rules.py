"""The policy ``cases`` as one value: complaints, questions, disputes, revenue protection, and who is told when late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meterbook.engine.billing.adjusting import fields

Pair = Mapping[str, str]
#: Kinds of cases whose outcomes the policy lists.
ENDING = ("complaint", "referral", "revenue_protection")


@dataclass(frozen=True, slots=True)
class Team:
    """Who works on cases: words, and the role that finds the work."""

    code: str
    words: Pair
    role: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What a case is about: who answers within how many business days; ``refer`` is an entry of the directory."""

    code: str
    words: Pair
    team: str
    answer_days: int
    refer: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case may end; ``letter`` is the sentence of the answer, empty where none is written."""

    code: str
    words: Pair
    letter: Pair


@dataclass(frozen=True, slots=True)
class Late:
    """Who is told once a case is late by so many business days."""

    late_days: int
    role: str


@dataclass(frozen=True, slots=True)
class DisputeRules:
    """How disputes are reviewed and appealed: business days to review, calendar days for the rest."""

    grounds: Mapping[str, Pair]
    team: str
    review_days: int
    review: str
    hearing: str
    appeal_days: int
    hearing_days: int
    rejected_due_days: int
    citation: str


@dataclass(frozen=True, slots=True)
class ProtectionRules:
    """Revenue protection: findings, evidence, what is needed before a charge, who may approve how much (cents)."""

    team: str
    answer_days: int
    findings: Mapping[str, Pair]
    evidence: Mapping[str, Pair]
    needed: tuple[str, ...]
    back_bill_reason: str
    fees: tuple[str, ...]
    authority: Mapping[str, int | None]
    presumption: Pair
    citation: str


@dataclass(frozen=True, slots=True)
class Office:
    """An office a caller is referred to."""

    code: str
    words: Pair
    phone: str
    hours: Pair


@dataclass(frozen=True, slots=True)
class CaseRules:
    """Everything the office decided about cases."""

    teams: Mapping[str, Team]
    complaints: Mapping[str, Topic]
    questions: Mapping[str, Topic]
    escalation: tuple[Late, ...]
    outcomes: Mapping[str, Mapping[str, Outcome]]
    disputes: DisputeRules
    protection: ProtectionRules
    directory: Mapping[str, Office]

    def topics(self, kind: str) -> Mapping[str, Topic]:
        """What a case of a kind may be about."""
        if kind == "revenue_protection":
            mine = self.protection
            return {
                code: Topic(code, words, mine.team, mine.answer_days) for code, words in mine.findings.items()
            }  # fmt: skip
        return self.questions if kind == "referral" else self.complaints


def parse_cases(document: Mapping[str, Any]) -> CaseRules:
    """Read a policy ``cases``; raise `WrongSetting` at the first thing that is wrong."""
    teams = {one.code: one for one in (_team(row, f"teams[{at}]") for at, row in _rows(document, "teams"))}
    directory = {
        one.code: one for one in (_office(row, f"directory[{at}]") for at, row in _rows(document, "directory"))
    }
    escalation = tuple(_late(row, f"escalation[{at}]") for at, row in _rows(document, "escalation"))
    return CaseRules(
        teams=teams, complaints=_topics(document, "complaints", teams, directory),
        questions=_topics(document, "questions", teams, directory), escalation=escalation,
        outcomes=_outcomes(document.get("outcomes")), disputes=_disputes(document.get("disputes"), teams),
        protection=_protection(document.get("revenue_protection"), teams), directory=directory,
    )  # fmt: skip


def _rows(document: Mapping[str, Any], name: str) -> list[tuple[int, Any]]:
    return list(enumerate(fields.entries(document.get(name), name)))


def _team(found: object, where: str) -> Team:
    row = fields.entry(found, where, ("code", "words", "role"))
    return Team(fields.code(row["code"], f"{where}.code"), fields.words(row["words"], f"{where}.words"),
                fields.text(row["role"], f"{where}.role"))  # fmt: skip


def _office(found: object, where: str) -> Office:
    row = fields.entry(found, where, ("code", "words", "phone", "hours"))
    code, words = fields.code(row["code"], f"{where}.code"), fields.words(row["words"], f"{where}.words")
    return Office(code, words, fields.text(row["phone"], where), fields.words(row["hours"], f"{where}.hours"))


def _late(found: object, where: str) -> Late:
    row = fields.entry(found, where, ("late_days", "role"))
    return Late(fields.whole(row["late_days"], f"{where}.late_days"), fields.text(row["role"], f"{where}.role"))


def _topics(
    document: Mapping[str, Any], name: str, teams: Mapping[str, Team], directory: Mapping[str, Office]
) -> dict[str, Topic]:
    made: dict[str, Topic] = {}
    for at, found in _rows(document, name):
        where = f"{name}[{at}]"
        row = fields.entry(found, where, ("code", "words", "team", "answer_days"), ("refer",))
        one = Topic(
            fields.code(row["code"], f"{where}.code"), fields.words(row["words"], f"{where}.words"),
            fields.one_of(row["team"], f"{where}.team", teams), fields.whole(row["answer_days"], where),
            fields.one_of(row["refer"], f"{where}.refer", directory) if "refer" in row else "",
        )  # fmt: skip
        if one.code in made:
            raise fields.WrongSetting(f"{where}.code", one.code, "every code once")
        made[one.code] = one
    return made


def _outcomes(found: object) -> dict[str, dict[str, Outcome]]:
    kinds = fields.entry(found, "outcomes", ENDING)
    made: dict[str, dict[str, Outcome]] = {}
    for kind in ENDING:
        made[kind] = {}
        for at, each in enumerate(fields.entries(kinds[kind], f"outcomes.{kind}")):
            where = f"outcomes.{kind}[{at}]"
            row = fields.entry(each, where, ("code", "words"), ("letter",))
            letter = fields.words(row["letter"], f"{where}.letter") if "letter" in row else {}
            code = fields.code(row["code"], f"{where}.code")
            made[kind][code] = Outcome(code, fields.words(row["words"], f"{where}.words"), letter)
    return made


def _coded(found: object, where: str) -> dict[str, Pair]:
    made: dict[str, Pair] = {}
    for at, each in enumerate(fields.entries(found, where)):
        row = fields.entry(each, f"{where}[{at}]", ("code", "words"))
        made[fields.code(row["code"], f"{where}[{at}].code")] = fields.words(row["words"], f"{where}[{at}].words")
    return made


def _disputes(found: object, teams: Mapping[str, Team]) -> DisputeRules:
    days = ("review_days", "appeal_days", "hearing_days", "rejected_due_days")
    row = fields.entry(found, "disputes", ("grounds", "team", "review", "hearing", "citation", *days))
    if row["review"] == row["hearing"]:
        raise fields.WrongSetting("disputes.hearing", row["hearing"], "another role than the one that reviews")
    return DisputeRules(
        grounds=_coded(row["grounds"], "disputes.grounds"), team=fields.one_of(row["team"], "disputes.team", teams),
        review=fields.text(row["review"], "disputes.review"), hearing=fields.text(row["hearing"], "disputes.hearing"),
        citation=fields.text(row["citation"], "disputes.citation"),
        **{name: fields.whole(row[name], f"disputes.{name}") for name in days},
    )  # fmt: skip


def _protection(found: object, teams: Mapping[str, Team]) -> ProtectionRules:
    here = "revenue_protection"
    names = ("team", "answer_days", "findings", "evidence", "needed", "back_bill_reason", "fees", "authority")
    row = fields.entry(found, here, (*names, "presumption", "citation"))
    evidence = _coded(row["evidence"], f"{here}.evidence")
    if not isinstance(row["authority"], dict) or not row["authority"]:
        raise fields.WrongSetting(f"{here}.authority", row["authority"], "dollars by role, or null for no limit")
    return ProtectionRules(
        team=fields.one_of(row["team"], f"{here}.team", teams),
        answer_days=fields.whole(row["answer_days"], f"{here}.answer_days"),
        findings=_coded(row["findings"], f"{here}.findings"), evidence=evidence,
        needed=tuple(fields.one_of(one, f"{here}.needed", evidence) for one in fields.entries(row["needed"], here)),
        back_bill_reason=fields.code(row["back_bill_reason"], f"{here}.back_bill_reason"),
        fees=tuple(fields.code(one, f"{here}.fees") for one in fields.entries(row["fees"], here)),
        authority={fields.text(role, here): None if most is None else fields.money(most, f"{here}.authority.{role}")
                   for role, most in row["authority"].items()},
        presumption=fields.words(row["presumption"], f"{here}.presumption"),
        citation=fields.text(row["citation"], f"{here}.citation"),
    )  # fmt: skip
