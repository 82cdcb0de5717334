"""The statement of one agency for one period: opening, theirs, handed over, closing; reconciled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Sum

from meterbook.engine.ledger.agencies.agreements import Agency
from meterbook.engine.ledger.agencies.shares import part_of
from meterbook.records.agencies.accrual import Accrual, billed, collected, groups_of, sums
from meterbook.records.agencies.agreements import agency_on
from meterbook.records.agencies.models import Remittance
from meterbook.records.platform.models import Document


@dataclass(frozen=True, slots=True)
class OwnedLine:
    """One thing the agency owns: gross cents of the period and before, its share, and the agency's part of both."""

    account: str
    service: str
    share_ppm: int
    gross_before: int
    gross_cents: int
    before_cents: int
    accrued_cents: int


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The books beside the statement, in cents; everything adds up when both differences are 0.

    ``books``: the owned accounts' entries before the period's end, without what was handed over. ``open``: billed and
    not yet collected.
    """

    books: int
    billed: int
    collected: int
    open: int
    remitted_books: int
    remitted: int

    @property
    def difference(self) -> int:
        """Books less what was billed for the agency."""
        return self.books - self.billed

    @property
    def remitted_difference(self) -> int:
        """Remittances in the books less those on record."""
        return self.remitted_books - self.remitted


@dataclass(frozen=True, slots=True)
class Statement:
    """What is owed to an agency, in cents; ``due_cents`` is what handing over now would settle for the period."""

    agency: Agency
    document: Document
    starts: date
    ends: date
    lines: tuple[OwnedLine, ...]
    accruals: tuple[Accrual, ...]
    opening_cents: int
    settled_cents: int
    due_cents: int
    due_on: date
    reconciled: Reconciled

    @property
    def accrued_cents(self) -> int:
        """What became the agency's in the period."""
        return sum(line.accrued_cents for line in self.lines)

    @property
    def closing_cents(self) -> int:
        """What is owed at the end of the period."""
        return self.opening_cents + self.accrued_cents - self.settled_cents

    @property
    def fee_cents(self) -> int:
        """What is kept of the amount due."""
        return part_of(self.due_cents, self.agency.fee_ppm)

    def figures(self) -> dict[str, Any]:
        """The statement as plain values: what is sealed with a remittance, and printed as JSON."""
        return {
            "agency": self.agency.code, "basis": self.agency.basis, "starts": str(self.starts), "ends": str(self.ends),
            "opening_cents": self.opening_cents, "accrued_cents": self.accrued_cents,
            "settled_cents": self.settled_cents, "closing_cents": self.closing_cents, "due_cents": self.due_cents,
            "fee_cents": self.fee_cents, "due_on": str(self.due_on), "lines": [asdict(line) for line in self.lines],
            "reconciled": {
                **asdict(self.reconciled), "difference": self.reconciled.difference,
                "remitted_difference": self.reconciled.remitted_difference,
            },
        }  # fmt: skip


def statement(code: str, day: date, today: date) -> Statement:
    """The statement of the period ``day`` falls into, under the agreement in force at its end (or today).

    Raises `UnknownAgency` or `NoPolicy`.
    """
    _, agency = agency_on(code, today)
    starts, ends = agency.period(day)
    document, agency = agency_on(code, min(ends, today))
    groups = groups_of(agency)
    booked = billed(groups)
    paid = collected(groups) if agency.basis == "collected" else []
    accruals = paid if agency.basis == "collected" else booked
    before, after = sums(accruals, agency.owns, starts), sums(accruals, agency.owns, ends)
    lines = tuple(
        OwnedLine(
            one.account, one.service, one.share_ppm, was, now - was, part_of(was, one.share_ppm),
            part_of(now, one.share_ppm) - part_of(was, one.share_ppm),
        )
        for one, was, now in zip(agency.owns, before, after, strict=True)
    )  # fmt: skip
    due = sum(line.before_cents + line.accrued_cents for line in lines) - _settled(code)
    return Statement(
        agency=agency,
        document=document,
        starts=starts,
        ends=ends,
        lines=lines,
        accruals=tuple(one for one in accruals if starts <= one.on < ends),
        opening_cents=sum(line.before_cents for line in lines) - _settled(code, before=starts),
        settled_cents=_settled(code, before=ends) - _settled(code, before=starts),
        due_cents=due,
        due_on=agency.pay_on(ends),
        reconciled=_reconciled(agency, booked, paid, ends),
    )


def _settled(code: str, before: date | None = None) -> int:
    """What was handed over to an agency, with the fee kept, before a day or altogether."""
    rows = Remittance.objects.filter(agency=code, state=Remittance.BOOKED)
    if before is not None:
        rows = rows.filter(effective_on__lt=before)
    return int(rows.aggregate(cents=Sum("settled_cents"))["cents"] or 0)


def settled_by_line(code: str) -> dict[int, int]:
    """What remittances took off each ownership so far, by its place in the agreement they were made under."""
    found: dict[int, int] = {}
    for row in Remittance.objects.filter(agency=code, state=Remittance.BOOKED):
        for at, cents in enumerate(row.figures["settles"]):
            found[at] = found.get(at, 0) + int(cents)
    return found


_BOOKS = """
WITH own AS (
  SELECT e.amount_cents, d.code = ANY(%(codes)s) OR (e.service = ANY(%(services)s) AND d.role = ''
           AND d.kind IN ('revenue', 'liability')) AS debited,
         c.code = ANY(%(codes)s) OR (e.service = ANY(%(services)s) AND c.role = ''
           AND c.kind IN ('revenue', 'liability')) AS credited
    FROM ledger_entry e JOIN ledger_ledgeraccount d ON d.id = e.debit_id
    JOIN ledger_ledgeraccount c ON c.id = e.credit_id
   WHERE e.effective_on < %(until)s AND e.source_kind <> 'remittance')
SELECT coalesce(sum(amount_cents) FILTER (WHERE credited), 0) - coalesce(sum(amount_cents) FILTER (WHERE debited), 0)
  FROM own
"""
_REMITTED = """
SELECT coalesce(sum(CASE WHEN d.code = ANY(%s) THEN -e.amount_cents ELSE e.amount_cents END), 0)
  FROM ledger_entry e JOIN ledger_ledgeraccount d ON d.id = e.debit_id
  JOIN agencies_remittance r ON r.id = e.source_id AND r.agency = %s
 WHERE e.source_kind = 'remittance' AND e.effective_on < %s
"""


def _reconciled(agency: Agency, booked: Sequence[Accrual], paid: Sequence[Accrual], ends: date) -> Reconciled:
    """The books asked without the statement's own computing."""
    asked: dict[str, Any] = {
        "codes": [one.account for one in agency.owns if one.account],
        "services": [one.service for one in agency.owns if one.service], "until": ends,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BOOKS, asked)
        books = int(cursor.fetchone()[0])
        cursor.execute(_REMITTED, [[agency.pays_from, agency.fee_account], agency.code, ends])
        remitted_books = int(cursor.fetchone()[0])
    all_billed = sum(sums(booked, agency.owns, ends))
    all_paid = sum(sums(paid, agency.owns, ends))
    return Reconciled(
        books=books,
        billed=all_billed,
        collected=all_paid,
        open=all_billed - all_paid if agency.basis == "collected" else 0,
        remitted_books=remitted_books,
        remitted=_settled(agency.code, before=ends),
    )
