"""The policy `month-end`: who answers for which item of the checklist, and what the roll-forward calls each booking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

#: The lines of the roll-forward between opening and closing, in the order they are read. Every one is what the books
#: say, signed: above zero customers owe more.
LINES = (
    "bills", "fees", "adjustments", "payments", "returns", "deposits", "refunds", "write_offs", "moved",
)  # fmt: skip
_FIELDS = {
    "policy", "citation", "effective", "fiscal_year_starts", "unidentified_days", "tolerance_cents", "reopening",
    "rollforward", "checklist",
}  # fmt: skip
_ITEM = {"code", "owner", "title", "says"}
_ITEM_MORE = {"computed", "year_end"}


class WrongMonthEnd(ValueError):
    """A month-end policy that cannot be read: says where, what was found and what was expected."""

    def __init__(self, where: str, found: object, expected: str) -> None:
        super().__init__(f"{where}: found {found!r}, expected {expected}")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the checklist. A computed one checks itself; the others are signed by their owner's role.

    ``year_end`` items stand only in the last month of the fiscal year. ``title`` and ``says`` by language.
    """

    code: str
    owner: str
    title: Mapping[str, str]
    says: Mapping[str, str]
    computed: bool
    year_end: bool


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The policy read: the fiscal year's first month, days unidentified money may wait, cents allowed apart."""

    fiscal_year_starts: int
    unidentified_days: int
    tolerance_cents: int
    lines: Mapping[str, str]
    items: tuple[Item, ...]
    citation: str

    def line_of(self, source_kind: str) -> str:
        """The line of the roll-forward a booking of this kind stands in; kinds nobody named are adjustments."""
        return self.lines.get(source_kind, "adjustments")

    def items_of(self, month: date) -> tuple[Item, ...]:
        """The checklist of the month that begins on a day."""
        last = (self.fiscal_year_starts - 2) % 12 + 1
        return tuple(item for item in self.items if not item.year_end or month.month == last)

    def fiscal_year(self, month: date) -> tuple[date, date]:
        """The fiscal year a month falls into, half-open.

        >>> MonthEnd(7, 10, 0, {}, (), "").fiscal_year(date(2026, 3, 1))
        (datetime.date(2025, 7, 1), datetime.date(2026, 7, 1))
        """
        year = month.year if month.month >= self.fiscal_year_starts else month.year - 1
        return date(year, self.fiscal_year_starts, 1), date(year + 1, self.fiscal_year_starts, 1)


def parse_month_end(found: Mapping[str, Any], *, computed: frozenset[str], roles: frozenset[str]) -> MonthEnd:
    """The policy's mapping as a value; ``computed`` are the checks there are, ``roles`` the owners there can be.

    Raises `WrongMonthEnd`.
    """
    if set(found) != _FIELDS:
        raise WrongMonthEnd("month-end", sorted(set(found) ^ _FIELDS), f"exactly {', '.join(sorted(_FIELDS))}")
    for name, least, most in (
        ("fiscal_year_starts", 1, 12), ("unidentified_days", 0, 366), ("tolerance_cents", 0, 0),
    ):  # fmt: skip
        if not isinstance(found[name], int) or not least <= found[name] <= most:
            raise WrongMonthEnd(name, found[name], f"a whole number from {least} to {most}")
    if found["reopening"] != "never":
        raise WrongMonthEnd("reopening", found["reopening"], "never: late postings go to the open period")
    items = tuple(
        _item(one, f"checklist[{at}]", computed, roles) for at, one in enumerate(_list(found["checklist"], "checklist"))
    )
    codes = [item.code for item in items]
    if repeated := sorted({code for code in codes if codes.count(code) > 1}):
        raise WrongMonthEnd("checklist", repeated[0], "every code once")
    if missing := sorted(computed - set(codes)):
        raise WrongMonthEnd("checklist", sorted(codes), f"every computed check, {missing[0]} too")
    return MonthEnd(
        found["fiscal_year_starts"], found["unidentified_days"], found["tolerance_cents"], _lines(found["rollforward"]),
        items, str(found["citation"]),
    )  # fmt: skip


def _list(found: object, where: str) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise WrongMonthEnd(where, found, "a list with at least one entry")
    return found


def _lines(found: object) -> dict[str, str]:
    """Line of the roll-forward by source kind."""
    if not isinstance(found, dict) or set(found) != set(LINES):
        raise WrongMonthEnd("rollforward", found, f"exactly the lines {', '.join(LINES)}")
    made: dict[str, str] = {}
    for line, kinds in found.items():
        for kind in _list(kinds, f"rollforward.{line}"):
            if kind in made:
                raise WrongMonthEnd(f"rollforward.{line}", kind, f"every kind once; it stands under {made[kind]} too")
            made[kind] = line
    return made


def _item(found: object, where: str, computed: frozenset[str], roles: frozenset[str]) -> Item:
    if not isinstance(found, dict) or not _ITEM <= set(found) <= _ITEM | _ITEM_MORE:
        raise WrongMonthEnd(where, found, f"{', '.join(sorted(_ITEM))} and, if any, {', '.join(sorted(_ITEM_MORE))}")
    checks_itself = found.get("computed", False) is True
    if checks_itself != (found["code"] in computed):
        known = ", ".join(sorted(computed))
        raise WrongMonthEnd(f"{where}.computed", found["code"], f"true for the checks there are ({known}), else false")
    if found["owner"] not in roles:
        raise WrongMonthEnd(f"{where}.owner", found["owner"], f"one of {', '.join(sorted(roles))}")
    for name in ("title", "says"):
        if not isinstance(found[name], dict) or set(found[name]) != {"en", "es"}:
            raise WrongMonthEnd(f"{where}.{name}", found[name], "en and es")
    return Item(
        found["code"], found["owner"], found["title"], found["says"], checks_itself, found.get("year_end") is True
    )
