"""The policy `agency-agreements`: who owns what of the money billed, when it is theirs, and what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

BASES = ("billed", "collected")


class WrongAgreement(ValueError):
    """An agreement that cannot be read: says where, what was found and what was expected."""

    def __init__(self, where: str, found: object, expected: str) -> None:
        super().__init__(f"{where}: found {found!r}, expected {expected}")


@dataclass(frozen=True, slots=True)
class Owned:
    """Part of the money: an account of the chart, or whatever is billed for a service; ``share_ppm`` in millionths."""

    account: str
    service: str
    share_ppm: int


@dataclass(frozen=True, slots=True)
class Agency:
    """One agreement. ``fee_ppm`` of what is settled is kept, booked to ``fee_account``.

    ``charged_to``: the account debited by paying; empty where what is owned stands in liabilities of its own, which
    are then debited themselves. ``pays_from`` is credited.
    """

    code: str
    name: Mapping[str, str]
    owns: tuple[Owned, ...]
    basis: Literal["billed", "collected"]
    every_months: int
    pay_day: int
    fee_ppm: int
    fee_account: str
    charged_to: str
    pays_from: str
    exchanges: tuple[str, ...]
    citation: str

    def period(self, day: date) -> tuple[date, date]:
        """The statement period a day falls into, half-open.

        >>> one = Agency("a", {}, (), "billed", 3, 15, 0, "", "", "1010", (), "")
        >>> one.period(date(2025, 5, 9))
        (datetime.date(2025, 4, 1), datetime.date(2025, 7, 1))
        """
        month = (day.month - 1) // self.every_months * self.every_months
        starts = date(day.year, month + 1, 1)
        return starts, _months_on(starts, self.every_months)

    def period_before(self, day: date) -> tuple[date, date]:
        """The last period that was over on a day."""
        return self.period(self.period(day)[0] - timedelta(days=1))

    def pay_on(self, ends: date) -> date:
        """The day the money of a period that ended is due."""
        return date(ends.year, ends.month, self.pay_day)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def parse_agreements(found: Mapping[str, Any]) -> dict[str, Agency]:
    """The policy's mapping as agreements by code; raises `WrongAgreement`."""
    rows = found.get("agencies")
    if not isinstance(rows, list) or not rows:
        raise WrongAgreement("agencies", rows, "a list with at least one agency")
    made: dict[str, Agency] = {}
    for at, row in enumerate(rows):
        agency = _agency(row, f"agencies[{at}]")
        if agency.code in made:
            raise WrongAgreement(f"agencies[{at}].code", agency.code, "every code once")
        made[agency.code] = agency
    return made


_NEEDED = {"code", "name", "owns", "basis", "every_months", "pay_day", "pays_from", "citation"}
_OPTIONAL = {"fee", "charged_to", "exchanges"}
EXCHANGES = ("accounts", "usage", "winter_average", "charges")


def _agency(row: object, where: str) -> Agency:
    if not isinstance(row, dict) or not _NEEDED <= set(row) <= _NEEDED | _OPTIONAL:
        raise WrongAgreement(where, row, f"{', '.join(sorted(_NEEDED))} and, if any, {', '.join(sorted(_OPTIONAL))}")
    for name in ("code", "pays_from", "citation"):
        if not isinstance(row[name], str) or not row[name]:
            raise WrongAgreement(f"{where}.{name}", row[name], "text (quote a code of digits)")
    name = row["name"]
    if not isinstance(name, dict) or set(name) != {"en", "es"}:
        raise WrongAgreement(f"{where}.name", name, "en and es")
    if row["basis"] not in BASES:
        raise WrongAgreement(f"{where}.basis", row["basis"], " or ".join(BASES))
    if row["every_months"] not in (1, 2, 3, 4, 6, 12):
        raise WrongAgreement(f"{where}.every_months", row["every_months"], "1, 2, 3, 4, 6 or 12")
    if not isinstance(row["pay_day"], int) or not 1 <= row["pay_day"] <= 28:
        raise WrongAgreement(f"{where}.pay_day", row["pay_day"], "a day from 1 to 28")
    owns = tuple(_owned(one, f"{where}.owns[{at}]") for at, one in enumerate(_list(row["owns"], f"{where}.owns")))
    fee = row.get("fee") or {}
    if fee and (not isinstance(fee, dict) or set(fee) != {"share", "account"}):
        raise WrongAgreement(f"{where}.fee", fee, "share and account")
    exchanges = tuple(row.get("exchanges") or ())
    if wrong := [one for one in exchanges if one not in EXCHANGES]:
        raise WrongAgreement(f"{where}.exchanges", wrong[0], f"one of {', '.join(EXCHANGES)}")
    charged_to = row.get("charged_to") or ""
    if not charged_to and any(one.share_ppm != 1_000_000 or not one.account for one in owns):
        raise WrongAgreement(f"{where}.charged_to", charged_to, "an account, unless whole liability accounts are owned")
    return Agency(
        row["code"], name, owns, row["basis"], row["every_months"], row["pay_day"],
        _share(fee["share"], f"{where}.fee.share") if fee else 0, str(fee.get("account", "")), charged_to,
        row["pays_from"], exchanges, row["citation"],
    )  # fmt: skip


def _list(found: object, where: str) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise WrongAgreement(where, found, "a list with at least one entry")
    return found


def _owned(found: object, where: str) -> Owned:
    if not isinstance(found, dict) or not set(found) <= {"account", "service", "share"}:
        raise WrongAgreement(where, found, "account or service and, if not all of it, share")
    account, service = str(found.get("account", "")), str(found.get("service", ""))
    if bool(account) == bool(service):
        raise WrongAgreement(where, found, "either account or service")
    return Owned(account, service, _share(found.get("share", "1"), f"{where}.share"))


def _share(found: object, where: str) -> int:
    """A share written as text ("0.625") in millionths."""
    whole, _, part = str(found).partition(".")
    if not isinstance(found, str) or whole not in ("0", "1") or len(part) > 6 or (part and not part.isdigit()):
        raise WrongAgreement(where, found, 'a share as text, like "0.625"')
    ppm = int(whole) * 1_000_000 + int(part.ljust(6, "0") or 0)
    if not 0 < ppm <= 1_000_000:
        raise WrongAgreement(where, found, "more than 0 and at most 1")
    return ppm
