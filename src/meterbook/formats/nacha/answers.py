"""What a bank would send back, made from what we sent: returns and notifications of change, for tests and the
demonstration city (a real bank's files are read by `parse`).

>>> from meterbook.formats.nacha.values import Entry
>>> sent = Entry(27, "091000019", "5654221", 4_510, identification="100245", name="ANA BROOK", trace="121042880000001")
>>> back = returned(sent, "R01", bank="091000019", sequence=7)
>>> back.transaction_code, back.trace, back.returned.original_trace
(26, '091000010000007', '121042880000001')
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from meterbook.formats.nacha import codes
from meterbook.formats.nacha.build import CompanySettings
from meterbook.formats.nacha.corrections import write_correction
from meterbook.formats.nacha.reasons import CHANGE_REASONS, RETURN_REASONS
from meterbook.formats.nacha.values import AchFile, Batch, Change, Correction, Entry, Return


def returned(entry: Entry, code: str, *, bank: str, sequence: int, information: str = "") -> Entry:
    """`entry` as it comes back for `code`: codes 21, 26, 31 or 36, our bank as receiver, an addenda 99.

    `bank` is the routing number of the bank that returns it. Raises `LookupError` for an unknown code.
    """
    RETURN_REASONS[code]
    trace = codes.trace_number(bank, sequence)
    reason = Return(code, entry.trace, entry.routing[:8], information=information, trace=trace)
    return replace(
        entry, transaction_code=codes.answer_code(entry.transaction_code), routing=_home(entry), trace=trace,
        addenda=(), returned=reason, line=0,
    )  # fmt: skip


def change_asked(entry: Entry, code: str, correction: Correction, *, bank: str, sequence: int) -> Entry:
    """A notification of change for `entry`: amount 0, an addenda 98 with the corrected data of `code`."""
    CHANGE_REASONS[code]
    trace = codes.trace_number(bank, sequence)
    text = write_correction(code, correction)
    change = Change(code, entry.trace, entry.routing[:8], text, correction, trace=trace)
    return replace(
        entry, transaction_code=codes.answer_code(entry.transaction_code), routing=_home(entry), amount_cents=0,
        trace=trace, addenda=(), change=change, line=0,
    )  # fmt: skip


def answer_batch(sent: Batch, entries: Iterable[Entry], *, bank: str, number: int, effective_on: dt.date) -> Batch:
    """A batch of returns of `sent`, or of notifications of change (class COR), from `bank`; not both."""
    answers = tuple(entries)
    ways = {each.direction for each in answers}
    service = codes.MIXED if len(ways) == 2 else codes.DEBITS if ways == {"debit"} else codes.CREDITS
    sec = "COR" if all(each.change is not None for each in answers) else sent.sec
    return replace(
        sent, service_class=service, sec=sec, odfi=bank[:8], number=number, entries=answers, effective_on=effective_on,
    )  # fmt: skip


def answer_file(company: CompanySettings, batches: Iterable[Batch], *, created_at: dt.datetime) -> AchFile:
    """The bank's file to us: its number as origin, ours as destination."""
    return AchFile(
        destination=f"{company.odfi[:8]}{codes.check_digit(company.odfi[:8])}",
        origin=company.destination, destination_name=company.origin_name[:23],
        origin_name=company.destination_name[:23] or "BANK", created_on=created_at.date(),
        created_at=created_at.time().replace(second=0, microsecond=0), id_modifier="A",
        batches=tuple(replace(each, number=at) for at, each in enumerate(batches, start=1)),
    )  # fmt: skip


def _home(entry: Entry) -> str:
    """The originating bank's routing number, out of the trace number it gave."""
    return f"{entry.trace[:8]}{codes.check_digit(entry.trace[:8])}"
