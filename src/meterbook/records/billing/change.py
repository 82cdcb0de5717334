"""Why a bill is not the last one, or last year's: two bills on record as the engine compares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from meterbook.engine.billing.change import Billed, Booked, Part, Sold, changed, said
from meterbook.engine.billing.change.words import in_language
from meterbook.engine.billing.verify import COUNTS_AS
from meterbook.engine.money import dollars
from meterbook.engine.quantity import unscaled
from meterbook.records.billing.explanations import changes_in, told_of, words
from meterbook.records.billing.models import Bill, BillRun, Segment
from meterbook.records.billing.partitions import SEGMENT, table_of
from meterbook.records.places.models import DeterminantKind, ServicePoint
from meterbook.records.rates.queries import tariff_of

Against = Literal["last", "year"]
#: A year ago is the bill nearest to the day, at most so many days from it.
_NEAR = 20


class NothingBefore(LookupError):
    """There is no earlier bill to compare with."""


class Booking(Protocol):
    """Something booked beside the bills, as `records.adjustments.on_bills` tells it."""

    @property
    def words(self) -> dict[str, str]:
        """What it is, by language."""

    @property
    def amount_cents(self) -> int:
        """Signed cents."""


#: What a bill's adjustments are made of, by bill id; the area above billing knows (`since_last_bill`).
Since = Callable[[Sequence[Bill]], Mapping[int, Sequence[Booking]]]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two bills and the parts of their difference, which add up to it to the cent; ``points`` are codes by id."""

    bill: Bill
    other: Bill
    against: Against
    parts: list[Part]
    points: dict[int, str]

    @property
    def difference(self) -> int:
        """What this bill asks for more than the other, in cents."""
        return self.bill.amount_due_cents - self.other.amount_due_cents

    def sentences(self, language: str) -> list[str]:
        """A sentence for each part, in its order."""
        return words([said(in_language(part, language), self.against) for part in self.parts], language)


def compare(bill: Bill, against: Against, since: Since) -> Compared:
    """A bill beside the account's last posted one before it, or the one a year before; raises `NothingBefore`."""
    other = bill_before(bill, against)
    if other is None:
        raise NothingBefore(f"bill {bill.number} has nothing to be compared with: {against}")
    booked = since([bill, other])
    facts = {*DeterminantKind.objects.values_list("name", flat=True), "meter_size"}
    parts = changed(_billed(bill, booked.get(bill.pk, ()), facts), _billed(other, booked.get(other.pk, ()), facts))
    codes = ServicePoint.objects.filter(pk__in={part.point for part in parts if part.point})
    return Compared(bill, other, against, parts, dict(codes.values_list("pk", "code")))


def bill_before(bill: Bill, against: Against) -> Bill | None:
    """The posted bill a bill is compared with; statements, which charge nothing, are passed over."""
    earlier = Bill.objects.select_related("run").filter(
        account_id=bill.account_id, run__status=BillRun.POSTED, bill_date__lt=bill.bill_date
    ).exclude(kind="statement")  # fmt: skip
    if against == "last":
        return earlier.order_by("-bill_date", "-pk").first()
    a_year = date(bill.bill_date.year - 1, bill.bill_date.month, min(bill.bill_date.day, 28))
    near = [each for each in earlier.order_by("bill_date", "pk") if abs((each.bill_date - a_year).days) <= _NEAR]
    return min(near, key=lambda each: abs((each.bill_date - a_year).days), default=None)


def _billed(bill: Bill, booked: Sequence[Booking], facts: set[str]) -> Billed:
    table = "billing_segment" if bill.run.status == BillRun.POSTED else table_of(SEGMENT, bill.run_id)
    rows = Segment.objects.raw(
        f"SELECT * FROM {table} WHERE run_id = %s AND bill_id = %s ORDER BY id", [bill.run_id, bill.pk]
    )
    found = [Booked(one.words, one.amount_cents) for one in booked]
    rest = bill.adjustments_cents - sum(one.cents for one in found)
    if rest:
        found.append(Booked({"en": "Other bookings", "es": "Otros movimientos"}, rest))
    return Billed(
        bill.number, bill.ends, [_sold(row, facts) for row in rows], bill.previous_cents + bill.payments_cents, found
    )


def _sold(segment: Segment, facts: set[str]) -> Sold:
    tariff, told = tariff_of(segment.document), told_of(segment)
    pieces = segment.inputs.get("pieces") or []
    counted = [piece for piece in pieces if COUNTS_AS.get(piece["channel"]) == "usage" and piece["estimated"]]
    return Sold(
        point=segment.service_point_id,
        commodity=segment.commodity,
        tariff=tariff,
        starts=segment.starts,
        ends=segment.ends,
        told=told,
        cents=segment.amount_cents,
        unit=pieces[0]["unit"] if pieces else tariff.measured_unit,
        used=frozenset(name for name in told if name not in facts),
        changes=changes_in(segment),
        estimated=sum((unscaled(piece["quantity_e6"]) for piece in counted), Decimal(0)),
        reverses=segment.kind == "reversal",
    )


def as_json(found: Compared, language: str = "en") -> dict[str, Any]:
    """A comparison as plain values: both bills, the difference, every part with its sentence; amounts in cents."""
    sentences = found.sentences(language)
    return {
        "bill": found.bill.number,
        "other": found.other.number,
        "against": found.against,
        "amount_due_cents": found.bill.amount_due_cents,
        "other_amount_due_cents": found.other.amount_due_cents,
        "difference_cents": found.difference,
        "difference": str(dollars(found.difference)),
        "sums": sum(part.cents for part in found.parts) == found.difference,
        "parts": [
            {"kind": part.kind, "cents": part.cents, "service": part.commodity,
             "point": found.points.get(part.point or 0, ""), "says": sentence}
            for part, sentence in zip(found.parts, sentences, strict=True)
        ],
    }  # fmt: skip
