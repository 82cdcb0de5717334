"""What one record must say by itself: mandatory fields, digits, characters, codes, check digits."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from meterbook.formats.nacha import codes, shapes
from meterbook.formats.nacha.reasons import CHANGE_REASONS, RETURN_REASONS
from meterbook.formats.nacha.records import BatchRecords, EntryRecords, Record
from meterbook.formats.nacha.rules import Finding

_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_FREE_NUMBERS = frozenset(["priority", "addenda_count"])


def of_file_header(header: Record) -> Iterator[Finding]:
    """The first record. Its short forms (names cut off, no time) are fine."""
    yield from characters(header)
    fields = header.fields
    for name, value in (("record_size", "094"), ("blocking_factor", "10"), ("format_code", "1")):
        if fields[name] != value:
            yield header.finding("constants", name, value)
    destination = ten_to_nine(fields["destination"])
    if not codes.routing_is_valid(destination):
        expected = "a routing number of nine digits"
        if len(destination) == 9 and destination.isascii() and destination.isdigit():
            expected = f"{destination[:8]}{codes.check_digit(destination[:8])}, by its check digit"
        yield header.finding("destination", "destination", expected)
    if not fields["origin"].strip(" 0"):
        yield header.finding("origin", "origin", "the number the bank gave the sender")
    if day_of(fields["created_on"]) is None:
        yield header.finding("file-date", "created_on", "YYMMDD")
    if fields["created_at"].strip() and not re.fullmatch("([01][0-9]|2[0-3])[0-5][0-9]", fields["created_at"]):
        yield header.finding("file-date", "created_at", "HHMM or blank")
    if not re.fullmatch("[A-Z0-9]", fields["id_modifier"]):
        yield header.finding("id-modifier", "id_modifier", "A to Z or 0 to 9")


def of_batch_header(batch: BatchRecords) -> Iterator[Finding]:
    """Class, company, description, originating bank."""
    header = batch.header
    yield from characters(header)
    yield from digits(header)
    fields = header.fields
    if header.number("service_class") not in codes.SERVICE_CLASSES:
        yield header.finding("service-class", "service_class", "200, 220, 225 or 280")
    if fields["sec"] not in codes.ENTRY_CLASSES and fields["sec"] not in codes.OTHER_CLASSES:
        yield header.finding("entry-class", "sec", "a standard entry class such as PPD or CCD")
    names = ["company_id"] if batch.is_iat else ["company_name", "company_id", "description"]
    for name in names:
        blank = not fields[name].strip() if name == "company_id" else not fields[name].strip(" 0")
        if blank:
            yield header.finding("mandatory", name, "not blank, not only zeros")
    wanted = "0" if fields["sec"] == "ADV" else "012" if batch.is_iat else "12"
    if fields["originator_status"] not in wanted:
        yield header.finding("originator-status", "originator_status", " or ".join(wanted))
    if not _DIGITS.fullmatch(fields["odfi"]):
        yield header.finding("digits", "odfi", "the first eight digits of the originating bank's routing number")


def of_entry(batch: BatchRecords, group: EntryRecords) -> Iterator[Finding]:
    """Account, bank, amount field, transaction code and trace number of one entry."""
    entry = group.entry
    yield from characters(entry)
    yield from digits(entry)
    fields = entry.fields
    code = entry.number("transaction_code")
    advice = batch.sec == "ADV"
    if code not in codes.TRANSACTION_CODES or advice != (code in codes.ADVICE_CODES):
        yield entry.finding("transaction-code", "transaction_code", "81 to 88" if advice else "such as 22, 27, 32, 37")
    if not _DIGITS.fullmatch(fields["rdfi"]):
        yield entry.finding("digits", "rdfi", "eight digits of the receiver's bank")
    elif fields["check_digit"] != str(codes.check_digit(fields["rdfi"])):
        yield entry.finding("check-digit", "check_digit", str(codes.check_digit(fields["rdfi"])))
    if not fields["account"].strip():
        yield entry.finding("mandatory", "account", "the receiver's account at the bank")
    if not advice and not _DIGITS.fullmatch(fields["trace"].strip()):
        yield entry.finding("digits", "trace", "15 digits")
    if fields["indicator"] not in "01":
        yield entry.finding("addenda-indicator", "indicator", "0 or 1")


def of_addenda(record: Record) -> Iterator[Finding]:
    """Type and reason codes; what the codes promise is checked where they are turned into values."""
    yield from characters(record)
    kind = record.fields["type_code"]
    if record.shape is shapes.RETURN and record.fields["code"] not in RETURN_REASONS:
        yield record.finding("return-code", "code", "a return reason code, R01 to R85")
    if record.shape is shapes.CHANGE and record.fields["code"] not in CHANGE_REASONS:
        yield record.finding("change-code", "code", "a change code, C01 to C14 or C61 to C69")
    if kind not in {"02", "05", "98", "99", "10", "11", "12", "13", "14", "15", "16", "17", "18"}:
        yield record.finding("addenda-type", "type_code", "02, 05, 10 to 18, 98 or 99")


def of_control(control: Record) -> Iterator[Finding]:
    """Counts and totals are digits; whether they are right is `balance`'s question."""
    yield from digits(control)


def digits(record: Record) -> Iterator[Finding]:
    """One finding for each number that holds anything else."""
    for each in record.shape.fields:
        if each.digits and each.name not in _FREE_NUMBERS and not _DIGITS.fullmatch(record.fields[each.name]):
            yield record.finding("digits", each.name, f"{each.width} digits in columns {each.first}-{each.last}")


def characters(record: Record) -> Iterator[Finding]:
    """One finding a record, for the first field that holds something unprintable or not ASCII."""
    if _PRINTABLE.fullmatch(record.text):
        return
    for each in record.shape.fields:
        if not _PRINTABLE.fullmatch(record.fields[each.name]):
            yield record.finding("characters", each.name, "printable ASCII", found=ascii(record.fields[each.name]))
            return


def ten_to_nine(text: str) -> str:
    """A routing number out of its ten columns: blanks gone, a tenth digit in front (a zero) too.

    >>> ten_to_nine(" 121042882"), ten_to_nine("0121042882"), ten_to_nine("1234567890")
    ('121042882', '121042882', '1234567890')
    """
    bare = text.strip()
    return bare[1:] if len(bare) == 10 and bare.startswith("0") else bare


def day_of(text: str) -> dt.date | None:
    """YYMMDD as a day of 2000 to 2099; None when it is none (blank, or the zeros many returns carry).

    >>> day_of("260403"), day_of("000000"), day_of("")
    (datetime.date(2026, 4, 3), None, None)
    """
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return dt.date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None
