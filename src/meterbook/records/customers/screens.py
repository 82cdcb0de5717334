"""What pages show of customers: the account list, and who stands behind an account."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from meterbook.engine.billing.suspension import SuspensionCause, parse_suspension
from meterbook.records.customers.models import (
    Account,
    AccountPerson,
    Protection,
    ServiceAgreement,
    ServiceSuspension,
)
from meterbook.records.customers.operations.suspend_service import POLICY
from meterbook.records.platform.policies import NoPolicy, policy


def accounts() -> QuerySet[Account, Any]:
    """Every account with its holder and cycle."""
    return Account.objects.values(
        "id", "number", "opened_on", "closed_on", name=F("holder__name"), cycle_code=F("cycle__code")
    )


def account(number: str) -> Account | None:
    """One account with its holder and cycle, or nothing."""
    return Account.objects.select_related("holder", "cycle").filter(number=number).first()


def holders(numbers: list[str]) -> dict[str, str]:
    """The holder's name by account number."""
    return dict(Account.objects.filter(number__in=numbers).values_list("number", "holder__name"))


def accounts_at_points(service_points: list[int], day: date) -> dict[int, int]:
    """The account served at each service point on a day."""
    rows = ServiceAgreement.objects.filter(service_point_id__in=service_points, validity__contains=day)
    return dict(rows.values_list("service_point_id", "account_id"))


def agreements(account_id: int) -> list[Any]:
    """Every service agreement of an account, the current ones first."""
    rows: Any = ServiceAgreement.objects.filter(account_id=account_id).values(
        "id", "validity", "service_point_id", point=F("service_point__code"), commodity=F("service_point__commodity"),
        connection=F("service_point__connection"), schedule_code=F("schedule__code"),
        location=F("service_point__location"),
        schedule_en=F("schedule__title_en"), schedule_es=F("schedule__title_es"),
        premise_id=F("service_point__premise_id"), street_number=F("service_point__premise__street_number"),
        street=F("service_point__premise__street"), unit=F("service_point__premise__unit"),
    )  # fmt: skip
    return sorted(rows, key=lambda row: (row["validity"].upper is not None, row["commodity"], row["point"]))


def agreements_at(service_points: list[int]) -> list[Any]:
    """Who was served at these points, newest first."""
    rows: Any = ServiceAgreement.objects.filter(service_point_id__in=service_points).values(
        "validity", "service_point_id", number=F("account__number"), name=F("account__holder__name"),
        commodity=F("service_point__commodity"), schedule_code=F("schedule__code"),
    )  # fmt: skip
    return sorted(rows, key=lambda row: row["validity"].lower, reverse=True)


def people(account_id: int) -> list[Any]:
    """The other people with a part in an account."""
    rows = AccountPerson.objects.filter(account_id=account_id).order_by("part", "person__name")
    return list(
        rows.values("part", "validity", name=F("person__name"), phone=F("person__phone"), email=F("person__email"))
    )


def protections(account_id: int, day: date) -> list[Any]:
    """The protections of an account that hold on a day."""
    rows = Protection.objects.filter(account_id=account_id, validity__contains=day).order_by("kind")
    return list(rows.values("kind", "evidence", "validity", recorded_by=F("deed__actor__username")))


def suspensions(account_id: int) -> list[ServiceSuspension]:
    """Every suspension of an account's services, the newest first."""
    rows = ServiceSuspension.objects.filter(
        agreement__account_id=account_id, validity__overlap=F("agreement__validity")
    )
    return list(rows.select_related("agreement__service_point", "deed__actor").order_by("-validity", "-pk"))


def suspension(number: str, pk: int) -> ServiceSuspension | None:
    """One suspension of an account, or nothing."""
    rows = ServiceSuspension.objects.filter(agreement__account__number=number, pk=pk)
    return rows.select_related("agreement__service_point", "agreement__account__holder").first()


def agreement(number: str, pk: int) -> ServiceAgreement | None:
    """One agreement of an account, or nothing."""
    rows = ServiceAgreement.objects.filter(account__number=number, pk=pk)
    return rows.select_related("service_point", "account__holder").first()


def suspension_causes(day: date) -> dict[str, SuspensionCause]:
    """The causes of the policy in force on a day, by code; none without a policy."""
    try:
        return parse_suspension(policy(POLICY, day))
    except NoPolicy:
        return {}
