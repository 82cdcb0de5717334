"""What pages show of the people behind an account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F

from meterbook.records.customers.models import Account, AccountPerson, Alert, ForwardingAddress, Person


def parts(account_id: int, day: date) -> list[Any]:
    """The people with a part in an account that has not ended, each with how they are reached; the holder left out."""
    rows = AccountPerson.objects.filter(account_id=account_id).order_by("part", "person__name", "pk")
    found: list[Any] = list(rows.values(
        "id", "part", "validity", "person_id", name=F("person__name"), phone=F("person__phone"),
        email=F("person__email"), language=F("person__language"),
    ))  # fmt: skip
    return [row for row in found if row["validity"].upper is None or row["validity"].upper > day]


def alerts(account_id: int, day: date) -> list[Any]:
    """The alerts of an account that stand on a day."""
    rows = Alert.objects.filter(account_id=account_id, validity__contains=day).order_by("kind", "pk")
    return list(rows.values("id", "kind", "words", "validity", by=F("deed__actor__username")))


def forwarded(account_id: int, day: date) -> ForwardingAddress | None:
    """Where the account's mail goes on a day instead of its own address, or nothing."""
    return ForwardingAddress.objects.filter(account_id=account_id, validity__contains=day).first()


def person_of(account: Account, person_id: int) -> Person | None:
    """The holder or a person with a part in the account, or nothing."""
    if account.holder_id == person_id:
        return account.holder
    return Person.objects.filter(pk=person_id, account_parts__account=account).first()


def confidential(account_ids: list[int], day: date) -> set[int]:
    """Of these accounts those whose address is kept secret on a day."""
    rows = Alert.objects.filter(account_id__in=account_ids, kind=Alert.CONFIDENTIAL, validity__contains=day)
    return set(rows.values_list("account_id", flat=True))


def secret_numbers(numbers: Iterable[str], day: date) -> set[str]:
    """Of these account numbers those whose address is kept secret on a day."""
    rows = Alert.objects.filter(account__number__in=set(numbers), kind=Alert.CONFIDENTIAL, validity__contains=day)
    return set(rows.values_list("account__number", flat=True))
