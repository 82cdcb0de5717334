"""An account's movements in words, each with the page it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from meterbook.records.billing import screens as billing
from meterbook.records.ledger import screens as ledger
from meterbook.records.payments import screens as payments
from meterbook.web.kit import words

Target = tuple[str, tuple[str | int, ...]]
NOWHERE: Target = ("", ())


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A movement in words, with the page it came from."""

    movement: ledger.Movement
    words: str
    detail: str
    target: Target

    @property
    def href(self) -> str:
        """The address of the page it came from, if it has one."""
        return reverse(self.target[0], args=self.target[1]) if self.target[0] else ""


def statement_lines(moved: Sequence[ledger.Movement]) -> list[StatementLine]:
    """Movements in words: bills by their number, payments by their reference."""
    bills = billing.bills_by_id([each.source_id for each in moved if each.source_kind == "bill"])
    paid = payments.references([each.source_id for each in moved if each.source_kind == "payment"])
    others = [(each.source_kind, each.source_id) for each in moved if each.source_kind in _BEHIND]
    beside = payments.behind(others) if others else {}
    return [_line(each, bills, paid, beside) for each in moved]


_BEHIND = ("placement", "reversal", "transfer")


def _line(
    movement: ledger.Movement, bills: dict[int, str], paid: dict[int, dict[str, str]],
    beside: dict[tuple[str, int], int],
) -> StatementLine:  # fmt: skip
    """A movement with the page it came from: a payment's way, also where it was moved or taken back."""
    kind, source = movement.source_kind, movement.source_id
    said = words.say("entry_source", kind)
    if kind == "bill" and source in bills:
        return StatementLine(movement, said, bills[source], ("bill", (source,)))
    if kind == "payment" and source in paid:
        detail = paid[source]["batch_number"] or paid[source]["reference"]
        return StatementLine(movement, said, detail, ("payment", (source,)))
    if found := beside.get((kind, source)):
        return StatementLine(movement, said, "", ("hand_change" if kind == "transfer" else "payment", (found,)))
    if kind == "adjustment":
        return StatementLine(movement, said, "", ("adjustment", (source,)))
    return StatementLine(movement, said, "", NOWHERE)
