"""The policy `service-suspension`: causes for which service may be suspended, how long, and what is charged then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from meterbook.engine.billing.adjusting import fields

Continues = Literal["nothing", "fixed"]


@dataclass(frozen=True, slots=True)
class SuspensionCause:
    """One cause: its words, the fewest days it holds, and what goes on by service; others are not suspended for it."""

    code: str
    words: Mapping[str, str]
    least_days: int
    continues: Mapping[str, Continues]


def parse_suspension(found: Mapping[str, Any]) -> dict[str, SuspensionCause]:
    """The policy's mapping as causes by code; raises `WrongSetting`."""
    causes: dict[str, SuspensionCause] = {}
    for at, each in enumerate(fields.entries(found.get("causes"), "causes")):
        where = f"causes[{at}]"
        given = fields.entry(each, where, ("code", "words", "least_days", "continues"))
        code = fields.code(given["code"], f"{where}.code")
        if code in causes:
            raise fields.WrongSetting(f"{where}.code", code, "a code that stands once")
        services = given["continues"]
        if not isinstance(services, dict) or not services:
            raise fields.WrongSetting(f"{where}.continues", services, "services with nothing or fixed")
        continues: dict[str, Continues] = {}
        for service, goes_on in services.items():
            chosen = fields.one_of(goes_on, f"{where}.continues.{service}", ("nothing", "fixed"))
            continues[fields.code(service, f"{where}.continues")] = "nothing" if chosen == "nothing" else "fixed"
        causes[code] = SuspensionCause(
            code=code,
            words=fields.words(given["words"], f"{where}.words"),
            least_days=fields.whole(given["least_days"], f"{where}.least_days", least=1),
            continues=continues,
        )
    return causes
