"""What one order's page says, in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.trace import Step, Value
from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders import screens
from meterbook.records.service_orders.states import NEXT, WAITING
from meterbook.web.kit import figures
from meterbook.web.kit.language import bilingual
from meterbook.web.service_orders.forms import wish_in

NUMBERS = (
    ("seals_on", _("Seals put on")), ("seals_off", _("Seals taken off")), ("locks_on", _("Locks put on")),
    ("locks_off", _("Locks taken off")),
)  # fmt: skip


def page_of(order: Any) -> dict[str, Any]:
    """Everything of an order."""
    today = business_date()
    status = screens.status_on([order.service_point_id], today) if order.service_point_id else {}
    return {
        "item": order, "title": gettext("Order %(number)s") % {"number": order.pk}, "wish": wish_in(order.details),
        "history": screens.history(order), "visits": [_visit(each) for each in screens.visits(order)],
        "links": screens.links(order), "hung": screens.hanging(order, today), "seals": screens.seals_on(order),
        "service": status.get(order.service_point_id), "late": order.state in WAITING and order.due_on < today,
        "dangers": [said[_pick()] for said in screens.dangers(order, today)],
        "completable": "completed" in NEXT[order.state],
    }  # fmt: skip


def _pick() -> int:
    return 1 if bilingual() == "es" else 0


def _visit(found: screens.Visit) -> dict[str, Any]:
    pick = _pick()
    return {
        "row": found.row, "undecided": found.undecided,
        "conflicts": [_said(step) for step in found.conflicts],
        "effects": [(_said(step), _address(name, args)) for step, name, args in found.effects],
        "answers": [(words[pick], _answer(words[2])) for words in found.answers],
        "findings": [(words[pick], words[2]) for words in found.findings],
        "parts": [(words[pick], words[2], words[3]) for words in found.parts],
        "files": found.files, "code": found.code[pick], "danger": found.danger[pick],
        "reads": found.row.sent.get("reads", []), "hung": (found.row.sent.get("put_up") or {}).get("serial", ""),
        "numbers": [(title, ", ".join(found.row.sent[name])) for name, title in NUMBERS if found.row.sent.get(name)],
    }  # fmt: skip


def _said(step: Step) -> str:
    """A sentence in the reader's language, its days as days are written."""
    shown: dict[str, Value] = {
        name: figures.day(one) if isinstance(one, date) else one for name, one in step.values.items()
    }
    return Step(step.message, shown).words(gettext)


def _answer(said: str) -> str:
    return {"yes": gettext("Yes"), "no": gettext("No")}.get(said, said)


def _address(name: str, args: list[Any]) -> str:
    try:
        return reverse(name, args=args) if name else ""
    except NoReverseMatch:
        return ""
