"""Files handed to an agency and taken from one: each kept as it was, with who did it and when."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from meterbook.engine.trace import N_, Step
from meterbook.formats.agency_csv import RateRow, UsageRow, parse_rates, parse_usage, write_accounts, write_usage
from meterbook.records.agencies import exchange
from meterbook.records.agencies.agreements import agency_on
from meterbook.records.agencies.models import AgencyFigure, AgencyFile
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR

OUT = ("agency-accounts", "agency-usage")
IN = ("agency-usage", "agency-rates")


class NotExchanged(ValueError):
    """The agreement has no such file, or it was taken before; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@operation("agencies.export_file", roles={BILLING, SUPERVISOR, FINANCE})
def export_file(deed: Deed, *, agency: str, format: str, day: date) -> AgencyFile:
    """Write and keep the file of the period ``day`` falls into. Raises `NotExchanged`, `UnknownAgency`."""
    _, found = agency_on(agency, deed.business_date)
    starts, ends = found.period(day)
    if format == "agency-accounts" and "accounts" in found.exchanges:
        listed = exchange.accounts(found, starts, ends)
        content, rows = write_accounts(listed), len(listed)
    elif format == "agency-usage" and {"usage", "winter_average", "charges"} & set(found.exchanges):
        used = [_told(row, found.exchanges) for row in exchange.usage(found, starts, ends)]
        content, rows = write_usage(used), len(used)
    else:
        raise NotExchanged(Step(N_("The agreement has no file {format}."), {"format": format}))
    name = f"{agency}-{format}-{starts}.csv"
    kept = _keep(deed, agency, "out", format, (starts, ends), name, content, rows)
    tell(deed, "agencies.file_exported", file=kept.pk, agency=agency, rows=rows)
    return kept


def _told(row: UsageRow, told: Sequence[str]) -> UsageRow:
    """Only what the agreement says is told."""
    return UsageRow(
        row.account, row.service, row.schedule, row.starts, row.ends, row.usage if "usage" in told else None,
        row.unit if "usage" in told or "winter_average" in told else "",
        row.winter_average if "winter_average" in told else None, row.charges_cents if "charges" in told else None,
    )  # fmt: skip


@operation("agencies.import_file", roles={BILLING, SUPERVISOR, FINANCE})
def import_file(deed: Deed, *, agency: str, format: str, day: date, file_name: str, content: bytes) -> AgencyFile:
    """Keep an agency's file and set its figures beside ours. Nothing is priced by it.

    Raises `NotExchanged` for a file taken before, `WrongFormat`, `UnknownAgency`.
    """
    _, found = agency_on(agency, deed.business_date)
    if format not in IN:
        raise NotExchanged(Step(N_("The agreement has no file {format}."), {"format": format}))
    sha256 = hashlib.sha256(content).hexdigest()
    if AgencyFile.objects.filter(agency=agency, direction="in", sha256=sha256).exists():
        raise NotExchanged(Step(N_("This very file was taken before.")))
    made = _usage(parse_usage(content)) if format == "agency-usage" else _rates(parse_rates(content))
    kept = _keep(deed, agency, "in", format, found.period(day), file_name, content, len(made))
    for figure in made:
        figure.file = kept
    AgencyFigure.objects.bulk_create(made)
    different = sum(1 for figure in made if figure.ours_e8 != figure.theirs_e8)
    tell(deed, "agencies.file_imported", file=kept.pk, agency=agency, rows=len(made), different=different)
    return kept


def _keep(
    deed: Deed, agency: str, direction: str, format: str, days: tuple[date, date], name: str, content: bytes, rows: int
) -> AgencyFile:
    original = keep_file(deed, subject=f"agency:{agency}", file_name=name, content_type="text/csv", content=content)
    return AgencyFile.objects.create(
        agency=agency, direction=direction, format=format, starts=days[0], ends=days[1], file_name=name,
        sha256=original.sha256, rows=rows, original=original, deed=deed,
    )  # fmt: skip


def _usage(rows: Sequence[UsageRow]) -> list[AgencyFigure]:
    known = dict(Account.objects.filter(number__in={row.account for row in rows}).values_list("number", "id"))
    return [
        AgencyFigure(
            line=row.line, account_id=known.get(row.account), subject=f"{row.account} {row.service}", name=name,
            theirs_e8=_e8(theirs), ours_e8=_e8_or_none(exchange.ours(row, name)), unit=row.unit, starts=row.starts,
            ends=row.ends,
        )
        for row in rows
        for name, theirs in (("usage", row.usage), ("winter_average", row.winter_average))
        if theirs is not None
    ]  # fmt: skip


def _rates(rows: Sequence[RateRow]) -> list[AgencyFigure]:
    return [
        AgencyFigure(
            line=row.line, subject=f"{row.schedule} {row.component} {row.tier or ''}".strip(), name="rate",
            theirs_e8=_e8(row.price), ours_e8=_e8_or_none(exchange.our_rate(row)), unit=row.unit[:12],
            starts=row.effective, ends=date(row.effective.year + 1, 1, 1),
        )
        for row in rows
    ]  # fmt: skip


def _e8(value: Decimal) -> int:
    """In hundred-millionths; the files hold no more decimals."""
    return int(value.scaleb(8))


def _e8_or_none(value: Decimal | None) -> int | None:
    return None if value is None else _e8(value)
