"""What an installation costs: parts, labour, meter, taps, paving, by the policy `installation-costs`. Exact cents.

A quote is lines of quantity × price, each rounded half-up to the cent, and a share for administration on their sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from meterbook.engine.billing.adjusting import fields
from meterbook.engine.trace import N_, Step

#: How a line's quantity is found: once, once a meter at the price of its size, by hours of its size, or asked.
WAYS = ("once", "size", "hours", "asked")


class WrongInstallation(ValueError):
    """What was asked for is not in the policy, or a quantity is missing or negative; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the catalogue: its words, how its quantity is found, its prices in cents (by size where it has sizes).

    ``hours`` gives hours by size for labour; ``unit`` names what is asked, like ``sqft``.
    """

    code: str
    words: Mapping[str, str]
    way: str
    price: int
    prices: Mapping[str, int]
    hours: Mapping[str, Decimal]
    unit: str


@dataclass(frozen=True, slots=True)
class Installation:
    """A kind of installation: a new water service, a larger meter, a panel."""

    code: str
    words: Mapping[str, str]
    service: str
    parts: tuple[Part, ...]
    charged_by: str

    @property
    def sizes(self) -> list[str]:
        """Sizes there is a price for."""
        return sorted({size for part in self.parts for size in (*part.prices, *part.hours)})


@dataclass(frozen=True, slots=True)
class Cost:
    """A line of a quote: quantity (exact), price and amount in cents."""

    code: str
    words: Mapping[str, str]
    quantity: Decimal
    unit: str
    price: int
    cents: int


@dataclass(frozen=True, slots=True)
class InstallationRules:
    """Kinds of installation by code, the share for administration in percent, and how many days a quote holds."""

    kinds: Mapping[str, Installation]
    administration: Decimal
    valid_days: int
    words: Mapping[str, str]

    def quote(self, kind: str, size: str, *, meters: int = 1, asked: Mapping[str, Decimal]) -> list[Cost]:
        """The lines of an installation of ``meters`` of a size; ``asked`` holds the quantities that are measured.

        A quantity asked that is zero leaves its line out. Raises `WrongInstallation`.
        """
        found = self.kinds.get(kind)
        if found is None:
            raise WrongInstallation(
                Step(N_("found the installation {found}, expected one of {known}"),
                     {"found": kind, "known": ", ".join(self.kinds)})
            )  # fmt: skip
        lines = [line for part in found.parts if (line := _line(part, size, meters, asked)) is not None]
        share = _cents(sum(line.cents for line in lines) * self.administration / 100)
        if share:
            lines.append(Cost("administration", self.words, self.administration, "%", 0, share))
        return lines


def _line(part: Part, size: str, meters: int, asked: Mapping[str, Decimal]) -> Cost | None:
    if part.way == "once":
        return Cost(part.code, part.words, Decimal(1), part.unit, part.price, part.price)
    if part.way == "asked":
        quantity = asked.get(part.code)
        if quantity is None or quantity < 0:
            raise WrongInstallation(
                Step(N_("{part}: how many {unit} is missing"), {"part": part.words["en"], "unit": part.unit})
            )
        amount = _cents(quantity * part.price)
        return Cost(part.code, part.words, quantity, part.unit, part.price, amount) if quantity else None
    table: Mapping[str, Any] = part.prices if part.way == "size" else part.hours
    if size not in table:
        raise WrongInstallation(
            Step(N_("{part}: found size {found}, expected one of {known}"),
                 {"part": part.words["en"], "found": size or "–", "known": ", ".join(table)})
        )  # fmt: skip
    quantity = Decimal(meters) if part.way == "size" else part.hours[size] * meters
    price = part.prices[size] if part.way == "size" else part.price
    return Cost(part.code, part.words, quantity, part.unit, price, _cents(quantity * price))


def _cents(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def parse_installation(document: dict[str, Any]) -> InstallationRules:
    """The policy's text as rules. Raises `WrongSetting` naming the place."""
    kinds = document.get("kinds")
    if not isinstance(kinds, dict) or not kinds:
        raise fields.WrongSetting("kinds", kinds, "installations by code")
    return InstallationRules(
        kinds={code: _kind(code, one) for code, one in kinds.items()},
        administration=fields.number(document.get("administration_percent"), "administration_percent"),
        valid_days=fields.whole(document.get("valid_days"), "valid_days", least=1),
        words=fields.words(document.get("administration_words"), "administration_words"),
    )


def _kind(code: str, found: Any) -> Installation:
    where = f"kinds.{code}"
    one = fields.entry(found, where, ("words", "service", "parts", "development"))
    if not isinstance(one["parts"], dict) or not one["parts"]:
        raise fields.WrongSetting(f"{where}.parts", one["parts"], "parts by code")
    return Installation(
        code, fields.words(one["words"], f"{where}.words"), fields.text(one["service"], f"{where}.service"),
        tuple(_part(name, part, f"{where}.parts.{name}") for name, part in one["parts"].items()),
        fields.text(one["development"], f"{where}.development") if one["development"] else "",
    )  # fmt: skip


def _part(code: str, found: Any, where: str) -> Part:
    if not isinstance(found, dict) or found.get("way") not in WAYS:
        raise fields.WrongSetting(f"{where}.way", found, f"a mapping with a way of {', '.join(WAYS)}")
    way, sized = found["way"], found.get("prices") or {}
    hours = found.get("hours") or {}
    if (way == "size") != bool(sized) or (way == "hours") != bool(hours):
        raise fields.WrongSetting(where, found, "prices by size for a size, hours by size for hours, else neither")
    return Part(
        code, fields.words(found.get("words"), f"{where}.words"), way,
        0 if way == "size" else fields.money(found.get("price"), f"{where}.price"),
        {str(size): fields.money(price, f"{where}.prices.{size}") for size, price in sized.items()},
        {str(size): fields.number(one, f"{where}.hours.{size}") for size, one in hours.items()},
        str(found.get("unit", "")),
    )  # fmt: skip
