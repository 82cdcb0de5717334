"""Opening a service order inside somebody else's deed: the one door for moves, cases, fees and the field's requests.

order = open_order(deed, kind="off", service_point=point, wanted_on=day, reason="Moves out", source=("move", 12))
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.metering.models import FieldRequest
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.models import Order
from meterbook.records.service_orders.models.orders import CAUSES, KINDS
from meterbook.records.service_orders.refusals import NoPlace, NoReason, OrderRefused, UnknownKind
from meterbook.records.service_orders.settings import kind_settings
from meterbook.records.service_orders.states import WAITING, noted

_LONGEST = 300


def open_order(
    deed: Deed,
    *,
    kind: str,
    reason: str,
    service_point: ServicePoint | None = None,
    premise: Premise | None = None,
    wanted_on: date | None = None,
    account: Account | None = None,
    source: tuple[str, int] | None = None,
    emergency: bool = False,
    cause: str = "",
    details: Mapping[str, Any] | None = None,
    place: str = "",
    field_request: FieldRequest | None = None,
) -> Order:
    """Open an order of one of `models.orders.KINDS`; the same ``source`` asking for the same again gets the same order.

    ``account`` is found by the service point where it is not given. ``cause`` (`models.orders.CAUSES`) says why service
    goes on or off. ``details`` is what the kind asks for, like ``{"serial": "W-2"}`` for the meter to hang. Kinds that
    need approval begin as drafts; an emergency never waits for one. Raises `UnknownKind`, `NoReason`, `NoPlace`.
    """
    if kind not in KINDS:
        raise UnknownKind(kind=kind)
    if not reason.strip():
        raise NoReason
    if service_point is None and premise is None and not place.strip():
        raise NoPlace
    if cause and cause not in CAUSES:
        raise OrderRefused
    known = None if source is None else _open_already(kind, source, service_point)
    if known is not None:
        return known
    rules = kind_settings(kind, deed.business_date)
    order = Order.objects.create(
        kind=kind, state=Order.DRAFT if rules.approval and not emergency else Order.APPROVED, emergency=emergency,
        service_point=service_point, premise=premise or (service_point.premise if service_point else None),
        place=place.strip()[:200], account=account or _served(service_point, deed.business_date),
        reason=reason.strip()[:_LONGEST], cause=cause or ("requested" if kind in ("on", "off") else ""),
        details=dict(details or {}), opened_on=deed.business_date, wanted_on=wanted_on,
        due_on=wanted_on or rules.due_on(deed.business_date, emergency=emergency), minutes=rules.minutes,
        source_kind=source[0] if source else "", source_id=source[1] if source else None,
        field_request=field_request, deed=deed,
    )  # fmt: skip
    noted(deed, order, "opened", reason)
    tell(
        deed, "service_orders.opened", order=order.pk, kind=kind, emergency=emergency, account=order.account_id,
        service_point=order.service_point_id,
    )  # fmt: skip
    return order


def _open_already(kind: str, source: tuple[str, int], service_point: ServicePoint | None) -> Order | None:
    rows = Order.objects.filter(kind=kind, source_kind=source[0], source_id=source[1], state__in=WAITING)
    return rows.filter(service_point=service_point).first()


def _served(service_point: ServicePoint | None, on: date) -> Account | None:
    if service_point is None:
        return None
    rows = ServiceAgreement.objects.filter(service_point=service_point, validity__contains=on)
    found = rows.select_related("account").first()
    return None if found is None else found.account
