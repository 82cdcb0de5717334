"""What an ACH file says, as values: a file of batches of entries, what came back, what the bank wants changed.

Money is whole cents. Routing numbers and traces are text of digits, since leading zeros count.

>>> entry = Entry(27, "091000019", "5654221", 4_510, identification="100245", name="ANA BROOK")
>>> entry.direction, entry.account_type, entry.is_prenote
('debit', 'checking', False)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from meterbook.formats.nacha import codes
from meterbook.formats.nacha.codes import AccountType, Direction
from meterbook.formats.nacha.rules import Finding


@dataclass(frozen=True, slots=True)
class Addenda:
    """Remittance text of an entry (`type_code` 05: `text` up to 80 characters), or an addenda kept as it came.

    `sequence` counts from 1 within the entry; 0 lets the writer number it.
    """

    text: str
    type_code: str = "05"
    sequence: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Return:
    """Addenda 99: the receiving bank sends an entry back. `code` is R01 to R85 (see `reasons.RETURN_REASONS`).

    `original_trace` is the trace number (15 digits) of the entry as we sent it: match by that. `original_rdfi` the
    first eight digits of the routing number it went to, `trace` the returning bank's own number.
    """

    code: str
    original_trace: str
    original_rdfi: str
    information: str = ""
    date_of_death: dt.date | None = None
    trace: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Correction:
    """What a notification of change wants changed; None where it leaves a field alone."""

    routing: str | None = None
    account: str | None = None
    transaction_code: int | None = None
    name: str | None = None
    identification: str | None = None

    @property
    def account_type(self) -> AccountType | None:
        return None if self.transaction_code is None else codes.account_type_of(self.transaction_code)


@dataclass(frozen=True, slots=True)
class Change:
    """Addenda 98: a notification of change. `code` is C01 to C14, or C61 to C69 for one refused.

    `correction` is None when `corrected_data` does not hold what the code promises; `problem` then says why, and
    nothing may be applied (the answer to the bank is a refused notification, C65).
    """

    code: str
    original_trace: str
    original_rdfi: str
    corrected_data: str
    correction: Correction | None
    problem: str = ""
    trace: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `routing` nine digits of the receiver's bank, `account` theirs there (at most 17 characters).

    `identification` is our reference (15), `name` the receiver's (22; 16 in CTX), `discretionary` two characters: in
    WEB and TEL the payment type, `R` recurring or `S` single. `trace` 15 digits. `returned` or `change` is there when
    the bank answers an entry of ours, which is then found by its `original_trace`.
    """

    transaction_code: int
    routing: str
    account: str
    amount_cents: int
    identification: str = ""
    name: str = ""
    discretionary: str = ""
    addenda: tuple[Addenda, ...] = ()
    trace: str = ""
    returned: Return | None = None
    change: Change | None = None
    line: int = 0

    @property
    def direction(self) -> Direction:
        return codes.direction_of(self.transaction_code)

    @property
    def account_type(self) -> AccountType | None:
        return codes.account_type_of(self.transaction_code)

    @property
    def is_prenote(self) -> bool:
        return codes.is_prenote(self.transaction_code)

    @property
    def records(self) -> int:
        """Lines it takes: itself and its addenda."""
        return 1 + len(self.addenda) + (self.returned is not None) + (self.change is not None)


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of one company, class and day. `service_class` 200 mixed, 220 credits, 225 debits.

    `odfi` is the first eight digits of the originating bank (in a batch of returns: of the returning bank),
    `effective_on` the day it shall settle, `settlement_day` the day of the year the operator entered (1 to 366).
    """

    service_class: int
    company_name: str
    company_id: str
    sec: str
    description: str
    effective_on: dt.date | None
    odfi: str
    number: int
    entries: tuple[Entry, ...]
    company_discretionary: str = ""
    descriptive_date: str = ""
    settlement_day: int | None = None
    originator_status: str = "1"
    line: int = 0

    @property
    def debit_cents(self) -> int:
        return sum(each.amount_cents for each in self.entries if each.direction == "debit")

    @property
    def credit_cents(self) -> int:
        return sum(each.amount_cents for each in self.entries if each.direction == "credit")

    @property
    def entry_hash(self) -> int:
        """Sum of the receivers' eight-digit bank numbers, its last ten digits."""
        return sum(int(each.routing[:8]) for each in self.entries) % 10**10

    @property
    def records(self) -> int:
        """Entries and addenda."""
        return sum(each.records for each in self.entries)


@dataclass(frozen=True, slots=True)
class AchFile:
    """A file: `destination` and `origin` as ten characters or fewer (routing number or an id the bank gave).

    `findings` is what is wrong with it and was tolerated (`./meterbook formats check` calls such a file invalid);
    what cannot be tolerated never becomes an `AchFile`. A bank's file without a single entry has no `batches`.
    """

    destination: str
    origin: str
    destination_name: str
    origin_name: str
    created_on: dt.date | None
    created_at: dt.time | None
    id_modifier: str
    batches: tuple[Batch, ...]
    reference: str = ""
    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[tuple[Batch, Entry]]:
        """Every entry with its batch, in file order."""
        return ((batch, entry) for batch in self.batches for entry in batch.entries)

    def __len__(self) -> int:
        return sum(len(batch.entries) for batch in self.batches)

    @property
    def returns(self) -> list[tuple[Batch, Entry]]:
        """Entries that came back: `entry.returned.code`, `.original_trace`, `entry.amount_cents`."""
        return [(batch, entry) for batch, entry in self if entry.returned is not None]

    @property
    def changes(self) -> list[tuple[Batch, Entry]]:
        """Notifications of change: `entry.change.code`, `.original_trace`, `.correction`."""
        return [(batch, entry) for batch, entry in self if entry.change is not None]

    @property
    def debit_cents(self) -> int:
        return sum(batch.debit_cents for batch in self.batches)

    @property
    def credit_cents(self) -> int:
        return sum(batch.credit_cents for batch in self.batches)
