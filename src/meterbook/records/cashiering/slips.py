"""What the cashier's page sends: the lines to pay, the tenders handed over, and the key that works once."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date

from meterbook.engine.cashiering.check_line import CheckLine
from meterbook.engine.cashiering.rules import Sale
from meterbook.engine.cashiering.splitting import CARD
from meterbook.records.cashiering.models import ReceiptLine
from meterbook.records.cashiering.refusals import FixedPrice, LongReference, NothingPaid, WrongLine, WrongTender, said
from meterbook.records.customers.models import Account

#: Characters of a number a tender bears.
_LONGEST = 60
_CARD_NUMBER = re.compile(r"([0-9][ -]?){12}[0-9]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line: an account's bill or deposit, or something sold (``code``); cents above zero."""

    kind: str
    cents: int
    account: Account | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A tender: its kind, its cents, a number it bears, and a check's magnetic line, kept only as a mark."""

    kind: str
    cents: int
    reference: str = ""
    check: CheckLine | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Slip:
    """Everything of one receipt before it is taken."""

    lines: tuple[Wanted, ...]
    tenders: tuple[Given, ...]
    language: str = "en"

    @property
    def digest(self) -> str:
        """The hash that tells two slips with one key apart: who is paid for, what, how much, by what."""
        lines = [[each.kind, each.account.number if each.account else "", each.code, each.cents] for each in self.lines]
        handed = [[each.kind, each.cents] for each in self.tenders]
        return hashlib.sha256(json.dumps([lines, handed]).encode()).hexdigest()

    @property
    def accounts(self) -> list[Account]:
        """Every account on it once, by id."""
        found = {each.account.pk: each.account for each in self.lines if each.account is not None}
        return [found[pk] for pk in sorted(found)]


def check_slip(slip: Slip, sales: dict[str, Sale], on: date) -> None:
    """Raise `NothingPaid`, `WrongLine`, `FixedPrice`, `WrongTender` or `LongReference`: the slip cannot be taken."""
    if not slip.lines or not slip.tenders:
        raise NothingPaid()
    for at, line in enumerate(slip.lines, 1):
        sold = line.kind == ReceiptLine.SALE
        if line.cents <= 0 or (line.code not in sales if sold else line.account is None):
            raise WrongLine(line=at)
        if line.kind not in (ReceiptLine.PAYMENT, ReceiptLine.SALE, ReceiptLine.DEPOSIT):
            raise WrongLine(line=at)
        price = sales[line.code].cents if sold else None
        if price is not None and line.cents % price:
            raise FixedPrice(words=sales[line.code].words["en"], price=said(price))
    for tender in slip.tenders:
        if tender.cents <= 0:
            raise NothingPaid()
        if len(tender.reference.strip()) > _LONGEST or "\0" in tender.reference:
            raise LongReference(most=_LONGEST)
        if _CARD_NUMBER.search(tender.reference) or (tender.kind == CARD and not tender.reference.strip()):
            raise WrongTender()
