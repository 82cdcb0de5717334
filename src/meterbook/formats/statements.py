"""What a bank says of an account, whatever the file it came in: balances, lines, and what proves them.

>>> import datetime as dt
>>> day = dt.date(2026, 11, 20)
>>> line = BankLine(line=4, amount_cents=7_000, booked_on=day, code="165", kind="ACH credit")
>>> statement = BankStatement(line=3, account="0012345555", currency="USD", as_of=day, lines=(line,),
...                           opening=Balance(10_000, day), closing=Balance(17_000, day))
>>> statement.tie.agrees
True
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from meterbook.formats.contract import Problem, WrongFormat

LineStatus = Literal["booked", "pending", "information"]
StatementPurpose = Literal["update", "deletion", "correction", "test", "copy"]

_MOST_CENTS = 10**15


@dataclass(frozen=True, slots=True)
class Balance:
    """Money on the account, signed, in hundredths of its currency, on a day (None where the file does not say)."""

    amount_cents: int
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class BankDetail:
    """One payment inside a line that the bank booked as a batch. `amount_cents` is None where the file gives none, or
    one in another currency than the line's."""

    amount_cents: int | None
    reference: str = ""
    counterparty: str = ""
    text: str = ""
    return_reason: str = ""


@dataclass(frozen=True, slots=True)
class BankLine:
    """One movement. `amount_cents` is signed: what came in is positive. `code` is the bank's own (BAI type code, ISO
    domain.family.sub-family, or proprietary), `kind` the same in plain words, '' when unknown.

    `reference` is ours as the payment carried it (customer reference, end-to-end id), `bank_reference` the bank's.
    `return_reason` is the code of a returned payment. `line` counts from 1 in the file.
    """

    line: int
    amount_cents: int
    booked_on: dt.date
    value_on: dt.date | None = None
    code: str = ""
    kind: str = ""
    reference: str = ""
    bank_reference: str = ""
    counterparty: str = ""
    text: str = ""
    status: LineStatus = "booked"
    reversal: bool = False
    return_reason: str = ""
    details: tuple[BankDetail, ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """A figure the file states about itself beside the same figure counted from its records (cents, or a number).

    `level` is file, group, account, summary, balance or batch; `of` names the one meant. A `binding` control that
    does not agree means the file is not what the bank sent; the others are a question to the bank.
    """

    line: int
    level: str
    of: str
    what: str
    stated: int
    counted: int
    binding: bool = True

    @property
    def agrees(self) -> bool:
        """Whether the file says what its records add up to."""
        return self.stated == self.counted


@dataclass(frozen=True, slots=True)
class BankStatement:
    """One account of a statement file over one day or period. A balance is None where the file states none in the
    account's currency. `purpose` other than update or correction is never booked.

    `foreign` names balances in another currency than the lines, which cannot be compared with them.
    """

    line: int
    account: str
    currency: str
    as_of: dt.date
    lines: tuple[BankLine, ...] = ()
    opening: Balance | None = None
    closing: Balance | None = None
    number: str = ""
    purpose: StatementPurpose = "update"
    foreign: tuple[str, ...] = ()

    @property
    def booked_cents(self) -> int:
        """What the booked lines add up to, signed."""
        return sum(each.amount_cents for each in self.lines if each.status == "booked")

    @property
    def tie(self) -> Control | None:
        """Opening balance plus booked lines beside the closing balance; None unless both balances are stated."""
        if self.opening is None or self.closing is None:
            return None
        counted = self.opening.amount_cents + self.booked_cents
        return Control(
            self.line, "balance", self.account, "opening balance + lines", self.closing.amount_cents, counted,
            binding=False,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParsedStatements:
    """A statement file: `len()` is the number of its lines. `variants` names each tolerated habit of the sender that
    was met (how records are counted, records wrapped over lines)."""

    statements: tuple[BankStatement, ...]
    controls: tuple[Control, ...]
    variants: tuple[str, ...] = ()
    sender: str = ""
    file_id: str = ""

    def __len__(self) -> int:
        return sum(len(each.lines) for each in self.statements)

    @property
    def differences(self) -> tuple[Control, ...]:
        """Controls that do not agree, binding or not."""
        return tuple(each for each in self.controls if not each.agrees)

    @property
    def problems(self) -> list[Problem]:
        """Binding controls that do not agree: the file is not what the bank sent."""
        return [
            Problem(each.line, f"{each.level} {each.of}: {each.what}".replace("  ", " "), str(each.counted),
                    f"{each.stated} as the file states")
            for each in self.differences
            if each.binding
        ]  # fmt: skip

    @property
    def credits_cents(self) -> int:
        """Booked lines that came in."""
        return sum(each.amount_cents for each in self._booked if each.amount_cents > 0)

    @property
    def debits_cents(self) -> int:
        """Booked lines that went out, as a positive figure."""
        return -sum(each.amount_cents for each in self._booked if each.amount_cents < 0)

    @property
    def _booked(self) -> Iterable[BankLine]:
        return (line for each in self.statements for line in each.lines if line.status == "booked")


def refuse_differences(parsed: ParsedStatements) -> ParsedStatements:
    """The file itself, or `WrongFormat` naming the first binding control that does not agree and how many do not."""
    wrong = [each for each in parsed.differences if each.binding]
    if not wrong:
        return parsed
    first = wrong[0]
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    raise WrongFormat(
        f"control total does not match the records before it{more}", line=first.line,
        field=f"{first.level} {first.of}, {first.what}", found=f"{first.counted} in the records",
        expected=f"{first.stated} as the file states",
    )  # fmt: skip


def cents_of(text: str, *, line: int, field: str) -> int:
    """A decimal amount as whole hundredths. Raises `WrongFormat` for what is no number, for a fraction of a cent
    (nothing is rounded: a bank books whole cents) and for more than 15 digits.

    >>> cents_of("8.85000", line=1, field="Amt"), cents_of("2700", line=1, field="Amt")
    (885, 270000)
    """
    try:
        amount = Decimal(text.strip()).scaleb(2)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not set(text.strip()) <= set("0123456789.-+"):
        raise WrongFormat("not an amount", line=line, field=field, found=text, expected="a number such as 18.15")
    if amount != amount.to_integral_value() or abs(amount) >= _MOST_CENTS:
        raise WrongFormat("not whole cents", line=line, field=field, found=text, expected="two decimals, others zero")
    return int(amount)


def money_text(cents: int) -> str:
    """Cents as a plain amount.

    >>> money_text(-5), money_text(123456)
    ('-0.05', '1234.56')
    """
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02}"
