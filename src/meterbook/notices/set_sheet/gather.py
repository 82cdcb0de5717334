"""From an order to set or swap a meter to its sheet."""

from __future__ import annotations

from datetime import date

from meterbook.notices.letters import Letter, long_day, money, set_letters
from meterbook.notices.set_sheet.words import words
from meterbook.records.ledger.screens import owed
from meterbook.records.metering.models import Meter
from meterbook.records.platform.queries import utility
from meterbook.records.service_orders.models import Order

_BLANK = "_" * 30
KINDS = ("set", "swap")


class NoSuchOrder(LookupError):
    """There is no such order, or it sets no meter."""


def sheet_of(order_id: int, language: str, on: date) -> Letter:
    """The sheet of an order, stated on a day. Raises `NoSuchOrder`."""
    about = ("service_point__route", "service_point__premise__parcel", "premise__parcel", "account")
    found = Order.objects.select_related(*about).filter(pk=order_id, kind__in=KINDS).first()
    if found is None:
        raise NoSuchOrder(f"no order {order_id} that sets a meter")
    w, house = words(language), utility()
    point, premise = found.service_point, found.premise
    address = premise.address if premise else found.place
    service = w.get(point.commodity if point else "", w[""])
    return Letter(
        language=language, title=w["title"], utility=house.name, department=house.department,
        date=long_day(on, language), stated=(on.year, on.month, on.day), account=w["order"].format(number=found.pk),
        mail=[], about=w["about"].format(service=service, address=address), greeting=w["lead"], said=[found.reason],
        heads=[w["field"], w["value"]], rows=_rows(found, w, address, on),
    )  # fmt: skip


def _rows(found: Order, w: dict[str, str], address: str, on: date) -> list[list[str]]:
    """What is on record, then what is filled in at the place."""
    point, parcel = found.service_point, found.premise.parcel.number if found.premise else ""
    route = f"{point.route.code} / {point.sequence}" if point and point.route else ""
    meter = Meter.objects.filter(serial=found.details.get("serial", "")).first()
    dials = meter.registers.order_by("pk").first() if meter else None
    said = {
        "address": address, "parcel": parcel, "permit": found.details.get("permit", ""),
        "quote": found.details.get("quote", ""), "fees": _fees(found, w, on), "point": point.code if point else "",
        "route": route, "size": meter.size if meter else found.details.get("size", ""),
        "type": f"{meter.manufacturer} {meter.model}".strip() if meter else "", "serial": meter.serial if meter else "",
        "dials": str(dials.dials) if dials else "", "multiplier": str(dials.multiplier) if dials else "",
        "start": "", "seal": "", "location": point.location if point else "", "tested": "", "installer": "",
    }  # fmt: skip
    left_out = {name for name in ("permit", "quote") if not said[name]}
    return [[w[name], str(value) or _BLANK] for name, value in said.items() if name not in left_out]


def _fees(found: Order, w: dict[str, str], on: date) -> str:
    """What the account still owes; the crew does not set a meter over fees that are paid first."""
    left = sum(max(row.balance_cents, 0) for row in owed(found.account_id, on)) if found.account_id else 0
    return w["fees_open"].format(amount=money(left)) if left else w["fees_none"]


def render_set_sheet(order_id: int, language: str, on: date) -> bytes:
    """The sheet as a PDF. Raises `NoSuchOrder`, `NotSet`."""
    return set_letters([sheet_of(order_id, language, on)])
