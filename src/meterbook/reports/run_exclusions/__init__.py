"""Service points a run did not bill and did not hold: not due, or inactive, and what was used there since."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.models import BillRun
from meterbook.reports.contract import CannotReport, Column, Row
from meterbook.reports.runs import Source, run_report

_SQL = """
SELECT p.code AS point, p.commodity, p.premise_id,
       concat_ws(' ', m.street_number, m.street, nullif(m.unit, '')) AS address,
       coalesce(a.number, '') AS account, u.outcome, u.reason, u.last_usage_on, u.usage_e6 AS used
  FROM billing_unbilled u
  JOIN places_servicepoint p ON p.id = u.service_point_id
  JOIN places_premise m ON m.id = p.premise_id
  LEFT JOIN customers_account a ON a.id = u.account_id
 WHERE u.run_id = %(run)s AND u.outcome <> 'held'
 ORDER BY u.outcome DESC, u.usage_e6 DESC NULLS LAST, p.code COLLATE "C"
"""


def rows(source: Source) -> list[Row]:
    """One row a point that was left out; points are placed when the run is posted."""
    if source.run.status != BillRun.POSTED:
        raise CannotReport(
            gettext("Every service point is placed when the run is posted; until then nothing is excluded for good.")
        )
    return source.fetch(_SQL)


REPORT = run_report(
    name="run_exclusions",
    title=_("Exclusions"),
    says=_("Service points a run left out: not due yet, or nobody is served there, and what was used there since."),
    columns=(
        Column("point", _("Service point"), "code", filter="text"),
        Column("commodity", _("Service"), "words", "commodity"),
        Column("address", _("Address"), filter="text", origin="premise", origin_key="premise_id"),
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("outcome", _("Outcome"), "words", "outcome", filter="choice", choices=("not_due", "inactive")),
        Column("reason", _("Why"), filter="text"),
        Column("last_usage_on", _("Last usage"), "date", spare=True),
        Column("used", _("Usage since"), "quantity"),
    ),
    rows=rows,
    empty=_("This run left nothing out."),
)
