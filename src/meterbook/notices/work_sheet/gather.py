"""From orders to the paper a crew takes along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext, override

from meterbook.notices.letters import Letter, long_day, set_letters
from meterbook.notices.work_sheet.words import words
from meterbook.records.metering.models import Installation, Read, Seal
from meterbook.records.platform.queries import utility
from meterbook.records.service_orders.models import Order, OrderVisit
from meterbook.records.service_orders.settings import order_rules
from meterbook.records.service_orders.words import KIND_WORDS

_BLANK = "_" * 30
_READS = ("set", "remove", "swap", "on", "off", "re_read", "final_read", "initial_read", "check", "test", "leak_check")


def render_sheets(numbers: Sequence[int], *, language: str, on: date) -> bytes:
    """The list of the day where there is more than one order, and a page for each. Raises `NotSet`, ``ValueError``."""
    about = ("service_point__route", "premise", "account__holder", "crew")
    known = Order.objects.select_related(*about).in_bulk(list(numbers))
    found = [known[number] for number in numbers if number in known]
    pages = [_sheet(order, language, on) for order in found]
    if len(found) > 1:
        pages.insert(0, _list(found, language, on))
    return set_letters(pages)


def _list(orders: Sequence[Order], language: str, on: date) -> Letter:
    w = words(language)
    crew = orders[0].crew
    rows = [
        [str(at), what(order, language), where(order), str(order.minutes)] for at, order in enumerate(orders, start=1)
    ]
    said = w["list_about"].format(count=len(orders), minutes=sum(order.minutes for order in orders))
    return _page(
        language, on, title=w["list"], account=w["crew"].format(code=crew.code) if crew else "", about=said,
        greeting=w["lead"], said=[], heads=[w["stop"], w["what"], w["where"], w["minutes"]], rows=rows,
    )  # fmt: skip


def _sheet(order: Order, language: str, on: date) -> Letter:
    w = words(language)
    urgent = [w["emergency"]] if order.emergency else []
    return _page(
        language, on, title=w["title"], account=w["order"].format(number=order.pk),
        about=w["about"].format(what=what(order, language), where=where(order)), greeting=w["lead"],
        said=[*urgent, order.reason], heads=[w["field"], w["value"]], rows=_rows(order, w, language, on),
    )  # fmt: skip


def _page(language: str, on: date, **said: object) -> Letter:
    house = utility()
    return Letter(
        language=language, utility=house.name, department=house.department, date=long_day(on, language),
        stated=(on.year, on.month, on.day), mail=[], **said,  # type: ignore[arg-type]
    )  # fmt: skip


def _rows(order: Order, w: dict[str, str], language: str, on: date) -> list[list[str]]:
    """What is on record, the checklist, then what is filled in at the place."""
    point, rules = order.service_point, order_rules(on)
    account = f"{order.account.number} {order.account.holder.name}" if order.account else ""
    route = f"{point.route.code} / {point.sequence}" if point and point.route else ""
    wish = ", ".join(str(value) for value in order.details.values() if not isinstance(value, (dict, list)))
    known = {
        "due": long_day(order.due_on, language), "account": account, "point": point.code if point else "",
        "route": route, "location": point.location if point else "", **_meter(order, language, on), "wish": wish,
        "danger": _dangers(order, language, on),
    }  # fmt: skip
    rows = [[w[name], said] for name, said in known.items() if said]
    rows += [[item.words.words(language), _BLANK] for item in rules.items(order.kind).values()]
    blanks = [
        "found",
        *(["read"] if order.kind in _READS else []),
        *(["hung"] if order.kind in ("set", "swap") else []),
    ]
    return rows + [[w[name], _BLANK] for name in (*blanks, "sealed", "parts", "unable", "signed", "worker")]


def _meter(order: Order, language: str, on: date) -> dict[str, str]:
    """The meter that hangs there, how it counts, what it showed last, what seals it."""
    hung = Installation.objects.filter(service_point=order.service_point_id, validity__contains=on)
    found = hung.select_related("meter").first()
    if found is None:
        return {}
    registers = list(found.meter.registers.order_by("channel"))
    last = (
        Read.objects.filter(register__in=registers, status=Read.ACCEPTED, superseded=False).order_by("-read_on").first()
    )
    seals = Seal.objects.filter(service_point=order.service_point_id, validity__endswith__isnull=True)
    return {
        "meter": f"{found.meter.serial}, {found.meter.size}",
        "registers": "; ".join(f"{one.dials}, × {one.multiplier.normalize():f} {one.unit}" for one in registers),
        "last": f"{last.value.normalize():f}, {long_day(last.read_on, language)}" if last is not None else "",
        "seals": ", ".join(seal.number for seal in seals),
    }  # fmt: skip


def _dangers(order: Order, language: str, on: date) -> str:
    """What crews warned of at this address."""
    if order.premise_id is None:
        return ""
    rows = OrderVisit.objects.filter(order__premise=order.premise_id).exclude(danger="")
    said = order_rules(on).danger
    codes = dict.fromkeys(rows.order_by("-pk").values_list("danger", flat=True)[:5])
    return ", ".join(said[code].words(language) if code in said else code for code in codes)


def what(order: Order, language: str) -> str:
    """The kind in words."""
    with override(language):
        return gettext(KIND_WORDS[order.kind])


def where(order: Order) -> str:
    """The address, or the place in words."""
    return order.premise.address if order.premise else order.place
