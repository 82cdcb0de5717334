"""BAI2 bytes to statements, with account, group and file control totals beside what the records add up to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from meterbook.formats.bai2 import codes
from meterbook.formats.bai2.fields import Fields
from meterbook.formats.bai2.records import CODES, Record, Variants, logical_records
from meterbook.formats.contract import WrongFormat
from meterbook.formats.statements import (
    Balance,
    BankLine,
    BankStatement,
    Control,
    ParsedStatements,
    StatementPurpose,
    refuse_differences,
)

_MAY_FOLLOW = {"": ("01",), "01": ("02",), "02": ("03",), "03": ("16", "49"), "16": ("16", "49"),
               "49": ("03", "98"), "98": ("02", "99"), "99": ()}  # fmt: skip
_PURPOSES: dict[str, StatementPurpose] = {"1": "update", "2": "deletion", "3": "correction", "4": "test"}


def parse(data: bytes) -> ParsedStatements:
    """Every account of a BAI2 file. Raises `WrongFormat` when it is not one, is cut off, or a control total of an
    account, a group or the file does not match its records: then nothing may be loaded.

    >>> from meterbook.formats.bai2.write import write
    >>> from meterbook.formats.statements import Balance, BankLine, BankStatement
    >>> day = dt.date(2026, 6, 3)
    >>> deposit = BankLine(line=0, amount_cents=7_000, booked_on=day, code="115", text="LOCKBOX 2222")
    >>> data = write([BankStatement(0, "0012345555", "USD", day, (deposit,), Balance(0, day), Balance(7_000, day))],
    ...              sender="FIRSTBANK", receiver="ALDERBEND", created_at=dt.datetime(2026, 6, 4, 6, 0), file_id="1")
    >>> parse(data).statements[0].lines[0].kind, len(parse(data).controls)
    ('lockbox deposit', 13)
    """
    return refuse_differences(read(data))


def read(data: bytes) -> ParsedStatements:
    """The same with control totals that do not match named instead of refused: for senders known to state others."""
    text = data.decode("utf-8", "replace") if _is_utf8(data) else data.decode("latin-1")
    if "\x00" in text or not text.strip():
        raise WrongFormat("not a text file", line=0, field="file", found="", expected="a BAI2 file (01 to 99)")
    reader = _Reader()
    for record in logical_records(text.lstrip("\ufeff"), reader.variants):
        reader.take(record)
    return reader.finish()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@dataclass(slots=True)
class _Level:
    """What one account, group or file holds so far. `total` in hundredths, the rest in records."""

    name: str = ""
    total: int = 0
    children: int = 0
    records: int = 0
    continuations: int = 0
    lines: int = 0


@dataclass(slots=True)
class _Account:
    line: int
    number: str
    currency: str
    balances: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    lines: list[BankLine] = field(default_factory=list)


class _Reader:
    """Takes one record at a time and keeps what the trailers must confirm."""

    def __init__(self) -> None:
        self.variants = Variants()
        self.previous = ""
        self.line = 0
        self.account_level, self.group, self.file = _Level(), _Level(), _Level()
        self.account: _Account | None = None
        self.as_of = dt.date.min
        self.currency = "USD"
        self.purpose: StatementPurpose = "update"
        self.sender = self.file_id = ""
        self.statements: list[BankStatement] = []
        self.controls: list[Control] = []
        self._take: dict[str, Callable[[Fields], None]] = {
            "01": self._file_header, "02": self._group_header, "03": self._account, "16": self._transaction,
            "49": self._account_trailer, "98": self._group_trailer, "99": self._file_trailer,
        }  # fmt: skip

    def take(self, record: Record) -> None:
        self.line = record.line
        allowed = _MAY_FOLLOW[self.previous]
        if record.code not in allowed:
            expected = " or ".join(f"{code} ({CODES[code]})" for code in allowed) or "the end of the file"
            raise WrongFormat(
                "record out of place", line=record.line, field="record type", found=record.code, expected=expected
            )
        if record.code == "03":
            self.account_level = _Level()
        if record.code == "02":
            self.group = _Level()
        levels = {"01": [self.file], "02": [self.group, self.file], "98": [self.group, self.file], "99": [self.file]}
        for level in levels.get(record.code, [self.account_level, self.group, self.file]):
            level.records += record.physical
            level.continuations += record.physical - 1
            level.lines += record.lines
        self._take[record.code](Fields(record))
        self.previous = record.code

    def finish(self) -> ParsedStatements:
        if self.previous != "99":
            allowed = " or ".join(f"{code} ({CODES[code]})" for code in _MAY_FOLLOW[self.previous])
            raise WrongFormat(
                "the file is truncated", line=self.line, field="record type", found="", expected=allowed
            )  # fmt: skip
        return ParsedStatements(
            tuple(self.statements), tuple(self.controls), tuple(self.variants.seen), self.sender, self.file_id
        )

    def _file_header(self, fields: Fields) -> None:
        self.sender = fields.text()
        fields.text()
        fields.day(name="file creation date")
        fields.text()
        self.file_id = fields.text()
        fields.text()
        fields.text()
        version = fields.text()
        if version != "2":
            raise fields.wrong("another version of the format", name="version", found=version, expected="2")
        self.file.name = self.file_id

    def _group_header(self, fields: Fields) -> None:
        fields.text()
        self.group.name = fields.text()
        status = fields.text()
        if status not in _PURPOSES:
            raise fields.wrong("unknown group status", name="group status", found=status, expected="1, 2, 3 or 4")
        self.purpose = _PURPOSES[status]
        self.as_of = fields.day(name="as-of date")
        fields.text()
        self.currency = fields.text() or "USD"
        self.file.children += 1

    def _account(self, fields: Fields) -> None:
        number = fields.text()
        if not number:
            raise fields.wrong("no account number", name="account number", found="", expected="an account number")
        self.account = _Account(fields.record.line, number, fields.text() or self.currency)
        self.account_level.name = number
        self.group.children += 1
        while fields.more:
            code = fields.text()
            amount = fields.amount(name=f"amount of {code or 'no type'}", currency=self.account.currency)
            count = fields.text()
            fields.funds()
            if not code and not amount and not count:
                continue
            if not (len(code) == 3 and code.isascii() and code.isdigit()):
                raise fields.wrong("not a type code", name="type code", found=code, expected="three digits")
            self.account_level.total += amount
            self.account.balances[code] = amount
            if count.isascii() and count.isdigit():
                self.account.counts[code] = int(count)

    def _transaction(self, fields: Fields) -> None:
        account = self.account
        assert account is not None  # _MAY_FOLLOW lets a 16 come only after a 03
        code = fields.text()
        if not (len(code) == 3 and code.isascii() and code.isdigit()):
            raise fields.wrong("not a type code", name="type code", found=code, expected="three digits")
        amount = fields.amount(name="amount", currency=account.currency)
        value_on = fields.funds()
        bank_reference, reference = fields.text(), fields.text()
        text = fields.rest()
        self.account_level.total += amount
        sign = codes.sign_of(code)
        account.lines.append(
            BankLine(
                line=fields.record.line, amount_cents=amount * (sign or 1), booked_on=self.as_of, value_on=value_on,
                code=code, kind=codes.KINDS.get(code, "credit" if sign > 0 else "debit" if sign else "other"),
                reference=reference, bank_reference=bank_reference, text=text,
                status="booked" if sign else "information",
                return_reason=_reason(text) if code in codes.RETURNS else "",
            )
        )  # fmt: skip

    def _account_trailer(self, fields: Fields) -> None:
        account = self.account
        assert account is not None
        self._match(fields, self.account_level, "account", None)
        opening, closing = (account.balances.get(each) for each in (codes.OPENING_LEDGER, codes.CLOSING_LEDGER))
        statement = BankStatement(
            line=account.line, account=account.number, currency=account.currency, as_of=self.as_of,
            lines=tuple(account.lines), purpose=self.purpose,
            opening=None if opening is None else Balance(opening, self.as_of),
            closing=None if closing is None else Balance(closing, self.as_of), number=self.file_id,
        )  # fmt: skip
        self.statements.append(statement)
        self._summaries(account)
        if statement.tie is not None:
            self.controls.append(statement.tie)
        self.group.total += self.account_level.total
        self.account = None

    def _summaries(self, account: _Account) -> None:
        """Total credits and debits beside the transactions, where the bank lists any: it may list only some."""
        for code, sign, what in ((codes.TOTAL_CREDITS, 1, "credits"), (codes.TOTAL_DEBITS, -1, "debits")):
            lines = [each.amount_cents * sign for each in account.lines if codes.sign_of(each.code) == sign]
            if code in account.balances and account.lines:
                stated = account.balances[code]
                self._add("summary", account.number, f"total {what}", stated, sum(lines), binding=False)
            if code in account.counts and account.lines:
                self._add("summary", account.number, f"{what}", account.counts[code], len(lines), binding=False)

    def _group_trailer(self, fields: Fields) -> None:
        self._match(fields, self.group, "group", "accounts")
        self.file.total += self.group.total

    def _file_trailer(self, fields: Fields) -> None:
        self._match(fields, self.file, "file", "groups")

    def _match(self, fields: Fields, level: _Level, name: str, children: str | None) -> None:
        currency = self.account.currency if self.account else self.currency
        stated = fields.amount(name=f"{name} control total", currency=currency)
        self._add(name, level.name, "control total", stated, level.total)
        if children is not None:
            self._add(name, level.name, children, fields.count(name=f"number of {children}"), level.children)
        said = fields.count(name="number of records")
        self._add(name, level.name, "records", said, self._as_counted(said, level, name))

    def _as_counted(self, said: int, level: _Level, name: str) -> int:
        """The number of records, in the way of counting that this sender uses, if it is one of the known ones."""
        ways = [
            (level.records, ""),
            (level.records - level.continuations, "continuations are not counted as records"),
            (level.records - 2, f"the {name} header and trailer are not counted as records"),
            (level.lines, "text lines are counted as records"),
        ]
        for counted, habit in ways:
            if counted == said:
                if habit:
                    self.variants.note(habit)
                return counted
        return level.records

    def _add(self, level: str, of: str, what: str, stated: int, counted: int, *, binding: bool = True) -> None:
        self.controls.append(Control(self.line, level, of, what, stated, counted, binding))


def _reason(text: str) -> str:
    """The return reason a text names, such as R02."""
    at = text.find("R")
    while at != -1:
        code = text[at : at + 3]
        alone = (at == 0 or not text[at - 1].isalnum()) and not text[at + 3 : at + 4].isalnum()
        if len(code) == 3 and code[1:].isdigit() and alone:
            return code
        at = text.find("R", at + 1)
    return ""
