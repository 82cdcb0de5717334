"""camt.053 bytes to statements; balances and stated totals beside the entries."""

from __future__ import annotations

from meterbook.formats import iso_entries as iso
from meterbook.formats.iso20022 import Element, message
from meterbook.formats.statements import (
    Balance,
    BankStatement,
    Control,
    ParsedStatements,
    StatementPurpose,
    refuse_differences,
)

_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_COPIES: dict[str, StatementPurpose] = {"": "update", "CODU": "update", "COPY": "copy", "DUPL": "copy"}


def parse(data: bytes) -> ParsedStatements:
    """Every statement of a camt.053 file. Raises `WrongFormat` when it is none, breaks a structural rule, holds an
    amount that is not whole cents, or its stated totals do not match its entries: then nothing may be loaded.

    Opening balance plus entries beside the closing balance is a control that does not bind (see README).
    """
    found = message(data, kind="camt.053", body="BkToCstmrStmt")
    name, _ = iso.header_of(found)
    statements, controls = [], []
    for each in found.all("Stmt"):
        statement, stated = _statement(each)
        statements.append(statement)
        controls += stated
    return refuse_differences(ParsedStatements(tuple(statements), tuple(controls), sender=_sender(found), file_id=name))


def _statement(element: Element) -> tuple[BankStatement, list[Control]]:
    account = iso.account_of(element)
    _, made_on = iso.header_of(Element(element.node.getparent(), element.namespace, element.version))
    made_on = iso.day_at(element, "CreDtTm") or made_on
    balances = [_balance(each) for each in element.all("Bal")]
    closing_on = next((balance.on for code, _, balance in balances if code in _CLOSING), None)
    entries = [iso.bank_line(each, otherwise_on=closing_on or made_on) for each in element.all("Ntry")]
    lines = [line for line, _ in entries]
    currencies = {currency for _, currency in entries}
    currency = element.text("Acct/Ccy") or _currency(balances, currencies)
    if currencies - {currency}:
        raise element.refuse("entries in several currencies", found=", ".join(sorted(currencies)), expected=currency)
    kept = {code: balance for code, coin, balance in reversed(balances) if coin == currency}
    statement = BankStatement(
        line=element.line, account=account, currency=currency, as_of=closing_on or made_on, lines=tuple(lines),
        opening=next((kept[code] for code in _OPENING if code in kept), None),
        closing=next((kept[code] for code in _CLOSING if code in kept), None), number=element.text("Id"),
        purpose=_COPIES.get(element.text("CpyDplctInd"), "copy"),
        foreign=tuple(f"{code} {coin}" for code, coin, _ in balances if coin != currency),
    )  # fmt: skip
    controls = iso.summary_controls(element, lines)
    controls += [control for each in element.all("Ntry") for control in iso.batch_controls(each)]
    return statement, controls + ([statement.tie] if statement.tie is not None else [])


def _balance(element: Element) -> tuple[str, str, Balance]:
    cents, currency = iso.signed_cents(element)
    code = element.text("Tp/CdOrPrtry/Cd") or element.text("Tp/CdOrPrtry/Prtry")
    return code, currency, Balance(cents, iso.day_at(element, "Dt"))


def _currency(balances: list[tuple[str, str, Balance]], currencies: set[str]) -> str:
    """The account's currency where the file leaves it out: its entries', else its booked balances'."""
    if len(currencies) == 1:
        return next(iter(currencies))
    return next((coin for code, coin, _ in balances if code in _OPENING + _CLOSING), balances[0][1])


def _sender(found: Element) -> str:
    return next((each.text("Acct/Svcr/FinInstnId/Nm") for each in found.all("Stmt")), "")
