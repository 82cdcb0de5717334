"""Opening an account: who is billed, in which cycle, where the mail goes, under which number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.db.models import Max
from django.db.models.functions import Length

from meterbook.records.customers.models import Account, Person
from meterbook.records.places.models import Cycle
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR

_NUMBERING_LOCK = 6204  # advisory lock held while a number is chosen


class WrongAccountNumber(ValueError):
    """The number is taken, or its check digit is not right."""


def check_digit(sequence: int) -> int:
    """The mod-10 (Luhn) digit that catches one wrong or two swapped digits of an account number.

    >>> check_digit(100001), check_digit(7992739871)
    (7, 3)
    """
    total = 0
    for place, digit in enumerate(reversed(str(sequence))):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def account_number(sequence: int) -> str:
    """The account number of a sequence: its digits and their check digit.

    >>> account_number(100001)
    '1000017'
    """
    return f"{sequence}{check_digit(sequence)}"


def next_account_number() -> str:
    """The number after the highest on record; held against others until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING_LOCK])
    longest = Account.objects.aggregate(longest=Max(Length("number")))["longest"]
    if longest is None:
        return account_number(100001)
    highest = Account.objects.annotate(length=Length("number")).filter(length=longest).aggregate(Max("number"))
    return account_number(int(highest["number__max"][:-1]) + 1)


@operation("customers.add_person", roles={CSR, BILLING, SUPERVISOR})
def add_person(
    deed: Deed, *, name: str, is_organisation: bool = False, phone: str = "", email: str = "", language: str = "en"
) -> Person:
    """Record a person or organisation the utility deals with; names are kept as written, in any script."""
    person = new_person(deed, name=name, is_organisation=is_organisation, phone=phone, email=email, language=language)
    tell(deed, "customers.person_added", person=person.pk)
    return person


def new_person(
    deed: Deed, *, name: str, is_organisation: bool = False, phone: str = "", email: str = "", language: str = "en"
) -> Person:
    """Record a person as part of another deed; see `add_person`."""
    return Person.objects.create(
        name=name.strip(), is_organisation=is_organisation, phone=phone, email=email, language=language
    )


@operation("customers.open_account", roles={CSR, BILLING, SUPERVISOR})
def open_account(deed: Deed, *, holder: Person, cycle: Cycle, mail_lines: Sequence[str], number: str = "") -> Account:
    """Open an account for ``holder`` on the business date, under ``number`` or the next free one.

    Raises `WrongAccountNumber`. Service begins with `move_in`.
    """
    account = new_account(deed, holder=holder, cycle=cycle, mail_lines=mail_lines, number=number)
    tell(deed, "customers.account_opened", account=account.pk, number=account.number)
    return account


def new_account(
    deed: Deed, *, holder: Person, cycle: Cycle, mail_lines: Sequence[str], number: str = "",
    opened_on: date | None = None,
) -> Account:  # fmt: skip
    """Open an account as part of another deed; see `open_account`. A move entered late opens it on an earlier day."""
    chosen = number or next_account_number()
    if not (chosen.isascii() and chosen.isdigit() and account_number(int(chosen[:-1] or 0)) == chosen):
        raise WrongAccountNumber(f"account number {chosen}: expected digits ending in their check digit")
    if Account.objects.filter(number=chosen).exists():
        raise WrongAccountNumber(f"account number {chosen} is taken")
    return Account.objects.create(
        number=chosen, holder=holder, cycle=cycle, mail_lines=list(mail_lines),
        opened_on=opened_on or deed.business_date,
    )  # fmt: skip
