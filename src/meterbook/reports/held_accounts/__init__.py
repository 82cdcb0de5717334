"""Accounts a run held: since when, why, whose it is, and when they are expected to be billed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports.contract import Column, Row
from meterbook.reports.runs import Source, run_report

#: Expected: the day a bill put off by hand is due again, or else the cycle's next published bill date.
_SQL = """
SELECT a.number AS account, n.name AS holder, p.commodity, p.code AS point, h.reason, h.detail, h.owner, h.since,
       r.bill_date - h.since AS age,
       coalesce((SELECT max(o.until) FROM billing_holdorder o WHERE o.account_id = h.account_id
                    AND o.released_id IS NULL
                    AND coalesce(o.service_point_id, h.service_point_id) = h.service_point_id),
                (SELECT min(d.day) FROM billing_calendardate d JOIN billing_calendaredition e ON e.id = d.edition_id
                  WHERE e.cycle_id = a.cycle_id AND e.status = 'published' AND d.kind = 'bill'
                    AND d.day > r.bill_date)) AS expected
  FROM billing_hold h
  JOIN billing_billrun r ON r.id = h.run_id
  JOIN customers_account a ON a.id = h.account_id
  JOIN customers_person n ON n.id = a.holder_id
  JOIN places_servicepoint p ON p.id = h.service_point_id
 WHERE h.run_id = %(run)s
 ORDER BY h.since, a.number COLLATE "C", p.code COLLATE "C"
"""


def rows(source: Source) -> list[Row]:
    """One row a service point that was held."""
    return source.fetch(_SQL)


REPORT = run_report(
    name="held_accounts",
    title=_("Held accounts"),
    says=_("What a run did not bill because something is not right: since when, why, whose work, expected when."),
    columns=(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), filter="text", spare=True),
        Column("commodity", _("Service"), "words", "commodity", spare=True),
        Column("point", _("Service point"), "text", filter="text", spare=True),
        Column("reason", _("Reason"), "words", "hold_reason"),
        Column("detail", _("Detail"), filter="text", spare=True),
        Column("owner", _("Owner"), "words", "role"),
        Column("since", _("Held since"), "date"),
        Column("age", _("Days held"), "count"),
        Column("expected", _("Expected"), "date"),
    ),
    rows=rows,
    empty=_("This run held nothing."),
)
