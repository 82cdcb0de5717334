"""The queue's table: its filters, its groups by route, and the order in which cases follow each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.queue.deciding import plain
from meterbook.records.metering.queue.screens import items as queue
from meterbook.records.platform.queries import business_date
from meterbook.web.kit import words
from meterbook.web.kit.cells import Column, Row
from meterbook.web.kit.tables import Line, Table, typed
from meterbook.web.metering.queue.findings import title_of

#: What the address may hold about the list: kept from case to case, so that the next case is the next of the list.
KEPT = ("q", "sort", "state", "rule", "route", "cycle", "owner", "age", "group")
#: Expectations are shown to a tenth of the unit: they are no more exact than that.
_TENTH = 100_000
AGES: dict[str, str | Promise] = {
    "new": _("Up to 1 day"), "week": _("2 to 5 days"), "old": _("6 days or more"),
}  # fmt: skip

COLUMNS = (
    Column("serial", _("Meter"), kind="code", source="register__meter__serial"),
    Column("address", _("Address"), source="service_point__premise__street"),
    Column("route", _("Route"), source="service_point__route__code", spare=True),
    Column("on", _("Read on"), kind="date"),
    Column("value", _("Read"), kind="number", source="read__value", spare=True),
    Column("found_e6", _("Usage"), kind="quantity"),
    Column("expected_e6", _("Expected"), kind="quantity", spare=True),
    Column("unit", _("Unit"), kind="code", spare=True),
    Column("rules", _("Why"), sort=False),
    Column("at_risk_cents", _("At risk, $"), kind="money", total=True),
    Column("age", _("Since"), kind="age", source="raised_on"),
    Column("owner_name", _("Owner"), source="owner__username", spare=True),
    Column("state", _("State"), kind="status", vocabulary="exception_state", spare=True),
)
SEARCHED = (
    "register__meter__serial", "service_point__premise__street", "service_point__premise__street_number",
    "service_point__code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A route's part of the list: how many items and how much is at risk."""

    route: str
    count: int
    cents: int


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A row of the list, with the route it begins, if it begins one."""

    line: Line
    row: Row
    begins: Group | None


@dataclass
class QueueTable(Table):
    """The table with the queue's own filters in the address."""

    today: date = field(default_factory=business_date)
    asked_for: queue.Asked = field(default_factory=queue.Asked)

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.asked) or self.asked_for != queue.Asked()

    @cached_property
    def grouped(self) -> bool:
        """Whether the rows stand by route."""
        return self.request.GET.get("group") == "route"

    @cached_property
    def case_lines(self) -> list[CaseLine]:
        """The rows of this page with the heads of the routes they begin."""
        rows = list(self.page.object_list)
        _enrich(rows, self.today)
        totals = queue.by_route(self.asked_for, self.today) if self.grouped else {}
        found, before = [], None
        for row in rows:
            route = row["route"] or ""
            begins = Group(route, *totals.get(route, (0, 0))) if self.grouped and route != before else None
            found.append(CaseLine(Line([self._cell(column, row) for column in self.columns]), row, begins))
            before = route
        return found

    @property
    def kept(self) -> str:
        """The part of the address that says which list this is."""
        return kept(self.request.GET)


def kept(params: QueryDict) -> str:
    """The list a page came from, as the query of an address."""
    found = [(name, str(params[name]).replace("\0", "")) for name in KEPT if params.get(name)]
    return urlencode(found)


def asked_for(request: HttpRequest) -> queue.Asked:
    """The filters of the address; ``owner=me`` is whoever asks."""
    owner = typed(request, "owner")
    state = typed(request, "state")
    return queue.Asked(
        state=state if state in ("open", "waiting", "resolved") else queue.UNDECIDED,
        rule=typed(request, "rule"),
        route=typed(request, "route"),
        cycle=typed(request, "cycle"),
        owner=request.user.get_username() if owner == "me" else owner,
        age=typed(request, "age") if typed(request, "age") in queue.AGES else "",
    )


def queue_table(request: HttpRequest) -> QueueTable:
    """The table in the state its address says."""
    today, asked = business_date(), asked_for(request)
    first = ["service_point__route__code"] if request.GET.get("group") == "route" else []
    query = kept(request.GET)
    return QueueTable(
        request, queue.items(asked, today), _linked(query), order=(*first, "-at_risk_cents", "id"),
        name="read-exceptions", title=_("Exceptions"), search=SEARCHED, search_label=_("Meter or address"),
        empty=_("Nothing waits for a decision. Reads that a rule holds back appear here."),
        enrich=lambda rows: _enrich(rows, today), today=today, asked_for=asked,
    )  # fmt: skip


def _linked(query: str) -> list[Column]:
    """The columns; the meter opens its case within this list."""

    def case_link(row: Row) -> str:
        return reverse("exception", args=[row["id"]]) + (f"?{query}" if query else "")

    head = COLUMNS[0]
    return [Column(head.key, head.title, kind=head.kind, source=head.source, href=case_link), *COLUMNS[1:]]


def _enrich(rows: list[Row], today: date) -> None:
    """Add what would be too dear to ask of every row: address, age, rules in words."""
    spoke = queue.rules_of([row["id"] for row in rows])
    for row in rows:
        house = f"{row['street_number']} {row['street']}"
        row["address"] = f"{house} {row['house_unit']}" if row["house_unit"] else house
        row["serial"] = row["serial"] or row["interval_meter"] or gettext("no meter")
        row["value"] = plain(row["value"]) if row["value"] is not None else None
        if row["expected_e6"] is not None:
            row["expected_e6"] = row["expected_e6"] // _TENTH * _TENTH
        row["age"] = (today - row["raised_on"]).days
        row["rules"] = ", ".join(title_of(rule) for rule in spoke.get(row["id"], [])) or words.say(
            "exception_source", row["source"]
        )


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above the table: its name in the address, its words, what is chosen and what can be."""

    name: str
    title: str | Promise
    chosen: str
    options: list[tuple[str, str]]


def filters(request: HttpRequest) -> list[Filter]:
    """The choices above the table."""
    offered = queue.choices()

    def one(name: str, title: str | Promise, options: list[tuple[str, str]]) -> Filter:
        return Filter(name, title, typed(request, name), options)

    owners = [("me", gettext("Me")), ("nobody", gettext("Nobody")), *((each, each) for each in offered.owners)]
    return [
        one("rule", _("Why"), sorted(((rule, title_of(rule)) for rule in offered.rules), key=lambda pair: pair[1])),
        one("route", _("Route"), [(each, each) for each in offered.routes]),
        one("cycle", _("Cycle"), [(each, each) for each in offered.cycles]),
        one("owner", _("Owner"), owners),
        one("age", _("Since"), [(name, str(title)) for name, title in AGES.items()]),
        one("state", _("State"), [(each, words.say("exception_state", each)) for each in ("open", "waiting",
                                                                                       "resolved")]),
        one("group", _("Order"), [("route", gettext("By route"))]),
    ]  # fmt: skip


def order_of_cases(request: HttpRequest) -> Iterator[int]:
    """The items of the list a case came from, in its order."""
    return iter(queue_table(request).matching.values_list("id", flat=True))


def around(request: HttpRequest, item_id: int) -> tuple[int | None, int | None, int, int]:
    """The items before and after one in its list, its place there (0: not in it) and how many there are."""
    ids = list(order_of_cases(request))
    if item_id not in ids:
        return None, ids[0] if ids else None, 0, len(ids)
    at = ids.index(item_id)
    before = ids[at - 1] if at else None
    return before, ids[at + 1] if at + 1 < len(ids) else None, at + 1, len(ids)
