"""Letters of credit, bonds, guarantees and letters that run out, soonest first."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
SELECT i.id, a.number AS account, p.name AS holder, i.kind, i.issuer, i.number AS reference, i.amount_cents AS amount,
       (upper(i.validity) - 1) AS last_day,
       (SELECT max(d.business_date) FROM security_instrumentchange c JOIN platform_deed d ON d.id = c.deed_id
         WHERE c.instrument_id = i.id AND c.kind = 'reminded' AND c.until = upper(i.validity)) AS reminded
  FROM security_instrument i JOIN customers_account a ON a.id = i.account_id
  JOIN customers_person p ON p.id = a.holder_id
 WHERE upper(i.validity) > %(today)s AND upper(i.validity) <= %(today)s::date + %(days)s::int + 1
   AND NOT EXISTS (SELECT FROM security_instrumentchange c WHERE c.instrument_id = i.id AND c.kind = 'released'
                      AND c.until = upper(i.validity))
 ORDER BY upper(i.validity), i.id
"""


def rows(asked: Asked) -> list[Row]:
    """Instruments whose last day lies within the days asked for."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="expiring_instruments",
    title=_("Instruments that end soon"),
    says=_("Letters of credit, bonds, guarantees and good payers' letters by their last day."),
    area="billing",
    parameters=(Parameter("days", _("Within days"), "count", default=lambda _today: 60, least=1),),
    columns=always(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), filter="text"),
        Column("kind", _("Kind"), "words", "instrument"),
        Column("issuer", _("Issued by"), filter="text"),
        Column("reference", _("Number"), "code", spare=True),
        Column("amount", _("Amount, $"), "money", total=True),
        Column("last_day", _("Last day"), "date"),
        Column("reminded", _("Reminded"), "date", spare=True),
    ),
    rows=rows,
    empty=_("No instrument ends in these days."),
)  # fmt: skip
