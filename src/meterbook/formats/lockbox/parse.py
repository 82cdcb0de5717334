"""Lockbox bytes to payments, with every control total checked before one cent is handed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from meterbook.formats.contract import ParsedPayments, PaymentRecord, Problem, WrongFormat, shortened
from meterbook.formats.lockbox.layout import DEFAULT_LAYOUT, Columns, Layout, date_of

_RECORD_NAMES = {
    "1": "file header",
    "2": "service record",
    "4": "overflow",
    "5": "lockbox header",
    "6": "check",
    "7": "batch total",
    "8": "lockbox total",
    "9": "file trailer",
}
# Which record types may come after which; '' is the start of the file.
_MAY_FOLLOW = {
    "": "1",
    "1": "259",
    "2": "59",
    "5": "678",
    "6": "467",
    "4": "467",
    "7": "5678",
    "8": "59",
    "9": "",
}


def parse(data: bytes, *, layout: Layout = DEFAULT_LAYOUT) -> ParsedPayments:
    """Every check of a lockbox file, in file order, under the bank's `layout`.

    Raises `WrongFormat` when a record is missing, out of order or cut off, an amount or deposit date is unreadable,
    or a count or amount of a batch, lockbox or the whole file does not match: then nothing may be loaded. A check
    without a usable account number comes as a record with account '' *and* a `Problem` of the same line.

    >>> import datetime as dt
    >>> from meterbook.formats.lockbox import Check, LockboxDeposit, write
    >>> deposit = LockboxDeposit(
    ...     destination="ALDERBEND", origin="0099999991", lockbox="2222",
    ...     processed_at=dt.datetime(2025, 3, 4, 18, 0), deposit_on=dt.date(2025, 3, 4),
    ...     checks=[Check("100245", 7_000, payer="Ana Brook", reference="18")])
    >>> parsed = parse(write(deposit))
    >>> parsed.records[0].account_number, parsed.control_total_cents, parsed.control_count
    ('100245', 7000, 1)
    """
    reader = _FileReader(layout)
    for number, text in _lines(data, max_width=layout.max_width):
        reader.take(number, text)
    return reader.finish()


def _lines(data: bytes, *, max_width: int) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 and texts, one character per byte so that columns stay columns."""
    text = data.decode("latin-1").rstrip("\x1a")
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if len(line) > max_width:
            raise WrongFormat(
                "line too long", line=number, field="record", found=f"{len(line)} columns", expected=f"{max_width}"
            )
        if line.strip():
            yield number, line


@dataclass(slots=True)
class _Check:
    """A check being read: its record 6, then its overflow records."""

    line: int
    batch: int
    item: int
    cents: int
    texts: list[str]
    accounts: list[str] = field(default_factory=list)
    invoices: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Totals:
    count: int = 0
    cents: int = 0


