"""The rows behind a run's readiness: what one of its checks counted, as it stands now."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.readiness.checks import all_checks
from meterbook.records.billing.readiness.gauge import rows_of
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.runs import RUN, run_of

CHECK = Parameter(
    "check", _("What is counted"), "choice", default=lambda _today: next(iter(all_checks())),
    choices={name: _(check.title) for name, check in all_checks().items()},
)  # fmt: skip


def rows(asked: Asked) -> list[Row]:
    """One row for each of what the check counts."""
    return rows_of(run_of(asked), all_checks()[asked.text("check")])


REPORT = Report(
    name="run_readiness",
    title=_("Readiness of a run"),
    says=_("What a run's bills will rest on: missing and questioned reads, moves, meters, rates, facts, holds, dates."),
    area="billing",
    parameters=(RUN, CHECK),
    columns=always(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("commodity", _("Service"), "words", "commodity"),
        Column("point", _("Service point"), "code", filter="text"),
        Column("what", _("What"), "words", "readiness"),
        Column("detail", _("Detail"), filter="text"),
        Column("on", _("Date"), "date"),
    ),
    rows=rows,
    empty=_("Nothing is counted here: this is in order."),
)
