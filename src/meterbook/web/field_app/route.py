"""The route as the phone keeps it: one JSON, everything in words of the reader's language, nobody else's data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from meterbook.engine.service_orders.field_work import FieldWork
from meterbook.engine.service_orders.rules import OrderRules, Said
from meterbook.records.metering.hub.not_read import REASONS
from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders.locates.rules import locate_rules
from meterbook.records.service_orders.phone import route
from meterbook.records.service_orders.phone.operations.fetch_route import fetch_route
from meterbook.records.service_orders.settings import order_rules
from meterbook.records.service_orders.words import KIND_WORDS
from meterbook.web.kit.access import act, may
from meterbook.web.kit.contact import masked_phone, sees_contact
from meterbook.web.kit.figures import long_day
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.words import say

#: How long what the office decided about sent work is told to the phone.
TOLD_FOR = timedelta(days=14)


def route_of(request: HttpRequest) -> dict[str, Any]:
    """The signed-in person's route of the business date; what goes out for the first time is put on record."""
    today, user = business_date(), act(request).actor
    orders = route.orders_of(user, today)
    held = route.copies_of(user, orders)
    if any((order.pk, order.version) not in held for order in orders) and may(request, "service_orders.fetch_route"):
        orders = fetch_route(act(request))
    rules, work = order_rules(today), route.field_work(today)
    return {
        "user": user.username, "on": today.isoformat(), "day": long_day(today),
        "orders": [_order(request, stop, rules, work, today) for stop in route.stops(orders, today)],
        "no_access": _said(rules.no_access) or {code: gettext(said) for code, (said, _kind) in REASONS.items()},
        "danger": _said(rules.danger), "findings": _said(rules.findings), "parts": _said(rules.parts),
        "responses": {code: answer.words(bilingual()) for code, answer in locate_rules(today).answers().items()},
        "settled": _settled(user, today),
    }  # fmt: skip


def _order(request: HttpRequest, stop: route.Stop, rules: OrderRules, work: FieldWork, today: date) -> dict[str, Any]:
    order, kind = stop.order, rules.kind(stop.order.kind)
    place = order.premise or (order.service_point.premise if order.service_point else None)
    address = place.address if place else order.place
    return {
        "id": order.pk, "version": order.version, "kind": order.kind, "emergency": order.emergency,
        "title": gettext(KIND_WORDS[order.kind]), "address": address, "when": _when(order, today),
        "query": f"{address}, {place.city}, {place.state} {place.postal_code}" if place else address,
        "spot": str(order.details.get("spot", "")), "reason": order.reason,
        "location": order.service_point.location if order.service_point else "",
        "notes": [_warning(rules, code, day) for code, day in stop.warnings],
        "contact": _contact(request, order), "linked": [_number(number) for number in stop.linked],
        "meter": _meter(stop.hanging), "planned": _plate(stop.planned), "asks": _asks(stop, rules), "reads": kind.reads,
        "checklist": [
            {"code": code, "answer": item.answer, "needed": item.needed, "words": item.words.words(bilingual())}
            for code, item in rules.items(order.kind).items()
        ],
        "valve": _valve(stop, work),
    }  # fmt: skip


def _asks(stop: route.Stop, rules: OrderRules) -> list[str]:
    """What the page asks for at this order."""
    order, kind = stop.order, rules.kind(stop.order.kind)
    swapped = order.kind in ("swap", "remove")
    found = {
        "verify": stop.hanging is not None and order.kind not in route.NO_METER,
        "reads": stop.hanging is not None and (kind.reads != "none" or swapped),
        "swap": order.kind == "swap", "set": order.kind == "set", "photo": kind.photo, "signature": kind.signature,
        "seal": order.kind in route.SEALS, "lock": order.kind in route.LOCKS, "valve": order.kind in route.VALVE,
        "response": order.source_kind == "locate",
    }  # fmt: skip
    return [name for name, asked in found.items() if asked]


def _meter(hanging: route.Hanging | None) -> dict[str, Any] | None:
    if hanging is None:
        return None
    return {
        "serial": hanging.meter.serial, "size": hanging.meter.size, "seals": hanging.seals, "locks": hanging.locks,
        "registers": [_register(register, hanging) for register in hanging.registers],
    }  # fmt: skip


def _register(register: Any, hanging: route.Hanging) -> dict[str, Any]:
    last, plausible = hanging.lasts.get(register.pk), hanging.ranges.get(register.pk)
    return {
        "id": register.pk, "channel": register.channel, "name": say("register", register.channel),
        "dials": register.dials, "decimals": register.decimals, "multiplier": _shown(register.multiplier),
        "unit": register.unit, "last": _shown(last.value) if last else None,
        "last_on": long_day(last.read_on) if last else "",
        "low": _shown(plausible[0]) if plausible else None, "high": _shown(plausible[1]) if plausible else None,
    }  # fmt: skip


def _plate(registers: list[Any]) -> dict[str, Any] | None:
    if not registers:
        return None
    return {
        "serial": registers[0].meter.serial,
        "registers": [
            {"channel": each.channel, "name": say("register", each.channel), "dials": each.dials,
             "multiplier": _shown(each.multiplier)}
            for each in registers
        ],
    }  # fmt: skip


def _valve(stop: route.Stop, work: FieldWork) -> dict[str, Any]:
    """Whether the office must be asked at the valve, and what is done where it cannot be."""
    choice = work.unasked(stop.order.cause)
    if choice == "may":
        said = gettext("You may go on as ordered.")
    elif work.call:
        said = gettext("Leave the valve as it is, or call %(phone)s.") % {"phone": work.call}
    else:
        said = gettext("Leave the valve as it is.")
    return {"needed": stop.cuts, "unasked": choice, "words": said}


def _contact(request: HttpRequest, order: Any) -> str:
    """The customer's name, and the phone number as far as the reader's roles see it."""
    if order.account is None:
        return ""
    holder = order.account.holder
    phone = holder.phone if sees_contact(request) else masked_phone(holder.phone)
    return " · ".join(filter(None, (holder.name, phone)))


def _warning(rules: OrderRules, code: str, day: date) -> str:
    said = rules.danger.get(code)
    words = said.words(bilingual()) if said else code
    return gettext("%(danger)s (%(day)s)") % {"danger": words, "day": long_day(day)}


def _when(order: Any, today: date) -> str:
    if order.due_on < today:
        return gettext("was due on %(day)s") % {"day": long_day(order.due_on)}
    return gettext("due on %(day)s") % {"day": long_day(order.due_on)}


def _settled(user: Any, today: date) -> dict[str, str]:
    """What the office decided about work that had met a change, by the key it was sent under."""
    words = {
        "applied": gettext("The office settled it: your work is on record."),
        "set_aside": gettext("The office settled it: it was set aside."),
    }
    visits = route.visits_of(user, today - TOLD_FOR)
    return {visit.key: words[visit.state] for visit in visits if visit.decided_by_id and visit.state in words}


def _said(codes: Mapping[str, Said]) -> dict[str, str]:
    return {code: said.words(bilingual()) for code, said in codes.items()}


def _number(number: int) -> str:
    return gettext("Order %(number)s") % {"number": number}


def _shown(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