class _FileReader:
    """Takes one record at a time and keeps what the control records must confirm."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.previous = ""
        self.line = 0
        self.record_count = 0
        self.origin = ""
        self.processed_on: dt.date | None = None
        self.deposit_on: dt.date | None = None
        self.lockbox = ""
        self.received_on = dt.date.min
        self.check: _Check | None = None
        self.batch_numbers: set[int] = set()
        self.batch, self.open_lockbox, self.file = _Totals(), _Totals(), _Totals()
        self.boxes = 0
        self.records: list[PaymentRecord] = []
        self.problems: list[Problem] = []

    def take(self, line: int, text: str) -> None:
        self.line = line
        kind = text[0]
        if kind not in _MAY_FOLLOW[self.previous]:
            self.refuse("record out of place", field="record type", found=text, expected=self._next_records())
        if kind != "4":
            self._close_check()
        self.record_count += 1
        match kind:
            case "1":
                self.origin = self.layout.origin.cut(text).strip()
                self.processed_on = self.day(text, self.layout.processed_on, field="processing date")
            case "5":
                self._open_lockbox(text)
            case "6":
                self._open_check(text)
            case "4":
                self._overflow(text)
            case "7":
                self._close_batch(text)
            case "8":
                self._close_lockbox(text)
            case "9":
                self._check_record_count(text)
        self.previous = kind

    def finish(self) -> ParsedPayments:
        deposit_on = self.deposit_on or self.processed_on
        if self.previous != "9" or deposit_on is None:
            self.refuse("the file is truncated", field="record type", found="", expected=self._next_records())
        counted = f"{self.boxes} lockbox" if self.boxes == 1 else f"{self.boxes} lockboxes"
        return ParsedPayments(
            records=self.records,
            problems=self.problems,
            control_total_cents=self.file.cents,
            control_count=self.file.count,
            deposit_on=deposit_on,
            origin=self.origin,
            controls=f"{counted} and the file's own totals agree",
        )

    def refuse(self, reason: str, *, field: str, found: str, expected: str) -> NoReturn:
        raise WrongFormat(reason, line=self.line, field=field, found=found.strip(), expected=expected)

    def number(self, text: str, columns: Columns, *, field: str) -> int:
        cut = columns.cut(text)
        if len(cut) != columns.width or not (cut.isascii() and cut.isdigit()):
            self.refuse(
                "not a number, or the line is cut off",
                field=field,
                found=cut,
                expected=f"{columns.width} digits in columns {columns.first}-{columns.last}",
            )
        return int(cut)

    def day(self, text: str, columns: Columns, *, field: str) -> dt.date:
        cut = columns.cut(text)
        day = date_of(cut, order=self.layout.date_order)
        if day is None:
            expected = f"{self.layout.date_order} in columns {columns.first}-{columns.last}"
            self.refuse("not a date", field=field, found=cut, expected=expected)
        return day

    def _next_records(self) -> str:
        kinds = _MAY_FOLLOW[self.previous]
        return " or ".join(f"{kind} ({_RECORD_NAMES[kind]})" for kind in kinds) or "the end of the file"

    def _open_lockbox(self, text: str) -> None:
        lockbox = self.layout.lockbox.cut(text).strip()
        if self.previous == "7" and lockbox != self.lockbox:
            self.refuse("the lockbox before has no total", field="lockbox", found=lockbox, expected=self.lockbox)
        self.lockbox = lockbox
        self.received_on = self.day(text, self.layout.deposit_on, field="deposit date")
        if self.deposit_on is None:
            self.deposit_on = self.received_on

    def _open_check(self, text: str) -> None:
        layout = self.layout
        check = _Check(
            line=self.line,
            batch=self.number(text, layout.batch, field="batch"),
            item=self.number(text, layout.item, field="item"),
            cents=self.number(text, layout.amount, field="amount"),
            texts=[text],
        )
        if layout.account_record == "6":
            self._named(check, text)
        self.batch_numbers.add(check.batch)
        self.batch.count += 1
        self.batch.cents += check.cents
        self.check = check

    def _overflow(self, text: str) -> None:
        assert self.check is not None  # _MAY_FOLLOW lets a 4 come only after a 6
        batch = self.number(text, self.layout.batch, field="batch")
        item = self.number(text, self.layout.item, field="item")
        if (batch, item) != (self.check.batch, self.check.item):
            self.refuse(
                "overflow of another check",
                field="batch and item",
                found=f"{batch:03d}/{item:03d}",
                expected=f"{self.check.batch:03d}/{self.check.item:03d}",
            )
        self.check.texts.append(text)
        if self.layout.account_record == "4":
            self._named(self.check, text)

    def _named(self, check: _Check, text: str) -> None:
        check.accounts.append(self.layout.account.cut(text).strip())
        if self.layout.invoice is not None:
            check.invoices.append(readable(self.layout.invoice.cut(text)).strip())

    def _close_check(self) -> None:
        check, self.check = self.check, None
        if check is None:
            return
        layout, text = self.layout, check.texts[0]
        named = list(dict.fromkeys(account for account in check.accounts if account))
        account = named[0] if len(named) == 1 and named[0].isascii() and named[0].isprintable() else ""
        if not account:
            found = shortened(", ".join(map(readable, named)))
            self.problems.append(Problem(check.line, "account number", found, "one account number"))
        if check.cents == 0:
            self.problems.append(Problem(check.line, "amount", layout.amount.cut(text), "more than 0 cents"))
        written_on = None
        if layout.check_date is not None:
            cut = layout.check_date.cut(text)
            written_on = date_of(cut, order=layout.check_date_order)
            if cut.strip(" 0") and written_on is None:
                self.problems.append(Problem(check.line, "check date", readable(cut), layout.check_date_order))
        self.records.append(
            PaymentRecord(
                line=check.line,
                account_number=account,
                amount_cents=check.cents,
                received_on=self.received_on,
                reference=readable(layout.check_number.cut(text)).strip().lstrip("0"),
                payer="" if layout.payer is None else readable(layout.payer.cut(text)).strip(),
                raw="\n".join(readable(each) for each in check.texts),
                tender="check",
                routing=_digits(layout.routing, text),
                bank_account=_digits(layout.bank_account, text),
                written_on=written_on,
                invoice=next((each for each in check.invoices if each), ""),
            )
        )

    def _close_batch(self, text: str) -> None:
        batch = self.number(text, self.layout.batch, field="batch")
        if self.batch_numbers - {batch}:
            found = ", ".join(f"{each:03d}" for each in sorted(self.batch_numbers))
            self.refuse("the batch total is of another batch", field="batch", found=found, expected=f"{batch:03d}")
        self._same_lockbox(text)
        self._match(text, self.layout.batch_count, self.batch.count, field="batch count")
        self._match(text, self.layout.batch_amount, self.batch.cents, field="batch amount in cents")
        self.open_lockbox.count += self.batch.count
        self.open_lockbox.cents += self.batch.cents
        self.batch, self.batch_numbers = _Totals(), set()

    def _close_lockbox(self, text: str) -> None:
        self._same_lockbox(text)
        self._match(text, self.layout.lockbox_count, self.open_lockbox.count, field="lockbox count")
        self._match(text, self.layout.lockbox_amount, self.open_lockbox.cents, field="lockbox amount in cents")
        self.file.count += self.open_lockbox.count
        self.file.cents += self.open_lockbox.cents
        self.open_lockbox = _Totals()
        self.boxes += 1

    def _check_record_count(self, text: str) -> None:
        if self.layout.record_count is not None:
            self._match(text, self.layout.record_count, self.record_count, field="record count")

    def _same_lockbox(self, text: str) -> None:
        lockbox = self.layout.lockbox.cut(text).strip()
        if lockbox != self.lockbox:
            self.refuse("total of another lockbox", field="lockbox", found=lockbox, expected=self.lockbox)

    def _match(self, text: str, columns: Columns, counted: int, *, field: str) -> None:
        stated = self.number(text, columns, field=field)
        if stated != counted:
            self.refuse(
                "control total does not match the records before it",
                field=field,
                found=f"{counted} in the records",
                expected=f"{stated} as the file states",
            )


def _digits(columns: Columns | None, text: str) -> str:
    """What the check's magnetic ink says there; '' for a field of zeros or something else."""
    found = "" if columns is None else columns.cut(text).strip()
    return found if found.isascii() and found.isdigit() and found.strip("0") else ""


def readable(text: str) -> str:
    """Bytes kept one per character, as words: UTF-8 where they are that, Latin-1 otherwise. Never fails.

    A payer's name in any script must not stop a deposit.

    >>> readable("JOSÃ\\x89")
    'JOSÉ'
    """
    if text.isascii():
        return text.replace("\x00", " ")
    try:
        return text.encode("latin-1").decode("utf-8").replace("\x00", " ")
    except UnicodeDecodeError:
        return text.replace("\x00", " ")
