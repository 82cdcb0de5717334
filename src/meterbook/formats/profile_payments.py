"""Rows of a profile as payments, with the totals the partner's trailer states: nothing is loaded unless they agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import cast, get_args

from meterbook.formats.contract import ParsedPayments, PaymentKind, PaymentRecord, Problem, WrongFormat
from meterbook.formats.profiles import Profile, Row
from meterbook.formats.statements import money_text

_KINDS = get_args(PaymentKind)
_COUNTS = ("count", "payments", "reversals")


def payments_of(rows: Iterable[Row], profile: Profile, *, amount: str) -> ParsedPayments:
    """Every detail row as a payment of its field `amount`; a trailer, where the profile has one, confirms them.

    Raises `WrongFormat` when an amount or date cannot be read, a kind is unknown, gross less fee is not net, the
    trailer is missing, not last or does not agree.
    """
    records: list[PaymentRecord] = []
    problems: list[Problem] = []
    stated: Row | None = None
    header: Row | None = None
    last = 0
    for row in rows:
        last = row.line
        if stated is not None:
            raise WrongFormat("a record after the trailer", line=row.line, field="record type", found=row.raw,
                              expected="the end of the file")  # fmt: skip
        if row.section == "header":
            if header is not None or records:
                raise WrongFormat("a second header", line=row.line, field="record type", found=row.raw,
                                  expected="a detail or trailer record")  # fmt: skip
            header = row
        elif row.section == "trailer":
            stated = row
        else:
            record = _record(row, header, amount)
            records.append(record)
            problems += _problems(record)
    if "header" in profile.sections and header is None:
        raise WrongFormat("the header is missing", line=1, field="record type", found="", expected="a header record")
    if "trailer" in profile.sections and stated is None:
        raise WrongFormat("the trailer is missing, the file is cut off", line=last, field="record type", found="",
                          expected="a trailer record")  # fmt: skip
    said = _confirmed(stated, records) if stated is not None else "the profile states no control totals"
    if not records and header is None:
        raise WrongFormat("no payments", line=last, field="file", found="", expected="a payment")
    return ParsedPayments(
        records=records, problems=problems, control_total_cents=sum(each.amount_cents for each in records),
        control_count=len(records), deposit_on=_deposit_on(header, records), controls=said,
        origin=header.cells.get("origin", "") if header is not None else "",
    )  # fmt: skip


def _record(row: Row, header: Row | None, amount: str) -> PaymentRecord:
    cells = row.cells
    kind = cells.get("kind") or "payment"
    if kind not in _KINDS:
        raise row.wrong("unknown kind", name="kind", expected=", ".join(_KINDS))
    cents = row.cents(amount)
    if kind == "payment" and cents < 0:
        raise row.wrong("a negative payment", name=amount, expected="a reversal or refund by its kind")
    if kind in ("reversal", "refund", "chargeback"):
        cents = -abs(cents)
    fee = row.cents("fee") if cells.get("fee") else 0
    if cells.get("net"):
        net = row.cents("net")
        if kind in ("reversal", "refund", "chargeback"):
            net = -abs(net)
        if cents - fee != net:
            raise row.wrong("gross less fee is not net", name="net", expected=money_text(cents - fee))
    trace, reference = cells.get("trace", ""), cells.get("reference", "")
    return PaymentRecord(
        line=row.line,
        account_number=cells.get("account", ""),
        amount_cents=cents,
        received_on=_received_on(row, header),
        reference=trace or reference,
        payer=cells.get("payer", ""),
        raw=row.raw,
        kind=cast(PaymentKind, kind),
        fee_cents=fee,
        tender=cells.get("tender", ""),
        original=cells.get("original", ""),
        invoice=reference if trace else "",
    )


def _received_on(row: Row, header: Row | None) -> dt.date:
    if row.cells.get("paid_on"):
        return row.day("paid_on")
    if header is not None and header.cells.get("deposit_on"):
        return header.day("deposit_on")
    raise row.wrong("no date", name="paid_on", expected="a date in the record or the header")


def _deposit_on(header: Row | None, records: list[PaymentRecord]) -> dt.date:
    if header is not None and header.cells.get("deposit_on"):
        return header.day("deposit_on")
    if records:
        return max(each.received_on for each in records)
    raise WrongFormat("no date", line=header.line if header else 0, field="deposit_on", found="", expected="a date")


def _problems(record: PaymentRecord) -> list[Problem]:
    account = record.account_number
    if not account or not (account.isascii() and account.isprintable()):
        return [Problem(record.line, "account", account, "one account number")]
    if record.amount_cents == 0:
        return [Problem(record.line, "amount", "0", "more than 0 cents")]
    return []


def _confirmed(trailer: Row, records: list[PaymentRecord]) -> str:
    """The trailer's figures in words. Raises `WrongFormat` for the first that does not agree."""
    taken = [each for each in records if each.amount_cents >= 0]
    back = [each for each in records if each.amount_cents < 0]
    counted = {
        "count": len(records), "payments": len(taken), "reversals": len(back),
        "total": sum(each.amount_cents for each in records),
        "payments_total": sum(each.amount_cents for each in taken),
        "reversals_total": -sum(each.amount_cents for each in back),
        "fee": sum(each.fee_cents for each in records),
        "net": sum(each.amount_cents - each.fee_cents for each in records),
    }  # fmt: skip
    said = []
    for name in trailer.cells:
        if name not in counted:
            continue
        stated = trailer.number(name) if name in _COUNTS else trailer.cents(name)
        if stated != counted[name]:
            raise WrongFormat(
                "control total does not match the records before it", line=trailer.line, field=name,
                found=_said(name, counted[name]), expected=f"{_said(name, stated)} as the file states",
            )  # fmt: skip
        said.append(f"{name.replace('_', ' ')} {_said(name, stated)}")
    return "trailer agrees: " + ", ".join(said)


def _said(name: str, figure: int) -> str:
    return str(figure) if name in _COUNTS else money_text(figure)
