"""A month's checklist as it stands: each item met, accepted as an exception, signed, or open, with who and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from meterbook.engine.ledger.closing.month_end import Item
from meterbook.records.closing.checks import CHECKS, Found
from meterbook.records.closing.checks.contract import fingerprint
from meterbook.records.closing.models import MonthSignature
from meterbook.records.closing.months import span_of_period
from meterbook.records.closing.settings import month_end_on
from meterbook.records.platform.models import AccountingPeriod

#: What nobody can accept: a month locked before an earlier one would change with it, and a journal must be writable.
STRICT = frozenset({"earlier_months", "journal"})
MET, EXCEPTION, SIGNED, OPEN = "met", "exception", "signed", "open"


@dataclass(frozen=True, slots=True)
class Standing:
    """One item now. ``signature`` is its last one, which may be about something that has changed since."""

    item: Item
    state: str
    found: tuple[Found, ...]
    signature: MonthSignature | None

    @property
    def cents(self) -> int:
        """What was found, added up."""
        return sum(one.cents for one in self.found)

    @property
    def stale(self) -> bool:
        """Whether what was signed for is not what is found now."""
        return self.state == OPEN and self.signature is not None and self.signature.state == MonthSignature.EXCEPTION

    def figures(self) -> dict[str, Any]:
        """As plain values."""
        mine = self.signature if self.state in (EXCEPTION, SIGNED) else None
        return {
            "item": self.item.code, "owner": self.item.owner, "state": self.state,
            "found": [one.kept() for one in self.found], "by": mine.deed.actor.username if mine else "",
            "on": str(mine.deed.business_date) if mine else "", "note": mine.note if mine else "",
            "evidence": mine.evidence.sha256 if mine and mine.evidence else "",
        }  # fmt: skip


def checklist(period: AccountingPeriod, only: str = "") -> list[Standing]:
    """Every item of a month in the policy's order, or the one asked for. Raises `NoPolicy`."""
    span, policy = span_of_period(period), month_end_on(period.validity.upper)
    last = {
        row.item: row
        for row in MonthSignature.objects.filter(period=period)
        .select_related("deed__actor", "evidence").order_by("pk")
    }  # fmt: skip
    return [
        standing(item, tuple(CHECKS[item.code](span, policy)) if item.computed else (), last.get(item.code))
        for item in policy.items_of(period.validity.lower)
        if only in ("", item.code)
    ]


def standing(item: Item, found: tuple[Found, ...], signature: MonthSignature | None) -> Standing:
    """How an item stands with what its check finds and its last signature."""
    if signature is not None and signature.state == MonthSignature.TAKEN_BACK:
        signature = None
    if item.computed:
        holds = signature is not None and signature.found_sha256 == fingerprint(found)
        state = MET if not found else EXCEPTION if holds else OPEN
    else:
        state = SIGNED if signature is not None else OPEN
    return Standing(item, state, found, signature)


def ready(items: Sequence[Standing]) -> bool:
    """Whether nothing is open."""
    return all(one.state != OPEN for one in items)
