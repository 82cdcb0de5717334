"""What pages show of net metering."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.programs.models import NetMeteringAccount, NetMeteringEntry, NetMeteringShare
from meterbook.records.programs.net_metering.queries import positions


def enrolments() -> QuerySet[NetMeteringAccount, Any]:
    """Every enrolment with its account and service point."""
    return NetMeteringAccount.objects.values(
        "id", "option", "true_up_month", "validity", "grandfathered_until", number=F("account__number"),
        name=F("account__holder__name"), point=F("agreement__service_point__code"),
        schedule=F("agreement__schedule__code"),
    )  # fmt: skip


def with_positions(rows: list[dict[str, Any]]) -> None:
    """Add to each row what is carried, what waits, and how many periods must be rated again."""
    nems = NetMeteringAccount.objects.in_bulk([row["id"] for row in rows])
    for row, at in zip(rows, positions([nems[row["id"]] for row in rows]), strict=True):
        row |= {
            "bank_e6": at.carried.kwh_e6, "bank_cents": at.carried.cents, "waiting_e6": at.waiting_e6,
            "unsettled": len(at.unsettled), "billed_to": at.last.ends if at.last else None,
            "starts": row["validity"].lower, "ends": row["validity"].upper,
        }  # fmt: skip


def enrolment(pk: int) -> NetMeteringAccount | None:
    """One enrolment with everything its page names, or nothing."""
    found = NetMeteringAccount.objects.select_related(
        "account__holder", "agreement__schedule", "agreement__service_point__premise", "deed__actor", "ended__actor"
    )
    return found.filter(pk=pk).first()


def entries(nem: NetMeteringAccount) -> list[NetMeteringEntry]:
    """The ledger of an enrolment, newest first."""
    return list(nem.entries.select_related("deed__actor", "reverses").order_by("-starts", "-pk"))


def shares(nem: NetMeteringAccount) -> list[NetMeteringShare]:
    """The shares of the group an enrolment feeds, or has a share of."""
    mine = NetMeteringShare.objects.filter(group__generator=nem) | NetMeteringShare.objects.filter(member=nem)
    return list(mine.select_related("group__generator__account", "member__account").order_by("-validity", "member_id"))


def agreement_at(code: str) -> ServiceAgreement | None:
    """The newest agreement of a service point, by the point's code."""
    found = ServiceAgreement.objects.filter(service_point__code=code).select_related("schedule__document", "account")
    return found.order_by("-validity").first()
