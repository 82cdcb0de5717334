"""The register's table: its columns, its filters, its order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing import screens as billing
from meterbook.records.billing.register import screens
from meterbook.records.places.screens import COMMODITIES
from meterbook.records.platform.queries import business_date
from meterbook.web.billing.columns import ALL_HOLDS
from meterbook.web.billing.register.said import says, title_of, titles
from meterbook.web.customers.columns import account_link
from meterbook.web.kit import words
from meterbook.web.kit.cells import Column, Row
from meterbook.web.kit.tables import Line, Table, typed

#: What the address may narrow the list by.
ASKED = ("test", "effect", "commodity")


def bill_link(row: Row) -> str:
    """Where the bill's line opens; nothing while no bill is made."""
    if not row["bill_id"]:
        return ""
    place = f"#{row['point']}-{row['line']}" if row["point"] and row["line"] else ""
    return reverse("bill", args=[row["bill_id"]]) + place


COLUMNS = (
    Column("number", _("Account"), kind="code", source="account__number", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", spare=True),
    Column("title", _("Test"), source="test", spare=True),
    Column("says", _("What stands out"), sort=False),
    Column("effect", _("Effect"), kind="status", vocabulary="mark_effect", spare=True),
    Column("bill", _("Bill"), sort=False, href=bill_link),
    Column("cents", _("At stake, $"), kind="money"),
)
#: The worklist has room for words: the service says which point it is, the age since when.
HELD = tuple(column for column in ALL_HOLDS if column.key not in ("point", "since"))


@dataclass(frozen=True, slots=True)
class TickLine:
    """A row of the list with the mark it is about."""

    line: Line
    row: Row


@dataclass
class TickTable(Table):
    """A table whose rows can be ticked, with filters of its own in the address."""

    narrowed_by: dict[str, str] = field(default_factory=dict)

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.asked or self.narrowed_by)

    @property
    def tick_lines(self) -> list[TickLine]:
        """The rows of this page."""
        rows = list(self.page.object_list)
        if self.enrich:
            self.enrich(rows)
        return [TickLine(Line([self._cell(column, row) for column in self.columns]), row) for row in rows]


def register_table(request: HttpRequest, run: Any) -> TickTable:
    """The marks of a run in the state the address says: dearest first."""
    asked = {name: typed(request, name) for name in ASKED if typed(request, name)}
    return TickTable(
        request, screens.marks(run.pk).filter(**asked), COLUMNS, order=("-cents", "id"), name=f"register-{run.pk}",
        title=_("Pre-bill register"), empty=_("Nothing stands out in this run."),
        search=("account__number", "account__holder__name", "service_point__code"),
        search_label=_("Account, holder or service point"), enrich=_enrich, narrowed_by=asked,
    )  # fmt: skip


def holds_table(request: HttpRequest) -> TickTable:
    """What the newest run of every cycle holds: oldest first."""
    asked = {name: typed(request, name) for name in ("reason", "owner") if typed(request, name)}
    return TickTable(
        request, billing.holds().filter(**asked), HELD, order=("since", "id"), name="bill-holds",
        title=_("Bill holds"), empty=_("The newest run of every cycle holds nothing."),
        search=("account__number", "account__holder__name", "service_point__code", "run__number"),
        search_label=_("Account, holder, service point or run"), enrich=_with_age, narrowed_by=asked,
    )  # fmt: skip


def _with_age(rows: list[Row]) -> None:
    today = business_date()
    for row in rows:
        row["age"] = billing.days_held(row["since"], today)
        if row["reason"] == "other_service_held":
            row["detail"] = ""


def _enrich(rows: list[Row]) -> None:
    for row in rows:
        row["title"], row["says"] = title_of(row["test"]), says(row)
        row["bill"] = gettext("Open") if row["bill_id"] else (gettext("held") if row["held"] else "")


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above the table: its name in the address, its words, what is chosen and what can be."""

    name: str
    title: str | Promise
    chosen: str
    options: list[tuple[str, str]]


def filters(request: HttpRequest) -> list[Filter]:
    """The choices above the table."""
    effects = [(code, words.say("mark_effect", code)) for code in ("hold", "cleared", "show")]
    services = [(code, words.say("commodity", code)) for code in COMMODITIES]
    return [
        Filter("test", _("Test"), typed(request, "test"), titles()),
        Filter("effect", _("Effect"), typed(request, "effect"), effects),
        Filter("commodity", _("Service"), typed(request, "commodity"), services),
    ]


def hold_filters(request: HttpRequest) -> list[Filter]:
    """The choices above the worklist of holds."""
    reasons = [(code, str(said)) for code, said in words.HOLD_REASON.items()]
    owners = [(code, str(said)) for code, said in words.VOCABULARIES["role"].items() if code != "system"]
    return [
        Filter("reason", _("Reason"), typed(request, "reason"), reasons),
        Filter("owner", _("Owner"), typed(request, "owner"), owners),
    ]
