"""A run's mail: which bills leave on paper, in which order, and what was handed off of them.

A piece is a bill that is mailed; pieces are numbered from 1 in the order the post takes them best: by postal code, then
the mailing address from its last line up, then account number. A hash over the order is told with the hand-off, so that
piece 37 is piece 37 when the printer has jammed, or the restart is refused because an address changed in between.

Nobody on record asks for bills by e-mail yet, so every bill is printed, but for accounts a payer gets one summary for
(see `kinds.mailed`); the channel ``ebill`` stands empty.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from meterbook.records.billing.kinds.mailed import mailed
from meterbook.records.billing.models import BillRun, RunHandoff
from meterbook.records.customers.queries import mail_lines

_ZIP = re.compile(r"\b(\d{5})(?:-(\d{4}))?\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """One bill to be mailed: its place in the run's mail, from 1."""

    number: int
    bill_id: int
    bill_number: str


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file that leaves the house: its first piece, pieces, pages, and the SHA-256 over its bytes."""

    name: str
    first_piece: int
    pieces: int
    pages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed off of a run, counted against its bills that are mailed."""

    bills: int
    pieces: int
    pages: int
    files: tuple[RunHandoff, ...]

    @property
    def whole(self) -> bool:
        """Whether every bill is in exactly one file: the files follow each other without gap or overlap."""
        return self.pieces == self.bills and not broken_at(self.files)

    @property
    def begun(self) -> bool:
        """Whether anything was handed off."""
        return bool(self.files)


def pieces(run: BillRun) -> list[Piece]:
    """The bills of a run that are mailed, in the order of the mail."""
    rows = list(mailed(run).values_list("pk", "number", "account__mail_lines", "account__number", "account_id"))
    forwarded = mail_lines({row[4]: run.bill_date for row in rows})
    ordered = sorted(rows, key=lambda row: (mail_order(forwarded.get(row[4], row[2])), row[3], row[0]))
    return [Piece(at, row[0], row[1]) for at, row in enumerate(ordered, 1)]


def mail_order(lines: Sequence[str]) -> tuple[str, ...]:
    """What a mailing address sorts by: its postal code, then its lines from the last up.

    >>> mail_order(["214 Tannery Row", "Alder Bend, OR 97399-0021"])[0]
    '973990021'
    """
    last = lines[-1] if lines else ""
    found = _ZIP.search(last)
    code = (found[1] + (found[2] or "0000")) if found else "999999999"
    return (code, *(line.casefold() for line in reversed(lines)))


def handed(run: BillRun, channel: str = RunHandoff.PRINT) -> Handed:
    """What was handed off of a run by a channel."""
    files = tuple(run.handoffs.filter(channel=channel).select_related("deed__actor").order_by("first_piece"))
    return Handed(
        mailed(run).count(), sum(each.pieces for each in files), sum(each.pages for each in files), files
    )  # fmt: skip


def broken_at(files: Iterable[RunHandoff | HandedFile]) -> int:
    """The first piece that is in no file or in two, or 0; ``files`` by their first piece.

    >>> broken_at([HandedFile("a", 1, 100, 200, ""), HandedFile("b", 101, 37, 74, "")])
    0
    >>> broken_at([HandedFile("a", 1, 100, 200, ""), HandedFile("b", 102, 37, 74, "")])
    101
    """
    due = 1
    for each in files:
        if each.first_piece != due:
            return min(due, each.first_piece)
        due += each.pieces
    return 0


def held_twice(files: Iterable[RunHandoff | HandedFile], bills: int) -> int:
    """The first piece two files hold, or that is beyond the run's bills; 0 where there is none.

    >>> held_twice([HandedFile("a", 1, 100, 200, ""), HandedFile("b", 100, 37, 74, "")], 136)
    100
    """
    due = 1
    for each in sorted(files, key=lambda file: file.first_piece):
        if each.first_piece < due:
            return each.first_piece
        due = each.first_piece + each.pieces
    return bills + 1 if due > bills + 1 else 0


def unsent(run: BillRun, channel: str = RunHandoff.PRINT) -> list[int]:
    """The numbers of a run's pieces that are in no file yet."""
    sent = {
        number
        for each in run.handoffs.filter(channel=channel)
        for number in range(each.first_piece, each.first_piece + each.pieces)
    }
    return [number for number in range(1, mailed(run).count() + 1) if number not in sent]


def order_sha256(run: BillRun) -> str:
    """A hash over the run's pieces in their order."""
    text = "\n".join(piece.bill_number for piece in pieces(run))
    return hashlib.sha256(text.encode()).hexdigest()
