"""Payments to a lockbox file, as a bank would send it: for a demonstration city, for tests, for a trial."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meterbook.formats.lockbox.layout import DEFAULT_LAYOUT, Columns, Layout, date_text


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `amount_cents` in cents, `reference` the check number in digits, `written_on` the date on it."""

    account_number: str
    amount_cents: int
    payer: str = ""
    reference: str = ""
    written_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class LockboxDeposit:
    """One day's checks of one lockbox. `origin` and `destination` identify the bank and us (at most 10 characters),
    `lockbox` is at most 7 digits, `processed_at` naive local time."""

    destination: str
    origin: str
    lockbox: str
    processed_at: dt.datetime
    deposit_on: dt.date
    checks: Sequence[Check]
    payee: str = ""


def write(deposit: LockboxDeposit, *, layout: Layout = DEFAULT_LAYOUT, batch_size: int = 200) -> bytes:
    """The file of `deposit`: ASCII, padded to the layout's width, each line ended.

    A batch holds `batch_size` checks; a lockbox section closes and reopens before its count overflows. Names lose
    their accents, other characters become `?`. Raises `ValueError` when a number does not fit its columns, an
    account number is blank or not ASCII, or the layout's columns overlap.

    >>> deposit = LockboxDeposit("ALDERBEND", "0099999991", "2222", dt.datetime(2025, 3, 4, 18, 0),
    ...                          dt.date(2025, 3, 4), [Check("100245", 7_000, "Ana Brook", "18")])
    >>> for line in write(deposit).decode().splitlines(): print(line.rstrip())
    100ALDERBEND 00999999912503041800
    2ALDERBEND 00999999910000000000400104
    50000000002222250304ALDERBEND 0099999991
    6001001000000700000000000000000000000000000018000000Ana Brook
    40010016019100245
    700100000022222503040010000007000
    8000000000222225030400010000007000
    9000008
    """
    if not 1 <= batch_size <= min(_limit(layout.batch_count), _limit(layout.item)):
        raise ValueError(f"batch size {batch_size}: does not fit the layout's item and count columns")
    lines = [_header(deposit, layout), _service(deposit, layout)]
    batches = [deposit.checks[at : at + batch_size] for at in range(0, len(deposit.checks), batch_size)]
    per_section = max(1, _limit(layout.lockbox_count) // batch_size)
    for at in range(0, len(batches) or 1, per_section):
        lines.extend(_section(deposit, layout, batches[at : at + per_section], first_batch=at + 1))
    if layout.record_count is None:
        lines.append("9".ljust(layout.width))
    else:
        lines.append(_line("9", layout, [(layout.record_count, _digits(len(lines) + 1, layout.record_count))]))
    return ("\n".join(lines) + "\n").encode("ascii")


def _section(
    deposit: LockboxDeposit, layout: Layout, batches: Sequence[Sequence[Check]], *, first_batch: int
) -> Iterator[str]:
    """Records 5 to 8: one lockbox header, its batches, its total."""
    lockbox = (layout.lockbox, _digits(int(deposit.lockbox), layout.lockbox))
    deposit_on = (layout.deposit_on, date_text(deposit.deposit_on, order=layout.date_order))
    unnumbered = [(layout.batch, "0" * layout.batch.width), (layout.item, "0" * layout.item.width)]
    parties = (Columns(21, 40), deposit.destination.ljust(10) + deposit.origin.ljust(10))
    yield _line("5", layout, [*unnumbered, lockbox, deposit_on, parties])
    for batch_number, checks in enumerate(batches, start=first_batch):
        batch = (layout.batch, _digits(batch_number, layout.batch))
        for item_number, check in enumerate(checks, start=1):
            item = (layout.item, _digits(item_number, layout.item))
            yield from _check(check, deposit, layout, [batch, item])
        yield _line(
            "7",
            layout,
            [
                batch,
                unnumbered[1],
                lockbox,
                deposit_on,
                (layout.batch_count, _digits(len(checks), layout.batch_count)),
                (layout.batch_amount, _digits(_total(checks), layout.batch_amount)),
            ],
        )
    count = sum(len(checks) for checks in batches)
    cents = sum(_total(checks) for checks in batches)
    totals = [
        (layout.lockbox_count, _digits(count, layout.lockbox_count)),
        (layout.lockbox_amount, _digits(cents, layout.lockbox_amount)),
    ]
    yield _line("8", layout, [*unnumbered, lockbox, deposit_on, *totals])


def _check(
    check: Check, deposit: LockboxDeposit, layout: Layout, batch_and_item: list[tuple[Columns, str]]
) -> Iterator[str]:
    """Record 6 and, where the layout keeps the account number there, record 4."""
    account = check.account_number
    if not account or account != account.strip() or not (account.isascii() and account.isprintable()):
        raise ValueError(f"account number {account!r}: printable ASCII without outer blanks is needed")
    placed = [
        *batch_and_item,
        (layout.amount, _digits(check.amount_cents, layout.amount)),
        (layout.check_number, _digits(int(check.reference or "0"), layout.check_number)),
    ]
    placed += [(each, "0" * each.width) for each in (layout.routing, layout.bank_account) if each is not None]
    if layout.check_date is not None:
        written_on = check.written_on
        order = layout.check_date_order
        text = "0" * layout.check_date.width if written_on is None else date_text(written_on, order=order)
        placed.append((layout.check_date, text))
    if layout.payer is not None:
        placed.append((layout.payer, _ascii(check.payer)[: layout.payer.width]))
    if layout.payee is not None:
        placed.append((layout.payee, _ascii(deposit.payee)[: layout.payee.width]))
    if layout.account_record == "6":
        yield _line("6", layout, [*placed, (layout.account, account)])
        return
    yield _line("6", layout, placed)
    overflow = [
        (layout.overflow_of, "6"),
        (layout.overflow_sequence, _digits(1, layout.overflow_sequence)),
        (layout.overflow_last, "9"),
    ]
    yield _line("4", layout, [*batch_and_item, *overflow, (layout.account, account)])


def _header(deposit: LockboxDeposit, layout: Layout) -> str:
    placed = [
        (Columns(2, 3), "00"),
        (layout.destination, deposit.destination),
        (layout.origin, deposit.origin),
        (layout.processed_on, date_text(deposit.processed_at.date(), order=layout.date_order)),
    ]
    if layout.processed_at is not None:
        placed.append((layout.processed_at, deposit.processed_at.strftime("%H%M")))
    return _line("1", layout, placed)


def _service(deposit: LockboxDeposit, layout: Layout) -> str:
    """Record 2: the parties, a blank reference, service type 400 (lockbox) and the record width."""
    parties = deposit.destination.ljust(10) + deposit.origin.ljust(10)
    width = _digits(layout.width, Columns(35, 37))
    return _line(
        "2", layout, [(Columns(2, 21), parties), (Columns(22, 31), "0" * 10), (Columns(32, 37), "400" + width)]
    )


def _line(kind: str, layout: Layout, placed: list[tuple[Columns, str]]) -> str:
    line = kind
    for columns, text in sorted(placed, key=lambda each: each[0].first):
        if columns.first <= len(line):
            raise ValueError(f"record {kind}: columns {columns.first}-{columns.last} overlap what stands before them")
        if len(text) > columns.width:
            raise ValueError(f"record {kind}: {text!r} does not fit columns {columns.first}-{columns.last}")
        line = line.ljust(columns.first - 1) + text.ljust(columns.width)
    return line.ljust(layout.width)


def _digits(number: int, columns: Columns) -> str:
    if not 0 <= number <= _limit(columns):
        raise ValueError(f"{number} does not fit the {columns.width} digits of columns {columns.first}-{columns.last}")
    return str(number).rjust(columns.width, "0")


def _limit(columns: Columns) -> int:
    return int("9" * columns.width)


def _total(checks: Sequence[Check]) -> int:
    return sum(check.amount_cents for check in checks)


def _ascii(name: str) -> str:
    """`name` without accents; what has no ASCII letter becomes `?`, since bank files carry ASCII only."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return "".join(each if each.isascii() and each.isprintable() else "?" for each in bare)
