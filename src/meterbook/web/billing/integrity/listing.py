"""The worklist's table: its columns, its filters, its order."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import F
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.integrity import screens
from meterbook.records.platform.queries import business_date
from meterbook.web.billing.integrity.said import AGES, STATES, says, title_of, titles
from meterbook.web.kit.cells import Column, Row
from meterbook.web.kit.tables import Line, Table, typed

#: What the address may hold about the list, kept while findings are decided.
KEPT = ("q", "sort", "state", "check", "owner", "age")


def _link(row: Row) -> str:
    return reverse("finding", args=[row["id"]])


def _premise(row: Row) -> str:
    return reverse("premise", args=[row["premise_id"]]) if row["premise_id"] else ""


def _meter(row: Row) -> str:
    return reverse("meter", args=[row["meter_id"]]) if row["meter_id"] else ""


def _account(row: Row) -> str:
    return reverse("account", args=[row["number"]]) if row["number"] else ""


COLUMNS = (
    Column("title", _("Check"), source="kind", href=_link),
    Column("says", _("What was found"), sort=False),
    Column("address", _("Premise"), source="premise__street", href=_premise),
    Column("serial", _("Meter"), kind="code", source="meter__serial", href=_meter, spare=True),
    Column("number", _("Account"), kind="code", source="account__number", href=_account, spare=True),
    Column("at_risk_cents", _("At risk a month, $"), kind="money", total=True),
    Column("age", _("Since"), kind="age", source="first_seen"),
    Column("owner_name", _("Owner"), source="owner__username", spare=True),
)
SEARCHED = (
    "meter__serial", "account__number", "premise__street", "premise__street_number", "parcel__number",
    "service_point__code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TickLine:
    """A row of the list with the finding it is about."""

    line: Line
    row: Row


@dataclass
class FindingsTable(Table):
    """The table with the worklist's own filters in the address."""

    asked_for: screens.Asked = field(default_factory=screens.Asked)

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.asked) or self.asked_for != screens.Asked()

    @property
    def tick_lines(self) -> list[TickLine]:
        """The rows of this page."""
        rows = list(self.page.object_list)
        _enrich(rows)
        return [TickLine(Line([self._cell(column, row) for column in self.columns]), row) for row in rows]


def kept(params: QueryDict) -> str:
    """The list a page came from, as the query of an address."""
    return urlencode([(name, str(params[name]).replace("\0", "")) for name in KEPT if params.get(name)])


def asked_for(request: HttpRequest) -> screens.Asked:
    """The filters of the address; ``owner=me`` is whoever asks."""
    owner, state, age = typed(request, "owner"), typed(request, "state"), typed(request, "age")
    return screens.Asked(
        state=state if state in STATES else "open", check=typed(request, "check"),
        owner=request.user.get_username() if owner == "me" else owner, age=age if age in AGES else "",
    )  # fmt: skip


def findings_table(request: HttpRequest) -> FindingsTable:
    """The table in the state its address says: most money at risk first."""
    asked = asked_for(request)
    return FindingsTable(
        request, screens.findings(asked, business_date()), COLUMNS,
        order=(F("at_risk_cents").desc(nulls_last=True), "severity", "first_seen", "id"),  # type: ignore[arg-type]
        name="account-integrity", title=_("Integrity of meter accounts"), search=SEARCHED,
        search_label=_("Meter, account, parcel or address"), enrich=_enrich, asked_for=asked,
        empty=_("Every parcel, point, meter and agreement is accounted for."),
    )  # fmt: skip


def _enrich(rows: list[Row]) -> None:
    today = business_date()
    for row in rows:
        row["title"], row["says"] = title_of(row["kind"]), says(row["kind"], row["figures"])
        row["age"] = (today - row["first_seen"]).days
        house = " ".join(each for each in (row["street_number"], row["street"], row["house_unit"]) if each)
        row["address"] = house or (row["parcel_number"] or "")


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above the table: its name in the address, its words, what is chosen and what can be."""

    name: str
    title: str | Promise
    anything: str | Promise
    chosen: str
    options: list[tuple[str, str]]


def filters(request: HttpRequest) -> list[Filter]:
    """The choices above the table."""
    owners = [("me", gettext("Me")), ("nobody", gettext("Nobody")), *((each, each) for each in screens.owners())]
    ages = [(name, str(words)) for name, words in AGES.items()]
    states = [(name, str(words)) for name, words in STATES.items() if name != "open"]
    return [
        Filter("check", _("Check"), _("All"), typed(request, "check"), titles()),
        Filter("owner", _("Owner"), _("All"), typed(request, "owner"), owners),
        Filter("age", _("Since"), _("All"), typed(request, "age"), ages),
        Filter("state", _("State"), STATES["open"], typed(request, "state"), states),
    ]
