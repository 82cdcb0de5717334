"""Starts of many premises for one account, from a developer's file: all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.moves.doing.making import make
from meterbook.records.moves.looking.file_of_starts import read_starts
from meterbook.records.moves.models import Move
from meterbook.records.moves.plans import Deposit, Entering, Plan
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.moves.settings import rules_on
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@dataclass(frozen=True, slots=True)
class Started:
    """What a file began, and how many of its premises had begun before."""

    moves: tuple[Move, ...]
    unchanged: int


@operation("moves.start_many", roles={BILLING, SUPERVISOR})
def start_many(deed: Deed, *, account: Account, text: str) -> Started:
    """Begin service at every premise of the file; the same file twice begins nothing the second time.

    Raises `MoveRefused` for a file with any row that cannot be taken, and whatever one of its moves is refused for.
    """
    read = read_starts(text, account, deed.business_date)
    if read.problems:
        first = read.problems[0]
        raise MoveRefused(
            Step(N_("Line {line}, {field}: found {found}, expected {expected}. Nothing was begun."),
                 {"line": first.line, "field": first.field, "found": first.found, "expected": first.expected})
        )  # fmt: skip
    made = []
    for row in read.fresh:
        documents = tuple(
            one.code for one in rules_on(deed.business_date).asked_for("start", row.premise.premise_class)
        )
        entering = Entering(
            premise=row.premise.pk, on=row.starts, person=account.holder_id, account=account.pk,
            schedules=dict(row.schedules), deposit=Deposit(ask=False), documents=documents,
            debt_waived=deed.reason,
        )  # fmt: skip
        made.append(make(deed, Plan("start", (), entering)))
    tell(deed, "moves.many_started", account=account.pk, moves=[one.pk for one in made])
    return Started(tuple(made), len(read.rows) - len(read.fresh))
