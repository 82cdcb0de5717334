"""Entries of an ISO 20022 statement or notification as bank lines, with what is stated about their totals."""

from __future__ import annotations

import datetime as dt
import re

from meterbook.formats.contract import WrongFormat
from meterbook.formats.iso20022 import Element
from meterbook.formats.statements import BankDetail, BankLine, Control, LineStatus, cents_of

_STATUSES: dict[str, LineStatus] = {"BOOK": "booked", "PDNG": "pending", "INFO": "information", "FUTR": "pending"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T([01]\d|2[0-4]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_SUB_FAMILIES = {
    "ESCT": "credit transfer", "DMCT": "domestic credit transfer", "XBCT": "cross-border credit transfer",
    "STDO": "standing order", "AUTT": "automatic transfer", "BOOK": "internal transfer", "RRTN": "returned payment",
    "PMDD": "direct debit", "ESDD": "direct debit", "UPDD": "unpaid direct debit", "PRDD": "reversed direct debit",
    "CCHQ": "check", "UPCQ": "unpaid check", "CDPT": "cash deposit", "CWDL": "cash withdrawal", "POSD": "card payment",
    "CHRG": "charges", "COMM": "commission", "FEES": "fees", "INTR": "interest", "LBOX": "lockbox",
    "ARPD": "check deposit",
}  # fmt: skip


def signed_cents(element: Element) -> tuple[int, str]:
    """The amount of an entry or balance with its direction, and its currency. Raises `WrongFormat`."""
    amount = element.one("Amt")
    direction = element.text("CdtDbtInd")
    if amount is None or direction not in ("CRDT", "DBIT"):
        raise element.refuse("no direction", field="CdtDbtInd", found=direction, expected="CRDT or DBIT")
    cents = plain_cents(amount)
    return (cents if direction == "CRDT" else -cents), amount.node.get("Ccy", "")


def plain_cents(amount: Element) -> int:
    """An amount that carries its currency, never negative. Raises `WrongFormat`."""
    currency = amount.node.get("Ccy", "")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise amount.refuse("no currency", field=f"{amount.name} Ccy", found=currency, expected="three letters")
    cents = cents_of(amount.text(), line=amount.line, field=amount.name)
    if cents < 0:
        raise amount.refuse("negative", found=amount.text(), expected="CdtDbtInd says the direction")
    return cents


def day_at(element: Element, path: str) -> dt.date | None:
    """The day at a path, written as a date or as a moment (its own day, whatever its offset). Raises `WrongFormat`."""
    holder = element.one(path)
    if holder is None:
        return None
    said = holder.text("Dt") or holder.text("DtTm") or holder.text()
    day = said[:10] if _DATE.fullmatch(said) or _MOMENT.fullmatch(said) else ""
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        raise holder.refuse("not a date", field=path, found=said, expected="a date like 2026-03-31") from None


def account_of(statement: Element) -> str:
    """The account number or IBAN. Raises `WrongFormat`."""
    found = statement.text("Acct/Id/IBAN") or statement.text("Acct/Id/Othr/Id")
    if not found:
        raise statement.refuse("no account", field="Acct", found="", expected="IBAN or Othr/Id")
    return found


def bank_line(entry: Element, *, otherwise_on: dt.date) -> tuple[BankLine, str]:
    """One entry and its currency; booked on its booking day, else its value day, else `otherwise_on`."""
    cents, currency = signed_cents(entry)
    status = entry.text("Sts/Cd") or entry.text("Sts") or entry.text("Sts/Prtry")
    if status not in _STATUSES:
        raise entry.refuse("unknown status", field="Sts", found=status, expected="BOOK, PDNG or INFO")
    code, kind = _code(entry)
    came_in = cents >= 0
    details = tuple(_detail(each, currency, came_in=came_in) for each in entry.all("NtryDtls/TxDtls"))
    only = details[0] if len(details) == 1 else BankDetail(None)
    value_on = day_at(entry, "ValDt")
    reversal = entry.text("RvslInd")
    if reversal not in ("", "true", "false", "1", "0"):
        raise entry.refuse("not yes or no", field="RvslInd", found=reversal, expected="true or false")
    return BankLine(
        line=entry.line, amount_cents=cents, booked_on=day_at(entry, "BookgDt") or value_on or otherwise_on,
        value_on=value_on, code=code, kind=kind, reference=only.reference or entry.text("NtryRef"),
        bank_reference=entry.text("AcctSvcrRef"), counterparty=only.counterparty,
        text=only.text or entry.text("AddtlNtryInf"), status=_STATUSES[status], reversal=reversal in ("true", "1"),
        return_reason=next((each.return_reason for each in details if each.return_reason), ""),
        details=details if len(details) > 1 else (),
    ), currency  # fmt: skip


def batch_controls(entry: Element) -> list[Control]:
    """What the entry says of its batch beside the payments listed in it, where it lists any."""
    found = []
    for details in entry.all("NtryDtls"):
        batch, payments = details.one("Btch"), details.all("TxDtls")
        if batch is None or not payments:
            continue
        name = batch.text("PmtInfId") or batch.text("MsgId")
        count = batch.text("NbOfTxs")
        if count.isascii() and count.isdigit():
            found.append(Control(batch.line, "batch", name, "payments", int(count), len(payments), binding=False))
        total, amounts = batch.one("TtlAmt"), [_amount(each) for each in payments]
        if total is not None and all(each is not None and each[1] == total.node.get("Ccy") for each in amounts):
            listed = sum(each[0] for each in amounts if each is not None)
            found.append(Control(batch.line, "batch", name, "total", plain_cents(total), listed, binding=False))
    return found


def summary_controls(statement: Element, lines: list[BankLine]) -> list[Control]:
    """The totals a statement states about its entries beside the entries: binding."""
    name, found = account_of(statement), []
    sides = {
        "TtlNtries": [abs(each.amount_cents) for each in lines],
        "TtlCdtNtries": [each.amount_cents for each in lines if each.amount_cents > 0],
        "TtlDbtNtries": [-each.amount_cents for each in lines if each.amount_cents < 0],
    }
    words = {"TtlNtries": "entries", "TtlCdtNtries": "credits", "TtlDbtNtries": "debits"}
    for side, amounts in sides.items():
        total = statement.one(f"TxsSummry/{side}")
        if total is None:
            continue
        count, stated = total.text("NbOfNtries"), total.one("Sum")
        if count:
            if not re.fullmatch(r"\d{1,15}", count, re.ASCII):
                raise total.refuse("not a number", field="NbOfNtries", found=count, expected="a number of entries")
            found.append(Control(total.line, "account", name, words[side], int(count), len(amounts)))
        if stated is not None:
            cents = cents_of(stated.text(), line=stated.line, field="Sum")
            found.append(Control(total.line, "account", name, f"sum of {words[side]}", cents, sum(amounts)))
    return found


def header_of(message: Element) -> tuple[str, dt.date]:
    """The message's id and the day it was made. Raises `WrongFormat`."""
    header = message.one("GrpHdr")
    assert header is not None  # the rules need it
    made, name = day_at(header, "CreDtTm"), header.text("MsgId")
    if made is None or not name or len(name) > 35:
        raise WrongFormat("no message id", line=header.line, field="MsgId", found=name, expected="1 to 35 characters")
    return name, made


def _code(entry: Element) -> tuple[str, str]:
    parts = [entry.text(f"BkTxCd/Domn/{each}") for each in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    code = ".".join(each for each in parts if each) or entry.text("BkTxCd/Prtry/Cd")
    return code, _SUB_FAMILIES.get(parts[2], "")


def _amount(payment: Element) -> tuple[int, str] | None:
    holder = payment.one("Amt") or payment.one("AmtDtls/TxAmt/Amt")
    return None if holder is None else (plain_cents(holder), holder.node.get("Ccy", ""))


def _detail(payment: Element, currency: str, *, came_in: bool) -> BankDetail:
    amount = _amount(payment)
    came_in = payment.text("CdtDbtInd") == "CRDT" if payment.text("CdtDbtInd") else came_in
    cents = None
    if amount is not None and amount[1] == currency:
        cents = amount[0] if came_in else -amount[0]
    references = [payment.text(f"Refs/{each}") for each in ("EndToEndId", "TxId", "InstrId", "ChqNb", "UETR")]
    structured = payment.text("RmtInf/Strd/CdtrRefInf/Ref")
    text = " ".join(each.text() for each in payment.all("RmtInf/Ustrd")) or payment.text("AddtlTxInf")
    sides = ("Dbtr", "Cdtr") if came_in else ("Cdtr", "Dbtr")
    names = [payment.text(f"RltdPties/{side}/{path}") for side in sides for path in ("Nm", "Pty/Nm")]
    return BankDetail(
        amount_cents=cents, reference=structured or next((each for each in references if each), ""),
        counterparty=next((each for each in names if each), ""), text=text,
        return_reason=payment.text("RtrInf/Rsn/Cd") or payment.text("RtrInf/Rsn/Prtry"),
    )  # fmt: skip
