"""Fields out of a record's pieces, which senders end in more than one way."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from meterbook.formats.bai2.records import Record
from meterbook.formats.contract import WrongFormat

_AMOUNT = re.compile(r"[+-]?0*\d{1,15}", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
#: Amounts carry two implied decimals; these currencies have none, so a unit is a hundred hundredths.
_WHOLE_UNITS = frozenset({"JPY", "KRW", "CLP", "VND", "ISK"})


@dataclass(slots=True)
class Fields:
    """Takes a record's fields one by one, over its continuations; what is left is text."""

    record: Record
    _pieces: list[str] = field(default_factory=list)
    _piece: int = 0
    _left: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._join_unended()
        self._left = self._pieces[0].split(",")

    def _join_unended(self) -> None:
        """An account record that ends without a slash goes on in the middle of a field."""
        for piece, closed in zip(self.record.pieces, [True, *self.record.closed], strict=False):
            if closed or self.record.code == "16":
                self._pieces.append(piece)
            else:
                self._pieces[-1] += piece

    @property
    def more(self) -> bool:
        """Whether a new group of fields begins; a single blank at the end of a piece is the sender's spare comma."""
        while not self._left or (len(self._left) == 1 and not self._left[0].strip()):
            if not self._next():
                return False
        return True

    def text(self) -> str:
        """The next field without outer blanks; '' when the record ends early."""
        if not self._left and not self._next():
            return ""
        return self._left.pop(0).strip()

    def rest(self) -> str:
        """Everything left, commas as they stand, continuations joined by a blank."""
        pieces = [",".join(self._left)] if self._left else []
        pieces += self._pieces[self._piece + 1 :]
        self._piece, self._left = len(self._pieces), []
        return " ".join(" ".join(each.split()) for each in pieces if each.strip())

    def amount(self, *, name: str, currency: str) -> int:
        """A signed amount in hundredths; blank is none. Raises `WrongFormat`."""
        found = self.text()
        if not found:
            return 0
        if not _AMOUNT.fullmatch(found):
            raise self.wrong("not an amount", name=name, found=found, expected="digits, two implied decimals")
        return int(found) * (100 if currency in _WHOLE_UNITS else 1)

    def count(self, *, name: str) -> int:
        """A number of records. Raises `WrongFormat`."""
        found = self.text()
        if not _COUNT.fullmatch(found):
            raise self.wrong("not a number", name=name, found=found, expected="a number of records")
        return int(found)

    def day(self, *, name: str) -> dt.date:
        """A date as YYMMDD, or YYYYMMDD as later senders write. Raises `WrongFormat`."""
        found = self.text()
        day = day_of(found)
        if day is None:
            raise self.wrong("not a date", name=name, found=found, expected="YYMMDD")
        return day

    def funds(self) -> dt.date | None:
        """Passes over the funds type and its availability; the value date where it gives one. Raises `WrongFormat`."""
        kind = self.text().upper()
        if kind == "S":
            for _ in range(3):
                self.text()
        elif kind == "V":
            day = self.text()
            self.text()
            if day and day_of(day) is None:
                raise self.wrong("not a date", name="value date", found=day, expected="YYMMDD")
            return day_of(day)
        elif kind == "D":
            for _ in range(self.count(name="number of distributions")):
                self.text()
                self.text()
        elif kind not in ("", "0", "1", "2", "Z"):
            raise self.wrong("unknown funds type", name="funds type", found=kind, expected="blank, 0, 1, 2, D, S, V, Z")
        return None

    def wrong(self, reason: str, *, name: str, found: str, expected: str) -> WrongFormat:
        """The refusal, with this record's line."""
        return WrongFormat(reason, line=self.record.line, field=name, found=found, expected=expected)

    def _next(self) -> bool:
        if self._piece + 1 >= len(self._pieces):
            return False
        self._piece += 1
        self._left = self._pieces[self._piece].split(",")
        return True


def day_of(text: str) -> dt.date | None:
    """YYMMDD (2000 to 2099) or YYYYMMDD, or None.

    >>> day_of("060317"), day_of("20060317"), day_of("06/03/17")
    (datetime.date(2006, 3, 17), datetime.date(2006, 3, 17), None)
    """
    if len(text) not in (6, 8) or not (text.isascii() and text.isdigit()):
        return None
    text = text if len(text) == 8 else f"20{text}"
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
