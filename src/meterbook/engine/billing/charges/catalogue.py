"""The catalogue of service fees. The policy `service-fees`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from meterbook.engine.billing.adjusting import fields


class WrongCharge(ValueError):
    """An amount the catalogue does not allow; says what was found and expected, in cents."""


@dataclass(frozen=True, slots=True)
class ServiceFee:
    """One fee: a price in cents, or limits between which it is keyed; ``field`` is what the field is asked for."""

    code: str
    words: Mapping[str, str]
    services: tuple[str, ...]
    account: str
    price: int | None
    least: int
    most: int
    paid_first: bool
    field: str
    citation: str

    def amount(self, keyed: int | None) -> int:
        """Cents to charge. Raises `WrongCharge` for a keyed amount that is not the price, or outside the limits.

        >>> fee = ServiceFee("repair", {}, ("water",), "4940", None, 1000, 500000, False, "", "")
        >>> fee.amount(2500)
        2500
        >>> fee.amount(900)
        Traceback (most recent call last):
        ...
        meterbook.engine.billing.charges.catalogue.WrongCharge: repair: found 900 cents, expected 1000 to 500000
        """
        if self.price is not None:
            if keyed not in (None, self.price):
                raise WrongCharge(f"{self.code}: found {keyed} cents, expected the price of {self.price}")
            return self.price
        if keyed is None or not self.least <= keyed <= self.most:
            raise WrongCharge(f"{self.code}: found {keyed} cents, expected {self.least} to {self.most}")
        return keyed


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The fees by code, and what each role may charge or cancel alone, in cents."""

    fees: Mapping[str, ServiceFee]
    alone: Mapping[str, int]

    def may_alone(self, roles: Collection[str], cents: int) -> bool:
        """Whether somebody with these roles needs no second person for an amount."""
        return cents <= max((self.alone.get(role, 0) for role in roles), default=0)


def parse_service_fees(document: dict[str, Any]) -> Catalogue:
    """The policy's text as a catalogue. Raises `WrongSetting` naming the place."""
    found: dict[str, ServiceFee] = {}
    for at, one in enumerate(fields.entries(document.get("fees"), "fees")):
        fee = _fee(one, f"fees[{at}]")
        if fee.code in found:
            raise fields.WrongSetting(f"fees[{at}].code", fee.code, "a code not used before")
        found[fee.code] = fee
    return Catalogue(found, fields.limits(document.get("alone"), "alone"))


def _fee(found: object, where: str) -> ServiceFee:
    fee = fields.entry(
        found, where, ("code", "words", "services", "account", "citation"),
        ("price", "least", "most", "paid_first", "field"),
    )  # fmt: skip
    if ("price" in fee) == ("most" in fee):
        raise fields.WrongSetting(where, sorted(fee), "either a price, or least and most")
    paid_first = fields.flag(fee.get("paid_first", False), f"{where}.paid_first")
    asked = fields.code(fee["field"], f"{where}.field") if "field" in fee else ""
    if paid_first and not asked:
        raise fields.WrongSetting(where, sorted(fee), "field, for what is paid before somebody is sent")
    price = fields.money(fee["price"], f"{where}.price") if "price" in fee else None
    return ServiceFee(
        code=fields.code(fee["code"], f"{where}.code"),
        words=fields.words(fee["words"], f"{where}.words"),
        services=tuple(fields.text(one, f"{where}.services") for one in fields.entries(fee["services"], where)),
        account=fields.text(fee["account"], f"{where}.account"),
        price=price,
        least=fields.money(fee["least"], f"{where}.least") if price is None else price,
        most=fields.money(fee["most"], f"{where}.most") if price is None else price,
        paid_first=paid_first,
        field=asked,
        citation=fields.text(fee["citation"], f"{where}.citation"),
    )
