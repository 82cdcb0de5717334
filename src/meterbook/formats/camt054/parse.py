"""camt.054 bytes to movements: what was credited or debited, without balances."""

from __future__ import annotations

from meterbook.formats import iso_entries as iso
from meterbook.formats.iso20022 import Element, message
from meterbook.formats.statements import BankStatement, Control, ParsedStatements, refuse_differences


def parse(data: bytes) -> ParsedStatements:
    """Every notification of a camt.054 file, as a statement without balances. Raises `WrongFormat` when it is none,
    breaks a structural rule, holds an amount that is not whole cents, or its stated totals do not match its entries.

    A notification announces entries a camt.053 will list again: reconciling reads one of the two, never both.
    """
    found = message(data, kind="camt.054", body="BkToCstmrDbtCdtNtfctn")
    name, made_on = iso.header_of(found)
    statements: list[BankStatement] = []
    controls: list[Control] = []
    for each in found.all("Ntfctn"):
        entries = [iso.bank_line(entry, otherwise_on=made_on) for entry in each.all("Ntry")]
        lines, currencies = [line for line, _ in entries], {currency for _, currency in entries}
        currency = each.text("Acct/Ccy") or next(iter(sorted(currencies)), "")
        if currencies - {currency}:
            found_ = ", ".join(sorted(currencies))
            raise each.refuse("entries in several currencies", found=found_, expected=currency)
        controls += iso.summary_controls(each, lines)
        controls += [control for entry in each.all("Ntry") for control in iso.batch_controls(entry)]
        statements.append(
            BankStatement(
                line=each.line, account=iso.account_of(each), currency=currency,
                as_of=max((line.booked_on for line in lines), default=made_on), lines=tuple(lines),
                number=each.text("Id"), purpose="update" if each.text("CpyDplctInd") in ("", "CODU") else "copy",
            )
        )  # fmt: skip
    return refuse_differences(ParsedStatements(tuple(statements), tuple(controls), sender=_sender(found), file_id=name))


def _sender(found: Element) -> str:
    return next((each.text("Acct/Svcr/FinInstnId/Nm") for each in found.all("Ntfctn")), "")
