"""Taking a bank's statement: each movement once, whatever file it comes in."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import cast

from meterbook.formats.contract import Format, WrongFormat
from meterbook.formats.registry import any_format
from meterbook.formats.statements import BankLine, BankStatement, Control, ParsedStatements, money_text
from meterbook.records.banking.models import BankAccount, Statement, StatementLine
from meterbook.records.banking.operations.bank_accounts import mark_of
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, ImportBatch
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, FINANCE


class UnknownBankAccount(LookupError):
    """The file speaks of an account that is none of ours, or is not taken in this format."""


class NothingToAccept(ValueError):
    """The statement is not held."""


@operation("banking.import_statement", roles={BILLING, FINANCE})
def import_statement(deed: Deed, *, format: str, file_name: str, content: bytes) -> list[Statement]:
    """Take a statement file; the same bytes, or a movement taken before, change nothing.

    A statement whose own figures raise a question is held: its lines match nothing until somebody accepts it. Copies,
    tests and deletions are passed over. Raises `WrongFormat` and `UnknownBankAccount`, and loads nothing then.
    """
    digest = hashlib.sha256(content).hexdigest()
    known = ImportBatch.objects.filter(kind="statements", sha256=digest).first()
    if known is not None:
        return list(Statement.objects.filter(source=known).order_by("pk"))
    chosen = any_format(format)
    if chosen.kind != "statements":
        raise WrongFormat("no bank statement", line=0, field="format", found=format, expected="bai2, camt053, camt054")
    parsed = cast("Format[ParsedStatements]", chosen).parse(content)
    taken = [each for each in parsed.statements if each.purpose in ("update", "correction")]
    accounts = {each.account: _account(each, format) for each in taken}
    keyed = [(each, [*zip(_booked(each), _keys(accounts[each.account], each), strict=True)]) for each in taken]
    before = set(StatementLine.objects.filter(key__in=[key for _, rows in keyed for _, key in rows])
                 .values_list("key", flat=True))  # fmt: skip
    new = sum(key not in before for _, rows in keyed for _, key in rows)
    total = sum(len(rows) for _, rows in keyed)
    source = ImportBatch.objects.create(
        kind="statements", format=format, file_name=file_name, sha256=digest, rows=len(parsed), loaded=new,
        unchanged=total - new, rejected=len(parsed) - total, deed=deed,
    )  # fmt: skip
    keep_file(deed, subject=f"importbatch:{source.pk}", file_name=file_name, content_type="text/plain", content=content)
    made = [_store(deed, source, accounts[each.account], each, parsed, rows, before) for each, rows in keyed]
    tell(deed, "banking.statement_imported", batch=source.pk, statements=len(made), lines=new)
    return made


@operation("banking.accept_statement", roles={FINANCE})
def accept_statement(deed: Deed, *, statement: Statement) -> Statement:
    """Let a held statement take part in matching. Raises `NothingToAccept`."""
    locked = Statement.objects.select_for_update().get(pk=statement.pk)
    if not locked.questions or locked.accepted_id is not None:
        raise NothingToAccept(f"statement {locked.number} is not held")
    locked.accepted = deed
    locked.save(update_fields=["accepted"])
    tell(deed, "banking.statement_accepted", statement=locked.pk)
    return locked


def _account(statement: BankStatement, format: str) -> BankAccount:
    found = BankAccount.objects.filter(mark=mark_of(statement.account)).first()
    if found is None or found.format != format:
        expected = f"its statements as {found.format}" if found else "an account put on record before"
        raise UnknownBankAccount(
            f"line {statement.line}: found account …{statement.account[-4:]} as {format}, expected {expected}"
        )
    return found


def _booked(statement: BankStatement) -> list[BankLine]:
    """The lines that moved money."""
    return [each for each in statement.lines if each.status == "booked" and each.amount_cents]


def _keys(account: BankAccount, statement: BankStatement) -> list[str]:
    """What makes each movement itself: its facts, and its turn among equal ones of a day."""
    seen: Counter[str] = Counter()
    keys = []
    for each in _booked(statement):
        facts = (
            f"{account.pk}|{each.booked_on}|{each.amount_cents}|{each.code}|{each.bank_reference}|{each.reference}|"
            f"{each.text}"
        )
        seen[facts] += 1
        keys.append(hashlib.sha256(f"{facts}|{seen[facts]}".encode()).hexdigest())
    return keys


def _store(
    deed: Deed, source: ImportBatch, account: BankAccount, said: BankStatement, parsed: ParsedStatements,
    rows: list[tuple[BankLine, str]], before: set[str],
) -> Statement:  # fmt: skip
    asked = [each for each in parsed.differences if each.of in (said.account, parsed.file_id) or not each.binding]
    made = Statement.objects.create(
        bank_account=account, source=source, number=said.number[:40], as_of=said.as_of,
        opening_cents=said.opening.amount_cents if said.opening else None,
        closing_cents=said.closing.amount_cents if said.closing else None,
        questions=[_question(each) for each in asked if _concerns(each)], deed=deed,
    )  # fmt: skip
    StatementLine.objects.bulk_create(
        StatementLine(
            statement=made, line=each.line, key=key, amount_cents=each.amount_cents, booked_on=each.booked_on,
            value_on=each.value_on, code=each.code[:40], kind=each.kind[:60], reference=each.reference[:80],
            bank_reference=each.bank_reference[:80], counterparty=each.counterparty[:140], text=each.text[:1000],
            return_reason=each.return_reason[:12],
        )
        for each, key in rows
        if key not in before
    )  # fmt: skip
    return made


def _concerns(control: Control) -> bool:
    """Whether a figure that does not agree holds the statement: its balances, and whatever binds the file."""
    return control.binding or control.level == "balance"


def _question(control: Control) -> dict[str, str | int]:
    return {
        "line": control.line, "what": f"{control.level}: {control.what}", "stated": money_text(control.stated),
        "counted": money_text(control.counted),
    }  # fmt: skip
