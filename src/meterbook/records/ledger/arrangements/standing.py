"""How extensions and arrangements stand on a day: what was agreed beside what the books say was paid since.

What collections asks: `extended_until` and `plan_on`. Neither bars anything by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from meterbook.engine.collections.arrangements.eligible import Record
from meterbook.engine.collections.arrangements.schedule import Part
from meterbook.engine.collections.arrangements.standing import Paid, PlanStands, stands
from meterbook.records.ledger.arrangements.models import ArrangementPart, PaymentArrangement, PaymentExtension
from meterbook.records.ledger.arrangements.settings import rules_on

#: What reached the items of each since it was agreed; payments that settled them before are not in its amount.
_PAID = """
SELECT i.{of}_id, l.effective_on, sum(l.amount_cents)::bigint
  FROM {table} i JOIN {head} h ON h.id = i.{of}_id
  JOIN ledger_allocation l ON l.charge_id = i.item_id AND l.deed_id > h.deed_id
 WHERE i.{of}_id = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class ExtensionStands:
    """A promise on a day: as a plan of one part."""

    extension: PaymentExtension
    stands: PlanStands
    grace_days: int

    @property
    def broken(self) -> bool:
        """Not paid by its day and the grace days."""
        return self.extension.cancelled_id is None and self.stands.missed > 0

    def holds(self, day: date) -> bool:
        """Whether time is still left on a day: not cancelled, its day and the grace days not over."""
        return self.extension.cancelled_id is None and day <= self.extension.until + timedelta(days=self.grace_days)


@dataclass(frozen=True, slots=True)
class ArrangementStands:
    """A plan on a day."""

    arrangement: PaymentArrangement
    stands: PlanStands


def extensions_on(account_id: int, day: date) -> list[ExtensionStands]:
    """Every extension of an account as it stands on a day, the newest first."""
    rows = list(
        PaymentExtension.objects.filter(account_id=account_id)
        .select_related("deed__actor", "cancelled__actor", "document").order_by("-pk")
    )  # fmt: skip
    if not rows:
        return []
    grace = rules_on(day)[1].extension.grace_days
    paid = _paid("extension", [row.pk for row in rows])
    return [
        ExtensionStands(
            row, stands([Part(1, row.until, row.amount_cents)], paid.get(row.pk, []), day, grace_days=grace), grace
        )
        for row in rows
    ]


def arrangements_on(found: Sequence[PaymentArrangement], day: date) -> list[ArrangementStands]:
    """Plans as they stand on a day, in their order."""
    if not found:
        return []
    ids = [one.pk for one in found]
    grace, paid = rules_on(day)[1].arrangement.grace_days, _paid("arrangement", ids)
    parts: dict[int, list[Part]] = {pk: [] for pk in ids}
    for part in ArrangementPart.objects.filter(arrangement_id__in=ids).order_by("number"):
        parts[part.arrangement_id].append(Part(part.number, part.due_on, part.amount_cents))
    return [ArrangementStands(one, stands(parts[one.pk], paid.get(one.pk, []), day, grace_days=grace)) for one in found]


def of_account(account_id: int, day: date) -> list[ArrangementStands]:
    """Every plan of an account as it stands on a day, the newest first."""
    rows = PaymentArrangement.objects.filter(account_id=account_id)
    rows = rows.select_related("deed__actor", "ended__actor", "document", "approval").order_by("-pk")
    return arrangements_on(list(rows), day)


def plan_on(account_id: int, day: date) -> ArrangementStands | None:
    """The plan that stands on an account, as it stands on a day."""
    rows = PaymentArrangement.objects.filter(account_id=account_id, state=PaymentArrangement.STANDS)
    found = arrangements_on(list(rows.select_related("deed__actor", "document")), day)
    return found[0] if found else None


def extended_until(account_id: int, day: date) -> date | None:
    """Until when an account has more time on a day; None if it has none, or everything promised was paid."""
    holding = [
        each.extension.until
        for each in extensions_on(account_id, day)
        if each.holds(day) and each.stands.open_cents > 0 and each.extension.deed.business_date <= day
    ]
    return max(holding, default=None)


def record_of(account_id: int, day: date) -> Record:
    """What the account did before, as eligibility asks it."""
    given = [each for each in extensions_on(account_id, day) if each.extension.cancelled_id is None]
    plans = of_account(account_id, day)
    return Record(
        extensions=tuple(each.extension.deed.business_date for each in given),
        extensions_broken=tuple(each.extension.until for each in given if each.broken),
        plans_broken=tuple(_ended(each) for each in plans if each.arrangement.broken),
        extended_until=extended_until(account_id, day),
        plan_stands=any(each.arrangement.state in ("asked", "stands") and each.stands.open_cents > 0 for each in plans),
    )


def _ended(each: ArrangementStands) -> date:
    assert each.arrangement.ended is not None
    return each.arrangement.ended.business_date


def _paid(of: str, ids: Sequence[int]) -> dict[int, list[Paid]]:
    tables = {
        "extension": ("ledger_extendeditem", "ledger_paymentextension"),
        "arrangement": ("ledger_arrangeditem", "ledger_paymentarrangement"),
    }
    table, head = tables[of]
    found: dict[int, list[Paid]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PAID.format(of=of, table=table, head=head), [list(ids)])
        for key, on, cents in cursor.fetchall():
            found.setdefault(key, []).append(Paid(on, int(cents)))
    return found
