"""The bank in the tests' office: a statement that is held, a deposit that matched, a slip of the pen in suspense."""

from __future__ import annotations

from datetime import datetime, time

from tests.web.office import BILL_2, Office, act

from meterbook.formats import bai2
from meterbook.formats.lockbox import Check, LockboxDeposit, write
from meterbook.formats.statements import Balance, BankLine, BankStatement
from meterbook.jobs.money.payment_file import post_file
from meterbook.records.banking.models import BankAccount, Match, Statement, StatementLine
from meterbook.records.banking.operations.bank_accounts import open_bank_account
from meterbook.records.banking.operations.import_statement import import_statement
from meterbook.records.banking.operations.match_lines import match_automatically
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import Payment, PaymentBatch

PLAIN = ("bank", "bank_take", "deposits_in_transit", "bank_statements", "bank_matches")
POSTED_ONLY = {"bank_match", "bank_match_line"}
NUMBER = "0012345555"


def deposit(office: Office, file: str, *checks: tuple[str, int]) -> PaymentBatch:
    """A lockbox file, posted once."""
    evening = datetime.combine(BILL_2, time(17))
    written = [Check(number, cents, payer="ANA BROOK", reference=str(at)) for at, (number, cents) in enumerate(checks)]
    content = write(LockboxDeposit("ALDERBEND", "0099999991", "4400", evening, BILL_2, written))
    return post_file(act(office.staff["cashier"], BILL_2), format="lockbox", file_name=file, content=content)


def statement(office: Office, name: str, *lines: BankLine, closing: int) -> Statement:
    """A statement of First Bank, taken once."""
    said = BankStatement(0, NUMBER, "USD", BILL_2, lines, Balance(0, BILL_2), Balance(closing, BILL_2))
    made = datetime.combine(BILL_2, time(6))
    content = bai2.write([said], sender="FIRSTBANK", receiver="ALDERBEND", created_at=made, file_id=name)
    return import_statement(act(office.staff["finance"], BILL_2), format="bai2", file_name=name, content=content)[0]


def slip(office: Office) -> str:
    """Ana's account number with two digits transposed."""
    number = office.ana.number
    return f"{number[:-2]}{number[-1]}{number[-2]}" if number[-1] != number[-2] else f"{number[:-1]}x"


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the bank's pages."""
    account = BankAccount.objects.first() or open_bank_account(
        act(office.staff["finance"], BILL_2), name="First Bank", number=NUMBER, format="bai2",
        ledger=account_for("cash").code,
    )  # fmt: skip
    batch = deposit(office, "matched.txt", (office.ana.number, 4_321))
    waiting = deposit(office, "waiting.txt", (office.ana.number, 1_234), (slip(office), 777))
    day = BankLine(0, 4_321, BILL_2, None, "115", text="LOCKBOX 4400")
    fee = BankLine(0, -4_250, BILL_2, None, "661", text="ACCOUNT ANALYSIS FEE")
    taken = statement(office, "1", day, fee, closing=71)
    match_automatically(act(office.staff["billing"], BILL_2), bank_account=account)
    held = statement(office, "2", BankLine(0, 99, BILL_2, None, "354", text="INTEREST PAID"), closing=1)
    line = StatementLine.objects.get(statement=taken, amount_cents=-4_250).pk
    lost = Payment.objects.get(batch=waiting, account__isnull=True)
    assert batch.count == 1
    return {
        "bank_line": [line], "bank_book": [line], "bank_statement": [held.pk], "bank_accept": [held.pk],
        "bank_undo": [Match.objects.filter(kind="automatic").latest("pk").pk], "unplaced_payment": [lost.pk],
        "unpost_batch": [waiting.pk],
    }  # fmt: skip
