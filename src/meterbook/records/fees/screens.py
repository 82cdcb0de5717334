"""What pages and commands show of one-off charges."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Concat, Trim

from meterbook.records.customers.models import Account
from meterbook.records.fees.models import DevelopmentCharge, ServiceCharge, ServiceRequest
from meterbook.records.fees.settings import catalogue_on, development_on
from meterbook.records.ledger.models import Allocation, OpenItem
from meterbook.records.places.models import Premise, ServicePoint


def _address(premise: str) -> Trim:
    """The service address in one line, computed where rows are filtered and sorted by it."""
    parts = (f"{premise}__street_number", Value(" "), f"{premise}__street", Value(" "), f"{premise}__unit")
    return Trim(Concat(*parts, output_field=CharField()))


_PAID = (
    Allocation.objects.filter(charge__source_kind="fee", charge__side=OpenItem.CHARGE)
    .values("charge__source_id").annotate(sum=Sum("amount_cents")).values("sum")
)  # fmt: skip


def charges() -> QuerySet[ServiceCharge, Any]:
    """Every charge with what of it is still to be paid."""
    paid = Coalesce(Subquery(_PAID.filter(charge__source_id=OuterRef("pk")), output_field=IntegerField()), 0)
    return ServiceCharge.objects.annotate(
        open_cents=Case(When(state="booked", then=F("amount_cents") - paid), default=Value(0))
    ).values(
        "id", "code", "words_en", "words_es", "service", "amount_cents", "due_on", "state", "note", "open_cents",
        number=F("account__number"), name=F("account__holder__name"), asker=F("asked_by__actor__username"),
        asked_on=F("asked_by__business_date"), booker=F("booked_by__actor__username"),
    )  # fmt: skip


def find_charge(charge_id: int) -> ServiceCharge | None:
    """One charge with everything around it."""
    about = ("account__holder", "against", "document", "approval__requested_by", "asked_by__actor",
             "booked_by__actor", "cancelled_by__actor")  # fmt: skip
    return ServiceCharge.objects.filter(pk=charge_id).select_related(*about).first()


def fee_choices(on: date, services: list[str]) -> list[tuple[str, dict[str, str], int | None, bool]]:
    """Fees for these services: code, words, price in cents or None where it is keyed, whether it is paid first."""
    _, catalogue = catalogue_on(on)
    return [
        (fee.code, dict(fee.words), fee.price, fee.paid_first)
        for fee in catalogue.fees.values()
        if set(fee.services) & set(services)
    ]


def services_of(account_id: int) -> list[str]:
    """The services an account ever had."""
    points = ServicePoint.objects.filter(agreements__account=account_id).order_by("commodity")
    return sorted(set(points.values_list("commodity", flat=True)))


def points_of(account: Account, on: date) -> list[ServicePoint]:
    """Where an account is served on a day."""
    rows = account.agreements.filter(validity__contains=on).select_related("service_point__premise")
    return [row.service_point for row in rows.order_by("service_point__commodity", "pk")]


def premises_of(account: Account) -> list[Premise]:
    """Where an account is or was served."""
    found = {row.service_point.premise_id: row.service_point.premise
             for row in account.agreements.select_related("service_point__premise").order_by("pk")}  # fmt: skip
    return list(found.values())


def requests() -> QuerySet[ServiceRequest, Any]:
    """Every service request with what is still to be paid before somebody is sent; sent ones unpaid again as well."""
    paid = Coalesce(Subquery(_PAID.filter(charge__source_id=OuterRef("charge_id")), output_field=IntegerField()), 0)
    return ServiceRequest.objects.annotate(
        open_cents=Case(When(state="cancelled", then=Value(0)), default=F("charge__amount_cents") - paid)
    ).values(
        "id", "state", "field_kind", "wanted_on", "open_cents", "charge_id", "field_request_id",
        words_en=F("charge__words_en"), words_es=F("charge__words_es"), amount_cents=F("charge__amount_cents"),
        number=F("charge__account__number"), name=F("charge__account__holder__name"),
        address=_address("service_point__premise"), asked_on=F("deed__business_date"),
    )  # fmt: skip


def find_request(request_id: int) -> ServiceRequest | None:
    """One service request."""
    about = ("charge__account__holder", "service_point__premise")
    return ServiceRequest.objects.filter(pk=request_id).select_related(*about).first()


def developments() -> QuerySet[DevelopmentCharge, Any]:
    """Every development charge: how many parts, how much of it is booked."""
    booked = Q(instalments__charge__isnull=False)
    return DevelopmentCharge.objects.annotate(
        parts=Count("instalments"),
        booked_cents=Coalesce(Sum("instalments__principal_cents", filter=booked), 0),
    ).values(
        "id", "service", "amount_cents", "state", "parts", "booked_cents", number=F("account__number"),
        name=F("account__holder__name"), address=_address("premise"), asked_on=F("deed__business_date"),
    )  # fmt: skip


def find_development(development_id: int) -> DevelopmentCharge | None:
    """One development charge with everything around it."""
    about = ("account__holder", "premise", "document", "approval__requested_by", "approval__decided_by", "deed__actor")
    return DevelopmentCharge.objects.filter(pk=development_id).select_related(*about).first()


def sizes(on: date) -> tuple[list[str], list[str], int]:
    """Meter sizes and services of development charges, and the most parts."""
    _, rules = development_on(on)
    return list(rules.equivalents), list(rules.per_equivalent), rules.most
