"""What the counter sells beside bills, and how it is run: the policies `counter-sales` and `counter-rules`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meterbook.engine.billing.adjusting import fields

#: A void's reason stands on the payments it takes back, which hold so many characters.
_REASON_LENGTH = 12


class UnknownSale(LookupError):
    """The catalogue in force sells nothing of this code."""


class UnknownReason(LookupError):
    """The rules in force know no such reason."""


@dataclass(frozen=True, slots=True)
class Sale:
    """Something sold at the counter: ``cents`` its price, or None where it is keyed; ``account`` of the chart."""

    code: str
    words: Mapping[str, str]
    account: str
    cents: int | None
    citation: str


@dataclass(frozen=True, slots=True)
class CounterRules:
    """How the counter is run: reasons with their words, amounts in cents.

    A difference above ``supervisor_above`` is closed by a supervisor; ``float_up_to`` is the most a drawer is lent.
    """

    stations: tuple[str, ...]
    voids: Mapping[str, Mapping[str, str]]
    over_short: Mapping[str, Mapping[str, str]]
    supervisor_above: int
    float_up_to: int


def parse_sales(found: Mapping[str, Any]) -> dict[str, Sale]:
    """The catalogue by code; raises `WrongSetting`."""
    made: dict[str, Sale] = {}
    for at, row in enumerate(fields.entries(found.get("sales"), "sales")):
        where = f"sales[{at}]"
        item = fields.entry(row, where, ("code", "words", "account", "citation"), ("price",))
        code = fields.code(item["code"], f"{where}.code")
        if code in made:
            raise fields.WrongSetting(f"{where}.code", code, "every code once")
        price = item.get("price")
        made[code] = Sale(
            code,
            fields.words(item["words"], f"{where}.words"),
            fields.text(item["account"], f"{where}.account"),
            None if price is None else fields.money(price, f"{where}.price"),
            fields.text(item["citation"], f"{where}.citation"),
        )
    return made


def parse_rules(found: Mapping[str, Any]) -> CounterRules:
    """The rules; raises `WrongSetting`."""
    stations = tuple(fields.text(name, "stations") for name in fields.entries(found.get("stations"), "stations"))
    voids = _reasons(found.get("voids"), "voids")
    if long := [code for code in voids if len(code) > _REASON_LENGTH]:
        raise fields.WrongSetting("voids", long[0], f"a code of at most {_REASON_LENGTH} characters")
    return CounterRules(
        stations, voids, _reasons(found.get("over_short"), "over_short"),
        fields.money(found.get("supervisor_above"), "supervisor_above"),
        fields.money(found.get("float_up_to"), "float_up_to"),
    )  # fmt: skip


def _reasons(found: object, where: str) -> dict[str, Mapping[str, str]]:
    rows = [fields.entry(row, where, ("code", "words")) for row in fields.entries(found, where)]
    return {fields.code(row["code"], f"{where}.code"): fields.words(row["words"], f"{where}.words") for row in rows}
