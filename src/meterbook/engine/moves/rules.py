"""The rules of moving in and out. The policy `moves`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from meterbook.engine.billing.adjusting import fields

#: Whose debt is looked for: the customer's own other accounts, those of people with the same phone or e-mail, the
#: last customer's at the premise, and that customer's where they live on in the household.
WHOSE = ("person", "same_contact", "premise", "household")
#: What may be done where nobody takes a service over: turn it off, or write to the owner and leave it on meanwhile.
OWNER, OFF = "owner", "off"
#: Where no read is typed: an estimate for the day, or somebody sent to read.
ESTIMATE, ORDER = "estimate", "order"
KINDS = ("start", "stop", "transfer", "bankruptcy", "estate", "name")


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A document asked for: for which moves, of which classes of premises, and whether a move waits for it."""

    code: str
    words: Mapping[str, str]
    kinds: tuple[str, ...]
    classes: tuple[str, ...]
    required: bool

    def wanted(self, kind: str, premise_class: str) -> bool:
        """Whether it is asked for in a move of this kind; an empty list of classes means every class."""
        return kind in self.kinds and (not self.classes or premise_class in self.classes)


@dataclass(frozen=True, slots=True)
class DebtRule:
    """Whether one kind of old debt above ``over`` cents bars a start, and why."""

    whose: str
    bars: bool
    over: int
    citation: str


@dataclass(frozen=True, slots=True)
class MoveRules:
    """All of the policy."""

    back_days: Mapping[str, int]
    ahead_days: int
    debts: Mapping[str, DebtRule]
    debt_waived_by: tuple[str, ...]
    documents: tuple[AskedFor, ...]
    unserved: str
    owner_days: int
    no_read: str
    follows: tuple[str, ...]
    cause: str
    bankruptcy_assurance_days: int

    def earliest(self, roles: Collection[str], today: date) -> date:
        """The earliest day somebody with these roles may enter a move for.

        >>> rules = MoveRules({"csr": 30, "supervisor": 365}, 90, {}, (), (), OWNER, 14, ESTIMATE, (), "wrong", 20)
        >>> rules.earliest({"csr"}, date(2026, 9, 8)), rules.earliest({"auditor"}, date(2026, 9, 8))
        (datetime.date(2026, 8, 9), datetime.date(2026, 9, 8))
        """
        return today - timedelta(days=max((self.back_days.get(role, 0) for role in roles), default=0))

    def latest(self, today: date) -> date:
        """The last day a move may be planned for."""
        return today + timedelta(days=self.ahead_days)

    def asked_for(self, kind: str, premise_class: str) -> list[AskedFor]:
        """The documents of a move, in the policy's order."""
        return [one for one in self.documents if one.wanted(kind, premise_class)]

    def bars(self, whose: str, cents: int) -> bool:
        """Whether so much debt of this kind bars a start."""
        rule = self.debts.get(whose)
        return rule is not None and rule.bars and cents > rule.over


_KEYS = (
    "policy", "citation", "effective", "back_dating_days", "ahead_days", "debts", "debt_waived_by", "documents",
    "unserved", "no_read", "follows", "correction_cause", "bankruptcy",
)  # fmt: skip


def parse_moves(document: dict[str, Any]) -> MoveRules:
    """The policy's text as rules. Raises `WrongSetting` naming the place."""
    found = fields.entry(document, "moves", _KEYS)
    unserved = fields.entry(found["unserved"], "unserved", ("then", "owner_days"))
    debts = [_debt(one, f"debts[{at}]") for at, one in enumerate(fields.entries(found["debts"], "debts"))]
    return MoveRules(
        back_days=_days(found["back_dating_days"], "back_dating_days"),
        ahead_days=fields.whole(found["ahead_days"], "ahead_days"),
        debts={one.whose: one for one in debts},
        debt_waived_by=tuple(fields.text(one, "debt_waived_by") for one in found["debt_waived_by"] or ()),
        documents=tuple(
            _document(one, f"documents[{at}]") for at, one in enumerate(fields.entries(found["documents"], "documents"))
        ),
        unserved=fields.one_of(unserved["then"], "unserved.then", (OWNER, OFF)),
        owner_days=fields.whole(unserved["owner_days"], "unserved.owner_days"),
        no_read=fields.one_of(found["no_read"], "no_read", (ESTIMATE, ORDER)),
        follows=tuple(fields.code(one, "follows") for one in found["follows"] or ()),
        cause=fields.code(found["correction_cause"], "correction_cause"),
        bankruptcy_assurance_days=fields.whole(
            fields.entry(found["bankruptcy"], "bankruptcy", ("assurance_days", "citation"))["assurance_days"],
            "bankruptcy.assurance_days",
        ),
    )


def _days(found: object, where: str) -> Mapping[str, int]:
    if not isinstance(found, dict):
        raise fields.WrongSetting(where, found, "days by role")
    return {fields.code(role, where): fields.whole(days, f"{where}.{role}") for role, days in found.items()}


def _debt(found: object, where: str) -> DebtRule:
    one = fields.entry(found, where, ("whose", "bars", "over", "citation"))
    return DebtRule(
        fields.one_of(one["whose"], f"{where}.whose", WHOSE), fields.flag(one["bars"], f"{where}.bars"),
        fields.money(one["over"], f"{where}.over"), fields.text(one["citation"], f"{where}.citation"),
    )  # fmt: skip


def _document(found: object, where: str) -> AskedFor:
    one = fields.entry(found, where, ("code", "words", "kinds", "classes", "required"))
    kinds = tuple(fields.one_of(kind, f"{where}.kinds", KINDS) for kind in fields.entries(one["kinds"], where))
    return AskedFor(
        fields.code(one["code"], f"{where}.code"), fields.words(one["words"], f"{where}.words"), kinds,
        tuple(fields.code(each, f"{where}.classes") for each in one["classes"] or ()),
        fields.flag(one["required"], f"{where}.required"),
    )  # fmt: skip
