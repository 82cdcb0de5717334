"""Our own accounts at the bank, whose statements are taken."""

from __future__ import annotations

from meterbook.formats.registry import UnknownFormat, discover
from meterbook.records.banking.models import BankAccount
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.payments.marks import payer_mark
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import FINANCE

#: In the place of the routing number, which statements do not state.
OURS = "statement"


class WrongBankAccount(ValueError):
    """No number, a name or number taken before, or a ledger account that holds no cash."""


@operation("banking.open_bank_account", roles={FINANCE})
def open_bank_account(deed: Deed, *, name: str, number: str, format: str, ledger: str) -> BankAccount:
    """Put a bank account on record: ``number`` as its statements state it, ``ledger`` the code of the chart's account.

    Raises `WrongBankAccount` and `UnknownFormat`.
    """
    known = sorted(each.name for each in discover().values() if each.kind == "statements")
    if format not in known:
        raise UnknownFormat(f"no statements format {format!r}; known: {', '.join(known)}")
    account = LedgerAccount.objects.filter(code=ledger, kind="asset").first()
    if account is None:
        raise WrongBankAccount(f"found ledger account {ledger!r}, expected an asset of the chart of accounts")
    digits = number.strip().lstrip("0")
    if not digits or not name.strip():
        raise WrongBankAccount("a bank account needs a name and its number")
    mark = mark_of(number)
    if BankAccount.objects.filter(mark=mark).exists() or BankAccount.objects.filter(name=name.strip()).exists():
        raise WrongBankAccount(f"{name}: that name or number is on record already")
    made = BankAccount.objects.create(
        name=name.strip(), mark=mark, last_digits=number.strip()[-4:], format=format, ledger=account, deed=deed
    )
    tell(deed, "banking.bank_account_opened", bank_account=made.pk)
    return made


def mark_of(number: str) -> str:
    """The keyed hash one of our accounts is known by; leading zeros do not count."""
    return payer_mark(OURS, number.strip())
