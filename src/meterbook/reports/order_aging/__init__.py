"""Open service orders by age, kind and owner. See README.md."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.records.service_orders.models.orders import KINDS
from meterbook.records.service_orders.settings import order_rules
from meterbook.reports import asking
from meterbook.reports.columns import ACCOUNT, always
from meterbook.reports.contract import Asked, Column, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
SELECT o.id AS "order", o.kind, o.state, o.opened_on, o.due_on, o.emergency, o.reason,
       coalesce(c.code, u.username) AS owner, a.number AS account, p.id AS premise_id,
       coalesce(trim(p.street_number || ' ' || p.street || ' ' || p.unit), o.place) AS address
  FROM service_orders_order o
  JOIN platform_deed d ON d.id = o.deed_id
  JOIN platform_user u ON u.id = d.actor_id
  LEFT JOIN service_orders_crew c ON c.id = o.crew_id
  LEFT JOIN customers_account a ON a.id = o.account_id
  LEFT JOIN places_premise p ON p.id = o.premise_id
  LEFT JOIN places_servicepoint s ON s.id = o.service_point_id
  LEFT JOIN places_route r ON r.id = s.route_id
 WHERE o.state NOT IN ('closed', 'cancelled', 'reviewed') AND o.opened_on <= %(as_of)s
   AND (%(route)s = '' OR r.code = %(route)s)
 ORDER BY o.opened_on, o.id
"""
#: Days an order may be old, up to and including, by the column that counts it.
_AGES = (("to_2", 2), ("to_7", 7), ("to_30", 30))


def rows(asked: Asked) -> list[Row]:
    """Orders that are not over, the oldest first, each counted in the column of its age."""
    on = asked.day("as_of")
    rules = order_rules(on)
    found = fetch(_SQL, asked)
    for row in found:
        row["age"] = (on - row["opened_on"]).days
        row["overdue"] = max((on - row["due_on"]).days, 0)
        row["old"] = row["age"] > rules.kind(row["kind"]).late_days
        column = next((name for name, most in _AGES if row["age"] <= most), "over_30")
        row |= {name: int(name == column) for name in ("to_2", "to_7", "to_30", "over_30")}
    return found


REPORT = Report(
    name="order_aging",
    title=_("Service orders by age"),
    says=_("Orders that are not over, by kind and owner: how old, how long overdue, older than their kind should be."),
    area="meters",
    parameters=(asking.ROUTE, asking.AS_OF),
    columns=always(
        Column("order", _("Order"), "code", origin="service_order", origin_key="order"),
        Column("kind", _("What"), "words", "order_kind", filter="choice", choices=KINDS),
        Column("owner", _("Owner"), filter="text"),
        Column("state", _("State"), "words", "order_state"),
        Column("address", _("Where"), filter="text", origin="premise", origin_key="premise_id"),
        ACCOUNT,
        Column("opened_on", _("Asked on"), "date", spare=True),
        Column("due_on", _("Due"), "date"),
        Column("age", _("Age, days"), "count"),
        Column("overdue", _("Days overdue"), "count"),
        Column("old", _("Older than it should be"), "flag"),
        Column("to_2", _("0–2 days"), "count", total=True),
        Column("to_7", _("3–7 days"), "count", total=True),
        Column("to_30", _("8–30 days"), "count", total=True),
        Column("over_30", _("Over 30 days"), "count", total=True),
        Column("reason", _("Why"), spare=True),
    ),
    rows=rows,
    empty=_("No order is open."),
)  # fmt: skip
