"""A processor's settlement file beside our payments: day by day, and every transaction only one side knows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from meterbook.formats.contract import ParsedPayments
from meterbook.records.payments.models import Payment


@dataclass(frozen=True, slots=True)
class SettledDay:
    """One day of the file, in cents: gross payments as the processor states them, and what ours of the same
    transactions are; ``back`` what it took back, ``fee`` what it kept. The deposit is ``gross + back - fee``."""

    on: date
    gross: int
    ours: int
    back: int
    fee: int
    missing: tuple[str, ...]
    different: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether each payment of the day is on our books with the same amount."""
        return not self.missing and not self.different


def settled_days(parsed: ParsedPayments) -> list[SettledDay]:
    """The days of a settlement file, oldest first. A transaction is ours by its payment's key, the processor's id."""
    ours = dict(
        Payment.objects.filter(key__in=[each.reference for each in parsed.records]).values_list("key", "amount_cents")
    )
    days = defaultdict(list)
    for each in parsed.records:
        days[each.received_on].append(each)
    found = []
    for day, records in sorted(days.items()):
        paid = [each for each in records if each.kind == "payment"]
        found.append(
            SettledDay(
                on=day,
                gross=sum(each.amount_cents for each in paid),
                ours=sum(ours.get(each.reference, 0) for each in paid),
                back=sum(each.amount_cents for each in records if each.kind != "payment"),
                fee=sum(each.fee_cents for each in records),
                missing=tuple(each.reference for each in paid if each.reference not in ours),
                different=tuple(
                    each.reference for each in paid if ours.get(each.reference, each.amount_cents) != each.amount_cents
                ),
            )
        )
    return found
