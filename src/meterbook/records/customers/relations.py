"""Own and family accounts: nobody who works here moves money on an account that is their own or a relative's.

The one check every operation with money asks, whatever the area; marks are declared and ended by
`operations/declare_relation.py`. An account held under the e-mail address somebody signs in with counts without a mark.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, AccountPerson, Interest, Person
from meterbook.records.platform.models import User


class OwnAccount(ValueError):
    """The account is the person's own, or their family's; ``step`` is the sentence in the reader's language."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


def refuse_own(user: User, account: Account, on: date) -> None:
    """Raise `OwnAccount` for an account marked as the person's own or family's, or held under their e-mail address."""
    marked = Interest.objects.filter(user=user, account=account, validity__contains=on).exists()
    if marked or (user.email and _people(account, on).filter(email__iexact=user.email).exists()):
        raise OwnAccount(
            Step(
                N_("{number} is your own or your family's account; somebody else does this."),
                {"number": account.number},
            )
        )


def sign_ins() -> list[str]:
    """The names people who work here sign in with."""
    return list(User.objects.filter(is_active=True).order_by("username").values_list("username", flat=True))


def relation(relation_id: int) -> Interest | None:
    """One mark, or nothing."""
    return Interest.objects.filter(pk=relation_id).select_related("user", "account__holder").first()


def relations() -> QuerySet[Interest, Any]:
    """Every mark: who, which account, own or family, from when to when, and who declared it."""
    return Interest.objects.values(
        "id", "kind", since=F("validity__startswith"), ends=F("validity__endswith"), username=F("user__username"),
        number=F("account__number"), name=F("account__holder__name"), declared_by=F("deed__actor__username"),
        declared_on=F("deed__business_date"), reason=F("deed__reason"),
    )  # fmt: skip


def _people(account: Account, on: date) -> QuerySet[Person]:
    parts = AccountPerson.objects.filter(account=account, validity__contains=on, part="co_holder")
    return Person.objects.filter(Q(pk=account.holder_id) | Q(pk__in=parts.values("person_id")))
